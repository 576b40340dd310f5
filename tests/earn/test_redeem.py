"""Redeeming takes money out of positions: each request once, whole, and as the terms say."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from tests.earn.world import A_DAY, AN_HOUR, LOCKED, OPENING, everything, usdt, work, work_daily

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
#: Ten reward days have ended and were paid.
LATER = MIDNIGHT + 11 * A_DAY + timedelta(hours=12)


def kinds(outcomes):
    return [type(outcome) for outcome in outcomes]


def platform(code):
    return ledger.platform_balance(code=code, asset="USDT")


# --- flexible ---


def test_everything_arrives_at_once_with_its_rewards(world):
    position = world.subscribe("1000")
    done = world.redeem(position, at=OPENING + A_DAY)
    assert (done.type, done.status) == ("FLEXIBLE", "PAID")
    assert str(done.net) == "1000.08219515 USDT"
    assert world.balances() == {"spot_available": Decimal("5000.08219515")}
    view = world.position(position, at=OPENING + A_DAY)
    assert (view.status, view.closed_at) == ("PAID", OPENING + A_DAY)


def test_a_part_leaves_the_rest_to_earn_on(world):
    position = world.subscribe("1000")
    world.redeem(position, "400", at=OPENING + A_DAY)
    assert world.balances() == {
        "spot_available": 4400,
        "earn_flexible": Decimal("600.08219515"),
    }
    view = world.position(position, at=OPENING + 2 * A_DAY)
    assert view.accrued.number == Decimal("0.04932385")


def test_arrives_in_the_wallet_that_was_chosen(world):
    position = world.subscribe("1000")
    world.redeem(position, "400", at=OPENING, destination="FUNDING")
    assert world.balances() == {"spot_available": 4000, "funding": 400, "earn_flexible": 600}


def test_what_is_below_the_unit_goes_to_rounding(world):
    position = world.subscribe("1000")
    world.redeem(position, at=OPENING + A_DAY)
    dropped = platform(ledger.Code.ROUNDING)
    assert 0 < dropped < Decimal("1e-8")
    assert platform(ledger.Code.REWARD_EXPENSE) == -Decimal("0.08219515") - dropped


def test_a_fee_stays_with_the_platform(world):
    world.publish("FEE", minimum=Decimal(1), fee_rate=Decimal("0.001"))
    earn.set_rate(product_code="FEE", apr=Decimal(0), at=OPENING)
    position = world.subscribe("1000", "FEE")
    done = world.redeem(position, at=OPENING)
    assert str(done.net) == "999 USDT"
    assert platform(ledger.Code.EARN_FEES) == 1


# --- locked ---


def locked_for_ten_days(world, **changes):
    """Return a position of 1000 whose first ten reward days are paid, at LATER."""
    code = "LOCK"
    if changes:
        code = "OTHER"
        world.publish(code, **(LOCKED | changes))
    position = world.subscribe("1000", code)
    work_daily(OPENING, LATER)
    return position


PAID = Decimal("2.73972602")


def test_leaving_early_takes_back_what_was_paid_and_arrives_later(world):
    position = locked_for_ten_days(world)
    assert world.balances() == {"spot_available": 4000 + PAID, "earn_locked": 1000}
    done = world.redeem(position, at=LATER)
    assert (done.type, done.status) == ("EARLY", "PENDING")
    assert done.net.number == 1000 - PAID
    assert world.balances() == {"spot_available": 4000 + PAID, "earn_redeeming": 1000 - PAID}
    work(LATER + timedelta(hours=48) - timedelta(seconds=1))
    assert world.balances()["spot_available"] == 4000 + PAID
    work(LATER + timedelta(hours=48))
    assert world.balances() == {"spot_available": 5000}
    assert platform(ledger.Code.FORFEITED_REWARDS) == PAID


def test_what_was_earned_and_not_paid_is_dropped(world):
    """Half an hour after midnight the eleventh day is booked and not yet paid."""
    position = locked_for_ten_days(world)
    at = MIDNIGHT + 12 * A_DAY + timedelta(minutes=30)
    work(at)
    assert world.balances()["rewards_pending"] == Decimal("0.27397261")
    done = world.redeem(position, at=at)
    view = earn.get_redemption(account_id=world.alice, redemption_id=done.redemption_id, at=at)
    assert view.forfeited.number == Decimal("0.27397261")
    assert view.deducted.number == PAID
    assert "rewards_pending" not in world.balances()
    assert platform(ledger.Code.FORFEITED_REWARDS) == PAID + Decimal("0.27397261")


@pytest.mark.parametrize(
    ("mode", "net"),
    [
        ("DISTRIBUTED_AND_ACCRUED", 1000 - PAID),
        ("ACCRUED_ONLY", 1000),
        ("PRO_RATA", 1000 - PAID + Decimal("0.91324200")),
        ("NONE", 1000),
    ],
)
def test_every_claw_back_leaves_the_books_in_order(world, mode, net):
    position = locked_for_ten_days(world, claw_back=mode)
    done = world.redeem(position, at=LATER)
    assert done.net.number == net
    work(LATER + 3 * A_DAY)
    assert world.balances() == {"spot_available": 4000 + PAID + net}


@pytest.mark.parametrize("mode", ["PRO_RATA", "NONE"])
def test_accrued_rewards_that_are_kept_arrive_with_the_principal(world, mode):
    position = locked_for_ten_days(world, claw_back=mode)
    at = MIDNIGHT + 12 * A_DAY + timedelta(minutes=30)
    done = world.redeem(position, at=at)
    view = earn.get_redemption(account_id=world.alice, redemption_id=done.redemption_id, at=at)
    assert view.rewards_added.is_positive
    assert view.net == view.amount - view.deducted - view.fee + view.rewards_added


def test_a_claw_back_of_everything_arrives_as_nothing(world):
    """At 7300 % the rewards of ten days are twice the principal."""
    position = locked_for_ten_days(world, apr=Decimal(73))
    spot = world.balances()["spot_available"]
    done = world.redeem(position, at=LATER)
    assert done.net.is_zero
    assert world.balances() == {"spot_available": spot}
    work(LATER + 2 * A_DAY)
    assert world.balances() == {"spot_available": spot}
    assert world.position(position, at=LATER + 2 * A_DAY).status == "PAID"


def test_leaving_at_the_end_loses_nothing(world):
    position = world.subscribe("1000", "LOCK")
    end = MIDNIGHT + 31 * A_DAY
    done = world.redeem(position, at=end)
    assert (done.type, done.arrives_from) == ("MATURE", end + A_DAY)
    # No close had booked a single day: the next one does, whatever has become of the position.
    work_daily(end - A_DAY, end + 2 * A_DAY)
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}


# --- refusals ---

REFUSED = [
    ("nobody's account", {"who": 0}, accounts.AccountNotOpen),
    ("another's position", {"who": "bob"}, earn.PositionNotFound),
    ("no such position", {"position": 404404}, earn.PositionNotFound),
    ("another asset", {"amount": Amount(Decimal(1), "BTC")}, earn.WrongAsset),
    ("nothing", {"amount": "0"}, earn.AmountNotPositive),
    ("less than nothing", {"amount": "-1"}, earn.AmountNotPositive),
    ("a unit too much", {"amount": "1000.000000000000000001"}, earn.AmountExceedsPosition),
    ("too little would stay", {"amount": "995.1"}, earn.BelowMinimumRemaining),
    ("a part of a locked one", {"position": "LOCK", "amount": "1"}, earn.WholePositionOnly),
    ("bound to its end", {"position": "BOUND"}, earn.EarlyRedemptionNotAllowed),
    ("left before", {"position": "LEFT"}, earn.PositionNotHolding),
    ("paid before", {"position": "GONE"}, earn.PositionNotHolding),
]


def positions_of_every_kind(world):
    world.publish("STAY", minimum=Decimal(1), minimum_remaining=Decimal(5))
    world.publish("LEAVE", minimum=Decimal(1))
    for code in ("STAY", "LEAVE"):
        earn.set_rate(product_code=code, apr=Decimal("0.03"), at=OPENING)
    world.publish("BOUND", **LOCKED, early_redemption="NONE")
    found = {"FLEX": world.subscribe("1000", "STAY"), "GONE": world.subscribe("1", "LEAVE")}
    found |= {code: world.subscribe("100", code) for code in ("LOCK", "BOUND")}
    found["LEFT"] = world.subscribe("100", "LOCK")
    world.redeem(found["LEFT"], at=OPENING)
    world.redeem(found["GONE"], at=OPENING)
    return found


def refusable(world, positions, about):
    position = about.get("position", "FLEX")
    who = about.get("who")
    return world.redemption(
        positions.get(position, position),
        about.get("amount"),
        who=world.bob if who == "bob" else who,
    )


@pytest.mark.parametrize(("case", "about", "refusal"), REFUSED)
def test_refuses_and_moves_nothing(world, case, about, refusal):
    positions = positions_of_every_kind(world)
    before = everything()
    [outcome] = earn.redeem([refusable(world, positions, about)], at=OPENING)
    assert type(outcome) is refusal, case
    assert everything() == before, case


def test_refused_requests_leave_the_others_of_their_batch_be(world):
    positions = positions_of_every_kind(world)
    refused = [refusable(world, positions, about) for _, about, _ in REFUSED]
    first = world.redemption(positions["FLEX"], "1")
    last = world.redemption(positions["LOCK"])
    outcomes = earn.redeem([first, *refused, last], at=OPENING)
    assert kinds([outcomes[0], outcomes[-1]]) == [earn.Redeemed] * 2
    # After the first request 999 are left: what was a unit too much is more too much.
    assert kinds(outcomes[1:-1]) == [refusal for *_, refusal in REFUSED]


def test_anothers_position_is_answered_like_one_that_is_absent(world):
    position = world.subscribe("1000")
    of_bob = world.redeem(position, who=world.bob, at=OPENING)
    absent = world.redeem(404404, who=world.bob, at=OPENING)
    assert type(of_bob) is type(absent)
    assert str(of_bob) == str(absent)


def test_a_closed_account_redeems_nothing(world):
    position = world.subscribe("1000")
    db.execute(
        "UPDATE accounts_account SET status = 'CLOSED', closed_at = opened_at WHERE id = %s",
        [world.alice],
    )
    assert type(world.redeem(position, at=OPENING)) is accounts.AccountNotOpen


# --- batches ---


def test_a_request_sees_those_before_it(world):
    position = world.subscribe("1000")
    outcomes = earn.redeem(
        [
            world.redemption(position, "600"),
            world.redemption(position, "600"),
            world.redemption(position, "400"),
            world.redemption(position),
        ],
        at=OPENING,
    )
    assert kinds(outcomes) == [
        earn.Redeemed,
        earn.AmountExceedsPosition,
        earn.Redeemed,
        earn.PositionNotHolding,
    ]
    assert str(outcomes[1].free) == "400 USDT"
    assert world.balances() == {"spot_available": 5000}


def test_a_batch_of_one_position_credits_its_rewards_once(world):
    position = world.subscribe("1000")
    earn.redeem([world.redemption(position, "1") for _ in range(3)], at=OPENING + A_DAY)
    assert world.balances() == {"spot_available": 4003, "earn_flexible": Decimal("997.08219515")}


def test_a_batch_of_two_assets_and_kinds_posts_each_in_its_own(world):
    from mooring.wallet import api as wallet

    btc = Amount(Decimal("0.5"), "BTC")
    wallet.credit_one(wallet.Credit(account_id=world.bob, amount=btc, key="b"), at=OPENING)
    world.publish("BTC", asset="BTC", minimum=Decimal("0.1"))
    earn.set_rate(product_code="BTC", apr=Decimal("0.02"), at=OPENING)
    positions = [
        (world.alice, world.subscribe("1000")),
        (world.bob, world.subscribe(btc, "BTC", who=world.bob)),
        (world.bob, world.subscribe("1000", "LOCK", who=world.bob)),
    ]
    outcomes = earn.redeem(
        [world.redemption(position, who=who) for who, position in positions], at=OPENING + A_DAY
    )
    assert [str(outcome.net) for outcome in outcomes] == [
        "1000.08219515 USDT",
        "0.50002739 BTC",
        "1000 USDT",
    ]


def test_a_batch_costs_as_many_queries_as_one(world, django_assert_max_num_queries):
    positions = [world.subscribe("1", "LOCK") for _ in range(50)] + [world.subscribe("100")]
    requests = [world.redemption(position) for position in positions]
    with django_assert_max_num_queries(16):
        outcomes = earn.redeem(requests, at=OPENING)
    assert set(kinds(outcomes)) == {earn.Redeemed}


def test_nobody_asks_for_nothing(world):
    assert earn.redeem([], at=OPENING) == []


# --- keys ---


@pytest.mark.parametrize("product", ["FLEX", "LOCK"])
def test_the_same_request_again_is_answered_with_the_first_outcome(world, product):
    request = world.redemption(world.subscribe("1000", product), key="k")
    [first] = earn.redeem([request], at=OPENING)
    before = everything()
    [again] = earn.redeem([request], at=OPENING + AN_HOUR)
    assert (first.replayed, again.replayed) == (False, True)
    assert (first.redemption_id, first.net) == (again.redemption_id, again.net)
    assert everything() == before


def test_the_same_request_twice_in_a_batch_is_carried_out_once(world):
    request = world.redemption(world.subscribe("1000"), "400", key="k")
    first, again = earn.redeem([request, request], at=OPENING)
    assert first.redemption_id == again.redemption_id
    assert (first.replayed, again.replayed) == (False, True)
    assert world.balances() == {"spot_available": 4400, "earn_flexible": 600}


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("another amount", {"amount": "401"}),
        ("everything", {"amount": None}),
        ("another wallet", {"amount": "400", "destination": "FUNDING"}),
    ],
)
def test_a_key_is_never_used_for_another_request(world, case, other):
    position = world.subscribe("1000")
    world.redeem(position, "400", key="k", at=OPENING)
    before = everything()
    assert type(world.redeem(position, **other, key="k", at=OPENING)) is ledger.KeyReused, case
    assert everything() == before, case


def test_a_key_used_for_another_position_is_refused(world):
    world.redeem(world.subscribe("1000", "LOCK"), key="k", at=OPENING)
    other = world.subscribe("1000", "LOCK")
    assert type(world.redeem(other, key="k", at=OPENING)) is ledger.KeyReused


def test_a_key_reused_within_a_batch_is_refused(world):
    position = world.subscribe("1000")
    outcomes = earn.redeem(
        [world.redemption(position, "1", key="k"), world.redemption(position, "2", key="k")],
        at=OPENING,
    )
    assert kinds(outcomes) == [earn.Redeemed, ledger.KeyReused]


def test_two_people_may_choose_the_same_key(world):
    mine, theirs = world.subscribe("10"), world.subscribe("10", who=world.bob)
    outcomes = [
        world.redeem(mine, key="k", at=OPENING),
        world.redeem(theirs, key="k", who=world.bob, at=OPENING),
    ]
    assert kinds(outcomes) == [earn.Redeemed] * 2


def test_no_key_of_a_customer_gets_in_the_way_of_a_maturity(world):
    position = world.subscribe("1000", "LOCK")
    flexible = world.subscribe("1000")
    for key in (f"maturity:{position}", f"maturity/{position}"):
        assert type(world.redeem(flexible, "1", key=key, at=OPENING)) is earn.KeyMalformed
    work_daily(MIDNIGHT + 30 * A_DAY, MIDNIGHT + 32 * A_DAY)
    assert world.position(position, at=MIDNIGHT + 33 * A_DAY).status == "PAID"


MALFORMED = ["", "a b", "a,b", "{a}", "a:b", "a/b", '"', "ключ", "a\n", "k" * 129]


@pytest.mark.parametrize("key", MALFORMED)
def test_a_malformed_key_spoils_its_own_request_only(world, key):
    position = world.subscribe("1000")
    bad, good = world.redemption(position, "1", key="x"), world.redemption(position, "2")
    outcomes = earn.redeem([replace(bad, key=key), good], at=OPENING)
    assert kinds(outcomes) == [earn.KeyMalformed, earn.Redeemed]
    ask = replace(world.subscription("1"), key=key)
    assert kinds(earn.subscribe([ask, world.subscription("1")], at=OPENING)) == [
        earn.KeyMalformed,
        earn.Subscribed,
    ]


def test_one_alone_raises_what_a_batch_returns(committed_world):
    world = committed_world
    position = world.subscribe("1000")
    with pytest.raises(earn.AmountExceedsPosition):
        earn.redeem_one(world.redemption(position, "1001"), at=OPENING)
    assert not earn.redeem_one(world.redemption(position, "1"), at=OPENING).replayed


# --- the clock and the close ---


def test_a_request_of_the_last_second_may_be_decided_after_the_close(world):
    position = world.subscribe("1000")
    work(MIDNIGHT + A_DAY)
    closed = world.position(position, at=MIDNIGHT + A_DAY).amount
    done = world.redeem(position, at=MIDNIGHT + A_DAY - timedelta(seconds=1))
    assert done.net == closed


def test_no_digit_of_a_great_sum_is_lost(world):
    from mooring.wallet import api as wallet

    most = "9999999999999990000.123456789012345678"
    wallet.credit_one(wallet.Credit(account_id=world.alice, amount=usdt(most), key="m"), at=OPENING)
    flexible = world.subscribe(most, "FLEX")
    assert str(world.redeem(flexible, at=OPENING).net) == f"{most} USDT"
    locked = world.subscribe(most, "LOCK")
    assert str(world.redeem(locked, at=OPENING).net) == f"{most} USDT"
    assert not isinstance(world.redeem(locked, at=OPENING), earn.Redeemed)
    assert isinstance(world.redeem(locked, at=OPENING), Refusal)
