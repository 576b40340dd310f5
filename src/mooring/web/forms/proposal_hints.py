"""What the fields of a proposal may be, in the languages of the pages: the rules say it in one."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mooring.earn import api as earn

#: Every text with which the rules say what a field must be; here, so that it is translated.
TEXTS: Final[tuple[str | Promise, ...]] = (
    _("%(family)s, as %(code)s is"),
    _("%(kind)s in %(asset)s, as %(code)s is"),
    _("%(token)s, as %(code)s gives"),
    _("1 to %(most)s plain characters"),
    _("FLEXIBLE, LOCKED or LIQUID"),
    _("SIMPLE or ONCHAIN, or empty; only of a locked product"),
    _("ALLOWED, PARTIAL or NONE, or empty"),
    _("DISTRIBUTED_AND_ACCRUED, ACCRUED_ONLY, PRO_RATA or NONE, or empty"),
    _("a UTC midnight: days are whole"),
    _("a code of 1 to 32 plain characters"),
    _("a date and a time, such as 2030-01-31T00:00"),
    _("a ratio above 0 with at most 18 decimals"),
    _("a share from 0 to below 1, such as 0.001, or empty"),
    _("a time without terms of its own"),
    _("a token that no other product gives"),
    _("a whole number up to 32767, or empty"),
    _("a yearly rate from 0 to below 100, such as 0.05 for 5 %%"),
    _("a yearly rate from 0 to below 100, such as 0.05 for 5 %%; empty if flexible"),
    _("an amount above 0 with at most 18 decimals"),
    _("an amount above 0 with at most 18 decimals, or empty"),
    _("an amount of 0 or more with at most 18 decimals, or empty"),
    _("an asset's code"),
    _("an asset's code; empty for the asset itself"),
    _("an asset's code; only of liquid staking"),
    _("another asset than the one that is staked"),
    _("at most %(longest)s: an undo ends before delivery"),
    _("at most 200 characters on one line"),
    _("codes of countries with a blank between: DE FR"),
    _("empty, for it is not locked"),
    _("empty: liquid staking has none"),
    _("empty: nobody gets a token"),
    _("given, for it is liquid staking"),
    _("given, for it is locked"),
    _("given: there is always a way out"),
    _("left out"),
    _("no less than delivery_hours_min"),
    _("no less than hours_min"),
    _("one of %(kinds)s"),
    _("terms that do not contradict each other"),
    _("the code of an asset that we hold"),
    _("tiers from 0 up without a gap, such as 0-1000:0.05 1000-:0.01"),
    _("whole days from 1; empty if flexible"),
    _("whole hours"),
    _("whole seconds, or empty"),
    _("yes or no, or empty"),
)


def allowed_text(refusal: earn.ProposalMalformed) -> str:
    """Return what the field of a refusal must be."""
    return gettext(refusal.template) % refusal.facts


def hint(template: str) -> str:
    """Return what a field may be, as the rules have it."""
    return gettext(template) % {}
