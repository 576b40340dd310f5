"""
Requests that are carried out together, from who sent them to what became of them.

What a thread waits for costs it as much as its request does otherwise: one that asks four times
in a row (whose key, was it sent before, which position, redeem) is stopped and started four times.
So the endpoints that have to be fast declare a handler of many calls, and one thread takes every
such request that has come through all four steps, each of which is one statement for all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mooring.gateway.binance import errors, pacing
from mooring.gateway.binance.endpoints import Call, Json, Many
from mooring.gateway.binance.signing import Caller, Claimant, identify_all
from mooring.kernel import clock
from mooring.kernel.errors import Refusal
from mooring.kernel.group_commit import GroupCommit


@dataclass(slots=True, kw_only=True, eq=False)
class Arrived:
    """
    A request on its way through the steps.

    What was done of it is kept here: after a lost connection the steps are gone through again.

    Args:
        begin: reads what a caller asks for.
        call: None until it is known whose request it is, and read.
        is_claimed: it is remembered as carried out, by ourselves.
    """

    claimant: Claimant
    begin: Callable[[Caller], Call]
    handler: Many
    call: Call | None = None
    is_claimed: bool = False


def carry_out_together(request: Arrived, *, at: datetime) -> Json:
    """
    Carry out a request with those of other threads.

    Raises:
        Refusal: of this request, and of no other.
    """
    outcome = _QUEUE.submit(request, at=at)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _carry_out_all(requests: Sequence[Arrived], at: datetime) -> list[Json | Refusal]:
    outcomes: dict[Arrived, Json | Refusal] = {}
    _identify([one for one in requests if one.call is None], outcomes, at=at)
    _claim([one for one in requests if one not in outcomes and not one.is_claimed], outcomes)
    handlers = dict.fromkeys(one.handler for one in requests)
    for handler in handlers:
        ready = [
            (one, one.call)
            for one in requests
            if one.handler is handler and one.call is not None and one not in outcomes
        ]
        if ready:
            answers = handler([call for _, call in ready], at=at)
            outcomes.update(zip((one for one, _ in ready), answers, strict=True))
    return [outcomes[one] for one in requests]


def _identify(
    requests: Sequence[Arrived], outcomes: dict[Arrived, Json | Refusal], *, at: datetime
) -> None:
    found = identify_all([one.claimant for one in requests], at=at)
    for one, caller in zip(requests, found, strict=True):
        if isinstance(caller, Refusal):
            outcomes[one] = caller
            continue
        try:
            call = one.begin(caller)
            # Waiting, reading and counting took time: what is carried out must still be wanted.
            caller.moment.check()
        except Refusal as refusal:
            outcomes[one] = refusal
        else:
            one.call = call


def _claim(requests: Sequence[Arrived], outcomes: dict[Arrived, Json | Refusal]) -> None:
    calls = [(one, one.call) for one in requests if one.call is not None]
    if not calls:
        return
    claimed = pacing.claim([call.request_key for _, call in calls], clock.wall())
    for (one, _), is_first in zip(calls, claimed, strict=True):
        one.is_claimed = is_first
        if not is_first:
            outcomes[one] = errors.SentBefore()


_QUEUE: GroupCommit[Arrived, Json | Refusal] = GroupCommit(_carry_out_all)
