"""`mooring staff`: log-ins of those who review, made at the machine by who runs it."""

import click

from mooring.accounts import api as accounts
from mooring.kernel import clock
from mooring.operations.commands import inputs
from mooring.operations.commands.output import answer, json_option


@click.group("staff")
def command() -> None:
    """Make, renew and end log-ins of reviewers; they have no account."""


@command.command("create")
@click.option("--email", required=True, help="What the reviewer logs in with.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    help="At least 12 characters, not a common one; asked for where it is left out.",
)
@json_option
def create(*, email: str, password: str, as_json: bool) -> None:
    """Make a log-in that may review, with an authenticator app."""
    address = inputs.email_of(email)
    secret = inputs.password_of(password, email=address)
    made = accounts.verification.make_staff(email=address, password=secret, wall=clock.wall())
    _tell(made, as_json=as_json)


@command.command("authenticator")
@click.option("--email", required=True, help="Whose app was lost.")
@json_option
def authenticator(*, email: str, as_json: bool) -> None:
    """Replace a reviewer's authenticator app, and log them out everywhere."""
    _tell(accounts.verification.renew_staff_app(email=email, wall=clock.wall()), as_json=as_json)


@command.command("end")
@click.option("--email", required=True, help="Who reviews no more.")
@json_option
def end(*, email: str, as_json: bool) -> None:
    """Block a reviewer's log-in."""
    user_id = accounts.verification.end_staff(email=email, wall=clock.wall())
    answer(
        {"user_id": user_id, "email": email},
        as_json=as_json,
        human=lambda: click.echo(f"{email} reviews no more and is logged out everywhere."),
    )


def _tell(made: accounts.verification.StaffApp, *, as_json: bool) -> None:
    def human() -> None:
        click.echo(f"{made.email} may review at /staff/verification.")
        click.echo(f"Key for the authenticator app, shown this once: {made.key}")

    answer(
        {"user_id": made.user_id, "email": made.email, "authenticator_key": made.key},
        as_json=as_json,
        human=human,
    )
