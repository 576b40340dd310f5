"""What a customer's account did in Earn, page by page: subscriptions, redemptions, rewards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Generic, Literal, TypeVar

from mooring.earn.facts import Family, ProductKind
from mooring.kernel import db
from mooring.kernel.money import Amount

Row = TypeVar("Row")

#: Flexible: credited by the minute, the bonus by the day, and the extra reward; LOCKED: of locked.
RewardKind = Literal["REALTIME", "BONUS", "EXTRA", "LOCKED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """
    Which records are asked for, newest first.

    Args:
        kind, family: of the product; None: of any.
        since, until: both included; None: without an end.
        record_id: of a subscription or a redemption.
        key: of the request for a subscription.
        limit, offset: how many, after how many.
    """

    kind: ProductKind | None
    family: Family | None = "SIMPLE"
    product_code: str | None = None
    asset: str | None = None
    position_id: int | None = None
    record_id: int | None = None
    key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 10
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Records(Generic[Row]):
    """A page of records, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRecord:
    """
    Money that went into a product.

    Args:
        key: of the request.
        made_by: the customer; AUTO: the wish for free spot; RENEWED: a locked position at its
            end; CONVERTED: a locked position whose principal went into a flexible product.
        days: of a locked product's term.
        tokens, ratio: liquid staking: what was given for it.
    """

    id: int
    position_id: int
    product_code: str
    asset: str
    amount: Amount
    from_spot: Amount
    from_funding: Amount
    key: str
    made_by: Literal["CUSTOMER", "AUTO", "RENEWED", "CONVERTED"]
    days: int | None
    at: datetime
    tokens: Amount | None
    ratio: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionRecord:
    """
    Money that left a product, or is on its way.

    Args:
        amount: what left the position; liquid staking: tokens.
        went_to: a wallet, `FLEXIBLE`, or `RENEWAL`.
        lost: fee, rewards taken back and what was forfeited of them, in the asset.
    """

    id: int
    position_id: int
    product_code: str
    asset: str
    type: str
    status: str
    went_to: str
    amount: Amount
    net: Amount
    fee: Amount
    lost: Amount
    rewards: Amount
    days: int | None
    requested_at: datetime
    arrives_at: datetime
    paid_at: datetime | None
    ratio: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRecord:
    """
    A reward that was credited or paid; in its own asset.

    Args:
        journal_id: of the payment, which may have paid other positions of the customer too.
        held: what the position had when it was credited, before it; of those that are not
            credited to the position itself, nothing.
    """

    journal_id: int
    position_id: int
    product_code: str
    asset: str
    kind: RewardKind
    amount: Amount
    held: Amount
    days: int | None
    at: datetime


def subscription_records(*, account_id: int, asked: RecordFilter) -> Records[SubscriptionRecord]:
    """Return what a customer put into products of a kind."""
    found, total = _page(_SUBSCRIPTIONS, account_id, asked)
    return Records(rows=tuple(_subscription(row) for row in found), total=total)


def redemption_records(*, account_id: int, asked: RecordFilter) -> Records[RedemptionRecord]:
    """Return what left a customer's products of a kind; what was undone did not leave."""
    found, total = _page(_REDEMPTIONS, account_id, asked)
    return Records(rows=tuple(_redemption(row) for row in found), total=total)


def reward_records(
    *, account_id: int, asked: RecordFilter, kinds: Sequence[RewardKind] = ()
) -> Records[RewardRecord]:
    """
    Return the rewards that a customer was credited or paid.

    Args:
        kinds: which of them; none: all.
    """
    found, total = _page(_REWARDS, account_id, asked, kinds=list(kinds))
    return Records(
        rows=tuple(
            RewardRecord(
                journal_id=journal_id,
                position_id=position_id,
                product_code=code,
                asset=asset,
                kind=kind,
                amount=Amount(amount, paid_in),
                held=Amount(held, asset),
                days=days,
                at=at,
            )
            for position_id, code, asset, kind, amount, held, paid_in, days, at, journal_id in found
        ),
        total=total,
    )


def _page(
    statement: str, account_id: int, asked: RecordFilter, **more: Any
) -> tuple[list[tuple[Any, ...]], int]:
    """Return the rows of a page without their count, and how many rows there are in all."""
    parameters = {
        "account_id": account_id,
        "kind": asked.kind,
        "family": asked.family,
        "code": asked.product_code,
        "asset": asked.asset,
        "position_id": asked.position_id,
        "record_id": asked.record_id,
        "key": asked.key,
        "since": asked.since,
        "until": asked.until,
        "limit": asked.limit,
        "offset": asked.offset,
        **more,
    }
    found = db.rows(f"{statement} LIMIT %(limit)s OFFSET %(offset)s", parameters)
    if found:
        return [row[:-1] for row in found], found[0][-1]
    if not asked.offset:
        return [], 0
    # Beyond the last page: how many there are is asked for from the first.
    first = db.rows(f"{statement} LIMIT 1", parameters)
    return [], first[0][-1] if first else 0


