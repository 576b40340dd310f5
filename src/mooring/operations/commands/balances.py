"""`mooring balances`: what a customer has, by asset, wallet and state."""

import click

from mooring.kernel import clock
from mooring.operations.commands import inputs
from mooring.operations.commands.output import answer, json_option, table, utc
from mooring.wallet import api as wallet

_STATES = (
    "spot_available",
    "spot_in_orders",
    "spot_frozen",
    "funding",
    "earn_flexible",
    "earn_pledged",
    "earn_locked",
    "earn_redeeming",
    "rewards_pending",
    "withdrawing",
)


@click.command("balances")
@click.option("--email", required=True, help="Whose.")
@json_option
def command(*, email: str, as_json: bool) -> None:
    """Show what a customer has of each asset, by wallet and state."""
    account_id = inputs.account_of(email)
    at = clock.now()
    held = wallet.balances(account_id=account_id, at=at)
    rows = [
        {"asset": of.asset, "total": of.total, **{state: getattr(of, state) for state in _STATES}}
        for of in held
    ]

    def human() -> None:
        # A state in which nobody has anything is a column of zeros.
        used = [state for state in _STATES if any(not row[state].is_zero for row in rows)]
        columns = ["asset", "total", *used]
        table(
            [column.replace("_", " ") for column in columns],
            [[row[column] for column in columns] for row in rows],
        )
        click.echo(f"As of {utc(at)}.")

    result = {"email": email, "account_id": account_id, "at": at, "balances": rows}
    answer(result, as_json=as_json, human=human)
