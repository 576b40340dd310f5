"""What goes in and out of `/v1`, as its description says it."""

from datetime import datetime
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from ninja import Field, Schema
from pydantic import ConfigDict

from mooring.kernel.money import Amount
from mooring.kernel.money import plain as plain_number

Item = TypeVar("Item")
#: An amount as text: digits, and at most 18 decimals.
AmountText = Annotated[
    str,
    Field(pattern=r"^[0-9]{1,20}(\.[0-9]{1,18})?$", examples=["250.5"], max_length=40),
]
Destination = Literal["SPOT", "FUNDING"]
Topic = Literal["redemption", "reward", "hold"]
_A_TIME: Final = "2026-03-01T00:00:00Z"


class Asked(Schema):
    """What is sent: a field that is not described is refused."""

    model_config = ConfigDict(extra="forbid")


class Money(Schema):
    """An amount of an asset; the amount is text, so that no digit is lost."""

    amount: str = Field(examples=["250.5"])
    asset: str = Field(examples=["USDT"])


class Position(Schema):
    """A position in Earn, as it is now."""

    id: int = Field(examples=[7])
    product_code: str = Field(examples=["USDT001"])
    kind: Literal["FLEXIBLE", "LOCKED", "LIQUID"]
    status: str = Field(examples=["HOLDING"])
    amount: Money
    free: Money
    pledged: Money
    queued: Money
    accrued: Money
    rewards_paid: Money
    apr: str = Field(examples=["0.05"], description="Yearly, as a fraction.")
    opened_at: datetime
    rewards_end: datetime | None
    delivers_at: datetime | None


class QuoteAsked(Asked):
    """What a redemption should be quoted for."""

    amount: AmountText | None = Field(
        default=None, description="Of liquid staking in tokens; left out: everything."
    )
    destination: Destination = "SPOT"
    speed: Literal["FAST", "STANDARD"] = Field(
        default="FAST", description="Of flexible products that have two ways out."
    )


class Waiting(Schema):
    """What staying longer brings."""

    until: datetime
    receive_more: Money
    receive_total: Money


class Quote(Schema):
    """
    Every consequence of a redemption, before it.

    `net` = `amount` - `deducted` - `fee`, plus rewards of a locked position that are kept.
    """

    quote: str = Field(description="Send it to POST /v1/redemptions to do exactly this.")
    position_id: int = Field(examples=[7])
    is_early: bool
    is_whole: bool
    amount: Money
    rewards_kept: Money
    accrued: Money
    forfeited: Money
    deducted: Money
    fee: Money
    net: Money
    remaining: Money
    ratio: str | None = Field(description="Liquid staking: what a token is worth.")
    destination: str = Field(examples=["SPOT"])
    arrives_from: datetime
    arrives_until: datetime
    queued_because: str = Field(examples=[""], description="DAILY_LIMIT, MAINTENANCE or empty.")
    runs_at: datetime | None
    undo_until: datetime | None
    valid_until: datetime
    wait: Waiting | None


class RedemptionAsked(Asked):
    """A quote, as it was given."""

    quote: str = Field(max_length=8_000)


class Redemption(Schema):
    """A redemption and where it is."""

    id: int = Field(examples=[11])
    position_id: int = Field(examples=[7])
    product_code: str = Field(examples=["USDT001"])
    type: str = Field(examples=["EARLY"])
    status: str = Field(examples=["PENDING"], description="QUEUED, PENDING, PAID or CANCELLED.")
    amount: Money
    deducted: Money
    forfeited: Money
    fee: Money
    net: Money
    destination: str = Field(examples=["SPOT"])
    requested_at: datetime = Field(examples=[_A_TIME])
    arrives_from: datetime
    arrives_until: datetime
    queued_because: str = Field(examples=[""])
    runs_at: datetime | None
    undo_until: datetime | None = Field(description="Until then POST …/undo takes it back.")
    paid_at: datetime | None
    cancelled_at: datetime | None
    is_late: bool


class Page(Schema, Generic[Item]):
    """A page of a list, newest first; `next_cursor` is empty on the last."""

    items: list[Item]
    next_cursor: str = Field(examples=[""])


class Hold(Schema):
    """Withdrawals wait: why, since when, until when."""

    cause: str = Field(examples=["PASSWORD_CHANGED"])
    begins_at: datetime
    ends_at: datetime


class Notice(Schema):
    """A message to the account's owner."""

    id: int = Field(examples=[3])
    kind: str = Field(examples=["redemption_late"])
    topic: str = Field(examples=["EARN"])
    subject: str
    body: str
    written_at: datetime
    is_read: bool


