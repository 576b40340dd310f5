"""What Earn knows of products, positions and redemptions, as other apps and its rules see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from mooring.kernel.money import Amount

ProductKind = Literal["FLEXIBLE", "LOCKED", "LIQUID"]
Family = Literal["SIMPLE", "ONCHAIN"]
Destination = Literal["SPOT", "FUNDING"]
#: Where a locked position's principal goes at its end; FLEXIBLE: the asset's flexible product.
RedeemTo = Literal["SPOT", "FUNDING", "FLEXIBLE"]
#: What pays for a subscription; ALL: spot first, then funding.
Source = Literal["SPOT", "FUNDING", "ALL"]
#: Flexible: at once within the day's limits, or after the product's standard period.
Speed = Literal["FAST", "STANDARD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsView:
    """
    What a product promises from a time on.

    Args:
        id: names this version of the terms; stored with each position.
        apr, duration_days: locked only; the yearly rate as a fraction.
        maximum: per subscription.
        quota_total: what all customers together may hold.
        excluded_countries: whose residents cannot subscribe, ISO 3166.
        fee_rate: share of what leaves at once (flexible) or early (locked).
        is_instant: flexible: it can leave at once, within the limits per UTC day.
        standard_days, standard_fee_rate: flexible: the slower way out, where there is one.
        is_renewable: locked: the principal may go into a new position at its end.
        reward_asset: locked: what rewards are paid in, None for the asset itself.
        delivery_hours_min, delivery_hours_max: after an early redemption.
        grace_seconds: how long an early redemption can be undone.
    """

    id: int
    minimum: Decimal
    minimum_remaining: Decimal
    quota_per_person: Decimal | None
    fee_rate: Decimal
    apr: Decimal | None
    duration_days: int | None
    redeem_period_days: int
    early_redemption: str
    claw_back: str
    delivery_hours_min: int
    delivery_hours_max: int
    grace_seconds: int
    maximum: Decimal | None = None
    quota_total: Decimal | None = None
    excluded_countries: Sequence[str] = ()
    redeem_minimum: Decimal = Decimal(0)
    is_instant: bool = True
    daily_limit_per_person: Decimal | None = None
    daily_limit_total: Decimal | None = None
    standard_days: int | None = None
    standard_fee_rate: Decimal = Decimal(0)
    is_renewable: bool = False
    reward_asset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductView:
    """
    A product with its present terms.

    Args:
        apr: yearly rate as a fraction (0.05 = 5 %).
        token: liquid staking: what a customer holds instead of the asset.
        retires_at: when the operator ends it, if that is decided.
    """

    id: int
    code: str
    kind: ProductKind
    asset: str
    subscriptions_open: bool
    apr: Decimal
    terms: TermsView
    family: Family = "SIMPLE"
    token: str | None = None
    retires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionView:
    """
    A customer's position at a time.

    Args:
        amount: in the position, rewards that were credited included.
        pledged, queued: the parts of it that secure a loan, and that leave at a later time.
        accrued: earned and not credited (flexible) or not paid (locked) yet; as `rewards_paid`
            in the asset of the rewards.
        rewards_paid: credited or paid so far, clawed back ones included; flexible: with the bonus;
            liquid staking: what the tokens gained by their ratio.
        bonus_pending: flexible: of days that are over, to be paid; None for none.
        free: what can be redeemed now.
        version: changes with every subscription, redemption and undo.
        tokens, ratio: liquid staking: what the customer holds; `amount` and `free` are what it
            is worth at the present ratio.
    """

    id: int
    account_id: int
    product: ProductView
    asset: str
    kind: ProductKind
    status: str
    amount: Amount
    accrued: Amount
    rewards_paid: Amount
    free: Amount
    apr: Decimal
    opened_at: datetime
    closed_at: datetime | None
    value_date: datetime | None
    rewards_end: datetime | None
    delivers_at: datetime | None
    days_total: int | None
    days_accrued: int | None
    days_paid: int | None
    version: int
    terms: TermsView
    pledged: Amount
    queued: Amount
    auto_renew: bool
    redeem_to: str
    renewed_from: int | None
    tokens: Amount | None = None
    ratio: Decimal | None = None
    bonus_pending: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """
    What staying longer brings: until when, and how much more than leaving now.

    Locked: until the end. Flexible: until the UTC day ends, whose bonus the amount keeps then.

    Args:
        extra_more: flexible: of the extra reward of the day; locked: of rewards in another asset.
    """

    until: datetime
    delivered_at: datetime
    receive_more: Amount
    receive_total: Amount
    extra_more: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardsApart:
    """
    What leaving does to rewards that are paid in another asset than the position's, in it.

    Args:
        deducted: paid ones that are taken back: out of spot, or, where there is a `price`, out of
            the principal, in whose asset a unit of them costs that.
        forfeited: earned ones that are dropped.
        kept: earned ones that are paid to spot with the delivery.
    """

    deducted: Amount
    forfeited: Amount
    kept: Amount
    price: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """
    Every consequence of a redemption, before it (EARN-4); redeeming does exactly this.

    Args:
        whole: the whole position leaves.
        amount: what leaves the position, accrued rewards of a flexible one included.
        principal: the part of `amount` that is not reward accrued since the last credit.
        rewards_kept: paid before and not taken back.
        accrued: earned, not yet credited or paid.
        forfeited: the part of `accrued` that is dropped.
        deducted: paid rewards taken back out of the principal.
        net: what arrives = amount - deducted - fee + accrued locked rewards that are kept.
        remaining: what stays in the position.
        minute: flexible: rewards run up to this minute, that of the quote.
        version: of the position; after anything else happened to it, the quote is void.
        key: names the quote; redeeming it twice redeems once.
        wait: what staying would bring; None where it brings nothing more.
        speed: flexible: which way out it takes, whatever was asked for.
        queued_because, runs_at: flexible: it waits, earning, why and until when.
        earns_meanwhile: flexible, waiting: what the amount earns until then at the present rate;
            it arrives with it where everything was asked for, and stays in the position otherwise.
        left_today: flexible, fast: what may still leave at once today; None without a limit.
        rewards_apart: locked, where rewards are in another asset; `rewards_kept` and `accrued`
            are in it then.
    """

    key: str
    account_id: int
    position_id: int
    product_code: str
    kind: ProductKind
    asset: str
    is_early: bool
    whole: bool
    amount: Amount
    principal: Amount
    rewards_kept: Amount
    accrued: Amount
    rewards_added: Amount
    forfeited: Amount
    deducted: Amount
    fee: Amount
    net: Amount
    remaining: Amount
    destination: Destination
    arrives_from: datetime
    arrives_until: datetime
    undo_until: datetime | None
    quoted_at: datetime
    valid_until: datetime
    minute: int
    version: int
    terms_id: int
    wait: Wait | None
    speed: str = ""
    queued_because: str = ""
    runs_at: datetime | None = None
    earns_meanwhile: Amount | None = None
    left_today: Amount | None = None
    rewards_apart: RewardsApart | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing is lost: no deduction, no forfeit, no fee."""
        lost = [self.deducted, self.forfeited, self.fee]
        if self.rewards_apart is not None:
            lost += [self.rewards_apart.deducted, self.rewards_apart.forfeited]
        return all(amount.is_zero for amount in lost)

    @property
    def is_instant(self) -> bool:
        """Whether the money is there at once."""
        return self.arrives_until <= self.quoted_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionQuote:
    """
    What subscribing means, before it.

    `rewards_total` and `reward_daily` are of the whole term (locked) or of the first day at
    the present rate (flexible); the flexible rate may change, the locked one does not.
    """

    product: ProductView
    amount: Amount
    available: Amount
    quota_left: Amount | None
    value_date: datetime | None
    rewards_end: datetime | None
    delivers_at: datetime | None
    reward_daily: Amount
    rewards_total: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionView:
    """
    A redemption at a time.

    Args:
        late: its window has passed without the money.
        speed: flexible: which way out.
        queued_because, runs_at: it waits or waited, why, and until when.
        is_whole: everything was asked for; what waits takes along what it earns until it runs.
        late_at: when it was found to be late; the operator has been told.
        ratio: liquid staking: that of the request; `amount` is in tokens, `net` in the asset.
        diverted_to, diverted_because: it could not go to `destination`: where it went instead, and
            the code of the refusal. Empty: it went there.
        rewards_apart: as in `Quote`.
    """

    id: int
    position_id: int
    product_code: str
    asset: str
    type: str
    status: str
    destination: Destination
    amount: Amount
    deducted: Amount
    forfeited: Amount
    rewards_added: Amount
    fee: Amount
    net: Amount
    requested_at: datetime
    arrives_from: datetime
    arrives_until: datetime
    undo_until: datetime | None
    paid_at: datetime | None
    cancelled_at: datetime | None
    late: bool
    speed: str = ""
    queued_because: str = ""
    runs_at: datetime | None = None
    is_whole: bool = False
    late_at: datetime | None = None
    ratio: Decimal | None = None
    diverted_to: str = ""
    diverted_because: str = ""
    rewards_apart: RewardsApart | None = None

    @property
    def is_instant(self) -> bool:
        """Whether it arrived in the moment it was asked for."""
        return self.arrives_until == self.requested_at


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoSubscriptionView:
    """
    A wish that free spot goes into a flexible product once a day.

    Args:
        ran_on: the UTC day of its last run; None before the first.
    """

    product_code: str
    asset: str
    since: datetime
    ran_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeView:
    """A part of a position that its holder keeps from being redeemed, at its present size."""

    id: int
    holder: str
    amount: Amount
    pledged_at: datetime


@dataclass(frozen=True, slots=True)
class WindowView:
    """
    A maintenance window.

    Args:
        product_code, asset: what it concerns; neither: everything.
        reason: as the operator wrote it, for customers.
        ended_at: when it ended, if not as expected.
    """

    id: int
    product_code: str | None
    asset: str | None
    stops_subscriptions: bool
    stops_redemptions: bool
    reason: str
    starts_at: datetime
    expected_end: datetime
    ended_at: datetime | None

    @property
    def ends_at(self) -> datetime:
        """When it ends, as far as is known."""
        return self.expected_end if self.ended_at is None else self.ended_at

    def is_running(self, at: datetime) -> bool:
        """Whether it is in force."""
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything staked by one customer (EARN-1)."""

    positions: tuple[PositionView, ...]
    on_their_way: tuple[RedemptionView, ...]
