"""The ways out of a flexible position, after everything else that happened to alice."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from mooring.earn import api as earn
from mooring.kernel import jobs
from mooring.kernel.money import Amount
from mooring.operations.ledger_pages.events import Event

_PRODUCT: Final = "USDT002"


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def _usdt(number: str) -> Amount:
    return Amount(Decimal(number), "USDT")


def _open(alice: int) -> None:
    offer = earn.Offer(
        minimum=Decimal(1),
        daily_limit_per_person=Decimal(100),
        fee_rate=Decimal("0.001"),
        standard_days=3,
        grace_seconds=3600,
    )
    at = _at(13, 8)
    earn.publish(code=_PRODUCT, kind="FLEXIBLE", asset="USDT", offer=offer, effective_from=at)
    earn.set_rate(product_code=_PRODUCT, apr=Decimal("0.0365"), at=at)
    request = earn.Subscription(
        account_id=alice, product_code=_PRODUCT, amount=_usdt("1000"), key="in-ways"
    )
    earn.subscribe_one(request, at=at)


def _leave(
    number: str, at: datetime, *, key: str, speed: earn.Speed = "FAST"
) -> Callable[..., None]:
    def do(alice: int) -> None:
        held = earn.list_positions(account_id=alice, at=at, asset="USDT")
        [position] = [one for one in held if one.product.code == _PRODUCT]
        request = earn.Redemption(
            account_id=alice,
            position_id=position.id,
            amount=_usdt(number),
            key=key,
            speed=speed,
        )
        earn.redeem_one(request, at=at)

    return do


def _take_back(at: datetime) -> Callable[[int], None]:
    def do(alice: int) -> None:
        [open_one] = earn.list_redemptions(account_id=alice, at=at, status=("QUEUED", "PENDING"))
        earn.undo(account_id=alice, redemption_id=open_one.id, at=at)

    return do


def _run(name: str, at: datetime) -> Callable[[int], None]:
    def do(_alice: int) -> None:
        [job] = [job for job in jobs.declared() if job.name == name]
        jobs.run(job, at=at)

    return do


def _all(*deeds: Callable[[int], None]) -> Callable[[int], None]:
    def do(alice: int) -> None:
        for deed in deeds:
            deed(alice)

    return do


EVENTS: Final = (
    Event(
        page="redeem-queued",
        title="Redeem more than may leave at once",
        says="What is beyond the day's limit, or asked for during maintenance, is set apart until "
        "it runs; it goes on earning, and its rewards are credited to the position.",
        told="At 8:00 on 13 March alice puts 1,000 USDT into USDT002, from which 100 a day leave "
        "at once. At 9:00 she redeems 400.",
        source="domain rules §1.1, §1.3, QUEUED",
        kinds=("EARN_REDEEM_QUEUED",),
        do=_all(_open, _leave("400", _at(13, 9), key="ways-1")),
    ),
    Event(
        page="queue-left",
        title="Cancel what waits",
        says="The exact opposite of its journal, as long as it waits.",
        told="Ten minutes later alice cancels it.",
        source="domain rules §1.3; EARN-10",
        kinds=("EARN_QUEUE_LEFT",),
        do=_take_back(_at(13, 9, 10)),
    ),
    Event(
        page="queue-run",
        title="Run what waited",
        says="At the next UTC midnight, or when maintenance ends, it arrives whole, less the fee; "
        "the limit of that day is not asked.",
        told="She redeems 400 again at 10:00; at midnight they arrive, less 0.1 %.",
        source="domain rules §1.3, QUEUED",
        kinds=("EARN_QUEUE_RUN",),
        do=_all(_leave("400", _at(13, 10), key="ways-2"), _run("earn.run_queued", _at(14, 0))),
    ),
    Event(
        page="redeem-standard",
        title="Redeem the standard way",
        says="What will arrive is set apart and earns no more.",
        told="On 14 March at 9:00 alice redeems 200 USDT the standard way, which takes three days "
        "and has no fee.",
        source="domain rules §1.1, fast and standard",
        kinds=("EARN_REDEEM_STANDARD",),
        do=_leave("200", _at(14, 9), key="ways-3", speed="STANDARD"),
    ),
    Event(
        page="standard-undone",
        title="Undo a standard redemption",
        says="The exact opposite of its journal; what the amount would have earned since is "
        "credited with the rewards of the position.",
        told="Half an hour later alice undoes it.",
        source="EARN-10",
        kinds=("EARN_STANDARD_UNDONE",),
        do=_take_back(_at(14, 9, 30)),
    ),
)