class RateSince(Schema):
    """From when on a product paid which rate, or a token was worth how much."""

    since: datetime
    rate: str = Field(examples=["0.05"])


class RateHistory(Schema):
    """What a product paid over time, newest first; of liquid staking the ratio."""

    product_code: str = Field(examples=["USDT001"])
    unit: Literal["YEARLY_RATE", "RATIO"]
    changes: list[RateSince]


class TokenMade(Schema):
    """A bearer token: `Authorization: Bearer …`."""

    token: str
    expires_at: datetime


class Reward(Schema):
    """A reward that a position was paid."""

    position_id: int = Field(examples=[7])
    product_code: str = Field(examples=["USDT001"])
    kind: Literal["REALTIME", "BONUS", "EXTRA", "LOCKED"]
    amount: Money
    paid_at: datetime


class RedemptionTold(Schema):
    """A redemption reached a status; the redemption is as it was when this was first sent."""

    type: Literal[
        "redemption.queued", "redemption.pending", "redemption.paid", "redemption.cancelled"
    ]
    timestamp: datetime
    data: Redemption


class RewardTold(Schema):
    """A reward was paid."""

    type: Literal["reward.paid"]
    timestamp: datetime
    data: Reward


class HoldTold(Schema):
    """Withdrawals wait from now on."""

    type: Literal["hold.begun"]
    timestamp: datetime
    data: Hold


class Nothing(Schema):
    """Nothing is said."""


class PingTold(Schema):
    """A test message."""

    type: Literal["ping"]
    timestamp: datetime
    data: Nothing


#: What webhooks are told, by topic.
TOLD: Final[dict[str, type[Schema]]] = {
    "redemption": RedemptionTold,
    "reward": RewardTold,
    "hold": HoldTold,
    "ping": PingTold,
}


class WebhookAsked(Asked):
    """An address, and what it is to be told of."""

    url: str = Field(
        max_length=500,
        examples=["https://hooks.example.com/mooring"],
        description="https, on port 443 or 8443 of a public host.",
    )
    topics: list[Topic] = Field(
        default=["redemption", "reward", "hold"], min_length=1, max_length=3
    )


class Webhook(Schema):
    """An address that is told what happens."""

    id: int = Field(examples=[5])
    url: str = Field(examples=["https://hooks.example.com/mooring"])
    topics: list[Topic]
    created_at: datetime
    failures: int = Field(examples=[0], description="Tries in a row that failed.")
    quiet_until: datetime | None = Field(description="No try is made before, in real time.")


class WebhookSecret(Schema):
    """What the messages of a webhook are signed with."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class Delivery(Schema):
    """
    A message to a webhook, and how its last try went; every time is the real one.

    It was sent with the id `msg_` and its number.
    """

    id: int = Field(examples=[31])
    webhook_id: int = Field(examples=[5])
    type: str = Field(examples=["redemption.paid"])
    status: Literal["WAITING", "SENDING", "SENT", "FAILED"]
    tries: int = Field(examples=[1])
    next_try_at: datetime | None
    tried_at: datetime | None
    answered: int | None = Field(examples=[200], description="The status of HTTP.")
    failure: str = Field(examples=[""], description="Why the last try does not count.")
    recorded_at: datetime
    body: str = Field(
        examples=['{"type": "ping", "timestamp": "2026-03-01T00:00:00Z", "data": {}}'],
        description="As it is sent; empty before it was the first time.",
    )


class Clock(Schema):
    """The platform's time."""

    at: datetime = Field(examples=[_A_TIME])
    settled_through: datetime | None = Field(
        description="Everything that became due by then was done; null: the worker never ran."
    )


class ClockAsked(Asked):
    """To when the clock is to be moved."""

    to: datetime = Field(examples=["2026-03-31T00:00:00Z"])


class Wrong(Schema):
    """A field that was wrong, and what is allowed."""

    field: str = Field(examples=["amount"])
    allowed: str


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["earn_amount_exceeds_position"])
    detail: str
    errors: list[Wrong] = Field(default=[])


def money(amount: Amount) -> dict[str, str]:
    """Return an amount as `Money`."""
    return {"amount": plain_number(amount.number), "asset": amount.asset}


def moment(at: datetime | None) -> str | None:
    """Return a time as JSON has it."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def plain(facts: Any, *names: str) -> dict[str, Any]:
    """Return facts of these names as JSON has them."""
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(facts, name)
        if isinstance(value, Amount):
            value = money(value)
        elif isinstance(value, datetime):
            value = moment(value)
        found[name] = value
    return found
