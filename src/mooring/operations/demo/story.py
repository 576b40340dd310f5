"""
What the demo customer did in the sixty days before the first run.

A list of dated deeds through the doors that everybody uses. They are carried out in order, and
between them the jobs run at the times at which they would have run: so the history is real.
Every deed has a key, hence a story that was interrupted is told on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.wallet import api as wallet

#: The last deed; when it is in the book, the story has been told.
LAST_KEY: Final = "demo.welcome"
#: The first deed; when it is in the book, it says when the story plays.
FIRST_KEY: Final = "demo.deposit.BTC"
_OPENED_DAYS_AGO: Final = 60
_OPENED_AT: Final = time(9, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that happened at a time; `do` is given that time."""

    at: datetime
    do: Callable[[datetime], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """
    Where the story plays.

    Args:
        account_id: the demo customer's.
        now: the platform's time of the first run.
    """

    account_id: int
    now: datetime

    def before(self, days: int, at: time) -> datetime:
        """Return a time of a day before the first run."""
        return datetime.combine(self.now.astimezone(UTC).date(), at, UTC) - timedelta(days=days)


def opened_at(now: datetime) -> datetime:
    """Return when the demo customer's account was opened."""
    return Stage(account_id=0, now=now).before(_OPENED_DAYS_AGO, _OPENED_AT)


def find_first_run(account_id: int) -> datetime | None:
    """Return the time of the first run, as the book tells it; None before there was one."""
    first = _find_credit(account_id, FIRST_KEY)
    if first is None:
        return None
    # The deed that says when is a day's deed; the time of that day does not matter.
    return first.effective_at + timedelta(days=_OPENED_DAYS_AGO)


def is_told(account_id: int) -> bool:
    """Return whether the last deed is in the book."""
    return _find_credit(account_id, LAST_KEY) is not None


def _find_credit(account_id: int, key: str) -> ledger.StatementLine | None:
    credited = ledger.statement(
        owner_id=account_id, narrow=ledger.StatementFilter(kinds=("WALLET_CREDIT",)), limit=1000
    )
    return next((line for line in credited if line.key == f"wallet.credit:{key}"), None)


def deeds(stage: Stage) -> list[Deed]:
    """Return what happened, oldest first."""
    told = [
        *_deposits(stage),
        *_flexible(stage),
        *_locked(stage),
        *_liquid(stage),
        *_ways_out(stage),
    ]
    return sorted(told, key=lambda deed: deed.at)


def _deposits(stage: Stage) -> list[Deed]:
    first = {"BTC": "0.75", "USDT": "12000", "BNB": "25", "BUSD": "6000", "EUR": "1500"}
    later = {"ETH": "4.2", "DOT": "900", "SOL": "80"}
    return [
        *(
            _credit(stage, stage.before(_OPENED_DAYS_AGO, _OPENED_AT), f"deposit.{asset}", number)
            for asset, number in first.items()
        ),
        *(
            _credit(stage, stage.before(45, time(8, 30)), f"deposit.{asset}", number)
            for asset, number in later.items()
        ),
        _credit(stage, stage.now, "welcome", "250", asset="EUR"),
    ]


def _flexible(stage: Stage) -> list[Deed]:
    return [
        _subscribe(stage, stage.before(56, time(10, 12, 40)), "BTC001", "0.4"),
        _subscribe(stage, stage.before(56, time(10, 20, 5)), "USDT001", "5000"),
        _subscribe(stage, stage.before(44, time(18, 2, 11)), "ETH001", "1.5"),
        _subscribe(stage, stage.before(5, time(7, 44, 30)), "BTC001", "0.1"),
    ]


def _locked(stage: Stage) -> list[Deed]:
    return [
        # Matured 27 days ago, paid a day later.
        _subscribe(stage, stage.before(58, time(11, 30)), "Busd*30", "2000"),
        # On its way out since yesterday.
        _subscribe(stage, stage.before(40, time(16, 45, 12)), "Dot*120", "400"),
        # Half-way: 30 of 60 reward days.
        _subscribe(stage, stage.before(31, time(12, 0, 30)), "Bnb*60", "12"),
        # Its rewards end at the coming midnight, UTC.
        _subscribe(stage, stage.before(30, time(9, 15, 45)), "Busd*30", "1500"),
        # Cannot be left early.
        _subscribe(stage, stage.before(25, time(13, 5)), "Usdt*90", "2500"),
        # Keeps what was paid when it is left early.
        _subscribe(stage, stage.before(22, time(20, 40)), "Sol*90", "30"),
        _subscribe(stage, stage.before(13, time(9, 5, 20)), "Eth*30", "0.25"),
    ]


def _liquid(stage: Stage) -> list[Deed]:
    return [
        _stake(stage, stage.before(38, time(11, 17, 20)), "WBETH", "1.8", asset="ETH"),
        _stake(stage, stage.before(24, time(9, 41, 52)), "BNSOL", "20", asset="SOL"),
        # Some of it lies with the protocols, and pays.
        _move(stage.before(37, time(12, 0)), earn.StakeMove.BOND, "2.6", "ETH"),
        _move(stage.before(23, time(12, 0)), earn.StakeMove.BOND, "45", "SOL"),
        _move(stage.before(20, time(6, 5)), earn.StakeMove.REWARD, "0.0046", "ETH"),
        _move(stage.before(13, time(6, 5)), earn.StakeMove.REWARD, "0.23", "SOL"),
        _move(stage.before(6, time(6, 5)), earn.StakeMove.REWARD, "0.0031", "ETH"),
        # On its way back at the ratio of the day before yesterday.
        _unstake(stage, stage.before(2, time(17, 8, 44)), "WBETH", "0.35"),
        _move(stage.before(1, time(12, 0)), earn.StakeMove.UNBOND, "0.4", "ETH"),
    ]


def _ways_out(stage: Stage) -> list[Deed]:
    left, undone = stage.before(12, time(14, 10)), stage.before(12, time(14, 31))
    return [
        _redeem(stage, stage.before(20, time(15, 25, 9)), "USDT001", "1500"),
        _redeem(stage, stage.before(14, time(6, 50, 33)), "ETH001", None),
        _redeem(stage, stage.before(9, time(19, 8)), "BTC001", "0.05", destination="FUNDING"),
        _redeem(stage, left, "Bnb*60", None),
        Deed(at=undone, do=lambda at: _undo(stage, requested_at=left, at=at)),
        _redeem(stage, stage.now - timedelta(hours=26), "Dot*120", None),
    ]


def _credit(stage: Stage, at: datetime, name: str, number: str, *, asset: str = "") -> Deed:
    amount = Amount(Decimal(number), asset or name.rpartition(".")[2])
    request = wallet.Credit(account_id=stage.account_id, amount=amount, key=f"demo.{name}")
    return Deed(at=at, do=lambda at: wallet.credit_one(request, at=at))


def _subscribe(stage: Stage, at: datetime, product_code: str, number: str) -> Deed:
    asset = product_code.partition("*")[0].removesuffix("001").upper()
    request = earn.Subscription(
        account_id=stage.account_id,
        product_code=product_code,
        amount=Amount(Decimal(number), asset),
        key=_key("in", product_code, number),
    )
    return Deed(at=at, do=lambda at: earn.subscribe_one(request, at=at))


def _stake(stage: Stage, at: datetime, product_code: str, number: str, *, asset: str) -> Deed:
    request = earn.Subscription(
        account_id=stage.account_id,
        product_code=product_code,
        amount=Amount(Decimal(number), asset),
        key=_key("in", product_code, number),
    )
    return Deed(at=at, do=lambda at: earn.stake_one(request, at=at))


def _unstake(stage: Stage, at: datetime, product_code: str, number: str) -> Deed:
    def do(at: datetime) -> None:
        position = _position_in(stage, product_code, at=at)
        request = earn.Unstaking(
            account_id=stage.account_id,
            position_id=position.id,
            tokens=Amount(Decimal(number), product_code),
            key=_key("out", product_code),
        )
        earn.unstake_one(request, at=at)

    return Deed(at=at, do=do)


def _move(at: datetime, move: earn.StakeMove, number: str, asset: str) -> Deed:
    """Return what happened to the platform's own stake at a protocol."""
    amount, key = Amount(Decimal(number), asset), _key("stake", move.lower(), number)
    return Deed(at=at, do=lambda at: earn.move_stake(move, amount, key=key, at=at))


def _redeem(
    stage: Stage,
    at: datetime,
    product_code: str,
    number: str | None,
    *,
    destination: earn.Destination = "SPOT",
) -> Deed:
    def do(at: datetime) -> None:
        position = _position_in(stage, product_code, at=at)
        request = earn.Redemption(
            account_id=stage.account_id,
            position_id=position.id,
            amount=None if number is None else Amount(Decimal(number), position.asset),
            key=_key("out", product_code),
            destination=destination,
        )
        earn.redeem_one(request, at=at)

    return Deed(at=at, do=do)


def _key(*parts: str) -> str:
    return ".".join(["demo", *parts]).replace("*", "-")


def _position_in(stage: Stage, product_code: str, *, at: datetime) -> earn.PositionView:
    """Return the first position in a product; a story told on finds it paid perhaps."""
    found = earn.list_positions(account_id=stage.account_id, at=at, with_paid=True)
    return min(
        (position for position in found if position.product.code == product_code),
        key=lambda position: position.id,
    )


def _undo(stage: Stage, *, requested_at: datetime, at: datetime) -> None:
    for redemption in earn.list_redemptions(account_id=stage.account_id, at=at):
        if redemption.requested_at == requested_at:
            earn.undo(account_id=stage.account_id, redemption_id=redemption.id, at=at)
