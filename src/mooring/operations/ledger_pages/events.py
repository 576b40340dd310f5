"""
A short life of a customer, event by event, each leaving its journals.

Alice pays in, subscribes, earns, leaves early and undoes it, leaves early and means it, lets a
position mature. Amounts are round so that a reader can check them by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.operations.ledger_pages.deeds import (
    choose,
    end,
    in_turn,
    pledge,
    redeem,
    release,
    run,
    subscribe,
    undo,
    usdt,
)
from mooring.wallet import api as wallet

_OPENED_AT: Final = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    One page.

    Args:
        says: what happens and why it moves what it moves.
        told: what alice or the platform did, with figures.
        source: where the entries come from.
        do: does it, given alice's account.
        kinds: the journals that belong on the page; others of the same deed are on theirs.
    """

    page: str
    title: str
    says: str
    told: str
    source: str
    kinds: Sequence[str]
    do: Callable[[int], object]


def prepare() -> int:
    """Make what alice's life needs; return her account."""
    assets.register(
        [
            assets.Asset(code="USDT", name="Tether USD", ledger_decimals=6),
            assets.Asset(code="BTC", name="Bitcoin", ledger_decimals=8),
        ]
    )
    earn.publish(
        code="USDT001",
        kind="FLEXIBLE",
        asset="USDT",
        offer=earn.Offer(minimum=Decimal(1)),
        effective_from=_OPENED_AT,
    )
    earn.set_rate(product_code="USDT001", apr=Decimal("0.0365"), at=_OPENED_AT)
    _pay_by_the_day()
    _publish_locked("Usdt*30", days=30, fee_rate=Decimal("0.001"))
    _publish_locked("Usdt*5", days=5, fee_rate=Decimal(0))
    _publish_locked("Usdt*3", days=3, fee_rate=Decimal(0), is_renewable=True)
    return accounts.open_account(email="alice@example.org", password="-" * 12, at=_OPENED_AT)


def _pay_by_the_day() -> None:
    """Let USDT001 pay a bonus over two tiers, and an extra reward in BTC, from 2 March on."""
    bonus = (
        earn.Tier(above=Decimal(0), up_to=Decimal(500), rate=Decimal("0.0365")),
        earn.Tier(above=Decimal(500), up_to=None, rate=Decimal("0.0073")),
    )
    extra = (earn.Tier(above=Decimal(0), up_to=None, rate=Decimal("0.00000365")),)
    for asset, tiers in (("USDT", bonus), ("BTC", extra)):
        earn.set_daily_rates(
            product_code="USDT001",
            asset=asset,
            tiers=tiers,
            from_day=_at(2, 0).date(),
            at=_OPENED_AT,
        )


def _publish_locked(code: str, *, days: int, fee_rate: Decimal, is_renewable: bool = False) -> None:
    offer = earn.Offer(
        minimum=Decimal(1),
        apr=Decimal("0.0730"),
        duration_days=days,
        redeem_period_days=1,
        fee_rate=fee_rate,
        delivery_hours_min=48,
        delivery_hours_max=72,
        grace_seconds=3600,
        is_renewable=is_renewable,
    )
    earn.publish(code=code, kind="LOCKED", asset="USDT", offer=offer, effective_from=_OPENED_AT)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 1, hour, minute, tzinfo=UTC) + (day - 1) * _A_DAY


def _credit(alice: int) -> None:
    request = wallet.Credit(account_id=alice, amount=usdt("10000"), key="deposit")
    wallet.credit_one(request, at=_OPENED_AT)


def _transfer(alice: int) -> None:
    request = wallet.Transfer(
        account_id=alice, amount=usdt("250"), source="SPOT", target="FUNDING", key="to-funding"
    )
    wallet.transfer_one(request, at=_at(1, 11))


