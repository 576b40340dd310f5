"""
What Earn declines.

    Refusal
    ├── ProductNotFound, PositionNotFound, RedemptionNotFound   absent or another's: one answer
    ├── KeyMalformed                 the key has characters or a length that a key has not
    ├── ProductNotOpen               the product takes no new money
    ├── SubscriptionsStopped         maintenance: no new money until its end
    ├── CountryNotKnown, NotOfferedInCountry   the product is not for everybody
    ├── BelowMinimum, AboveMaximum   of a subscription
    ├── AboveQuota, AboveTotalQuota  of what one person, and all together, may hold
    ├── AutoSubscriptionNotPossible  the product is not flexible
    ├── AmountNotPositive            nothing cannot be moved
    ├── AmountExceedsPosition        more than is free in the position
    ├── AmountPledged                a loan holds what was asked for
    ├── PledgeNotPossible, PledgeNotFound, AmountExceedsPledge   of who holds collateral
    ├── BelowRedeemMinimum           less than the least that the product gives back at a time
    ├── SpeedNotOffered              the product has no such way out
    ├── BelowMinimumRemaining        too little would stay; take all or less
    ├── WholePositionOnly            a locked position leaves whole
    ├── EarlyRedemptionNotAllowed    the terms bind it to its end
    ├── PositionNotHolding           it has been left already
    ├── QuoteChanged, QuoteExpired   what was shown is no longer what would happen
    ├── PositionHasNoEnd             a flexible position is left when its customer says so
    ├── MaturityChoiceTooLate        the rewards have ended: what comes then is decided
    ├── NotRenewable                 the product opens no new position at the end
    ├── NoFlexibleProduct            the asset has none
    └── UndoNotPossible              it has settled, or the time to undo it is over
"""

from collections.abc import Sequence
from datetime import datetime

from mooring.earn.facts import PledgeView
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount


class ProductNotFound(Refusal):
    """No such product."""

    code = "earn_product_not_found"

    def __init__(self, *, product_code: str) -> None:
        super().__init__("There is no such product.")
        self.product_code = product_code


class PositionNotFound(Refusal):
    """No such position of this customer; another's is answered alike."""

    code = "earn_position_not_found"

    def __init__(self, *, position_id: int) -> None:
        super().__init__("There is no such position in this account.")
        self.position_id = position_id


class RedemptionNotFound(Refusal):
    """No such redemption of this customer; another's is answered alike."""

    code = "earn_redemption_not_found"

    def __init__(self, *, redemption_id: int) -> None:
        super().__init__("There is no such redemption in this account.")
        self.redemption_id = redemption_id


class KeyMalformed(Refusal):
    """A key is 1 to 100 letters, digits and `._+-`."""

    code = "earn_key_malformed"

    def __init__(self) -> None:
        super().__init__("A key is 1 to 100 letters, digits and the characters ._+-")


class ProductNotOpen(Refusal):
    """The product takes no new money; leaving it stays possible."""

    code = "earn_product_not_open"

    def __init__(self, *, product_code: str) -> None:
        super().__init__("This product takes no new subscriptions at the moment.")
        self.product_code = product_code


class SubscriptionsStopped(Refusal):
    """Maintenance keeps new money out until its end; leaving stays possible."""

    code = "earn_subscriptions_stopped"

    def __init__(self, *, reason: str, until: datetime) -> None:
        super().__init__(
            f"Because of maintenance ({reason}) nothing can be subscribed before about "
            f"{until:%Y-%m-%d %H:%M} UTC."
        )
        self.reason = reason
        self.until = until


class AmountNotPositive(Refusal):
    """The amount is zero or less."""

    code = "earn_amount_not_positive"

    def __init__(self) -> None:
        super().__init__("The amount must be more than zero.")


