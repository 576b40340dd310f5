"""Redemptions: what is on its way, and one redemption's tracking. Source: EARN-8, EARN-10."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web.pages import product_words as words
from mooring.web.pages.steps import Step
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionRow:
    """A redemption as a row."""

    id: int
    position_id: int
    asset: str
    asset_name: str
    product_code: str
    net: Amount
    status: str
    status_name: str
    tone: str
    requested_at: datetime
    arrives_from: datetime
    arrives_until: datetime
    paid_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionPage:
    """One redemption in full."""

    row: RedemptionRow
    type_name: str
    destination: str
    diverted: str
    amount: Amount
    deducted: Amount
    forfeited: Amount
    rewards_added: Amount
    rewards_apart: earn.RewardsApart | None
    fee: Amount
    value: Amount | None
    steps: tuple[Step, ...]
    undo_until: datetime | None
    undo_left: str
    is_instant: bool
    is_unstaked: bool
    report: str


def listing(visit: Visit) -> tuple[RedemptionRow, ...]:
    """Return a member's redemptions, newest first."""
    found = earn.list_redemptions(account_id=visit.account_id, at=visit.at)
    return tuple(row_of(visit, redemption) for redemption in found)


def page_of(visit: Visit, redemption_id: int) -> RedemptionPage:
    """
    Return one redemption of the member.

    Raises:
        RedemptionNotFound: absent, or another's.
    """
    found = earn.get_redemption(
        account_id=visit.account_id, redemption_id=redemption_id, at=visit.at
    )
    row = row_of(visit, found)
    undo_until = found.runs_at if found.status == "QUEUED" else found.undo_until
    is_open = found.status in {"QUEUED", "PENDING"}
    can_undo = is_open and undo_until is not None and visit.at < undo_until
    return RedemptionPage(
        row=row,
        type_name=_type_name(found),
        destination=destination_name(found.diverted_to or found.destination),
        diverted=_diverted(found),
        amount=found.amount,
        deducted=found.deducted,
        forfeited=found.forfeited,
        rewards_added=found.rewards_added,
        rewards_apart=found.rewards_apart,
        fee=found.fee,
        value=visit.value_of(found.net),
        steps=_steps(found, visit.at),
        undo_until=undo_until if can_undo else None,
        undo_left=words.duration_text(undo_until - visit.at) if can_undo and undo_until else "",
        is_instant=found.is_instant,
        is_unstaked=found.type == "LIQUID",
        report=_report(row),
    )


def row_of(visit: Visit, redemption: earn.RedemptionView) -> RedemptionRow:
    """Return a redemption as a row."""
    name, tone = _status(redemption)
    return RedemptionRow(
        id=redemption.id,
        position_id=redemption.position_id,
        asset=redemption.asset,
        asset_name=visit.name_of(redemption.asset),
        product_code=redemption.product_code,
        net=redemption.net,
        status=redemption.status,
        status_name=name,
        tone=tone,
        requested_at=redemption.requested_at,
        arrives_from=redemption.arrives_from,
        arrives_until=redemption.arrives_until,
        paid_at=redemption.paid_at,
        late=redemption.late,
    )


def destination_name(destination: str) -> str:
    """Return where a redemption goes, in words."""
    return {
        "FUNDING": _("Funding wallet"),
        "FLEXIBLE": _("Flexible product"),
        "RENEWAL": _("New locked position"),
    }.get(destination, _("Spot wallet"))


def _diverted(redemption: earn.RedemptionView) -> str:
    """Return why it went elsewhere than was chosen; empty where it did not."""
    if not redemption.diverted_to:
        return ""
    return _(
        "You had chosen: %(wanted)s. That was not possible: %(because)s. It went here instead: "
        "%(went_to)s. Nothing was lost."
    ) % {
        "wanted": destination_name(redemption.destination),
        "because": _reason(redemption.diverted_because),
        "went_to": destination_name(redemption.diverted_to),
    }


def _reason(code: str) -> str:
    """Return in words the refusal for which money could not go on."""
    return {
        "earn_not_renewable": _("the product cannot be renewed"),
        "earn_no_flexible_product": _("there is no flexible product of this asset"),
        "earn_product_not_open": _("the product takes no new money"),
        "earn_subscriptions_stopped": _("maintenance kept new money out"),
        "earn_below_minimum": _("it is less than the least the product takes"),
        "earn_above_maximum": _("it is more than the product takes at a time"),
        "earn_above_quota": _("your quota for the product is full"),
        "earn_above_total_quota": _("the product is full"),
        "earn_country_not_known": _("we do not know where you live"),
        "earn_not_offered_in_country": _("the product is not offered where you live"),
    }.get(code, _("the product did not take it"))


def _status(redemption: earn.RedemptionView) -> tuple[str, str]:
    if redemption.status == "PAID":
        return _("Arrived"), "good"
    if redemption.status == "CANCELLED":
        return _("Undone"), ""
    if redemption.late:
        return _("Late"), "loss"
    return (_("Waits") if redemption.status == "QUEUED" else _("On its way")), "wait"


def _type_name(redemption: earn.RedemptionView) -> str:
    kind = redemption.type
    if redemption.speed == "STANDARD":
        return _("Flexible, the standard way")
    if kind == "LIQUID":
        waited = redemption.queued_because
        return (
            _("Token given back, waits for the end of maintenance")
            if waited
            else _("Token given back")
        )
    if redemption.queued_because == "MAINTENANCE":
        return _("Flexible, waits for the end of maintenance")
    if redemption.queued_because:
        return _("Flexible, beyond the limit of its day")
    return {
        "FLEXIBLE": _("Flexible, at once"),
        "MATURE": _("End of term"),
        "EARLY": _("Early"),
        "RETIRED": _("The product ended"),
    }.get(kind, kind)


def _steps(redemption: earn.RedemptionView, at: datetime) -> tuple[Step, ...]:
    asked = Step(name=_("Requested"), at=redemption.requested_at, state="done")
    if redemption.status == "CANCELLED":
        undone = Step(name=_("Undone"), at=redemption.cancelled_at, state="done")
        return (asked, undone)
    steps = [asked]
    if redemption.runs_at is not None:
        state = "now" if redemption.status == "QUEUED" else "done"
        name = _("Earns, and can be cancelled, until")
        if redemption.type == "LIQUID":
            name = _("Maintenance ends; can be cancelled until then")
        steps.append(Step(name=name, at=redemption.runs_at, state=state))
    if redemption.undo_until is not None:
        state = "done" if at >= redemption.undo_until else "now"
        steps.append(Step(name=_("Can be undone until"), at=redemption.undo_until, state=state))
    if redemption.paid_at is None:
        late = " late" if redemption.late else ""
        steps.append(
            Step(
                name=_("Expected to arrive"),
                at=redemption.arrives_from,
                until=redemption.arrives_until,
                state=f"next{late}",
            )
        )
    else:
        if not redemption.is_instant:
            steps.append(
                Step(
                    name=_("Was expected"),
                    at=redemption.arrives_from,
                    until=redemption.arrives_until,
                    state="done",
                )
            )
        steps.append(Step(name=_("Arrived"), at=redemption.paid_at, state="done"))
    return tuple(steps)


def _report(row: RedemptionRow) -> str:
    return _("Redemption %(id)s, %(amount)s, requested %(time)s UTC, state: %(state)s.") % {
        "id": row.id,
        "amount": row.net,
        "time": f"{row.requested_at:%Y-%m-%d %H:%M}",
        "state": row.status_name,
    }
