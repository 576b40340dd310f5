"""What all of Simple Earn is worth. Source: binance-api §3.1."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.figures import amount_text
from mooring.kernel.money import Amount

_CURRENCIES: Final = ("BTC", "USDT")


@endpoint(
    "GET",
    "/sapi/v1/simple-earn/account",
    weight=ip(150),
    note=_("What has no price is counted as nothing."),
)
def account(call: Call) -> Json:
    """Return what is held in Simple Earn, valued."""
    return account_facts(call, "SIMPLE")


def account_facts(call: Call, family: earn.Family) -> dict[str, Any]:
    """Return what is held in a family of products, valued in bitcoin and tether."""
    held = [
        position
        for position in earn.list_positions(account_id=call.account_id, at=call.at)
        if position.product.family == family and position.kind != "LIQUID"
    ]
    flexible = [one.amount + one.accrued for one in held if one.kind == "FLEXIBLE"]
    locked = [one.amount for one in held if one.kind == "LOCKED"]
    found: dict[str, Any] = {}
    for name, amounts in (
        ("totalAmount", flexible + locked),
        ("totalFlexibleAmount", flexible),
        ("totalLocked", locked),
    ):
        for currency in _CURRENCIES:
            found[f"{name}In{currency}"] = amount_text(value_in(call, amounts, currency))
    return found


def value_in(call: Call, amounts: Iterable[Amount], currency: str) -> Amount:
    """Return what amounts that have a price are worth together, cut to eight decimals."""
    values = assets.find_values(amounts, currency=currency, at=call.at)
    return sum((value for value in values if value is not None), start=Amount.zero(currency))
