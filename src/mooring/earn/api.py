"""The door of Earn."""

# Actions
from mooring.earn.actions.decide_proposal import decide_proposal
from mooring.earn.actions.end_product import EndNotPossible, end_product
from mooring.earn.actions.liquid_positions import follow_tokens
from mooring.earn.actions.maintain import (
    Maintenance,
    WindowMalformed,
    WindowNotFound,
    WindowOver,
    announce_window,
    end_window,
    extend_window,
)
from mooring.earn.actions.move_stake import StakeMove, move_stake
from mooring.earn.actions.pledge import Collateral, Freeing, pledge, release
from mooring.earn.actions.propose import Change, propose
from mooring.earn.actions.publish import (
    Offer,
    RateAfterEnd,
    RateInThePast,
    publish,
    set_rate,
    set_subscriptions_open,
)
from mooring.earn.actions.publish_liquid import publish_liquid, publish_ratio, publish_unbonding
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
from mooring.earn.actions.stake import stake, stake_one
from mooring.earn.actions.subscribe import subscribe, subscribe_one
from mooring.earn.actions.subscription_requests import Subscribed, Subscription
from mooring.earn.actions.undo import LaterRedemptionFirst, undo
from mooring.earn.actions.unstake import Unstaking, unstake, unstake_one

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
    Destination,
    Family,
    PledgeView,
    PositionView,
    ProductKind,
    ProductView,
    Quote,
    RedeemTo,
    RedemptionView,
    RewardsApart,
    Source,
    Speed,
    SubscriptionQuote,
    TermsView,
    Wait,
    WindowView,
)
from mooring.earn.liquid_errors import (
    AboveDailyQuota,
    LiquidStakingOnly,
    PublishedInThePast,
    RatioFalls,
    RatioNotKnown,
    StakeTooSmall,
)
from mooring.earn.liquid_facts import UnstakingQuote
from mooring.earn.policies import (
    AUTO_SUBSCRIBE_MINUTES,
    PAYOUT_DELAY_MINUTES,
    QUOTE_VALID_SECONDS,
)
from mooring.earn.proposal_errors import (
    ProposalDecided,
    ProposalNotFound,
    ProposalTooLate,
    SecondPersonNeeded,
)

# Queries
from mooring.earn.queries.auto_subscriptions import list_auto_subscriptions
from mooring.earn.queries.consents import consents_of
from mooring.earn.queries.daily import daily_rates
from mooring.earn.queries.endings import flexible_product_of
from mooring.earn.queries.estimates import estimate_earning
from mooring.earn.queries.flexible_positions import FlexiblePosition, list_flexible_positions
from mooring.earn.queries.holdings import find_flexible_positions
from mooring.earn.queries.liquid import ratio_history, ratios_at, unbonding_at
from mooring.earn.queries.liquid_days import gained_between, gains_by_day, ratios_by_day
from mooring.earn.queries.liquidity import Liquidity, list_liquidity
from mooring.earn.queries.pledges import list_pledges
from mooring.earn.queries.positions import get_position, list_positions, overview
from mooring.earn.queries.products import get_product, list_products, products_since
from mooring.earn.queries.proposals import ProposalView, list_proposals
from mooring.earn.queries.quotas import QuotaLeft, quotas_left, totals_in_assets
from mooring.earn.queries.quotes import (
    StakingQuote,
    available_to_subscribe,
    quote_staking,
    quote_subscription,
)
from mooring.earn.queries.rate_history import rate_history
from mooring.earn.queries.records import (
    RecordFilter,
    Records,
    RewardKind,
    RewardRecord,
    SubscriptionRecord,
    redemption_records,
    reward_records,
    subscription_records,
)
from mooring.earn.queries.redemption_quotes import quote_redemption, quote_ways
from mooring.earn.queries.redemptions import (
    LateRedemption,
    get_redemption,
    late_redemptions,
    list_redemptions,
)
from mooring.earn.queries.rewards import (
    RewardsEarned,
    RewardsOfDay,
    rewards_by_day,
    rewards_earned,
)
from mooring.earn.queries.rewards_paid import RewardPaid, list_rewards_paid
from mooring.earn.queries.schedules import (
    announced_product,
    list_rates,
    list_ratios,
    list_terms,
    list_unbonding,
    next_changes,
)
from mooring.earn.queries.unstaking import left_to_unstake, quote_unstaking
from mooring.earn.queries.ways_out import left_at_once
from mooring.earn.queries.windows import list_windows, windows_at
from mooring.earn.rules.claw_back import RewardPriceNotKnown
from mooring.earn.rules.daily import DailyRates, Tier, TiersFrom
from mooring.earn.rules.estimates import (
    Estimate,
    EstimateAmountOutOfRange,
    EstimateDaysOutOfRange,
    EstimateTooLarge,
    WayOut,
    days_most,
)
from mooring.earn.rules.liquid import Unbonding
from mooring.earn.rules.proposals import FIELDS as PROPOSAL_FIELDS
from mooring.earn.rules.proposals import ProposalMalformed
from mooring.earn.rules.proposals import read_payload as read_proposal
from mooring.earn.rules.rewards import locked_reward
from mooring.earn.sealed_quotes import (
    QuoteUnreadable,
    open_quote,
    open_unstaking,
    seal_quote,
    seal_unstaking,
)

