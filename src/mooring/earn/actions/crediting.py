"""Rewards of flexible positions that an action touches, gathered into one journal per asset."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from mooring.earn import postings
from mooring.earn.rules.redemption import Holding
from mooring.kernel import rounding
from mooring.kernel.money import DECIMALS_MAX
from mooring.ledger import api as ledger

#: The platform's accounts in the book that Earn posts to, by code and asset.
PlatformAccounts = Mapping[tuple[ledger.Code, str], int]

_CODES: Final = (
    ledger.Code.REWARD_EXPENSE,
    ledger.Code.ROUNDING,
    ledger.Code.FORFEITED_REWARDS,
    ledger.Code.EARN_FEES,
)


def platform_accounts(
    assets: Iterable[str], *, codes: Iterable[ledger.Code] = _CODES
) -> PlatformAccounts:
    """Return the platform's accounts of these assets, made where there are none."""
    wanted = tuple(codes)
    names = [ledger.AccountName(code, asset) for asset in sorted(assets) for code in wanted]
    ids = ledger.open_accounts(names)
    return {(name.code, name.asset): id_ for name, id_ in zip(names, ids, strict=True)}


@dataclass(slots=True)
class Rewards:
    """What a batch credits, by asset and account of the book, and what its ends drop."""

    _credited: dict[str, dict[int, Decimal]] = field(default_factory=dict)
    _dropped: dict[str, Decimal] = field(default_factory=dict)

    def credit(self, holding: Holding, number: Decimal) -> None:
        """Add to what a position is credited."""
        if number:
            accounts = self._credited.setdefault(holding.asset, {})
            before = accounts.get(holding.principal_account, Decimal(0))
            accounts[holding.principal_account] = before + number

    def drop(self, holding: Holding, carry: Decimal) -> None:
        """Add what a position that ends carried; beyond 18 decimals it never was money."""
        book, _ = rounding.floor_to(carry, DECIMALS_MAX)
        if book:
            self._dropped[holding.asset] = self._dropped.get(holding.asset, Decimal(0)) + book

    def journals(self, key: str, platform: PlatformAccounts) -> list[ledger.Journal]:
        """Return one journal per asset, each with one line of the platform."""
        return [
            postings.credited_rewards(
                key=f"{key}.{asset}",
                asset=asset,
                credited=self._credited.get(asset, {}),
                carry_dropped=self._dropped.get(asset, Decimal(0)),
                reward_expense=platform[ledger.Code.REWARD_EXPENSE, asset],
                rounding=platform[ledger.Code.ROUNDING, asset],
            )
            for asset in sorted(self._credited.keys() | self._dropped.keys())
        ]
