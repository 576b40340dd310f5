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
from mooring.earn.actions.set_daily_rates import (
    DailyRatesInThePast,
    DailyRatesNotPossible,
    DailyTiersMalformed,
    set_daily_rates,
)
from mooring.earn.actions.subscribe import subscribe, subscribe_one
from mooring.earn.actions.subscription_requests import Subscribed, Subscription
from mooring.earn.actions.undo import undo

# Refusals
from mooring.earn.errors import (
    AboveMaximum,
    AboveQuota,
    AboveTotalQuota,
    AmountExceedsPosition,
    AmountExceedsPledge,
    AmountNotPositive,
    BelowMinimum,
    AmountPledged,
    BelowMinimumRemaining,
    CountryNotKnown,
    BelowRedeemMinimum,
    EarlyRedemptionNotAllowed,
    KeyMalformed,
    NotOfferedInCountry,
    PositionNotFound,
    PositionNotHolding,
    ProductNotFound,
    ProductNotOpen,
    QuoteChanged,
    QuoteExpired,
    RedemptionNotFound,
    SubscriptionsStopped,
    UndoNotPossible,
    WholePositionOnly,
    WrongAsset,
)

# Types
    SpeedNotOffered,
from mooring.earn.facts import (
    Destination,
    Overview,
    PositionView,
    ProductKind,
    ProductView,
    Quote,
    RedemptionView,
    Source,
    SubscriptionQuote,
    PledgeView,
    TermsView,
    Wait,
    WindowView,
)
from mooring.earn.policies import (
    DAILY_PAYOUT_DELAY_MINUTES,
    PAYOUT_DELAY_MINUTES,
    Speed,
    QUOTE_VALID_SECONDS,
)

# Queries
from mooring.earn.queries.daily import daily_rates
from mooring.earn.queries.positions import get_position, list_positions, overview
from mooring.earn.queries.products import get_product, list_products
from mooring.earn.queries.quotes import available_to_subscribe, quote_subscription
from mooring.earn.queries.redemption_quotes import quote_redemption, quote_ways
from mooring.earn.queries.redemptions import get_redemption, list_redemptions
from mooring.earn.queries.windows import list_windows, windows_at
from mooring.earn.rules.daily import DailyRates, Tier, TiersFrom
from mooring.earn.rules.rewards import balance_earning_a_unit_per_minute

__all__ = [
    "DAILY_PAYOUT_DELAY_MINUTES",
    "PAYOUT_DELAY_MINUTES",
    "QUOTE_VALID_SECONDS",
    "AboveMaximum",
    "AboveQuota",
    "AboveTotalQuota",
    "AmountExceedsPosition",
    "AmountNotPositive",
    "BelowMinimum",
    "BelowMinimumRemaining",
    "CountryNotKnown",
    "DailyRates",
    "DailyRatesInThePast",
    "DailyRatesNotPossible",
    "DailyTiersMalformed",
    "Destination",
    "AmountExceedsPledge",
    "EarlyRedemptionNotAllowed",
    "KeyMalformed",
    "AmountPledged",
    "Maintenance",
    "NotOfferedInCountry",
    "BelowRedeemMinimum",
    "Collateral",
    "Offer",
    "Overview",
    "PositionNotFound",
    "PositionNotHolding",
    "PositionView",
    "ProductKind",
    "ProductNotFound",
    "Freeing",
    "ProductNotOpen",
    "ProductView",
    "Quote",
    "QuoteChanged",
    "QuoteExpired",
    "RateInThePast",
    "Redeemed",
    "Redemption",
    "RedemptionNotFound",
    "RedemptionView",
    "Source",
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
    "Speed",
    "SpeedNotOffered",
    "daily_rates",
    "end_window",
    "extend_window",
    "get_position",
    "get_product",
    "get_redemption",
    "list_positions",
    "list_products",
    "list_redemptions",
    "list_windows",
    "overview",
    "publish",
    "quote_redemption",
    "quote_subscription",
    "redeem",
    "redeem_one",
    "set_daily_rates",
    "set_rate",
    "set_subscriptions_open",
    "subscribe",
    "subscribe_one",
    "undo",
    "windows_at",
]
    "list_pledges",
    "pledge",
    "quote_ways",
    "release",
