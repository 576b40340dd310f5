"""The ways out of a flexible position: at once within the day's limits, waiting, or slowly."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from mooring.earn import api as earn
from mooring.kernel import db
from tests.earn.world import A_DAY, A_MINUTE, AN_HOUR, OPENING, everything, usdt, work, work_daily

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0) + A_DAY
LAST_MOMENT = MIDNIGHT - timedelta(milliseconds=1)
NOON = OPENING + AN_HOUR
SLOW = {
    "minimum": Decimal("0.1"),
    "standard_days": 3,
    "grace_seconds": 3600,
    "fee_rate": Decimal("0.001"),
}


def limited(world, *, person=None, total=None, **offer):
    terms = {"minimum": Decimal("0.1"), "daily_limit_per_person": person and Decimal(person)}
    world.publish("DAY", **terms, daily_limit_total=total and Decimal(total), **offer)
    earn.set_rate(product_code="DAY", apr=Decimal("0.03"), at=OPENING)


def slow(world, **offer):
    world.publish("SLOW", **(SLOW | offer))
    earn.set_rate(product_code="SLOW", apr=Decimal("0.03"), at=OPENING)


def closed(product="FLEX", *, start=OPENING, end=NOON + AN_HOUR):
    db.execute(
        "INSERT INTO earn_window (product_id, stops_subscriptions, stops_redemptions, reason,"
        " starts_at, expected_end, author) SELECT id, FALSE, TRUE, 'repairs', %s, %s, 'operator'"
        " FROM earn_product WHERE code = %s",
        [start, end, product],
    )


def redemption(done, *, at, who=None, world=None):
    return earn.get_redemption(
        account_id=who or world.alice, redemption_id=done.redemption_id, at=at
    )


def facts_of(position):
    """Return a position's row without its version, and every balance."""
    return (
        db.rows("SELECT to_jsonb(p) - 'version' FROM earn_position AS p WHERE id = %s", [position]),
        db.rows("SELECT id, balance FROM ledger_account WHERE balance <> 0 ORDER BY id"),
    )


# --- at once, within the day's limits ---


def test_up_to_the_limit_it_is_there_at_once(world):
    limited(world, person="100")
    position = world.subscribe("1000", "DAY")
    assert world.redeem(position, "60", at=OPENING).status == "PAID"
    assert world.redeem(position, "40", at=OPENING).status == "PAID"
    assert world.redeem(position, "0.00000001", at=OPENING).status == "QUEUED"


def test_a_limit_is_per_person_or_of_all(world):
    limited(world, person="100", total="150")
    mine = world.subscribe("1000", "DAY")
    theirs = world.subscribe("1000", "DAY", who=world.bob)
    assert world.redeem(mine, "100", at=OPENING).status == "PAID"
    assert world.redeem(theirs, "60", at=OPENING, who=world.bob).status == "QUEUED"
    assert world.redeem(theirs, "50", at=OPENING, who=world.bob).status == "PAID"


def test_a_new_utc_day_has_the_whole_limit(world):
    limited(world, person="100", total="100")
    position = world.subscribe("1000", "DAY")
    assert world.redeem(position, "100", at=LAST_MOMENT).status == "PAID"
    assert world.redeem(position, "100", at=MIDNIGHT).status == "PAID"
    assert world.redeem(position, "1", at=MIDNIGHT).status == "QUEUED"


def test_what_waited_counts_on_no_day(world):
    limited(world, person="100", total="100")
    position = world.subscribe("1000", "DAY")
    assert world.redeem(position, "500", at=OPENING).status == "QUEUED"
    assert world.redeem(position, "100", at=OPENING).status == "PAID"
    work(MIDNIGHT)
    assert world.redeem(position, "100", at=MIDNIGHT).status == "PAID"


def test_a_batch_sees_what_the_requests_before_used_up(world):
    limited(world, total="100")
    mine = world.subscribe("1000", "DAY")
    theirs = world.subscribe("1000", "DAY", who=world.bob)
    requests = [
        world.redemption(mine, "70"),
        world.redemption(theirs, "40", who=world.bob),
        world.redemption(theirs, "30", who=world.bob),
    ]
    outcomes = earn.redeem(requests, at=OPENING)
    assert [done.status for done in outcomes] == ["PAID", "QUEUED", "PAID"]


