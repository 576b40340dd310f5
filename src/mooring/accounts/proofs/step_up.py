"""
A step-up: one sensitive action, with its exact data, that its person proves themselves for.

The order of things is fixed: `begin` writes down what is to happen, the page shows it, `prove`
(`actions.prove_step_up`) takes the proofs, and the action itself calls `spend` in its own
transaction and gets back what was shown. It takes no data from anywhere else.

Times are of the wall.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from mooring.accounts.errors import StepUpNotFound, StepUpNotProven
from mooring.accounts.locks import lock_not_closed
from mooring.accounts.models import Account, Code, StepUp
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes, factors
from mooring.accounts.proofs.codes import CodeView
from mooring.accounts.proofs.factors import Factor
from mooring.accounts.rules.factors import ways_to_remove
from mooring.accounts.rules.step_up import ACTIONS, Requirement, in_full
from mooring.kernel import db, sealing
from mooring.kernel.errors import Fault

#: Source: domain rules §5. The table holds it too.
LIFETIME: Final = timedelta(minutes=5)


class ActionNotDeclared(Fault):
    """
    A step-up was begun for an action that nobody declared.

    If you're hitting this, add the action to `rules.step_up.ACTIONS`, or call
    `step_up.declare` in the `ready` of the app that it belongs to.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUpView:
    """
    A step-up as its page shows it.

    Args:
        data: what is to happen, as text by name; sealed where it is secret.
        needs_password: it is asked for, and was not given yet.
        ways: which factors can prove it, best first.
        code: that was sent last and proves it; None: none was, or it is spent or expired.
        is_over: it can no longer be proven: expired, proven or spent.
    """

    id: UUID
    action: str
    data: Mapping[str, str]
    expires_at: datetime
    needs_password: bool
    ways: tuple[Factor, ...]
    code: CodeView | None
    is_over: bool


def declare(action: str, requirement: Requirement) -> None:
    """Add a sensitive action of an app above; called in `AppConfig.ready`."""
    ACTIONS[action] = requirement


@db.transaction
def begin(*, action: str, user_id: int, data: Mapping[str, str], origin: Origin) -> UUID:
    """
    Write down what is to happen, and return the id under which it can be proven for five minutes.

    Args:
        action: one of `rules.step_up.ACTIONS`.
        data: everything the action needs, as text by name; secrets in it `sealed`.

    Raises:
        StepUpNotFound: the request belongs to no session.
    """
    if action not in ACTIONS:
        raise ActionNotDeclared(f"nobody declared the action {action}")
    if origin.session_id is None:
        raise StepUpNotFound
    row = StepUp(
        id=uuid4(),
        user_id=user_id,
        session_id=origin.session_id,
        action=action,
        data=dict(data),
        requested_at=origin.wall,
        expires_at=origin.wall + LIFETIME,
    )
    row.digest = digest_of(row)
    row.save(force_insert=True)
    return row.id


def view(step_up_id: UUID, *, user_id: int, session_id: int | None, wall: datetime) -> StepUpView:
    """
    Return a step-up of this person in this session.

    Raises:
        StepUpNotFound: absent, another person's, or of another session.
    """
    row = StepUp.objects.filter(
        id=step_up_id, user_id=user_id, session_id=session_id, session__ended_at__isnull=True
    ).first()
    if row is None:
        raise StepUpNotFound
    return StepUpView(
        id=row.id,
        action=row.action,
        data=row.data,
        expires_at=row.expires_at,
        needs_password=requirement_of(row).needs_password and row.password_at is None,
        ways=_ways(row),
        code=_open_code(row, wall=wall),
        is_over=is_over(row, wall=wall),
    )


def _ways(row: StepUp) -> tuple[Factor, ...]:
    """Return which factors can prove it: none that its action would refuse afterwards."""
    ways = factors.usable_factors(row.user_id)
    if row.action != "factor.remove":
        return ways
    return ways_to_remove(ways, is_last_strong=row.data.get("is_last") == "yes") or ways


@db.transaction_required
def spend(
    step_up_id: UUID, *, action: str, user_id: int, session_id: int | None, wall: datetime
) -> dict[str, str]:
    """
    Spend a proven step-up, and return the data that was shown with it.

    In the transaction of the action: the step-up is spent with the effect, or neither happens.

    Raises:
        StepUpNotProven: absent, another's, of another session or action, not proven, expired,
            spent, or changed since. Which one is not told.
    """
    row = lock(step_up_id, user_id=user_id, session_id=session_id)
    if (
        row is None
        or row.action != action
        or row.proven_at is None
        or row.spent_at is not None
        or wall >= row.expires_at
        or row.digest != digest_of(row)
    ):
        raise StepUpNotProven
    row.spent_at = wall
    row.save(update_fields=["spent_at"])
    return dict(row.data)


@db.transaction_required
def lock(step_up_id: UUID, *, user_id: int, session_id: int | None) -> StepUp | None:
    """
    Lock and return a step-up of this person in this session, which must not have ended.

    The account is locked first, as by everything that ends codes and step-ups: nobody waits for a
    code in the other order.
    """
    if session_id is None:
        return None
    lock_not_closed(Account.objects.filter(user_id=user_id).values_list("id", flat=True))
    return (
        StepUp.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            id=step_up_id, user_id=user_id, session_id=session_id, session__ended_at__isnull=True
        )
        .first()
    )


@db.transaction_required
def end_step_ups(*, user_id: int) -> int:
    """Delete every step-up of a person that was not spent, proven or not; return how many."""
    return StepUp.objects.filter(user_id=user_id, spent_at__isnull=True).delete()[0]


def is_over(row: StepUp, *, wall: datetime) -> bool:
    """Return whether a step-up can no longer be proven."""
    return row.proven_at is not None or row.spent_at is not None or wall >= row.expires_at


def requirement_of(row: StepUp) -> Requirement:
    """Return what a step-up asks of its person, as they are now."""
    has_factor = bool(factors.list_factors(row.user_id))
    return in_full(ACTIONS[row.action], has_factor=has_factor)


def digest_of(row: StepUp) -> str:
    """Return the digest over all that a proof is bound to."""
    whole = [str(row.id), row.user_id, row.session_id, row.action, row.data]
    text = json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(text: str, *, action: str, user_id: int) -> str:
    """Return a secret as the data of a step-up may hold it: for this action and person only."""
    content = sealing.seal(text.encode(), purpose=_purpose(action, user_id))
    return base64.b64encode(content).decode()


def unsealed(text: str, *, action: str, user_id: int) -> str:
    """Return what `sealed` wrote for this action and person."""
    return sealing.unseal(base64.b64decode(text), purpose=_purpose(action, user_id)).decode()


def _open_code(row: StepUp, *, wall: datetime) -> CodeView | None:
    sent = Code.objects.filter(
        user_id=row.user_id,
        purpose=codes.Purpose.STEP_UP,
        binding=str(row.id),
        spent_at__isnull=True,
        expires_at__gt=wall,
    )
    code_id = sent.order_by("-issued_at").values_list("id", flat=True).first()
    return codes.find_code(code_id, purpose=codes.Purpose.STEP_UP) if code_id else None


def _purpose(action: str, user_id: int) -> str:
    return f"step_up.{action}:{user_id}"
