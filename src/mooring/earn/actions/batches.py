"""Requests that are decided one by one and written together: what subscribe and redeem share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from mooring.kernel.errors import Refusal
from mooring.kernel.group_commit import GroupCommit


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """What happened to a request; `replayed` if its key had made it happen before."""

    replayed: bool


Request = TypeVar("Request")
Outcome = TypeVar("Outcome", bound=CarriedOut)


def carry_out(
    requests: Sequence[Request],
    *,
    decide: Callable[[Request], Outcome | int],
    write: Callable[[], Sequence[Outcome]],
) -> list[Outcome | Refusal]:
    """
    Decide each request, write what was decided as a set, and answer in order.

    Args:
        decide: returns the place of the request among those to be written, or what its key did
            before; raises a Refusal for a request that changes nothing.
        write: writes everything that was decided, in the order of the places.

    Returns:
        One outcome per request; a key's second use in the batch is a replay of the first.
    """
    decisions: list[Outcome | Refusal | int] = []
    for request in requests:
        try:
            decisions.append(decide(request))
        except Refusal as refusal:
            decisions.append(refusal)
    written = write()
    answers: list[Outcome | Refusal] = []
    answered: set[int] = set()
    for decision in decisions:
        if not isinstance(decision, int):
            answers.append(decision)
            continue
        done = written[decision]
        answers.append(replace(done, replayed=True) if decision in answered else done)
        answered.add(decision)
    return answers


def carry_out_one(
    queue: GroupCommit[Request, Outcome | Refusal], request: Request, *, at: datetime
) -> Outcome:
    """
    Carry out a request together with those of other threads, in one commit.

    Raises:
        Refusal: as the action of the queue returns.
    """
    outcome = queue.submit(request, at=at)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome
