"""The forms of a recovery: who, the code, the password, a new password."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mooring.accounts import api as accounts

#: Nobody's password is longer, and hashing a longer one would be work for nothing.
_PASSWORD_LENGTH = 256


class IdentifierForm(forms.Form):
    """Whose account it is."""

    identifier = forms.CharField(
        label=_("E-mail or mobile number"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(forms.Form):
    """The password of the account."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FreshPasswordForm(forms.Form):
    """The password that a reopened account gets."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def hashed(
        self, proof: accounts.protection.RecoveryProof, *, origin: accounts.Origin, at: datetime
    ) -> str | None:
        """Return the password's hash; None where a rule is broken, which its field then says."""
        if not self.is_valid():
            return None
        try:
            return accounts.protection.recovery_password_hash(
                proof, self.cleaned_data["password"], origin=origin, at=at
            )
        except ValidationError as error:
            self.add_error("password", error)
            return None
