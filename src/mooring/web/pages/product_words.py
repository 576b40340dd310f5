"""
What a product promises, in words: term, what leaving costs, how long it takes.

Rendered from the terms in force, so that the words cannot disagree with the software.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mooring.earn.api import ProductView, TermsView
from mooring.kernel.money import Amount
from mooring.web.figures import amount_text, percent_text
from mooring.web.pages import ways_words

_HOURS_PER_DAY: Final = 24
_SECONDS_PER_HOUR: Final = 3600
_SECONDS_PER_MINUTE: Final = 60


def name_of(product: ProductView) -> str:
    """
    Return a product's name: `Flexible`, `Liquid staking`, or `Locked 60 days`.

    An asset may have a second flexible product: one with a code of its own is called by it too.
    """
    if product.kind == "LIQUID":
        return _("Liquid staking")
    days = product.terms.duration_days
    if days is None:
        is_usual = product.code == f"{product.asset}001"
        return _("Flexible") if is_usual else f"{_('Flexible')} {product.code}"
    return ngettext("Locked %(days)s day", "Locked %(days)s days", days) % {"days": days}


def term_of(product: ProductView) -> str:
    """Return how long a product binds."""
    days = product.terms.duration_days
    if days is None:
        return _("No term")
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def pays_apart(product: ProductView) -> bool:
    """Whether rewards are paid in another asset: its rate is no percentage then."""
    return product.terms.reward_asset not in {None, product.asset}


def rate_text(product: ProductView) -> str:
    """Return the yearly rate: `3.65%`, `0.001 BTC for 1 USDT`, or that a ratio grows."""
    if product.kind == "LIQUID":
        return _("by its ratio")
    if not pays_apart(product):
        return percent_text(product.apr)
    reward = amount_text(Amount(product.apr, product.terms.reward_asset or product.asset))
    return _("%(reward)s for 1 %(asset)s") % {"reward": reward, "asset": product.asset}


def may_leave_early(terms: TermsView) -> bool:
    """Whether a locked product can be left before its end."""
    return terms.early_redemption != "NONE"


def cost_of_leaving(product: ProductView) -> str:
    """Return what leaving costs, one or two sentences."""
    if product.kind != "LOCKED":
        return ways_words.cost_of_leaving(product)
    terms = product.terms
    fee = _fee(terms.fee_rate)
    if not may_leave_early(terms):
        return _("Cannot be left before its end. At the end: nothing is lost.")
    if pays_apart(product) and terms.claw_back == "DISTRIBUTED_AND_ACCRUED":
        early = _(
            "Early: rewards already paid are taken back, out of spot or at their price, and those "
            "not yet paid are dropped."
        )
    else:
        early = _leaving_early(terms.claw_back)
    parts = _("In part or as a whole.") if terms.early_redemption == "PARTIAL" else ""
    return " ".join(filter(None, [early, parts, _("At the end: nothing is lost."), fee]))


def _leaving_early(claw_back: str) -> str:
    return {
        "DISTRIBUTED_AND_ACCRUED": _(
            "Early: rewards already paid are deducted from the principal, and those not yet paid "
            "are dropped."
        ),
        "ACCRUED_ONLY": _("Early: rewards not yet paid are dropped; paid ones stay yours."),
        "PRO_RATA": _("Early: you keep the share of the rewards that the elapsed days are of all."),
        "NONE": _("Early: all rewards up to that day are kept."),
    }[claw_back]


def time_to_arrive(product: ProductView, *, unbonding: ways_words.Hours | None = None) -> str:
    """
    Return how long the money takes.

    Args:
        unbonding: what the asset's chain takes, where a protocol decides and that is known.
    """
    if product.kind != "LOCKED":
        return ways_words.time_to_arrive(product, unbonding=unbonding)
    terms = product.terms
    end = (
        _("at the end: at once")
        if not terms.redeem_period_days
        else ngettext(
            "at the end: %(days)s day after the last reward day",
            "at the end: %(days)s days after the last reward day",
            terms.redeem_period_days,
        )
        % {"days": terms.redeem_period_days}
    )
    if not may_leave_early(terms):
        return end[0].upper() + end[1:]
    early = _("Early: %(least)s to %(most)s hours") % {
        "least": terms.delivery_hours_min,
        "most": terms.delivery_hours_max,
    }
    # Translators: joins "Early: 48 to 72 hours" and "at the end: 1 day after …".
    return _("%(early)s; %(end)s") % {"early": early, "end": end}


def duration_text(duration: timedelta) -> str:
    """Return a length of time in its two largest units, rounded down."""
    seconds = max(int(duration.total_seconds()), 0)
    days, rest = divmod(seconds, _HOURS_PER_DAY * _SECONDS_PER_HOUR)
    hours, rest = divmod(rest, _SECONDS_PER_HOUR)
    minutes = rest // _SECONDS_PER_MINUTE
    parts = [
        ngettext("%(number)s day", "%(number)s days", days) % {"number": days} if days else "",
        ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours} if hours else "",
        ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
        if minutes and not days
        else "",
    ]
    shown = [part for part in parts if part]
    return " ".join(shown) if shown else _("less than a minute")


def grace_of(product: ProductView) -> str:
    """Return how long a redemption that is on its way can be undone; empty if none can."""
    terms = product.terms
    can_be_undone = {
        "LOCKED": may_leave_early(terms),
        "FLEXIBLE": terms.standard_days is not None,
        "LIQUID": False,
    }[product.kind]
    if not terms.grace_seconds or not can_be_undone:
        return ""
    return duration_text(timedelta(seconds=terms.grace_seconds))


def _fee(rate: Decimal) -> str:
    if not rate:
        return ""
    return _("Fee: %(rate)s of what leaves.") % {"rate": percent_text(rate)}
