"""`mooring earn`: what a customer can do with products, for integrators and tests."""

from datetime import datetime

import click

from mooring.earn import api as earn
from mooring.kernel import clock, db
from mooring.kernel.money import Amount, parse_amount
from mooring.operations.commands import inputs
from mooring.operations.commands.output import answer, json_option, table, utc

_NUMBER = click.IntRange(1, 2**63 - 1)
_email = click.option("--email", required=True, help="Whose.")
_position = click.option(
    "--position", "position_id", type=_NUMBER, required=True, help="Its number."
)
_amount = click.option("--amount", help="Plain digits; without it the whole position.")
_key = click.option("--key", help="Names this request: the same again happens once.")
_to = click.option(
    "--to",
    "destination",
    type=click.Choice(["SPOT", "FUNDING"]),
    default="SPOT",
    show_default=True,
    help="Which wallet.",
)


@click.group("earn")
def command() -> None:
    """Subscribe, look at positions, quote, redeem, undo; pledge and release (sandbox)."""


@command.command("subscribe")
@_email
@click.option("--product", "product_code", required=True, help="Its code, such as BTC001.")
@click.option("--amount", required=True, help="Plain digits, such as 0.25.")
@_key
@json_option
def subscribe(
    *, email: str, product_code: str, amount: str, key: str | None, as_json: bool
) -> None:
    """Move money from spot into a product."""
    account_id = inputs.account_of(email)
    at = clock.now()
    product = earn.get_product(code=product_code, at=at)
    request = earn.Subscription(
        account_id=account_id,
        product_code=product_code,
        amount=inputs.amount_of(amount, asset=product.asset),
        key=inputs.key_of(key),
    )
    done = earn.subscribe_one(request, at=at)
    answer(
        {
            "subscription_id": done.subscription_id,
            "position_id": done.position_id,
            "product": product_code,
            "asset": product.asset,
            "amount": request.amount,
            "key": request.key,
            "replayed": done.replayed,
            "at": at,
        },
        as_json=as_json,
        human=lambda: click.echo(
            f"{request.amount} is in {product_code}: position {done.position_id}."
        ),
    )


@command.command("positions")
@_email
@json_option
def positions(*, email: str, as_json: bool) -> None:
    """List a customer's positions and the redemptions on their way."""
    account_id = inputs.account_of(email)
    at = clock.now()
    overview = earn.overview(account_id=account_id, at=at)

    def human() -> None:
        table(
            ["position", "product", "status", "asset", "amount", "accrued", "paid", "ends"],
            [
                (
                    position.id,
                    position.product.code,
                    position.status.lower(),
                    position.asset,
                    position.amount,
                    position.accrued,
                    position.rewards_paid,
                    position.rewards_end,
                )
                for position in overview.positions
            ],
        )
        _table_of_redemptions(overview.on_their_way)

    result = {
        "email": email,
        "at": at,
        "positions": overview.positions,
        "on_their_way": overview.on_their_way,
    }
    answer(result, as_json=as_json, human=human)


def _table_of_redemptions(redemptions: tuple[earn.RedemptionView, ...]) -> None:
    if redemptions:
        click.echo()
        table(
            ["redemption", "product", "type", "status", "asset", "net", "arrives from"],
            [
                (
                    redemption.id,
                    redemption.product_code,
                    redemption.type.lower(),
                    redemption.status.lower(),
                    redemption.asset,
                    redemption.net,
                    redemption.arrives_from,
                )
                for redemption in redemptions
            ],
        )


@command.command("quote")
@_email
@_position
@_amount
@_to
@json_option
def quote(
    *,
    email: str,
    position_id: int,
    amount: str | None,
    destination: earn.Destination,
    as_json: bool,
) -> None:
    """Show what redeeming would do, without doing it."""
    account_id = inputs.account_of(email)
    at = clock.now()
    quoted = earn.quote_redemption(
        account_id=account_id,
        position_id=position_id,
        amount=_amount_in(account_id, position_id, amount, at=at),
        destination=destination,
        at=at,
    )

    def human() -> None:
        figures = ("amount", "accrued", "deducted", "forfeited", "rewards_added", "fee", "net")
        table(
            ["", quoted.asset],
            [(name.replace("_", " "), getattr(quoted, name)) for name in figures],
        )
        if (apart := quoted.rewards_apart) is not None:
            click.echo(f"Rewards taken back: {apart.deducted}{_source_of(apart)}.")
            click.echo(f"Rewards lost: {apart.forfeited}; kept and delivered: {apart.kept}.")
        if quoted.is_instant:
            click.echo("Arrives at once.")
        else:
            click.echo(f"Arrives from {utc(quoted.arrives_from)} to {utc(quoted.arrives_until)}.")
        if quoted.wait is not None:
            more = [quoted.wait.receive_more, quoted.wait.extra_more]
            brings = " and ".join(str(one) for one in more if one and not one.is_zero)
            click.echo(f"Waiting until {utc(quoted.wait.until)} brings {brings} more.")

    answer(quoted, as_json=as_json, human=human)


