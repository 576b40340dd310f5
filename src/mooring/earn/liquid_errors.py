"""
What liquid staking declines.

    Refusal
    ├── LiquidStakingOnly     the product gives a token: it has ways in and out of its own
    ├── RatioNotKnown         no ratio is published yet
    ├── AboveDailyQuota       of what one person may give back in a UTC day
    ├── StakeTooSmall         the platform has less there than is to be moved
    ├── RatioFalls            a ratio never falls
    └── PublishedInThePast    what was promised stays promised
"""

from datetime import datetime
from decimal import Decimal

from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount, plain


class LiquidStakingOnly(Refusal):
    """The product gives a token for money, or it does not: the other way was asked for."""

    code = "earn_liquid_staking_only"

    def __init__(self, *, product_code: str) -> None:
        super().__init__(f"{product_code} is not entered or left this way. Nothing was moved.")
        self.product_code = product_code


class RatioNotKnown(Refusal):
    """No ratio is in force: nobody can say what a token is worth."""

    code = "earn_ratio_not_known"

    def __init__(self, *, product_code: str) -> None:
        super().__init__(f"The conversion ratio of {product_code} is not published yet.")
        self.product_code = product_code


class AboveDailyQuota(Refusal):
    """More than one person may give back in this UTC day."""

    code = "earn_above_daily_quota"

    def __init__(self, *, left: Amount) -> None:
        super().__init__(f"Today you can redeem {left} more; the limit is anew at 00:00 UTC.")
        self.left = left


class StakeTooSmall(Refusal):
    """More would be moved than the account of the platform holds."""

    code = "earn_stake_too_small"

    def __init__(self, *, held: Amount) -> None:
        super().__init__(f"There are {held} to move, not more. Nothing was moved.")
        self.held = held


class RatioFalls(Refusal):
    """A ratio would be below the one before it; a loss is the platform's, not the customers'."""

    code = "earn_ratio_falls"

    def __init__(self, *, last: Decimal) -> None:
        super().__init__(f"A ratio never falls: the last one is {plain(last)}.")
        self.last = last


class PublishedInThePast(Refusal):
    """A ratio or an unbonding period would begin before now, or before one that is published."""

    code = "earn_published_in_the_past"

    def __init__(self, *, earliest: datetime) -> None:
        super().__init__(f"The next one can begin at {earliest:%Y-%m-%d %H:%M:%S} UTC or later.")
        self.earliest = earliest
