"""
The frame around every page: navigation, wishes, the sandbox bar.

A context processor, because pages of allauth wear the same frame as ours.
"""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mooring.accounts import api as accounts
from mooring.notices import api as notices
from mooring.web import sandbox
from mooring.web.visit import THEMES, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way to a page: the name of its address, its words, its icon, and whether one is there."""

    url_name: str
    label: str | Promise
    icon: str = ""
    query: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the base template shows around a page."""

    is_member: bool
    is_recovered: bool
    currency: str
    currencies: tuple[str, ...]
    theme: str
    themes: tuple[str, ...]
    zone: tzinfo | None
    top: tuple[Link, ...]
    side: tuple[Link, ...]
    bottom: tuple[Link, ...]
    here: str
    sandbox: sandbox.Bar | None
    search: str
    unread: int


_TOP = (
    Link(url_name="finance", label=_("Finance")),
    Link(url_name="earn", label=_("Earn")),
    Link(url_name="staking", label=_("Staking")),
)
_SIDE = (
    Link(url_name="earn", label=_("Overview"), icon="earn"),
    Link(url_name="staking", label=_("Staking (locked)"), icon="lock"),
    Link(url_name="flexible", label=_("Flexible"), icon="wave"),
    Link(url_name="products", label=_("All products"), icon="layers"),
    Link(url_name="redemptions", label=_("Redemptions"), icon="undo"),
    Link(url_name="history", label=_("History"), icon="history"),
)
_BOTTOM = (
    Link(url_name="home", label=_("Home"), icon="home"),
    Link(url_name="markets", label=_("Markets"), icon="markets"),
    Link(url_name="earn", label=_("Earn"), icon="earn"),
    Link(url_name="orders", label=_("Orders"), icon="orders"),
    Link(url_name="wallet", label=_("Wallet"), icon="wallet"),
)
#: Pages without an entry of their own stand under the entry they are reached from.
_UNDER = {
    "wallet_asset": "wallet",
    "product": "products",
    "subscribe": "products",
    "earn_asset": "earn",
    "position": "earn",
    "redeem": "earn",
    "confirm": "earn",
    "redemption": "redemptions",
}
_EARN_PAGES = frozenset(link.url_name for link in _SIDE)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame; an empty one where the request never reached our middleware."""
    visit: Visit | None = getattr(request, "visit", None)
    return {"frame": _frame_of(request, visit)} if visit is not None else {}


def _frame_of(request: HttpRequest, visit: Visit) -> Frame:
    match = request.resolver_match
    name = (match.url_name or "") if match is not None else ""
    side_name = _UNDER.get(name, name)
    in_earn = side_name in _EARN_PAGES
    earn_name = side_name if side_name == "staking" else "earn"
    bar_name = "earn" if in_earn else side_name
    return Frame(
        is_member=visit.profile is not None,
        is_recovered=visit.profile is not None and visit.profile.is_recovered,
        currency=visit.currency,
        currencies=accounts.DISPLAY_CURRENCIES,
        theme=visit.theme,
        themes=THEMES,
        zone=visit.zone,
        top=_marked(_TOP, earn_name if in_earn else _finance(side_name)),
        side=_marked(_SIDE, side_name) if in_earn else (),
        bottom=_marked(_BOTTOM, bar_name),
        here=request.get_full_path(),
        sandbox=sandbox.bar_of(request, at=visit.at) if settings.SANDBOX else None,
        search=request.GET.get("q", "")[:100],
        unread=_unread(visit),
    )


def _unread(visit: Visit) -> int:
    """Return how many notices a member has not read; nobody else has an inbox."""
    return notices.count_unread(user_id=visit.user_id) if visit.profile is not None else 0


def _finance(name: str) -> str:
    return "finance" if name in {"finance", "wallet", "markets", "orders"} else name


def _marked(links: tuple[Link, ...], here: str) -> tuple[Link, ...]:
    return tuple(
        Link(
            url_name=link.url_name,
            label=link.label,
            icon=link.icon,
            query=link.query,
            is_here=link.url_name == here,
        )
        for link in links
    )
