"""
Soft staking: rewards on what lies in spot. Source: binance-api §3.3.

Mooring has no such product: nothing is listed and nothing was paid. `soft-staking/set` has no
endpoint and is answered -1020: besides having nothing to switch, it is a GET that changes
something, and a GET here changes nothing: it may be repeated, and is not counted as carried out.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.paging import HISTORY_DAYS, HISTORY_DAYS_MAX
from mooring.gateway.binance.parameters import ASSET, PAGE, WINDOW, optional, read_window

_ASSET_OR_ALL: Final = optional("asset", ASSET)
_NONE: Final = _("There is no soft staking here: the list is empty.")


@endpoint("GET", "/sapi/v1/soft-staking/list", _ASSET_OR_ALL, *PAGE, weight=ip(50), note=_NONE)
def list_products(_call: Call) -> Json:
    """Return the products of soft staking: none, and it is off."""
    return {"status": False, "totalRewardsUsdt": "0.00000000", "rows": [], "total": 0}


@endpoint(
    "GET",
    "/sapi/v1/soft-staking/history/rewardsRecord",
    _ASSET_OR_ALL,
    *WINDOW,
    *PAGE,
    weight=ip(50),
    note=_NONE,
)
def rewards_history(call: Call) -> Json:
    """Return the rewards of soft staking: none."""
    read_window(call.values, at=call.at, default=HISTORY_DAYS, longest=HISTORY_DAYS_MAX)
    return {"rows": [], "total": 0}
