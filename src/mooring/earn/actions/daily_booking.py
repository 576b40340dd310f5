"""
Daily rewards of positions that an action touches: booked before it changes anything.

Every action that changes what is free in a flexible position (subscribe, redeem, pledge, and
what waits to leave) does the same four steps:

    daily = read_daily(holdings.values(), at=at)    under the locks
    daily.book(holding)                             before the change
    daily.note(holding)                             after the change
    ledger.post([*daily.journals(key), ...])        before the positions are stored
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from mooring.earn import postings
from mooring.earn.actions.crediting import platform_accounts
from mooring.earn.queries.daily import daily_rates, growths_at_midnights
from mooring.earn.rules import daily as rule
from mooring.earn.rules.daily import DailyRates
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.rewards import REWARD_DECIMALS
from mooring.kernel import db, rounding
from mooring.kernel.money import DECIMALS_MAX, Amount
from mooring.ledger import api as ledger

_NOTHING = Decimal(0)


@dataclass(slots=True, kw_only=True)
class Daily:
    """What a batch needs to book finished days, and what it booked."""

    at: datetime
    rates: Mapping[int, DailyRates]
    growths: Mapping[int, Mapping[date, Decimal]]
    _booked: list[tuple[Holding, str, Decimal]] = field(default_factory=list)
    #: Of days that were paid already.
    _late: list[tuple[Holding, str, Decimal]] = field(default_factory=list)
    _dropped: list[tuple[str, Decimal]] = field(default_factory=list)

    def book(self, holding: Holding) -> None:
        """Book a position's finished days from its state before the touch; twice is once."""
        rates = self.rates.get(holding.product_id)
        if rates is None or holding.kind != "FLEXIBLE":
            return
        booked = rule.book(
            holding,
            rates,
            today=rule.touched_on(holding, at=self.at),
            growths=self.growths.get(holding.product_id, {}),
        )
        self._owe(holding, holding.asset, booked.bonus)
        self._owe(holding, rates.extra_asset or holding.asset, booked.extra)
        holding.bonus_carry, holding.extra_carry = booked.bonus_carry, booked.extra_carry
        # Who has nothing to come is not looked at by the payout.
        is_settled = not (booked.bonus or booked.extra) and holding.daily_paid in (
            None,
            holding.daily_booked,
        )
        holding.daily_booked = booked.until
        if is_settled or holding.daily_paid is None:
            holding.daily_paid = booked.until
        if booked.low is not None:
            holding.low_day, holding.low = booked.until, booked.low

    def note(self, holding: Holding) -> None:
        """
        Remember what a touch left, if it is the least of the day.

        What a position that ended carried below the unit is dropped.
        """
        rates = self.rates.get(holding.product_id)
        if rates is None or holding.kind != "FLEXIBLE":
            return
        holding.low = rule.low_after(holding)
        if holding.status != "HOLDING":
            self._drop(holding.asset, holding.bonus_carry)
            self._drop(rates.extra_asset or holding.asset, holding.extra_carry)
            holding.bonus_carry = holding.extra_carry = _NOTHING

    def make_good(self, holding: Holding, *, bonus: Decimal, extra: Decimal) -> None:
        """
        Owe what booked days would have earned in addition, 30 decimals.

        It comes with the position's next payout. Where those days were paid already it goes
        to spot at once: a position is paid up to a day once.

        Args:
            holding: booked by `book` before.
        """
        rates = self.rates.get(holding.product_id)
        if rates is None or not (bonus or extra):
            return
        owed, holding.bonus_carry = rounding.floor_to(
            rounding.EXACT.add(holding.bonus_carry, bonus), REWARD_DECIMALS
        )
        more, holding.extra_carry = rounding.floor_to(
            rounding.EXACT.add(holding.extra_carry, extra), REWARD_DECIMALS
        )
        owes = [(holding, holding.asset, owed), (holding, rates.extra_asset or holding.asset, more)]
        target = self._late if holding.daily_paid == holding.daily_booked else self._booked
        target.extend(one for one in owes if one[2])

    def journals(self, key: str) -> list[ledger.Journal]:
        """
        Return one journal per asset, opening the accounts in which rewards wait.

        Args:
            key: names the batch; of the action, with the first request in it.
        """
        self._open_accounts()
        credited: dict[str, dict[int, Decimal]] = {}
        for holding, asset, number in (*self._booked, *self._late):
            accounts = credited.setdefault(asset, {})
            account = _waits_in(holding, asset)
            accounts[account] = accounts.get(account, _NOTHING) + number
        dropped: dict[str, Decimal] = {}
        for asset, number in self._dropped:
            dropped[asset] = dropped.get(asset, _NOTHING) + number
        assets = sorted(credited.keys() | dropped.keys())
        platform = platform_accounts(assets) if assets else {}
        booked = [
            postings.daily_rewards(
                key=f"{key}.{asset}",
                asset=asset,
                credited=credited.get(asset, {}),
                carry_dropped=dropped.get(asset, _NOTHING),
                reward_expense=platform[ledger.Code.REWARD_EXPENSE, asset],
                rounding=platform[ledger.Code.ROUNDING, asset],
            )
            for asset in assets
        ]
        return [*booked, *self._payments(key)]

    def _payments(self, key: str) -> list[ledger.Journal]:
        """Return what pays at once what comes after the payout of its days."""
        wallets = ledger.open_accounts(
            [
                ledger.AccountName(ledger.Code.SPOT, asset, holding.account_id)
                for holding, asset, _ in self._late
            ]
        )
        return [
            postings.daily_reward_paid(
                key=f"{key}.{asset}.{holding.id}",
                amount=Amount(number, asset),
                rewards_account=_waits_in(holding, asset),
                spot=wallet,
            )
            for (holding, asset, number), wallet in zip(self._late, wallets, strict=True)
        ]

    def _owe(self, holding: Holding, asset: str, number: Decimal) -> None:
        if number:
            self._booked.append((holding, asset, number))

    def _drop(self, asset: str, carry: Decimal) -> None:
        book, _ = rounding.floor_to(carry, DECIMALS_MAX)
        if book:
            self._dropped.append((asset, book))

    def _open_accounts(self) -> None:
        missing = [
            (holding, asset)
            for holding, asset, _ in (*self._booked, *self._late)
            if not (holding.rewards_account if asset == holding.asset else holding.extra_account)
        ]
        ids = ledger.open_accounts(
            [
                ledger.AccountName(
                    ledger.Code.REWARDS_ACCRUED, asset, holding.account_id, holding.id
                )
                for holding, asset in missing
            ]
        )
        for (holding, asset), account_id in zip(missing, ids, strict=True):
            if asset == holding.asset:
                holding.rewards_account = account_id
            else:
                holding.extra_account = account_id


def _waits_in(holding: Holding, asset: str) -> int:
    """Return the account of the book in which a position's rewards by the day wait."""
    return holding.rewards_account if asset == holding.asset else holding.extra_account


@db.transaction_required
def read_daily(holdings: Iterable[Holding], *, at: datetime) -> Daily:
    """
    Read what booking the finished days of locked positions needs.

    Args:
        holdings: of any kind; those that earn nothing by the day cost nothing.
        at: when the customers asked, UTC.
    """
    flexible = [holding for holding in holdings if holding.kind == "FLEXIBLE"]
    rates = daily_rates(holding.product_id for holding in flexible) if flexible else {}
    wanted = [
        (holding.product_id, day)
        for holding in flexible
        if (found := rates.get(holding.product_id))
        for day in rule.midnights_needed(holding, found, today=rule.touched_on(holding, at=at))
    ]
    growths: dict[int, dict[date, Decimal]] = {}
    for (product_id, day), growth in growths_at_midnights(wanted).items():
        growths.setdefault(product_id, {})[day] = growth
    return Daily(at=at, rates=rates, growths=growths)
