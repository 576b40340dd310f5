"""What a customer asks for when redeeming, and what the same key did before."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mooring.earn.actions.batches import CarriedOut
from mooring.earn.facts import Destination, Quote, Speed
from mooring.kernel import db
from mooring.kernel.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """
    A customer asks for money back.

    Args:
        amount: how much; None for the whole position.
        key: the caller's own, unique per account: 1 to 100 letters, digits and `._+-`. The same
            request again redeems once and is answered with the first outcome.
        speed: flexible: at once as far as the day's limits go, or the standard way; a product
            from which nothing leaves at once takes the standard way.
        quote: what the customer was shown; the redemption does exactly that or is refused.
    """

    account_id: int
    position_id: int
    amount: Amount | None
    key: str
    destination: Destination = "SPOT"
    quote: Quote | None = None
    speed: Speed = "FAST"

    @classmethod
    def of(cls, quote: Quote) -> "Redemption":
        """Return the request to do exactly what a quote said; the same quote redeems once."""
        return cls(
            account_id=quote.account_id,
            position_id=quote.position_id,
            amount=None if quote.whole else quote.amount,
            key=quote.key,
            destination=quote.destination,
            quote=quote,
            speed="STANDARD" if quote.speed == "STANDARD" else "FAST",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed(CarriedOut):
    """A redemption that was carried out; `replayed` if it had been before."""

    redemption_id: int
    type: str
    status: str
    net: Amount
    arrives_from: datetime
    arrives_until: datetime


def outcomes_before(
    requests: Sequence[Redemption],
) -> dict[tuple[int, str], tuple[str, Redeemed | int]]:
    """Return the outcomes of keys that were used before, with the digest of their request."""
    return outcomes_of_keys((request.account_id, request.key) for request in requests)


def outcomes_of_keys(
    keys: Iterable[tuple[int, str]],
) -> dict[tuple[int, str], tuple[str, Redeemed | int]]:
    """Return the outcomes of redemptions by account and key, with the digest of their request."""
    asked = list(keys)
    found = db.rows(
        # OFFSET 0 keeps the subquery whole: one descent of the unique index for each key,
        # never a scan of everything that was ever redeemed.
        "SELECT redemption.account_id, redemption.request_key, redemption.digest, redemption.id,"
        "  redemption.type, redemption.status, redemption.net, product.asset,"
        "  redemption.arrives_from, redemption.arrives_until"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (account_id, request_key)"
        " CROSS JOIN LATERAL (SELECT * FROM earn_redemption"
        "  WHERE account_id = t.account_id AND request_key = t.request_key OFFSET 0)"
        "  AS redemption"
        " INNER JOIN earn_position AS position ON position.id = redemption.position_id"
        " INNER JOIN earn_product AS product ON product.id = position.product_id",
        [
            db.array([account_id for account_id, _ in asked]),
            [key for _, key in asked],
        ],
    )
    return {
        (account_id, key): (
            digest,
            Redeemed(
                redemption_id=redemption_id,
                type=kind,
                status=status,
                net=Amount(net, asset),
                arrives_from=arrives_from,
                arrives_until=arrives_until,
                replayed=True,
            ),
        )
        for (
            account_id,
            key,
            digest,
            redemption_id,
            kind,
            status,
            net,
            asset,
            arrives_from,
            arrives_until,
        ) in found
    }


def digest_of(request: Redemption) -> str:
    """Return what tells a request from another one under the same key."""
    amount = "ALL" if request.amount is None else str(request.amount)
    quote = "" if request.quote is None else request.quote.key
    text = f"{request.position_id}|{amount}|{request.destination}|{quote}"
    if request.speed != "FAST":
        text = f"{text}|{request.speed}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
