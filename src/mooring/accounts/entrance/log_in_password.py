"""
The password at log-in: counted before it is looked at, and looked at whoever it is.

Known and unknown, open and closed cost the same statements and one hash: a password is compared
with the person's, or with that of nobody. What else keeps somebody out is looked at afterwards.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable, make_password, verify_password

from mooring.accounts.actions.rehash_password import rehash_password
from mooring.accounts.entrance import noted_tries, throttle
from mooring.accounts.entrance.hashing_room import STRANGERS, aside
from mooring.accounts.entrance.standings import Standing, find_standing, identifier_of
from mooring.accounts.events import Kind
from mooring.accounts.origin import Origin
from mooring.accounts.presence import devices


def check_log_in_password(
    *, typed: str, password: str, tokens: Sequence[str], origin: Origin, at: datetime
) -> Standing | None:
    """
    Return who may go on to log in; None for every reason not to, a used-up budget included.

    Not an action itself: what was tried stays counted whatever becomes of the rest.

    Args:
        typed: an e-mail address or mobile number.
        password: as typed, to the letter.
        tokens: the device tokens that the browser holds.
        at: platform time, whose limits hold.

    Returns:
        The person as they were before the password was looked at.
    """
    identifier = identifier_of(typed)
    standing = find_standing(identifier)
    nobodys = _password_of_nobody(tuple(settings.PASSWORD_HASHERS))
    kept = standing.password if is_password_usable(standing.password) else nobodys
    device_id = devices.find_device_id(tokens, user_id=standing.user_id)
    budgets = throttle.password_budgets(identifier.value, origin.ip, device_id)
    if not throttle.take(*budgets, wall=origin.wall, at=at):
        return None
    if device_id is not None:
        is_in = _is_let_in(standing, password, verify_password(password, kept))
    else:
        with STRANGERS.turn() as has_turn:
            if not has_turn:
                return None
            is_in = _is_let_in(standing, password, aside(verify_password, password, kept))
    if is_in:
        return standing
    kind = Kind.LOG_IN_FAILED
    noted_tries.note(kind, identifier.value, about=standing.user_id, origin=origin, at=at)
    return None


def _is_let_in(standing: Standing, password: str, looked_at: tuple[bool, bool]) -> bool:
    """
    Look at everything else that keeps somebody out, after the password.

    Args:
        looked_at: whether it is right, and whether it is kept as it was kept long ago.
    """
    is_right, is_old = looked_at
    if not (is_right and is_password_usable(standing.password) and standing.may_enter):
        return False
    if is_old:
        rehash_password(
            user_id=standing.user_id, kept=standing.password, password_hash=make_password(password)
        )
    return True


@lru_cache(maxsize=4)
def _password_of_nobody(hashers: tuple[str, ...]) -> str:  # noqa: ARG001 - new hashers, new hash
    """Return a hash, as a person's is kept, of a password that nobody can type."""
    return make_password(secrets.token_urlsafe(32))