@pytest.mark.parametrize("limit", [{"person": "100"}, {"total": "100"}])
def test_twenty_requests_at_once_do_not_pass_a_limit(committed_world, limit):
    world = committed_world
    limited(world, **limit)
    position = world.subscribe("1000", "DAY")
    outcomes = []
    ready = threading.Barrier(20)

    def ask():
        try:
            ready.wait()
            outcomes.append(world.redeem(position, "10", at=OPENING))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done.status for done in outcomes) == ["PAID"] * 10 + ["QUEUED"] * 10


# --- waiting ---


def test_what_waits_earns_until_the_midnight_at_which_it_runs(world):
    limited(world, person="100")
    position = world.subscribe("1000", "DAY")
    alone = world.subscribe("1000", "FLEX", who=world.bob)
    done = world.redeem(position, "1000", at=OPENING)
    assert (done.status, done.arrives_from) == ("QUEUED", MIDNIGHT)
    assert world.balances() == {"spot_available": 4000, "earn_redeeming": 1000}
    work(MIDNIGHT + timedelta(seconds=5))
    left = world.redeem(alone, at=MIDNIGHT, who=world.bob)
    assert world.balances() == world.balances(world.bob)
    assert left.net > usdt("1000")
    view = redemption(done, at=MIDNIGHT + A_MINUTE, world=world)
    assert (view.status, view.amount) == ("PAID", left.net)
    assert world.position(position, at=MIDNIGHT + A_MINUTE).status == "PAID"


def test_a_part_leaves_its_rewards_in_the_position(world):
    limited(world, person="100")
    position = world.subscribe("1000", "DAY")
    untouched = world.subscribe("1000", "FLEX", who=world.bob)
    world.redeem(position, "600", at=OPENING)
    work(MIDNIGHT + timedelta(seconds=5))
    work(MIDNIGHT + AN_HOUR)
    rest = world.position(position, at=MIDNIGHT + AN_HOUR)
    whole = world.position(untouched, at=MIDNIGHT + AN_HOUR, who=world.bob)
    assert world.balances()["spot_available"] == 4600
    assert rest.amount.number + 600 == whole.amount.number
    assert rest.status == "HOLDING"


def test_a_late_worker_gives_what_was_promised(world):
    """Three days late, after other days were closed: the rewards are those of the midnight."""
    limited(world, person="100")
    position = world.subscribe("1000", "DAY")
    other = world.subscribe("1000", "DAY", who=world.bob)
    world.redeem(position, at=OPENING)
    world.redeem(other, at=OPENING, who=world.bob)
    work(MIDNIGHT, only="run_queued")
    early = world.balances()
    assert early == world.balances(world.bob)
    assert early["spot_available"] == Decimal("5000.04623394")


def test_it_gives_the_same_three_days_late(world):
    limited(world, person="100")
    world.redeem(world.subscribe("1000", "DAY"), at=OPENING)
    work(MIDNIGHT + 3 * A_DAY)
    assert world.balances() == {"spot_available": Decimal("5000.04623394")}


def test_it_runs_once(world):
    limited(world, person="100")
    world.redeem(world.subscribe("1000", "DAY"), "500", at=OPENING)
    work(MIDNIGHT)
    before = everything()
    assert work(MIDNIGHT + A_MINUTE, only="run_queued") == {"earn.run_queued": 0}
    assert everything() == before


def test_at_the_last_moment_of_the_day_it_waits_a_millisecond(world):
    limited(world, person="100")
    position = world.subscribe("1000", "DAY")
    done = world.redeem(position, "500", at=LAST_MOMENT)
    assert (done.status, done.arrives_from) == ("QUEUED", MIDNIGHT)
    assert work(LAST_MOMENT, only="run_queued") == {"earn.run_queued": 0}
    work(MIDNIGHT, only="run_queued")
    assert redemption(done, at=MIDNIGHT, world=world).status == "PAID"


def test_what_waits_can_be_cancelled_and_nothing_has_changed(world):
    limited(world, person="100")
    position = world.subscribe("1000", "DAY")
    work(OPENING)
    before = facts_of(position)[1]
    done = world.redeem(position, "600", at=OPENING)
    assert world.position(position, at=OPENING).queued == usdt("600")
    world.undo(done, at=LAST_MOMENT)
    world.undo(done, at=LAST_MOMENT)
    assert facts_of(position)[1] == before
    assert world.position(position, at=OPENING).free == usdt("1000")
    work(MIDNIGHT)
    assert world.balances()["spot_available"] == 4000


