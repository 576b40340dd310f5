"""Begin a sign-up: keep what was chosen, and send the code that confirms the address."""

from datetime import datetime
from uuid import UUID

from mooring.accounts import messenger
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.entrance.standings import find_standing
from mooring.accounts.models import Channel, Code, SignUp
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes
from mooring.accounts.proofs.codes import IssuedCode, Purpose
from mooring.kernel import db


@db.transaction
def begin_sign_up(
    *,
    identifier: Identifier,
    password_hash: str,
    terms_version: str,
    origin: Origin,
    at: datetime,
) -> IssuedCode:
    """
    Keep a sign-up until its code is right, whether the address has a log-in or not.

    Known and unknown write the same rows: a code and both messages. To somebody known goes the
    one that says that they have an account; where nobody may log in with it any more, neither.

    Args:
        password_hash: of the password that was chosen.
        terms_version: which text the person accepted.
        at: platform time, UTC.
    """
    issued = _issue(identifier, origin=origin, at=at)
    SignUp.objects.create(
        code_id=issued.id,
        password=password_hash,
        terms_version=terms_version,
        terms_accepted_at=at,
        language=origin.language,
    )
    return issued


@db.transaction
def resend_sign_up(code_id: UUID, *, origin: Origin, at: datetime) -> IssuedCode | None:
    """
    Send another code for a sign-up; the one before ends. None: there is no such sign-up.

    Args:
        at: platform time, UTC.
    """
    row = (
        Code.objects.select_for_update(of=("self",), no_key=True)
        .select_related("signup")
        .filter(id=code_id, purpose=Purpose.SIGN_UP, spent_at__isnull=True)
        .first()
    )
    if row is None:
        return None
    row.spent_at = origin.wall
    row.save(update_fields=["spent_at"])
    sent_to = Identifier(Channel(row.channel), row.sent_to)
    issued = _issue(sent_to, origin=origin, at=at)
    kept: SignUp = row.signup
    SignUp.objects.create(
        code_id=issued.id,
        password=kept.password,
        terms_version=kept.terms_version,
        terms_accepted_at=kept.terms_accepted_at,
        language=kept.language,
    )
    return issued


def _issue(identifier: Identifier, *, origin: Origin, at: datetime) -> IssuedCode:
    """Write both messages, the code and "you have an account", and send the one that is true."""
    standing = find_standing(identifier)
    known = messenger.Message(
        kind="sign_up_known",
        user_id=standing.user_id or None,
        channel=identifier.channel,
        to=identifier.value,
        language=origin.language,
        facts=codes.circumstances(origin),
        is_delivered=standing.may_enter,
    )
    messenger.tell([known], at=at)
    # Last, so that it is the first thing in a sandbox's outbox.
    return codes.issue(
        purpose=Purpose.SIGN_UP,
        channel=identifier.channel,
        to=identifier.value,
        user_id=None,
        origin=origin,
        at=at,
        is_right=not standing.is_known,
        is_delivered=not standing.is_known,
    )
