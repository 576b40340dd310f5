"""A customer's positions as they are at a time."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from mooring.earn import errors
from mooring.earn.facts import Overview, PositionView, ProductView, TermsView
from mooring.earn.queries.products import TERMS_COLUMNS, TERMS_WIDTH, product_view
from mooring.earn.queries.redemptions import list_redemptions
from mooring.earn.rules import dates, rewards
from mooring.earn.rules.liquid import worth_of
from mooring.earn.rules.rewards import RateFrom, growth_at
from mooring.kernel import db
from mooring.kernel.money import Amount


def overview(*, account_id: int, at: datetime) -> Overview:
    """Return everything a customer has staked, and what is on its way back."""
    return Overview(
        positions=list_positions(account_id=account_id, at=at),
        on_their_way=list_redemptions(account_id=account_id, status=("QUEUED", "PENDING"), at=at),
    )


def list_positions(
    *, account_id: int, at: datetime, asset: str | None = None, with_paid: bool = False
) -> tuple[PositionView, ...]:
    """Return a customer's positions, by asset, newest first; those paid out on request only."""
    return _positions(account_id=account_id, at=at, asset=asset, with_paid=with_paid)


def get_position(*, account_id: int, position_id: int, at: datetime) -> PositionView:
    """
    Return one position, whatever its status.

    Raises:
        PositionNotFound: absent, or another customer's.
    """
    found = _positions(account_id=account_id, at=at, position_id=position_id, with_paid=True)
    if not found:
        raise errors.PositionNotFound(position_id=position_id)
    return found[0]


#: Of what pays by the day, and of a locked position that has no principal any more to compute its
#: rewards from, the book knows what was paid and what is still to be.
_BOOKED: Final = "CASE WHEN position.kind = 'FLEXIBLE' OR position.status <> 'HOLDING'"
#: What tokens gained by each ratio after the first, as `liquid_days.gained_between` reckons it:
#: the tokens held right before it, times the rise, floored at 8 decimals.
_GAINED: Final = """CASE WHEN position.kind = 'LIQUID' THEN (
    SELECT coalesce(sum(floor(step.rise * held.tokens * 100000000)) * 0.00000001, 0)
    FROM (
        SELECT effective_from, ratio - lag(ratio) OVER (ORDER BY effective_from) AS rise
        FROM earn_ratio WHERE product_id = product.id AND effective_from <= %(at)s
    ) AS step
    CROSS JOIN LATERAL (
        SELECT entry.balance_after AS tokens
        FROM ledger_entry AS entry
        INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id
        WHERE entry.account_id = position.principal_account AND entry.balance_after IS NOT NULL
        AND journal.effective_at < step.effective_from
        ORDER BY entry.journal_id DESC LIMIT 1
    ) AS held
) END"""


