"""What each method of the exchange's clients is called with: by name, or by method and name."""

import inspect
from enum import Enum
from typing import get_args

BY_NAME = {
    "above_type": "STOP_LOSS", "address": "bc1q", "amount": 10.0, "asset": "USDT",
    "auto_subscribe": True, "beneficiary_pii": "{}", "coin": "BTC", "country_code": "AE",
    "deposit_id": 1, "email": "bob@example.org", "end_time": 1_700_000_000_000,
    "from_id": 1, "new_qty": 1.0, "order_id": 1, "originator_pii": "{}",
    "pending_quantity": 1.0, "position_id": "1", "price": 1.0, "product_id": "FLEX",
    "project_id": "TERM", "quantity": 1.0, "questionnaire": "{}", "soft_staking": True,
    "start_time": 1_699_990_000_000, "stop_price": 1.0, "sub_account_id": "1",
    "symbol": "BTCUSDT", "target_asset": "USDT", "tran_id": 1, "type": "MAIN_FUNDING",
    "withdraw_order_id": "1", "working_price": 1.0, "working_quantity": 1.0,
}  # fmt: skip
BY_METHOD = {
    ("user_universal_transfer", "type"): "MAIN_FUNDING",
    ("redeem_bfusd", "amount"): 1.0,
    ("redeem_rwusd", "amount"): 1.0,
    ("redeem_eth", "amount"): 1.0,
    ("redeem_sol", "amount"): 1.0,
    ("wrap_beth", "amount"): 1.0,
    ("redeem_flexible_product", "amount"): 1.0,
    ("ticker", "symbol"): "BTCUSDT",
    ("ticker_trading_day", "symbol"): "BTCUSDT",
}


def methods(api):
    """Return the names of what the exchange serves, what others are made from last."""
    own = {"send_request", "send_signed_request"}
    found = [
        name for name, _ in inspect.getmembers(type(api), inspect.isfunction)
        if not name.startswith("_") and name not in own
    ]  # fmt: skip
    return sorted(found, key=lambda name: (_rank(name), name))


def _rank(name):
    words = ("subscribe", None, "set", "redeem")
    return next((at for at, word in enumerate(words) if word and name.startswith(word)), 1)


def arguments(api, name, **known):
    """Return what is required; an enumeration gives its first member."""
    given = {one: value for (method, one), value in BY_METHOD.items() if method == name}
    for parameter in inspect.signature(getattr(api, name)).parameters.values():
        if parameter.default is not parameter.empty:
            continue
        kinds = [
            one
            for one in get_args(parameter.annotation)
            if isinstance(one, type) and issubclass(one, Enum)
        ]
        if parameter.name in known:
            given[parameter.name] = known[parameter.name]
        elif parameter.name not in given:
            given[parameter.name] = next(iter(kinds[0])) if kinds else BY_NAME[parameter.name]
    return given