def _source_of(apart: earn.RewardsApart) -> str:
    if apart.price is None:
        return " from spot"
    return f", out of the principal at {apart.price:f} each"


@command.command("redeem")
@_email
@_position
@_amount
@_to
@_key
@json_option
def redeem(
    *,
    email: str,
    position_id: int,
    amount: str | None,
    destination: earn.Destination,
    key: str | None,
    as_json: bool,
) -> None:
    """Take money out of a position; `quote` shows before what it costs."""
    account_id = inputs.account_of(email)
    at = clock.now()
    request = earn.Redemption(
        account_id=account_id,
        position_id=position_id,
        amount=_amount_in(account_id, position_id, amount, at=at),
        key=inputs.key_of(key),
        destination=destination,
    )
    done = earn.redeem_one(request, at=at)
    answer(
        {
            "redemption_id": done.redemption_id,
            "position_id": position_id,
            "type": done.type,
            "status": done.status,
            "asset": done.net.asset,
            "net": done.net,
            "arrives_from": done.arrives_from,
            "arrives_until": done.arrives_until,
            "key": request.key,
            "replayed": done.replayed,
            "at": at,
        },
        as_json=as_json,
        human=lambda: click.echo(
            f"Redemption {done.redemption_id}: {done.net} arrives from {utc(done.arrives_from)}."
        ),
    )


@command.command("undo")
@_email
@click.option("--redemption", "redemption_id", type=_NUMBER, required=True, help="Its number.")
@json_option
def undo(*, email: str, redemption_id: int, as_json: bool) -> None:
    """Take back an early redemption within its grace period."""
    account_id = inputs.account_of(email)
    at = clock.now()
    earn.undo(account_id=account_id, redemption_id=redemption_id, at=at)
    answer(
        {"redemption_id": redemption_id, "status": "CANCELLED", "at": at},
        as_json=as_json,
        human=lambda: click.echo(f"Redemption {redemption_id} is undone."),
    )


@command.command("redemptions")
@_email
@json_option
def redemptions(*, email: str, as_json: bool) -> None:
    """List a customer's redemptions, newest first."""
    account_id = inputs.account_of(email)
    at = clock.now()
    found = earn.list_redemptions(account_id=account_id, at=at)
    answer(
        {"email": email, "at": at, "redemptions": found},
        as_json=as_json,
        human=lambda: _table_of_redemptions(found),
    )


@command.command("pledge")
@_email
@_position
@click.option("--amount", required=True, help="Plain digits.")
@click.option("--holder", default="loan of the sandbox", show_default=True, help="Who holds it.")
@_key
@json_option
def pledge(
    *, email: str, position_id: int, amount: str, holder: str, key: str | None, as_json: bool
) -> None:
    """Keep a part of a position from being redeemed, as a loan does (sandbox)."""
    inputs.require_sandbox()
    account_id = inputs.account_of(email)
    at = clock.now()
    wanted = _amount_in(account_id, position_id, amount, at=at)
    request = earn.Collateral(
        account_id=account_id,
        position_id=position_id,
        amount=wanted or Amount.zero(""),
        holder=holder,
        key=inputs.key_of(key),
    )
    pledge_id = db.transaction(earn.pledge)(request, at=at)
    answer(
        {"pledge_id": pledge_id, "amount": request.amount, "key": request.key, "at": at},
        as_json=as_json,
        human=lambda: click.echo(
            f"{request.amount} of position {position_id} is held by {holder}; "
            f"--pledge {request.key} names it."
        ),
    )


@command.command("release")
@_email
@click.option("--pledge", "pledge_key", required=True, help="The key of the pledge.")
@_key
@json_option
def release(*, email: str, pledge_key: str, key: str | None, as_json: bool) -> None:
    """Let everything that a pledge holds be redeemed again (sandbox)."""
    inputs.require_sandbox()
    account_id = inputs.account_of(email)
    at = clock.now()
    request = earn.Freeing(
        account_id=account_id, pledge_key=pledge_key, amount=None, key=inputs.key_of(key)
    )
    freed = db.transaction(earn.release)(request, at=at)
    answer(
        {"amount": freed, "asset": freed.asset, "key": request.key, "at": at},
        as_json=as_json,
        human=lambda: click.echo(f"{freed} is free again."),
    )


def _amount_in(
    account_id: int, position_id: int, text: str | None, *, at: datetime
) -> Amount | None:
    """Read an amount in the asset of a position; a reward may be finer than the asset's chain."""
    if text is None:
        return None
    position = earn.get_position(account_id=account_id, position_id=position_id, at=at)
    return parse_amount(text, asset=position.asset)
