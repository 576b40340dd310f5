"""What an account has of each asset, moves between wallets, rewards. Source: binance-api §3.4."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.gateway.binance import errors
from mooring.gateway.binance.endpoints import Call, Json, Right, endpoint, ip, uid
from mooring.gateway.binance.figures import amount_text, time_number
from mooring.gateway.binance.paging import page_of
from mooring.gateway.binance.parameters import (
    AMOUNT,
    ASSET,
    BOOLEAN,
    PAGE,
    WINDOW,
    defaulting,
    matching,
    one_of,
    optional,
    read_window,
    required,
    whole,
)
from mooring.gateway.binance.simple_earn_account import value_in
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet

_ASSET: Final = required("asset", ASSET)
_ASSET_OR_ALL: Final = optional("asset", ASSET)
_AMOUNT: Final = required("amount", AMOUNT)
_VALUED: Final = defaulting("needBtcValuation", BOOLEAN, default=False)
_DETAILED: Final = defaulting("needBalanceDetail", BOOLEAN, default=False)
_QUOTE: Final = defaulting("quoteAsset", one_of(*assets.CURRENCIES), "BTC", example="USDT")
_TYPE: Final = required("type", matching(r"[A-Z_]{1,40}", example="MAIN_FUNDING"))
_SYMBOL: Final = matching(r"[A-Z0-9]{1,32}", example="BTCUSDT")
_FROM_SYMBOL: Final = optional("fromSymbol", _SYMBOL)
_TO_SYMBOL: Final = optional("toSymbol", _SYMBOL)
_LIMIT: Final = defaulting("limit", whole(1, 500), 20, example="20")

#: The two of the exchange's thirty-one ways that exist here.
_WAYS: Final[Mapping[str, tuple[wallet.Wallet, wallet.Wallet]]] = {
    "MAIN_FUNDING": ("SPOT", "FUNDING"),
    "FUNDING_MAIN": ("FUNDING", "SPOT"),
}
#: Payments to positions that one answer is made of.
_RECORDS_MAX: Final = 2_000
_ZERO: Final = "0.00000000"
_NO_NETWORKS: Final = _("No networks yet: nothing can be deposited or withdrawn by the API.")
_TWO_WAYS: Final = _(
    "MAIN_FUNDING and FUNDING_MAIN: there are no other wallets, and other types are answered -1130."
)
_WEEK: Final = timedelta(days=7)
_HALF_A_YEAR: Final = timedelta(days=184)
_MONTH: Final = timedelta(days=30)
_LONGEST: Final = timedelta(days=180)


def _value(call: Call, amount: Amount) -> str:
    """Return what an amount is worth in bitcoin, if that was asked for."""
    return amount_text(value_in(call, [amount], "BTC")) if call.values[_VALUED] else _ZERO


@endpoint("POST", "/sapi/v3/asset/getUserAsset", _ASSET_OR_ALL, _VALUED, weight=ip(5))
def user_assets(call: Call) -> Json:
    """Return what is in the spot wallet, without what there is nothing of."""
    return [
        {
            "asset": one.asset,
            "free": amount_text(one.spot_available),
            "locked": amount_text(one.spot_in_orders),
            "freeze": amount_text(one.spot_frozen),
            "withdrawing": amount_text(one.withdrawing),
            "ipoable": _ZERO,
            "btcValuation": _value(call, one.spot + one.withdrawing),
        }
        for one in _held(call)
        if not (one.spot + one.withdrawing).is_zero
    ]


def _held(call: Call) -> list[wallet.AssetBalances]:
    wanted = call.values[_ASSET_OR_ALL]
    found = wallet.balances(account_id=call.account_id, at=call.at)
    return [one for one in found if wanted in {None, one.asset}]


@endpoint(
    "POST",
    "/sapi/v1/asset/get-funding-asset",
    _ASSET_OR_ALL,
    _VALUED,
    weight=ip(1),
    note=_("Everything in funding is free."),
)
def funding_assets(call: Call) -> Json:
    """Return what is in the funding wallet."""
    return [
        {
            "asset": one.asset,
            "free": amount_text(one.funding),
            "locked": _ZERO,
            "freeze": _ZERO,
            "withdrawing": _ZERO,
            "btcValuation": _value(call, one.funding),
        }
        for one in _held(call)
        if not one.funding.is_zero
    ]


@endpoint(
    "GET",
    "/sapi/v1/asset/wallet/balance",
    _QUOTE,
    _DETAILED,
    weight=ip(60),
    note=_("Spot, Funding and Earn. What has no price is counted as nothing."),
)
def wallet_balances(call: Call) -> Json:
    """Return what each wallet is worth."""
    held = wallet.balances(account_id=call.account_id, at=call.at)
    currency = call.values[_QUOTE]
    return [
        {
            "activate": True,
            "balance": amount_text(value_in(call, [part for _, part in parts], currency)),
            "walletName": name,
            "assetBalances": [
                {
                    "asset": asset,
                    "assetName": asset,
                    "free": amount_text(part),
                    "locked": _ZERO,
                    "freeze": _ZERO,
                    "withdrawing": _ZERO,
                    "btcValuation": amount_text(value_in(call, [part], "BTC")),
                }
                for asset, part in parts
                if call.values[_DETAILED] and not part.is_zero
            ],
        }
        for name, parts in (
            ("Spot", [(one.asset, one.spot) for one in held]),
            ("Funding", [(one.asset, one.funding) for one in held]),
            ("Earn", [(one.asset, one.earn) for one in held]),
        )
    ]


@endpoint(
    "GET",
    "/sapi/v1/capital/config/getall",
    weight=ip(10),
    note=_NO_NETWORKS,
)
def all_coins(call: Call) -> Json:
    """Return every asset, and what the account has of it in spot."""
    held = {one.asset: one for one in wallet.balances(account_id=call.account_id, at=call.at)}
    return [
        {
            "coin": asset.code,
            "depositAllEnable": False,
            "withdrawAllEnable": False,
            "name": asset.name,
            "free": _part(held, asset.code, "spot_available"),
            "locked": _part(held, asset.code, "spot_in_orders"),
            "freeze": _part(held, asset.code, "spot_frozen"),
            "withdrawing": _part(held, asset.code, "withdrawing"),
            "ipoing": _ZERO,
            "ipoable": _ZERO,
            "storage": _ZERO,
            "isLegalMoney": asset.kind == "FIAT",
            "trading": False,
            "networkList": [],
        }
        for asset in assets.list_assets(only_active=True)
    ]


def _part(held: Mapping[str, wallet.AssetBalances], asset: str, state: str) -> str:
    return amount_text(getattr(held[asset], state)) if asset in held else _ZERO


@endpoint("GET", "/sapi/v1/asset/assetDetail", _ASSET_OR_ALL, weight=ip(1), note=_NO_NETWORKS)
def asset_details(call: Call) -> Json:
    """Return whether assets can be deposited and withdrawn: by the API, not yet."""
    wanted = call.values[_ASSET_OR_ALL]
    return {
        asset.code: {
            "minWithdrawAmount": _ZERO,
            "depositStatus": False,
            "withdrawFee": 0,
            "withdrawStatus": False,
            "depositTip": "Not by the API yet.",
        }
        for asset in assets.list_assets(only_active=True)
        if wanted in {None, asset.code}
    }


# --- between wallets ---


@endpoint(
    "POST",
    "/sapi/v1/asset/transfer",
    _TYPE,
    _ASSET,
    _AMOUNT,
    _FROM_SYMBOL,
    _TO_SYMBOL,
    weight=uid(300),
    right=Right.TRADE,
    note=_TWO_WAYS,
)
def transfer(call: Call) -> Json:
    """Move an amount from spot to funding, or back."""
    source, target = _way(call)
    amount = call.amount(_AMOUNT, call.values[_ASSET])
    done = wallet.transfer_one(
        wallet.Transfer(
            account_id=call.account_id,
            amount=amount,
            source=source,
            target=target,
            key=call.request_key,
        ),
        at=call.at,
    )
    return {"tranId": done.journal_id}


def _way(call: Call) -> tuple[wallet.Wallet, wallet.Wallet]:
    try:
        return _WAYS[call.values[_TYPE]]
    except KeyError as error:
        raise errors.ParameterInvalid(parameter="type") from error


@endpoint(
    "GET",
    "/sapi/v1/asset/transfer",
    _TYPE,
    *WINDOW,
    *PAGE,
    _FROM_SYMBOL,
    _TO_SYMBOL,
    weight=ip(1),
    note=_TWO_WAYS,
)
def transfer_history(call: Call) -> Json:
    """Return what was moved between wallets in one direction."""
    source, _ = _way(call)
    window = read_window(call.values, at=call.at, default=_WEEK, longest=_HALF_A_YEAR)
    found = wallet.transfers(
        account_id=call.account_id,
        since=window.start,
        until=window.end + timedelta(milliseconds=1),
        source=source,
    )
    return {
        "total": len(found),
        "rows": [
            {
                "asset": one.amount.asset,
                "amount": amount_text(one.amount),
                "type": call.values[_TYPE],
                "status": "CONFIRMED",
                "tranId": one.id,
                "timestamp": time_number(one.at),
            }
            for one in page_of(call, found)
        ],
    }


# --- rewards ---

_INFO: Final = {
    "REALTIME": "Flexible real-time reward",
    "BONUS": "Flexible bonus reward",
    "EXTRA": "Flexible extra reward",
    "LOCKED": "Locked reward",
}


@endpoint(
    "GET",
    "/sapi/v1/asset/assetDividend",
    _ASSET_OR_ALL,
    *WINDOW,
    _LIMIT,
    weight=ip(10),
    note=_("Rewards of Earn; what one payment paid to several positions is one row."),
)
def dividends(call: Call) -> Json:
    """Return the rewards that were credited, newest first."""
    window = read_window(call.values, at=call.at, default=_MONTH, longest=_LONGEST)
    wanted = call.values[_ASSET_OR_ALL]
    found = earn.reward_records(
        account_id=call.account_id,
        asked=earn.RecordFilter(
            kind=None, family=None, since=window.start, until=window.end, limit=_RECORDS_MAX
        ),
    )
    paid: dict[tuple[int, str, str], tuple[Amount, int]] = {}
    for one in found.rows:
        if wanted in {None, one.amount.asset}:
            key = (one.journal_id, one.amount.asset, _INFO[one.kind])
            before = paid.get(key, (Amount.zero(one.amount.asset), 0))[0]
            paid[key] = (before + one.amount, time_number(one.at))
    rows: list[dict[str, Any]] = [
        {
            "id": journal_id,
            "amount": amount_text(amount),
            "asset": asset,
            "divTime": time,
            "enInfo": info,
            "tranId": journal_id,
            "direction": 1,
        }
        for (journal_id, asset, info), (amount, time) in paid.items()
    ]
    return {"rows": rows[: call.values[_LIMIT]], "total": len(rows)}
