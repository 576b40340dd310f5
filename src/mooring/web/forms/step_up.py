"""The proofs of a step-up, as they are typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

#: Nobody's password is longer, and hashing a longer one would be work for nothing.
PASSWORD_LENGTH = 256


class StepUpForm(forms.Form):
    """The password and a code; which of them is asked for, the page decides."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
