"""What a person types to change their security."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mooring.accounts import api as accounts
from mooring.kernel.errors import Refusal
from mooring.web import refusals
from mooring.web.forms.step_up import PASSWORD_LENGTH


class NewPasswordForm(forms.Form):
    """
    A new password; checked like one at sign-up, and against the present one.

    Args:
        user_id: whose it will be.
        origin: where it was typed, for the limits; `at` is their platform time.
    """

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=PASSWORD_LENGTH,
        error_messages={"required": _("Write the new password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self, *args: Any, user_id: int, origin: accounts.Origin, at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._user_id = user_id
        self._origin = origin
        self._at = at

    def clean_password(self) -> str:
        """Return the password as the step-up carries it: hashed and sealed."""
        typed = self.cleaned_data["password"]
        try:
            return accounts.entrance.prepare_password(
                typed, user_id=self._user_id, origin=self._origin, at=self._at
            )
        except Refusal as refusal:
            raise ValidationError(refusals.sentence(refusal)) from refusal


class AntiPhishingForm(forms.Form):
    """The code at the head of our mails."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        error_messages={"required": _("Write a code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """Return the code if it has the form of one."""
        code: str = self.cleaned_data["code"]
        try:
            accounts.protection.check_anti_phishing_code(code)
        except Refusal as refusal:
            raise ValidationError(refusals.sentence(refusal)) from refusal
        return code


class LanguageForm(forms.Form):
    """In which language we write."""

    language = forms.ChoiceField(label=_("Language of our messages"), choices=settings.LANGUAGES)


class DisableForm(forms.Form):
    """The tick that freezes the account."""

    sure = forms.BooleanField(
        label=_("I want to disable my account now"),
        error_messages={"required": _("Tick the box if you want to disable the account.")},
    )
