"""Keep a password that was just right in the form of today."""

from mooring.accounts.models import User
from mooring.kernel import db


@db.transaction
def rehash_password(*, user_id: int, kept: str, password_hash: str) -> None:
    """
    Replace a password's hash by one of the same password.

    Args:
        kept: the hash that was right; another one, set meanwhile, stays.
        password_hash: the same password, hashed as new ones are.
    """
    User.objects.filter(id=user_id, password=kept).update(password=password_hash)
