"""Undo: take back a redemption that has not settled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from mooring.accounts import api as accounts
from mooring.earn import errors, postings
from mooring.earn.actions.crediting import Rewards, platform_accounts
from mooring.earn.actions.daily_booking import Daily, read_daily
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.queries.daily import growths_at_midnights
from mooring.earn.queries.holdings import growths_at
from mooring.earn.rules import dates
from mooring.earn.rules.flexible_exit import accrued
from mooring.earn.rules.redemption import Holding, part_of_rewards
from mooring.earn.rules.undoing import Away, Back, come_back
from mooring.kernel import db, rounding
from mooring.kernel.errors import Refusal
from mooring.ledger import api as ledger

_REWARD_DECIMALS: Final = 8


class LaterRedemptionFirst(Refusal):
    """A part of a locked position comes back only before anything else leaves it."""

    code = "earn_later_redemption_first"

    def __init__(self, *, redemption_id: int) -> None:
        super().__init__("Something left this position later. Undo that first.")
        self.redemption_id = redemption_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undone:
    """A redemption under lock."""

    id: int
    account_id: int
    position_id: int
    request_key: str
    type: str
    status: str
    speed: str
    amount: Decimal
    requested_at: datetime
    undo_until: datetime | None
    growth: Decimal | None
    low_before: Decimal | None
    low_after: Decimal | None
    is_whole: bool
    days_accrued: int | None
    days_paid: int | None

    @property
    def key(self) -> str:
        """What names it in the book."""
        return f"{self.account_id}.{self.request_key}"


@db.transaction
def undo(*, account_id: int, redemption_id: int, at: datetime) -> None:
    """
    Restore a position exactly as it was before a redemption (EARN-10).

    What waits can be taken back until it runs; what is on its way within the product's grace
    period, with what it would have earned meanwhile. Of an early redemption, what was clawed
    back and dropped is given back; days that ended are credited by the next close as if nothing
    had happened. Undoing twice is undoing once.

    Args:
        at: when the customer asked; before the redemption's `undo_until`.

    Raises:
        AccountNotOpen: the account is closed.
        RedemptionNotFound: absent, or another customer's.
        UndoNotPossible: it has settled, or its grace period is over, or it never had one.
        LaterRedemptionFirst: it is a part of a locked position, of which something left later.
    """
    if account_id not in accounts.lock_open([account_id]):
        raise accounts.AccountNotOpen(account_id=account_id)
    holding, undone = _lock(account_id, redemption_id)
    if undone.status == "CANCELLED":
        return
    _check(undone, at=at)
    if undone.status == "QUEUED":
        _leave_the_queue(undone, at=at)
    elif undone.speed == "STANDARD":
        _come_back(holding, undone, at=at)
    elif undone.is_whole:
        _hold_again(undone, at=at)
    else:
        _hold_the_part_again(holding, undone, at=at)
    db.execute(
        "UPDATE earn_redemption SET status = 'CANCELLED', cancelled_at = %s WHERE id = %s",
        [at, redemption_id],
    )


def _lock(account_id: int, redemption_id: int) -> tuple[Holding, _Undone]:
    """Lock the position and the redemption, in the order of every action."""
    positions = db.rows(
        "SELECT position_id FROM earn_redemption WHERE id = %s AND account_id = %s",
        [redemption_id, account_id],
    )
    if not positions:
        raise errors.RedemptionNotFound(redemption_id=redemption_id)
    [(position_id,)] = positions
    holding = lock_positions([position_id])[position_id]
    [found] = db.rows(
        "SELECT id, account_id, position_id, request_key, type, status, speed, amount,"
        "  requested_at, undo_until, growth, low_before, low_after, is_whole,"
        "  days_accrued, days_paid FROM earn_redemption"
        " WHERE id = %s FOR NO KEY UPDATE",
        [redemption_id],
    )
    names = _Undone.__dataclass_fields__
    return holding, _Undone(**dict(zip(names, found, strict=True)))


def _check(undone: _Undone, *, at: datetime) -> None:
    if undone.status == "QUEUED":
        return
    if undone.status == "PENDING" and undone.undo_until is not None and at < undone.undo_until:
        return
    raise errors.UndoNotPossible(status=undone.status, undo_until=undone.undo_until)


def _reverse(undone: _Undone, kind: str, *, at: datetime) -> None:
    ledger.reverse(
        key=f"earn.redeem:{undone.key}", by_key=f"earn.undo:{undone.key}", kind=kind, at=at
    )


def _leave_the_queue(undone: _Undone, *, at: datetime) -> None:
    """It earned all the time, by the minute and by the day: nothing is to be made good for."""
    if undone.type == "LIQUID":
        _keep_tokens(undone, at=at)
        return
    _reverse(undone, "EARN_QUEUE_LEFT", at=at)
    db.execute(
        "UPDATE earn_position SET queued = queued - %s, version = version + 1 WHERE id = %s",
        [undone.amount, undone.position_id],
    )


def _keep_tokens(undone: _Undone, *, at: datetime) -> None:
    """The same tokens are there again, and worth what the ratio has become."""
    _reverse(undone, "EARN_UNSTAKE_LEFT", at=at)
    db.execute("UPDATE earn_position SET version = version + 1 WHERE id = %s", [undone.position_id])


def _hold_again(undone: _Undone, *, at: datetime) -> None:
    _reverse(undone, "EARN_REDEEM_UNDONE", at=at)
    db.execute(
        "UPDATE earn_position SET status = 'HOLDING', exit = '', version = version + 1"
        " WHERE id = %s",
        [undone.position_id],
    )


def _hold_the_part_again(holding: Holding, undone: _Undone, *, at: datetime) -> None:
    """
    Restore a part with what it earned meanwhile.

    What the rest was booked and paid since is that of the rest alone: the part's share of the
    same days is booked and paid here, and of days that no close has booked by the next one.
    """
    _check_nothing_left_later(undone)
    _reverse(undone, "EARN_REDEEM_UNDONE", at=at)
    holding.principal = rounding.EXACT.add(holding.principal, undone.amount)

    def earned(days: int) -> Decimal:
        return part_of_rewards(holding, undone.amount, days=days)

    paid_then, accrued_then = undone.days_paid or 0, undone.days_accrued or 0
    [spot, expense] = ledger.open_accounts(
        [
            ledger.AccountName(ledger.Code.SPOT, holding.reward_asset, holding.account_id),
            ledger.AccountName(ledger.Code.REWARD_EXPENSE, holding.reward_asset),
        ]
    )
    made_good = postings.part_made_good(
        key=f"earn.part:{undone.key}",
        holding=holding,
        earned=earned(holding.days_accrued) - earned(accrued_then),
        paid=earned(holding.days_paid) - earned(paid_then),
        accounts=(expense, spot),
    )
    if made_good:
        ledger.post(made_good, at=at)
    db.execute("UPDATE earn_position SET version = version + 1 WHERE id = %s", [undone.position_id])


def _check_nothing_left_later(undone: _Undone) -> None:
    """
    Refuse to put a part back under another that left after it: its share was another one.

    Raises:
        UndoNotPossible: the rest has ended with its term or its product, and stays ended.
        LaterRedemptionFirst.
    """
    later = {
        kind
        for (kind,) in db.rows(
            "SELECT type FROM earn_redemption"
            " WHERE position_id = %s AND id > %s AND status <> 'CANCELLED'",
            [undone.position_id, undone.id],
        )
    }
    if later - {"EARLY"}:
        raise errors.UndoNotPossible(status=undone.status, undo_until=undone.undo_until)
    if later:
        raise LaterRedemptionFirst(redemption_id=undone.id)


def _come_back(holding: Holding, undone: _Undone, *, at: datetime) -> None:
    daily = read_daily([holding], at=at)
    daily.book(holding)
    rewards = Rewards()
    _accrue(holding, rewards, at=at)
    back = _back(holding, undone, daily)
    _reverse(undone, "EARN_STANDARD_UNDONE", at=at)
    credited, holding.carry = rounding.floor_to(
        rounding.EXACT.add(holding.carry, back.earned), _REWARD_DECIMALS
    )
    rewards.credit(holding, credited)
    holding.credited_total += credited
    holding.low = back.low
    holding.version += 1
    daily.make_good(holding, bonus=back.bonus, extra=back.extra)
    name = f"u.{undone.id}"
    ledger.post(
        [
            *rewards.journals(f"earn.reward:{name}", platform_accounts([holding.asset])),
            *daily.journals(f"earn.daily:{name}"),
        ],
        at=at,
    )
    store_positions([holding], at=at)
    _lift_lows_of_later_ones(undone)


def _accrue(holding: Holding, rewards: Rewards, *, at: datetime) -> None:
    minute = dates.minute_of(at)
    if minute <= holding.accrued_minute:
        return
    growth = growths_at([holding.product_id], minute=minute)[holding.product_id]
    earned = accrued(holding, growth=growth)
    rewards.credit(holding, earned.credited)
    holding.principal += earned.credited
    holding.credited_total += earned.credited
    holding.accrued_minute, holding.growth, holding.carry = minute, growth, earned.carry


def _back(holding: Holding, undone: _Undone, daily: Daily) -> Back:
    day = dates.start_of_day(undone.requested_at).date()
    today = holding.daily_booked or day
    product = holding.product_id
    days = [day + timedelta(days=number) for number in range(1, (today - day).days + 1)]
    growths = growths_at_midnights((product, one) for one in days)
    away = Away(
        amount=undone.amount,
        day=day,
        growth=undone.growth or holding.growth,
        low_before=undone.low_before,
        low_after=undone.low_after,
    )
    return come_back(
        holding,
        away,
        rates=daily.rates.get(product),
        growths={one: growth for (_, one), growth in growths.items()},
    )


def _lift_lows_of_later_ones(undone: _Undone) -> None:
    """Redemptions of the same day that came later saw a balance without this amount."""
    if undone.low_before is None:
        return
    since = dates.start_of_day(undone.requested_at)
    db.execute(
        "UPDATE earn_redemption SET low_before = least(%s, low_before + %s),"
        "  low_after = least(%s, low_after + %s)"
        " WHERE position_id = %s AND id > %s AND status = 'PENDING' AND speed = 'STANDARD'"
        " AND low_before IS NOT NULL AND requested_at < %s",
        [
            *(undone.low_before, undone.amount) * 2,
            undone.position_id,
            undone.id,
            since + dates.A_DAY,
        ],
    )
