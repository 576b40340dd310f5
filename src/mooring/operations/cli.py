"""
The `mooring` command: the door of operators, integrators and tests.

Every verb is a file below `commands`, imported when it is called: `mooring run` starts the
platform and must not load Django, the others load it here, against the database of this
installation. What goes wrong is one sentence on standard error, never a traceback:

    0   done
    1   declined, or it could not be done; the sentence says why
    2   the command was not written as `--help` says
"""

import importlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from mooring.operations.commands import failures

#: Each verb and where it lives, in the order in which `--help` shows them.
_VERBS: Final = {
    "run": "run",
    "migrate": "migrate",
    "demo": "demo",
    "account": "account",
    "apikey": "apikey",
    "recovery": "recovery",
    "verification": "verification",
    "staff": "staff",
    "stake": "stake",
    "ratio": "ratio",
    "unbonding": "unbonding",
    "balances": "balances",
    "product": "product",
    "earn": "earn",
    "window": "window",
    "clock": "clock",
    "work": "work",
    "outbox": "outbox",
    "audit": "audit",
}
#: Verbs that need no database, or prepare it by themselves.
_WITHOUT_DJANGO: Final = frozenset({"run"})
#: Verbs that work as the role that logs in, which owns the tables.
_AS_OWNER: Final = frozenset({"migrate"})


class _Verbs(click.Group):
    """The verbs, each loaded when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        if not ctx.resilient_parsing and cmd_name not in _WITHOUT_DJANGO:
            _load_django(as_owner=cmd_name in _AS_OWNER)
        module = importlib.import_module(f"mooring.operations.commands.{_VERBS[cmd_name]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the verbs without loading Django for each of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(verb, _SUMMARIES[verb]) for verb in _VERBS])


_SUMMARIES: Final = {
    "run": "Start the platform and keep it alive.",
    "migrate": "Bring tables and page files to the state of this code.",
    "demo": "Fill a sandbox with products and a demo customer.",
    "account": "Open accounts, credit play money (sandbox), disable accounts.",
    "apikey": "Make, list and revoke keys of customers' programs.",
    "recovery": "List and approve recoveries of disabled accounts.",
    "verification": "List and decide what customers sent to be verified.",
    "staff": "Make, renew and end log-ins of reviewers.",
    "balances": "Show what a customer has, by wallet and state.",
    "product": "List what can be subscribed to, and end a product.",
    "earn": "Subscribe, look at positions, quote, redeem, undo.",
    "stake": "Write down what was bonded, unbonded, earned and lost at a protocol.",
    "ratio": "Publish and list what a token of liquid staking is worth.",
    "unbonding": "Publish and list how long chains take to give back.",
    "window": "Announce, extend and end maintenance windows of Earn.",
    "clock": "Show or move the platform's time (sandbox).",
    "work": "Do what is due, for ever or until nothing is left.",
    "outbox": "Show what was written to people (sandbox).",
    "audit": "Check the book by independent queries.",
}


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def mooring() -> None:
    """Run and examine Mooring. Most verbs answer JSON with --json."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given))


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code, with what went wrong said on standard error."""
    try:
        outcome = mooring.main(list(arguments), prog_name="mooring", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - whatever it is, a person gets a sentence
        failure = failures.explain(error)
        _say(failure, as_json="--json" in arguments)
        return failure.exit_code
    return outcome if isinstance(outcome, int) else 0


def _say(failure: failures.Failure, *, as_json: bool) -> None:
    if as_json:
        error = {"error": {"code": failure.code, "message": failure.message}}
        click.echo(json.dumps(error, ensure_ascii=False), err=True)
    elif failure.is_refusal:
        click.echo(f"{failure.code}: {failure.message}", err=True)
    else:
        click.echo(failure.message, err=True)


def _load_django(*, as_owner: bool) -> None:
    import django  # noqa: PLC0415 - only for verbs that need it
    from django.conf import settings  # noqa: PLC0415

    if settings.configured:
        return
    from mooring.operations.launch import environment  # noqa: PLC0415

    environment.enter()
    if as_owner:
        os.environ["MOORING_DATABASE_ROLE"] = ""
    django.setup()


if __name__ == "__main__":
    main()