EVENTS: Final = (
    Event(
        page="credit",
        title="Credit",
        says="Coins arrive in our hot wallet, and we owe them to the customer.",
        told="On 1 March at 10:30 UTC an operator credits alice with 10,000 USDT.",
        source="domain rules §7.3, deposit",
        kinds=("WALLET_CREDIT",),
        do=_credit,
    ),
    Event(
        page="transfer",
        title="Move between wallets",
        says="We owe the same customer the same sum, in the other of their wallets.",
        told="At 11:00 alice moves 250 USDT from spot to funding.",
        source="domain rules §7.1, 2110 and 2120",
        kinds=("WALLET_TRANSFER",),
        do=_transfer,
    ),
    Event(
        page="subscribe-flexible",
        title="Subscribe to a flexible product",
        says="We owe the same customer the same sum, elsewhere: spot falls, the position rises. "
        "It earns from this minute.",
        told="At 12:00 alice puts 1,000 USDT into USDT001, which pays 3.65 % a year.",
        source="domain rules §7.3, subscribe flexible",
        kinds=("EARN_SUBSCRIBE_FLEXIBLE",),
        do=subscribe("USDT001", "1000", _at(1, 12)),
    ),
    Event(
        page="subscribe-locked",
        title="Subscribe to a locked product",
        says="As for a flexible one, into an account of the position's own. It earns from the next "
        "UTC midnight.",
        told="At 12:10 alice puts 5,000 USDT into Usdt*30, 7.3 % a year for 30 days.",
        source="domain rules §7.3, subscribe locked; §2.2",
        kinds=("EARN_SUBSCRIBE_LOCKED",),
        do=subscribe("Usdt*30", "5000", _at(1, 12, 10)),
    ),
    Event(
        page="realtime-reward",
        title="Close a day of a flexible product",
        says="What the minutes of the day earned is credited to the position, floored at 8 "
        "decimals; the rest is carried on the position and posted by nobody yet. One journal and "
        "one platform line for a whole chunk of positions.",
        told="On 2 March the worker closes 1 March: 720 minutes on 1,000 USDT at 3.65 %.",
        source="domain rules §7.3, real-time minute reward; §1.2, §1.3",
        kinds=("EARN_REALTIME_REWARD",),
        do=run("earn.close_flexible_days", at=_at(2, 0)),
    ),
    Event(
        page="daily-reward",
        title="Close a day of a flexible product that pays by the day",
        says="The bonus, over marginal tiers, and the extra reward in another asset are earned on "
        "the least balance that was free during the whole UTC day. They are owed from its end and "
        "wait in accounts of the position's own; what is below 8 decimals is carried. One journal "
        "and one platform line for each asset, for a whole chunk of positions.",
        told="On 3 March the worker closes 2 March. Alice had 1,000.05000124 USDT all day: 3.65 % "
        "on 500 and 0.73 % on the rest, and 0.00000365 BTC a year for each USDT.",
        source="domain rules §7.3, bonus accrue day and airdrop in other asset; §1.1, §1.2",
        kinds=("EARN_DAILY_REWARD",),
        do=run("earn.close_flexible_days", at=_at(3, 0)),
    ),
    Event(
        page="daily-paid",
        title="Pay daily rewards",
        says="After their payout delay booked bonuses and extra rewards go to spot, also those of "
        "positions that were left meanwhile.",
        told="On 3 March at 01:00 the worker pays the bonus and the extra reward of 2 March.",
        source="domain rules §7.3, bonus pay; policy earn.daily_payout_delay_minutes",
        kinds=("EARN_DAILY_PAID",),
        do=run("earn.pay_daily_rewards", at=_at(3, 1)),
    ),
    Event(
        page="locked-reward",
        title="Book a day of a locked product",
        says="A day that has ended is earned, and not paid yet: it waits in rewards accrued. The "
        "sum after n days is the floor of principal * APR * n / 365 at 8 decimals, and a day's "
        "entry is the difference of two such sums.",
        told="On 3 March the worker books 2 March: 5,000 USDT * 7.3 % / 365.",
        source="domain rules §7.3, locked accrue; §2.2",
        kinds=("EARN_LOCKED_REWARD",),
        do=run("earn.close_locked_days", at=_at(3, 0)),
    ),
    Event(
        page="reward-paid",
        title="Pay locked rewards",
        says="After the payout delay the booked rewards go to spot, where they are the customer's "
        "to use.",
        told="On 3 March at 01:00 the worker pays the reward of 2 March.",
        source="domain rules §7.3, locked pay; policy earn.payout_delay_minutes",
        kinds=("EARN_REWARD_PAID",),
        do=run("earn.pay_locked_rewards", at=_at(3, 1)),
    ),
    Event(
        page="pledge",
        title="Pledge a part of a flexible position",
        says="What secures a loan is set apart in an account of the position's own. It stays the "
        "customer's, earns by the minute as before and nothing by the day, and cannot be redeemed.",
        told="On 3 March at 12:00 a loan takes 600 USDT of alice's position as security.",
        source="domain rules §7.3, loan open; EARN-11",
        kinds=("EARN_PLEDGED",),
        do=pledge(_at(3, 12), number="600"),
    ),
    Event(
        page="release",
        title="Release a pledge",
        says="What a loan no longer holds is free again.",
        told="An hour later the loan is repaid.",
        source="domain rules §7.3, repay; EARN-11",
        kinds=("EARN_RELEASED",),
        do=release(_at(3, 13)),
    ),
    Event(
        page="redeem-flexible",
        title="Redeem from a flexible position",
        says="Rewards up to this minute are credited first, in a journal of their own; then what "
        "is redeemed moves to the chosen wallet at once. When everything leaves, what the position "
        "carried below the unit has been earned and is not paid: it goes to rounding.",
        told="On 3 March at 18:00 alice redeems 400 USDT, and half an hour later all the rest.",
        source="domain rules §7.3, redeem flexible instant; §1.3",
        kinds=("EARN_REALTIME_REWARD", "EARN_REDEEM_FLEXIBLE"),
        do=in_turn(
            redeem("USDT001", _at(3, 18), key="out-part", number="400"),
            redeem("USDT001", _at(3, 18, 30), key="out-rest"),
        ),
    ),
    Event(
        page="redeem-early",
        title="Redeem a locked position early",
        says="The principal moves to redeeming, less the rewards that were paid before, which are "
        "taken back, and less the fee. Rewards that were booked and not paid are dropped; days "
        "that had ended and were not booked yet pass through expense here, so that everything "
        "earned is seen once.",
        told="On 4 March at 09:00 alice leaves Usdt*30. One day was paid, one has ended and is not "
        "booked; the fee is 0.1 %.",
        source="domain rules §7.3, early redemption request; §9 no. 2, 3",
        kinds=("EARN_REDEEM_EARLY",),
        do=redeem("Usdt*30", _at(4, 9), key="out-early"),
    ),
    Event(
        page="undo",
        title="Undo an early redemption",
        says="The exact opposite of its journal, as long as the grace period lasts.",
        told="Twenty minutes later alice undoes it.",
        source="domain rules §7.3, exact reverse; EARN-10",
        kinds=("EARN_REDEEM_UNDONE",),
        do=undo(_at(4, 9, 20)),
    ),
    Event(
        page="deliver",
        title="Deliver an early redemption",
        says="After 48 to 72 hours what was redeeming arrives in the chosen wallet.",
        told="At 10:00 alice leaves again; on 6 March at 10:00 the worker delivers.",
        source="domain rules §7.3, early delivery",
        kinds=("EARN_DELIVERED",),
        do=in_turn(
            redeem("Usdt*30", _at(4, 10), key="out-again"), run("earn.settle", at=_at(6, 10))
        ),
    ),
    Event(
        page="mature",
        title="Mature",
        says="At the end of its rewards a locked position's principal waits for delivery, a redeem "
        "period later; nothing is taken back. The last day is booked and paid like the others.",
        told="On 6 March at 12:00 alice puts 2,000 USDT into Usdt*5. Its rewards end on 12 March "
        "at 00:00, and a day later the principal is delivered.",
        source="domain rules §7.3, matured; §2.2",
        kinds=("EARN_MATURED", "EARN_DELIVERED"),
        do=in_turn(
            subscribe("Usdt*5", "2000", _at(6, 12)),
            run("earn.close_locked_days", "earn.mature", at=_at(12, 0)),
            run("earn.pay_locked_rewards", at=_at(12, 1)),
            run("earn.settle", at=_at(13, 0)),
        ),
    ),
    Event(
        page="renew",
        title="Renew",
        says="When the principal of a locked position is delivered, it goes into a new position of "
        "the same product, whose rewards begin with the delivery. Rewards are not added.",
        told="On 13 March at 12:00 alice puts 500 USDT into Usdt*3 and lets it be renewed. Its "
        "rewards end on 17 March, and a day later the next position begins.",
        source="domain rules §7.3, renew; §2.1, §2.2",
        kinds=("EARN_RENEWED",),
        do=in_turn(
            subscribe("Usdt*3", "500", _at(13, 12)),
            choose("Usdt*3", _at(13, 12), auto_renew=True, redeem_to="SPOT"),
            run("earn.close_locked_days", "earn.mature", at=_at(17, 0)),
            run("earn.carry_on", at=_at(18, 0)),
        ),
    ),
    Event(
        page="move-to-flexible",
        title="Move to the flexible product",
        says="Principal that is delivered goes into the customer's flexible position of the asset "
        "and earns there from that minute on.",
        told="On 19 March alice wants no further renewal, but her money in USDT001. It is there on "
        "22 March.",
        source="domain rules §7.3, matured, redeemTo FLEXIBLE; §2.1",
        kinds=("EARN_MOVED_TO_FLEXIBLE",),
        do=in_turn(
            choose("Usdt*3", _at(19, 9), auto_renew=False, redeem_to="FLEXIBLE"),
            run("earn.close_locked_days", "earn.mature", at=_at(21, 0)),
            run("earn.carry_on", at=_at(22, 0)),
        ),
    ),
    Event(
        page="retire",
        title="End a product",
        says="When the operator ends a product everything in it comes back at that time: no fee, "
        "nothing taken back, and the rewards of the days that ended and were not paid come along.",
        told="On 23 March alice puts 300 USDT into Usdt*5; it is decided that the product ends on "
        "26 March. Two reward days have ended by then.",
        source="domain rules §2.3, retired early by the operator",
        kinds=("EARN_RETIRED",),
        do=in_turn(
            subscribe("Usdt*5", "300", _at(23, 12), key="in-last"),
            end("Usdt*5", ends_at=_at(26, 0), at=_at(23, 13)),
            run("earn.retire", "earn.settle", at=_at(26, 0)),
        ),
    ),
)
