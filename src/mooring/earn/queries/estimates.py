"""The calculator: what an amount would earn in a product, by the rules of the book."""

from datetime import datetime, timedelta

from mooring.earn import policies as earn_policies
from mooring.earn.facts import ProductView
from mooring.earn.queries.daily import daily_rates
from mooring.earn.queries.liquid import ratios_at, unbonding_at
from mooring.earn.rules.estimates import Conditions, Estimate, estimate
from mooring.kernel.money import Amount
from mooring.policies import api as policies


def estimate_earning(product: ProductView, *, amount: Amount, days: int, at: datetime) -> Estimate:
    """
    Return what an amount would earn in so many days if it came in now, and what leaving gives.

    Nothing is promised by it, and whether the product takes money at present is not asked.

    Args:
        product: as it is at `at`.

    Raises:
        EstimateAmountOutOfRange, EstimateDaysOutOfRange, RatioNotKnown.
    """
    conditions = _conditions(product, at=at)
    return estimate(product, amount=amount, days=days, conditions=conditions, at=at)


def _conditions(product: ProductView, *, at: datetime) -> Conditions:
    if product.kind == "LOCKED":
        return Conditions()
    unbonding = None
    if product.family == "ONCHAIN":
        unbonding = unbonding_at([product.asset], at=at).get(product.asset)
    if product.kind == "LIQUID":
        ratio = ratios_at([product.id], at=at).get(product.id)
        return Conditions(ratio=ratio, unbonding=unbonding)
    minutes = policies.in_force(at=at)[earn_policies.QUEUE_WINDOW_MINUTES]
    return Conditions(
        daily=daily_rates([product.id]).get(product.id),
        unbonding=unbonding,
        queue_window=timedelta(minutes=minutes),
    )
