"""Daily rewards in the world of Earn's tests: tiers, rounds of the worker, what is owed."""

from datetime import timedelta
from decimal import Decimal

from mooring.earn import api as earn
from mooring.kernel import db
from tests.earn.world import A_DAY, OPENING, work

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
#: The first midnight after the opening; bonuses of these tests begin here.
NEXT = MIDNIGHT + A_DAY
PAYOUT = timedelta(hours=1)


def tier(above, up_to, rate):
    return earn.Tier(
        above=Decimal(above), up_to=None if up_to is None else Decimal(up_to), rate=Decimal(rate)
    )


#: 3.65 % on the first 100, 0.365 % above: a unit a day each 10,000 and 100,000.
TIERS = (tier(0, 100, "0.0365"), tier(100, None, "0.00365"))
EXTRA = (tier(0, None, "0.00073"),)


def pay_by_the_day(tiers=TIERS, *, asset="USDT", product="FLEX", from_day=None, at=OPENING):
    earn.set_daily_rates(
        product_code=product, asset=asset, tiers=tiers, from_day=from_day or NEXT.date(), at=at
    )


def publish_plain(world, *, bonus=TIERS, extra=()):
    """Offer PLAIN: nothing by the minute, so that every figure is the day's alone."""
    world.publish("PLAIN", minimum=Decimal("0.000000000000000001"))
    earn.set_rate(product_code="PLAIN", apr=Decimal(0), at=OPENING)
    if bonus:
        pay_by_the_day(bonus, product="PLAIN")
    if extra:
        pay_by_the_day(extra, product="PLAIN", asset="BTC")


def owed(position):
    """Return what waits for a position, by asset."""
    return dict(
        db.rows(
            "SELECT asset, balance FROM ledger_account"
            " WHERE code = 2150 AND reference = %s AND balance <> 0",
            [position],
        )
    )


def spot(account_id, asset="USDT"):
    found = db.rows(
        "SELECT balance FROM ledger_account WHERE code = 2110 AND owner_id = %s AND asset = %s",
        [account_id, asset],
    )
    return found[0][0] if found else Decimal(0)


def standing(position):
    """Return how far daily rewards of a position are: booked, paid, carries."""
    [found] = db.rows(
        "SELECT daily_booked, daily_paid, bonus_carry, extra_carry FROM earn_position"
        " WHERE id = %s",
        [position],
    )
    return found


def close(at):
    """Let only the days be closed, nothing be paid."""
    work(at, only="close_flexible_days")
