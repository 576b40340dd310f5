"""
Codes that we send: six digits, ten minutes, five tries, once, for one purpose.

A code is kept as a keyed digest over everything it belongs to, so that neither a copy of the
database nor another row opens anything with it. Where a request is about somebody unknown the
same work is done with a code that is never right.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils.crypto import salted_hmac

from mooring.accounts import messenger
from mooring.accounts.models import Code, User
from mooring.accounts.origin import Origin
from mooring.kernel import db

Purpose = Code.Purpose

#: Source: NIST SP 800-63B §5.1.3.2 and §5.2.2; domain rules §5. The table holds them too.
LIFETIME: Final = timedelta(minutes=10)
TRIES: Final = 5
DIGITS: Final = 6

#: What is read of a text that should be a code; nobody types more by mistake.
_TEXT_LENGTH: Final = 32


class CodeVerdict(StrEnum):
    """What a try at a code comes to."""

    RIGHT = "right"
    WRONG = "wrong"
    #: Also for a code that is absent or belongs to something else: who tries is not told which.
    SPENT_OR_EXPIRED = "spent_or_expired"
    NO_TRIES_LEFT = "no_tries_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code that is on its way; what it is, only its message tells."""

    id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeView:
    """Whom a code was sent to, and what is left of it. `user_id` is None for somebody unknown."""

    id: UUID
    user_id: int | None
    channel: str
    sent_to: str
    binding: str
    issued_at: datetime
    expires_at: datetime
    tries_left: int
    is_spent: bool


@db.transaction_required
def issue(  # noqa: PLR0913 - whose, where to and what for: named at every call
    *,
    purpose: Purpose,
    channel: str,
    to: str,
    user_id: int | None,
    origin: Origin,
    at: datetime,
    about_user_id: int | None = None,
    binding: str = "",
    with_link: bool = False,
    facts: Mapping[str, str] | None = None,
    is_delivered: bool = True,
    is_right: bool = True,
) -> IssuedCode:
    """
    Make a code and put the message with it into the outbox.

    With a binding, the codes that were sent before for the same person, purpose and binding end:
    the latest message is the one that counts.

    Args:
        channel: `EMAIL` or `SMS`; `to` is the canonical address or number.
        user_id: whose code; None at sign-up and for somebody unknown.
        at: platform time, for the message. The code itself lives in `origin.wall`.
        about_user_id: whom the message is about, where the code itself is nobody's.
        binding: what it belongs to besides its purpose, such as a step-up's id.
        with_link: a token for a link stands beside the code; either spends both.
        facts: what the templates show besides `code`, `link_token`, `ip` and `device`.
        is_delivered: False writes the message and sends nothing.
        is_right: False makes a code that no text opens.
    """
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    token = secrets.token_urlsafe(32) if with_link else ""
    row = Code(
        id=uuid4(),
        user_id=user_id,
        purpose=purpose,
        channel=channel,
        sent_to=to,
        binding=binding,
        issued_at=origin.wall,
        expires_at=origin.wall + LIFETIME,
    )
    _save(row, code, token, is_right=is_right)
    message = messenger.Message(
        kind=f"code_{purpose.lower()}",
        user_id=about_user_id or user_id,
        channel=channel,
        to=to,
        language=origin.language,
        facts={**circumstances(origin), **(facts or {}), "code": code, "link_token": token},
        is_secret=True,
        is_delivered=is_delivered,
    )
    messenger.tell([message], at=at)
    return IssuedCode(id=row.id, expires_at=row.expires_at)


def _save(row: Code, code: str, token: str, *, is_right: bool) -> None:
    """Write the row, and end those that it replaces."""
    if row.binding:
        # User 0 is nobody: somebody unknown costs the same statement.
        Code.objects.filter(
            user_id=row.user_id or 0,
            purpose=row.purpose,
            binding=row.binding,
            spent_at__isnull=True,
        ).update(spent_at=row.issued_at)
    if not is_right:
        # Of what nobody is told and nobody can type. An empty digest would cost less to write, and
        # tell by it: it would stand in no index.
        code, token = secrets.token_hex(32), token and secrets.token_urlsafe(32)
    row.digest = _digest(row, code)
    row.link_digest = _link_digest(token, row.purpose) if token else ""
    row.save(force_insert=True)


