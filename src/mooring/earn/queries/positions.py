"""A customer's positions as they are at a time."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from mooring.earn import errors
from mooring.earn.facts import Overview, PositionView, ProductView, TermsView
from mooring.earn.queries.products import TERMS_COLUMNS, TERMS_WIDTH, product_view
from mooring.earn.queries.redemptions import list_redemptions
from mooring.earn.rules import dates, rewards
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
        f"  position.redeem_to, position.renewed_from_id,"
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
        f" WHERE position.account_id = %(account_id)s"
        f" AND (%(position_id)s::bigint IS NULL OR position.id = %(position_id)s)"
        f" AND (%(asset)s::text IS NULL OR product.asset = %(asset)s)"
        f" AND (%(with_paid)s OR position.status <> 'PAID')"
        f" ORDER BY product.asset, position.id DESC",
        {
            "minute": minute,
            "account_id": account_id,
            "position_id": position_id,
            "asset": asset,
            "with_paid": with_paid,
        },
    )
    products: dict[tuple[int, int], ProductView] = {}
    return tuple(_position(row, products, at=at) for row in found)


def _position(
    row: Sequence[Any], products: dict[tuple[int, int], ProductView], *, at: datetime
) -> PositionView:
    """
    Return a row as facts.

    Args:
        products: those of the rows before, by product and terms: five hundred positions are
            positions in few products.
    """
    (
        id_,
        account_id,
        status,
        balance,
        opened_at,
        closed_at,
        value_date,
        rewards_end,
        delivers_at,
        days_accrued,
        days_paid,
        version,
        accrued_minute,
        growth,
        carry,
        rate_from,
        rate_growth,
        pledged,
        queued,
        credited_total,
        auto_renew,
        redeem_to,
        renewed_from,
        *product_columns,
    ) = row
    key = (product_columns[0], product_columns[-TERMS_WIDTH])
    if key not in products:
        products[key] = product_view(product_columns)
    product = products[key]
    terms = product.terms
    total = balance + pledged + queued
    if product.kind == "FLEXIBLE":
        rate = RateFrom(from_minute=rate_from, apr=product.apr, growth=rate_growth)
        accrued = _accrued_flexible(
            rate, status, total, carry=carry, growth=growth, accrued_minute=accrued_minute, at=at
        )
        paid = credited_total
    else:
        paid, accrued = _rewards_locked(
            terms, status, balance, value_date=value_date, days_paid=days_paid, at=at
        )
    return PositionView(
        id=id_,
        account_id=account_id,
        product=product,
        asset=product.asset,
        kind=product.kind,
        status=status,
        amount=Amount(total, product.asset),
        pledged=Amount(pledged, product.asset),
        queued=Amount(queued, product.asset),
        accrued=Amount(accrued, product.asset),
        rewards_paid=Amount(paid, product.asset),
        free=_free(product, status, balance, accrued),
        apr=product.apr,
        opened_at=opened_at,
        closed_at=closed_at,
        value_date=value_date,
        rewards_end=rewards_end,
        delivers_at=delivers_at,
        days_total=terms.duration_days,
        days_accrued=days_accrued,
        days_paid=days_paid,
        version=version,
        terms=terms,
        auto_renew=auto_renew,
        redeem_to=redeem_to,
        renewed_from=renewed_from,
    )


def _free(product: ProductView, status: str, balance: Decimal, accrued: Decimal) -> Amount:
    if status != "HOLDING":
        return Amount.zero(product.asset)
    return Amount(balance + accrued if product.kind == "FLEXIBLE" else balance, product.asset)


def _accrued_flexible(  # noqa: PLR0913 - a formula of this many facts
    rate: RateFrom,
    status: str,
    balance: Decimal,
    *,
    carry: Decimal,
    growth: Decimal,
    accrued_minute: int,
    at: datetime,
) -> Decimal:
    minute = dates.minute_of(at)
    if status != "HOLDING" or minute <= accrued_minute:
        return Decimal(0)
    return rewards.accrue(
        balance=balance, carry=carry, growth_from=growth, growth_to=growth_at(rate, minute)
    ).credited


def _rewards_locked(
    terms: TermsView,
    status: str,
    principal: Decimal,
    *,
    value_date: datetime,
    days_paid: int,
    at: datetime,
) -> tuple[Decimal, Decimal]:
    """Return what was paid and what is earned and not paid of a locked position that holds."""
    if status != "HOLDING" or terms.apr is None or terms.duration_days is None:
        return Decimal(0), Decimal(0)
    ended = dates.reward_days_ended(value_date=value_date, duration_days=terms.duration_days, at=at)
    paid = rewards.locked_reward(principal=principal, apr=terms.apr, days=days_paid)
    earned = rewards.locked_reward(principal=principal, apr=terms.apr, days=ended)
    return paid, earned - paid
