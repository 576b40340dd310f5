"""What a customer asks for when subscribing, what the same key did before, and its row."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mooring.earn.actions.batches import CarriedOut
from mooring.earn.facts import RedeemTo, Source
from mooring.earn.rules.redemption import Holding
from mooring.kernel import db
from mooring.kernel.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """
    A customer puts money into a product.

    Args:
        amount: in the product's asset; moved whole, never rounded.
        key: the caller's own, unique per account: 1 to 100 letters, digits and `._+-`.
        source: which wallet pays; ALL takes what spot has, and the rest from funding.
        consent_version: of the terms' text that the customer agreed to, at most 32 characters;
            empty where nobody was asked.
        auto_renew, redeem_to: locked: what becomes of the principal at the end, as
            `set_maturity_choice` takes it.
    """

    account_id: int
    product_code: str
    amount: Amount
    key: str
    source: Source = "SPOT"
    consent_version: str = ""
    auto_renew: bool = False
    redeem_to: RedeemTo = "SPOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed(CarriedOut):
    """A subscription that was carried out; `replayed` if it had been before."""

    subscription_id: int
    position_id: int


@dataclass(slots=True, kw_only=True)
class Decided:
    """A request that will be written, and what it comes to."""

    request: Subscription
    holding: Holding
    from_funding: Decimal


def outcomes_before(
    requests: Sequence[Subscription],
) -> dict[tuple[int, str], tuple[str, Subscribed | int]]:
    """Return the outcomes of keys that were used before, with the digest of their request."""
    found = db.rows(
        "SELECT subscription.account_id, subscription.request_key, subscription.digest,"
        "  subscription.id, subscription.position_id"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (account_id, request_key)"
        # One descent of the unique index for each key, whatever the statistics say.
        " CROSS JOIN LATERAL (SELECT * FROM earn_subscription"
        "  WHERE account_id = t.account_id AND request_key = t.request_key OFFSET 0)"
        "  AS subscription",
        [
            db.array([request.account_id for request in requests]),
            [request.key for request in requests],
        ],
    )
    return {
        (account_id, key): (
            digest,
            Subscribed(subscription_id=id_, position_id=position_id, replayed=True),
        )
        for account_id, key, digest, id_, position_id in found
    }


def digest_of(request: Subscription) -> str:
    """Return what tells a request from another one under the same key."""
    text = f"{request.product_code}|{request.amount}"
    if request.source != "SPOT":
        text = f"{text}|{request.source}"
    if request.auto_renew or request.redeem_to != "SPOT":
        text = f"{text}|{request.auto_renew}|{request.redeem_to}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def insert_subscriptions(decided: Sequence[Decided], *, at: datetime) -> list[int]:
    """Remember subscriptions and return their ids, in order."""
    found = db.rows(
        "INSERT INTO earn_subscription (account_id, position_id, request_key, digest, amount,"
        "  from_funding, consent_version, subscribed_at)"
        " SELECT t.*, %s FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[],"
        "  %s::numeric[], %s::numeric[], %s::text[]) AS t RETURNING id",
        [
            at,
            db.array([one.request.account_id for one in decided]),
            db.array([one.holding.id for one in decided]),
            db.array([one.request.key for one in decided]),
            db.array([digest_of(one.request) for one in decided]),
            db.array([one.request.amount.number for one in decided]),
            db.array([one.from_funding for one in decided]),
            db.array([one.request.consent_version for one in decided]),
        ],
    )
    return [id_ for (id_,) in found]
