"""Confirm that a person's app knows the secret that is being enrolled."""

from mooring.accounts.origin import Origin
from mooring.accounts.proofs import totp
from mooring.kernel import db


@db.transaction
def confirm_totp(*, user_id: int, sealed: str, code: str, origin: Origin) -> bool:
    """
    Return whether `code` is one of this secret, and use its step up: it opens nothing else.

    Args:
        sealed: the secret, as `totp.begin_enrolment` returned it.

    Raises:
        SealBroken: the secret is of another person.
    """
    return totp.spend_code_of(sealed, user_id=user_id, text=code, wall=origin.wall)
