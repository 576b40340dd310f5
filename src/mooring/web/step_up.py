"""
Sensitive actions as pages meet them: asked for here, confirmed at /security/confirm/<id>.

Whoever has a sensitive action registers it in `web/step_up_actions/<part>.py`: how it is called,
how its data reads, and what to do once it is confirmed. A form calls `ask`; nothing happens until
the person has read what will happen and has proven themselves on the next page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from mooring.accounts import api as accounts
from mooring.web.visit import PageRequest

#: A datum as it is read: its name, its value.
Line = tuple[str, str]
Describe = Callable[[Mapping[str, str]], Sequence[Line]]
Execute = Callable[[PageRequest, UUID], HttpResponse]

#: Where Django's session keeps what belongs to the step-ups that were asked for in it.
_SESSION_KEY: Final = "step_ups"
_KEPT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveAction:
    """
    What a page needs to know of a sensitive action.

    Args:
        name: the action in words, as a heading: "Change the password".
        describe: every datum of it as a line; secrets as words such as "not shown".
        execute: carries it out once it is proven, by one call of an action that spends the
            step-up, and answers with where to go.
    """

    name: str | Promise
    describe: Describe
    execute: Execute


_ACTIONS: Final[dict[str, SensitiveAction]] = {}


def register(action: str, *, name: str | Promise, describe: Describe, execute: Execute) -> None:
    """Make a sensitive action known to the page that confirms it; called when apps are ready."""
    _ACTIONS[action] = SensitiveAction(name=name, describe=describe, execute=execute)


def registered() -> Mapping[str, SensitiveAction]:
    """Return every sensitive action that pages know, by its name."""
    return _ACTIONS


def ask(request: PageRequest, action: str, data: Mapping[str, str], *, back: str) -> HttpResponse:
    """
    Write down what is to happen, and lead to the page that shows it and asks for the proofs.

    Args:
        data: everything the action needs; it is all it gets.
        back: the address to return to for who changes their mind.
    """
    user_id, origin = request.visit.user_id, request.visit.origin
    step_up_id = accounts.proofs.begin_step_up(
        action=action, user_id=user_id, data=data, origin=origin
    )
    keep(request, step_up_id, {"back": back})
    found = accounts.proofs.view_step_up(
        step_up_id, user_id=user_id, session_id=origin.session_id, wall=origin.wall
    )
    if len(found.ways) == 1:
        # Where a code to the mailbox is all there is, nobody need ask for it first.
        send_code(request, step_up_id, found.ways[0])
    return redirect("step_up", step_up_id=step_up_id)


def send_code(request: PageRequest, step_up_id: UUID, way: accounts.proofs.Factor) -> bool:
    """Send a code that proves a step-up; return whether one is on its way."""
    return accounts.proofs.send_step_up_code(
        step_up_id,
        way,
        user_id=request.visit.user_id,
        origin=request.visit.origin,
        at=request.visit.at,
    )


def keep(request: PageRequest, step_up_id: UUID, facts: Mapping[str, Any]) -> None:
    """Keep facts beside a step-up in the browser's session, of the latest few only."""
    kept = request.session.get(_SESSION_KEY, {})
    one = {**kept.pop(str(step_up_id), {}), **facts}
    latest = dict([*kept.items(), (str(step_up_id), one)][-_KEPT:])
    request.session[_SESSION_KEY] = latest


def kept(request: PageRequest, step_up_id: UUID) -> Mapping[str, Any]:
    """Return what was kept beside a step-up."""
    found: Mapping[str, Any] = request.session.get(_SESSION_KEY, {}).get(str(step_up_id), {})
    return found


def pop(request: PageRequest, step_up_id: UUID, name: str) -> Any:
    """Return a fact that was kept beside a step-up, once; None if there is none."""
    facts = dict(kept(request, step_up_id))
    found = facts.pop(name, None)
    everything = request.session.get(_SESSION_KEY, {})
    request.session[_SESSION_KEY] = {**everything, str(step_up_id): facts}
    return found
