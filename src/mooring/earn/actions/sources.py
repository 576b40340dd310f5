"""The wallets that subscriptions are paid from, as a batch spends them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mooring.earn.facts import Source
from mooring.kernel import db
from mooring.ledger import api as ledger

_NOTHING: Final = Decimal(0)


@dataclass(slots=True)
class Purse:
    """What a customer has of an asset, and the accounts of the book it is in; 0 where none is."""

    spot: int = 0
    in_spot: Decimal = _NOTHING
    funding: int = 0
    in_funding: Decimal = _NOTHING

    def take(self, amount: Decimal, source: Source) -> Decimal:
        """
        Take an amount out and return the part of it that comes out of funding.

        Raises:
            InsufficientFunds: the source does not hold it; nothing is taken.
        """
        from_funding = {
            "SPOT": _NOTHING,
            "FUNDING": amount,
            "ALL": max(_NOTHING, amount - self.in_spot),
        }[source]
        from_spot = amount - from_funding
        if from_spot > self.in_spot or from_funding > self.in_funding:
            raise ledger.InsufficientFunds
        self.in_spot -= from_spot
        self.in_funding -= from_funding
        return from_funding


def read_purses(pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Purse]:
    """
    Return what customers can pay with.

    Args:
        pairs: of account and asset; each is in the answer, empty where there is nothing.
    """
    wanted = sorted(set(pairs))
    found = db.rows(
        "SELECT account.owner_id, account.asset, account.code, account.id, account.balance"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (owner_id, asset)"
        " INNER JOIN ledger_account AS account ON account.owner_id = t.owner_id"
        "  AND account.asset = t.asset AND account.code IN (2110, 2120)"
        "  AND account.reference = 0",
        [db.array([pair[0] for pair in wanted]), db.array([pair[1] for pair in wanted])],
    )
    purses = {pair: Purse() for pair in wanted}
    for owner_id, asset, code, account_id, balance in found:
        purse = purses[owner_id, asset]
        if code == ledger.Code.SPOT:
            purse.spot, purse.in_spot = account_id, balance
        else:
            purse.funding, purse.in_funding = account_id, balance
    return purses
