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

PASSKEYS_MAX = policies.declare(
    key="security.passkeys_max",
    kind=int,
    default=10,
    minimum=1,
    maximum=50,
    unit="passkeys",
    description="How many passkeys a person may have at a time.",
)

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

API_KEY_COUNT_MAX = policies.declare(
    key="apikey.count_max",
    kind=int,
    default=30,
    minimum=1,
    maximum=1_000,
    unit="keys",
    description="How many keys for programs an account may have at a time.",
)
RECOVERY_DELAY_HOURS = policies.declare(
    key="recovery.delay_hours",
    kind=int,
    default=72,
    minimum=1,
    maximum=720,
    unit="hours",
    description="How long the recovery of an account waits, so that its owner can object.",
)

VERIFICATION_AGE_MIN = policies.declare(
    key="verification.age_min",
    kind=int,
    default=18,
    minimum=16,
    maximum=30,
    unit="years",
    description="How old a customer must be to be verified.",
)
VERIFICATION_MEGABYTES_MAX = policies.declare(
    key="verification.document_megabytes_max",
    kind=int,
    default=8,
    minimum=1,
    maximum=16,
    unit="megabytes",
    description="How large a picture of a document may be as it is sent.",
)
VERIFICATION_MEGAPIXELS_MAX = policies.declare(
    key="verification.document_megapixels_max",
    kind=int,
    default=40,
    minimum=1,
    maximum=80,
    unit="megapixels",
    description="How many pixels a picture of a document may have as it is sent.",
)
VERIFICATION_FORMS = policies.declare(
    key="verification.forms_per_hour",
    kind=int,
    default=20,
    minimum=1,
    maximum=1_000,
    unit="forms per hour",
    description="How many forms with pictures an account may send in an hour, right or wrong.",
)
VERIFICATION_VIEWS_PER_DAY = policies.declare(
    key="verification.views_per_day",
    kind=int,
    default=200,
    minimum=1,
    maximum=10_000,
    unit="views",
    description="How many forms and pictures one reviewer may look at in 24 hours.",
)
VERIFICATION_PROVIDER = policies.declare(
    key="verification.provider",
    kind=str,
    default="reviewers",
    choices=("reviewers", "sandbox"),
    description="Who decides cases: reviewers, or in a sandbox everybody is approved at once.",
)


def _limit(name: str, *, default: int, maximum: int, description: str) -> policies.Policy[int]:
    return policies.declare(
        key=f"throttle.{name}",
        kind=int,
        default=default,
        minimum=1,
        maximum=maximum,
        unit="tries per hour",
        description=description,
    )


# Source: NIST SP 800-63B §5.2.2 (100 passwords), reliability programme row 17 (10 codes).
PASSWORD_TRIES = _limit(
    "passwords",
    default=99,
    maximum=100,
    description="How many passwords of one account are looked at in an hour; a third of it by"
    " each of address, number and log-in.",
)
PASSWORD_TRIES_UNKNOWN = _limit(
    "passwords_from_unknown_devices",
    default=66,
    maximum=99,
    description="How many of them may come from browsers that the person has not confirmed, and"
    " from one log-in.",
)
PASSWORD_TRIES_NETWORK = _limit(
    "passwords_by_network",
    default=300,
    maximum=100_000,
    description="How many passwords are looked at from one network, unconfirmed browsers only.",
)
CODE_TRIES = _limit(
    "codes",
    default=10,
    maximum=10,
    description="How many codes of one account are looked at in an hour.",
)
CODE_TRIES_UNKNOWN = _limit(
    "codes_from_unknown_devices",
    default=8,
    maximum=9,
    description="How many of them may come from browsers that the person has not confirmed, and"
    " from one log-in.",
)
CODE_TRIES_UNPROVEN = _limit(
    "codes_without_password",
    default=5,
    maximum=8,
    description="How many of them may come from somebody who has not given the password either.",
)
CODE_TRIES_NETWORK = _limit(
    "codes_by_network",
    default=300,
    maximum=100_000,
    description="How many codes are looked at from one network, unconfirmed browsers only.",
)
MESSAGES = _limit(
    "messages",
    default=8,
    maximum=100,
    description="How often a code for sign-up or a new password is sent to one address.",
)
MESSAGES_UNKNOWN = _limit(
    "messages_from_unknown_devices",
    default=4,
    maximum=99,
    description="How many of them may be asked for by browsers that the person has not confirmed.",
)
MESSAGES_NETWORK = _limit(
    "messages_by_network",
    default=60,
    maximum=100_000,
    description="How often such a code is asked for from one network.",
)

CODES_SENT_PER_HOUR = policies.declare(
    key="codes.sent_per_hour",
    kind=int,
    default=10,
    minimum=3,
    maximum=100,
    unit="codes",
    description="How many codes of a log-in are sent to a person in an hour, from anywhere.",
)

CODES_SENT_PER_HOUR_CONFIRMED = policies.declare(
    key="codes.sent_per_hour_confirmed",
    kind=int,
    default=30,
    minimum=3,
    maximum=300,
    unit="codes",
    description="The same from a browser that the person has confirmed, so that who knows a "
    "password cannot use all of them up.",
)
