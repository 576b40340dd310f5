"""One position in full. Source: requirements EARN-2, EARN-11, EARN-16."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web.pages import auto_subscribe, earnings, maturity, positions, windows
from mooring.web.pages import history as history_pages
from mooring.web.pages import product_words as words
from mooring.web.pages.steps import Step
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionPage:
    """A position: what it is, what is in it, its dates, its terms, what happened."""

    row: positions.PositionRow
    principal: Amount
    accrued: Amount
    paid: Amount
    bonus: Amount | None
    free: Amount
    steps: tuple[Step, ...]
    days_done: int | None
    days_total: int | None
    rate: str
    leaving: str
    arriving: str
    grace: str
    minimum_remaining: Amount | None
    terms_id: int
    consents: tuple[str, ...]
    bound_until: datetime | None
    history: tuple[history_pages.Movement, ...]
    #: Liquid staking: what is held, and what one of it is worth.
    tokens: Amount | None
    ratio: Amount | None
    days: earnings.DaysChart | None
    rates: earnings.RateChart | None
    daily_rates: tuple[earnings.RateChart, ...]
    windows: tuple[windows.WindowRow, ...]
    maturity: maturity.Maturity | None
    pledged: Amount | None
    is_automatic: bool
    pledges: tuple[earn.PledgeView, ...]


def page_of(visit: Visit, position_id: int) -> PositionPage:
    """
    Return one position of the member.

    Raises:
        PositionNotFound: absent, or another's.
    """
    found = earn.get_position(account_id=visit.account_id, position_id=position_id, at=visit.at)
    row = positions.row_of(visit, found)
    minimum = found.terms.minimum_remaining
    bound = found.status == "HOLDING" and not row.may_redeem
    return PositionPage(
        row=row,
        principal=found.amount,
        accrued=found.accrued,
        paid=found.rewards_paid,
        bonus=found.bonus_pending,
        free=found.free,
        steps=_steps(found, visit.at),
        days_done=found.days_accrued,
        days_total=found.days_total,
        rate=words.rate_text(found.product),
        leaving=words.cost_of_leaving(found.product),
        arriving=words.time_to_arrive(found.product),
        grace=words.grace_of(found.product),
        minimum_remaining=Amount(minimum, found.asset) if minimum else None,
        terms_id=found.terms.id,
        consents=earn.consents_of(account_id=visit.account_id, position_id=position_id),
        bound_until=found.rewards_end if bound else None,
        history=history_pages.of_position(visit, position_id, token=found.product.token),
        tokens=found.tokens,
        ratio=None if found.ratio is None else Amount(found.ratio, found.asset),
        days=earnings.of_position(visit, found),
        # A locked rate is fixed.
        rates=None if found.kind == "LOCKED" else earnings.rates_of(visit, found.product),
        daily_rates=earnings.daily_rates_of(visit, found.product),
        is_automatic=found.kind == "FLEXIBLE" and auto_subscribe.is_on(visit, found.product.code),
        pledged=None if found.pledged.is_zero else found.pledged,
        pledges=pledges_of(visit, found),
        maturity=maturity.of_position(visit, found),
        windows=windows.rows_of_product(visit, found.product.code),
    )


def pledges_of(visit: Visit, position: earn.PositionView) -> tuple[earn.PledgeView, ...]:
    """Return who holds what of a position."""
    if position.pledged.is_zero:
        return ()
    return earn.list_pledges(account_id=visit.account_id, position_id=position.id)


def _steps(position: earn.PositionView, at: datetime) -> tuple[Step, ...]:
    steps = [Step(name=_("Subscribed"), at=position.opened_at, state="done")]
    for name, moment in (
        (_("Rewards begin"), position.value_date),
        (_("Rewards end"), position.rewards_end),
        (_("Delivered to you"), position.delivers_at),
    ):
        if moment is not None and position.closed_at is None:
            steps.append(Step(name=name, at=moment, state="done" if at >= moment else "next"))
    if position.closed_at is not None:
        steps.append(Step(name=_("Redeemed"), at=position.closed_at, state="done"))
    return tuple(steps)
