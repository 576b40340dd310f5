"""`mooring run`: start the platform and keep it alive."""

import click

from mooring.operations.launch import supervisor


@click.command("run")
def command() -> int:
    """
    Start database, web server and worker, and keep them alive until Ctrl-C.

    PORT moves the address, MOORING_HOME the data, DATABASE_URL replaces the embedded database.
    """
    return supervisor.run()
