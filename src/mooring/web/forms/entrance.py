"""What is typed at the entrance: who one is, passwords, codes."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mooring.accounts import api as accounts
from mooring.accounts.api import Channel
from mooring.web import terms

#: Longer than any address; what is longer still is a mistake of other kinds.
_IDENTIFIER_LENGTH: Final = 254
#: Longer than any password that can be chosen: more is not hashed.
_PASSWORD_LENGTH: Final = 256
_CODE_LENGTH: Final = 32
_IDENTIFIER_ATTRIBUTES: Final = {
    "autocomplete": "username",
    "autocapitalize": "none",
    "spellcheck": "false",
}


class IdentifierField(forms.CharField):
    """An e-mail address or a mobile number; cleaned, it is an `Identifier`."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("E-mail or mobile number"),
            max_length=_IDENTIFIER_LENGTH,
            widget=forms.TextInput(attrs=_IDENTIFIER_ATTRIBUTES),
        )

    def clean(self, value: Any) -> accounts.entrance.Identifier:
        """
        Return the canonical form.

        Raises:
            ValidationError: it is neither address nor number, or no number can be reached here.
        """
        typed: str = super().clean(value)
        try:
            found = accounts.entrance.read_identifier(typed)
        except accounts.entrance.IdentifierMalformed as error:
            raise ValidationError(
                _(
                    "Write an e-mail address, or a mobile number that begins with + and the "
                    "country, such as +49."
                )
            ) from error
        if found.channel is Channel.SMS and not settings.SMS_AVAILABLE:
            raise ValidationError(
                _("Text messages cannot be sent at the moment. Write an e-mail address.")
            )
        return found


def password_field(label: Any, autocomplete: str) -> forms.CharField:
    """Return a field for a password, which is taken to the letter."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class LogInForm(forms.Form):
    """
    Address or number and password.

    allauth's log-in view makes it with the request, and calls `login` once it is valid.
    """

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Made here, because the class has a method of this name. Not an `IdentifierField`: a
        # typing error is answered like everything else that is wrong.
        self.fields["login"] = forms.CharField(
            label=gettext_lazy("E-mail or mobile number"),
            max_length=_IDENTIFIER_LENGTH,
            widget=forms.TextInput(attrs=_IDENTIFIER_ATTRIBUTES),
        )
        self.fields["password"] = password_field(gettext_lazy("Password"), "current-password")
        self._request = request
        self._user_id: int | None = None

    def clean(self) -> dict[str, Any]:
        """Find out who it is; whoever it is not, the answer is the same."""
        if self.errors:
            return self.cleaned_data
        user = authenticate(
            self._request,
            identifier=self.cleaned_data["login"],
            password=self.cleaned_data["password"],
        )
        if user is None:
            raise ValidationError(
                _("Account not found. Check your e-mail or mobile number and your password.")
            )
        self._user_id = user.pk
        return self.cleaned_data

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """
        Go on to what else the log-in asks for.

        Raises:
            PermissionDenied: nobody was found.
        """
        if self._user_id is None:
            raise PermissionDenied
        return accounts.entrance.go_on(request, user_id=self._user_id, redirect_url=redirect_url)


class SignUpForm(forms.Form):
    """Address or number, a password, and the terms."""

    identifier = IdentifierField()
    password = password_field(gettext_lazy("Password"), "new-password")
    #: Its value is the version that was shown: what is kept is what was read.
    terms = forms.BooleanField(
        label=gettext_lazy("I have read and accept the terms"),
        error_messages={
            "required": gettext_lazy("Please read and accept the terms to open an account.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["terms"].widget.attrs["value"] = terms.VERSION

    def clean_terms(self) -> bool:
        """
        Check that the terms of today were accepted.

        Raises:
            ValidationError: they were others; the box is empty again.
        """
        if self.data.get("terms") != terms.VERSION:
            self.data = {name: value for name, value in self.data.items() if name != "terms"}
            raise ValidationError(
                _("The terms have changed since this page was opened. Please read and accept them.")
            )
        return True

    def clean(self) -> dict[str, Any]:
        """Check the password together with whose it will be."""
        password = self.cleaned_data.get("password")
        identifier = self.cleaned_data.get("identifier")
        if password and identifier:
            try:
                accounts.entrance.check_password_for(password, identifier)
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


class ResetForm(forms.Form):
    """Whose password is to be set anew."""

    identifier = IdentifierField()


class CodeForm(forms.Form):
    """A code that was sent."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=_CODE_LENGTH,
        error_messages={"required": gettext_lazy("Write the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class NewPasswordForm(forms.Form):
    """A new password, and a second factor where there is one."""

    password = password_field(gettext_lazy("New password"), "new-password")
    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=_CODE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
