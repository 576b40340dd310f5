"""What an operator may set about people and their security."""

from mooring.policies import api as policies


def _hold(name: str, *, default: int, after: str) -> policies.Policy[int]:
    return policies.declare(
        key=f"hold.{name}_hours",
        kind=int,
        default=default,
        minimum=0,
        maximum=720,
        unit="hours",
        description=f"How long withdrawals wait after {after}; 0: they do not.",
    )


# Source: domain rules §3.4.
HOLD_PASSWORD_HOURS = _hold("password", default=24, after="a password was changed")
HOLD_FACTOR_ADDED_HOURS = _hold("factor_added", default=6, after="a second factor was added")
HOLD_FACTOR_REMOVED_HOURS = _hold(
    "factor_removed", default=24, after="a second factor was changed or removed"
)
HOLD_LOWER_FACTOR_HOURS = _hold(
    "lower_factor",
    default=24,
    after="something was confirmed with a weaker factor than the best that the person has",
)
HOLD_EMAIL_HOURS = _hold("email", default=72, after="the e-mail address was changed")
HOLD_PHONE_HOURS = _hold("phone", default=72, after="the mobile number was changed")
HOLD_NEW_DEVICE_HOURS = _hold("new_device", default=24, after="a log-in from a new device")
HOLD_RECOVERY_HOURS = _hold("recovery", default=72, after="an account was recovered")

DISABLE_LINK_DAYS = policies.declare(
    key="security.disable_link_days",
    kind=int,
    default=30,
    minimum=1,
    maximum=365,
    unit="days",
    description="How long the link in a security mail disables the account.",
)

SESSION_IDLE_MINUTES = policies.declare(
    key="session.idle_minutes",
    kind=int,
    default=30,
    minimum=5,
    maximum=1440,
    unit="minutes",
    description="How long a log-in lasts without use.",
)
SESSION_ABSOLUTE_HOURS = policies.declare(
    key="session.absolute_hours",
    kind=int,
    default=12,
    minimum=1,
    maximum=720,
    unit="hours",
    description="How long a log-in lasts at all, used or not.",
)
DEVICE_CONFIRM_NEW = policies.declare(
    key="device.confirm_new",
    kind=bool,
    default=True,
    description="Whether a log-in from a new browser needs a code that we send.",
)
