"""
What was agreed: products, their dated terms and rates, positions, subscriptions, redemptions.

No row here holds money. A position's principal is the balance of its `principal_account` in
the book; kept here is the contract and how far its rewards have been computed.
"""

from mooring.earn.models.movements import Redemption, Subscription
from mooring.earn.models.positions import Position
from mooring.earn.models.products import DayClose, Kind, Product, Rate, Terms

__all__ = ["DayClose", "Kind", "Position", "Product", "Rate", "Redemption", "Subscription", "Terms"]
