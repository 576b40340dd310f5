"""May tokens be given back, and what arrives for them (domain rules §2.4, §2.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.earn import errors, liquid_errors
from mooring.earn.facts import Destination, WindowView
from mooring.earn.liquid_facts import UnstakingQuote
from mooring.earn.rules.liquid import Unbonding, left_today, worth_of
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.windows import redemptions_wait_until
from mooring.kernel.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """
    What giving tokens of a position back depends on, at the request.

    Args:
        ratio: None where none is published.
        unbonding: as published for the asset; None: the terms' delivery hours.
        used: given back in this UTC day already, in the asset.
        windows: of maintenance, in force for the product.
    """

    token: str
    ratio: Decimal | None
    unbonding: Unbonding | None
    used: Decimal = Decimal(0)
    windows: Sequence[WindowView] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unstake:
    """
    What giving tokens back does, to the last digit.

    Args:
        runs_at: when maintenance ends, for which it waits; None: the chain is asked at once.
    """

    token: str
    tokens: Decimal
    ratio: Decimal
    net: Decimal
    arrives_from: datetime
    arrives_until: datetime
    left_today: Decimal | None
    runs_at: datetime | None = None


def unstake_of(holding: Holding, tokens: Amount | None, way: Exit, *, at: datetime) -> Unstake:
    """
    Return what giving tokens back does.

    In maintenance it waits for its end, at the ratio of the request: only then the chain is asked,
    and takes as long as it takes from then on.

    Args:
        tokens: how many; None for all.

    Raises:
        LiquidStakingOnly, RatioNotKnown, WrongAsset, AmountNotPositive, AmountExceedsPosition,
        BelowRedeemMinimum, AboveDailyQuota.
    """
    if holding.kind != "LIQUID":
        raise liquid_errors.LiquidStakingOnly(product_code=holding.product_code)
    if way.ratio is None:
        raise liquid_errors.RatioNotKnown(product_code=holding.product_code)
    number = _tokens(holding, tokens, token=way.token)
    net = worth_of(number, ratio=way.ratio)
    left = _check_net(holding, net, used=way.used)
    unbonding = way.unbonding or Unbonding(
        hours_min=holding.terms.delivery_hours_min, hours_max=holding.terms.delivery_hours_max
    )
    runs_at = redemptions_wait_until(way.windows)
    arrives_from, arrives_until = unbonding.window(runs_at or at)
    return Unstake(
        token=way.token,
        tokens=number,
        ratio=way.ratio,
        net=net,
        arrives_from=arrives_from,
        arrives_until=arrives_until,
        left_today=left,
        runs_at=runs_at,
    )


def check_unstaking_quote(
    quote: UnstakingQuote,
    holding: Holding,
    leaving: Unstake,
    *,
    destination: Destination,
    at: datetime,
) -> None:
    """
    Refuse what differs from what the customer was shown.

    Raises:
        QuoteExpired, QuoteChanged.
    """
    if at >= quote.valid_until:
        raise errors.QuoteExpired
    shown = (quote.position_id, quote.tokens.number, quote.ratio, quote.net.number)
    done = (holding.id, leaving.tokens, leaving.ratio, leaving.net)
    if quote.runs_at is None:
        # Counted from the request, the window is not longer than shown.
        longer = leaving.arrives_until - at > quote.arrives_until - quote.quoted_at
    else:
        longer = leaving.arrives_until > quote.arrives_until
    if shown != done or destination != quote.destination or longer:
        raise errors.QuoteChanged


def _tokens(holding: Holding, tokens: Amount | None, *, token: str) -> Decimal:
    if tokens is None:
        number = holding.principal
    elif tokens.asset != token:
        raise errors.WrongAsset(asset=token)
    else:
        number = tokens.number
    if number <= 0:
        raise errors.AmountNotPositive
    if number > holding.principal:
        raise errors.AmountExceedsPosition(
            amount=Amount(number, token), free=Amount(holding.principal, token)
        )
    return number


def _check_net(holding: Holding, net: Decimal, *, used: Decimal) -> Decimal | None:
    """Return what may be given back today, this one included."""
    terms, asset = holding.terms, holding.asset
    least = max(terms.redeem_minimum, Decimal("0.00000001"))
    if net < least:
        raise errors.BelowRedeemMinimum(amount=Amount(net, asset), minimum=Amount(least, asset))
    left = left_today(terms.daily_limit_per_person, used=used)
    if left is not None and net > left:
        raise liquid_errors.AboveDailyQuota(left=Amount(left, asset))
    return left
