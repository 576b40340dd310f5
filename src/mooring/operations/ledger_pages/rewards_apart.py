"""Rewards in another asset, after everything else that happened to alice."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.operations.ledger_pages.deeds import in_turn, redeem, run, subscribe
from mooring.operations.ledger_pages.events import Event

_PRODUCT: Final = "Usdt*4"


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def _publish(_alice: int) -> None:
    at = _at(1, 8)
    offer = earn.Offer(
        minimum=Decimal(1),
        apr=Decimal("0.00000365"),
        duration_days=4,
        redeem_period_days=1,
        claw_back="PRO_RATA",
        delivery_hours_min=48,
        delivery_hours_max=72,
        reward_asset="BTC",
    )
    earn.publish(code=_PRODUCT, kind="LOCKED", asset="USDT", offer=offer, effective_from=at)


def _price(_alice: int) -> None:
    usd = {"BTC": Decimal(50_000), "USDT": Decimal(1)}
    assets.quote_prices(
        assets.Quote(asset=asset, usd=price, valid_from=_at(1, 8), source="example")
        for asset, price in usd.items()
    )


EVENTS: Final = (
    Event(
        page="redeem-early-apart",
        title="Redeem early where rewards are in another asset",
        says="The rewards that are taken back come out of spot in their own asset, where they are "
        "all there. Otherwise what they cost comes out of the principal, over conversion. What is "
        "kept of the accrued ones stays owed, and arrives in spot with the delivery.",
        told="On 1 May alice puts 100 USDT into Usdt*4, which pays BTC. Its terms leave the share "
        "of the time that was served. On 4 May at 0:00 the second day is booked and not paid "
        "yet; she leaves, and the BTC are taken from spot.",
        source="domain rules §2.3, §7.3, early, reward asset ≠ asset",
        kinds=("EARN_REDEEM_EARLY", "EARN_DELIVERED", "EARN_KEPT_REWARD_PAID"),
        do=in_turn(
            _publish,
            _price,
            subscribe(_PRODUCT, "100", _at(1, 9), key="in-apart"),
            run("earn.close_locked_days", at=_at(3, 0)),
            run("earn.pay_locked_rewards", at=_at(3, 1)),
            run("earn.close_locked_days", at=_at(4, 0)),
            redeem(_PRODUCT, _at(4, 0), key="out-apart"),
            run("earn.settle", at=_at(6, 0)),
        ),
    ),
)
