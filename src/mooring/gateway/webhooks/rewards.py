"""Messages about rewards: read from the book, a while behind it (decision 0039)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from mooring.earn import api as earn
from mooring.gateway.v1 import translations
from mooring.gateway.webhooks import wording
from mooring.kernel import db

#: Longer than a transaction can last: by then every journal with a lower number is seen.
_SETTLED_AFTER: Final = timedelta(minutes=5)
_READ_MAX: Final = 10_000
_WRITE: Final = """
    INSERT INTO gateway_delivery (webhook_id, account_id, type, subject, position, body)
    SELECT webhook.id, webhook.account_id, 'reward.paid', paid.journal_id, paid.position_id,
        paid.body
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
        AS paid (account_id, journal_id, position_id, body)
    INNER JOIN gateway_webhook AS webhook ON webhook.account_id = paid.account_id
    WHERE webhook.ended_at IS NULL AND 'reward' = ANY(webhook.topics)
        AND paid.journal_id > webhook.rewards_read
    ON CONFLICT DO NOTHING
"""
_MARK: Final = """
    UPDATE gateway_webhook AS webhook SET rewards_read = settled.journal_id
    FROM unnest(%s::bigint[], %s::bigint[]) AS settled (account_id, journal_id)
    WHERE webhook.account_id = settled.account_id AND webhook.rewards_read < settled.journal_id
"""


@db.transaction
def tell_rewards(*, wall: datetime) -> int:
    """
    Write a message for every reward that was not told yet, and return how many were written.

    Args:
        wall: the real time, UTC.
    """
    after = dict(
        db.rows(
            "SELECT account_id, min(rewards_read) FROM gateway_webhook"
            " WHERE ended_at IS NULL AND 'reward' = ANY(topics) GROUP BY account_id"
        )
    )
    if not after:
        return 0
    paid = earn.list_rewards_paid(after, limit=_READ_MAX)
    if not paid:
        return 0
    written = db.execute(
        _WRITE,
        [
            [one.account_id for one in paid],
            [one.journal_id for one in paid],
            [one.position_id for one in paid],
            [_body(one) for one in paid],
        ],
    )
    _mark(paid, wall=wall)
    return written


def _body(paid: earn.RewardPaid) -> str:
    return wording.written("reward.paid", translations.reward(paid), at=paid.paid_at)


def _mark(paid: Sequence[earn.RewardPaid], *, wall: datetime) -> None:
    """Begin after these the next time, of those before which none can come any more."""
    settled: dict[int, int] = defaultdict(int)
    for one in paid:
        if one.recorded_at < wall - _SETTLED_AFTER:
            settled[one.account_id] = max(settled[one.account_id], one.journal_id)
    if settled:
        db.execute(_MARK, [list(settled), list(settled.values())])
