"""What Earn knows of liquid staking, as other apps and its rules see it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.earn.facts import Destination
from mooring.kernel.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class UnstakingQuote:
    """
    What giving tokens back means, before it (EARN-4); redeeming does exactly this.

    From the request on nothing is earned, and it cannot be cancelled, except while it waits for
    the end of maintenance.

    Args:
        net: what arrives, at `ratio`; remaining: tokens that stay.
        left_today: in the asset, before this one; None without a limit.
        runs_at: when maintenance ends, for which it waits; None where nothing is in its way.
    """

    key: str
    account_id: int
    position_id: int
    product_code: str
    tokens: Amount
    ratio: Decimal
    net: Amount
    remaining: Amount
    destination: Destination
    arrives_from: datetime
    arrives_until: datetime
    left_today: Amount | None
    quoted_at: datetime
    valid_until: datetime
    runs_at: datetime | None = None
