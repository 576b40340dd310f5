"""`mooring migrate`: bring the tables and the page files to the state of this code."""

import contextlib
import sys

import click

from mooring.operations.commands.failures import Declined
from mooring.operations.commands.output import answer, json_option
from mooring.operations.launch import schema


@click.command("migrate")
@json_option
def command(*, as_json: bool) -> int:
    """
    Create or alter the tables, as the role that logs in, which owns them.

    A database that a newer Mooring has written is left alone and named.
    """
    unknown = _bring_up_to_date(quietly=as_json)
    if unknown:
        raise Declined(
            "database_newer",
            "The database holds a newer Mooring's tables: start the newer version, or name "
            "another database in DATABASE_URL.",
        )
    answer(
        {"migrated": True},
        as_json=as_json,
        human=lambda: click.echo("Tables and pages are up to date."),
    )
    return 0


def _bring_up_to_date(*, quietly: bool) -> bool:
    """Migrate; return whether the database is too new for this code."""
    # Django reports each migration on standard output, where JSON belongs alone.
    with contextlib.redirect_stdout(sys.stderr if quietly else sys.stdout):
        return schema.main() != 0
