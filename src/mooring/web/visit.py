"""
One request's moment, person and wishes, each read once.

Views and the frame around every page ask here, so that a page has one time, and reads who is
there once.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.kernel.money import Amount
from mooring.kernel.rounding import EXACT, floor_quotient
from mooring.web.figures import DECIMALS_SHOWN

CURRENCY_COOKIE: Final = f"{settings.COOKIE_PREFIX}currency"
THEME_COOKIE: Final = f"{settings.COOKIE_PREFIX}theme"
#: Written by `local_time.js`, with the same prefix.
ZONE_COOKIE: Final = f"{settings.COOKIE_PREFIX}zone"
#: A year: how long a choice made without an account is remembered.
COOKIE_SECONDS: Final = 365 * 86_400
#: Decimals of values; an asset's own are in its row.
CURRENCY_DECIMALS: Final = {"USD": 2, "EUR": 2, "CNY": 2}
THEMES: Final = ("system", "light", "dark")


class Visit:
    """What a request says about its moment and its visitor."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        #: The open log-in that this request belongs to; set by `web.session_limits`.
        self.session: accounts.presence.OpenSession | None = None

    @cached_property
    def at(self) -> datetime:
        """The platform's time of this request, UTC."""
        return clock.now()

    @cached_property
    def origin(self) -> accounts.Origin:
        """
        Where the request came from and when it really was.

        Its session and its device are known once somebody is logged in. Before that, a browser's
        device is known together with the person only: `accounts.presence.find_device_id_of`.

        Raises:
            PermissionDenied: the address on the net cannot be told.
        """
        return accounts.presence.origin_of(self._request, session=self.session, wall=clock.wall())

    def origin_for(self, user_id: int) -> accounts.Origin:
        """Return the origin with the device of somebody who is about to log in, if confirmed."""
        tokens = accounts.presence.device_tokens(self._request)
        device_id = accounts.presence.find_device_id(tokens, user_id=user_id)
        return replace(self.origin, device_id=device_id)

    @cached_property
    def profile(self) -> accounts.Profile | None:
        """The account of who is logged in; None for strangers and for staff."""
        user = self._request.user
        if self.session is not None and self.session.user_id == user.pk:
            return self.session.profile
        return accounts.find_profile(user_id=user.pk) if user.is_authenticated else None

    @property
    def user_id(self) -> int:
        """
        Who is logged in, with or without an account.

        Raises:
            PermissionDenied: nobody is.
        """
        if self._request.user.pk is None:
            raise PermissionDenied
        return self._request.user.pk

    @property
    def account_id(self) -> int:
        """
        The account whose pages these are.

        Raises:
            PermissionDenied: nobody is logged in, or somebody without an account.
        """
        if self.profile is None:
            raise PermissionDenied
        return self.profile.account_id

    @cached_property
    def currency(self) -> str:
        """The currency values are shown in: the account's, else the cookie's, else USD."""
        if self.profile is not None:
            return self.profile.display_currency
        wished = self._request.COOKIES.get(CURRENCY_COOKIE, "")
        return wished if wished in accounts.DISPLAY_CURRENCIES else "USD"

    @cached_property
    def assets(self) -> dict[str, assets.Asset]:
        """Every asset by its code."""
        return {asset.code: asset for asset in assets.list_assets()}

    @cached_property
    def products(self) -> tuple[earn.ProductView, ...]:
        """Every Earn product with the terms in force at this moment."""
        return earn.list_products(at=self.at)

    @cached_property
    def windows(self) -> dict[int, tuple[earn.WindowView, ...]]:
        """The maintenance windows in force, by the numbers of the products they concern."""
        return earn.windows_at((product.id for product in self.products), at=self.at)

    @cached_property
    def daily_rates(self) -> dict[int, earn.DailyRates]:
        """What products pay by the day, by their numbers."""
        return earn.daily_rates(product.id for product in self.products)

    @cached_property
    def ratios(self) -> dict[int, Decimal]:
        """What tokens of liquid staking are worth now, by their products' numbers."""
        return earn.ratios_at((one.id for one in self.products if one.kind == "LIQUID"), at=self.at)

    @cached_property
    def unbondings(self) -> dict[str, earn.Unbonding]:
        """How long chains take to give back now, by the assets of products on chains."""
        on_chain = (one.asset for one in self.products if one.family == "ONCHAIN")
        return earn.unbonding_at(on_chain, at=self.at)

    @cached_property
    def country(self) -> str:
        """Where the member lives; empty for strangers and as long as that is not known."""
        if self.profile is None:
            return ""
        found = accounts.find_countries([self.profile.account_id])
        return found.get(self.profile.account_id, "")

    def decimals_of(self, asset: str) -> int:
        """Return how many decimals an amount of `asset` is shown with."""
        if asset in self.assets:
            return self.assets[asset].display_decimals
        return CURRENCY_DECIMALS.get(asset, DECIMALS_SHOWN)

    def name_of(self, asset: str) -> str:
        """Return an asset's name; its code where it has none."""
        return self.assets[asset].name if asset in self.assets else asset

    @cached_property
    def _prices(self) -> dict[str, Decimal]:
        return assets.prices(at=self.at)

    def _price_of(self, asset: str) -> Decimal | None:
        """Return an asset's price; of a token of liquid staking, without one, its asset's share."""
        if asset in self._prices:
            return self._prices[asset]
        product = next((one for one in self.products if one.token == asset), None)
        if product is None or product.id not in self.ratios or product.asset not in self._prices:
            return None
        return EXACT.multiply(self.ratios[product.id], self._prices[product.asset])

    def value_of(self, amount: Amount) -> Amount | None:
        """Return what an amount is worth in the visitor's currency, cut; None without a price."""
        if amount.is_zero:
            return Amount.zero(self.currency)
        price, unit = self._price_of(amount.asset), self._prices.get(self.currency)
        if price is None or unit is None:
            return None
        worth = EXACT.multiply(amount.number, price)
        return Amount(floor_quotient(worth, unit, DECIMALS_SHOWN), self.currency)

    def sum_of_values(self, amounts: Iterable[Amount]) -> Amount:
        """Return what the amounts that have a price are worth together."""
        values = (self.value_of(amount) for amount in amounts)
        return sum(
            (value for value in values if value is not None), start=Amount.zero(self.currency)
        )

    @cached_property
    def theme(self) -> str:
        """`light`, `dark`, or `system`."""
        wished = self._request.COOKIES.get(THEME_COOKIE, "")
        return wished if wished in THEMES else "system"

    @cached_property
    def zone(self) -> tzinfo | None:
        """The viewer's time zone as their browser last told it; None if unknown."""
        name = self._request.COOKIES.get(ZONE_COOKIE, "")[:64].replace("%2F", "/")
        if not name or name in {"UTC", "Etc/UTC"}:
            return UTC if name else None
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None


class PageRequest(HttpRequest):
    """A request as views receive it."""

    visit: Visit
    htmx: HtmxDetails
