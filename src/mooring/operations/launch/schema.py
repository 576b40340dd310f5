"""
Bring the tables, and the files the pages need, to the state of this code; run as a command.

Exits with 0 when all is up to date, with 3 and one sentence when the database is newer than the
code, whose older code would misread it.
"""

import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from mooring.operations.launch.plan import EXPLAINED

# Two processes that migrate one database at the same time would both do the same step.
_LOCK = 7_304_112_001


def main() -> int:
    """Migrate and collect; return the exit code."""
    django.setup()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    unknown = unknown_migrations()
    if unknown:
        print(
            f"The database holds a newer Mooring's tables ({unknown[0]} is unknown to this code): "
            "start the newer version, or another database.",
            file=sys.stderr,
        )
        return EXPLAINED
    call_command("migrate", interactive=False, verbosity=1)
    if settings.STORAGES["staticfiles"]["BACKEND"].endswith("ManifestStaticFilesStorage"):
        call_command("collectstatic", interactive=False, verbosity=0)
    return 0


def unknown_migrations() -> list[str]:
    """Return the migrations that the database went through and this code does not have."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    # A squashed migration replaces others, which stay recorded.
    known = set(loader.disk_migrations).union(
        *(migration.replaces for migration in loader.disk_migrations.values())
    )
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if (app, name) not in known
    )


if __name__ == "__main__":
    sys.exit(main())
