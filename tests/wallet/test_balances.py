"""Every unit is shown once, in the state that the book has it in."""

from decimal import Decimal

from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.wallet import api as wallet
from mooring.wallet import queries

Code = ledger.Code


def put(world, account_id, code, number, *, reference=0):
    """Move from spot to another state, as some product would."""

    @db.transaction
    def move():
        amount = Amount(Decimal(number), "BTC")
        spot_id, state_id = ledger.open_accounts(
            [
                ledger.AccountName(Code.SPOT, "BTC", owner_id=account_id),
                ledger.AccountName(code, "BTC", owner_id=account_id, reference=reference),
            ]
        )
        lines = (ledger.Line(spot_id, -amount), ledger.Line(state_id, amount))
        key = f"test:{code}.{reference}"
        ledger.post([ledger.Journal(key=key, kind="TEST", lines=lines)], at=world.at)

    move()


def test_nothing_is_held_at_first(world):
    assert wallet.balances(account_id=world.alice, at=world.at) == ()


def test_each_state_is_shown_and_the_total_is_their_sum(world):
    wallet.credit_one(world.request("10"), at=world.at)
    wallet.credit_one(world.request("3", "ETH", key="e"), at=world.at)
    put(world, world.alice, Code.SPOT_FROZEN, "1")
    put(world, world.alice, Code.EARN_FLEX, "2", reference=1)
    put(world, world.alice, Code.EARN_FLEX, "0.5", reference=2)
    put(world, world.alice, Code.EARN_LOCKED_REDEEMING, "0.25", reference=3)
    put(world, world.alice, Code.EARN_FLEX_REDEEMING, "0.25", reference=1)
    btc, eth = wallet.balances(account_id=world.alice, at=world.at)
    assert (btc.asset, str(btc.total), btc.as_of) == ("BTC", "10 BTC", world.at)
    assert str(btc.spot_available) == "6 BTC"
    assert str(btc.spot_frozen) == "1 BTC"
    assert str(btc.earn_flexible) == "2.5 BTC"
    assert str(btc.earn_redeeming) == "0.5 BTC"
    assert (str(btc.spot), str(btc.earn), str(btc.funding)) == ("7 BTC", "3 BTC", "0 BTC")
    assert btc.spot + btc.funding + btc.earn + btc.withdrawing == btc.total
    assert (eth.asset, str(eth.spot_available)) == ("ETH", "3 ETH")


def test_nobody_sees_another_s(world):
    wallet.credit_one(world.request("10"), at=world.at)
    assert wallet.balances(account_id=world.bob, at=world.at) == ()


def test_is_one_query(world, django_assert_num_queries):
    wallet.credit_one(world.request("10"), at=world.at)
    with django_assert_num_queries(1):
        wallet.balances(account_id=world.alice, at=world.at)


def test_every_account_of_a_customer_in_the_chart_has_a_state():
    assert set(queries._STATE_OF) == {code for code in Code if code.is_of_a_customer}
