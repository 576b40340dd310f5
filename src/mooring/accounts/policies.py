"""What an operator may set about people and their security."""

from mooring.policies import api as policies

HOLD_PASSWORD_HOURS = policies.declare(
    key="hold.password_hours",
    kind=int,
    default=24,
    minimum=0,
    maximum=720,
    unit="hours",
    description="How long withdrawals wait after a password was changed.",
)
