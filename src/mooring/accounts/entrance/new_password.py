"""A new password on its way to being confirmed: good, not the old one, and sealed."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password

from mooring.accounts.actions.change_password import ACTION
from mooring.accounts.entrance.errors import PasswordsUsedUp
from mooring.accounts.errors import PasswordUnchanged
from mooring.accounts.models import User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import step_up
from mooring.accounts.proofs.step_up_proofs import may_try_password


def prepare_password(password: str, *, user_id: int, origin: Origin, at: datetime) -> str:
    """
    Return the hash of a new password, sealed, as the step-up that changes it carries it.

    Whether it is the old one is looked at like any other guess at the old one: counted first. With
    the budget used up nothing is hashed; the step-up would not take a password either.

    Args:
        at: platform time, UTC.

    Raises:
        ValidationError: it breaks a rule for passwords; Django's, with sentences for people.
        PasswordsUsedUp: passwords were tried too often in the last hour.
        PasswordUnchanged: it is the present one.
    """
    person = User.objects.get(id=user_id)
    validate_password(password, person)
    if not may_try_password(user_id, origin, at=at):
        raise PasswordsUsedUp
    if check_password(password, person.password):
        raise PasswordUnchanged
    return step_up.sealed(make_password(password), action=ACTION, user_id=user_id)
