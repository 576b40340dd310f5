"""
Who is behind an address or number, as the entrance asks: in one shape whether anybody is.

The one query answers with one row for everybody, so that a stranger costs what a customer costs.
"""

from dataclasses import dataclass, field
from typing import Final

from mooring.accounts.entrance.errors import IdentifierMalformed
from mooring.accounts.entrance.identifiers import LENGTH_MAX, Identifier, read_identifier
from mooring.accounts.models import Channel
from mooring.kernel import db

_STANDING: Final = """
SELECT
    coalesce(person.id, 0),
    coalesce(person.password, ''),
    coalesce(account.id, 0),
    coalesce(
        person.is_active
        AND CASE WHEN account.id IS NULL THEN person.is_staff ELSE account.status = 'OPEN' END,
        FALSE
    ),
    coalesce(person.is_active AND account.status IN ('OPEN', 'DISABLED'), FALSE),
    coalesce(person.email, ''),
    coalesce(person.log_in_epoch, 0)
FROM (SELECT %s::text AS typed) AS asked
LEFT JOIN accounts_user person ON {whose} = asked.typed
LEFT JOIN accounts_account account ON account.user_id = coalesce(person.id, 0)
"""
#: Each as its index has it.
_WHOSE: Final = {Channel.EMAIL: "lower(person.email)", Channel.SMS: "person.phone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    What the entrance needs to know about who has an address or number.

    Args:
        user_id: 0: nobody.
        account_id: 0: none, as of staff and of nobody.
        password: as it is kept; empty: none.
        may_enter: the account is open and nobody has blocked the log-in; staff need no account.
        may_return: the account is open or disabled, so that its owner may ask for it back.
        email: where its messages go first; empty: nowhere.
        log_in_epoch: how often all its log-ins were ended.
    """

    user_id: int
    account_id: int
    password: str = field(repr=False)
    may_enter: bool
    may_return: bool
    email: str
    log_in_epoch: int

    @property
    def is_known(self) -> bool:
        """Whether there is anybody."""
        return self.user_id != 0


def find_standing(identifier: Identifier) -> Standing:
    """Return who has an address or number, or that nobody does."""
    statement = _STANDING.format(whose=_WHOSE[identifier.channel])
    [found] = db.rows(statement, [identifier.value])
    user_id, password, account_id, may_enter, may_return, email, epoch = found
    return Standing(
        user_id=user_id,
        account_id=account_id,
        password=password,
        may_enter=may_enter,
        may_return=may_return,
        email=email,
        log_in_epoch=epoch,
    )


def identifier_of(typed: str) -> Identifier:
    """
    Return what was typed in canonical form; what cannot be anybody's as something nobody has.

    For the log-in, where a typing error is answered like everything else that is wrong.
    """
    try:
        return read_identifier(typed)
    except IdentifierMalformed:
        # No address holds a blank.
        return Identifier(Channel.EMAIL, f"malformed {typed[:LENGTH_MAX]}")
