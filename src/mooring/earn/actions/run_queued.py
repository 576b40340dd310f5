"""Run what waited: redemptions beyond a day's limit, or asked for during maintenance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from mooring.accounts import api as accounts
from mooring.earn import policies as earn_policies
from mooring.earn import postings
from mooring.earn.actions.crediting import PlatformAccounts, Rewards, platform_accounts
from mooring.earn.actions.daily_booking import read_daily
from mooring.earn.actions.holdings import lock_positions, store_positions
from mooring.earn.queries.holdings import growths_at
from mooring.earn.queries.windows import windows_at
from mooring.earn.rules import dates
from mooring.earn.rules.flexible_exit import run_queued
from mooring.earn.rules.redemption import Holding, Leaving
from mooring.earn.rules.windows import redemptions_wait_until
from mooring.kernel import db
from mooring.ledger import api as ledger
from mooring.policies import api as policies

#: Redemptions per transaction.
BATCH: Final = 1000
_WALLETS: Final = {"SPOT": ledger.Code.SPOT, "FUNDING": ledger.Code.FUNDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A redemption whose time has come."""

    id: int
    account_id: int
    position_id: int
    destination: str
    amount: Decimal
    takes_all: bool
    type: str


@db.transaction_required
def keep_open(position_ids: Iterable[int]) -> None:
    """
    Let positions into which new money comes go on: what waits to leave takes what was promised.

    Whoever asked for everything did not mean the money that came afterwards.
    """
    ids = sorted(set(position_ids))
    if ids:
        db.execute(
            "UPDATE earn_redemption SET is_whole = FALSE WHERE position_id = ANY(%s::bigint[])"
            " AND status = 'QUEUED' AND is_whole",
            [db.array(ids)],
        )


def run_due(*, at: datetime) -> int:
    """
    Let every redemption arrive that waited until `at`; return how many were looked at.

    Rewards run to the time that was promised, however late this runs (domain rules §8). The
    day's limits are not asked again; what maintenance stops waits for its end.
    """
    total = 0
    while count := _run_batch(at=at):
        total += count
    return total


@db.transaction
def _run_batch(*, at: datetime) -> int:
    # Those of one time: their rewards run to the same minute.
    due = db.rows(
        "SELECT id, account_id, position_id, runs_at FROM earn_redemption"
        " WHERE status = 'QUEUED' AND runs_at = (SELECT min(runs_at) FROM earn_redemption"
        "  WHERE status = 'QUEUED' AND runs_at <= %s) ORDER BY id LIMIT %s",
        [at, BATCH],
    )
    if not due:
        return 0
    accounts.lock_not_closed(account_id for _, account_id, _, _ in due)
    holdings = lock_positions(position_id for _, _, position_id, _ in due)
    # Read again under the locks: who cancels may have been quicker.
    waiting = _read_waiting([id_ for id_, *_ in due], runs_at=due[0][3])
    ripe = _postpone(waiting, holdings, at=at)
    _ask_chains([one.id for one in ripe if one.type == "LIQUID"])
    ripe = [one for one in ripe if one.type != "LIQUID"]
    if ripe:
        _run(ripe, holdings, runs_at=due[0][3], at=at)
    return len(due)


def _read_waiting(ids: Sequence[int], *, runs_at: datetime) -> list[_Waiting]:
    found = db.rows(
        "SELECT id, account_id, position_id, destination, amount, is_whole, type"
        " FROM earn_redemption"
        " WHERE id = ANY(%s::bigint[]) AND status = 'QUEUED' AND runs_at = %s"
        " ORDER BY id FOR NO KEY UPDATE",
        [db.array(ids), runs_at],
    )
    return [
        _Waiting(
            id=id_,
            account_id=account_id,
            position_id=position_id,
            destination=destination,
            amount=amount,
            takes_all=is_whole,
            type=type_,
        )
        for id_, account_id, position_id, destination, amount, is_whole, type_ in found
    ]


def _ask_chains(ids: Sequence[int]) -> None:
    """Tokens were taken at the request, and what is owed for them is set apart: chains begin."""
    if ids:
        db.execute(
            "UPDATE earn_redemption SET status = 'PENDING' WHERE id = ANY(%s::bigint[])",
            [db.array(ids)],
        )


