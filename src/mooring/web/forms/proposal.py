"""What an operator proposes: a field for each that the kind of change has."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from mooring.earn import api as earn
from mooring.web.forms.proposal_hints import allowed_text, hint

LABELS: Final[dict[str, str | Promise]] = {
    "apr": _("Yearly rate, as a fraction"),
    "asset": _("Asset"),
    "claw_back": _("What becomes of rewards when it is left early"),
    "daily_limit_per_person": _("At once per person and UTC day, at most"),
    "daily_limit_total": _("At once for all together per UTC day, at most"),
    "delivery_hours_max": _("Delivery after leaving early, hours at most"),
    "delivery_hours_min": _("Delivery after leaving early, hours at least"),
    "duration_days": _("Term in days"),
    "early_redemption": _("Leaving before the end"),
    "excluded_countries": _("Not offered in these countries"),
    "family": _("Where it earns"),
    "fee_rate": _("Fee for leaving, as a fraction"),
    "grace_seconds": _("Undo possible for, seconds"),
    "hours_max": _("The chain takes, hours at most"),
    "hours_min": _("The chain takes, hours at least"),
    "is_instant": _("Leaves at once"),
    "is_renewable": _("May be renewed at its end"),
    "kind": _("Kind"),
    "maximum": _("Per subscription, at most"),
    "minimum": _("Per subscription, at least"),
    "minimum_remaining": _("What stays, at least"),
    "note": _("What customers read"),
    "quota_per_person": _("Quota per person"),
    "quota_total": _("Quota of all together"),
    "ratio": _("The token is worth, in the asset"),
    "redeem_minimum": _("Per redemption, at least"),
    "redeem_period_days": _("From the last reward day to delivery, days"),
    "reward_asset": _("Rewards are paid in"),
    "standard_days": _("The standard way takes, days"),
    "standard_fee_rate": _("Fee of the standard way, as a fraction"),
    "tiers": _("Tiers: from-to:rate"),
    "token": _("Token that stakers get"),
}
_NO_CHOICE: Final = ("", "–")
_YES_NO: Final = (_NO_CHOICE, ("yes", _("yes")), ("no", _("no")))
#: Fields with few values; the rules still judge what is sent.
CHOICES: Final = {
    "kind": (
        ("FLEXIBLE", _("Flexible")),
        ("LOCKED", _("Locked")),
        ("LIQUID", _("Liquid staking")),
    ),
    "family": (_NO_CHOICE, ("SIMPLE", _("with us")), ("ONCHAIN", _("on its chain"))),
    "is_instant": _YES_NO,
    "is_renewable": _YES_NO,
    "early_redemption": (
        _NO_CHOICE,
        ("ALLOWED", _("as a whole")),
        ("PARTIAL", _("in part or as a whole")),
        ("NONE", _("not possible")),
    ),
    "claw_back": (
        _NO_CHOICE,
        ("DISTRIBUTED_AND_ACCRUED", _("paid ones are deducted, unpaid ones dropped")),
        ("ACCRUED_ONLY", _("unpaid ones are dropped")),
        ("PRO_RATA", _("the share of the elapsed days is kept")),
        ("NONE", _("all are kept")),
    ),
}
KINDS: Final[dict[str, str | Promise]] = {
    "TERMS": _("Terms of a product"),
    "RATE": _("Rate of a flexible product"),
    "DAILY_RATE": _("Bonus or extra reward by the day"),
    "RATIO": _("Conversion ratio of liquid staking"),
    "UNBONDING": _("How long a chain takes to give back"),
    "RETIREMENT": _("End of a product"),
}


class ProposalForm(forms.Form):
    """The rules judge the values: the form only shows what was typed, and where it is wrong."""

    subject = forms.CharField(label=_("Product (of a chain's period: the asset)"), required=False)
    effective_from = forms.CharField(
        label=_("From when, UTC"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Not `kind`, which is a field of terms: a template would find that.
        self.change = kind
        for name in earn.PROPOSAL_FIELDS[kind]:
            choices = CHOICES.get(name)
            widget = forms.Select(choices=choices) if choices else forms.TextInput()
            self.fields[name] = forms.CharField(
                label=str(LABELS[name]), required=False, widget=widget
            )

    def hinted(self) -> list[tuple[forms.BoundField, str]]:
        """Return the fields of the change with what each may be."""
        fields = earn.PROPOSAL_FIELDS[self.change]
        return [
            (self[name], "" if name in CHOICES else hint(allowed))
            for name, (_reader, allowed) in fields.items()
        ]

    def point_at(self, refusal: earn.ProposalMalformed) -> None:
        """Show a refusal at its field, or above all of them."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, say("This must be %(allowed)s.") % {"allowed": allowed_text(refusal)})


def read_change(kind: str, sent: QueryDict) -> earn.Change:
    """
    Return the change that was typed.

    Raises:
        ProposalMalformed: the time is none.
    """
    try:
        effective_from = datetime.fromisoformat(sent.get("effective_from", "")[:16])
    except ValueError as error:
        raise earn.ProposalMalformed(
            field="effective_from", allowed="a date and a time, such as 2030-01-31T00:00"
        ) from error
    return earn.Change(
        kind=kind,
        subject=sent.get("subject", "").strip()[:32],
        payload={name: sent.get(name, "")[:1000] for name in earn.PROPOSAL_FIELDS[kind]},
        effective_from=effective_from.replace(tzinfo=UTC),
    )


def values_in_force(kind: str, product: earn.ProductView) -> Mapping[str, str]:
    """Return what a form of this kind begins with: what holds now."""
    texts = {
        "kind": product.kind,
        "asset": product.asset,
        "family": product.family if product.kind == "LOCKED" else "",
        "token": product.token or "",
        "apr": _text(product.apr),
    }
    if kind == "TERMS":
        texts |= texts_of_terms(product.terms)
    return {name: text for name, text in texts.items() if name in earn.PROPOSAL_FIELDS[kind]}


def values_proposed(kind: str, payload: Mapping[str, str]) -> Mapping[str, str]:
    """Return what is to hold: what was written, and of terms what is left out as it is then."""
    if kind != "TERMS":
        return payload
    return {**texts_of_terms(earn.Offer(minimum=Decimal(0))), **payload}


def in_words(name: str, value: str) -> str:
    """Return a value as the form says it."""
    return str(dict(CHOICES.get(name, ())).get(value, value)) if value else ""


def texts_of_terms(terms: earn.TermsView | earn.Offer) -> Mapping[str, str]:
    """Return terms as a form shows them, by field; a product's own lines are not among them."""
    names = earn.PROPOSAL_FIELDS["TERMS"].keys() - {"kind", "asset", "family", "token"}
    return {name: _text(getattr(terms, name)) for name in names}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return " ".join(value)
    if hasattr(value, "normalize"):
        return f"{value.normalize():f}"
    return str(value)
