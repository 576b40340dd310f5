"""The form of a new webhook; what it may say is read by the rules of the gateway."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from mooring.kernel.errors import Refusal
from mooring.web import refusals

_TOPICS: Final = [
    ("redemption", _("Redemptions: waiting, on their way, arrived, undone")),
    ("reward", _("Rewards that are paid")),
    ("hold", _("Holds on withdrawals")),
]


class WebhookForm(forms.Form):
    """Where is told, and of what."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    redemption = forms.BooleanField(label=_TOPICS[0][1], required=False, initial=True)
    reward = forms.BooleanField(label=_TOPICS[1][1], required=False, initial=True)
    hold = forms.BooleanField(label=_TOPICS[2][1], required=False, initial=True)

    def asked(self) -> dict[str, Any] | None:
        """Return what is wished for; None where something is wrong, which its field then says."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return {"url": given["url"], "topics": [name for name, _words in _TOPICS if given[name]]}

    def refuse(self, refusal: Refusal) -> None:
        """Say at its field what is in the way."""
        field = "url" if refusal.code == "webhook_address_refused" else None
        self.add_error(field, refusals.sentence(refusal))
