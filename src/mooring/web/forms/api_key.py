"""The form of a new key for programs; what it may say is read by the rules of accounts."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mooring.accounts import api as accounts
from mooring.web import refusals

_TYPES = [
    ("HMAC", _("HMAC-SHA256: we make a secret and show it once")),
    ("ED25519", _("Ed25519: you keep the private key")),
    ("RSA", _("RSA: you keep the private key")),
]


class ApiKeyForm(forms.Form):
    """What a key is called, how it signs, what it may do, and from where."""

    label = forms.CharField(label=_("Name"), required=False, max_length=200)
    type = forms.ChoiceField(label=_("How it signs"), choices=_TYPES)
    public_key = forms.CharField(
        label=_("Public key (Ed25519 and RSA)"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    may_trade = forms.BooleanField(label=_("It may trade"), required=False)
    may_withdraw = forms.BooleanField(label=_("It may withdraw"), required=False)
    networks = forms.CharField(
        label=_("Only from these addresses"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )

    def order(self) -> accounts.keys.KeyOrder | None:
        """Return what is wished for; None where something is wrong, which its field then says."""
        if not self.is_valid():
            return None
        try:
            return accounts.keys.read_order(self._texts())
        except accounts.keys.KeyOrderWrong as refusal:
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, refusals.sentence(refusal))
            return None

    def without_private_key(self) -> "ApiKeyForm":
        """Return the form to show again: a private key that was pasted does not come back."""
        if "PRIVATE" not in str(self.data.get("public_key", "")).upper():
            return self
        self.data = (
            {**self.data.dict(), "public_key": ""} if isinstance(self.data, QueryDict) else {}
        )
        return self

    def _texts(self) -> dict[str, str]:
        given = self.cleaned_data
        rights = {
            accounts.keys.Right.TRADE: given["may_trade"],
            accounts.keys.Right.WITHDRAW: given["may_withdraw"],
        }
        return {
            "label": given["label"],
            "type": given["type"],
            "public_key": given["public_key"],
            "rights": accounts.keys.rights_text(
                right for right, is_given in rights.items() if is_given
            ),
            "networks": given["networks"],
        }
