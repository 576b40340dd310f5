"""`mooring account`: open accounts and credit play money in a sandbox; disable one anywhere."""

import click

from mooring.accounts import api as accounts
from mooring.kernel import clock
from mooring.operations.commands import inputs
from mooring.operations.commands.output import answer, json_option
from mooring.wallet import api as wallet


@click.group("account")
def command() -> None:
    """Open accounts, credit play money (both in a sandbox), and disable accounts."""


@command.command("create")
@click.option("--email", required=True, help="What the customer logs in with.")
@click.option("--password", required=True, help="At least 12 characters, not a common one.")
@json_option
def create(*, email: str, password: str, as_json: bool) -> None:
    """Open an account with a confirmed address."""
    inputs.require_sandbox()
    address = inputs.email_of(email)
    secret = inputs.password_of(password, email=address)
    at = clock.now()
    account_id = accounts.open_account(email=address, password=secret, at=at)
    answer(
        {"account_id": account_id, "email": address.lower(), "opened_at": at},
        as_json=as_json,
        human=lambda: click.echo(f"Account {account_id} is open for {address.lower()}."),
    )


@command.command("credit")
@click.option("--email", required=True, help="Whose spot wallet.")
@click.option("--asset", required=True, help="Such as BTC.")
@click.option("--amount", required=True, help="Plain digits, such as 0.25.")
@click.option("--key", help="Names this credit: the same again credits once.")
@json_option
def credit(*, email: str, asset: str, amount: str, key: str | None, as_json: bool) -> None:
    """Put play money into a customer's spot wallet."""
    inputs.require_sandbox()
    account_id = inputs.account_of(email)
    request = wallet.Credit(
        account_id=account_id, amount=inputs.amount_of(amount, asset=asset), key=inputs.key_of(key)
    )
    at = clock.now()
    credited = wallet.credit_one(request, at=at)
    answer(
        {
            "account_id": account_id,
            "asset": asset,
            "amount": request.amount,
            "key": request.key,
            "journal_id": credited.journal_id,
            "replayed": credited.replayed,
            "at": at,
        },
        as_json=as_json,
        human=lambda: click.echo(
            f"{request.amount} {'was there before' if credited.replayed else 'arrived'} "
            f"(journal {credited.journal_id})."
        ),
    )


@command.command("disable")
@click.option("--email", required=True, help="Whose account.")
@json_option
def disable(*, email: str, as_json: bool) -> None:
    """
    Freeze an account: log-ins, keys, codes and confirmations of it end at once.

    Its money stays and goes on earning. Only a recovery opens it again.
    """
    account_id = inputs.account_of(email)
    at = clock.now()
    is_new = accounts.protection.disable_account(
        user_id=accounts.find_user_id(email=email.strip()) or 0,
        origin=None,
        wall=clock.wall(),
        at=at,
    )
    answer(
        {"account_id": account_id, "disabled_at": at, "was_disabled": not is_new},
        as_json=as_json,
        human=lambda: click.echo(
            f"Account {account_id} is disabled."
            if is_new
            else f"Account {account_id} was disabled before; nothing was changed."
        ),
    )
