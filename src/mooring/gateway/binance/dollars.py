"""
BFUSD and RWUSD: flexible products with a fast and a standard way out. Source: binance-api §3.2.

The exchange gives a token for the asset, one for one. Here the product of that name is held in
its asset, and a unit of it is what the token would be.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from mooring.earn import api as earn
from mooring.gateway.binance.endpoints import Call, Json, Right, Together, endpoint, ip
from mooring.gateway.binance.figures import amount_text, rate_text, time_number
from mooring.gateway.binance.paging import page_of, read_page, rows_of
from mooring.gateway.binance.parameters import (
    AMOUNT,
    ASSET,
    PAGE,
    WINDOW,
    defaulting,
    one_of,
    optional,
    read_window,
    required,
)
from mooring.gateway.binance.rates import rates_by_day
from mooring.gateway.binance.simple_earn_flexible import (
    CONSENT,
    UNLIMITED,
    quota_text,
    redeem_together,
)
from mooring.gateway.binance.simple_earn_flexible_history import DONE
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount

_AMOUNT: Final = required("amount", AMOUNT)
_ASSET: Final = required("asset", ASSET)
_ASSET_OR_ALL: Final = optional("asset", ASSET)
_WAY: Final = defaulting("type", one_of("FAST", "STANDARD"), "STANDARD")
_YEAR: Final = timedelta(days=366)
_MONTH: Final = timedelta(days=30)
_HELD: Final = _(
    "No token is given: the product is held in its own asset, and a unit of it is what the token "
    "would be. Another `asset` is answered -6016."
)
_MIDNIGHTS: Final = _("A row for each UTC midnight.")
_UNDER_WAY: Final = _("`status` is SUCCESS, or PENDING while it is on its way.")


class _Dollar:
    """One of the two products, and what answers its paths."""

    def __init__(self, code: str) -> None:
        self.code = code
        #: How its name begins the names of fields.
        self.lower = code.lower()
        self.path = f"/sapi/v1/{self.lower}"

    def product(self, call: Call) -> earn.ProductView:
        """
        Return the product.

        Raises:
            ProductNotFound: this platform does not offer it.
        """
        product = earn.get_product(code=self.code, at=call.at)
        if product.kind != "FLEXIBLE":
            raise earn.ProductNotFound(product_code=self.code)
        return product

    def position(self, call: Call) -> earn.FlexiblePosition | None:
        """Return what the customer holds of it; None for nothing."""
        found, _ = earn.list_flexible_positions(
            account_id=call.account_id, at=call.at, product_code=self.code
        )
        return found[0] if found else None

    def subscribe(self, call: Call) -> Json:
        """Put money in."""
        product = self.product(call)
        if call.values[_ASSET] != product.asset:
            raise earn.WrongAsset(asset=product.asset)
        amount = call.amount(_AMOUNT, product.asset)
        call.keep_pace()
        earn.subscribe_one(
            earn.Subscription(
                account_id=call.account_id,
                product_code=product.code,
                amount=amount,
                key=call.request_key,
                consent_version=CONSENT,
            ),
            at=call.at,
        )
        return {"success": True, f"{self.lower}Amount": amount_text(amount)}

    def redeem(self, calls: Sequence[Call], *, at: datetime) -> list[Json | Refusal]:
        """Take money out, at once or the slower way."""
        return redeem_together(
            calls, at=at, code_of=lambda _: self.code, ask=_redemption, answer=_answer
        )

    def quota(self, call: Call, product: earn.ProductView) -> dict[str, Any]:
        """Return what may still go in and out."""
        terms = product.terms
        fast = earn.left_at_once(product, account_id=call.account_id, at=call.at)
        return {
            "subscriptionQuota": {"leftQuota": quota_text(call, product)},
            "fastRedemptionQuota": {
                "leftQuota": amount_text(fast) if fast is not None else UNLIMITED,
                "minimum": amount_text(terms.redeem_minimum),
                "fee": rate_text(terms.fee_rate),
                "freeQuota": "0.00000000" if terms.fee_rate else UNLIMITED,
            },
            "standardRedemptionQuota": {
                "leftQuota": UNLIMITED if terms.standard_days is not None else "0.00000000",
                "minimum": amount_text(terms.redeem_minimum),
                "fee": rate_text(terms.standard_fee_rate),
                "redeemPeriod": terms.standard_days or 0,
            },
        }

    def quota_in_full(self, call: Call) -> Json:
        """Return what may still go in and out, and whether it may at all."""
        product = self.product(call)
        found = self.quota(call, product)
        windows = earn.windows_at([product.id], at=call.at).get(product.id, ())
        found["subscriptionQuota"] |= {
            "assets": [product.asset],
            "minimum": amount_text(product.terms.minimum),
        }
        found["subscribeEnable"] = product.subscriptions_open and not any(
            window.stops_subscriptions for window in windows
        )
        found["redeemEnable"] = not any(window.stops_redemptions for window in windows)
        return found

    def rates(self, call: Call) -> Json:
        """Return its rate at the beginning of each UTC day."""
        window = read_window(call.values, at=call.at, default=_MONTH, longest=_YEAR)
        rows = [
            {"annualPercentageRate": rate_text(apr), "time": time_number(time)}
            for time, apr in rates_by_day(self.product(call), window, at=call.at)
        ]
        return {"rows": page_of(call, rows), "total": str(len(rows))}

    def subscriptions(self, call: Call) -> Json:
        """Return what went in."""
        asked = read_page(
            call,
            earn.RecordFilter(
                kind="FLEXIBLE", product_code=self.code, asset=call.values[_ASSET_OR_ALL]
            ),
        )
        return rows_of(
            earn.subscription_records(account_id=call.account_id, asked=asked),
            lambda one: {
                "time": time_number(one.at),
                "asset": one.asset,
                "amount": amount_text(one.amount),
                "receiveAsset": self.code,
                "receiveAmount": amount_text(one.amount),
                "status": "SUCCESS",
            },
        )

    def redemptions(self, call: Call) -> Json:
        """Return what left, or is on its way."""
        asked = read_page(call, earn.RecordFilter(kind="FLEXIBLE", product_code=self.code))
        return rows_of(
            earn.redemption_records(account_id=call.account_id, asked=asked),
            lambda one: {
                "time": time_number(one.requested_at),
                "asset": self.code,
                "amount": amount_text(one.amount),
                "receiveAsset": one.asset,
                "receiveAmount": amount_text(one.net),
                "fee": amount_text(one.fee),
                "arrivalTime": time_number(one.paid_at or one.arrives_at),
                "status": "SUCCESS" if one.status == "PAID" else "PENDING",
            },
        )

    def rewards(self, call: Call) -> earn.Records[earn.RewardRecord]:
        """Return the rewards that were credited."""
        asked = read_page(call, earn.RecordFilter(kind="FLEXIBLE", product_code=self.code))
        return earn.reward_records(account_id=call.account_id, asked=asked)

    def profit(self, call: Call) -> Amount:
        """Return what the position has earned so far, what is not credited yet included."""
        position = self.position(call)
        if position is None:
            return Amount.zero(self.product(call).asset)
        return position.real_time + position.bonus

    def held(self, call: Call) -> Amount:
        """Return what the customer holds of it."""
        position = self.position(call)
        return Amount.zero(self.product(call).asset) if position is None else position.amount

    def rate_on(self, call: Call) -> "_Rates":
        """Return what the rate was at a time."""
        return _Rates(earn.rate_history(self.product(call), at=call.at))


def _redemption(call: Call, position_id: int, asset: str) -> earn.Redemption:
    return earn.Redemption(
        account_id=call.account_id,
        position_id=position_id,
        amount=call.amount(_AMOUNT, asset),
        key=call.request_key,
        speed="FAST" if call.values[_WAY] == "FAST" else "STANDARD",
    )


def _answer(asked: earn.Redemption, done: earn.Redeemed) -> Json:
    return {
        "success": True,
        "receiveAmount": amount_text(done.net),
        # A redemption of the whole has no amount; these paths ask for one.
        "fee": amount_text((asked.amount or done.net) - done.net),
        "arrivalTime": time_number(done.arrives_until),
    }


class _Rates:
    """A history of rates, newest first."""

    def __init__(self, changes: tuple[tuple[datetime, Decimal], ...]) -> None:
        self._changes = changes

    def text_at(self, time: datetime) -> str:
        """Return the rate in force just before a time, when what is credited then was earned."""
        return rate_text(next((apr for since, apr in self._changes if since < time), Decimal(0)))


def _declare(dollar: _Dollar) -> None:
    """Declare what both products answer alike."""
    path = dollar.path
    endpoint(
        "POST", f"{path}/subscribe", _ASSET, _AMOUNT, weight=ip(150), right=Right.TRADE, note=_HELD
    )(dollar.subscribe)
    endpoint("POST", f"{path}/redeem", _AMOUNT, _WAY, weight=ip(150), right=Right.TRADE)(
        Together(dollar.redeem)
    )
    for name, handler, parameters, note in (
        ("rateHistory", dollar.rates, (*WINDOW, *PAGE), _MIDNIGHTS),
        ("subscriptionHistory", dollar.subscriptions, (_ASSET_OR_ALL, *WINDOW, *PAGE), DONE),
        ("redemptionHistory", dollar.redemptions, (*WINDOW, *PAGE), _UNDER_WAY),
    ):
        endpoint("GET", f"{path}/history/{name}", *parameters, weight=ip(150), note=note)(handler)


BFUSD: Final = _Dollar("BFUSD")
RWUSD: Final = _Dollar("RWUSD")
_declare(BFUSD)
_declare(RWUSD)


@endpoint(
    "GET",
    "/sapi/v1/bfusd/account",
    weight=ip(150),
    note=_("`usdtProfit` is always zero: what is earned is earned in BFUSD."),
)
def bfusd_account(call: Call) -> Json:
    """Return what is held of BFUSD, and what it earned."""
    return {
        "bfusdAmount": amount_text(BFUSD.held(call)),
        "usdtProfit": "0.00000000",
        "bfusdProfit": amount_text(BFUSD.profit(call)),
    }


@endpoint("GET", "/sapi/v1/rwusd/account", weight=ip(150))
def rwusd_account(call: Call) -> Json:
    """Return what is held of RWUSD, and what it earned."""
    return {
        "rwusdAmount": amount_text(RWUSD.held(call)),
        "totalProfit": amount_text(RWUSD.profit(call)),
    }


@endpoint("GET", "/sapi/v1/bfusd/quota", weight=ip(150))
def bfusd_quota(call: Call) -> Json:
    """Return what may still go in and out of BFUSD."""
    return BFUSD.quota(call, BFUSD.product(call))


@endpoint("GET", "/sapi/v1/rwusd/quota", weight=ip(150))
def rwusd_quota(call: Call) -> Json:
    """Return what may still go in and out of RWUSD."""
    return RWUSD.quota_in_full(call)


@endpoint("GET", "/sapi/v1/bfusd/history/rewardsHistory", *WINDOW, *PAGE, weight=ip(150))
def bfusd_rewards(call: Call) -> Json:
    """Return what BFUSD credited."""
    rates = BFUSD.rate_on(call)
    return rows_of(
        BFUSD.rewards(call),
        lambda one: {
            "time": time_number(one.at),
            "rewardAsset": one.amount.asset,
            "rewardsAmount": amount_text(one.amount),
            "BFUSDPosition": amount_text(one.held),
            "annualPercentageRate": rates.text_at(one.at),
        },
    )


@endpoint("GET", "/sapi/v1/rwusd/history/rewardsHistory", *WINDOW, *PAGE, weight=ip(150))
def rwusd_rewards(call: Call) -> Json:
    """Return what RWUSD credited."""
    rates = RWUSD.rate_on(call)
    return rows_of(
        RWUSD.rewards(call),
        lambda one: {
            "time": time_number(one.at),
            "rewardsAmount": amount_text(one.amount),
            "rwusdPosition": amount_text(one.held),
            "annualPercentageRate": rates.text_at(one.at),
        },
    )


@endpoint(
    "GET",
    "/sapi/v1/earn/arena/activities",
    optional("lang", one_of("EN", "ZH-CN")),
    weight=ip(150),
    note=_("There are no such activities here: the list is empty."),
)
def arena(_call: Call) -> Json:
    """Return the activities that pay besides: none."""
    return {"activities": []}
