"""Unstake: give tokens back for their asset, which the chain takes its time to free."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mooring.accounts import api as accounts
from mooring.earn import errors, postings
from mooring.earn.actions.batches import carry_out, carry_out_one
from mooring.earn.actions.holdings import lock_positions
from mooring.earn.actions.liquid_positions import conversion_accounts
from mooring.earn.actions.redemption_requests import Redeemed, outcomes_of_keys
from mooring.earn.facts import Destination
from mooring.earn.liquid_facts import UnstakingQuote
from mooring.earn.queries.unstaking import Exits, read_exits
from mooring.earn.rules.keys import check_key
from mooring.earn.rules.redemption import Holding
from mooring.earn.rules.unstaking import Unstake, check_unstaking_quote, unstake_of
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.group_commit import GroupCommit
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Unstaking:
    """
    A customer gives tokens back.

    Args:
        tokens: how many; None for all that are free in spot.
        key: the caller's own, unique per account: 1 to 100 letters, digits and `._+-`.
        quote: what the customer was shown; the redemption does exactly that or is refused.
    """

    account_id: int
    position_id: int
    tokens: Amount | None
    key: str
    destination: Destination = "SPOT"
    quote: UnstakingQuote | None = None


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a batch knows and what it will write."""

    open_accounts: frozenset[int]
    holdings: dict[int, Holding]
    exits: Exits
    seen: dict[tuple[int, str], tuple[str, Redeemed | int]]
    decided: list[tuple[Unstaking, Holding, Unstake]] = field(default_factory=list)


@db.transaction
def unstake(requests: Sequence[Unstaking], *, at: datetime) -> list[Redeemed | Refusal]:
    """
    Take tokens back and owe what they are worth at the ratio of the request.

    What is on its way earns nothing, cannot be cancelled, and arrives within the window that is
    published for the asset's chain at the request. In maintenance it waits for its end, and can
    be cancelled until then. A refused request changes nothing.

    Args:
        requests: in order; one is a batch of one.
        at: when the customers asked, UTC.

    Returns:
        One outcome per request: what happened, or AccountNotOpen, PositionNotFound,
        KeyReused or a refusal of `rules.unstaking`.

    Source: EARN-15; domain rules §2.4, §2.6, §7.3.
    """
    batch = _load(requests, at=at)
    return carry_out(
        requests,
        decide=lambda request: _decide(batch, request, at=at),
        write=lambda: _write(batch, at=at),
    )


def unstake_one(request: Unstaking, *, at: datetime) -> Redeemed:
    """
    Unstake together with the requests of other threads, in one commit.

    Raises:
        Refusal: as `unstake` returns.
    """
    return carry_out_one(_QUEUE, request, at=at)


_QUEUE: GroupCommit[Unstaking, Redeemed | Refusal] = GroupCommit(
    lambda requests, at: unstake(requests, at=at)
)


def _load(requests: Sequence[Unstaking], *, at: datetime) -> _Batch:
    open_accounts = accounts.lock_open(request.account_id for request in requests)
    holdings = lock_positions(request.position_id for request in requests)
    return _Batch(
        open_accounts=open_accounts,
        holdings=holdings,
        exits=read_exits(holdings.values(), at=at),
        seen=outcomes_of_keys((request.account_id, request.key) for request in requests),
    )


def _decide(batch: _Batch, request: Unstaking, *, at: datetime) -> Redeemed | int:
    """Decide one request; return its place in the batch, or what its key did before."""
    if request.account_id not in batch.open_accounts:
        raise accounts.AccountNotOpen(account_id=request.account_id)
    check_key(request.key)
    holding = batch.holdings.get(request.position_id)
    if holding is None or holding.account_id != request.account_id:
        raise errors.PositionNotFound(position_id=request.position_id)
    before = batch.seen.get((request.account_id, request.key))
    if before is not None:
        if before[0] != _digest_of(request):
            raise ledger.KeyReused
        return before[1]
    leaving = unstake_of(holding, request.tokens, batch.exits.of(holding), at=at)
    if request.quote is not None:
        check_unstaking_quote(
            request.quote, holding, leaving, destination=request.destination, at=at
        )
    holding.principal -= leaving.tokens
    holding.version += 1
    batch.exits.use(holding, leaving.net)
    place = len(batch.decided)
    batch.decided.append((request, holding, leaving))
    batch.seen[request.account_id, request.key] = (_digest_of(request), place)
    return place


