"""Questions and answers; every number in them is read from what is really set."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.policies import api as policies
from mooring.web.pages import product_words as words
from mooring.web.pages import products as product_pages
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A question, its answer, and the words people search it by."""

    anchor: str
    question: str
    answer: str
    words: str = ""


def topics(visit: Visit) -> tuple[Topic, ...]:
    """Return every topic in the active language."""
    return (*_of_products(visit), *_of_quotes(visit), *_of_pages())


def products(visit: Visit) -> tuple[product_pages.ProductRow, ...]:
    """Return every product with its way out, for the table below the questions."""
    return product_pages.rows(visit)


def _of_quotes(visit: Visit) -> tuple[Topic, ...]:
    seconds = policies.in_force(at=visit.at)[earn.QUOTE_VALID_SECONDS]
    return (
        Topic(
            anchor="quote",
            question=_("How long do the figures of a redemption hold?"),
            answer=_(
                "%(seconds)s seconds. What the quote said is what redeeming does; if its time is "
                "over or the position has changed, nothing is redeemed and you get new figures."
            )
            % {"seconds": seconds},
            words=_("quote figures expire seconds valid"),
        ),
    )


def _of_products(visit: Visit) -> tuple[Topic, ...]:
    locked = [one for one in visit.products if one.kind == "LOCKED"]
    early = [one.terms for one in locked if words.may_leave_early(one.terms)]
    window = ""
    if early:
        window = _("At present that is %(least)s to %(most)s hours.") % {
            "least": min(terms.delivery_hours_min for terms in early),
            "most": max(terms.delivery_hours_max for terms in early),
        }
    grace = ""
    if early and (seconds := max(terms.grace_seconds for terms in early)):
        grace = _("At present that time is up to %(grace)s.") % {
            "grace": words.duration_text(timedelta(seconds=seconds))
        }
    return (
        Topic(
            anchor="redeem",
            question=_("How do I take my assets out of staking?"),
            answer=_(
                "Open Earn, choose the asset and the position, and press Redeem. You see what "
                "arrives, what is lost and when it is there before you decide anything."
            ),
            words=_("redeem unstake cancel staking withdraw earn"),
        ),
        Topic(
            anchor="early",
            question=_("What does it cost to leave a locked position early?"),
            answer=_(
                "That depends on the product: rewards already paid may be deducted from the "
                "principal, and rewards not yet paid are dropped. The list of products says it "
                "for each one before you enter, and the redeem page says it in your figures."
            ),
            words=_("early locked penalty fee cost rewards deducted"),
        ),
        Topic(
            anchor="arrival",
            question=_("When do my assets arrive?"),
            answer=_(
                "From a flexible position at once. From a locked position that you leave early, "
                "within the window that the product names; the page of your redemption shows the "
                "expected and the real time. At its end, a locked position is delivered by itself."
            )
            + f" {window}",
            words=_("arrival when delay waiting time pending"),
        ),
        Topic(
            anchor="undo",
            question=_("Can I undo a redemption?"),
            answer=_(
                "Yes, while the product's time for second thoughts runs and the redemption has "
                "not been settled. The position is then exactly as it was before."
            )
            + f" {grace}",
            words=_("undo cancel redemption grace second thoughts"),
        ),
    )


def _of_pages() -> tuple[Topic, ...]:
    return (
        Topic(
            anchor="time",
            question=_("Which time counts?"),
            answer=_(
                "All days of the platform are days in UTC: they begin and end at 00:00 UTC. Every "
                "time on these pages is shown in UTC, and beside it in your own time."
            ),
            words=_("time zone utc day midnight"),
        ),
        Topic(
            anchor="figures",
            question=_("Why does a figure end in three dots?"),
            answer=_(
                "Figures show up to eight decimals and are cut, never rounded up. The dots say "
                "that there are more digits; point at the figure or copy it to see them all."
            ),
            words=_("decimals rounding digits copy"),
        ),
    )
