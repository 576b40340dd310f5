"""
How money leaves a flexible product or liquid staking, in words: what it costs, how long it takes.

Rendered from the terms in force, as `product_words` renders those of locked products.
"""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mooring.earn.api import ProductView, TermsView
from mooring.kernel.money import Amount
from mooring.web.figures import figure_of, percent_text

_HOURS_PER_DAY: Final = 24

#: How long a chain takes to give back, in hours: at the least, at the most.
Hours = tuple[int, int]


def cost_of_leaving(product: ProductView) -> str:
    """Return what leaving costs, each way that there is."""
    if product.kind == "LIQUID":
        return _(
            "You give the token back at the ratio of that moment. From then on it earns nothing, "
            "and it cannot be cancelled."
        )
    terms = product.terms
    said = [_("Leave at any time; rewards are kept.")]
    has_both = terms.is_instant and terms.standard_days is not None
    if terms.is_instant and terms.fee_rate:
        fee = percent_text(terms.fee_rate)
        one = _("Fee of the fast way: %(rate)s of what leaves.")
        said.append((one if has_both else _("Fee: %(rate)s of what leaves.")) % {"rate": fee})
    if terms.standard_days is not None:
        said.append(_standard_fee(terms, has_both=has_both))
    return " ".join(filter(None, said))


def time_to_arrive(product: ProductView, *, unbonding: Hours | None = None) -> str:
    """
    Return how long the money takes, each way that there is.

    Args:
        unbonding: what the asset's chain takes, where a protocol decides.
    """
    terms = product.terms
    if product.kind == "LIQUID":
        return _chain(unbonding)
    ways = []
    if terms.is_instant:
        ways.append(_fast(product))
    if terms.standard_days is not None:
        ways.append(_standard(product, terms.standard_days, unbonding))
    # Translators: joins the sentences of the fast and of the standard way.
    return _(". ").join(ways)


def _standard_fee(terms: TermsView, *, has_both: bool) -> str:
    if terms.standard_fee_rate:
        one = _("Fee of the standard way: %(rate)s of what leaves.")
        text = one if has_both else _("Fee: %(rate)s of what leaves.")
        return text % {"rate": percent_text(terms.standard_fee_rate)}
    return _("The standard way is free.") if has_both and terms.fee_rate else ""


def _fast(product: ProductView) -> str:
    limits = [
        limit
        for limit in (product.terms.daily_limit_per_person, product.terms.daily_limit_total)
        if limit is not None
    ]
    if not limits:
        return _("At once")
    figure = figure_of(Amount(min(limits), product.asset))
    return _("At once up to %(limit)s a day; what is more waits for the next UTC day, earning") % {
        "limit": f"{figure.digits} {figure.asset}"
    }


def _standard(product: ProductView, days: int, unbonding: Hours | None) -> str:
    if product.family == "ONCHAIN":
        return _("The standard way: %(time)s") % {"time": _chain(unbonding)}
    if not days:
        return _("The standard way: within a day")
    return ngettext(
        "The standard way: after %(days)s day", "The standard way: after %(days)s days", days
    ) % {"days": days}


def _chain(unbonding: Hours | None) -> str:
    if unbonding is None:
        return _("as long as the asset's chain takes")
    least, most = unbonding
    if least % _HOURS_PER_DAY or most % _HOURS_PER_DAY:
        return _("%(least)s to %(most)s hours, as the asset's chain takes") % {
            "least": least,
            "most": most,
        }
    return _("%(least)s to %(most)s days, as the asset's chain takes") % {
        "least": least // _HOURS_PER_DAY,
        "most": most // _HOURS_PER_DAY,
    }
