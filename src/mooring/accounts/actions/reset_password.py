"""Set a new password for somebody who cannot log in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from mooring.accounts import events
from mooring.accounts.entrance.reset_grants import find_grant, proven_by, ways_beside
from mooring.accounts.keys.api_keys import end_api_keys
from mooring.accounts.locks import lock_open
from mooring.accounts.models import Account, ApiKey, Code, User
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions
from mooring.accounts.proofs import codes, factors, step_up
from mooring.accounts.proofs.codes import Purpose
from mooring.accounts.proofs.factors import Factor, FactorProof
from mooring.accounts.protection.holds import Cause, begin_hold, facts_of
from mooring.kernel import db


class ResetVerdict(StrEnum):
    """What setting a new password comes to."""

    DONE = "done"
    FACTOR_MISSING = "factor_missing"
    FACTOR_WRONG = "factor_wrong"
    #: Used, too old, or the account is not open any more.
    OVER = "over"


@db.transaction
def reset_password(
    *,
    grant_id: UUID,
    password_hash: str,
    proof: FactorProof | None,
    origin: Origin,
    at: datetime,
) -> ResetVerdict:
    """
    Set a new password, and end whatever the old one had opened: log-ins, codes, keys.

    Who has a second factor must prove it here too: reading somebody's mail is not enough. Nobody
    is logged in by this, and withdrawals are held.

    Take a budget from the throttle before this.

    Args:
        password_hash: of a password that was checked.
        at: platform time, UTC.
    """
    grant = _lock_whose(grant_id, wall=origin.wall)
    if grant is None or grant.user_id is None:
        return ResetVerdict.OVER
    user_id = grant.user_id
    ways = ways_beside(grant)
    if ways:
        verdict = _check(grant, proof, ways=ways, origin=origin, at=at)
        if verdict is not ResetVerdict.DONE:
            return verdict
    User.objects.filter(id=user_id).update(password=password_hash)
    sessions.end_sessions(user_id, end=sessions.End.SECURITY, wall=origin.wall)
    # The grant is one of them.
    codes.end_codes(user_id=user_id, wall=origin.wall)
    step_up.end_step_ups(user_id=user_id)
    account_id = _account_of(user_id)
    if account_id is not None:
        end_api_keys(account_id, end=ApiKey.End.PASSWORD_RESET, at=at, origin=origin)
    cause = Cause.RECOVERY if ways == (proven_by(grant),) else Cause.PASSWORD_CHANGED
    facts = _hold(account_id, cause, origin=origin, at=at)
    events.record(events.Kind.PASSWORD_RESET, user_id=user_id, origin=origin, at=at, details=facts)
    return ResetVerdict.DONE


def _hold(account_id: int | None, cause: Cause, *, origin: Origin, at: datetime) -> dict[str, str]:
    """Let withdrawals wait, and return how long, for the message."""
    if account_id is None:
        return {}
    held_until = begin_hold(account_id, cause, at=at, origin=origin)
    return facts_of(held_until)


def _lock_whose(grant_id: UUID, *, wall: datetime) -> Code | None:
    """Lock the account and the log-in of a grant, and return it; None where it is over."""
    grant = find_grant(grant_id, wall=wall)
    if grant is None or grant.user_id is None:
        return None
    account_id = _account_of(grant.user_id)
    if account_id is not None and not lock_open([account_id]):
        return None
    person = User.objects.select_for_update(no_key=True).get(id=grant.user_id)
    if not person.is_active or grant.sent_to not in {person.email, person.phone}:
        # Blocked, or the mailbox that was shown is not the person's any more.
        return None
    # Read anew under the locks: somebody else may have used it.
    return find_grant(grant_id, wall=wall)


def _check(
    grant: Code,
    proof: FactorProof | None,
    *,
    ways: tuple[Factor, ...],
    origin: Origin,
    at: datetime,
) -> ResetVerdict:
    if proof is None or grant.user_id is None:
        return ResetVerdict.FACTOR_MISSING
    user_id = grant.user_id
    found = factors.check_factor(
        user_id=user_id,
        proof=proof,
        purpose=Purpose.PASSWORD_RESET,
        binding=str(grant.pk),
        origin=origin,
        at=at,
    )
    account_id = _account_of(user_id)
    if found.is_downgrade and account_id is not None:
        begin_hold(account_id, Cause.LOWER_FACTOR, at=at, origin=origin)
    if found.is_right and found.factor in ways:
        return ResetVerdict.DONE
    events.record(
        events.Kind.CODE_REFUSED,
        user_id=user_id,
        origin=origin,
        at=at,
        details={"action": "password_reset", "proof": str(found.factor or "")},
    )
    return ResetVerdict.FACTOR_WRONG


def _account_of(user_id: int) -> int | None:
    return Account.objects.filter(user_id=user_id).values_list("id", flat=True).first()