def circumstances(origin: Origin) -> dict[str, str]:
    """Return where a request came from, as the texts of messages name it."""
    return {"ip": origin.ip, "device": origin.device_name}


@db.transaction_required
def check(
    code_id: UUID,
    text: str,
    *,
    purpose: Purpose,
    user_id: int | None,
    wall: datetime,
    binding: str = "",
) -> CodeVerdict:
    """
    Try a code: count the try, and spend the code if it is right.

    The try must be committed whatever the verdict: do not raise in the transaction of this call.
    A code of another person, purpose or binding is answered like an absent one and loses no try.

    Args:
        text: as typed; blanks, dashes and full-width digits are forgiven.
        user_id: whose code it must be; None: nobody's, as at sign-up.
        wall: the real time, UTC.
    """
    row = (
        Code.objects.select_for_update(no_key=True)
        .filter(id=code_id, purpose=purpose, binding=binding)
        .first()
    )
    # Whose it is, is compared here: one statement for somebody and for nobody.
    is_theirs = row is not None and row.user_id == user_id
    if row is None or not is_theirs or row.spent_at is not None or wall >= row.expires_at:
        return CodeVerdict.SPENT_OR_EXPIRED
    if row.tries >= TRIES:
        return CodeVerdict.NO_TRIES_LEFT
    row.tries += 1
    is_right = hmac.compare_digest(row.digest, _digest(row, normalized(text)))
    if is_right:
        row.spent_at = wall
    row.save(update_fields=["tries", "spent_at"])
    if is_right:
        return CodeVerdict.RIGHT
    return CodeVerdict.WRONG if row.tries < TRIES else CodeVerdict.NO_TRIES_LEFT


@db.transaction_required
def check_link(token: str, *, purpose: Purpose, wall: datetime) -> Code | None:
    """
    Spend the code whose link holds `token`, and return it; None if there is none to spend.

    Wrong tries at the digits do not end the link: whoever holds it has read the message.

    Args:
        wall: the real time, UTC.
    """
    row = (
        Code.objects.select_for_update(no_key=True)
        .filter(link_digest=_link_digest(token, purpose), purpose=purpose)
        .first()
    )
    if row is None or row.spent_at is not None or wall >= row.expires_at:
        return None
    row.spent_at = wall
    row.save(update_fields=["spent_at"])
    return row


def find_code(code_id: UUID, *, purpose: Purpose) -> CodeView | None:
    """Return what is known of a code; None if there is no such code of this purpose."""
    row = Code.objects.filter(id=code_id, purpose=purpose).first()
    if row is None:
        return None
    return CodeView(
        id=row.id,
        user_id=row.user_id,
        channel=row.channel,
        sent_to=row.sent_to,
        binding=row.binding,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        tries_left=TRIES - row.tries,
        is_spent=row.spent_at is not None,
    )


def find_channel(code_id: UUID) -> str | None:
    """Return which way a code was sent; None if there is no such code."""
    return Code.objects.filter(id=code_id).values_list("channel", flat=True).first()


@db.transaction_required
def end_codes(*, user_id: int, wall: datetime) -> int:
    """
    End every open code of a person, and return how many there were.

    With those that were sent to their address or number and name nobody, as before a log-in.
    """
    names = [name for name in User.objects.values_list("email", "phone").get(id=user_id) if name]
    theirs = Q(user_id=user_id) | Q(user__isnull=True, sent_to__in=names)
    return Code.objects.filter(theirs, spent_at__isnull=True, expires_at__gt=wall).update(
        spent_at=wall
    )


def normalized(text: str) -> str:
    """Return a typed code without blanks and dashes, its digits as ASCII."""
    plain = unicodedata.normalize("NFKC", text[:_TEXT_LENGTH])
    return "".join(sign for sign in plain if not sign.isspace() and sign != "-")


def _digest(row: Code, code: str) -> str:
    """Return the keyed digest of a code over all that it belongs to."""
    value = "\n".join([str(row.id), row.purpose, str(row.user_id), row.binding, code])
    return salted_hmac("mooring.accounts.code", value, algorithm="sha256").hexdigest()


def _link_digest(token: str, purpose: str) -> str:
    value = f"{purpose}\n{token}"
    return salted_hmac("mooring.accounts.code_link", value, algorithm="sha256").hexdigest()
