"""`mooring demo`: fill a sandbox with products and a demo customer."""

import click

from mooring.kernel import clock
from mooring.operations.commands import inputs
from mooring.operations.commands.failures import Declined
from mooring.operations.commands.output import Progress, answer, json_option
from mooring.operations.demo import DEMO_EMAIL, DEMO_PASSWORD
from mooring.operations.demo.seed import seed
from mooring.operations.worker import WorkIsElsewhere


@click.command("demo")
@json_option
def command(*, as_json: bool) -> None:
    """Make products and a demo customer with a past; a second run does nothing."""
    inputs.require_sandbox()
    progress = Progress()
    try:
        is_new = seed(now=clock.now(), progress=progress)
    except WorkIsElsewhere as reason:
        raise Declined("work_is_elsewhere", f"Nothing was done: {reason}.") from reason
    finally:
        progress.end()
    said = "Demo data is there." if is_new else "Demo data was there already."
    answer(
        {"created": is_new, "email": DEMO_EMAIL, "password": DEMO_PASSWORD},
        as_json=as_json,
        human=lambda: click.echo(f"{said} Log in as {DEMO_EMAIL} with {DEMO_PASSWORD}"),
    )