__all__ = [
    "AUTO_SUBSCRIBE_MINUTES",
    "PAYOUT_DELAY_MINUTES",
    "PROPOSAL_FIELDS",
    "QUOTE_VALID_SECONDS",
    "AboveDailyQuota",
    "AboveMaximum",
    "AboveQuota",
    "AboveTotalQuota",
    "AmountExceedsPledge",
    "AmountExceedsPosition",
    "AmountNotPositive",
    "AmountPledged",
    "AutoSubscriptionNotPossible",
    "BelowMinimum",
    "BelowMinimumRemaining",
    "BelowRedeemMinimum",
    "Change",
    "Collateral",
    "CountryNotKnown",
    "DailyRates",
    "DailyRatesInThePast",
    "DailyRatesNotPossible",
    "DailyTiersMalformed",
    "Destination",
    "EarlyRedemptionNotAllowed",
    "EndNotPossible",
    "Estimate",
    "EstimateAmountOutOfRange",
    "EstimateDaysOutOfRange",
    "EstimateTooLarge",
    "Family",
    "FlexiblePosition",
    "Freeing",
    "KeyMalformed",
    "LateRedemption",
    "LaterRedemptionFirst",
    "LiquidStakingOnly",
    "Liquidity",
    "Maintenance",
    "MaturityChoiceTooLate",
    "NoFlexibleProduct",
    "NotOfferedInCountry",
    "NotRenewable",
    "Offer",
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
    "ProposalDecided",
    "ProposalMalformed",
    "ProposalNotFound",
    "ProposalTooLate",
    "ProposalView",
    "PublishedInThePast",
    "QuotaLeft",
    "Quote",
    "QuoteChanged",
    "QuoteExpired",
    "QuoteUnreadable",
    "RateAfterEnd",
    "RateInThePast",
    "RatioFalls",
    "RatioNotKnown",
    "RecordFilter",
    "Records",
    "RedeemTo",
    "Redeemed",
    "Redemption",
    "RedemptionNotFound",
    "RedemptionView",
    "RewardKind",
    "RewardPaid",
    "RewardPriceNotKnown",
    "RewardRecord",
    "RewardsApart",
    "RewardsEarned",
    "RewardsOfDay",
    "SecondPersonNeeded",
    "Source",
    "Speed",
    "SpeedNotOffered",
    "StakeMove",
    "StakeTooSmall",
    "StakingQuote",
    "Subscribed",
    "Subscription",
    "SubscriptionQuote",
    "SubscriptionRecord",
    "SubscriptionsStopped",
    "TermsView",
    "Tier",
    "TiersFrom",
    "Unbonding",
    "UndoNotPossible",
    "Unstaking",
    "UnstakingQuote",
    "Wait",
    "WayOut",
    "WholePositionOnly",
    "WindowMalformed",
    "WindowNotFound",
    "WindowOver",
    "WindowView",
    "WrongAsset",
    "announce_window",
    "announced_product",
    "available_to_subscribe",
    "consents_of",
    "daily_rates",
    "days_most",
    "decide_proposal",
    "end_product",
    "end_window",
    "estimate_earning",
    "extend_window",
    "find_flexible_positions",
    "flexible_product_of",
    "follow_tokens",
    "gained_between",
    "gains_by_day",
    "get_position",
    "get_product",
    "get_redemption",
    "late_redemptions",
    "left_at_once",
    "left_to_unstake",
    "list_auto_subscriptions",
    "list_flexible_positions",
    "list_liquidity",
    "list_pledges",
    "list_positions",
    "list_products",
    "list_proposals",
    "list_rates",
    "list_ratios",
    "list_redemptions",
    "list_rewards_paid",
    "list_terms",
    "list_unbonding",
    "list_windows",
    "locked_reward",
    "move_stake",
    "next_changes",
    "open_quote",
    "open_unstaking",
    "overview",
    "pledge",
    "products_since",
    "propose",
    "publish",
    "publish_liquid",
    "publish_ratio",
    "publish_unbonding",
    "quotas_left",
    "quote_redemption",
    "quote_staking",
    "quote_subscription",
    "quote_unstaking",
    "quote_ways",
    "rate_history",
    "ratio_history",
    "ratios_at",
    "ratios_by_day",
    "read_proposal",
    "redeem",
    "redeem_one",
    "redemption_records",
    "release",
    "reward_records",
    "rewards_by_day",
    "rewards_earned",
    "seal_quote",
    "seal_unstaking",
    "set_auto_subscription",
    "set_daily_rates",
    "set_maturity_choice",
    "set_rate",
    "set_subscriptions_open",
    "stake",
    "stake_one",
    "subscribe",
    "subscribe_one",
    "subscription_records",
    "totals_in_assets",
    "unbonding_at",
    "undo",
    "unstake",
    "unstake_one",
    "windows_at",
]
