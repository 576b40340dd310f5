"""Liquid staking in the world of Earn's tests: ETH2 gives WBETH, and its verbs."""

from decimal import Decimal

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.wallet import api as wallet
from tests.earn.world import OPENING


def eth(number):
    return Amount(Decimal(number), "ETH")


def wbeth(number):
    return Amount(Decimal(number), "WBETH")


def offer_staking(world, **terms):
    """Let ETH be staked, at 1.08 for a token, and give Alice a hundred of it."""
    assets.register(
        [assets.Asset(code="ETH", name="Ether", ledger_decimals=18),
         assets.Asset(code="WBETH", name="Wrapped Beacon ETH")]
    )  # fmt: skip
    wallet.credit_one(
        wallet.Credit(account_id=world.alice, amount=eth("100"), key="eth"), at=OPENING
    )
    offer = earn.Offer(**({"minimum": Decimal("0.0001")} | terms))
    earn.publish_liquid(
        code="ETH2", asset="ETH", token="WBETH", offer=offer, effective_from=OPENING
    )
    publish_ratio("1.08", OPENING)
    earn.publish_unbonding(
        asset="ETH", hours_min=48, hours_max=480, effective_from=OPENING, at=OPENING
    )
    return world


def publish_ratio(number, at):
    earn.publish_ratio(product_code="ETH2", ratio=Decimal(number), effective_from=at, at=at)


def stake(world, number="10", *, key="s", at=OPENING, who=None):
    request = world.subscription(eth(number), "ETH2", key=key, who=who)
    [outcome] = earn.stake([request], at=at)
    return outcome


def unstake(world, position, tokens=None, *, key="u", at, who=None, quote=None):
    request = earn.Unstaking(
        account_id=who or world.alice,
        position_id=position,
        tokens=None if tokens is None else wbeth(tokens),
        key=key,
        quote=quote,
    )
    [outcome] = earn.unstake([request], at=at)
    return outcome


def in_spot(who, asset):
    found = wallet.balances(account_id=who, at=OPENING)
    return next((one.spot_available.number for one in found if one.asset == asset), Decimal(0))


def cleared(asset):
    return ledger.platform_balance(code=ledger.Code.CONVERSION, asset=asset)
