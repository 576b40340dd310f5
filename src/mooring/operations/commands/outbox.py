"""`mooring outbox`: what was written to people, in a sandbox."""

import click

from mooring.notices import api as notices
from mooring.operations.commands import inputs
from mooring.operations.commands.output import answer, json_option, utc

_LIMIT_MAX = 1000


@click.command("outbox")
@click.option("--to", default="", help="Only what went to this address or number.")
@click.option(
    "--limit",
    type=click.IntRange(1, _LIMIT_MAX),
    default=20,
    show_default=True,
    help="How many at most.",
)
@json_option
def command(*, to: str, limit: int, as_json: bool) -> None:
    """Show mails and SMS with their codes and links, newest first (sandbox only)."""
    inputs.require_sandbox()
    messages = notices.list_outbox(to=to.strip().lower(), limit=limit)

    def human() -> None:
        for message in messages:
            click.echo(f"{utc(message.written_at)}  {message.channel}  {message.status}")
            click.echo(f"To:      {message.to}")
            click.echo(f"Subject: {message.subject}\n")
            click.echo(f"{message.body.strip()}\n")
        if not messages:
            click.echo("Nothing was written.")

    answer(messages, as_json=as_json, human=human)
