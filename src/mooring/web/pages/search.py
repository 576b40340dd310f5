"""What the search box finds: pages, assets, help."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mooring.earn import api as earn
from mooring.web.figures import amount_text
from mooring.web.pages import help_topics
from mooring.web.pages import positions as position_pages
from mooring.web.pages import products as product_pages
from mooring.web.pages import redemptions as redemption_pages
from mooring.web.visit import Visit

_LENGTH_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A thing that fits: where it is, what it is called, what kind of thing it is."""

    url: str
    name: str
    more: str
    kind: str
    icon: str = ""
    asset: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The words and what they found, best first."""

    query: str
    finds: tuple[Find, ...]


#: Address, name, icon, and the words that lead there in any language.
_PAGES: Final[tuple[tuple[str, str | Promise, str, str | Promise], ...]] = (
    ("earn", gettext_lazy("Earn overview"), "earn", gettext_lazy("earn staking staked positions")),
    ("staking", gettext_lazy("Staking"), "lock", gettext_lazy("staking locked fixed term stake")),
    (
        "flexible",
        gettext_lazy("Flexible positions"),
        "wave",
        gettext_lazy("flexible savings demand"),
    ),
    (
        "products",
        gettext_lazy("Products"),
        "layers",
        gettext_lazy("products rates apr subscribe stake"),
    ),
    (
        "redemptions",
        gettext_lazy("Redemptions"),
        "undo",
        gettext_lazy("redeem redemption unstake pending tracking cancel"),
    ),
    (
        "wallet",
        gettext_lazy("Wallet"),
        "wallet",
        gettext_lazy("wallet balance spot funding assets"),
    ),
    (
        "history",
        gettext_lazy("History"),
        "history",
        gettext_lazy("history transactions csv export statement"),
    ),
    ("markets", gettext_lazy("Markets"), "markets", gettext_lazy("markets prices")),
    ("orders", gettext_lazy("Orders"), "orders", gettext_lazy("orders trading")),
    ("status", gettext_lazy("Status"), "status", gettext_lazy("status maintenance")),
    ("help", gettext_lazy("Help"), "help", gettext_lazy("help support questions")),
    ("terms", gettext_lazy("Terms"), "terms", gettext_lazy("terms conditions")),
    (
        "developers",
        gettext_lazy("For developers"),
        "layers",
        gettext_lazy("developers api program key endpoint client python"),
    ),
)


def search(visit: Visit, text: str, *, limit: int = 50) -> SearchPage:
    """Return what fits `text`, at most `limit` finds; nothing for empty text."""
    query = " ".join(text[:_LENGTH_MAX].split())
    if not query:
        return SearchPage(query="", finds=())
    words = query.casefold().split()
    finds = [
        *_assets(visit, words),
        *_pages(words),
        *_products(visit, words),
        *_own(visit, words),
        *_topics(visit, words),
    ]
    return SearchPage(query=query, finds=tuple(finds[:limit]))


def _fits(words: list[str], *texts: str) -> bool:
    hay = " ".join(texts).casefold()
    return all(word in hay for word in words)


def _assets(visit: Visit, words: list[str]) -> list[Find]:
    return [
        Find(
            url=reverse("earn_asset", args=[asset.code]),
            name=asset.name,
            more=asset.code,
            kind=_("Asset"),
            asset=asset.code,
        )
        for asset in visit.assets.values()
        if asset.is_active and _fits(words, asset.code, asset.name)
    ]


def _pages(words: list[str]) -> list[Find]:
    return [
        Find(url=reverse(url_name), name=str(name), more="", kind=_("Page"), icon=icon)
        for url_name, name, icon, keys in _PAGES
        if _fits(words, str(name), str(keys), url_name)
    ]


def _products(visit: Visit, words: list[str]) -> list[Find]:
    found = (product_pages.row_of(visit, one) for one in visit.products)
    return [
        Find(
            url=reverse("product", args=[row.code]),
            name=f"{row.asset} · {row.name}",
            more=f"{row.code} · {row.rate}",
            kind=_("Product"),
            asset=row.asset,
        )
        for row in found
        if _fits(words, row.code, row.asset, row.asset_name, row.name, _("product stake"))
    ]


def _own(visit: Visit, words: list[str]) -> list[Find]:
    """Find the visitor's own positions and redemptions, by asset, product or number."""
    if visit.profile is None:
        return []
    mine = visit.account_id
    positions = [
        Find(
            url=reverse("position", args=[row.id]),
            name=_("Position %(id)s") % {"id": row.id},
            more=f"{row.product_code} · {amount_text(row.amount)}",
            kind=_("Yours"),
            asset=row.asset,
        )
        for row in (
            position_pages.row_of(visit, one)
            for one in earn.list_positions(account_id=mine, at=visit.at)
        )
        if _fits(words, row.asset, row.asset_name, row.product_code, str(row.id))
    ]
    redemptions = [
        Find(
            url=reverse("redemption", args=[row.id]),
            name=_("Redemption %(id)s") % {"id": row.id},
            more=f"{row.status_name} · {amount_text(row.net)}",
            kind=_("Yours"),
            asset=row.asset,
        )
        for row in redemption_pages.listing(visit)
        if _fits(words, row.asset, row.asset_name, row.product_code, str(row.id))
    ]
    return positions + redemptions


def _topics(visit: Visit, words: list[str]) -> list[Find]:
    return [
        Find(
            url=f"{reverse('help')}#{topic.anchor}",
            name=topic.question,
            more="",
            kind=_("Help"),
            icon="help",
        )
        for topic in help_topics.topics(visit)
        if _fits(words, topic.question, topic.words)
    ]