def _digest_of(request: Unstaking) -> str:
    tokens = "all" if request.tokens is None else str(request.tokens)
    text = f"{request.position_id}|{tokens}|{request.destination}|LIQUID"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _write(batch: _Batch, *, at: datetime) -> list[Redeemed]:
    """Post and remember what was decided; return the outcomes in the order of the decisions."""
    if not batch.decided:
        return []
    _open_redeeming({holding.id: holding for _, holding, _ in batch.decided}.values())
    ledger.post(_journals(batch), at=at)
    ids = _insert(batch, at=at)
    return [
        Redeemed(
            redemption_id=id_,
            type="LIQUID",
            status="PENDING" if leaving.runs_at is None else "QUEUED",
            net=Amount(leaving.net, holding.asset),
            arrives_from=leaving.arrives_from,
            arrives_until=leaving.arrives_until,
            replayed=False,
        )
        for id_, (_, holding, leaving) in zip(ids, batch.decided, strict=True)
    ]


def _open_redeeming(holdings: Iterable[Holding]) -> None:
    """Make the accounts in which what is owed waits, and remember how often positions changed."""
    touched = list(holdings)
    ids = ledger.open_accounts(
        [
            ledger.AccountName(
                ledger.Code.LIQUID_REDEEMING, holding.asset, holding.account_id, holding.id
            )
            for holding in touched
        ]
    )
    for holding, account_id in zip(touched, ids, strict=True):
        holding.redeeming_account = account_id
    db.execute(
        "UPDATE earn_position AS position"
        " SET redeeming_account = t.redeeming_account, version = t.version"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS t (id, redeeming_account, version)"
        " WHERE position.id = t.id",
        [
            db.array([holding.id for holding in touched]),
            db.array(ids),
            db.array([holding.version for holding in touched]),
        ],
    )


def _journals(batch: _Batch) -> list[ledger.Journal]:
    cleared = conversion_accounts(
        code for _, holding, leaving in batch.decided for code in (holding.asset, leaving.token)
    )
    return [
        postings.unstaked(
            key=f"earn.redeem:{request.account_id}.{request.key}",
            conversion=postings.Conversion(
                asset=holding.asset,
                token=leaving.token,
                tokens=leaving.tokens,
                cleared=(cleared[holding.asset], cleared[leaving.token]),
            ),
            holding=holding,
            net=leaving.net,
        )
        for request, holding, leaving in batch.decided
    ]


def _insert(batch: _Batch, *, at: datetime) -> list[int]:
    """Remember redemptions and return their ids, in order."""
    decided = batch.decided
    found = db.rows(
        "INSERT INTO earn_redemption (type, status, queued_because, deducted, fee, forfeited,"
        "  rewards_added, requested_at, account_id, position_id, request_key, digest,"
        "  destination, amount, net, ratio, arrives_from, arrives_until, runs_at)"
        " SELECT 'LIQUID', CASE WHEN t.runs_at IS NULL THEN 'PENDING' ELSE 'QUEUED' END,"
        "  CASE WHEN t.runs_at IS NULL THEN '' ELSE 'MAINTENANCE' END, 0, 0, 0, 0, %s, t.*"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[],"
        "  %s::numeric[], %s::numeric[], %s::numeric[], %s::timestamptz[], %s::timestamptz[],"
        "  %s::timestamptz[]) AS t (account_id, position_id, request_key, digest, destination,"
        "  amount, net, ratio, arrives_from, arrives_until, runs_at) RETURNING id",
        [
            at,
            db.array([request.account_id for request, *_ in decided]),
            db.array([holding.id for _, holding, _ in decided]),
            db.array([request.key for request, *_ in decided]),
            db.array([_digest_of(request) for request, *_ in decided]),
            db.array([request.destination for request, *_ in decided]),
            db.array([leaving.tokens for *_, leaving in decided]),
            db.array([leaving.net for *_, leaving in decided]),
            db.array([leaving.ratio for *_, leaving in decided]),
            db.array([leaving.arrives_from.isoformat() for *_, leaving in decided]),
            db.array([leaving.arrives_until.isoformat() for *_, leaving in decided]),
            db.array(
                [
                    None if leaving.runs_at is None else leaving.runs_at.isoformat()
                    for *_, leaving in decided
                ]
            ),
        ],
    )
    return [id_ for (id_,) in found]
