"""What an operator may set about Earn as a whole; a product's own numbers are its terms."""

from mooring.policies import api as policies

QUOTE_VALID_SECONDS = policies.declare(
    key="earn.quote_valid_seconds",
    kind=int,
    default=60,
    minimum=10,
    maximum=600,
    unit="seconds",
    description="How long a redemption quote can be confirmed.",
)

PAYOUT_DELAY_MINUTES = policies.declare(
    key="earn.payout_delay_minutes",
    kind=int,
    default=60,
    minimum=0,
    maximum=480,
    unit="minutes",
    description="How long after 00:00 UTC the rewards of a locked position's day are paid out.",
)

DAILY_PAYOUT_DELAY_MINUTES = policies.declare(
    key="earn.daily_payout_delay_minutes",
    kind=int,
    default=60,
    minimum=0,
    maximum=480,
    unit="minutes",
    description="How long after 00:00 UTC bonuses and extra rewards of a day are paid out.",
)

QUEUE_WINDOW_MINUTES = policies.declare(
    key="earn.queue_window_minutes",
    kind=int,
    default=60,
    minimum=1,
    maximum=1440,
    unit="minutes",
    description="How long after its time a redemption that waited has to have arrived.",
)

AUTO_SUBSCRIBE_MINUTES = policies.declare(
    key="earn.auto_subscribe_minutes",
    kind=int,
    default=120,
    minimum=0,
    maximum=1439,
    unit="minutes",
    description="How long after 00:00 UTC free spot is subscribed for who has switched that on.",
)
