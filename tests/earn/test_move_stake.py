"""The platform's stake at a protocol: moved within what there is, and never a customer's matter."""

from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.earn.api import StakeMove
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.ledger.api import Code
from mooring.wallet import api as wallet
from tests.earn.world import OPENING, everything


def btc(number):
    return Amount(Decimal(number), "BTC")


@pytest.fixture
def funded(world):
    """Twenty that somebody brought, and that lie in the hot wallet."""
    wallet.credit_one(
        wallet.Credit(account_id=world.alice, amount=btc("20"), key="brought"), at=OPENING
    )
    return world


def move(what, number, *, key=None):
    return earn.move_stake(what, btc(number), key=key or f"{what}-{number}", at=OPENING)


def held(code):
    return -ledger.platform_balance(code=code, asset="BTC")


def test_a_stake_goes_out_earns_loses_and_comes_back(funded):
    before = held(Code.HOT_WALLET)
    move(StakeMove.BOND, "5")
    assert (held(Code.HOT_WALLET), held(Code.STAKED)) == (before - 5, 5)
    move(StakeMove.REWARD, "0.25")
    move(StakeMove.CLAIM, "0.1")
    assert held(Code.STAKING_RECEIVABLE) == Decimal("0.15")
    assert held(Code.PROTOCOL_INCOME) == Decimal("-0.25")
    move(StakeMove.SLASH, "0.5")
    assert (held(Code.STAKED), held(Code.SLASHING)) == (Decimal("4.5"), Decimal("0.5"))
    move(StakeMove.UNBOND, "4.5")
    assert (held(Code.STAKED), held(Code.UNBONDING)) == (0, Decimal("4.5"))
    move(StakeMove.UNBONDED, "4.5")
    assert held(Code.UNBONDING) == 0
    assert held(Code.HOT_WALLET) == before - Decimal("0.4")


def test_no_customer_gains_or_loses_by_it(funded):
    before = ledger.balances(owner_id=funded.alice)
    move(StakeMove.BOND, "5")
    move(StakeMove.SLASH, "5")
    assert ledger.balances(owner_id=funded.alice) == before


def test_what_is_typed_twice_happens_once(funded):
    assert move(StakeMove.BOND, "1", key="one") is False
    before = everything()
    assert move(StakeMove.BOND, "1", key="one") is True
    assert everything() == before
    with pytest.raises(ledger.KeyReused):
        move(StakeMove.BOND, "2", key="one")


@pytest.mark.parametrize("what", [what for what in StakeMove if what is not StakeMove.REWARD])
def test_not_more_is_moved_than_there_is(funded, what):
    before = everything()
    there = held(Code.HOT_WALLET) if what is StakeMove.BOND else Decimal(0)
    with pytest.raises(earn.StakeTooSmall) as refused:
        move(what, there + 1)
    assert refused.value.held == btc(there)
    assert everything() == before


@pytest.mark.parametrize("number", ["0", "-1"])
def test_nothing_and_less_are_no_amount(funded, number):
    before = everything()
    with pytest.raises(earn.AmountNotPositive):
        move(StakeMove.BOND, number, key="k")
    assert everything() == before
