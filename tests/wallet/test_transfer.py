"""What a customer moves between their own wallets is all there afterwards."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.wallet import api as wallet
from tests.earn.world import A_DAY, OPENING, World, usdt


@pytest.fixture
def world(db):
    return World.build()


def move(world, amount, source="SPOT", target="FUNDING", *, key="k", who=None):
    request = wallet.Transfer(
        account_id=world.alice if who is None else who,
        amount=usdt(amount),
        source=source,
        target=target,
        key=key,
    )
    [outcome] = wallet.transfer([request], at=OPENING)
    return outcome


def test_it_leaves_one_wallet_and_is_in_the_other(world):
    done = move(world, "1200.000000000000000001")
    assert done.replayed is False
    assert world.balances() == {
        "spot_available": Decimal("3799.999999999999999999"),
        "funding": Decimal("1200.000000000000000001"),
    }
    assert db.rows("SELECT key, kind FROM ledger_journal WHERE id = %s", [done.journal_id]) == [
        (f"wallet.transfer:{world.alice}.k", "WALLET_TRANSFER")
    ]
    move(world, "200", "FUNDING", "SPOT", key="back")
    assert world.balances()["funding"] == Decimal("1000.000000000000000001")


def test_the_same_key_moves_once_and_another_request_under_it_is_refused(world):
    first = move(world, "10")
    again = move(world, "10")
    assert (again.journal_id, again.replayed) == (first.journal_id, True)
    assert type(move(world, "11")) is ledger.KeyReused
    assert world.balances()["funding"] == Decimal(10)


def test_the_keys_of_two_customers_are_their_own(world):
    assert move(world, "10").replayed is False
    assert move(world, "10", who=world.bob).replayed is False


@pytest.mark.parametrize(
    ("amount", "source", "target", "refusal"),
    [
        ("0", "SPOT", "FUNDING", wallet.AmountNotPositive),
        ("-1", "SPOT", "FUNDING", wallet.AmountNotPositive),
        ("5000.000000000000000001", "SPOT", "FUNDING", ledger.InsufficientFunds),
        ("1", "FUNDING", "SPOT", ledger.InsufficientFunds),
        ("1", "SPOT", "SPOT", wallet.SameWallet),
    ],
)
def test_what_cannot_be_moved_is_refused(world, amount, source, target, refusal):
    assert type(move(world, amount, source, target)) is refusal
    assert world.balances() == {"spot_available": Decimal(5000)}


def test_an_account_that_is_not_open_and_an_asset_that_is_not_there_are_refused(world):
    assert type(move(world, "1", who=10**9)) is accounts.AccountNotOpen
    request = wallet.Transfer(
        account_id=world.alice,
        amount=Amount(Decimal(1), "GOLD"),
        source="SPOT",
        target="FUNDING",
        key="k",
    )
    with pytest.raises(assets.UnknownAsset):
        wallet.transfer_one(request, at=OPENING)


def test_one_of_many_that_is_refused_leaves_the_others_be(world):
    requests = [
        wallet.Transfer(
            account_id=world.alice, amount=usdt(amount), source="SPOT", target="FUNDING", key=amount
        )
        for amount in ("3000", "2500", "2000")
    ]
    outcomes = wallet.transfer(requests, at=OPENING)
    assert [type(outcome).__name__ for outcome in outcomes] == [
        "Transferred", "InsufficientFunds", "Transferred",
    ]  # fmt: skip
    assert world.balances() == {"funding": Decimal(5000)}


def test_they_are_told_by_direction_newest_first(world):
    move(world, "10", key="a")
    move(world, "20", key="b")
    move(world, "5", "FUNDING", "SPOT", key="c")
    out = wallet.transfers(
        account_id=world.alice, since=OPENING, until=OPENING + A_DAY, source="SPOT"
    )
    back = wallet.transfers(
        account_id=world.alice, since=OPENING, until=OPENING + A_DAY, source="FUNDING"
    )
    assert [one.amount for one in out] == [usdt(20), usdt(10)]
    assert [(one.amount, one.target) for one in back] == [(usdt(5), "SPOT")]
    assert not wallet.transfers(
        account_id=world.bob, since=OPENING, until=OPENING + A_DAY, source="SPOT"
    )


def test_twenty_at_once_move_no_more_than_there_is(committed_db):
    world = World.build()

    def send(number):
        try:
            return type(move(world, "400", key=f"k{number}")).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(send, range(20)))
    assert sorted(outcomes) == ["InsufficientFunds"] * 8 + ["Transferred"] * 12
    assert world.balances() == {"spot_available": Decimal(200), "funding": Decimal(4800)}
