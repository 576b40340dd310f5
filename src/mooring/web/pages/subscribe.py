"""Subscribing: amount, what it brings and when, terms, done. Source: requirements EARN-13, -14."""

import secrets
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.web import refusals, terms
from mooring.web.forms.amount import read_amount
from mooring.web.pages import products, windows
from mooring.web.visit import Visit

_SALT: Final = "mooring.web.subscribe"
_SECONDS_MAX: Final = 86_400
_BAD_REQUEST: Final = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribeWish:
    """
    What a person was shown and may confirm; the key makes twice equal once.

    Args:
        terms_id: the product's terms as they were shown.
        consent_version: of the text they were shown with.
    """

    account_id: int
    code: str
    amount: Amount
    key: str
    source: earn.Source
    terms_id: int
    consent_version: str

    def subscription(self) -> earn.Subscription:
        """Return the request."""
        return earn.Subscription(
            account_id=self.account_id,
            product_code=self.code,
            amount=self.amount,
            key=self.key,
            source=self.source,
            consent_version=self.consent_version,
        )

    def is_of(self, product: earn.ProductView) -> bool:
        """Whether what was shown are the terms and the text that are in force."""
        return (self.terms_id, self.consent_version) == (product.terms.id, terms.VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribePage:
    """The page in either of its steps: with a quote there is something to confirm."""

    product: products.ProductRow
    available: Amount
    typed: str
    quote: earn.SubscriptionQuote | None
    token: str
    problem: str
    terms_id: int
    consent_version: str
    daily_value: Amount | None
    windows: tuple[windows.WindowRow, ...]
    source: earn.Source
    sources: tuple[tuple[str, str], ...]

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return _BAD_REQUEST if self.problem else 200


def page_of(visit: Visit, code: str, sent: QueryDict) -> SubscribePage:
    """
    Return the page for what was typed so far.

    Raises:
        ProductNotFound: there is no such product.
    """
    page = _blank(visit, code, source=_source(sent.get("source", "")))
    asset = page.product.asset
    try:
        wish = read_amount(sent, asset=asset, decimals_max=_decimals(visit, asset))
        if not wish.is_asked:
            return page
        return _quoted(visit, page, page.available if wish.amount is None else wish.amount)
    except Refusal as refusal:
        typed = sent.get("amount", "")
        return replace(page, typed=typed, problem=refusals.sentence(refusal))


def again(visit: Visit, wish: SubscribeWish, *, problem: str) -> SubscribePage:
    """Return the page once more after a refusal, with everything that was entered."""
    page = _blank(visit, wish.code, source=wish.source)
    try:
        return _quoted(visit, page, wish.amount, problem=problem, key=wish.key)
    except Refusal:
        return replace(page, typed=f"{wish.amount.number:f}", problem=problem)


def terms_problem() -> str:
    """Return what is said when the terms were not ticked."""
    return _("Please read and accept the terms of the product. Nothing was moved.")


def changed_problem() -> str:
    """Return what is said when the terms are others than those that were shown."""
    return _(
        "The terms have changed since you saw them, so nothing was moved. Here is what holds now."
    )


def read_token(token: str, account_id: int) -> SubscribeWish | None:
    """Return what this account was shown; None if it was not by us, for them, or of today."""
    try:
        code, number, asset, key, whose, source, terms_id, version = signing.loads(
            token, salt=_SALT, max_age=_SECONDS_MAX
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if whose != account_id:
        return None
    amount = Amount(Decimal(number), asset)
    return SubscribeWish(
        account_id=account_id,
        code=code,
        amount=amount,
        key=key,
        source=_source(source),
        terms_id=terms_id,
        consent_version=version,
    )


def _quoted(
    visit: Visit, page: SubscribePage, amount: Amount, *, problem: str = "", key: str = ""
) -> SubscribePage:
    quote = earn.quote_subscription(
        account_id=visit.account_id,
        product_code=page.product.code,
        amount=amount,
        source=page.source,
        at=visit.at,
    )
    key = key or f"w{secrets.token_hex(16)}"
    whose = visit.account_id
    what = [page.product.code, f"{amount.number:f}", amount.asset, key, whose, page.source]
    content = [*what, quote.product.terms.id, terms.VERSION]
    return replace(
        page,
        typed=f"{amount.number:f}",
        quote=quote,
        token=signing.dumps(content, salt=_SALT),
        problem=problem,
        daily_value=visit.value_of(quote.reward_daily),
    )


def _source(text: str) -> earn.Source:
    sources: dict[str, earn.Source] = {"FUNDING": "FUNDING", "ALL": "ALL"}
    return sources.get(text, "SPOT")


def _blank(visit: Visit, code: str, *, source: earn.Source) -> SubscribePage:
    product = earn.get_product(code=code, at=visit.at)
    return SubscribePage(
        product=products.row_of(visit, product),
        available=earn.available_to_subscribe(
            account_id=visit.account_id, product_code=code, source=source, at=visit.at
        ),
        typed="",
        quote=None,
        token="",
        problem="",
        terms_id=product.terms.id,
        consent_version=terms.VERSION,
        daily_value=None,
        windows=windows.rows_of_product(visit, code),
        source=source,
        sources=(
            ("SPOT", _("Spot wallet")),
            ("FUNDING", _("Funding wallet")),
            ("ALL", _("Both, spot first")),
        ),
    )


def _decimals(visit: Visit, asset: str) -> int:
    return visit.assets[asset].ledger_decimals if asset in visit.assets else 18
