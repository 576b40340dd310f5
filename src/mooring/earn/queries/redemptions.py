"""Redemptions as they are at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mooring.earn import errors
from mooring.earn.facts import RedemptionView, RewardsApart
from mooring.kernel import db
from mooring.kernel.money import Amount


def list_redemptions(
    *,
    account_id: int,
    at: datetime,
    status: str | Sequence[str] | None = None,
    position_id: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[RedemptionView, ...]:
    """
    Return a customer's redemptions, newest first; all, or those of a status or several.

    Args:
        before: only those with a lower number: what follows on a page that ended with it.
    """
    statuses = (status,) if isinstance(status, str) else tuple(status or ())
    return _redemptions(
        account_id=account_id,
        at=at,
        statuses=statuses,
        only={"position_id": position_id, "before": before},
        limit=limit,
    )


def get_redemption(*, account_id: int, redemption_id: int, at: datetime) -> RedemptionView:
    """
    Return one redemption.

    Raises:
        RedemptionNotFound: absent, or another customer's.
    """
    found = _redemptions(account_id=account_id, at=at, only={"redemption_id": redemption_id})
    if not found:
        raise errors.RedemptionNotFound(redemption_id=redemption_id)
    return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRedemption:
    """What an operator looks at: a redemption past its window that has not arrived."""

    id: int
    account_id: int
    product_code: str
    net: Amount
    status: str
    arrives_until: datetime
    late_at: datetime


def late_redemptions(*, limit: int = 100) -> tuple[LateRedemption, ...]:
    """Return what is late and has not arrived, the longest waiting first; for staff."""
    found = db.rows(
        "SELECT redemption.id, redemption.account_id, product.code, redemption.net,"
        "  product.asset, redemption.status, redemption.arrives_until, redemption.late_at"
        " FROM earn_redemption AS redemption"
        " INNER JOIN earn_position AS position ON position.id = redemption.position_id"
        " INNER JOIN earn_product AS product ON product.id = position.product_id"
        " WHERE redemption.status IN ('QUEUED', 'PENDING') AND redemption.late_at IS NOT NULL"
        " ORDER BY redemption.arrives_until, redemption.id LIMIT %s",
        [limit],
    )
    return tuple(
        LateRedemption(
            id=id_,
            account_id=account_id,
            product_code=code,
            net=Amount(net, asset),
            status=status,
            arrives_until=until,
            late_at=late_at,
        )
        for id_, account_id, code, net, asset, status, until, late_at in found
    )


def _redemptions(
    *,
    account_id: int,
    at: datetime,
    statuses: Sequence[str] = (),
    only: Mapping[str, int | None],
    limit: int = 1,
) -> tuple[RedemptionView, ...]:
    found = db.rows(
        "SELECT redemption.id, redemption.position_id, product.code, product.asset,"
        "  redemption.type, redemption.status, redemption.destination, redemption.amount,"
        "  redemption.deducted, redemption.forfeited, redemption.rewards_added,"
        "  redemption.fee, redemption.net, redemption.requested_at, redemption.arrives_from,"
        "  redemption.arrives_until, redemption.undo_until, redemption.paid_at,"
        "  redemption.cancelled_at, redemption.runs_at, redemption.late_at, redemption.speed,"
        "  redemption.queued_because, redemption.is_whole, redemption.ratio,"
        "  redemption.diverted_to, redemption.diverted_because, product.token,"
        "  terms.reward_asset, redemption.reward_deducted, redemption.reward_forfeited,"
        "  redemption.reward_kept, redemption.reward_price"
        " FROM earn_redemption AS redemption"
        " INNER JOIN earn_position AS position ON position.id = redemption.position_id"
        " INNER JOIN earn_product AS product ON product.id = position.product_id"
        " INNER JOIN earn_terms AS terms ON terms.id = position.terms_id"
        " WHERE redemption.account_id = %(account_id)s"
        " AND (%(statuses)s::text[] = '{}' OR redemption.status = ANY(%(statuses)s::text[]))"
        " AND (%(position_id)s::bigint IS NULL OR redemption.position_id = %(position_id)s)"
        " AND (%(redemption_id)s::bigint IS NULL OR redemption.id = %(redemption_id)s)"
        " AND (%(before)s::bigint IS NULL OR redemption.id < %(before)s)"
        " ORDER BY redemption.id DESC LIMIT %(limit)s",
        {
            "account_id": account_id,
            "statuses": list(statuses),
            **dict.fromkeys(("position_id", "redemption_id", "before")),
            **only,
            "limit": limit,
        },
    )
    return tuple(_view(row, at=at) for row in found)


_AMOUNTS = ("amount", "deducted", "forfeited", "rewards_added", "fee", "net")
_TIMES = (
    "requested_at",
    "arrives_from",
    "arrives_until",
    "undo_until",
    "paid_at",
    "cancelled_at",
    "runs_at",
    "late_at",
)
_OTHERS = ("speed", "queued_because", "is_whole", "ratio", "diverted_to", "diverted_because")


def _view(row: Sequence[Any], *, at: datetime) -> RedemptionView:
    *own, reward_asset, deducted, forfeited, kept, price = row
    id_, position_id, code, asset, kind, status, destination, *rest, token = own
    amounts: dict[str, Any] = {
        name: Amount(number, asset)
        for name, number in zip(_AMOUNTS, rest[: len(_AMOUNTS)], strict=True)
    }
    if token is not None:
        amounts["amount"] = Amount(amounts["amount"].number, token)
    facts: dict[str, Any] = dict(zip((*_TIMES, *_OTHERS), rest[len(_AMOUNTS) :], strict=True))
    if reward_asset not in {None, asset} and kind != "MATURE":
        facts["rewards_apart"] = RewardsApart(
            deducted=Amount(deducted, reward_asset),
            forfeited=Amount(forfeited, reward_asset),
            kept=Amount(kept, reward_asset),
            price=price,
        )
    return RedemptionView(
        id=id_,
        position_id=position_id,
        product_code=code,
        asset=asset,
        type=kind,
        status=status,
        destination=destination,
        late=status in {"QUEUED", "PENDING"} and at > facts["arrives_until"],
        **amounts,
        **facts,
    )
