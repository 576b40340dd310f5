"""
Measure the hot paths and say whether the goals are met.

    python -m bench                    everything, the overview and the API last; forty minutes
    python -m bench --only posting     one subject: posting, redeeming, closing, daily,
                                       maturing
    python -m bench --quick            small sizes, to see that it runs; goals mean nothing then
    python -m bench.api                signed requests over HTTP beside a bare view; its own table
    python -m bench.log_in             honest log-ins while the page is flooded; its own table
    python -m bench.overview           what the overview costs with 500 positions; its own table
    python -m bench.enumeration        whether times tell who has an account; its own table

Exit code 1 when a goal is missed.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import report
from bench.reference import Pgbench
from mooring.operations.launch import cluster, embedded

#: Measured after the others, each by itself, with a table of its own.
ALSO = ("bench.overview", "bench.api")
SUBJECTS = ("posting", "redeeming", "closing", "daily", "maturing")


def main() -> int:
    """Parse, measure, write, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", choices=SUBJECTS)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    home = Path(os.environ.get("MOORING_HOME", "var"))
    with embedded.throwaway(durable=True) as server:
        results = list(_measured(server, only=arguments.only, quick=arguments.quick))
    report.write(results, home / "bench.json")
    missed = [result.name.strip() for result in results if not result.met]
    print(
        f"\n  written to {home / 'bench.json'}; missed: {', '.join(missed) or 'none'}", flush=True
    )
    if arguments.only or arguments.quick:
        return 1 if missed and not arguments.quick else 0
    # Each wants a server of its own: the ones before it have left their rows in this one.
    codes = [subprocess.run([sys.executable, "-m", name], check=False).returncode for name in ALSO]
    return int(bool(missed) or any(codes))


def _measured(server: embedded.Server, *, only: str | None, quick: bool) -> Iterator[report.Result]:
    become(server.url)
    pgbench = Pgbench(server)
    print("  preparing pgbench (scale 50) and the tables ...", flush=True)
    migrate()
    pgbench.prepare()
    report.heading()
    for subject in [only] if only else SUBJECTS:
        for result in _subject(subject, pgbench, quick=quick):
            report.show(result)
            yield result


def _subject(name: str, pgbench: Pgbench, *, quick: bool) -> Iterator[report.Result]:
    # Django reads its settings at import, and they are made above.
    from bench import closing_daily, closing_days, maturing, posting, redeeming

    # Of each turn, of which every measure has several.
    seconds = 1 if quick else 4
    if name == "posting":
        return posting.run(pgbench, batches=3 if quick else 30, seconds=seconds)
    if name == "redeeming":
        return redeeming.run(pgbench, batches=1 if quick else 5, seconds=seconds)
    if name == "daily":
        return closing_daily.run(count=20_000 if quick else 1_000_000)
    if name == "maturing":
        return maturing.run(count=20_000 if quick else 1_000_000)
    small, large = (20_000, 60_000) if quick else (1_000_000, 5_000_000)
    return closing_days.run(small=small, large=large)


def become(url: str) -> None:
    """Become a process of the product on this server."""
    environment = cluster.scrubbed_environment()
    os.environ.clear()
    os.environ.update(environment)
    os.environ.update(
        DATABASE_URL=url,
        DJANGO_SETTINGS_MODULE="mooring.settings.development",
        MOORING_SANDBOX="true",
    )


def migrate() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    database = settings.DATABASES["default"]
    role = "-c role=mooring_app"
    options = database["OPTIONS"]["options"]
    connection.settings_dict["OPTIONS"]["options"] = options.replace(role, "")
    call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict["OPTIONS"]["options"] = options
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    from bench import worlds

    worlds.publish()


if __name__ == "__main__":
    sys.exit(main())
