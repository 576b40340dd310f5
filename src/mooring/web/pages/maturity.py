"""What becomes of a locked position at its end, and the choice of it. Source: EARN-14."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Maturity:
    """
    What happens at the end, in words and dates, and what else could.

    Args:
        until: until when the choice can be changed; None when it is over.
    """

    says: str
    auto_renew: bool
    redeem_to: str
    can_renew: bool
    places: tuple[tuple[str, str], ...]
    until: datetime | None
    renewed_from: int | None


def of_position(visit: Visit, position: earn.PositionView) -> Maturity | None:
    """Return what becomes of a position at its end; None for one that has none, or was left."""
    ends, delivered = position.rewards_end, position.delivers_at
    if position.status != "HOLDING" or ends is None or delivered is None:
        return None
    flexible = earn.flexible_product_of(position.asset, at=visit.at)
    places = [("SPOT", _("Spot wallet")), ("FUNDING", _("Funding wallet"))]
    if flexible is not None:
        places.append(("FLEXIBLE", _("Flexible product %(code)s") % {"code": flexible.code}))
    return Maturity(
        says=_says(position, ends=ends, delivered=delivered),
        auto_renew=position.auto_renew,
        redeem_to=position.redeem_to,
        can_renew=position.terms.is_renewable,
        places=tuple(places),
        until=ends if visit.at < ends else None,
        renewed_from=position.renewed_from,
    )


def _says(position: earn.PositionView, *, ends: datetime, delivered: datetime) -> str:
    facts = {
        "ends": f"{ends:%Y-%m-%d %H:%M}",
        "delivered": f"{delivered:%Y-%m-%d %H:%M}",
    }
    if position.auto_renew:
        return (
            _(
                "Rewards end on %(ends)s UTC. On %(delivered)s UTC the principal, without the "
                "rewards, goes into a new position on the terms of that day, and earns again from "
                "then on. If the product does not take it then, it goes where you say below, and "
                "we tell you."
            )
            % facts
        )
    if position.redeem_to == "FLEXIBLE":
        return (
            _(
                "Rewards end on %(ends)s UTC. On %(delivered)s UTC the principal goes into the "
                "flexible product and earns there from that minute on. If that takes no money "
                "then, it goes to your spot wallet, and we tell you."
            )
            % facts
        )
    return (
        _("Rewards end on %(ends)s UTC. On %(delivered)s UTC the principal is in your wallet.")
        % facts
    )