def test_cancelled_it_earns_as_if_nobody_had_asked(world):
    limited(world, person="100")
    mine = world.subscribe("1000", "DAY")
    theirs = world.subscribe("1000", "DAY", who=world.bob)
    done = world.redeem(mine, at=NOON)
    world.undo(done, at=LAST_MOMENT)
    work_daily(OPENING, OPENING + 5 * A_DAY)
    assert world.balances() == world.balances(world.bob)
    later = OPENING + 5 * A_DAY
    assert world.redeem(mine, "1000", at=later).status == "QUEUED"
    assert world.position(theirs, at=later, who=world.bob).amount.number > 1000


def test_what_has_run_cannot_be_cancelled(world):
    limited(world, person="100")
    done = world.redeem(world.subscribe("1000", "DAY"), "500", at=OPENING)
    work(MIDNIGHT)
    with pytest.raises(earn.UndoNotPossible):
        world.undo(done, at=MIDNIGHT)


def test_what_waits_cannot_be_redeemed_again(world):
    limited(world, person="100")
    position = world.subscribe("1000", "DAY")
    world.redeem(position, "950", at=OPENING)
    assert isinstance(world.redeem(position, "51", at=OPENING), earn.AmountExceedsPosition)


def test_new_money_does_not_leave_with_what_was_asked_for_before(world):
    limited(world, person="100")
    position = world.subscribe("1000", "DAY")
    world.redeem(position, at=OPENING)
    assert world.subscribe("50", "DAY", at=NOON) == position
    work(MIDNIGHT)
    assert world.balances()["spot_available"] == 4950
    rest = world.position(position, at=MIDNIGHT)
    assert rest.status == "HOLDING"
    assert usdt("50.04") < rest.amount < usdt("50.05")


def test_the_fee_is_taken_when_it_runs(world):
    limited(world, person="100", fee_rate=Decimal("0.01"))
    done = world.redeem(world.subscribe("1000", "DAY"), "500", at=OPENING)
    assert world.balances() == {
        "spot_available": 4000, "earn_flexible": 500, "earn_redeeming": 500,
    }  # fmt: skip
    work(MIDNIGHT)
    view = redemption(done, at=MIDNIGHT, world=world)
    assert (view.fee, view.net) == (usdt("5"), usdt("495"))
    assert world.balances()["spot_available"] == 4495


# --- maintenance ---


def test_during_maintenance_it_waits_for_the_end_of_it(world):
    closed(end=NOON)
    position = world.subscribe("1000")
    done = world.redeem(position, "500", at=OPENING)
    assert (done.status, done.arrives_from) == ("QUEUED", NOON)
    work(NOON - A_MINUTE)
    assert redemption(done, at=NOON, world=world).status == "QUEUED"
    work(NOON)
    assert redemption(done, at=NOON, world=world).status == "PAID"


def test_maintenance_that_takes_longer_moves_it(world):
    closed(end=NOON)
    done = world.redeem(world.subscribe("1000"), "500", at=OPENING)
    closed(start=OPENING, end=NOON + AN_HOUR)
    work(NOON)
    view = redemption(done, at=NOON, world=world)
    assert (view.status, view.runs_at) == ("QUEUED", NOON + AN_HOUR)
    work(NOON + AN_HOUR)
    assert redemption(done, at=NOON + AN_HOUR, world=world).status == "PAID"


def test_the_later_of_two_reasons_decides(world):
    limited(world, person="100")
    closed("DAY", end=NOON)
    done = world.redeem(world.subscribe("1000", "DAY"), "500", at=OPENING)
    view = redemption(done, at=OPENING, world=world)
    assert (view.runs_at, view.queued_because) == (MIDNIGHT, "DAILY_LIMIT")


def test_closing_subscriptions_stops_no_exit(world):
    position = world.subscribe("1000")
    earn.set_subscriptions_open(product_code="FLEX", is_open=False)
    assert world.redeem(position, at=OPENING).status == "PAID"


# --- slowly ---


