"""Terms, products and positions as the rules see them, each with what a test changes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mooring.earn.facts import ProductView, TermsView
from mooring.earn.rules import dates
from mooring.earn.rules.redemption import Holding

#: A Sunday in the middle of nothing: no leap day, no end of a month.
PURCHASED = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
VALUE_DATE = datetime(2026, 3, 2, tzinfo=UTC)

_FLEXIBLE = {
    "id": 1,
    "minimum": Decimal(1),
    "minimum_remaining": Decimal(0),
    "quota_per_person": None,
    "fee_rate": Decimal(0),
    "apr": None,
    "duration_days": None,
    "redeem_period_days": 0,
    "early_redemption": "ALLOWED",
    "claw_back": "DISTRIBUTED_AND_ACCRUED",
    "delivery_hours_min": 0,
    "delivery_hours_max": 0,
    "grace_seconds": 0,
}
_LOCKED = _FLEXIBLE | {
    "apr": Decimal("0.1"),
    "duration_days": 30,
    "redeem_period_days": 1,
    "delivery_hours_min": 48,
    "delivery_hours_max": 72,
    "grace_seconds": 3600,
}


def flexible_terms(**changes):
    return TermsView(**(_FLEXIBLE | changes))


def locked_terms(**changes):
    return TermsView(**(_LOCKED | changes))


def product(*, kind="FLEXIBLE", subscriptions_open=True, **terms):
    shape = flexible_terms if kind == "FLEXIBLE" else locked_terms
    return ProductView(
        id=1,
        code="P",
        kind=kind,
        asset="USDT",
        subscriptions_open=subscriptions_open,
        apr=Decimal("0.03"),
        terms=shape(**terms),
    )


def _holding(kind, terms, principal, changes):
    common = {"id": 7, "account_id": 3, "product_id": 1, "product_code": "P", "asset": "USDT"}
    books = {"principal_account": 11, "spot": 12, "funding": 13}
    state = {"kind": kind, "status": "HOLDING", "version": 1, "terms": terms}
    return Holding(**(common | books | state | {"principal": Decimal(principal)} | changes))


def flexible(principal="1000", *, terms=None, **changes):
    changes.setdefault("accrued_minute", dates.minute_of(PURCHASED))
    return _holding("FLEXIBLE", terms or flexible_terms(), principal, changes)


def locked(principal="1000", *, terms=None, days_paid=0, days_accrued=None, **changes):
    terms = terms or locked_terms()
    term = {
        "value_date": VALUE_DATE,
        "rewards_end": VALUE_DATE + timedelta(days=terms.duration_days),
        "delivers_at": VALUE_DATE + timedelta(days=terms.duration_days + terms.redeem_period_days),
        "days_paid": days_paid,
        "days_accrued": days_paid if days_accrued is None else days_accrued,
        "rewards_account": 14,
        "redeeming_account": 15,
    }
    return _holding("LOCKED", terms, principal, term | changes)
