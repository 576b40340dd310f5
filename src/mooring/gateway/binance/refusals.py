"""
What a refusal of an app is called abroad: one table for every endpoint.

Which code the exchange answers for each failure of Earn is not documented by endpoint; what is
chosen here is told on the page for developers. The sentences are the exchange's own, followed by
ours where that helps.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mooring.gateway.binance.errors import ApiRefusal
from mooring.kernel.errors import Refusal

_NOT_EXISTS: Final = (-6001, "Daily product not exists.")
_NOT_ACCESSIBLE: Final = (-6003, "Product not exist or you don't have permission")
_NOT_PURCHASABLE: Final = (-6004, "Product not in purchase status")
_BELOW_MINIMUM: Final = (-6005, "Smaller than min purchase limit")
_REDEEM_AMOUNT: Final = (-6006, "Redeem amount error")
_REDEEM_TIME: Final = (-6007, "Not in redeem time")
_NOT_REDEEMABLE: Final = (-6008, "Product not in redeem status")
_ABOVE_QUOTA: Final = (-6011, "Exceeding the maximum num allowed to purchase per user")
_BALANCE: Final = (-6012, "Balance not enough")
_ABOVE_LIMIT: Final = (-6014, "Exceed up-limit allowed to purchased")
_PRECISION: Final = (-1111, "Precision is over the maximum defined for this asset.")
_PARAMETERS: Final = (-6016, "Request params error")
_NOT_ENOUGH: Final = (-6018, "Asset not enough")
_NO_PROJECT: Final = (-6020, "Project not exists")
_SENT_BEFORE: Final = (-1022, "Signature for this request is not valid.")
_KEY: Final = (-2015, "Invalid API-key, IP, or permissions for action.")
_ASSET: Final = (-4018, "We don't have this asset.")
_QUOTE: Final = (-1020, "This operation is not supported.")

#: The code and the sentence of the exchange, by the refusal's own code.
CODES: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "account_not_open": _KEY,
        "api_key_not_found": _KEY,
        "asset_unknown": _ASSET,
        "earn_above_daily_quota": _REDEEM_AMOUNT,
        "earn_above_maximum": _ABOVE_LIMIT,
        "earn_above_quota": _ABOVE_QUOTA,
        "earn_above_total_quota": _ABOVE_LIMIT,
        "earn_amount_exceeds_position": _NOT_ENOUGH,
        "earn_amount_not_positive": _PARAMETERS,
        "earn_amount_pledged": _NOT_ENOUGH,
        "earn_auto_subscription_not_possible": _NOT_ACCESSIBLE,
        "earn_below_minimum": _BELOW_MINIMUM,
        "earn_below_minimum_remaining": _REDEEM_AMOUNT,
        "earn_below_redeem_minimum": _REDEEM_AMOUNT,
        "earn_country_not_known": _NOT_ACCESSIBLE,
        "earn_early_redemption_not_allowed": _REDEEM_TIME,
        "earn_estimate_amount_out_of_range": _PARAMETERS,
        "earn_estimate_days_out_of_range": _PARAMETERS,
        "earn_estimate_too_large": _PARAMETERS,
        "earn_key_malformed": _PARAMETERS,
        "earn_liquid_staking_only": _NOT_ACCESSIBLE,
        "earn_maturity_choice_too_late": _REDEEM_TIME,
        "earn_no_flexible_product": _NOT_ACCESSIBLE,
        "earn_not_offered_in_country": _NOT_ACCESSIBLE,
        "earn_not_renewable": _NOT_ACCESSIBLE,
        "earn_position_has_no_end": _NOT_ACCESSIBLE,
        "earn_position_not_found": _NO_PROJECT,
        "earn_position_not_holding": _NOT_REDEEMABLE,
        "earn_product_not_found": _NOT_EXISTS,
        "earn_product_not_open": _NOT_PURCHASABLE,
        "earn_ratio_not_known": _NOT_PURCHASABLE,
        "earn_redemption_not_found": _NO_PROJECT,
        "earn_reward_price_not_known": _NOT_REDEEMABLE,
        "earn_speed_not_offered": _NOT_REDEEMABLE,
        "earn_subscriptions_stopped": _NOT_PURCHASABLE,
        "earn_whole_position_only": _REDEEM_AMOUNT,
        "earn_wrong_asset": _PARAMETERS,
        "insufficient_funds": _BALANCE,
        "key_reused": _SENT_BEFORE,
        "ledger_account_closed": _KEY,
        "wallet_amount_not_positive": _PARAMETERS,
        "wallet_key_malformed": _PARAMETERS,
        "wallet_same_wallet": _PARAMETERS,
        "wallet_too_many_decimals": _PRECISION,
    }
)


def translate(refusal: Refusal) -> tuple[int, int, str]:
    """
    Return the status, the code and the sentence that a refusal is answered with.

    Raises:
        KeyError: the table has no row for it; `tests/gateway/test_refusals.py` keeps that from
            happening.
    """
    if isinstance(refusal, ApiRefusal):
        return refusal.status, refusal.number, str(refusal)
    number, sentence = CODES[refusal.code]
    return status_of(number), number, sentence


def status_of(number: int) -> int:
    """Return the status of HTTP that goes with a code of the table."""
    return 401 if number == _KEY[0] else 400