def test_the_standard_way_takes_its_days_and_its_own_fee(world):
    slow(world, standard_fee_rate=Decimal("0.0001"))
    position = world.subscribe("1000", "SLOW")
    done = world.redeem(position, "400", at=OPENING, speed="STANDARD")
    assert (done.status, done.net) == ("PENDING", usdt("399.96"))
    assert (done.arrives_from, done.arrives_until) == (OPENING + 3 * A_DAY, OPENING + 4 * A_DAY)
    assert world.balances() == {
        "spot_available": 4000, "earn_flexible": 600, "earn_redeeming": Decimal("399.96"),
    }  # fmt: skip
    work_daily(OPENING, OPENING + 3 * A_DAY)
    work(OPENING + 3 * A_DAY)
    assert world.balances()["spot_available"] == Decimal("4399.96")
    assert redemption(done, at=OPENING + 3 * A_DAY, world=world).status == "PAID"


def test_it_earns_no_more(world):
    slow(world)
    position = world.subscribe("1000", "SLOW")
    world.redeem(position, "400", at=OPENING, speed="STANDARD")
    alone = world.subscribe("600", "FLEX", who=world.bob)
    at = OPENING + 2 * A_DAY
    mine, theirs = world.position(position, at=at), world.position(alone, at=at, who=world.bob)
    assert mine.free == theirs.free


def test_everything_by_the_standard_way_ends_the_position_when_it_arrives(world):
    slow(world)
    position = world.subscribe("1000", "SLOW")
    world.redeem(position, at=OPENING + A_DAY, speed="STANDARD")
    assert world.position(position, at=OPENING + A_DAY).status == "HOLDING"
    work_daily(OPENING, OPENING + 4 * A_DAY)
    work(OPENING + 4 * A_DAY)
    assert world.position(position, at=OPENING + 4 * A_DAY).status == "PAID"
    assert world.balances() == {"spot_available": Decimal("5000.08219515")}


def test_a_product_without_a_fast_way_takes_the_slow_one(world):
    slow(world, is_instant=False)
    done = world.redeem(world.subscribe("1000", "SLOW"), "400", at=OPENING)
    assert done.status == "PENDING"


def test_a_product_without_a_slow_way_refuses_it(world):
    outcome = world.redeem(world.subscribe("1000"), "400", at=OPENING, speed="STANDARD")
    assert isinstance(outcome, earn.SpeedNotOffered)


def test_on_chain_the_asset_s_unbonding_counts(world):
    slow(world)
    db.execute("UPDATE earn_product SET family = 'ONCHAIN' WHERE code = 'SLOW'")
    db.execute(
        "INSERT INTO earn_unbonding (asset, effective_from, hours_min, hours_max, note)"
        " VALUES ('USDT', %s, 48, 96, ''), ('USDT', %s, 1, 2, '')",
        [OPENING - A_DAY, OPENING + A_DAY],
    )
    done = world.redeem(world.subscribe("1000", "SLOW"), "4", at=OPENING, speed="STANDARD")
    assert (done.arrives_from, done.arrives_until) == (OPENING + 2 * A_DAY, OPENING + 4 * A_DAY)


def test_less_than_the_least_does_not_leave_alone(world):
    slow(world, redeem_minimum=Decimal(10))
    position = world.subscribe("1000", "SLOW")
    assert isinstance(world.redeem(position, "9.99999999", at=OPENING), earn.BelowRedeemMinimum)
    assert world.redeem(position, "995", at=OPENING).status == "PAID"
    # Everything is never too little.
    assert world.redeem(position, at=OPENING).status == "PAID"


# --- taken back ---


@pytest.mark.parametrize("amount", ["400", None])
@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=59)])
@pytest.mark.parametrize("left_at", [NOON, MIDNIGHT - timedelta(minutes=20)])
def test_undone_it_has_earned_as_if_it_had_stayed(world, amount, later, left_at):
    """Bob does nothing; alice has what bob has, to the last digit, then and days later."""
    slow(world)
    mine = world.subscribe("1000", "SLOW")
    theirs = world.subscribe("1000", "SLOW", who=world.bob)
    done = world.redeem(mine, amount, at=left_at, speed="STANDARD")
    if left_at + later >= MIDNIGHT:
        work(MIDNIGHT)
    world.undo(done, at=left_at + later)
    for at in (left_at + later, left_at + AN_HOUR, left_at + 3 * A_DAY):
        work_daily(left_at, at)
        here, there = world.position(mine, at=at), world.position(theirs, at=at, who=world.bob)
        assert here.free == there.free
        assert here.rewards_paid + here.accrued == there.rewards_paid + there.accrued