def _postpone(
    waiting: Sequence[_Waiting], holdings: dict[int, Holding], *, at: datetime
) -> list[_Waiting]:
    """Return what can run; what maintenance stops is moved to the end of the window."""
    products = {holding.product_id for holding in holdings.values()}
    closed = {
        product_id: until
        for product_id, windows in windows_at(products, at=at).items()
        if (until := redemptions_wait_until(windows)) is not None
    }
    later = [
        (one.id, closed[product_id])
        for one in waiting
        if (product_id := holdings[one.position_id].product_id) in closed
    ]
    if later:
        window = policies.in_force(at=at)[earn_policies.QUEUE_WINDOW_MINUTES]
        db.execute(
            "UPDATE earn_redemption AS redemption SET queued_because = 'MAINTENANCE',"
            "  runs_at = t.until, arrives_from = CASE WHEN type = 'LIQUID'"
            "   THEN arrives_from + (t.until - runs_at) ELSE t.until END,"
            "  arrives_until = CASE WHEN type = 'LIQUID'"
            "   THEN arrives_until + (t.until - runs_at) ELSE t.until + %s END"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS t (id, until)"
            " WHERE redemption.id = t.id",
            [
                timedelta(minutes=window),
                db.array([id_ for id_, _ in later]),
                [until for _, until in later],
            ],
        )
    moved = {id_ for id_, _ in later}
    return [one for one in waiting if one.id not in moved]


def _run(
    ripe: Sequence[_Waiting], holdings: dict[int, Holding], *, runs_at: datetime, at: datetime
) -> None:
    minute = dates.minute_of(runs_at)
    touched = {one.position_id: holdings[one.position_id] for one in ripe}
    growths = growths_at({holding.product_id for holding in touched.values()}, minute=minute)
    daily = read_daily(touched.values(), at=runs_at)
    rewards = Rewards()
    ran = []
    for one in ripe:
        holding = touched[one.position_id]
        daily.book(holding)
        behind = minute > holding.accrued_minute
        leaving = run_queued(
            holding,
            amount=one.amount,
            takes_all=one.takes_all,
            growth=growths[holding.product_id] if behind else holding.growth,
            minute=minute if behind else holding.accrued_minute,
        )
        _leave(holding, leaving, promised=one.amount)
        daily.note(holding)
        rewards.credit(holding, leaving.credited)
        rewards.drop(holding, leaving.carry_dropped)
        ran.append((one, holding, leaving))
    platform = platform_accounts({holding.asset for holding in touched.values()})
    name = f"r.{ripe[0].id}"
    ledger.post(
        [
            *rewards.journals(f"earn.reward:{name}", platform),
            *daily.journals(f"earn.daily:{name}"),
            *_arrivals(ran, platform),
        ],
        at=at,
    )
    store_positions(touched.values(), at=at)
    _remember([(one, leaving) for one, _, leaving in ran], at=at)


def _leave(holding: Holding, leaving: Leaving, *, promised: Decimal) -> None:
    """Let the rest of the batch see the position as it is after this."""
    holding.principal += leaving.credited + promised - leaving.amount
    holding.credited_total += leaving.credited
    holding.queued -= promised
    holding.redeeming -= promised
    holding.version += 1
    holding.accrued_minute = leaving.minute
    holding.growth = leaving.growth
    holding.carry = leaving.carry
    if leaving.ends:
        holding.status, holding.exit = "PAID", leaving.type


def _arrivals(
    ran: Sequence[tuple[_Waiting, Holding, Leaving]],
    platform: PlatformAccounts,
) -> list[ledger.Journal]:
    wallets = ledger.open_accounts(
        [
            ledger.AccountName(_WALLETS[one.destination], holding.asset, holding.account_id)
            for one, holding, _ in ran
        ]
    )
    return [
        postings.queue_run(
            key=f"earn.run:{one.id}",
            holding=holding,
            promised=one.amount,
            leaving=leaving,
            destination=wallet,
            fees=platform[ledger.Code.EARN_FEES, holding.asset],
        )
        for (one, holding, leaving), wallet in zip(ran, wallets, strict=True)
    ]


def _remember(ran: Sequence[tuple[_Waiting, Leaving]], *, at: datetime) -> None:
    db.execute(
        "UPDATE earn_redemption AS redemption SET status = 'PAID', paid_at = %s,"
        "  amount = t.amount, fee = t.fee, net = t.net"
        " FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[])"
        "  AS t (id, amount, fee, net) WHERE redemption.id = t.id",
        [
            at,
            db.array([one.id for one, _ in ran]),
            db.array([leaving.amount for _, leaving in ran]),
            db.array([leaving.fee for _, leaving in ran]),
            db.array([leaving.net for _, leaving in ran]),
        ],
    )
