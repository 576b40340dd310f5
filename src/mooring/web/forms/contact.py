"""A new e-mail address or mobile number, and the code that was sent there."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mooring.accounts import api as accounts
from mooring.kernel.errors import Refusal
from mooring.web import refusals


class ContactForm(forms.Form):
    """
    An address or a number.

    Args:
        channel: which of the two it must be.
    """

    to = forms.CharField(
        max_length=254, error_messages={"required": _("Write where we should reach you.")}
    )

    def __init__(self, *args: Any, channel: accounts.Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._channel = channel
        is_mail = channel == accounts.Channel.EMAIL
        kind = {"type": "email", "autocomplete": "email"} if is_mail else {"type": "tel"}
        self.fields["to"].widget = forms.TextInput(attrs={"autocomplete": "tel", **kind})

    def clean_to(self) -> str:
        """Return the canonical address or number."""
        try:
            found = accounts.entrance.read_identifier(self.cleaned_data["to"])
        except Refusal as refusal:
            raise ValidationError(refusals.sentence(refusal)) from refusal
        if found.channel != self._channel:
            is_mail = self._channel == accounts.Channel.EMAIL
            raise ValidationError(
                _("Write an e-mail address, such as name@example.com.")
                if is_mail
                else _("Write a mobile number with its country, such as +49 1512 3456789.")
            )
        if found.channel == accounts.Channel.SMS and not settings.SMS_AVAILABLE:
            raise ValidationError(_("Text messages cannot be sent at the moment."))
        return str(found.value)


class ContactCodeForm(forms.Form):
    """The code that was sent to a new address or number."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        error_messages={"required": _("Write the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
