"""
ETH and SOL staking: tokens (WBETH, BNSOL) whose ratio rises. Source: binance-api §3.3.

There is no BETH here: `wbeth/wrap` has no endpoint and is answered -1020, and what was wrapped or
unwrapped is an empty list. Of SOL nothing is paid besides what the ratio brings.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.earn import api as earn
from mooring.gateway.binance import errors
from mooring.gateway.binance.endpoints import Call, Json, Right, endpoint, ip
from mooring.gateway.binance.figures import amount_text, time_number
from mooring.gateway.binance.parameters import defaulting, one_of
from mooring.gateway.binance.simple_earn_flexible import (
    AMOUNT_NEEDED,
    CONSENT,
    UNLIMITED,
    quota_text,
)
from mooring.kernel.money import Amount

_A_DAY: Final = timedelta(days=1)
_MONTH: Final = timedelta(days=30)
_REDEEMED: Final = defaulting("asset", one_of("WBETH", "BETH"), "WBETH")
#: The least that arrives, in the asset, where the terms name none.
_LEAST: Final = Decimal("0.00000001")


class NothingToClaim(errors.ApiRefusal):
    """Nothing is ever unclaimed: rewards are in the ratio, or paid."""

    code = "api_nothing_to_claim"
    number = -6018

    def __init__(self) -> None:
        super().__init__("Asset not enough")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """
    An asset that is staked for a token, and what its paths call things.

    Args:
        ratio: how the answers name what a token is worth.
    """

    asset: str
    token: str
    ratio: str

    def product(self, call: Call) -> earn.ProductView:
        """
        Return the product that gives the token for the asset.

        Raises:
            ProductNotFound: this platform does not offer it.
        """
        for product in earn.list_products(at=call.at, asset=self.asset):
            if product.kind == "LIQUID" and product.token == self.token:
                return product
        raise earn.ProductNotFound(product_code=self.token)

    def position(self, call: Call) -> earn.PositionView | None:
        """Return what the customer holds of the token in spot; None for nothing."""
        product = self.product(call)
        for position in earn.list_positions(
            account_id=call.account_id, at=call.at, asset=self.asset
        ):
            if position.product.id == product.id:
                return position
        return None

    def gained_in_a_month(self, call: Call) -> Amount:
        """Return what the customer's tokens gained by the ratios of the last 30 days."""
        return earn.gained_between(
            self.product(call), account_id=call.account_id, since=call.at - _MONTH, until=call.at
        )

    def stake(self, call: Call) -> Json:
        """Give the asset for tokens, of whose price no more is taken than they cost."""
        product = self.product(call)
        amount = call.amount(AMOUNT_NEEDED, self.asset)
        call.keep_pace()
        done = earn.stake_one(
            earn.Subscription(
                account_id=call.account_id,
                product_code=product.code,
                amount=amount,
                key=call.request_key,
                consent_version=CONSENT,
            ),
            at=call.at,
        )
        return {
            "success": True,
            f"{self.token.lower()}Amount": amount_text(done.tokens),
            "purchaseId": done.subscription_id,
            self.ratio: amount_text(done.ratio),
        }

    def redeem(self, call: Call) -> Json:
        """Give tokens back for the asset, which arrives when the chain has freed it."""
        position = self.position(call)
        tokens = call.amount(AMOUNT_NEEDED, self.token)
        call.keep_pace()
        if position is None:
            raise earn.AmountExceedsPosition(amount=tokens, free=Amount.zero(self.token))
        done = earn.unstake_one(
            earn.Unstaking(
                account_id=call.account_id,
                position_id=position.id,
                tokens=tokens,
                key=call.request_key,
            ),
            at=call.at,
        )
        told = earn.get_redemption(
            account_id=call.account_id, redemption_id=done.redemption_id, at=call.at
        )
        return {
            "success": True,
            f"{self.asset.lower()}Amount": amount_text(done.net),
            "redeemId": done.redemption_id,
            self.ratio: amount_text(told.ratio or Decimal(0)),
            "arrivalTime": time_number(done.arrives_until),
        }

    def quota(self, call: Call) -> dict[str, Any]:
        """Return what may still be staked and given back."""
        product = self.product(call)
        terms = product.terms
        left = earn.left_to_unstake(product, account_id=call.account_id, at=call.at)
        windows = earn.windows_at([product.id], at=call.at).get(product.id, ())
        has_ratio = product.id in earn.ratios_at([product.id], at=call.at)
        chain = earn.unbonding_at([self.asset], at=call.at).get(self.asset)
        hours = terms.delivery_hours_max if chain is None else chain.hours_max
        return {
            "leftStakingPersonalQuota": quota_text(call, product),
            "leftRedemptionPersonalQuota": UNLIMITED if left is None else amount_text(left),
            "minStakeAmount": amount_text(terms.minimum),
            "minRedeemAmount": amount_text(max(terms.redeem_minimum, _LEAST)),
            # Whole days, so that the chain is never slower than what is told.
            "redeemPeriod": -(-hours // 24),
            "stakeable": product.subscriptions_open
            and has_ratio
            and not any(window.stops_subscriptions for window in windows),
            "redeemable": has_ratio and not any(window.stops_redemptions for window in windows),
            "commissionFee": "0.00000000",
            "calculating": False,
        }

    def is_sold_out(self, call: Call) -> bool:
        """Whether nothing more can be staked by who asks."""
        product = self.product(call)
        left = earn.quotas_left([product], account_id=call.account_id, at=call.at)
        return product.id in left and left[product.id].is_full


ETH: Final = Chain(asset="ETH", token="WBETH", ratio="conversionRatio")  # noqa: S106 - a coin
SOL: Final = Chain(asset="SOL", token="BNSOL", ratio="exchangeRate")  # noqa: S106 - a coin
_IN_SPOT: Final = _("What is held is the token in spot, however it came there.")
_COST: Final = _(
    "Of the amount is taken what the tokens cost: they have 8 decimals, and what they do not cost "
    "stays in spot."
)


@endpoint("GET", "/sapi/v2/eth-staking/account", weight=ip(150), note=_IN_SPOT)
def eth_account(call: Call) -> Json:
    """Return what is held of WBETH, and what it gained in 30 days."""
    position, profit = ETH.position(call), amount_text(ETH.gained_in_a_month(call))
    return {
        "holdingInETH": amount_text(position.amount if position else Decimal(0)),
        "holdings": {"wbethAmount": _tokens_text(position), "bethAmount": "0.00000000"},
        "thirtyDaysProfitInETH": profit,
        "profit": {"amountFromWBETH": profit, "amountFromBETH": "0.00000000"},
    }


@endpoint("GET", "/sapi/v1/sol-staking/account", weight=ip(150), note=_IN_SPOT)
def sol_account(call: Call) -> Json:
    """Return what is held of BNSOL, and what it gained in 30 days."""
    position = SOL.position(call)
    return {
        "bnsolAmount": _tokens_text(position),
        "holdingInSOL": amount_text(position.amount if position else Decimal(0)),
        "thirtyDaysProfitInSOL": amount_text(SOL.gained_in_a_month(call)),
    }


def _tokens_text(position: earn.PositionView | None) -> str:
    held = position.tokens if position else None
    return amount_text(Decimal(0) if held is None else held)


@endpoint(
    "GET",
    "/sapi/v1/eth-staking/eth/quota",
    weight=ip(150),
    note=_("`commissionFee` is always zero, `calculating` always false."),
)
def eth_quota(call: Call) -> Json:
    """Return how much ETH may still be staked and given back."""
    return ETH.quota(call)


@endpoint(
    "GET",
    "/sapi/v1/sol-staking/sol/quota",
    weight=ip(150),
    note=_("`nextEpochTime` is when the day's quota of redemptions is anew: the next 00:00 UTC."),
)
def sol_quota(call: Call) -> Json:
    """Return how much SOL may still be staked and given back."""
    midnight = call.at.replace(hour=0, minute=0, second=0, microsecond=0)
    return SOL.quota(call) | {
        "soldOut": SOL.is_sold_out(call),
        "nextEpochTime": time_number(midnight + _A_DAY),
    }


@endpoint(
    "POST",
    "/sapi/v2/eth-staking/eth/stake",
    AMOUNT_NEEDED,
    weight=ip(150),
    right=Right.TRADE,
    note=_COST,
)
def stake_eth(call: Call) -> Json:
    """Give ETH for WBETH."""
    return ETH.stake(call)


@endpoint(
    "POST",
    "/sapi/v1/sol-staking/sol/stake",
    AMOUNT_NEEDED,
    weight=ip(150),
    right=Right.TRADE,
    note=_COST,
)
def stake_sol(call: Call) -> Json:
    """Give SOL for BNSOL."""
    return SOL.stake(call)


@endpoint(
    "POST",
    "/sapi/v1/eth-staking/eth/redeem",
    AMOUNT_NEEDED,
    _REDEEMED,
    weight=ip(150),
    right=Right.TRADE,
    note=_("`asset` is WBETH by default, and BETH is answered -1020: there is none."),
)
def redeem_eth(call: Call) -> Json:
    """Give WBETH back for ETH."""
    if call.values[_REDEEMED] != ETH.token:
        raise errors.NotSupported
    return ETH.redeem(call)


@endpoint(
    "POST", "/sapi/v1/sol-staking/sol/redeem", AMOUNT_NEEDED, weight=ip(150), right=Right.TRADE
)
def redeem_sol(call: Call) -> Json:
    """Give BNSOL back for SOL."""
    return SOL.redeem(call)


@endpoint(
    "POST",
    "/sapi/v1/sol-staking/sol/claim",
    weight=ip(150),
    right=Right.TRADE,
    note=_("There is never anything to claim: answered -6018."),
)
def claim(_call: Call) -> Json:
    """
    Claim what is paid besides the ratio: nothing.

    Raises:
        NothingToClaim: always.
    """
    raise NothingToClaim
