"""Show, step by step, that one may ask for an account back."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Q

from mooring.accounts import events
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.models import Account, Channel, Code, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes
from mooring.accounts.protection.recovery import RecoveryProof, password_mark
from mooring.kernel import db


@db.transaction
def send_recovery_code(identifier: Identifier, *, origin: Origin, at: datetime) -> UUID:
    """
    Send the code that shows the mailbox, and return the code's id, whoever was asked about.

    It goes by mail to who has an address, whatever was typed: whoever took over a number gets
    nowhere. For somebody unknown or closed the same is written and nothing is sent.
    """
    person = (
        User.objects.filter(Q(email=identifier.value) | Q(phone=identifier.value), is_active=True)
        .filter(account__status__in=[Account.Status.OPEN, Account.Status.DISABLED])
        .first()
    )
    channel, to = identifier.channel, identifier.value
    if person is not None and person.email:
        channel, to = Channel.EMAIL, person.email
    return codes.issue(
        purpose=Code.Purpose.RECOVERY,
        channel=channel,
        to=to,
        user_id=person.pk if person is not None else None,
        origin=origin,
        at=at,
        with_link=True,
        is_delivered=person is not None,
        is_right=person is not None,
    ).id


@db.transaction
def check_recovery_code(
    code_id: UUID, text: str, *, user_id: int | None, origin: Origin
) -> RecoveryProof | None:
    """
    Try the code; return the proof it gives, or None where it is not right.

    Take a budget from the throttle before this.
    """
    verdict = codes.check(
        code_id, text, purpose=Code.Purpose.RECOVERY, user_id=user_id, wall=origin.wall
    )
    if verdict is not codes.CodeVerdict.RIGHT or user_id is None:
        return None
    return RecoveryProof(user_id=user_id, proven_at=origin.wall.isoformat())


@db.transaction
def follow_recovery_link(token: str, *, origin: Origin) -> RecoveryProof | None:
    """Spend the link beside a code; return the proof it gives, or None where it is none."""
    row = codes.check_link(token, purpose=Code.Purpose.RECOVERY, wall=origin.wall)
    if row is None or row.user_id is None:
        return None
    return RecoveryProof(user_id=row.user_id, proven_at=origin.wall.isoformat())


@db.transaction
def check_recovery_password(
    proof: RecoveryProof, password: str, *, origin: Origin, at: datetime
) -> RecoveryProof | None:
    """
    Add the password to a proof; return the proof, or None where the password is not right.

    Take a budget from the throttle before this.
    """
    kept = User.objects.filter(id=proof.user_id).values_list("password", flat=True).first()
    if kept is None:
        make_password(password)
        return None
    if not check_password(password, kept):
        events.record(events.Kind.LOG_IN_FAILED, user_id=proof.user_id, origin=origin, at=at)
        return None
    return replace(proof, password_mark=password_mark(kept))