def _positions(
    *,
    account_id: int,
    at: datetime,
    asset: str | None = None,
    position_id: int | None = None,
    with_paid: bool,
) -> tuple[PositionView, ...]:
    minute = dates.minute_of(at)
    found = db.rows(
        f"SELECT position.id, position.account_id, position.status, principal.balance,"  # noqa: S608 - no input in it
        f"  position.opened_at, position.closed_at, position.value_date, position.rewards_end,"
        f"  position.delivers_at, position.days_accrued, position.days_paid, position.version,"
        f"  position.accrued_minute, position.growth, position.carry,"
        f"  rate.from_minute, rate.growth,"
        f"  position.pledged, position.queued, position.credited_total, position.auto_renew,"
        f"  position.redeem_to, position.renewed_from_id, ratio.ratio,"
        f"  {_BOOKED} THEN (SELECT coalesce(-sum(entry.amount), 0) FROM ledger_entry AS entry"
        f"   INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id"
        f"    AND journal.kind IN"
        f"     ('EARN_DAILY_PAID', 'EARN_REWARD_PAID', 'EARN_KEPT_REWARD_PAID')"
        f"   WHERE entry.account_id = position.rewards_account"
        f"    AND entry.balance_after IS NOT NULL) END,"
        f"  {_BOOKED} THEN (SELECT balance FROM ledger_account"
        f"   WHERE id = position.rewards_account) END,"
        f"  {_GAINED},"
        f"  product.id, product.code, product.kind, product.family, product.asset,"
        f"  product.token, product.retires_at, product.subscriptions_open,"
        f"  coalesce(rate.apr, 0), {TERMS_COLUMNS}"
        f" FROM earn_position AS position"
        f" INNER JOIN earn_product AS product ON product.id = position.product_id"
        f" INNER JOIN earn_terms AS terms ON terms.id = position.terms_id"
        f" INNER JOIN ledger_account AS principal ON principal.id = position.principal_account"
        f" LEFT JOIN LATERAL (SELECT from_minute, apr, growth FROM earn_rate"
        f"  WHERE product_id = product.id AND from_minute <= %(minute)s"
        f"  ORDER BY from_minute DESC LIMIT 1) AS rate ON TRUE"
        f" LEFT JOIN LATERAL (SELECT ratio FROM earn_ratio WHERE position.kind = 'LIQUID'"
        f"  AND product_id = product.id AND effective_from <= %(at)s"
        f"  ORDER BY effective_from DESC LIMIT 1) AS ratio ON TRUE"
        f" WHERE position.account_id = %(account_id)s"
        f" AND (%(position_id)s::bigint IS NULL OR position.id = %(position_id)s)"
        f" AND (%(asset)s::text IS NULL OR product.asset = %(asset)s)"
        f" AND (%(with_paid)s OR position.status <> 'PAID')"
        # Whose tokens are all gone is nothing to show; the row waits for the next ones.
        f" AND (%(with_paid)s OR position.kind <> 'LIQUID' OR principal.balance > 0)"
        f" ORDER BY product.asset, position.id DESC",
        {
            "minute": minute,
            "at": at,
            "account_id": account_id,
            "position_id": position_id,
            "asset": asset,
            "with_paid": with_paid,
        },
    )
    products: dict[tuple[int, int], ProductView] = {}
    return tuple(_position(row, products, at=at) for row in found)


class _Row(NamedTuple):
    """A position's own columns, in the order of the statement."""

    id: int
    account_id: int
    status: str
    balance: Decimal
    opened_at: datetime
    closed_at: datetime | None
    value_date: datetime
    rewards_end: datetime | None
    delivers_at: datetime | None
    days_accrued: int | None
    days_paid: int
    version: int
    accrued_minute: int
    growth: Decimal
    carry: Decimal
    rate_from: int
    rate_growth: Decimal
    pledged: Decimal
    queued: Decimal
    credited_total: Decimal
    auto_renew: bool
    redeem_to: str
    renewed_from: int | None
    ratio: Decimal | None
    booked_paid: Decimal | None
    booked_pending: Decimal | None
    gained: Decimal | None


_WIDTH: Final = len(_Row._fields)


def _position(
    columns: Sequence[Any], products: dict[tuple[int, int], ProductView], *, at: datetime
) -> PositionView:
    """
    Return a row as facts.

    Args:
        products: those of the rows before, by product and terms: five hundred positions are
            positions in few products.
    """
    row, product_columns = _Row._make(columns[:_WIDTH]), columns[_WIDTH:]
    key = (product_columns[0], product_columns[-TERMS_WIDTH])
    if key not in products:
        products[key] = product_view(product_columns)
    product = products[key]
    terms = product.terms
    asset = product.asset
    if product.token is not None:
        return _liquid(row, product, product.token)
    total = row.balance + row.pledged + row.queued
    paid, accrued = _rewards(row, product, total, at=at)
    nothing, no_reward = Amount.zero(asset), Amount.zero(terms.reward_asset or asset)
    return PositionView(
        id=row.id,
        account_id=row.account_id,
        product=product,
        asset=asset,
        kind=product.kind,
        status=row.status,
        amount=Amount(total, asset),
        pledged=Amount(row.pledged, asset) if row.pledged else nothing,
        queued=Amount(row.queued, asset) if row.queued else nothing,
        accrued=Amount(accrued, no_reward.asset) if accrued else no_reward,
        rewards_paid=Amount(paid, no_reward.asset) if paid else no_reward,
        free=_free(product, row.status, row.balance, accrued),
        apr=product.apr,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        value_date=row.value_date,
        rewards_end=row.rewards_end,
        delivers_at=row.delivers_at,
        days_total=terms.duration_days,
        days_accrued=row.days_accrued,
        days_paid=row.days_paid,
        version=row.version,
        terms=terms,
        auto_renew=row.auto_renew,
        redeem_to=row.redeem_to,
        renewed_from=row.renewed_from,
        bonus_pending=_bonus_pending(row, product),
    )


