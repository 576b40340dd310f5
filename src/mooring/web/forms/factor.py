"""Second factors, as they are typed."""

import json
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

#: Longer than any passkey's answer.
_ANSWER_LENGTH: Final = 20_000
#: What a person may call a passkey.
_NAME_LENGTH: Final = 40


class CodeForm(forms.Form):
    """One code; the page says of what."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        error_messages={"required": _("Write the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class PasskeyNameForm(forms.Form):
    """What a person calls a passkey."""

    name = forms.CharField(
        label=_("Name"),
        max_length=_NAME_LENGTH,
        error_messages={"required": _("Give it a name, such as the device it is in.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def read_answer(sent: str) -> dict[str, Any] | None:
    """Return what a browser says that a passkey answered; None if it is nothing of the kind."""
    try:
        answer = json.loads(sent[:_ANSWER_LENGTH])
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
