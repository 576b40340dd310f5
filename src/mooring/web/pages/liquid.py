"""Liquid staking: give an asset for its token, and the token back. Source: requirement EARN-15."""

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
from mooring.web.pages import positions, products, windows
from mooring.web.pages.redemptions import destination_name
from mooring.web.visit import Visit

_SALT: Final = "mooring.web.stake"
_SECONDS_MAX: Final = 86_400
_BAD_REQUEST: Final = 422
_TOKEN_DECIMALS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeWish:
    """What a person was shown and may confirm; the key makes twice equal once."""

    code: str
    amount: Amount
    key: str
    source: earn.Source
    ratio: Decimal
    terms_id: int
    consent_version: str

    def request(self, account_id: int) -> earn.Subscription:
        """Return the request."""
        return earn.Subscription(
            account_id=account_id,
            product_code=self.code,
            amount=self.amount,
            key=self.key,
            source=self.source,
            consent_version=self.consent_version,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StakePage:
    """The page in either of its steps: with a quote there is something to confirm."""

    product: products.ProductRow
    typed: str
    quote: earn.StakingQuote | None
    token: str
    problem: str
    terms_id: int
    consent_version: str
    windows: tuple[windows.WindowRow, ...]
    source: earn.Source
    sources: tuple[tuple[str, str], ...]

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return _BAD_REQUEST if self.problem else 200


@dataclass(frozen=True, slots=True, kw_only=True)
class UnstakePage:
    """Giving tokens back, in either of its steps."""

    row: positions.PositionRow
    free: Amount
    typed: str
    quote: earn.UnstakingQuote | None
    value: Amount | None
    token: str
    destination: str
    problem: str
    windows: tuple[windows.WindowRow, ...]

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return _BAD_REQUEST if self.problem else 200


def stake_page(visit: Visit, product: earn.ProductView, sent: QueryDict) -> StakePage:
    """Return the page for what was typed so far."""
    page = _blank(visit, product, source=_source(sent.get("source", "")))
    try:
        wish = read_amount(sent, asset=product.asset, decimals_max=_decimals(visit, product.asset))
        if not wish.is_asked:
            return page
        amount = wish.amount or earn.available_to_subscribe(
            account_id=visit.account_id, product_code=product.code, source=page.source, at=visit.at
        )
        return _staking(visit, page, amount)
    except Refusal as refusal:
        typed = sent.get("amount", "")
        return replace(page, typed=typed, problem=refusals.sentence(refusal))


def stake_again(
    visit: Visit, product: earn.ProductView, wish: StakeWish, *, problem: str
) -> StakePage:
    """Return the page once more after a refusal, with everything that was entered."""
    page = _blank(visit, product, source=wish.source)
    try:
        return _staking(visit, page, wish.amount, problem=problem, key=wish.key)
    except Refusal:
        return replace(page, typed=f"{wish.amount.number:f}", problem=problem)


def has_changed(visit: Visit, product: earn.ProductView, wish: StakeWish) -> bool:
    """Whether the ratio, the terms or their text are others than those that were shown."""
    now = (visit.ratios.get(product.id), product.terms.id, terms.VERSION)
    return now != (wish.ratio, wish.terms_id, wish.consent_version)


def changed_problem() -> str:
    """Return what is said when something else holds than what was shown."""
    return _("The ratio or the terms have changed, so nothing was moved. Here is what holds now.")


def read_wish(token: str, account_id: int) -> StakeWish | None:
    """Return what this account was shown; None if it was not by us, for them, or of today."""
    try:
        whose, code, number, asset, key, source, ratio, terms_id, version = signing.loads(
            token, salt=_SALT, max_age=_SECONDS_MAX
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if whose != account_id:
        return None
    return StakeWish(
        code=code,
        amount=Amount(Decimal(number), asset),
        key=key,
        source=_source(source),
        ratio=Decimal(ratio),
        terms_id=terms_id,
        consent_version=version,
    )


def unstake_page(visit: Visit, position: earn.PositionView, sent: QueryDict) -> UnstakePage:
    """Return the page for what was typed so far."""
    page = _unstaking_blank(visit, position)
    try:
        wish = read_amount(sent, asset=page.free.asset, decimals_max=_TOKEN_DECIMALS)
        if not wish.is_asked:
            return page
        return unstaking(visit, page, wish.amount, destination=wish.destination)
    except Refusal as refusal:
        typed = sent.get("amount", "")
        return replace(page, typed=typed, problem=refusals.sentence(refusal))


def unstake_again(
    visit: Visit, position: earn.PositionView, quote: earn.UnstakingQuote, *, problem: str
) -> UnstakePage:
    """Return the page with the figures of now, and why those that were shown did not hold."""
    page = _unstaking_blank(visit, position)
    try:
        shown = unstaking(visit, page, quote.tokens, destination=quote.destination)
    except Refusal as refusal:
        return replace(page, problem=refusals.sentence(refusal))
    return replace(shown, problem=problem)


def unstaking(
    visit: Visit, page: UnstakePage, tokens: Amount | None, *, destination: str
) -> UnstakePage:
    """Return the page with a quote and the token that confirms exactly it."""
    quote = earn.quote_unstaking(
        account_id=visit.account_id,
        position_id=page.row.id,
        tokens=tokens,
        destination="FUNDING" if destination == "FUNDING" else "SPOT",
        at=visit.at,
    )
    return replace(
        page,
        typed=f"{quote.tokens.number:f}",
        quote=quote,
        value=visit.value_of(quote.net),
        token=earn.seal_unstaking(quote),
        destination=destination_name(quote.destination),
    )


def _staking(
    visit: Visit, page: StakePage, amount: Amount, *, problem: str = "", key: str = ""
) -> StakePage:
    quote = earn.quote_staking(
        account_id=visit.account_id,
        product_code=page.product.code,
        amount=amount,
        source=page.source,
        at=visit.at,
    )
    key = key or f"w{secrets.token_hex(16)}"
    what = [visit.account_id, page.product.code, f"{amount.number:f}", amount.asset, key]
    content = [*what, page.source, f"{quote.ratio:f}", page.terms_id, terms.VERSION]
    return replace(
        page,
        typed=f"{amount.number:f}",
        quote=quote,
        token=signing.dumps(content, salt=_SALT),
        problem=problem,
    )


def _blank(visit: Visit, product: earn.ProductView, *, source: earn.Source) -> StakePage:
    return StakePage(
        product=products.row_of(visit, product),
        typed="",
        quote=None,
        token="",
        problem="",
        terms_id=product.terms.id,
        consent_version=terms.VERSION,
        windows=windows.rows_of_product(visit, product.code),
        source=source,
        sources=(
            ("SPOT", _("Spot wallet")),
            ("FUNDING", _("Funding wallet")),
            ("ALL", _("Both, spot first")),
        ),
    )


def _unstaking_blank(visit: Visit, position: earn.PositionView) -> UnstakePage:
    tokens = position.tokens or Amount(Decimal(0), position.product.token or position.asset)
    return UnstakePage(
        row=positions.row_of(visit, position),
        free=tokens,
        typed="",
        quote=None,
        value=None,
        token="",
        destination="",
        problem="",
        windows=windows.rows_of_product(visit, position.product.code),
    )


def _source(text: str) -> earn.Source:
    sources: dict[str, earn.Source] = {"FUNDING": "FUNDING", "ALL": "ALL"}
    return sources.get(text, "SPOT")


def _decimals(visit: Visit, asset: str) -> int:
    return visit.assets[asset].ledger_decimals if asset in visit.assets else 18
