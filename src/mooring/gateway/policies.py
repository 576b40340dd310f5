"""What an operator may set about the API."""

from django.conf import settings

from mooring.policies import api as policies

STRICT_SIGNATURES = policies.declare(
    key="api.strict_signatures",
    kind=bool,
    default=False,
    description=(
        "Whether a signature must be over the bytes as sent, as the exchange demands since 2026; "
        "otherwise one over the decoded text is taken too, as older clients make it."
    ),
)
EARN_INTERVAL_SECONDS = policies.declare(
    key="api.earn_interval_seconds",
    kind=int,
    # An integrator's tests should not have to wait.
    default=0 if settings.SANDBOX else 3,
    minimum=0,
    maximum=60,
    unit="seconds",
    description=(
        "How long an account waits between two subscriptions or redemptions by the API; 0: not "
        "at all."
    ),
)
TOKEN_SECONDS = policies.declare(
    key="api.token_seconds",
    kind=int,
    default=3_600,
    minimum=60,
    maximum=86_400,
    unit="seconds",
    description="How long a bearer token of our own API is good for.",
)
IDEMPOTENCY_HOURS = policies.declare(
    key="api.idempotency_hours",
    kind=int,
    default=24,
    minimum=1,
    maximum=720,
    unit="hours",
    description="How long our own API remembers what it answered under an Idempotency-Key.",
)
WEBHOOKS_MAX = policies.declare(
    key="api.webhooks_max",
    kind=int,
    default=5,
    minimum=0,
    maximum=100,
    unit="webhooks",
    description="How many webhooks an account may have; 0: nobody makes another.",
)
WEBHOOK_TRIES = policies.declare(
    key="api.webhook_tries",
    kind=int,
    # The last is 17 hours after the first.
    default=13,
    minimum=1,
    maximum=20,
    unit="tries",
    description=(
        "How often a message to a webhook is tried. The second try is 15 seconds after the "
        "first, and each further one after twice as long."
    ),
)
WEBHOOK_DAYS = policies.declare(
    key="api.webhook_days",
    kind=int,
    default=30,
    minimum=1,
    maximum=3_650,
    unit="days",
    description="How long messages to webhooks are kept, to be looked at and sent again.",
)
IP_WEIGHT_PER_MINUTE = policies.declare(
    key="api.ip_weight_per_minute",
    kind=int,
    default=12_000,
    minimum=100,
    maximum=10_000_000,
    unit="weight",
    description="How much weight an address may use of each endpoint under /sapi in a minute.",
)
UID_WEIGHT_PER_MINUTE = policies.declare(
    key="api.uid_weight_per_minute",
    kind=int,
    default=180_000,
    minimum=1_000,
    maximum=100_000_000,
    unit="weight",
    description="How much weight an account may use of each endpoint under /sapi in a minute.",
)
SPOT_WEIGHT_PER_MINUTE = policies.declare(
    key="api.spot_weight_per_minute",
    kind=int,
    default=6_000,
    minimum=100,
    maximum=10_000_000,
    unit="weight",
    description="How much weight an address may use under /api in a minute.",
)
REFUSALS_BEFORE_BAN = policies.declare(
    key="api.refusals_before_ban",
    kind=int,
    default=100,
    minimum=1,
    maximum=100_000,
    unit="requests",
    description=(
        "How many requests over its limit an address may send in a minute before it is answered "
        "nothing else (418)."
    ),
)
BAN_SECONDS = policies.declare(
    key="api.ban_seconds",
    kind=int,
    default=120,
    minimum=1,
    maximum=259_200,
    unit="seconds",
    description="How long an address that went on over its limit is answered nothing else.",
)