def test_after_the_grace_period_it_stays_on_its_way(world):
    slow(world)
    done = world.redeem(world.subscribe("1000", "SLOW"), at=OPENING, speed="STANDARD")
    with pytest.raises(earn.UndoNotPossible):
        world.undo(done, at=OPENING + AN_HOUR)


def test_undoing_twice_is_undoing_once(world):
    slow(world)
    done = world.redeem(world.subscribe("1000", "SLOW"), "400", at=OPENING, speed="STANDARD")
    world.undo(done, at=NOON - A_MINUTE)
    before = everything()
    world.undo(done, at=NOON - A_MINUTE)
    assert everything() == before


# --- keys and quotes ---


def test_the_speed_belongs_to_the_request(world):
    slow(world)
    position = world.subscribe("1000", "SLOW")
    world.redeem(position, "400", at=OPENING, key="k", speed="STANDARD")
    again = world.redeem(position, "400", at=OPENING, key="k", speed="STANDARD")
    assert again.replayed
    other = world.redeem(position, "400", at=OPENING, key="k")
    assert other.code == "key_reused"


@pytest.mark.parametrize("taken", [0, 1])
def test_both_ways_are_quoted_side_by_side(world, taken):
    slow(world, daily_limit_per_person=Decimal(100), standard_fee_rate=Decimal("0.0001"))
    position = world.subscribe("1000", "SLOW")
    fast, standard = earn.quote_ways(
        account_id=world.alice, position_id=position, amount=usdt("400"), at=OPENING
    )
    assert (fast.speed, fast.fee, fast.runs_at) == ("FAST", usdt("0.4"), MIDNIGHT)
    assert (fast.queued_because, fast.left_today) == ("DAILY_LIMIT", usdt("100"))
    assert fast.earns_meanwhile == usdt("0.01849357")
    assert (standard.speed, standard.fee) == ("STANDARD", usdt("0.04"))
    assert (standard.arrives_from, standard.runs_at) == (OPENING + 3 * A_DAY, None)
    assert standard.undo_until == OPENING + AN_HOUR
    quote = (fast, standard)[taken]
    done = world.confirm(quote, at=OPENING)
    assert (done.net, done.arrives_from) == (quote.net, quote.arrives_from)


def test_a_quote_that_would_wait_now_is_not_carried_out(world):
    limited(world, total="100")
    quote = world.quote(world.subscribe("1000", "DAY"), "60", at=OPENING)
    theirs = world.subscribe("1000", "DAY", who=world.bob)
    world.redeem(theirs, "60", at=OPENING, who=world.bob)
    assert isinstance(world.confirm(quote, at=OPENING), earn.QuoteChanged)


def test_a_way_is_quoted_once_where_there_is_one(world):
    position = world.subscribe("1000")
    [quote] = earn.quote_ways(account_id=world.alice, position_id=position, amount=None, at=OPENING)
    assert (quote.speed, quote.is_instant) == ("FAST", True)


# --- rewards by the day ---


@pytest.fixture
def bonus(world):
    """A slow product with a bonus of 5 % up to 500 and 3 % above, and an extra reward in BTC."""
    slow(world, daily_limit_per_person=Decimal(100))
    earn.set_daily_rates(
        product_code="SLOW",
        asset="USDT",
        from_day=OPENING.date() + A_DAY,
        tiers=[
            earn.Tier(above=Decimal(0), up_to=Decimal(500), rate=Decimal("0.05")),
            earn.Tier(above=Decimal(500), up_to=None, rate=Decimal("0.03")),
        ],
        at=OPENING,
    )
    return world


def bonuses(world):
    """Return what both people have in spot and waiting, and what they carry."""
    carried = db.rows("SELECT bonus_carry FROM earn_position ORDER BY id")
    return world.balances(), world.balances(world.bob), carried


