"""What secures a loan earns on by the minute and cannot be redeemed; who holds it is named."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from tests.earn.world import A_DAY, AN_HOUR, OPENING, everything, usdt, work

LOAN = "loan 4711"


@db.transaction
def pledged(collateral, *, at=OPENING):
    return earn.pledge(collateral, at=at)


@db.transaction
def freed(freeing, *, at=OPENING):
    return earn.release(freeing, at=at)


def collateral(world, position, amount="600", **changes):
    facts = {"account_id": world.alice, "holder": LOAN, "key": "p", "amount": amount} | changes
    amount = facts["amount"]
    facts["amount"] = amount if isinstance(amount, Amount) else usdt(amount)
    return earn.Collateral(position_id=position, **facts)


def freeing(world, amount=None, **changes):
    facts = {"account_id": world.alice, "pledge_key": "p", "key": "r"} | changes
    return earn.Freeing(amount=None if amount is None else usdt(amount), **facts)


def pledges(world, position):
    return [
        (pledge.holder, str(pledge.amount))
        for pledge in earn.list_pledges(account_id=world.alice, position_id=position)
    ]


# --- pledging and releasing ---


def test_a_part_is_set_apart_and_its_holder_is_named(world):
    position = world.subscribe("1000")
    pledged(collateral(world, position))
    view = world.position(position, at=OPENING)
    assert (str(view.amount), str(view.pledged), str(view.free)) == (
        "1000 USDT",
        "600 USDT",
        "400 USDT",
    )
    assert pledges(world, position) == [(LOAN, "600 USDT")]
    assert earn.list_pledges(account_id=world.bob, position_id=position) == ()
    assert db.rows("SELECT code, balance FROM ledger_account WHERE reference > 0 ORDER BY 1") == [
        (2130, 400),
        (2131, 600),
    ]


def test_what_is_released_is_free_again(world):
    position = world.subscribe("1000")
    pledged(collateral(world, position))
    assert str(freed(freeing(world, "100", key="r1"))) == "100 USDT"
    assert pledges(world, position) == [(LOAN, "500 USDT")]
    assert str(world.position(position, at=OPENING).free) == "500 USDT"
    assert str(freed(freeing(world, key="r2"))) == "500 USDT"
    assert pledges(world, position) == []
    assert not isinstance(world.redeem(position, at=OPENING), Refusal)
    assert world.balances() == {"spot_available": 5000}


def test_two_loans_hold_their_own_parts(world):
    position = world.subscribe("1000")
    pledged(collateral(world, position, "600"))
    pledged(collateral(world, position, "400", holder="loan 4712", key="q"))
    assert pledges(world, position) == [(LOAN, "600 USDT"), ("loan 4712", "400 USDT")]
    freed(freeing(world, pledge_key="p"))
    assert pledges(world, position) == [("loan 4712", "400 USDT")]


def test_the_same_key_again_does_it_once(world):
    position = world.subscribe("1000")
    first = pledged(collateral(world, position))
    before = everything()
    assert pledged(collateral(world, position), at=OPENING + A_DAY) == first
    assert everything() == before
    freed(freeing(world, "100"))
    before = everything()
    assert str(freed(freeing(world, "100"), at=OPENING + A_DAY)) == "100 USDT"
    assert str(freed(freeing(world), at=OPENING + A_DAY)) == "100 USDT"
    assert everything() == before


@pytest.mark.parametrize("other", [{"amount": "601"}, {"holder": "loan 1"}])
def test_a_key_is_never_used_for_another_pledge(world, other):
    position = world.subscribe("1000")
    pledged(collateral(world, position))
    with pytest.raises(ledger.KeyReused):
        pledged(collateral(world, position, **other))
    freed(freeing(world, "1"))
    with pytest.raises(ledger.KeyReused):
        freed(freeing(world, "2"))


PLEDGES_REFUSED = [
    ("more than there is", {"amount": "1000.000000000000000001"}, earn.AmountExceedsPosition),
    ("nothing", {"amount": "0"}, earn.AmountNotPositive),
    ("another asset", {"amount": Amount(Decimal(1), "BTC")}, earn.WrongAsset),
    ("nobody's account", {"account_id": 0}, accounts.AccountNotOpen),
    ("a malformed key", {"key": "a:b"}, earn.KeyMalformed),
]


@pytest.mark.parametrize(("case", "about", "refusal"), PLEDGES_REFUSED)
def test_refuses_to_pledge_and_moves_nothing(world, case, about, refusal):
    position = world.subscribe("1000")
    before = everything()
    with pytest.raises(refusal):
        pledged(collateral(world, position, **about))
    assert everything() == before, case


def test_another_persons_position_and_a_locked_one_are_not_pledged(world):
    mine, locked = world.subscribe("10"), world.subscribe("10", "LOCK")
    with pytest.raises(earn.PositionNotFound):
        pledged(collateral(world, mine, "1", account_id=world.bob))
    with pytest.raises(earn.PledgeNotPossible):
        pledged(collateral(world, locked, "1"))
    world.redeem(mine, at=OPENING)
    with pytest.raises(earn.PledgeNotPossible):
        pledged(collateral(world, mine, "1"))


@pytest.mark.parametrize(
    ("case", "about", "refusal"),
    [
        ("more than it holds", {"amount": "600.01"}, earn.AmountExceedsPledge),
        ("nothing", {"amount": "0"}, earn.AmountNotPositive),
        ("no such pledge", {"pledge_key": "x"}, earn.PledgeNotFound),
        ("nobody's account", {"account_id": 0}, accounts.AccountNotOpen),
    ],
)
def test_refuses_to_release_and_moves_nothing(world, case, about, refusal):
    pledged(collateral(world, world.subscribe("1000")))
    before = everything()
    with pytest.raises(refusal):
        freed(freeing(world, **about))
    assert everything() == before, case


def test_a_frozen_account_is_released_and_pledges_nothing(world):
    position = world.subscribe("1000")
    pledged(collateral(world, position))
    db.execute(
        "UPDATE accounts_account SET status = 'DISABLED', disabled_at = opened_at WHERE id = %s",
        [world.alice],
    )
    with pytest.raises(accounts.AccountNotOpen):
        pledged(collateral(world, position, "1", key="q"))
    assert str(freed(freeing(world))) == "600 USDT"


# --- redeeming beside it ---


@pytest.mark.parametrize("amount", ["400.01", "1000", "2000"])
def test_redeeming_what_a_loan_holds_is_refused_with_its_name(world, amount):
    position = world.subscribe("1000")
    pledged(collateral(world, position))
    refused = world.redeem(position, amount, at=OPENING)
    assert type(refused) is earn.AmountPledged
    assert str(refused.free) == "400 USDT"
    assert [(one.holder, str(one.amount)) for one in refused.pledges] == [(LOAN, "600 USDT")]
    assert LOAN in str(refused)
    with pytest.raises(earn.AmountPledged):
        world.quote(position, amount, at=OPENING)


def test_everything_is_what_is_free_and_the_position_goes_on(world):
    position = world.subscribe("1000")
    pledged(collateral(world, position))
    quote = world.quote(position, at=OPENING)
    assert (str(quote.amount), str(quote.remaining)) == ("400 USDT", "600 USDT")
    assert not isinstance(world.confirm(quote, at=OPENING), Refusal)
    view = world.position(position, at=OPENING)
    assert (view.status, str(view.amount), str(view.free)) == ("HOLDING", "600 USDT", "0 USDT")
    with pytest.raises(earn.AmountPledged):
        world.quote(position, at=OPENING)


def test_a_quote_from_before_the_pledge_is_void(world):
    position = world.subscribe("1000")
    quote = world.quote(position, at=OPENING)
    pledged(collateral(world, position))
    assert isinstance(world.confirm(quote, at=OPENING), Refusal)
    assert pledges(world, position) == [(LOAN, "600 USDT")]


# --- rewards ---


@pytest.mark.parametrize("when", [AN_HOUR, 30 * AN_HOUR])
def test_pledging_and_releasing_change_nothing_of_what_is_earned_by_the_minute(world, when):
    mine = world.subscribe("1000")
    theirs = world.subscribe("1000", who=world.bob)
    pledged(collateral(world, mine, "1000"), at=OPENING)
    end = OPENING + when + AN_HOUR
    work(OPENING + A_DAY)
    freed(freeing(world), at=OPENING + max(when, A_DAY))
    end = max(end, OPENING + A_DAY + AN_HOUR)
    assert world.redeem(mine, at=end).net == world.redeem(theirs, at=end, who=world.bob).net


def test_a_close_credits_what_is_pledged(world):
    position = world.subscribe("1000")
    pledged(collateral(world, position, "1000"))
    work(OPENING.replace(hour=0, minute=0, second=0) + A_DAY)
    view = world.position(position, at=OPENING + A_DAY)
    assert view.free.is_positive
    assert str(view.pledged) == "1000 USDT"


def test_what_is_pledged_earns_nothing_by_the_day(world):
    position = world.subscribe("1000")
    first = (OPENING + A_DAY).date()
    tiers = (earn.Tier(above=Decimal(0), up_to=None, rate=Decimal("0.0365")),)
    earn.set_daily_rates(product_code="FLEX", asset="USDT", tiers=tiers, from_day=first, at=OPENING)
    pledged(collateral(world, position, "1000"), at=OPENING)
    work(OPENING + A_DAY)
    work(OPENING + 2 * A_DAY)
    [(bonus,)] = db.rows(
        "SELECT coalesce(sum(amount), 0) FROM ledger_entry JOIN ledger_journal AS journal"
        " ON journal.id = journal_id WHERE kind = 'EARN_DAILY_REWARD' AND amount > 0"
    )
    # Only on what was earned by the minute on the first day: 0.05 of 1000.
    assert bonus < Decimal("0.0001")


# --- at once ---


def test_twenty_loans_at_once_hold_no_more_than_there_is(committed_world):
    world = committed_world
    position = world.subscribe("1000")
    start = threading.Barrier(20)

    def ask(number):
        try:
            start.wait(30)
            return pledged(collateral(world, position, "150", key=f"p{number}"))
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(ask, range(20)))
    assert sum(isinstance(one, int) for one in outcomes) == 6
    assert str(world.position(position, at=OPENING).pledged) == "900 USDT"
