"""What a level of verification asks for, as fields; the rules are those of accounts."""

from collections.abc import Mapping
from typing import Any, Final

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mooring.accounts import api as accounts

_BABEL_NAMES: Final = {"en": "en", "zh-hans": "zh_Hans"}


def country_names() -> tuple[tuple[str, str], ...]:
    """Return every country's code and its name in the active language, by name."""
    locale = Locale.parse(_BABEL_NAMES.get(get_language() or "en", "en"))
    names = ((code, locale.territories.get(code, code)) for code in accounts.verification.COUNTRIES)
    return tuple(sorted(names, key=lambda named: named[1]))


class _PictureInput(forms.FileInput):
    """A file; on a telephone the camera or the gallery, as its owner likes."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png"})


class _Text(forms.CharField):
    """A text that the rules of accounts judge: the form itself finds nothing wrong."""

    def __init__(self, label: Any, autocomplete: str, **more: object) -> None:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, **more})
        super().__init__(label=label, required=False, widget=widget, max_length=1_000)


class _Picture(forms.FileField):
    """A file that the rules of accounts judge, whatever its name."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, allow_empty_file=True, widget=_PictureInput())


class _Countries(forms.Select):
    """Every country, by its name in the language of who reads."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "country"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        self.choices = [("", "–"), *country_names()]
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context


def _country(label: Any) -> forms.CharField:
    # A plain field with choices to show: what was sent is judged by the rules, not here.
    return forms.CharField(label=label, required=False, widget=_Countries(), max_length=1_000)


class IdentityForm(forms.Form):
    """Level 1."""

    legal_name = _Text(_("Legal name"), "name")
    birth_date = forms.CharField(
        label=_("Date of birth"),
        required=False,
        max_length=1_000,
        widget=forms.TextInput(attrs={"type": "date", "autocomplete": "bday"}),
    )
    country = _country(_("Country of residence"))
    identity_front = _Picture(_("Identity document, front"))
    identity_back = _Picture(_("Identity document, back"))
    portrait = _Picture(_("Portrait of yourself"))


class AddressForm(forms.Form):
    """Level 2."""

    street = _Text(_("Street and number"), "street-address")
    postal_code = _Text(_("Postal code"), "postal-code")
    city = _Text(_("Town or city"), "address-level2")
    region = _Text(_("State or region"), "address-level1")
    address_country = _country(_("Country"))
    address = _Picture(_("Proof of address"))


FORMS: Final[Mapping[int, type[forms.Form]]] = {1: IdentityForm, 2: AddressForm}
