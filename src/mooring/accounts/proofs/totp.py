"""
Codes of authenticator apps: six digits from a shared secret and the time, each accepted once.

The secret lies sealed in allauth's table, bound to its person. A step whose code was accepted
is a row of ours: accepted once, for whatever purpose, by however many requests at once.

Source: RFC 6238; domain rules §5.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as allauth_totp

from mooring.accounts.models import User
from mooring.accounts.proofs import codes
from mooring.kernel import db, sealing

PERIOD_SECONDS: Final = 30
#: The step of now, the one before and the one after: a clock may be half a minute off.
_DRIFT: Final = (-1, 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """
    A new secret on its way into an app: shown once.

    Args:
        sealed: the secret as it may be kept until its code was typed.
        key: the secret as text, in groups, for apps without a camera.
        qr_svg: the same as a picture.
    """

    sealed: str
    key: str
    qr_svg: str


def begin_enrolment(*, user_id: int) -> Enrolment:
    """Make a secret for a person's app."""
    secret = allauth_totp.generate_totp_secret()
    return shown(seal(secret, user_id=user_id), user_id=user_id)


def shown(sealed: str, *, user_id: int) -> Enrolment:
    """
    Return a secret that is being enrolled, as it is shown.

    Raises:
        SealBroken: it was sealed for somebody else.
    """
    secret, adapter = unseal(sealed, user_id=user_id), get_adapter()
    user = User.objects.get(id=user_id)
    return Enrolment(
        sealed=sealed,
        key=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        qr_svg=adapter.build_totp_svg(adapter.build_totp_url(user, secret)),
    )


def seal(secret: str, *, user_id: int) -> str:
    """Return a secret sealed for its person, as text."""
    sealed = sealing.seal(secret.encode(), purpose=f"factor.totp:{user_id}")
    return base64.b64encode(sealed).decode()


def unseal(sealed: str, *, user_id: int) -> str:
    """
    Return what was sealed for this person.

    Raises:
        SealBroken: it was changed, or is another's.
    """
    return sealing.unseal(base64.b64decode(sealed), purpose=f"factor.totp:{user_id}").decode()


@db.transaction_required
def spend_code(*, user_id: int, text: str, wall: datetime) -> bool:
    """
    Return whether `text` is a code of the person's app that was not accepted before; spend it.

    Args:
        wall: the real time, UTC.
    """
    row = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).first()
    if row is None:
        return False
    if not spend_code_of(row.data["secret"], user_id=user_id, text=text, wall=wall):
        return False
    row.last_used_at = wall
    row.save(update_fields=["last_used_at"])
    return True


@db.transaction_required
def spend_code_of(sealed: str, *, user_id: int, text: str, wall: datetime) -> bool:
    """As `spend_code`, for a secret that may still be on its way into the app."""
    secret, typed = unseal(sealed, user_id=user_id), codes.normalized(text)
    now = int(wall.timestamp()) // PERIOD_SECONDS
    # All three are compared, so that the time of an answer does not tell which.
    matching = [step for step in (now + drift for drift in _DRIFT) if _is_code(secret, step, typed)]
    return any(_spend_step(user_id, step, wall) for step in matching)


def _is_code(secret: str, step: int, typed: str) -> bool:
    code = allauth_totp.format_hotp_value(allauth_totp.hotp_value(secret, step))
    return hmac.compare_digest(code.encode(), typed.encode())


def _spend_step(user_id: int, step: int, wall: datetime) -> bool:
    """Write the step down; who finds it there, waits for its commit and comes too late."""
    written = db.execute(
        "INSERT INTO accounts_used_totp_step (user_id, step, used_at) VALUES (%s, %s, %s)"
        " ON CONFLICT (user_id, step) DO NOTHING",
        [user_id, step, wall],
    )
    return written == 1
