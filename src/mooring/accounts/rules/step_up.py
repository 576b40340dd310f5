"""
What each sensitive action asks of its person.

A factor alone where money moves by a rule that was agreed before (a withdrawal, an address);
password and factor where the log-in itself changes, for whoever holds one of the two must not
get the other.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Which proofs an action asks for."""

    needs_password: bool
    needs_factor: bool


FACTOR: Final = Requirement(needs_password=False, needs_factor=True)
PASSWORD_AND_FACTOR: Final = Requirement(needs_password=True, needs_factor=True)

#: Every sensitive action by its name; apps above add theirs with `accounts.step_up.declare`.
ACTIONS: Final[dict[str, Requirement]] = {
    "password.change": PASSWORD_AND_FACTOR,
    "email.change": PASSWORD_AND_FACTOR,
    "phone.change": PASSWORD_AND_FACTOR,
    "contact.remove": PASSWORD_AND_FACTOR,
    "anti_phishing.change": FACTOR,
    "language.change": FACTOR,
    "factor.add_passkey": PASSWORD_AND_FACTOR,
    "factor.add_totp": PASSWORD_AND_FACTOR,
    "factor.make_recovery_codes": PASSWORD_AND_FACTOR,
    "factor.remove": PASSWORD_AND_FACTOR,
    "factor.rename_passkey": FACTOR,
    "factor.switch_code": PASSWORD_AND_FACTOR,
    "api_key.create": PASSWORD_AND_FACTOR,
}


def in_full(requirement: Requirement, *, has_factor: bool) -> Requirement:
    """
    Return what is really asked for.

    Who has chosen no factor gives the password and a code that we send: an account cannot be
    taken over by a session alone.
    """
    return requirement if has_factor else PASSWORD_AND_FACTOR
