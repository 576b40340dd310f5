"""What clients of the wallet ask besides: fees, tags and histories of what is not there."""

from typing import Final

from django.utils.translation import gettext_noop as _

from mooring.assets import api as assets
from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip, uid
from mooring.gateway.binance.markets import SYMBOL_OR_ALL, BadSymbol, symbols
from mooring.gateway.binance.parameters import (
    ASSET,
    PAGE,
    TIME,
    WINDOW,
    matching,
    one_of,
    optional,
    required,
)

_ASSET_OR_ALL: Final = optional("asset", ASSET)
_TAG: Final = optional("tag", matching(r"[A-Za-z0-9_ -]{1,32}", example="Layer1"))
_ZERO: Final = "0.00000000"
_NOTHING: Final = _("Empty: there is nothing of this kind here.")


@endpoint(
    "GET",
    "/sapi/v1/asset/tradeFee",
    SYMBOL_OR_ALL,
    weight=ip(1),
    note=_("Zero: nobody trades yet."),
)
def trade_fees(call: Call) -> Json:
    """Return what trading costs: nothing, as nobody trades."""
    wanted, known = call.values[SYMBOL_OR_ALL], symbols(call)
    if wanted is not None and wanted not in known:
        raise BadSymbol
    return [
        {"symbol": name, "makerCommission": _ZERO, "takerCommission": _ZERO}
        for name in known
        if wanted in {None, name}
    ]


@endpoint(
    "GET",
    "/sapi/v1/spot/asset/tags",
    _TAG,
    weight=ip(100),
    right=None,
    note=_("No asset has a tag: asked for one, the list is empty."),
)
def asset_tags(call: Call) -> Json:
    """Return the assets; they have no tags."""
    return [
        {"assetCode": asset.code, "assetName": asset.name, "trading": False, "tags": []}
        for asset in assets.list_assets(only_active=True)
        if call.values[_TAG] is None
    ]


def _no_list(_call: Call) -> Json:
    """Return an empty list."""
    return []


@endpoint(
    "GET",
    "/sapi/v1/asset/dribblet",
    optional("accountType", one_of("SPOT", "MARGIN")),
    *WINDOW,
    weight=ip(1),
    note=_NOTHING,
)
def dust_log(_call: Call) -> Json:
    """Return which small amounts were converted: none."""
    return {"total": 0, "userAssetDribblets": []}


endpoint("GET", "/sapi/v1/spot/delist-schedule", weight=ip(100), right=None, note=_NOTHING)(
    _no_list
)
endpoint("GET", "/sapi/v1/spot/open-symbol-list", weight=ip(100), right=None, note=_NOTHING)(
    _no_list
)


def _no_rows(_call: Call) -> Json:
    """Return a page without rows."""
    return {"total": 0, "rows": []}


_FROM: Final = required("startTime", TIME)
_UNTIL: Final = required("endTime", TIME)
endpoint(
    "GET",
    "/sapi/v1/asset/ledger-transfer/cloud-mining/queryByPage",
    _FROM,
    _UNTIL,
    _ASSET_OR_ALL,
    *PAGE,
    weight=uid(600),
    note=_NOTHING,
)(_no_rows)
endpoint(
    "GET",
    "/sapi/v1/asset/custody/transfer-history",
    required("email", matching(r"[^\s]{3,254}", example="a@example.org")),
    _FROM,
    _UNTIL,
    _ASSET_OR_ALL,
    *PAGE,
    weight=ip(60),
    note=_NOTHING,
)(_no_rows)
