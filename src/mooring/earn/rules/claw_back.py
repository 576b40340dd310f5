"""What becomes of rewards when a locked position is left early (domain rules §2.1, §2.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mooring.earn.rules import rewards
from mooring.kernel import rounding
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount

_NOTHING: Final = Decimal(0)


class RewardPriceNotKnown(Refusal):
    """Rewards in another asset cannot be taken back: not there, and without a price."""

    code = "earn_reward_price_not_known"

    def __init__(self, *, amount: Amount) -> None:
        super().__init__(f"{amount} must be in the spot wallet; it has no price at the moment.")
        self.amount = amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """
    Where rewards in another asset can be taken back from.

    Args:
        account: the customer's spot account in the book; 0 where there is none.
        in_spot: what is in it.
        price: of a unit of it, in the position's asset; None where it has none.
    """

    account: int = 0
    in_spot: Decimal = _NOTHING
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """
    What is taken back, dropped and kept; the first three in the position's asset.

    Args:
        reward_deducted, reward_forfeited, reward_kept: in the asset of the rewards, where that
            is another one; taken back from spot, or at `price` as `deducted`.
        rewards_kept: of what was paid, in the asset of the rewards.
    """

    deducted: Decimal = _NOTHING
    forfeited: Decimal = _NOTHING
    rewards_added: Decimal = _NOTHING
    reward_deducted: Decimal = _NOTHING
    reward_forfeited: Decimal = _NOTHING
    reward_kept: Decimal = _NOTHING
    price: Decimal | None = None
    rewards_kept: Decimal = _NOTHING


def kept(
    claw_back: str, *, paid: Decimal, accrued: Decimal, days: int, duration: int
) -> tuple[Decimal, Decimal]:
    """Return which part of the paid and of the accrued rewards the customer keeps."""
    if claw_back == "NONE":
        return paid, accrued
    if claw_back == "ACCRUED_ONLY":
        return paid, _NOTHING
    if claw_back == "PRO_RATA":
        return _share(paid, days, duration), _share(accrued, days, duration)
    return _NOTHING, _NOTHING


def _share(reward: Decimal, days: int, duration: int) -> Decimal:
    return rounding.floor_quotient(reward * days, Decimal(duration), rewards.REWARD_DECIMALS)


def in_kind(
    *, paid: Decimal, accrued: Decimal, kept: tuple[Decimal, Decimal], leaves: Decimal
) -> Loss:
    """Take rewards back out of the principal that leaves, in the same asset."""
    # More rewards than principal cannot be taken back: a customer never owes (I-3).
    deducted = min(paid - kept[0], leaves)
    return Loss(
        deducted=deducted,
        forfeited=accrued - kept[1],
        rewards_added=kept[1],
        rewards_kept=paid - deducted,
    )


def in_another_asset(
    *,
    paid: Decimal,
    accrued: Decimal,
    kept: tuple[Decimal, Decimal],
    leaves: Decimal,
    purse: Purse,
    reward_asset: str,
) -> Loss:
    """
    Take rewards back that were paid in another asset.

    From the spot wallet, if all of it is there; otherwise its price comes out of the principal
    that leaves, ceiled, and what that does not reach stays with the customer.

    Raises:
        RewardPriceNotKnown.
    """
    taken = paid - kept[0]
    deducted, price = _NOTHING, None
    if taken > purse.in_spot:
        price = purse.price
        if price is None:
            raise RewardPriceNotKnown(amount=Amount(taken, reward_asset))
        deducted, _ = rounding.ceil_to(
            rounding.EXACT.multiply(taken, price), rewards.REWARD_DECIMALS
        )
        if deducted > leaves:
            deducted = leaves
            taken = rounding.floor_quotient(leaves, price, rewards.REWARD_DECIMALS)
    return Loss(
        deducted=deducted,
        reward_deducted=taken,
        reward_forfeited=accrued - kept[1],
        reward_kept=kept[1],
        price=price,
        rewards_kept=paid if price is not None else paid - taken,
    )


def price_between(
    prices: Mapping[str, Decimal], asset: str, *, reward_asset: str
) -> Decimal | None:
    """
    Return what a unit of the reward asset costs in the asset, ceiled at 18 decimals.

    A price that the book has no room for is none.

    Args:
        prices: of each asset in one currency; an asset without a price is not in it.
    """
    of_reward, of_asset = prices.get(reward_asset), prices.get(asset)
    if not of_reward or not of_asset:
        return None
    floored = rounding.floor_quotient(of_reward, of_asset, _PRICE_DECIMALS)
    is_exact = rounding.EXACT.multiply(floored, of_asset) == of_reward
    price = floored if is_exact else floored + Decimal(1).scaleb(-_PRICE_DECIMALS)
    return price if price < _PRICE_BELOW else None


_PRICE_DECIMALS: Final = 18
#: As the column of redemptions.
_PRICE_BELOW: Final = Decimal(10) ** 20
