"""
What a refusal says to a person, in their language.

One sentence per code; the message of the exception is for logs and programs. A refusal that
is not listed shows its own English sentence rather than nothing.
"""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from mooring.kernel.errors import Refusal
from mooring.web.templatetags.mooring import utc

_SENTENCES: Final[dict[str, Callable[[Any], str]]] = {
    "account_not_open": lambda _refusal: _("This account is not open."),
    "clock_only_moves_forward": lambda _refusal: _("The clock only moves forward."),
    "clock_too_far": lambda _refusal: _("The clock can be at most 20 years ahead."),
    "malformed_amount": lambda refusal: _(
        "Write the amount in plain digits with at most %(decimals)s decimals, for example 0.25."
    )
    % {"decimals": refusal.decimals_max},
    "not_a_sandbox": lambda _refusal: _("This is possible in a sandbox only."),
    "nothing_scheduled": lambda _refusal: _(
        "Nothing is scheduled: there is no next event to go to."
    ),
    "sandbox_step_unknown": lambda _refusal: _("Choose one of the offered steps."),
}

__all__ = ["sentence", "utc"]


def sentence(refusal: Refusal) -> str:
    """Return what a refusal says to a person."""
    say = _SENTENCES.get(refusal.code)
    return say(refusal) if say is not None else str(refusal)
