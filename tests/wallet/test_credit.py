"""A credit arrives once, whole, and only where it may."""

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
from mooring.wallet import postings


def spot(account_id, asset="BTC"):
    held = {b.asset: b for b in wallet.balances(account_id=account_id, at=None)}
    return str(held[asset].spot_available) if asset in held else f"0 {asset}"


def hot_wallet(asset="BTC"):
    return ledger.platform_balance(code=ledger.Code.HOT_WALLET, asset=asset)


def journals():
    return db.rows("SELECT key, kind FROM ledger_journal ORDER BY id")


def test_moves_from_the_hot_wallet_to_spot(world):
    wallet.credit_one(world.request("0.4"), at=world.at)
    assert spot(world.alice) == "0.4 BTC"
    assert hot_wallet() == Decimal("-0.4")
    assert journals() == [("wallet.credit:k", "WALLET_CREDIT")]


def test_happened_when_it_was_said_to(world):
    wallet.credit_one(world.request("0.4"), at=world.at)
    assert db.rows("SELECT effective_at FROM ledger_journal") == [(world.at,)]


def test_a_key_moves_money_once(world):
    first = wallet.credit_one(world.request("0.4"), at=world.at)
    second = wallet.credit_one(world.request("0.4"), at=world.at)
    assert (first.replayed, second.replayed) == (False, True)
    assert first.journal_id == second.journal_id
    assert spot(world.alice) == "0.4 BTC"


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("another amount", {"number": "0.5"}),
        ("another asset", {"number": "0.4", "asset": "ETH"}),
        ("another account", {"number": "0.4", "to": "bob"}),
    ],
)
def test_a_key_is_never_used_for_another_request(world, case, other):
    wallet.credit_one(world.request("0.4"), at=world.at)
    with pytest.raises(ledger.KeyReused):
        wallet.credit_one(world.request(**other), at=world.at)
    assert len(journals()) == 1, case


def test_amounts_that_differ_in_their_last_decimal_are_two_requests(world):
    most = "12345678901234567890.12345678901234567"
    wallet.credit_one(world.request(f"{most}1", "ETH"), at=world.at)
    with pytest.raises(ledger.KeyReused):
        wallet.credit_one(world.request(f"{most}2", "ETH"), at=world.at)


@pytest.mark.parametrize(
    ("case", "request_", "refusal"),
    [
        ("nobody's account", {"number": "1", "to": "carol"}, accounts.AccountNotOpen),
        ("an unknown asset", {"number": "1", "asset": "DOGE"}, assets.UnknownAsset),
        ("a delisted asset", {"number": "1", "asset": "OLD"}, assets.UnknownAsset),
        ("nothing", {"number": "0"}, wallet.AmountNotPositive),
        ("less than nothing", {"number": "-1"}, wallet.AmountNotPositive),
        ("finer than the chain", {"number": "0.123456789"}, wallet.TooManyDecimals),
        ("a blank key", {"number": "1", "key": ""}, wallet.KeyMalformed),
        ("a key with blanks", {"number": "1", "key": "a b"}, wallet.KeyMalformed),
        ("a key that would end an array", {"number": "1", "key": "a},{b"}, wallet.KeyMalformed),
        ("a key in another script", {"number": "1", "key": "ключ"}, wallet.KeyMalformed),
        ("an endless key", {"number": "1", "key": "k" * 101}, wallet.KeyMalformed),
    ],
)
def test_refuses_and_moves_nothing(world, case, request_, refusal):
    with pytest.raises(refusal):
        wallet.credit_one(world.request(**request_), at=world.at)
    assert journals() == [], case


def test_an_account_that_closed_receives_nothing(world):
    db.execute(
        "UPDATE accounts_account SET status = 'CLOSED', closed_at = opened_at WHERE id = %s",
        [world.alice],
    )
    with pytest.raises(accounts.AccountNotOpen):
        wallet.credit_one(world.request("1"), at=world.at)


def test_all_decimals_of_the_chain_arrive(world):
    wallet.credit_one(world.request("0.000000000000000001", "ETH"), at=world.at)
    assert spot(world.alice, "ETH") == "0.000000000000000001 ETH"


def test_a_batch_answers_each_request_in_order(world):
    outcomes = wallet.credit(
        [
            world.request("1", key="a"),
            world.request("0", key="b"),
            world.request("2", "ETH", to="bob", key="c"),
            world.request("1", "DOGE", key="d"),
            world.request("3", key="e"),
        ],
        at=world.at,
    )
    assert [type(outcome) for outcome in outcomes] == [
        wallet.Credited,
        wallet.AmountNotPositive,
        wallet.Credited,
        assets.UnknownAsset,
        wallet.Credited,
    ]
    assert (spot(world.alice), spot(world.bob, "ETH")) == ("4 BTC", "2 ETH")


def test_a_batch_with_one_key_twice_moves_it_once(world):
    first, again, other = wallet.credit(
        [world.request("1"), world.request("1"), world.request("2")], at=world.at
    )
    assert (first.replayed, again.replayed) == (False, True)
    assert isinstance(other, ledger.KeyReused)
    assert spot(world.alice) == "1 BTC"


def test_a_reused_key_spoils_only_its_own_request(world):
    wallet.credit_one(world.request("1", key="a"), at=world.at)
    good, bad = wallet.credit(
        [world.request("1", key="b"), world.request("9", key="a")], at=world.at
    )
    assert isinstance(good, wallet.Credited)
    assert isinstance(bad, ledger.KeyReused)
    assert spot(world.alice) == "2 BTC"


def test_an_empty_batch_does_nothing(world):
    assert wallet.credit([], at=world.at) == []


def test_a_batch_costs_as_many_queries_as_one(world, django_assert_num_queries):
    wallet.credit([world.request("1"), world.request("1", to="bob", key="b")], at=world.at)
    requests = [world.request("1", key=f"k{number}") for number in range(100)]
    with django_assert_num_queries(8):
        wallet.credit(requests, at=world.at)


def test_sixteen_at_once_with_one_key_are_one(committed_world):
    def attempt(_):
        try:
            request = committed_world.request("1")
            return wallet.credit_one(request, at=committed_world.at).replayed
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        replayed = list(threads.map(attempt, range(16)))
    assert sorted(replayed) == [False] + [True] * 15
    assert spot(committed_world.alice) == "1 BTC"


def test_a_journal_of_a_credit_is_what_the_accountant_expects():
    journal = postings.credit(
        key="k", hot_wallet_id=1, spot_id=2, amount=Amount(Decimal("0.4"), "BTC")
    )
    assert [(line.account_id, str(line.amount)) for line in journal.lines] == [
        (1, "-0.4 BTC"),
        (2, "0.4 BTC"),
    ]
