"""
Sending what waits: claim, hand over, note.

No transaction is open while a message is handed over. A worker that ends in between leaves a
claim that runs out; the message is then sent again: at least once, never less.
"""

import time
from typing import Final

from mooring.kernel import clock
from mooring.notices.actions.claim import Claim, claim
from mooring.notices.actions.note_outcome import give_back, note_outcome
from mooring.notices.senders import Letter, sender_of

BATCH: Final = 50
#: How long one run sends, so that other work is not kept waiting by a slow server.
_SECONDS_MAX: Final = 20.0


def send_due() -> int:
    """Send a batch of what is due in wall time, and return how many were handed over."""
    claimed = claim(limit=BATCH, wall=clock.wall())
    channels = dict.fromkeys(channel for channel, _ in claimed.letters)
    ends_at = time.monotonic() + _SECONDS_MAX
    return sum(_send(channel, claimed, ends_at=ends_at) for channel in channels)


def _send(channel: str, claimed: Claim, *, ends_at: float) -> int:
    letters = [letter for of, letter in claimed.letters if of == channel]
    outcomes = sender_of(channel)(letters)
    untried: list[Letter] = []
    sent = 0
    for number, letter in enumerate(letters):
        if time.monotonic() >= ends_at:
            untried = letters[number:]
            break
        outcome = next(outcomes)
        sent += not outcome.failure
        note_outcome(letter.id, outcome, claimed_until=claimed.until, wall=clock.wall())
    outcomes.close()
    if untried:
        ids = [letter.id for letter in untried]
        give_back(ids, claimed_until=claimed.until, wall=clock.wall())
    return sent