_OF_PRODUCT: Final = """
    INNER JOIN earn_product AS product ON product.id = position.product_id
    INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
    WHERE position.account_id = %(account_id)s
    AND (%(kind)s::text IS NULL OR product.kind = %(kind)s)
    AND (%(family)s::text IS NULL OR product.family = %(family)s)
    AND (%(code)s::text IS NULL OR product.code = %(code)s)
    AND (%(asset)s::text IS NULL OR product.asset = %(asset)s)
    AND (%(position_id)s::bigint IS NULL OR position.id = %(position_id)s)
"""
_SUBSCRIPTIONS: Final = f"""
    SELECT record.id, position.id, product.code, product.asset, record.amount,
        record.from_funding, record.request_key, terms.duration_days, record.subscribed_at,
        product.token, record.tokens, record.ratio, position.renewed_from_id,
        count(*) OVER ()
    FROM earn_subscription AS record
    INNER JOIN earn_position AS position ON position.id = record.position_id
    {_OF_PRODUCT}
    AND (%(record_id)s::bigint IS NULL OR record.id = %(record_id)s)
    AND (%(key)s::text IS NULL OR record.request_key = %(key)s)
    AND (%(since)s::timestamptz IS NULL OR record.subscribed_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR record.subscribed_at <= %(until)s)
    ORDER BY record.subscribed_at DESC, record.id DESC
"""  # noqa: S608 - no input in it
_REDEMPTIONS: Final = f"""
    SELECT record.id, position.id, product.code, product.asset, record.type, record.status,
        coalesce(nullif(record.diverted_to, ''), record.destination), record.amount, record.net,
        record.fee, record.deducted, record.forfeited, record.rewards_added,
        terms.duration_days, record.requested_at, record.arrives_until, record.paid_at,
        product.token, record.ratio, count(*) OVER ()
    FROM earn_redemption AS record
    INNER JOIN earn_position AS position ON position.id = record.position_id
    {_OF_PRODUCT}
    AND record.status <> 'CANCELLED'
    AND (%(record_id)s::bigint IS NULL OR record.id = %(record_id)s)
    AND (%(since)s::timestamptz IS NULL OR record.requested_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR record.requested_at <= %(until)s)
    ORDER BY record.requested_at DESC, record.id DESC
"""  # noqa: S608 - no input in it
# What was paid out of an account of pending rewards was credited to the customer with it.
#: Where rewards are seen to be paid: into a position, or out of what was booked for it.
REWARD_BOOKS: Final = """(VALUES
        (principal_account, 'EARN_REALTIME_REWARD', 'REALTIME', 1),
        (rewards_account, 'EARN_DAILY_PAID', 'BONUS', -1),
        (extra_account, 'EARN_DAILY_PAID', 'EXTRA', -1),
        (rewards_account, 'EARN_REWARD_PAID', 'LOCKED', -1),
        (rewards_account, 'EARN_KEPT_REWARD_PAID', 'LOCKED', -1)
    ) AS book (id, kind, reward_kind, sign)"""
_REWARDS: Final = f"""
    SELECT position.id, product.code, product.asset, book.reward_kind, entry.amount * book.sign,
        CASE book.sign WHEN 1 THEN entry.balance_after - entry.amount ELSE 0 END, entry.asset,
        terms.duration_days, journal.effective_at, journal.id, count(*) OVER ()
    FROM earn_position AS position
    CROSS JOIN LATERAL {REWARD_BOOKS}
    INNER JOIN ledger_entry AS entry
        ON entry.account_id = book.id AND entry.balance_after IS NOT NULL
    INNER JOIN ledger_journal AS journal
        ON journal.id = entry.journal_id AND journal.kind = book.kind
    {_OF_PRODUCT}
    AND (%(kinds)s::text[] = '{{}}' OR book.reward_kind = ANY(%(kinds)s::text[]))
    AND (%(since)s::timestamptz IS NULL OR journal.effective_at >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR journal.effective_at <= %(until)s)
    ORDER BY journal.effective_at DESC, entry.journal_id DESC, position.id DESC
"""  # noqa: S608 - no input in it


def _subscription(row: Sequence[Any]) -> SubscriptionRecord:
    (
        id_, position_id, code, asset, amount, from_funding, key, days, at, token, tokens, ratio,
        renewed_from,
    ) = row  # fmt: skip
    return SubscriptionRecord(
        id=id_,
        position_id=position_id,
        product_code=code,
        asset=asset,
        amount=Amount(amount, asset),
        from_spot=Amount(amount - from_funding, asset),
        from_funding=Amount(from_funding, asset),
        key=key,
        made_by=_made_by(key, renewed_from),
        days=days,
        at=at,
        tokens=None if token is None or tokens is None else Amount(tokens, token),
        ratio=ratio,
    )


def _made_by(
    key: str, renewed_from: int | None
) -> Literal["CUSTOMER", "AUTO", "RENEWED", "CONVERTED"]:
    if key.startswith("auto."):
        return "AUTO"
    if key.startswith("delivery/"):
        return "CONVERTED" if renewed_from is None else "RENEWED"
    return "CUSTOMER"


def _redemption(row: Sequence[Any]) -> RedemptionRecord:
    (
        id_, position_id, code, asset, type_, status, went_to, amount, net, fee, deducted,
        forfeited, added, days, requested_at, arrives_at, paid_at, token, ratio,
    ) = row  # fmt: skip
    return RedemptionRecord(
        id=id_,
        position_id=position_id,
        product_code=code,
        asset=asset,
        type=type_,
        status=status,
        went_to=went_to,
        amount=Amount(amount, token or asset),
        net=Amount(net, asset),
        fee=Amount(fee, asset),
        lost=Amount(fee + deducted + forfeited, asset),
        rewards=Amount(added, asset),
        days=days,
        requested_at=requested_at,
        arrives_at=arrives_at,
        paid_at=paid_at,
        ratio=ratio,
    )