@pytest.mark.parametrize("amount", ["400", None])
@pytest.mark.parametrize(
    ("left_at", "back_at"),
    [
        (MIDNIGHT + 9 * AN_HOUR, MIDNIGHT + 9 * AN_HOUR + A_MINUTE),
        (MIDNIGHT + A_DAY - 30 * A_MINUTE, MIDNIGHT + A_DAY + 20 * A_MINUTE),
        (MIDNIGHT + A_DAY, MIDNIGHT + A_DAY + 59 * A_MINUTE),
    ],
)
def test_undone_it_has_the_rewards_of_its_days(bonus, amount, left_at, back_at):
    """Bob does nothing; alice has what bob has, by the day too, also when a day ended between."""
    mine = bonus.subscribe("1000", "SLOW")
    bonus.subscribe("1000", "SLOW", who=bonus.bob)
    work_daily(OPENING, left_at)
    done = bonus.redeem(mine, amount, at=left_at, speed="STANDARD")
    work_daily(left_at, back_at)
    bonus.undo(done, at=back_at)
    end = left_at + 5 * A_DAY
    work_daily(back_at, end)
    here, there, carried = bonuses(bonus)
    assert here == there
    assert here["spot_available"] > 4000
    assert carried[0] == carried[1]


def test_undone_after_the_payout_the_rest_of_the_day_comes_at_once(bonus):
    bonus.publish("SLOW", **(SLOW | {"grace_seconds": 86_400}), at=OPENING + A_MINUTE)
    mine = bonus.subscribe("1000", "SLOW", at=OPENING + A_MINUTE)
    bonus.subscribe("1000", "SLOW", who=bonus.bob, at=OPENING + A_MINUTE)
    left_at = MIDNIGHT + A_DAY - 30 * A_MINUTE
    back_at = MIDNIGHT + A_DAY + 10 * AN_HOUR
    work_daily(OPENING, left_at)
    done = bonus.redeem(mine, "400", at=left_at, speed="STANDARD")
    work_daily(left_at, back_at)
    assert bonus.balances() != bonus.balances(bonus.bob)
    bonus.undo(done, at=back_at)
    assert bonus.balances()["spot_available"] == bonus.balances(bonus.bob)["spot_available"]
    work_daily(back_at, back_at + 3 * A_DAY)
    assert bonus.balances() == bonus.balances(bonus.bob)
    # And it is told like what came in time.
    told = [
        sum(
            one.amount.number
            for one in earn.reward_records(
                account_id=who, asked=earn.RecordFilter(kind="FLEXIBLE", limit=100)
            ).rows
        )
        for who in (bonus.alice, bonus.bob)
    ]
    assert told[0] == told[1]
    [mine], [bobs] = (
        earn.rewards_earned(account_id=who, at=back_at + 3 * A_DAY)
        for who in (bonus.alice, bonus.bob)
    )
    assert mine.to_date == bobs.to_date


def test_what_waits_keeps_the_rewards_of_the_day(bonus):
    mine = bonus.subscribe("1000", "SLOW")
    bonus.subscribe("1000", "SLOW", who=bonus.bob)
    asked = MIDNIGHT + 9 * AN_HOUR
    work_daily(OPENING, asked)
    bonus.redeem(mine, "400", at=asked)
    next_midnight = MIDNIGHT + A_DAY
    work(next_midnight + timedelta(seconds=5))
    assert bonus.balances()["rewards_pending"] == bonus.balances(bonus.bob)["rewards_pending"]


def test_a_quote_says_what_waiting_for_the_end_of_the_day_keeps(bonus):
    position = bonus.subscribe("1000", "SLOW")
    asked = MIDNIGHT + 9 * AN_HOUR
    work_daily(OPENING, asked)
    small = bonus.quote(position, "100", at=asked)
    assert small.wait.until == MIDNIGHT + A_DAY
    # In the tier of 3 %: 100, less what was earned since midnight and is no basis of today.
    assert small.wait.receive_more == usdt("0.00821664")
    queued = bonus.quote(position, "400", at=asked)
    assert (queued.wait, queued.queued_because) == (None, "DAILY_LIMIT")


def test_on_the_day_it_was_opened_waiting_keeps_nothing(bonus):
    position = bonus.subscribe("1000", "SLOW", at=MIDNIGHT + AN_HOUR)
    assert bonus.quote(position, "100", at=MIDNIGHT + 2 * AN_HOUR).wait is None
