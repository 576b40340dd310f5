"""Sign-up: an address, a password, and the terms."""

from allauth.account.forms import SignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from mooring.web import terms


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth is not typed
    """allauth's form, and the acceptance of the terms."""

    terms = forms.BooleanField(
        label=_("I have read and accept the terms"),
        error_messages={"required": _("Please read and accept the terms to open an account.")},
    )

    def clean(self) -> dict[str, object]:
        """Note which version of the terms was shown, for the account keeps it."""
        cleaned: dict[str, object] = super().clean()
        cleaned["terms_version"] = terms.VERSION
        return cleaned
