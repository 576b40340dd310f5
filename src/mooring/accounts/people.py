"""The person behind an account, under the locks that a change of them needs."""

from mooring.accounts.errors import AccountNotOpen
from mooring.accounts.locks import lock_open
from mooring.accounts.models import User
from mooring.kernel import db


@db.transaction_required
def lock_log_in(user_id: int, *, epoch: int) -> bool:
    """
    Lock a person's log-in, and return whether one that began in `epoch` may still go on.

    Args:
        epoch: `User.log_in_epoch` when the password was right. Another since then: everything
            that was open has been ended, and what was under way with it.
    """
    rows = User.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(id=user_id).values_list("log_in_epoch", "is_active").first()
    return found == (epoch, True)


@db.transaction_required
def lock_person(account_id: int) -> User:
    """
    Lock an account and then its log-in, and return the log-in.

    Raises:
        AccountNotOpen: the account is absent, disabled or closed, or has no log-in.
    """
    is_open = lock_open([account_id])
    person = (
        User.objects.select_for_update(of=("self",), no_key=True)
        .filter(account__id=account_id)
        .first()
    )
    if not is_open or person is None:
        raise AccountNotOpen(account_id=account_id)
    return person