def _bonus_pending(row: _Row, product: ProductView) -> Amount | None:
    if product.kind != "FLEXIBLE" or not row.booked_pending:
        return None
    return Amount(row.booked_pending, product.asset)


def _liquid(row: _Row, product: ProductView, token: str) -> PositionView:
    """Return a position of liquid staking: its tokens, at what they are worth in the asset."""
    ratio = Decimal(0) if row.ratio is None else row.ratio
    worth = Amount(worth_of(row.balance, ratio=ratio), product.asset)
    nothing = Amount.zero(product.asset)
    return PositionView(
        id=row.id,
        account_id=row.account_id,
        product=product,
        asset=product.asset,
        kind=product.kind,
        status=row.status,
        amount=worth,
        pledged=nothing,
        queued=nothing,
        accrued=nothing,
        rewards_paid=Amount(row.gained, product.asset) if row.gained else nothing,
        free=worth,
        apr=product.apr,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        value_date=None,
        rewards_end=None,
        delivers_at=None,
        days_total=None,
        days_accrued=None,
        days_paid=None,
        version=row.version,
        terms=product.terms,
        auto_renew=False,
        redeem_to=row.redeem_to,
        renewed_from=None,
        tokens=Amount(row.balance, token),
        ratio=ratio,
    )


def _rewards(
    row: _Row, product: ProductView, total: Decimal, *, at: datetime
) -> tuple[Decimal, Decimal]:
    """Return what was paid of a position's rewards, and what is earned and not paid."""
    if product.kind != "FLEXIBLE":
        return _rewards_locked(row, product.terms, at=at)
    minute, paid = dates.minute_of(at), row.credited_total + (row.booked_paid or Decimal(0))
    if row.status != "HOLDING" or minute <= row.accrued_minute:
        return paid, Decimal(0)
    rate = RateFrom(from_minute=row.rate_from, apr=product.apr, growth=row.rate_growth)
    earned = rewards.accrue(
        balance=total,
        carry=row.carry,
        growth_from=row.growth,
        growth_to=growth_at(rate, minute),
    )
    return paid, earned.credited


def _free(product: ProductView, status: str, balance: Decimal, accrued: Decimal) -> Amount:
    if status != "HOLDING":
        return Amount.zero(product.asset)
    return Amount(balance + accrued if product.kind == "FLEXIBLE" else balance, product.asset)


def _rewards_locked(row: _Row, terms: TermsView, *, at: datetime) -> tuple[Decimal, Decimal]:
    """Return what was paid and what is earned and not paid of a locked position."""
    if row.status != "HOLDING" or terms.apr is None or terms.duration_days is None:
        return row.booked_paid or Decimal(0), row.booked_pending or Decimal(0)
    ended = dates.reward_days_ended(
        value_date=row.value_date, duration_days=terms.duration_days, at=at
    )
    paid = rewards.locked_reward(principal=row.balance, apr=terms.apr, days=row.days_paid)
    earned = rewards.locked_reward(principal=row.balance, apr=terms.apr, days=ended)
    return paid, earned - paid
