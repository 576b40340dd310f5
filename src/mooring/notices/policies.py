"""What an operator may set about notices."""

from mooring.policies import api as policies

KEEP_DAYS = policies.declare(
    key="notices.keep_days",
    kind=int,
    default=90,
    minimum=1,
    maximum=3650,
    unit="days",
    description="How long mails and SMS stay in the outbox after they were sent or given up.",
)

OPEN_TICKETS_MAX = policies.declare(
    key="notices.open_tickets_max",
    kind=int,
    default=20,
    minimum=1,
    maximum=1000,
    unit="tickets",
    description="How many questions of one customer can wait for an answer.",
)
