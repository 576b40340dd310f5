"""What refusals about recovery say to a person; part of `web.refusals`."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from mooring.web.templatetags.mooring import utc

SENTENCES: Final[dict[str, Callable[[Any], str]]] = {
    "recovery_not_approved": lambda _refusal: _(
        "This recovery has not been approved yet. Nothing was changed."
    ),
    "recovery_not_found": lambda _refusal: _("There is no open recovery."),
    "recovery_not_needed": lambda _refusal: _(
        "This account has no second factor that could be lost: log in with your password."
    ),
    "recovery_not_proven": lambda _refusal: _(
        "That was too long ago, so nothing was changed. Please begin again."
    ),
    "recovery_not_ready": lambda refusal: (
        _("This recovery can be completed from %(time)s on. Nothing was changed.")
        % {"time": utc(refusal.ready_at)}
    ),
    "recovery_reason_wrong": lambda refusal: (
        _(
            "Write how you know that who asks is the owner, in one line of at most %(maximum)s "
            "characters: of an account of level 0 there is nothing to compare with. "
            "Nothing was approved."
        )
        % {"maximum": refusal.length_max}
    ),
}
