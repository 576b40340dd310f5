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
