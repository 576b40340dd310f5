"""
Pledge a part of a flexible position, and release it: the door of who lends on it (EARN-11).

What is pledged stays the customer's, earns by the minute as before, and cannot be redeemed. It
earns nothing by the day (domain rules §1.2). Both run inside the transaction of the loan, after
nothing but accounts was locked.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.accounts import api as accounts
from mooring.earn import errors, postings
from mooring.earn.actions.accruing import accrue_to
from mooring.earn.actions.crediting import Rewards, platform_accounts
from mooring.earn.actions.daily_booking import read_daily
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.queries.holdings import growths_at
from mooring.earn.rules import dates
from mooring.earn.rules.keys import check_key
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Collateral:
    """
    What is to be kept from being redeemed.

    Args:
        holder: who keeps it, as the customer reads it: a kind and its number, "loan 4711".
        key: the caller's own, unique per account.
    """

    account_id: int
    position_id: int
    amount: Amount
    holder: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeing:
    """
    What is to be free again.

    Args:
        pledge_key: of the pledge.
        amount: a part of it; None for all that it still holds.
        key: the caller's own, unique per pledge.
    """

    account_id: int
    pledge_key: str
    amount: Amount | None
    key: str


@db.transaction_required
def pledge(collateral: Collateral, *, at: datetime) -> int:
    """
    Keep a part of a position from being redeemed; the same key again does it once.

    Returns:
        The pledge's number.

    Raises:
        AccountNotOpen, PositionNotFound, KeyReused.
        PledgeNotPossible: the position is not flexible, or it was left.
        WrongAsset, AmountNotPositive, AmountExceedsPosition: more than is free in it.
    """
    account_id, key = collateral.account_id, collateral.key
    if account_id not in accounts.lock_open([account_id]):
        raise accounts.AccountNotOpen(account_id=account_id)
    check_key(key)
    holding = _lock(account_id, collateral.position_id)
    # Before the asset, which of liquid staking is not what the position holds.
    if holding.kind != "FLEXIBLE":
        raise errors.PledgeNotPossible(position_id=holding.id)
    if collateral.amount.asset != holding.asset:
        raise errors.WrongAsset(asset=holding.asset)
    done = _done_before(collateral)
    if done is not None:
        return done
    touch = _Touch(holding, at=at)
    number = _checked(holding, collateral.amount)
    if not holding.pledged_account:
        name = ledger.AccountName(
            ledger.Code.EARN_FLEX_PLEDGED, holding.asset, account_id, holding.id
        )
        [holding.pledged_account] = ledger.open_accounts([name])
    touch.move(
        number,
        journal=postings.pledged(
            key=f"earn.pledge:{account_id}.{key}", holding=holding, amount=number
        ),
    )
    [(pledge_id,)] = db.rows(
        "INSERT INTO earn_pledge (account_id, position_id, request_key, holder, amount, released,"
        "  pledged_at) VALUES (%s, %s, %s, %s, %s, 0, %s) RETURNING id",
        [account_id, holding.id, key, collateral.holder, number, at],
    )
    found: int = pledge_id
    return found


@db.transaction_required
def release(freeing: Freeing, *, at: datetime) -> Amount:
    """
    Let a pledge or a part of it be redeemed again; the same key again does it once.

    Works on a disabled account too: a loan that was repaid holds nothing.

    Returns:
        How much is free again by this key.

    Raises:
        AccountNotOpen: the account is closed.
        PledgeNotFound, WrongAsset, AmountNotPositive, AmountExceedsPledge, KeyReused.
    """
    account_id = freeing.account_id
    if account_id not in accounts.lock_not_closed([account_id]):
        raise accounts.AccountNotOpen(account_id=account_id)
    check_key(freeing.key)
    pledge_id, position_id = _find(account_id, freeing.pledge_key)
    holding = _lock(account_id, position_id)
    key = f"earn.release:{account_id}.{pledge_id}.{freeing.key}"
    done = _released_before(holding, key, freeing)
    if done is not None:
        return Amount(done, holding.asset)
    number = _checked_release(holding, pledge_id, freeing.amount)
    touch = _Touch(holding, at=at)
    touch.move(-number, journal=postings.released(key=key, holding=holding, amount=number))
    db.execute(
        "UPDATE earn_pledge SET released = released + %s,"
        "  released_at = CASE WHEN released + %s = amount THEN %s::timestamptz END WHERE id = %s",
        [number, number, at, pledge_id],
    )
    return Amount(number, holding.asset)


class _Touch:
    """A locked position brought up to a time: credited by the minute and booked by the day."""

    def __init__(self, holding: Holding, *, at: datetime) -> None:
        if holding.kind != "FLEXIBLE" or holding.status != "HOLDING":
            raise errors.PledgeNotPossible(position_id=holding.id)
        self._holding, self._at, self._rewards = holding, at, Rewards()
        self._daily = read_daily([holding], at=at)
        self._daily.book(holding)
        growths = growths_at([holding.product_id], minute=dates.minute_of(at))
        accrue_to(holding, growths=growths, credit=self._rewards, at=at)

    def move(self, number: Decimal, *, journal: ledger.Journal) -> None:
        """Move an amount from free to pledged, or back if it is negative."""
        holding = self._holding
        holding.principal -= number
        holding.pledged += number
        holding.version += 1
        self._daily.note(holding)
        credited = self._rewards.journals(
            f"earn.reward:{journal.key}", platform_accounts([holding.asset])
        )
        daily = self._daily.journals(f"earn.daily:{journal.key}")
        ledger.post([*credited, *daily, journal], at=self._at)
        store_positions([holding], at=self._at)


def _lock(account_id: int, position_id: int) -> Holding:
    holding = lock_positions([position_id]).get(position_id)
    if holding is None or holding.account_id != account_id:
        raise errors.PositionNotFound(position_id=position_id)
    return holding


def _checked(holding: Holding, amount: Amount) -> Decimal:
    if not amount.is_positive:
        raise errors.AmountNotPositive
    if amount.number > holding.principal:
        free = Amount(holding.principal, holding.asset)
        raise errors.AmountExceedsPosition(amount=amount, free=free)
    return amount.number


def _done_before(collateral: Collateral) -> int | None:
    """Return the pledge that this key made before; refuse the key for another one."""
    found = db.rows(
        "SELECT id, position_id, holder, amount FROM earn_pledge"
        " WHERE account_id = %s AND request_key = %s",
        [collateral.account_id, collateral.key],
    )
    if not found:
        return None
    [(pledge_id, *said)] = found
    if said != [collateral.position_id, collateral.holder, collateral.amount.number]:
        raise ledger.KeyReused
    done: int = pledge_id
    return done


def _find(account_id: int, pledge_key: str) -> tuple[int, int]:
    found = db.rows(
        "SELECT id, position_id FROM earn_pledge WHERE account_id = %s AND request_key = %s",
        [account_id, pledge_key],
    )
    if not found:
        raise errors.PledgeNotFound(key=pledge_key)
    [(pledge_id, position_id)] = found
    return pledge_id, position_id


def _released_before(holding: Holding, key: str, freeing: Freeing) -> Decimal | None:
    """Return what this key freed before; refuse it for another amount."""
    found = db.rows(
        "SELECT entry.amount FROM ledger_journal AS journal"
        " INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id"
        " WHERE journal.key = %s AND entry.account_id = %s",
        [key, holding.principal_account],
    )
    if not found:
        return None
    [(number,)] = found
    if freeing.amount is not None and freeing.amount != Amount(number, holding.asset):
        raise ledger.KeyReused
    done: Decimal = number
    return done


def _checked_release(holding: Holding, pledge_id: int, amount: Amount | None) -> Decimal:
    # Read under the lock of its position: whoever changes it holds that first.
    [(held,)] = db.rows("SELECT amount - released FROM earn_pledge WHERE id = %s", [pledge_id])
    left = Amount(held, holding.asset)
    wanted = left if amount is None else amount
    if wanted.asset != holding.asset:
        raise errors.WrongAsset(asset=holding.asset)
    if wanted > left:
        raise errors.AmountExceedsPledge(amount=wanted, held=left)
    if not wanted.is_positive:
        raise errors.AmountNotPositive
    return wanted.number
