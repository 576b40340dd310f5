"""Publish products, their terms and their rates: what an operator offers, as dated rows."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q

from mooring.earn import errors
from mooring.earn.facts import Family, ProductKind
from mooring.earn.models import Product, Rate, Terms
from mooring.earn.rules.dates import minute_of, time_of_minute
from mooring.earn.rules.rewards import RateFrom, growth_at
from mooring.kernel import db
from mooring.kernel.errors import Refusal

_GROWTH_OF_NOTHING: Final = Decimal(1)


class RateInThePast(Refusal):
    """A rate would begin in a minute that was earned under another one."""

    code = "earn_rate_in_the_past"

    def __init__(self, *, earliest: datetime) -> None:
        super().__init__(f"The next rate can begin at {earliest:%Y-%m-%d %H:%M} UTC or later.")
        self.earliest = earliest


class RateAfterEnd(Refusal):
    """A rate would begin when its product has ended and nothing earns any more."""

    code = "earn_rate_after_end"

    def __init__(self, *, ends_at: datetime) -> None:
        super().__init__(
            f"The product ends at {ends_at:%Y-%m-%d %H:%M} UTC; nothing in it earns after that."
        )
        self.ends_at = ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """
    A version of a product's terms, as `facts.TermsView` explains them.

    Locked products have `apr` and `duration_days`; flexible ones have neither and get their
    rate by `set_rate`.
    """

    minimum: Decimal
    minimum_remaining: Decimal = Decimal(0)
    quota_per_person: Decimal | None = None
    fee_rate: Decimal = Decimal(0)
    apr: Decimal | None = None
    duration_days: int | None = None
    redeem_period_days: int = 0
    early_redemption: str = "ALLOWED"
    claw_back: str = "DISTRIBUTED_AND_ACCRUED"
    delivery_hours_min: int = 0
    delivery_hours_max: int = 0
    grace_seconds: int = 0
    maximum: Decimal | None = None
    quota_total: Decimal | None = None
    excluded_countries: tuple[str, ...] = ()
    redeem_minimum: Decimal = Decimal(0)
    is_instant: bool = True
    daily_limit_per_person: Decimal | None = None
    daily_limit_total: Decimal | None = None
    standard_days: int | None = None
    standard_fee_rate: Decimal = Decimal(0)
    is_renewable: bool = False
    reward_asset: str | None = None


@db.transaction
def publish(
    *,
    code: str,
    kind: ProductKind,
    asset: str,
    offer: Offer,
    effective_from: datetime,
    family: Family = "SIMPLE",
) -> None:
    """
    Offer a product, or new terms of one that exists; the same again changes nothing.

    Positions that are open keep the terms they were opened with.

    Args:
        family: of a new product; one that exists keeps its own.
    """
    publish_within(
        code=code,
        kind=kind,
        asset=asset,
        offer=offer,
        effective_from=effective_from,
        family=family,
    )


@db.transaction_required
def publish_within(
    *,
    code: str,
    kind: ProductKind,
    asset: str,
    offer: Offer,
    effective_from: datetime,
    family: Family = "SIMPLE",
) -> None:
    """Do what `publish` does inside the transaction of another action of Earn."""
    product, _ = Product.objects.get_or_create(
        code=code, defaults={"kind": kind, "asset_id": asset, "family": family}
    )
    columns = asdict(offer)
    columns["excluded_countries"] = list(offer.excluded_countries)
    columns["reward_asset_id"] = columns.pop("reward_asset")
    Terms.objects.get_or_create(product=product, effective_from=effective_from, defaults=columns)


@db.transaction
def set_rate(*, product_code: str, apr: Decimal, at: datetime) -> None:
    """
    Let a flexible product earn `apr` from the minute of `at` on.

    Args:
        apr: yearly, as a fraction.

    Rates that are announced for later stay; their growth is reckoned anew.

    Raises:
        ProductNotFound: no such product.
        RateInThePast: another rate began at this minute or later, or a position was credited
            beyond it.
        RateAfterEnd: the product has ended by then.
    """
    set_rate_within(product_code=product_code, apr=apr, effective_from=at, at=at)


@db.transaction_required
def set_rate_within(
    *, product_code: str, apr: Decimal, effective_from: datetime, at: datetime
) -> None:
    """
    Do what `set_rate` does inside the transaction of another action of Earn.

    Args:
        effective_from: from which minute on the rate holds.
        at: when this is decided. What begins later is only announced: one for the same minute is
            replaced, those after it stay.
    """
    product = Product.objects.select_for_update().filter(code=product_code).first()
    if product is None:
        raise errors.ProductNotFound(product_code=product_code)
    if product.retires_at is not None and effective_from >= product.retires_at:
        raise RateAfterEnd(ends_at=product.retires_at)
    minute, begun = minute_of(effective_from), minute_of(at)
    rates = Rate.objects.filter(product=product)
    announced = list(
        rates.filter(from_minute__gt=begun, from_minute__gte=minute).order_by("from_minute")
    )
    last = (
        rates.filter(Q(from_minute__lte=begun) | Q(from_minute__lt=minute))
        .order_by("-from_minute")
        .first()
    )
    is_replaced = bool(announced) and announced[0].from_minute == minute
    if not is_replaced and last is not None and last.apr == apr and last.from_minute <= minute:
        return
    if last is not None:
        earliest = max(last.from_minute + 1, _credited_until(product.pk))
        if minute < earliest:
            raise RateInThePast(earliest=time_of_minute(earliest))
    if announced:
        db.rows("SELECT 1 FROM earn_take_back_rates_v1(%s, %s, %s)", [product.pk, minute, at])
    later = [(one.from_minute, one.apr) for one in announced if one.from_minute > minute]
    _add_rates(product, last, [(minute, apr), *later])


def _add_rates(product: Product, last: Rate | None, rates: list[tuple[int, Decimal]]) -> None:
    """Add rates by their minutes; each begins with what a unit has grown to by the one before."""
    before = None
    if last is not None:
        before = RateFrom(from_minute=last.from_minute, apr=last.apr, growth=last.growth)
    for minute, apr in rates:
        growth = _GROWTH_OF_NOTHING if before is None else growth_at(before, minute)
        before = RateFrom(from_minute=minute, apr=apr, growth=growth)
        Rate.objects.create(product=product, from_minute=minute, apr=apr, growth=growth)


def _credited_until(product_id: int) -> int:
    """Return the minute up to which any position of a product has been credited; 0 if none."""
    [(minute,)] = db.rows(
        "SELECT coalesce(max(accrued_minute), 0) FROM earn_position WHERE product_id = %s",
        [product_id],
    )
    found: int = minute
    return found


@db.transaction
def set_subscriptions_open(*, product_code: str, is_open: bool) -> None:
    """
    Open or close a product's entrance. Its exit has no such switch (EARN-12).

    Raises:
        ProductNotFound: no such product.
    """
    if not Product.objects.filter(code=product_code).update(subscriptions_open=is_open):
        raise errors.ProductNotFound(product_code=product_code)
