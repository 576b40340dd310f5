"""
What was agreed: products, their dated terms and rates, positions, subscriptions, redemptions.

No row here holds money. A position's principal is the balance of its `principal_account` in
the book; kept here is the contract and how far its rewards have been computed.
"""

from mooring.earn.models.movements import DailyExit, Redemption, Subscription
from mooring.earn.models.pledges import Pledge
from mooring.earn.models.positions import Position, RedeemTo
from mooring.earn.models.products import Kind, Product, Terms
from mooring.earn.models.proposals import Proposal
from mooring.earn.models.rates import (
    DailyClose,
    DailyPayout,
    DailyRate,
    DayClose,
    Rate,
    Ratio,
    TakenBack,
    Unbonding,
)
from mooring.earn.models.windows import AutoSubscription, Window

__all__ = [
    "AutoSubscription",
    "DailyClose",
    "DailyExit",
    "DailyPayout",
    "DailyRate",
    "DayClose",
    "Kind",
    "Pledge",
    "Position",
    "Product",
    "Proposal",
    "Rate",
    "Ratio",
    "RedeemTo",
    "Redemption",
    "Subscription",
    "TakenBack",
    "Terms",
    "Unbonding",
    "Window",
]
