"""
Sending what waits: claim, send, note.

No transaction is open while something is sent. A worker that ends in between leaves a claim that
runs out; the message is then sent again: at least once, never less.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from django.conf import settings

from mooring.accounts import api as accounts
from mooring.gateway import policies as gateway_policies
from mooring.gateway.webhooks import sending, signing, wording
from mooring.gateway.webhooks.errors import WebhookNotFound
from mooring.gateway.webhooks.managing import end_webhook
from mooring.gateway.webhooks.retrying import delay_after, quiet_after
from mooring.gateway.webhooks.sending import Failure, Outcome
from mooring.kernel import clock, db
from mooring.policies import api as policies

#: Sent at the same time. Of one webhook fewer, so that the others have their turn.
_BATCH: Final = 32
_OF_ONE: Final = 8
_LEASE: Final = timedelta(minutes=2)
_GRACE_SECONDS: Final = 2.0
#: How long what waits for an account that is not open is left alone.
_NOT_OPEN: Final = timedelta(minutes=10)

# The first of each webhook before the second of any: whoever has much to be told waits longest.
_DUE: Final = """
    SELECT delivery.id, webhook.account_id, delivery.tries
    FROM gateway_webhook AS webhook
    CROSS JOIN LATERAL (
        SELECT id, tries, row_number() OVER (ORDER BY id) AS turn
        FROM gateway_delivery
        WHERE webhook_id = webhook.id AND status IN ('WAITING', 'SENDING') AND next_try_at <= %s
        ORDER BY id LIMIT %s
    ) AS delivery
    WHERE webhook.ended_at IS NULL
        AND (webhook.quiet_until IS NULL OR webhook.quiet_until <= %s)
    ORDER BY delivery.turn, delivery.id LIMIT %s
"""
_GIVE_UP: Final = """
    UPDATE gateway_delivery SET status = 'FAILED', next_try_at = NULL, failure = %s
    WHERE id = ANY(%s) AND next_try_at <= %s
"""
_CLAIM: Final = """
    UPDATE gateway_delivery AS delivery
    SET status = 'SENDING', tries = tries + 1, next_try_at = %s
    FROM gateway_webhook AS webhook
    WHERE delivery.id = ANY(%s) AND delivery.webhook_id = webhook.id
        AND webhook.ended_at IS NULL
        AND delivery.status IN ('WAITING', 'SENDING') AND delivery.next_try_at <= %s
    RETURNING delivery.id, delivery.account_id, delivery.type, delivery.subject, delivery.body,
        webhook.id, webhook.url, webhook.sealed_secret, delivery.tries
"""
_WORDS: Final = """
    UPDATE gateway_delivery AS delivery SET body = written.body
    FROM unnest(%s::bigint[], %s::text[]) AS written (id, body) WHERE delivery.id = written.id
"""
_NOTE: Final = """
    UPDATE gateway_delivery AS delivery
    SET status = noted.status, next_try_at = noted.next_try_at, answered = noted.answered,
        failure = noted.failure, tried_at = %s
    FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::smallint[], %s::text[])
        AS noted (id, status, next_try_at, answered, failure)
    WHERE delivery.id = noted.id AND delivery.status = 'SENDING' AND delivery.next_try_at = %s
"""
_NOTE_ADDRESS: Final = """
    UPDATE gateway_webhook SET failures = %s, quiet_until = %s WHERE id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A message that is the claimer's to send."""

    id: int
    webhook_id: int
    account_id: int
    url: str
    secret: bytes
    body: bytes
    tries: int


def deliver_due() -> int:
    """Send a batch of what is due in real time, and return how many messages were taken."""
    wall = clock.wall()
    until = wall + _LEASE
    letters = _claim(wall=wall, until=until)
    if not letters:
        return 0
    outcomes = _send_all(letters)
    _note(letters, outcomes, claimed_until=until)
    for letter, outcome in zip(letters, outcomes, strict=True):
        if outcome.answered == HTTPStatus.GONE:
            _end(letter)
    return sum(not outcome.failure for outcome in outcomes)


