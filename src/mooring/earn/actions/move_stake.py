"""
What the operator does with the assets behind Earn at a protocol: bonding, unbonding, claiming.

Nothing of this touches a customer: what is owed to them stays what it was. A penalty of the
protocol is the platform's loss.

Source: domain rules §7.3, treasury; EARN-15.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from mooring.earn import errors, liquid_errors
from mooring.earn.rules.keys import check_key
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger


class StakeMove(StrEnum):
    """What happens to the platform's stake."""

    #: Coins of the hot wallet are bonded with the protocol.
    BOND = "BOND"
    #: The protocol was asked to let go of them.
    UNBOND = "UNBOND"
    #: They are back in the hot wallet.
    UNBONDED = "UNBONDED"
    #: The protocol pays for the stake; not claimed yet.
    REWARD = "REWARD"
    #: What it pays came into the hot wallet.
    CLAIM = "CLAIM"
    #: The protocol took a part of the stake as a penalty.
    SLASH = "SLASH"


#: From which account of the platform to which.
_ACCOUNTS: Final = {
    StakeMove.BOND: (ledger.Code.HOT_WALLET, ledger.Code.STAKED),
    StakeMove.UNBOND: (ledger.Code.STAKED, ledger.Code.UNBONDING),
    StakeMove.UNBONDED: (ledger.Code.UNBONDING, ledger.Code.HOT_WALLET),
    StakeMove.REWARD: (ledger.Code.PROTOCOL_INCOME, ledger.Code.STAKING_RECEIVABLE),
    StakeMove.CLAIM: (ledger.Code.STAKING_RECEIVABLE, ledger.Code.HOT_WALLET),
    StakeMove.SLASH: (ledger.Code.STAKED, ledger.Code.SLASHING),
}


@db.transaction
def move_stake(move: StakeMove, amount: Amount, *, key: str, at: datetime) -> bool:
    """
    Write down a move of the platform's own stake.

    Args:
        amount: above zero.
        key: the operator's own, unique for ever; 1 to 100 letters, digits and `._:+-`.
        at: when it happened, UTC.

    Returns:
        Whether it was in the book already.

    Raises:
        AmountNotPositive, KeyMalformed, ledger.KeyReused.
        StakeTooSmall: the account it comes from holds less.
    """
    check_key(key)
    if amount.number <= 0:
        raise errors.AmountNotPositive
    # The platform's accounts may fall below zero in the book: those who move stakes take turns.
    db.rows("SELECT pg_advisory_xact_lock(hashtext('earn_stake'), hashtext(%s))", [amount.asset])
    source, target = _ACCOUNTS[move]
    ids = ledger.open_accounts(
        [ledger.AccountName(code, amount.asset) for code in sorted((source, target))]
    )
    by_code = dict(zip(sorted((source, target)), ids, strict=True))
    journal = ledger.Journal(
        key=f"earn.stake:{key}",
        kind=f"STAKE_{move}",
        lines=(
            ledger.Line(by_code[source], amount),
            ledger.Line(by_code[target], Amount(-amount.number, amount.asset)),
        ),
    )
    [posted] = ledger.post([journal], at=at)
    # Debit is negative: of what the platform has, less than nothing cannot be left.
    left = -ledger.platform_balance(code=source, asset=amount.asset)
    if source != ledger.Code.PROTOCOL_INCOME and left < 0:
        raise liquid_errors.StakeTooSmall(held=Amount(left + amount.number, amount.asset))
    return posted.replayed
