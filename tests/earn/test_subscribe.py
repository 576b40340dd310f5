"""Subscribing moves money from spot into a product: once, whole, and only as the terms allow."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from tests.earn.world import A_DAY, LOCKED, OPENING, everything, usdt, work


def held(outcomes):
    return [type(outcome) for outcome in outcomes]


def test_moves_the_amount_from_spot_into_the_position(world):
    position = world.subscribe("1000")
    assert world.balances() == {"spot_available": 4000, "earn_flexible": 1000}
    view = world.position(position, at=OPENING)
    assert (view.status, str(view.amount), str(view.free)) == ("HOLDING", "1000 USDT", "1000 USDT")
    assert world.balances(world.bob) == {"spot_available": 5000}


def test_a_locked_position_knows_its_dates_from_the_start(world):
    view = world.position(world.subscribe("1000", "LOCK"), at=OPENING)
    midnight = OPENING.replace(hour=0, minute=0, second=0)
    assert view.value_date == midnight + A_DAY
    assert view.rewards_end == midnight + 31 * A_DAY
    assert view.delivers_at == midnight + 32 * A_DAY
    assert world.balances() == {"spot_available": 4000, "earn_locked": 1000}


def test_a_second_subscription_joins_the_flexible_position(world):
    first = world.subscribe("1000")
    second = world.subscribe("500", at=OPENING + A_DAY)
    assert first == second
    # A day on 1000 was credited before the 500 joined, so they earn nothing for it.
    view = world.position(first, at=OPENING + A_DAY)
    assert str(view.amount) == "1500.08219515 USDT"
    assert view.version == 2


def test_a_second_subscription_opens_a_locked_position_of_its_own(world):
    assert world.subscribe("1000", "LOCK") != world.subscribe("1000", "LOCK")
    assert world.balances()["earn_locked"] == 2000


def test_after_everything_left_a_new_position_opens(world):
    first = world.subscribe("1000")
    world.redeem(first, at=OPENING)
    second = world.subscribe("1000", at=OPENING)
    assert second != first
    assert world.position(second, at=OPENING).version == 1


def test_the_minute_of_the_subscription_earns_whole(world):
    """Earning begins with the minute under way, which half-open minutes count from its start."""
    position = world.subscribe("5000")
    before = world.position(position, at=OPENING + timedelta(seconds=44))
    after = world.position(position, at=OPENING + timedelta(seconds=45))
    assert before.accrued.is_zero
    assert after.accrued.is_positive


REFUSED = [
    ("more than spot", {"amount": "5000.000000000000000001"}, ledger.InsufficientFunds),
    ("below the minimum", {"amount": "0.09"}, earn.BelowMinimum),
    ("nothing", {"amount": "0"}, earn.AmountNotPositive),
    ("less than nothing", {"amount": "-5"}, earn.AmountNotPositive),
    ("another asset", {"amount": Amount(Decimal(1), "BTC")}, earn.WrongAsset),
    ("no such product", {"amount": "1", "product": "NONE"}, earn.ProductNotFound),
    ("nobody's account", {"amount": "1", "who": 0}, accounts.AccountNotOpen),
    ("a product without a rate", {"amount": "1", "product": "RATELESS"}, earn.ProductNotOpen),
    ("not offered yet", {"amount": "1", "product": "LATER"}, earn.ProductNotFound),
    ("closed", {"amount": "1", "product": "CLOSED"}, earn.ProductNotOpen),
    ("above the quota", {"amount": "101", "product": "SCARCE"}, earn.AboveQuota),
]


def offer_more(world):
    world.publish("RATELESS", minimum=Decimal(1))
    world.publish("LATER", **LOCKED, at=OPENING + A_DAY)
    world.publish("CLOSED", **LOCKED)
    earn.set_subscriptions_open(product_code="CLOSED", is_open=False)
    world.publish("SCARCE", **LOCKED, quota_per_person=Decimal(100))


@pytest.mark.parametrize(("case", "request_", "refusal"), REFUSED)
def test_refuses_and_moves_nothing(world, case, request_, refusal):
    offer_more(world)
    before = everything()
    assert type(world.subscribe(**request_)) is refusal, case
    assert everything() == before, case


def test_refused_requests_leave_the_others_of_their_batch_be(world):
    offer_more(world)
    requests = [world.subscription(**request) for _, request, _ in REFUSED]
    good = [world.subscription("10"), world.subscription("20", "LOCK", who=world.bob)]
    outcomes = earn.subscribe([good[0], *requests, good[1]], at=OPENING)
    assert held(outcomes[1:-1]) == [refusal for *_, refusal in REFUSED]
    assert held([outcomes[0], outcomes[-1]]) == [earn.Subscribed] * 2
    assert world.balances() == {"spot_available": 4990, "earn_flexible": 10}
    assert world.balances(world.bob) == {"spot_available": 4980, "earn_locked": 20}


def test_a_closed_account_subscribes_to_nothing(world):
    db.execute(
        "UPDATE accounts_account SET status = 'CLOSED', closed_at = opened_at WHERE id = %s",
        [world.alice],
    )
    assert type(world.subscribe("1")) is accounts.AccountNotOpen


def test_a_batch_spends_the_same_money_once(world):
    outcomes = earn.subscribe(
        [
            world.subscription("3000"),
            world.subscription("2000.01", "LOCK"),
            world.subscription("2000", "LOCK"),
            world.subscription("0.1"),
        ],
        at=OPENING,
    )
    assert held(outcomes) == [
        earn.Subscribed,
        ledger.InsufficientFunds,
        earn.Subscribed,
        ledger.InsufficientFunds,
    ]
    assert world.balances() == {"earn_flexible": 3000, "earn_locked": 2000}


def test_a_batch_of_one_product_opens_one_flexible_position(world):
    outcomes = earn.subscribe([world.subscription("10") for _ in range(5)], at=OPENING)
    assert len({outcome.position_id for outcome in outcomes}) == 1
    assert len({outcome.subscription_id for outcome in outcomes}) == 5
    view = world.position(outcomes[0].position_id, at=OPENING)
    assert (str(view.amount), view.version) == ("50 USDT", 5)


def test_a_batch_of_many_people_keeps_them_apart(world):
    outcomes = earn.subscribe(
        [
            world.subscription(str(number), who=[world.bob, world.alice][number % 2])
            for number in range(1, 7)
        ],
        at=OPENING,
    )
    assert held(outcomes) == [earn.Subscribed] * 6
    assert world.balances()["earn_flexible"] == 1 + 3 + 5
    assert world.balances(world.bob)["earn_flexible"] == 2 + 4 + 6


def test_nobody_asks_for_nothing(world):
    assert earn.subscribe([], at=OPENING) == []


# --- quotas ---


@pytest.mark.parametrize("kind", ["FLEXIBLE", "LOCKED"])
def test_a_quota_counts_what_a_person_holds_already(world, kind):
    terms = LOCKED if kind == "LOCKED" else {"minimum": Decimal(1)}
    world.publish("SCARCE", **terms, quota_per_person=Decimal(100))
    if kind == "FLEXIBLE":
        earn.set_rate(product_code="SCARCE", apr=Decimal("0.01"), at=OPENING)
    world.subscribe("60", "SCARCE")
    refused = world.subscribe("41", "SCARCE")
    assert type(refused) is earn.AboveQuota
    assert str(refused.left) == "40 USDT"
    assert str(
        earn.available_to_subscribe(account_id=world.alice, product_code="SCARCE", at=OPENING)
    ) == "40 USDT"  # fmt: skip
    outcomes = earn.subscribe(
        [world.subscription(amount, "SCARCE") for amount in ("30", "11", "10", "1")], at=OPENING
    )
    assert held(outcomes) == [
        earn.Subscribed, earn.AboveQuota, earn.Subscribed, earn.AboveQuota
    ]  # fmt: skip
    # Another person has their own.
    assert not isinstance(world.subscribe("100", "SCARCE", who=world.bob), Refusal)


# --- keys ---


def test_the_same_request_again_is_answered_with_the_first_outcome(world):
    request = world.subscription("1000", key="k")
    [first] = earn.subscribe([request], at=OPENING)
    before = everything()
    [again] = earn.subscribe([request], at=OPENING + A_DAY)
    assert (first.replayed, again.replayed) == (False, True)
    assert first.subscription_id == again.subscription_id
    assert everything() == before


def test_the_same_request_twice_in_a_batch_is_carried_out_once(world):
    request = world.subscription("1000", key="k")
    first, again = earn.subscribe([request, request], at=OPENING)
    assert first.subscription_id == again.subscription_id
    assert (first.replayed, again.replayed) == (False, True)
    assert world.balances() == {"spot_available": 4000, "earn_flexible": 1000}


def test_a_request_that_was_refused_may_come_again_under_its_key(world):
    request = world.subscription("5001", key="k")
    assert held(earn.subscribe([request], at=OPENING)) == [ledger.InsufficientFunds]
    assert not isinstance(world.subscribe("1", key="k"), Refusal)


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("another amount", {"amount": "999"}),
        ("another product", {"amount": "1000", "product": "LOCK"}),
    ],
)
def test_a_key_is_never_used_for_another_request(world, case, other):
    world.subscribe("1000", key="k")
    before = everything()
    assert type(world.subscribe(**other, key="k")) is ledger.KeyReused, case
    assert everything() == before, case


def test_two_people_may_choose_the_same_key(world):
    world.subscribe("1000", key="k")
    assert not isinstance(world.subscribe("1000", key="k", who=world.bob), Refusal)


def test_one_alone_raises_what_a_batch_returns(committed_world):
    world = committed_world
    with pytest.raises(earn.BelowMinimum):
        earn.subscribe_one(world.subscription("0.01"), at=OPENING)
    done = earn.subscribe_one(world.subscription("1"), at=OPENING)
    assert not done.replayed


# --- precision ---


def test_every_decimal_of_the_book_arrives(world):
    position = world.subscribe("4999.999999999999999999")
    assert str(world.position(position, at=OPENING).amount) == "4999.999999999999999999 USDT"
    assert world.balances()["spot_available"] == Decimal("0.000000000000000001")


def test_no_digit_of_a_great_sum_is_lost(world):
    most = "9999999999999990000.123456789012345678"
    from mooring.wallet import api as wallet

    wallet.credit_one(wallet.Credit(account_id=world.alice, amount=usdt(most), key="m"), at=OPENING)
    position = world.subscribe(most, "LOCK")
    assert str(world.position(position, at=OPENING).amount) == f"{most} USDT"
    assert world.balances()["spot_available"] == 5000


def test_joining_after_a_close_accrues_from_the_close(world):
    position = world.subscribe("1000")
    midnight = OPENING.replace(hour=0, minute=0, second=0) + A_DAY
    work(midnight)
    # Decided after the close, asked before it: the day is not earned twice.
    world.subscribe("1", at=midnight - timedelta(seconds=30))
    after = world.position(position, at=midnight)
    # 810 minutes to the end of the day, the one it was opened in included.
    assert after.accrued.is_zero
    assert after.amount.number == Decimal("1001.04623394")