class WrongAsset(Refusal):
    """The amount is of another asset than the product or position."""

    code = "earn_wrong_asset"

    def __init__(self, *, asset: str) -> None:
        super().__init__(f"The amount must be in {asset}.")
        self.asset = asset


class BelowMinimum(Refusal):
    """The amount is less than the least the product takes."""

    code = "earn_below_minimum"

    def __init__(self, *, amount: Amount, minimum: Amount) -> None:
        super().__init__(f"{amount} is below the minimum of {minimum}.")
        self.amount = amount
        self.minimum = minimum


class AboveQuota(Refusal):
    """The subscription would pass what one person may hold in the product."""

    code = "earn_above_quota"

    def __init__(self, *, left: Amount) -> None:
        super().__init__(f"Your quota for this product leaves room for {left}.")
        self.left = left


class AboveMaximum(Refusal):
    """The amount is more than the product takes at a time."""

    code = "earn_above_maximum"

    def __init__(self, *, amount: Amount, maximum: Amount) -> None:
        super().__init__(f"{amount} is above the maximum of {maximum} for one subscription.")
        self.amount = amount
        self.maximum = maximum


class AboveTotalQuota(Refusal):
    """The subscription would pass what all customers together may hold in the product."""

    code = "earn_above_total_quota"

    def __init__(self, *, left: Amount) -> None:
        super().__init__(f"The product as a whole has room for {left}.")
        self.left = left


class NotOfferedInCountry(Refusal):
    """The product is not offered where the customer lives; leaving it stays possible."""

    code = "earn_not_offered_in_country"

    def __init__(self, *, product_code: str, country: str) -> None:
        super().__init__("This product is not offered in your country.")
        self.product_code = product_code
        self.country = country


class CountryNotKnown(Refusal):
    """The product is not offered in every country, and where the customer lives is not known."""

    code = "earn_country_not_known"

    def __init__(self, *, product_code: str) -> None:
        super().__init__(
            "This product is not offered in every country. Verify your identity first."
        )
        self.product_code = product_code


class AmountExceedsPosition(Refusal):
    """More was asked for than is free in the position."""

    code = "earn_amount_exceeds_position"

    def __init__(self, *, amount: Amount, free: Amount) -> None:
        super().__init__(f"{amount} is more than the {free} that can be redeemed.")
        self.amount = amount
        self.free = free


class BelowRedeemMinimum(Refusal):
    """The amount is less than the least that leaves the product at a time."""

    code = "earn_below_redeem_minimum"

    def __init__(self, *, amount: Amount, minimum: Amount) -> None:
        super().__init__(
            f"{amount} is below the minimum of {minimum} for a redemption. "
            f"Redeem everything, or more."
        )
        self.amount = amount
        self.minimum = minimum


class SpeedNotOffered(Refusal):
    """The product has no standard way out; everything leaves it the fast way."""

    code = "earn_speed_not_offered"

    def __init__(self, *, speed: str) -> None:
        super().__init__("This product has no such way out.")
        self.speed = speed


class AmountPledged(Refusal):
    """More was asked for than is free, because a loan holds the rest (EARN-11)."""

    code = "earn_amount_pledged"

    def __init__(self, *, amount: Amount, free: Amount, pledges: Sequence[PledgeView]) -> None:
        held = ", ".join(f"{pledge.amount} ({pledge.holder})" for pledge in pledges)
        super().__init__(f"{amount} is more than the {free} that can be redeemed; pledged: {held}.")
        self.amount = amount
        self.free = free
        self.pledges = tuple(pledges)


class PledgeNotPossible(Refusal):
    """Only a flexible position that holds can be pledged."""

    code = "earn_pledge_not_possible"

    def __init__(self, *, position_id: int) -> None:
        super().__init__("Only a flexible position that is held can secure a loan.")
        self.position_id = position_id


class PledgeNotFound(Refusal):
    """No such pledge of this customer."""

    code = "earn_pledge_not_found"

    def __init__(self, *, key: str) -> None:
        super().__init__("There is no such pledge in this account.")
        self.key = key


