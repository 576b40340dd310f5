"""Posting moves money once, whole, in balance, or not at all and says why by name."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from tests.properties import auditor

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: Owners by number; to the book they mean nothing else.
ALICE, BOB = 71, 72
BOOK = [name for name in auditor.INVARIANTS if name.startswith(("I-1 ", "I-2", "I-3"))]


def build():
    """A vault of the platform, and spot of two customers with 10 BTC each."""
    with transaction.atomic():
        vault, alice, bob, ether = ledger.open_accounts(
            [
                ledger.AccountName(ledger.Code.HOT_WALLET, "BTC"),
                ledger.AccountName(ledger.Code.SPOT, "BTC", ALICE),
                ledger.AccountName(ledger.Code.SPOT, "BTC", BOB),
                ledger.AccountName(ledger.Code.SPOT, "ETH", ALICE),
            ]
        )
        world = SimpleNamespace(vault=vault, alice=alice, bob=bob, ether=ether)
        post(journal("a", (vault, "-10"), (alice, "10")), journal("b", (vault, "-10"), (bob, "10")))
    return world


def book_is_broken():
    return {name: rows for name, rows in auditor.broken().items() if name in BOOK}


@pytest.fixture
def world(db):
    yield build()
    assert book_is_broken() == {}


@pytest.fixture
def committed_world(committed_db):
    yield build()
    assert book_is_broken() == {}


def btc(number):
    return Amount(Decimal(number), "BTC")


def journal(key, *lines, kind="TEST", asset="BTC"):
    return ledger.Journal(
        key=key,
        kind=kind,
        lines=tuple(ledger.Line(id_, Amount(Decimal(number), asset)) for id_, number in lines),
    )


def post(*journals, at=NOON):
    with transaction.atomic():
        return ledger.post(journals, at=at)


def balance(account_id):
    return db.rows("SELECT balance FROM ledger_account WHERE id = %s", [account_id])[0][0]


def transfer(world, number, key="k"):
    return journal(key, (world.alice, f"-{number}"), (world.bob, number))


def test_moves_every_line(world):
    [posted] = post(transfer(world, "0.4"))
    assert not posted.replayed
    assert (balance(world.alice), balance(world.bob)) == (Decimal("9.6"), Decimal("10.4"))


def test_a_batch_is_posted_in_its_order(world):
    """The second can only be paid out of the first; the other way round it cannot."""
    first = journal("1", (world.bob, "-10"), (world.alice, "10"))
    second = journal("2", (world.alice, "-20"), (world.bob, "20"))
    post(first, second)
    assert (balance(world.alice), balance(world.bob)) == (0, 20)
    lines = ledger.statement(owner_id=ALICE, limit=2)
    assert [str(line.balance_after) for line in lines] == ["0 BTC", "20 BTC"]


def test_a_journal_may_hold_several_assets_each_in_balance(world):
    with transaction.atomic():
        [vault] = ledger.open_accounts([ledger.AccountName(ledger.Code.HOT_WALLET, "ETH")])
    one = ledger.Journal(
        key="swap",
        kind="TEST",
        lines=(
            ledger.Line(world.alice, btc("-1")),
            ledger.Line(world.vault, btc("1")),
            ledger.Line(world.ether, Amount(Decimal(20), "ETH")),
            ledger.Line(vault, Amount(Decimal(-20), "ETH")),
        ),
    )
    post(one)
    assert (balance(world.alice), balance(world.ether)) == (9, 20)


def test_the_finest_and_the_greatest_amount_are_exact(world):
    post(journal("fine", (world.vault, "-0.000000000000000001"),
                 (world.alice, "0.000000000000000001")))  # fmt: skip
    most = "99999999999999999000.123456789012345678"
    post(journal("most", (world.vault, f"-{most}"), (world.bob, most)))
    assert balance(world.alice) == Decimal("10.000000000000000001")
    assert balance(world.bob) == Decimal("99999999999999999010.123456789012345678")


REFUSED = [
    ("more than there is", lambda w: [transfer(w, "10.000000000000000001")],
     ledger.InsufficientFunds),
    ("out of balance", lambda w: [journal("k", (w.alice, "-1"), (w.bob, "2"))],
     ledger.UnbalancedJournal),
    ("out of balance by the finest unit",
     lambda w: [journal("k", (w.alice, "-1"), (w.bob, "1.000000000000000001"))],
     ledger.UnbalancedJournal),
    ("balanced over two journals and in neither",
     lambda w: [journal("k", (w.alice, "-1"), (w.bob, "2")),
                journal("l", (w.alice, "-2"), (w.bob, "1"))],
     ledger.UnbalancedJournal),
    ("balanced over two assets and in neither",
     lambda w: [ledger.Journal(key="k", kind="T", lines=(
         ledger.Line(w.alice, btc("-1")), ledger.Line(w.ether, Amount(Decimal(1), "ETH"))))],
     ledger.UnbalancedJournal),
    ("an account that is not there", lambda w: [journal("k", (404404, "-1"), (w.bob, "1"))],
     ledger.UnknownAccount),
    ("another asset than the account's",
     lambda w: [journal("k", (w.alice, "-1"), (w.bob, "1"), asset="ETH")], ledger.WrongAsset),
    ("one line", lambda w: [journal("k", (w.alice, "1"))], ledger.MalformedJournal),
    ("no lines", lambda _: [journal("k")], ledger.MalformedJournal),
    ("a line that moves nothing", lambda w: [journal("k", (w.alice, "0"), (w.bob, "0"))],
     ledger.MalformedJournal),
    ("an account twice",
     lambda w: [journal("k", (w.alice, "-1"), (w.alice, "-1"), (w.bob, "2"))],
     ledger.MalformedJournal),
    ("a key twice", lambda w: [transfer(w, "1"), transfer(w, "1")], ledger.MalformedJournal),
    ("an empty key", lambda w: [transfer(w, "1", key="")], ledger.MalformedJournal),
    ("a key that would end an array", lambda w: [transfer(w, "1", key="a},{b")],
     ledger.MalformedJournal),
    ("an endless key", lambda w: [transfer(w, "1", key="k" * 201)], ledger.MalformedJournal),
    ("a key of another request", lambda w: [transfer(w, "1", key="a")], ledger.KeyReused),
]  # fmt: skip


@pytest.mark.parametrize(("case", "journals", "refusal"), REFUSED)
@pytest.mark.parametrize("beside", [False, True])
def test_refuses_the_whole_call(world, case, journals, refusal, beside):
    """Also when only one of many is bad: a posting is whole or not at all."""
    good = [transfer(world, "1", key="good")] if beside else []
    with pytest.raises(refusal):
        post(*good, *journals(world))
    assert (balance(world.alice), balance(world.bob)) == (10, 10), case
    assert db.rows("SELECT count(*) FROM ledger_journal") == [(2,)], case


def test_a_closed_account_moves_no_more(world, owner):
    post(journal("out", (world.alice, "-10"), (world.vault, "10")))
    with owner():
        db.execute("UPDATE ledger_account SET closed_at = %s WHERE id = %s", [NOON, world.alice])
    with pytest.raises(ledger.AccountClosed):
        post(journal("in", (world.vault, "-1"), (world.alice, "1")))
    assert balance(world.alice) == 0


def test_posting_outside_a_transaction_is_a_mistake(committed_world):
    with pytest.raises(RuntimeError, match="post"):
        ledger.post([transfer(committed_world, "1")], at=NOON)


def test_nothing_to_post_is_nothing(world):
    assert post() == []


# --- keys ---


def test_the_same_journal_again_is_answered_with_the_first(world):
    [first] = post(transfer(world, "1"))
    [again] = post(transfer(world, "1"), at=NOON + timedelta(days=9))
    assert (again.journal_id, again.replayed) == (first.journal_id, True)
    assert balance(world.alice) == 9


def test_replays_and_new_ones_in_one_call_are_told_apart(world):
    [old] = post(transfer(world, "1", key="old"))
    found = post(
        transfer(world, "2", key="new"), transfer(world, "1", key="old"), transfer(world, "3")
    )
    assert [posted.replayed for posted in found] == [False, True, False]
    assert found[1].journal_id == old.journal_id
    assert len({posted.journal_id for posted in found}) == 3
    assert balance(world.alice) == 10 - 1 - 2 - 3


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("another amount", lambda w: transfer(w, "1.000000000000000001")),
        ("the other way", lambda w: journal("k", (w.bob, "-1"), (w.alice, "1"))),
        ("another account", lambda w: journal("k", (w.alice, "-1"), (w.vault, "1"))),
        ("another kind", lambda w: journal("k", (w.alice, "-1"), (w.bob, "1"), kind="OTHER")),
    ],
)
def test_a_key_is_of_one_content(world, case, other):
    post(transfer(world, "1"))
    with pytest.raises(ledger.KeyReused):
        post(other(world))
    assert balance(world.alice) == 9, case


# --- reversing ---


def test_reversing_is_the_exact_opposite_and_happens_once(world):
    post(transfer(world, "1"))
    for replayed in (False, True):
        with transaction.atomic():
            posted = ledger.reverse(key="k", by_key="undo", kind="UNDO", at=NOON)
        assert posted.replayed == replayed
    assert (balance(world.alice), balance(world.bob)) == (10, 10)


def test_what_was_spent_cannot_be_taken_back(world):
    post(transfer(world, "1"))
    post(journal("spent", (world.bob, "-11"), (world.vault, "11")))
    with pytest.raises(ledger.InsufficientFunds), transaction.atomic():
        ledger.reverse(key="k", by_key="undo", kind="UNDO", at=NOON)


def test_what_never_was_cannot_be_reversed(world):
    with pytest.raises(ledger.MalformedJournal), transaction.atomic():
        ledger.reverse(key="never", by_key="undo", kind="UNDO", at=NOON)


# --- reading ---


def test_a_balance_at_any_time_is_in_the_book(world):
    for day in range(1, 4):
        post(transfer(world, "1", key=f"d{day}"), at=NOON + timedelta(days=day))
    moments = [-1, 0, 1, 1.5, 3, 99]
    found = [
        ledger.balance_at(account_id=world.alice, at=NOON + timedelta(days=day)) for day in moments
    ]
    assert found == [0, 10, 9, 9, 7, 7]


def test_the_platform_is_the_sum_of_its_movements(world):
    assert ledger.platform_balance(code=ledger.Code.HOT_WALLET, asset="BTC") == -20
    post(journal("out", (world.alice, "-3"), (world.vault, "3")))
    assert ledger.platform_balance(code=ledger.Code.HOT_WALLET, asset="BTC") == -17
    assert ledger.platform_balance(code=ledger.Code.HOT_WALLET, asset="XRP") == 0


def test_a_statement_is_paged_and_narrowed_and_ones_own(world):
    for number in range(5):
        post(transfer(world, "1", key=f"k{number}"), at=NOON + timedelta(hours=number))

    def keys(**about):
        narrow = ledger.StatementFilter(**about)
        return [line.key for line in ledger.statement(owner_id=ALICE, narrow=narrow, limit=3)]

    page = ledger.statement(owner_id=ALICE, limit=3)
    assert [line.key for line in page] == ["k4", "k3", "k2"]
    assert keys(before=page[-1].journal_id) == ["k1", "k0", "a"]
    assert keys(since=NOON + timedelta(hours=3)) == ["k4", "k3"]
    assert keys(until=NOON) == []
    assert keys(asset="ETH") == []
    assert keys(kinds=["OTHER"]) == []
    assert {str(line.amount) for line in page} == {"-1 BTC"}
    assert ledger.statement(owner_id=99) == ()


# --- accounts ---


def test_accounts_are_made_once_and_found_again(world):
    names = [
        ledger.AccountName(ledger.Code.FUNDING, "BTC", ALICE),
        ledger.AccountName(ledger.Code.SPOT, "BTC", ALICE),
        ledger.AccountName(ledger.Code.FUNDING, "BTC", ALICE),
    ]
    with transaction.atomic():
        first, known, again = ledger.open_accounts(names)
        assert ledger.open_accounts([]) == []
    assert known == world.alice
    assert first == again != known


def at_once(*acts):
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result(60) for future in [threads.submit(run, act) for act in acts]]


def test_sixteen_make_the_same_accounts_and_get_the_same(committed_world):
    names = [
        ledger.AccountName(code, asset, owner)
        for code, owner in ((ledger.Code.FUNDING, ALICE), (ledger.Code.FUNDING, BOB),
                            (ledger.Code.ROUNDING, None))
        for asset in ("BTC", "ETH", "SOL")
    ]  # fmt: skip

    def make(seed):
        mixed = random.Random(seed).sample(names, len(names))
        with transaction.atomic():
            return dict(zip(mixed, ledger.open_accounts(mixed), strict=True))

    found = at_once(*[lambda seed=seed: make(seed) for seed in range(16)])
    assert all(one == found[0] for one in found)


def test_money_that_goes_round_among_many_is_neither_made_nor_lost(committed_world):
    """Twelve threads, batches in any order, over six accounts: no deadlock, no lost update."""
    world = committed_world
    with transaction.atomic():
        others = ledger.open_accounts(
            [ledger.AccountName(ledger.Code.SPOT, "BTC", owner) for owner in range(81, 85)]
        )
    purses = [world.alice, world.bob, *others]

    def trade(seed):
        chance = random.Random(seed)
        done = 0
        for turn in range(12):
            journals = []
            for number in range(chance.randint(1, 8)):
                giver, taker = chance.sample(purses, 2)
                journals.append(
                    journal(f"t{seed}.{turn}.{number}", (giver, "-0.5"), (taker, "0.5"))
                )
            try:
                post(*journals)
                done += len(journals)
            except ledger.InsufficientFunds:
                continue
        return done

    done = at_once(*[lambda seed=seed: trade(seed) for seed in range(12)])
    assert sum(done) > 0
    assert sum(balance(purse) for purse in purses) == 20
    assert db.rows("SELECT count(*) FROM ledger_journal") == [(2 + sum(done),)]


def test_sixteen_with_one_key_are_one_journal(committed_world):
    acts = [lambda: post(transfer(committed_world, "1"))[0]] * 16
    found = at_once(*acts)
    assert sorted(posted.replayed for posted in found) == [False] + [True] * 15
    assert len({posted.journal_id for posted in found}) == 1
    assert balance(committed_world.alice) == 9


def test_sixteen_want_the_last_coin_and_ten_get_one(committed_world):
    def attempt(number):
        try:
            post(transfer(committed_world, "1", key=f"k{number}"))
        except ledger.InsufficientFunds:
            return False
        return True

    assert sum(at_once(*[lambda n=n: attempt(n) for n in range(16)])) == 10
    assert balance(committed_world.alice) == 0
