"""Show, step by step, that one may ask for an account back."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from mooring.accounts import events, messenger
from mooring.accounts.entrance import noted_tries
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.entrance.standings import find_standing
from mooring.accounts.models import Channel, Code, User
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
    standing = find_standing(identifier)
    noted_tries.note(
        events.Kind.RECOVERY_ASKED,
        identifier.value,
        about=standing.user_id,
        origin=origin,
        at=at,
    )
    channel, to = identifier.channel, identifier.value
    if standing.may_return and standing.email:
        channel, to = Channel.EMAIL, standing.email
    issued = codes.issue(
        purpose=Code.Purpose.RECOVERY,
        channel=channel,
        to=to,
        # Whose it is, is looked up when it is right: a row that names its person costs more.
        user_id=None,
        about_user_id=standing.user_id or None,
        origin=origin,
        at=at,
        with_link=True,
        is_delivered=standing.may_return,
        is_right=standing.may_return,
    )
    if identifier.channel is Channel.SMS:
        _write_the_other(identifier, channel, standing.user_id, origin=origin, at=at)
    return issued.id


def _write_the_other(
    identifier: Identifier, channel: Channel, user_id: int, *, origin: Origin, at: datetime
) -> None:
    """
    Write what is not sent: the SMS beside a mail, the mail beside an SMS.

    A number may lead to a mail, which takes longer to write; so both are, whoever is asked about.
    """
    message = messenger.Message(
        kind=f"code_{Code.Purpose.RECOVERY.lower()}",
        user_id=user_id or None,
        channel=Channel.SMS if channel is Channel.EMAIL else Channel.EMAIL,
        to=identifier.value,
        language=origin.language,
        facts={**codes.circumstances(origin), "code": "0" * codes.DIGITS, "link_token": ""},
        is_secret=True,
        is_delivered=False,
    )
    messenger.tell([message], at=at)


@db.transaction
def check_recovery_code(
    code_id: UUID, text: str, *, about: tuple[int, str], origin: Origin, at: datetime
) -> RecoveryProof | None:
    """
    Try the code; return the proof it gives, or None where it is not right, which is noted.

    Take a budget from the throttle before this.

    Args:
        about: the log-in that has the address it was sent to (0: nobody's), and the address.
        at: platform time, UTC.
    """
    verdict = codes.check(
        code_id, text, purpose=Code.Purpose.RECOVERY, user_id=None, wall=origin.wall
    )
    if verdict is not codes.CodeVerdict.RIGHT:
        user_id, sent_to = about
        kind = events.Kind.RECOVERY_REFUSED
        noted_tries.note(kind, sent_to, about=user_id, origin=origin, at=at)
        return None
    return _proof_by(Code.objects.get(id=code_id), origin=origin)


@db.transaction
def follow_recovery_link(token: str, *, origin: Origin) -> RecoveryProof | None:
    """Spend the link beside a code; return the proof it gives, or None where it is none."""
    row = codes.check_link(token, purpose=Code.Purpose.RECOVERY, wall=origin.wall)
    return _proof_by(row, origin=origin) if row is not None else None


def _proof_by(row: Code, *, origin: Origin) -> RecoveryProof | None:
    """Return the proof of who has the address now that a code went to, if there is somebody."""
    standing = find_standing(Identifier(Channel(row.channel), row.sent_to))
    if not standing.may_return:
        return None
    return RecoveryProof(
        user_id=standing.user_id, shown=row.sent_to, proven_at=origin.wall.isoformat()
    )


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
        facts = {"proof": "password"}
        events.record(
            events.Kind.RECOVERY_REFUSED,
            user_id=proof.user_id,
            origin=origin,
            at=at,
            details=facts,
        )
        return None
    return replace(proof, password_mark=password_mark(kept))