class AmountExceedsPledge(Refusal):
    """More was to be freed than the pledge holds."""

    code = "earn_amount_exceeds_pledge"

    def __init__(self, *, amount: Amount, held: Amount) -> None:
        super().__init__(f"{amount} is more than the {held} that the pledge holds.")
        self.amount = amount
        self.held = held


class AutoSubscriptionNotPossible(Refusal):
    """Only a flexible product can be subscribed to by itself."""

    code = "earn_auto_subscription_not_possible"

    def __init__(self, *, product_code: str) -> None:
        super().__init__("Only a flexible product can be subscribed to by itself.")
        self.product_code = product_code


class BelowMinimumRemaining(Refusal):
    """Too little would stay in the position."""

    code = "earn_below_minimum_remaining"

    def __init__(self, *, remaining: Amount, minimum: Amount) -> None:
        super().__init__(
            f"{remaining} would stay in the position, less than the minimum of {minimum}. "
            f"Redeem everything, or less."
        )
        self.remaining = remaining
        self.minimum = minimum


class WholePositionOnly(Refusal):
    """A locked position is redeemed whole."""

    code = "earn_whole_position_only"

    def __init__(self) -> None:
        super().__init__("This position can only be redeemed as a whole.")


class EarlyRedemptionNotAllowed(Refusal):
    """The terms bind the position to its end."""

    code = "earn_early_redemption_not_allowed"

    def __init__(self, *, until: datetime) -> None:
        super().__init__(
            f"Under its terms this position cannot be redeemed before {until:%Y-%m-%d %H:%M} UTC."
        )
        self.until = until


class PositionNotHolding(Refusal):
    """The position has been left already."""

    code = "earn_position_not_holding"

    def __init__(self, *, status: str) -> None:
        super().__init__("This position has been redeemed already.")
        self.status = status


class QuoteChanged(Refusal):
    """What was shown is no longer what would happen; ask for a new quote."""

    code = "earn_quote_changed"

    def __init__(self) -> None:
        super().__init__(
            "The position has changed since this quote, so nothing was redeemed. "
            "Please look at the new figures."
        )


class QuoteExpired(Refusal):
    """The quote's time is over; ask for a new one."""

    code = "earn_quote_expired"

    def __init__(self) -> None:
        super().__init__(
            "The quote has expired, so nothing was redeemed. Please look at the new figures."
        )


class PositionHasNoEnd(Refusal):
    """Only a locked position has an end at which something happens by itself."""

    code = "earn_position_has_no_end"

    def __init__(self) -> None:
        super().__init__("This position has no end at which it would come back by itself.")


class MaturityChoiceTooLate(Refusal):
    """The rewards have ended, or the position was left: what comes is decided."""

    code = "earn_maturity_choice_too_late"

    def __init__(self, *, until: datetime) -> None:
        super().__init__(
            f"What happens at the end could be chosen until {until:%Y-%m-%d %H:%M} UTC, "
            f"while the position was held."
        )
        self.until = until


class NotRenewable(Refusal):
    """The product opens no new position with the principal of an old one."""

    code = "earn_not_renewable"

    def __init__(self, *, product_code: str) -> None:
        super().__init__("This product cannot be renewed.")
        self.product_code = product_code


class NoFlexibleProduct(Refusal):
    """There is no flexible product that the principal could go to."""

    code = "earn_no_flexible_product"

    def __init__(self, *, asset: str) -> None:
        super().__init__(f"There is no flexible product of {asset}.")
        self.asset = asset


class UndoNotPossible(Refusal):
    """The redemption has settled, was undone, or its grace period is over."""

    code = "earn_undo_not_possible"

    def __init__(self, *, status: str, undo_until: datetime | None) -> None:
        super().__init__("This redemption can no longer be undone.")
        self.status = status
        self.undo_until = undo_until
