"""The door of Earn."""

# Actions
from mooring.earn.actions.maintain import (
    Maintenance,
    WindowMalformed,
    WindowNotFound,
    WindowOver,
    announce_window,
    end_window,
    extend_window,
)
from mooring.earn.actions.pledge import Collateral, Freeing, pledge, release
from mooring.earn.actions.publish import (
    Offer,
    RateInThePast,
    publish,
    set_rate,
    set_subscriptions_open,
)
from mooring.earn.actions.redeem import redeem, redeem_one
from mooring.earn.actions.redemption_requests import Redeemed, Redemption
from mooring.earn.actions.set_auto_subscription import set_auto_subscription
from mooring.earn.actions.set_daily_rates import (
    DailyRatesInThePast,
    DailyRatesNotPossible,
    DailyTiersMalformed,
    set_daily_rates,
)
from mooring.earn.actions.set_maturity_choice import set_maturity_choice
from mooring.earn.actions.subscribe import subscribe, subscribe_one
from mooring.earn.actions.subscription_requests import Subscribed, Subscription
from mooring.earn.actions.undo import undo

# Refusals
from mooring.earn.errors import (
    AboveMaximum,
    AboveQuota,
    AboveTotalQuota,
    AmountExceedsPledge,
    AmountExceedsPosition,
    AmountNotPositive,
    AmountPledged,
    AutoSubscriptionNotPossible,
    BelowMinimum,
    BelowMinimumRemaining,
    BelowRedeemMinimum,
    CountryNotKnown,
    EarlyRedemptionNotAllowed,
    KeyMalformed,
    MaturityChoiceTooLate,
    NoFlexibleProduct,
    NotOfferedInCountry,
    NotRenewable,
    PledgeNotFound,
    PledgeNotPossible,
    PositionHasNoEnd,
    PositionNotFound,
    PositionNotHolding,
    ProductNotFound,
    ProductNotOpen,
    QuoteChanged,
    QuoteExpired,
    RedemptionNotFound,
    SpeedNotOffered,
    SubscriptionsStopped,
    UndoNotPossible,
    WholePositionOnly,
    WrongAsset,
)

# Types
from mooring.earn.facts import (
    AutoSubscriptionView,
    Destination,
    Overview,
    PledgeView,
    PositionView,
    ProductKind,
    ProductView,
    Quote,
    RedeemTo,
    RedemptionView,
    Source,
    Speed,
    SubscriptionQuote,
    TermsView,
    Wait,
    WindowView,
)
from mooring.earn.policies import (
    AUTO_SUBSCRIBE_MINUTES,
    DAILY_PAYOUT_DELAY_MINUTES,
    PAYOUT_DELAY_MINUTES,
    QUOTE_VALID_SECONDS,
)

# Queries
from mooring.earn.queries.auto_subscriptions import list_auto_subscriptions
from mooring.earn.queries.daily import daily_rates
from mooring.earn.queries.endings import flexible_product_of
from mooring.earn.queries.pledges import list_pledges
from mooring.earn.queries.positions import get_position, list_positions, overview
from mooring.earn.queries.products import get_product, list_products
from mooring.earn.queries.quotes import available_to_subscribe, quote_subscription
from mooring.earn.queries.redemption_quotes import quote_redemption, quote_ways
from mooring.earn.queries.redemptions import (
    LateRedemption,
    get_redemption,
    late_redemptions,
    list_redemptions,
)
from mooring.earn.queries.rewards import RewardsEarned, rewards_earned
from mooring.earn.queries.windows import list_windows, windows_at
from mooring.earn.rules.daily import DailyRates, Tier, TiersFrom
from mooring.earn.rules.rewards import balance_earning_a_unit_per_minute

__all__ = [
    "AUTO_SUBSCRIBE_MINUTES",
    "DAILY_PAYOUT_DELAY_MINUTES",
    "PAYOUT_DELAY_MINUTES",
    "QUOTE_VALID_SECONDS",
    "AboveMaximum",
    "AboveQuota",
    "AboveTotalQuota",
    "AmountExceedsPledge",
    "AmountExceedsPosition",
    "AmountNotPositive",
    "AmountPledged",
    "AutoSubscriptionNotPossible",
    "AutoSubscriptionView",
    "BelowMinimum",
    "BelowMinimumRemaining",
    "BelowRedeemMinimum",
    "Collateral",
    "CountryNotKnown",
    "DailyRates",
    "DailyRatesInThePast",
    "DailyRatesNotPossible",
    "DailyTiersMalformed",
    "Destination",
    "EarlyRedemptionNotAllowed",
    "Freeing",
    "KeyMalformed",
    "LateRedemption",
    "Maintenance",
    "MaturityChoiceTooLate",
    "NoFlexibleProduct",
    "NotOfferedInCountry",
    "NotRenewable",
    "Offer",
    "Overview",
    "PledgeNotFound",
    "PledgeNotPossible",
    "PledgeView",
    "PositionHasNoEnd",
    "PositionNotFound",
    "PositionNotHolding",
    "PositionView",
    "ProductKind",
    "ProductNotFound",
    "ProductNotOpen",
    "ProductView",
    "Quote",
    "QuoteChanged",
    "QuoteExpired",
    "RateInThePast",
    "RedeemTo",
    "Redeemed",
    "Redemption",
    "RedemptionNotFound",
    "RedemptionView",
    "RewardsEarned",
    "Source",
    "Speed",
    "SpeedNotOffered",
    "Subscribed",
    "Subscription",
    "SubscriptionQuote",
    "SubscriptionsStopped",
    "TermsView",
    "Tier",
    "TiersFrom",
    "UndoNotPossible",
    "Wait",
    "WholePositionOnly",
    "WindowMalformed",
    "WindowNotFound",
    "WindowOver",
    "WindowView",
    "WrongAsset",
    "announce_window",
    "available_to_subscribe",
    "balance_earning_a_unit_per_minute",
    "daily_rates",
    "end_window",
    "extend_window",
    "flexible_product_of",
    "get_position",
    "get_product",
    "get_redemption",
    "late_redemptions",
    "list_auto_subscriptions",
    "list_pledges",
    "list_positions",
    "list_products",
    "list_redemptions",
    "list_windows",
    "overview",
    "pledge",
    "publish",
    "quote_redemption",
    "quote_subscription",
    "quote_ways",
    "redeem",
    "redeem_one",
    "release",
    "rewards_earned",
    "set_auto_subscription",
    "set_daily_rates",
    "set_maturity_choice",
    "set_rate",
    "set_subscriptions_open",
    "subscribe",
    "subscribe_one",
    "undo",
    "windows_at",
]
