"""A new e-mail address or mobile number, and the code that was sent there."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mooring.accounts import api as accounts
from mooring.accounts.api import Channel
from mooring.kernel.errors import Refusal

_WANTED: Final = {
    Channel.EMAIL: _("Write an e-mail address, such as name@example.com."),
    Channel.SMS: _("Write a mobile number with its country, such as +49 1512 3456789."),
}


class ContactForm(forms.Form):
    """
    An address or a number.

    Args:
        channel: which of the two it must be.
        present: the person's own at present, which is no new one; empty: none.
    """

    to = forms.CharField(
        max_length=254, error_messages={"required": _("Write where we should reach you.")}
    )

    def __init__(self, *args: Any, channel: Channel, present: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._channel = channel
        self._present = present
        is_mail = channel == Channel.EMAIL
        kind = {"type": "email", "autocomplete": "email"} if is_mail else {"type": "tel"}
        self.fields["to"].widget = forms.TextInput(attrs={"autocomplete": "tel", **kind})

    def clean_to(self) -> str:
        """Return the canonical address or number."""
        try:
            found = accounts.entrance.read_identifier(self.cleaned_data["to"])
        except Refusal as refusal:
            raise ValidationError(_WANTED[self._channel]) from refusal
        if found.channel != self._channel:
            raise ValidationError(_WANTED[self._channel])
        if found.channel == Channel.SMS and not settings.SMS_AVAILABLE:
            raise ValidationError(_("Text messages cannot be sent at the moment."))
        if found.value == self._present:
            # No code would come: the address is somebody's already, namely theirs.
            raise ValidationError(
                _("This is your e-mail address already. Nothing was changed.")
                if found.channel == Channel.EMAIL
                else _("This is your mobile number already. Nothing was changed.")
            )
        return str(found.value)


class ContactCodeForm(forms.Form):
    """The code that was sent to a new address or number."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        error_messages={"required": _("Write the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
