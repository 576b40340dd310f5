"""Finish a sign-up: with its code the log-in and its account begin."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mooring.accounts import events
from mooring.accounts.entrance.identifiers import Identifier
from mooring.accounts.entrance.standings import find_standing
from mooring.accounts.models import Account, Channel, Code, SignUp
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes
from mooring.accounts.proofs.codes import CodeVerdict, Purpose
from mooring.kernel import db

_INSERT_USER = """
INSERT INTO accounts_user (email, phone, password, language, is_active, is_staff, is_superuser)
VALUES (%s, %s, %s, %s, TRUE, FALSE, FALSE)
ON CONFLICT DO NOTHING
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedUp:
    """What a try at a sign-up's code comes to; `user_id` where it was right."""

    verdict: CodeVerdict
    user_id: int | None = None


@db.transaction
def sign_up(*, code_id: UUID, text: str, origin: Origin, at: datetime) -> SignedUp:
    """
    Try the code of a sign-up; if it is right, open the account.

    An address that has got a log-in in the meantime is answered like a wrong code. Take a budget
    from the throttle before this.

    Args:
        text: as typed.
        at: when the account is opened, platform time, UTC.
    """
    kept = SignUp.objects.select_related("code").filter(code_id=code_id).first()
    if kept is None:
        return SignedUp(verdict=CodeVerdict.SPENT_OR_EXPIRED)
    sent_to = Identifier(Channel(kept.code.channel), kept.code.sent_to)
    is_taken = find_standing(sent_to).is_known
    verdict = codes.check(
        code_id,
        "" if is_taken else text,
        purpose=Purpose.SIGN_UP,
        user_id=None,
        wall=origin.wall,
    )
    if verdict is not CodeVerdict.RIGHT:
        return SignedUp(verdict=verdict)
    user_id = _open(kept, sent_to, at=at)
    if user_id is None:
        # Somebody else has opened it this very moment.
        Code.objects.filter(id=code_id).update(spent_at=None)
        return SignedUp(verdict=CodeVerdict.WRONG)
    events.record(events.Kind.SIGNED_UP, user_id=user_id, origin=origin, at=at)
    return SignedUp(verdict=verdict, user_id=user_id)


def _open(kept: SignUp, sent_to: Identifier, *, at: datetime) -> int | None:
    """Make the log-in and its account; None if the address has one already."""
    is_email = sent_to.channel is Channel.EMAIL
    email, phone = (sent_to.value, None) if is_email else (None, sent_to.value)
    found = db.rows(_INSERT_USER, [email, phone, kept.password, kept.language])
    if not found:
        return None
    [(user_id,)] = found
    Account.objects.create(
        user_id=user_id,
        opened_at=at,
        terms_version=kept.terms_version,
        terms_accepted_at=kept.terms_accepted_at,
    )
    return int(user_id)