@db.transaction
def _claim(*, wall: datetime, until: datetime) -> list[_Letter]:
    due = db.rows(_DUE, [wall, _OF_ONE, wall, _BATCH])
    open_ones = accounts.find_open(account_id for _, account_id, _ in due)
    shut = {account_id for _, account_id, _ in due} - open_ones
    if shut:
        db.execute(
            "UPDATE gateway_webhook SET quiet_until = %s WHERE account_id = ANY(%s)",
            [wall + _NOT_OPEN, list(shut)],
        )
    tries_max = _tries_max()
    # Claimed as often as it may be, and no worker lived to note the last time.
    over = [id_ for id_, _, tries in due if tries >= tries_max]
    if over:
        db.execute(_GIVE_UP, [Failure.WORKER, over, wall])
    ids = [id_ for id_, account_id, tries in due if account_id in open_ones and tries < tries_max]
    if not ids:
        return []
    claimed = sorted(db.rows(_CLAIM, [until, ids, wall]))
    bodies = _put_into_words([row[:5] for row in claimed])
    return [
        _Letter(
            id=id_,
            webhook_id=webhook_id,
            account_id=account_id,
            url=url,
            secret=signing.unseal(sealed, webhook_id),
            body=(body or bodies[id_]).encode(),
            tries=tries,
        )
        for id_, account_id, _, _, body, webhook_id, url, sealed, tries in claimed
    ]


def _put_into_words(claimed: Sequence[tuple[int, int, str, int, str]]) -> dict[int, str]:
    """Write the messages that have no words yet; return them by their numbers."""
    at = clock.now()
    bodies = {
        id_: wording.body_of(type_, subject, account_id=account_id, at=at)
        for id_, account_id, type_, subject, body in claimed
        if not body
    }
    db.execute(_WORDS, [list(bodies), list(bodies.values())])
    return bodies


def _send_all(letters: Sequence[_Letter]) -> list[Outcome]:
    """
    Send letters at the same time, and wait for all no longer than one may take.

    The threads only send: whatever is of the database happens before and after. One that is not
    back in time, because a name is looked up for ever, is left to itself.
    """
    threads = ThreadPoolExecutor(max_workers=len(letters))
    sent = [threads.submit(_send, letter) for letter in letters]
    wait(sent, timeout=sending.SECONDS_MAX + _GRACE_SECONDS)
    threads.shutdown(wait=False)
    return [one.result() if one.done() else Outcome(failure=Failure.TOO_SLOW) for one in sent]


def _send(letter: _Letter) -> Outcome:
    headers = signing.headers_of(
        letter.secret,
        message_id=f"msg_{letter.id}",
        timestamp=int(clock.wall().timestamp()),
        body=letter.body,
    )
    return sending.post(
        letter.url, body=letter.body, headers=headers, to_loopback=settings.WEBHOOKS_TO_LOOPBACK
    )


@db.transaction
def _note(
    letters: Sequence[_Letter], outcomes: Sequence[Outcome], *, claimed_until: datetime
) -> None:
    wall, tries_max = clock.wall(), _tries_max()
    noted = [
        _noted(letter, outcome, wall=wall, tries_max=tries_max)
        for letter, outcome in zip(letters, outcomes, strict=True)
    ]
    columns = [list(column) for column in zip(*noted, strict=True)]
    db.execute(_NOTE, [wall, *columns, claimed_until])
    _note_addresses(letters, outcomes, wall=wall)


def _tries_max() -> int:
    return policies.in_force(at=clock.now())[gateway_policies.WEBHOOK_TRIES]


def _noted(
    letter: _Letter, outcome: Outcome, *, wall: datetime, tries_max: int
) -> tuple[int, str, datetime | None, int | None, str]:
    if not outcome.failure:
        return letter.id, "SENT", None, outcome.answered, ""
    if letter.tries >= tries_max:
        return letter.id, "FAILED", None, outcome.answered, outcome.failure
    again_at = wall + delay_after(letter.tries)
    return letter.id, "WAITING", again_at, outcome.answered, outcome.failure


def _note_addresses(
    letters: Sequence[_Letter], outcomes: Sequence[Outcome], *, wall: datetime
) -> None:
    """Leave addresses alone that took nothing; one that took something is a good one."""
    taken: dict[int, bool] = {}
    for letter, outcome in zip(letters, outcomes, strict=True):
        taken[letter.webhook_id] = taken.get(letter.webhook_id, False) or not outcome.failure
    before = dict(
        db.rows(
            "SELECT id, failures FROM gateway_webhook WHERE id = ANY(%s) ORDER BY id"
            " FOR NO KEY UPDATE",
            [list(taken)],
        )
    )
    for webhook_id, is_good in taken.items():
        failures = 0 if is_good else before[webhook_id] + 1
        quiet_until = None if is_good else wall + quiet_after(failures)
        if failures or before[webhook_id]:
            db.execute(_NOTE_ADDRESS, [failures, quiet_until, webhook_id])


def _end(letter: _Letter) -> None:
    """End a webhook whose address says that it is gone for good."""
    try:
        end_webhook(account_id=letter.account_id, webhook_id=letter.webhook_id, at=clock.now())
    except WebhookNotFound:
        return
