"""The code that confirms a new browser, as it is typed."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeviceForm(forms.Form):
    """One code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )
