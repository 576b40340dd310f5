"""Bonuses and extra rewards: earned by the UTC day, booked once, paid in the morning."""

import random
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.earn import api as earn
from mooring.earn.actions import close_daily, close_days
from mooring.earn.queries.daily import growths_at_midnights
from mooring.earn.queries.holdings import read_holdings
from mooring.earn.rules import daily as rule
from mooring.kernel import db, jobs
from mooring.ledger import api as ledger
from tests.earn.daily_world import (
    EXTRA,
    MIDNIGHT,
    NEXT,
    PAYOUT,
    TIERS,
    close,
    owed,
    pay_by_the_day,
    publish_plain,
    spot,
    standing,
    tier,
)
from tests.earn.test_close import draw, many
from tests.earn.world import A_DAY, A_MINUTE, AN_HOUR, OPENING, usdt, work

A_MILLISECOND = timedelta(milliseconds=1)
DAY_1, DAY_2, DAY_3 = NEXT, NEXT + A_DAY, NEXT + 2 * A_DAY


# --- the life of a bonus ---


def test_a_bonus_begins_the_day_after_the_subscription_and_is_paid_the_morning_after_that(world):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    work(DAY_1 + PAYOUT)
    assert (owed(position), spot(world.alice)) == ({}, 4000)
    work(DAY_2)
    assert (owed(position), spot(world.alice)) == ({"USDT": Decimal("0.019")}, 4000)
    work(DAY_2 + PAYOUT - A_MILLISECOND)
    assert spot(world.alice) == 4000
    work(DAY_2 + PAYOUT)
    assert (owed(position), spot(world.alice)) == ({}, Decimal("4000.019"))
    expense = ledger.platform_balance(code=ledger.Code.REWARD_EXPENSE, asset="USDT")
    assert expense == Decimal("-0.019")


def test_the_extra_reward_is_paid_in_its_own_asset(world):
    publish_plain(world, extra=EXTRA)
    position = world.subscribe("1000", "PLAIN")
    work(DAY_2)
    assert owed(position) == {"USDT": Decimal("0.019"), "BTC": Decimal("0.002")}
    work(DAY_2 + PAYOUT)
    assert (spot(world.alice), spot(world.alice, "BTC")) == (
        Decimal("4000.019"), Decimal("0.002"))  # fmt: skip


@pytest.mark.parametrize(
    ("at", "earned"),
    [(DAY_1 - A_MILLISECOND, "0.019"), (DAY_1, None)],
    ids=["23:59:59.999", "00:00:00.000"],
)
def test_a_subscription_counts_from_the_next_utc_midnight(world, at, earned):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN", at=at)
    close(DAY_2)
    assert owed(position) == ({"USDT": Decimal(earned)} if earned else {})
    close(DAY_3)
    assert owed(position)["USDT"] == Decimal("0.019") + Decimal(earned or 0)


def test_a_close_that_came_before_the_last_subscription_of_its_day_misses_nothing(world):
    """Asked for at 23:59:59.999, carried out after the day was closed."""
    publish_plain(world)
    mine, theirs = world.subscribe("100", "PLAIN"), world.subscribe("1", "PLAIN", who=world.bob)
    close(DAY_2)
    world.subscribe("900", "PLAIN", at=DAY_2 - A_MILLISECOND)
    close(DAY_3)
    # The balance of the second day began with what was there at its midnight.
    assert owed(mine)["USDT"] == Decimal("0.02")
    assert owed(theirs)["USDT"] == Decimal("0.0002")


# --- the least balance of the day ---


def test_money_that_comes_and_goes_within_a_day_earns_nothing(world):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    world.subscribe("2000", "PLAIN", at=DAY_1 + AN_HOUR)
    world.redeem(position, "2000", at=DAY_1 + 2 * AN_HOUR)
    close(DAY_2)
    assert owed(position) == {"USDT": Decimal("0.019")}


@pytest.mark.parametrize(
    ("at", "first", "second"),
    [(DAY_2 - A_MILLISECOND, "0.01", "0.01"), (DAY_2, "0.019", "0.01")],
    ids=["in its last moment", "in the first of the next"],
)
def test_what_leaves_within_a_day_earns_nothing_for_it(world, at, first, second):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    world.redeem(position, "900", at=at)
    close(DAY_2)
    assert owed(position)["USDT"] == Decimal(first)
    close(DAY_3)
    assert owed(position)["USDT"] == Decimal(first) + Decimal(second)


def test_rewards_by_the_minute_raise_the_balance_of_the_next_midnight(world):
    pay_by_the_day((tier(0, None, "3.65"),))
    position = world.subscribe("1000")
    work(DAY_2)
    # 810 minutes at 3 %: 0.04623394 were credited at the midnight the day began with.
    assert owed(position) == {"USDT": Decimal("10.00046233")}
    assert standing(position)[2] == Decimal("0.0000000094")


# --- whoever looks, whenever ---


def touches(world, position, chance):
    """Let a customer come by on some days, putting in and taking out."""
    for number in range(1, 12):
        day = MIDNIGHT + number * A_DAY
        for hour in sorted(chance.sample(range(24), chance.randint(0, 2))):
            yield day + hour * AN_HOUR + chance.randint(0, 59) * A_MINUTE


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("late", [0, 1, 30], ids=["in time", "a day late", "at the end"])
def test_a_late_worker_and_a_customer_who_looks_make_no_difference(world, seed, late):
    pay_by_the_day()
    pay_by_the_day(EXTRA, asset="BTC")
    chance = random.Random(seed)
    mine = world.subscribe("1000")
    moves = [
        (at, chance.choice(["in", "out"]), chance.randint(1, 300))
        for at in touches(world, mine, random.Random(seed))
    ]
    end, events = MIDNIGHT + 14 * A_DAY, []
    events += [(at, "move", move) for at, *move in moves]
    if late < 14:
        rounds = (MIDNIGHT + number * A_DAY for number in range(1, 14))
        events += [(at + late * A_DAY + AN_HOUR, "work", None) for at in rounds]
    for at, what, move in sorted(events, key=lambda event: event[:2]):
        if what == "work":
            work(at)
        else:
            way, number = move
            world.subscribe(str(number), at=at) if way == "in" else world.redeem(
                mine, str(number), at=at
            )
    work(end + AN_HOUR)
    expected = in_memory(moves, until=14)
    booked, paid, bonus_carry, extra_carry = standing(mine)
    assert (booked, paid) == (end.date(), end.date())
    assert (paid_in(world, "USDT"), bonus_carry) == expected["USDT"]
    assert (paid_in(world, "BTC"), extra_carry) == expected["BTC"]


def paid_in(world, asset):
    [(number,)] = db.rows(
        "SELECT coalesce(sum(amount), 0) FROM ledger_entry AS entry"
        " JOIN ledger_journal AS journal ON journal.id = journal_id"
        " JOIN ledger_account AS account ON account.id = entry.account_id"
        " WHERE kind = 'EARN_DAILY_PAID' AND owner_id = %s AND code = 2110 AND entry.asset = %s",
        [world.alice, asset],
    )
    return number


def in_memory(moves, *, until):
    """Compute the same anew, minute by minute rewards included, in figures of no book."""
    unit, minute_rate = Decimal("1e-8"), Decimal("0.03") / 525600
    principal, claim, at = Decimal(1000), Decimal(1000), OPENING

    def grow(now):
        nonlocal principal, claim, at
        minutes = int(now.timestamp()) // 60 - int(at.timestamp()) // 60
        claim *= (1 + minute_rate) ** minutes
        principal += ((claim - principal) // unit) * unit
        at = now

    sums = {"USDT": Decimal(0), "BTC": Decimal(0)}
    for number in range(1, until):
        day = MIDNIGHT + number * A_DAY
        grow(day)
        low = principal
        for when, way, amount in moves:
            if day <= when < day + A_DAY:
                grow(when)
                signed = amount if way == "in" else -amount
                principal, claim = principal + signed, claim + signed
                low = min(low, principal)
        yearly = min(low, 100) * Decimal("0.0365") + max(low - 100, 0) * Decimal("0.00365")
        for asset, reward in (("USDT", yearly), ("BTC", low * Decimal("0.00073"))):
            sums[asset] += (reward * 10**30 // 365) / 10**30
    return {asset: (total // unit * unit, total % unit) for asset, total in sums.items()}


def test_looking_only_changes_nothing(world):
    pay_by_the_day()
    mine, theirs = world.subscribe("1000"), world.subscribe("1000", who=world.bob)
    for number in range(2, 30):
        at = MIDNIGHT + number * A_DAY / 3
        world.subscribe("1", at=at)
        world.redeem(mine, "1", at=at)
    work(MIDNIGHT + 10 * A_DAY)
    assert owed(mine) == owed(theirs)
    # How far they are paid may differ: days that came to nothing need no payout.
    assert standing(mine)[0::2] == standing(theirs)[0::2]
    assert standing(mine)[3] == standing(theirs)[3]


def test_a_day_the_worker_missed_is_booked_by_who_comes_by(world):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    world.redeem(position, "950", at=DAY_3 + AN_HOUR)
    assert owed(position) == {"USDT": Decimal("0.038")}
    close(DAY_3 + A_DAY)
    assert owed(position) == {"USDT": Decimal("0.043")}


def test_a_refused_request_books_nothing(world):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    before = standing(position)
    assert isinstance(world.redeem(position, "5000", at=DAY_3), earn.AmountExceedsPosition)
    assert (owed(position), standing(position)) == ({}, before)


# --- who leaves ---


def test_who_leaves_is_paid_the_finished_days_next_morning(world):
    publish_plain(world, extra=EXTRA)
    position = world.subscribe("1000", "PLAIN")
    world.redeem(position, at=DAY_2 + AN_HOUR)
    assert owed(position) == {"USDT": Decimal("0.019"), "BTC": Decimal("0.002")}
    work(DAY_2 + PAYOUT)
    assert owed(position) == {}
    assert spot(world.alice) == Decimal("5000.019")
    # The day it left on earns nothing.
    work(DAY_3 + PAYOUT)
    assert spot(world.alice) == Decimal("5000.019")


def test_who_left_and_came_back_is_paid_for_both_in_one_line(world):
    publish_plain(world)
    first = world.subscribe("1000", "PLAIN")
    world.redeem(first, at=DAY_2 + A_MINUTE)
    second = world.subscribe("500", "PLAIN", at=DAY_2 + 2 * A_MINUTE)
    close(DAY_3 + A_DAY)
    assert owed(second) == {"USDT": Decimal("0.014")}
    work(DAY_3 + A_DAY + PAYOUT)
    lines = ledger.statement(
        owner_id=world.alice, narrow=ledger.StatementFilter(kinds=["EARN_DAILY_PAID"])
    )
    assert [str(line.amount) for line in lines if line.code == ledger.Code.SPOT] == ["0.033 USDT"]


def test_what_is_below_the_unit_goes_to_rounding_when_a_position_ends(world):
    publish_plain(world, bonus=(tier(0, None, "0.0000001"),), extra=(tier(0, None, "0.000001"),))
    position = world.subscribe("10", "PLAIN")
    world.redeem(position, at=DAY_2 + AN_HOUR)
    rounded = {
        asset: ledger.platform_balance(code=ledger.Code.ROUNDING, asset=asset)
        for asset in ("USDT", "BTC")
    }
    # 10 * 1e-7 / 365 and 10 * 1e-6 / 365, as far as the book's decimals go.
    assert rounded == {"USDT": Decimal("2.739726027e-9"), "BTC": Decimal("7.397260273e-9")}
    assert owed(position) == {"BTC": Decimal("2e-8")}


# --- once, whoever runs it ---


def test_twice_is_once(world):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    for _ in range(3):
        work(DAY_2)
    assert owed(position) == {"USDT": Decimal("0.019")}
    for _ in range(3):
        work(DAY_2 + PAYOUT)
    assert spot(world.alice) == Decimal("4000.019")
    assert db.rows("SELECT day, positions FROM earn_daily_close") == [(DAY_1.date(), 1)]


def test_a_week_that_was_missed_is_a_week_in_time(world):
    publish_plain(world, extra=EXTRA)
    position = world.subscribe("1234.5678", "PLAIN")
    work(MIDNIGHT + 9 * A_DAY)
    assert owed(position) == {
        # 8 days of (3.65 + 4.141172470) / 365 and of 0.901234494 / 365, floored at the end.
        "USDT": Decimal("0.17076542"), "BTC": Decimal("0.01975308")}  # fmt: skip
    closed = db.rows("SELECT day FROM earn_daily_close ORDER BY day")
    assert [day for (day,) in closed] == [(NEXT + n * A_DAY).date() for n in range(8)]
    work(MIDNIGHT + 9 * A_DAY + PAYOUT)
    assert owed(position) == {}


def test_what_was_booked_early_this_morning_waits_for_its_delay(world):
    """A payout that runs before its delay is over leaves the day that has just ended."""
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    close(DAY_2)
    work(DAY_2 + PAYOUT - A_MINUTE, only="pay_daily_rewards")
    assert owed(position) == {"USDT": Decimal("0.019")}


def test_two_workers_at_once_book_and_pay_once(committed_world, monkeypatch):
    world = committed_world
    publish_plain(world, extra=EXTRA)
    pay_by_the_day()
    mine = [world.subscribe("1000", product) for product in ("PLAIN", "FLEX")]
    theirs = [world.subscribe("1000", product, who=world.bob) for product in ("PLAIN", "FLEX")]
    monkeypatch.setattr(close_days, "CHUNK", 1)
    errors = []

    def a_worker():
        try:
            for number in range(3):
                work(NEXT + number * A_DAY + AN_HOUR)
        except Exception as error:  # noqa: BLE001 - told by the test
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=a_worker) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    for position in (*mine, *theirs):
        assert owed(position) == {}
        assert standing(position)[:2] == (DAY_3.date(), DAY_3.date())
    assert {spot(who, "BTC") for who in (world.alice, world.bob)} == {Decimal("0.004")}
    # Two days each of two positions: 0.019 of PLAIN, and FLEX with its minutes.
    [alice, bob] = [spot(who) for who in (world.alice, world.bob)]
    assert alice == bob
    assert alice - 3000 == Decimal("0.038") + Decimal("0.03800174")


def test_a_close_that_is_interrupted_between_chunks_goes_on_where_it_stopped(world, monkeypatch):
    publish_plain(world)
    mine = world.subscribe("1000", "PLAIN")
    theirs = world.subscribe("1000", "PLAIN", who=world.bob)
    monkeypatch.setattr(close_days, "CHUNK", 1)
    right, calls = close_daily.one_chunk, []

    def fails_at_the_second(statement, parameters):
        calls.append(1)
        if len(calls) == 2:
            raise ConnectionError
        return right(statement, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(close_daily, "one_chunk", fails_at_the_second)
        with pytest.raises(ConnectionError):
            for due in close_days.flexible_days_due(at=DAY_2):
                if due.day == DAY_1.date():
                    close_days.close_flexible_day(due, at=DAY_2)
    close(DAY_2)
    assert owed(mine) == owed(theirs) == {"USDT": Decimal("0.019")}


def test_a_close_whose_key_is_taken_stops_instead_of_losing_the_reward(world, owner):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    close(DAY_1)
    untouched = transaction.savepoint()
    [(product,)] = db.rows("SELECT product_id FROM earn_position WHERE id = %s", [position])
    key = f"earn.daily:{product}.{int(DAY_1.timestamp()) // 60}.{position}"
    with owner():
        db.execute(
            "INSERT INTO ledger_journal (key, kind, digest, effective_at)"
            " VALUES (%s, 'TAKEN', md5(%s), %s)",
            [key, key, DAY_2],
        )
    before = standing(position)
    with pytest.raises(IntegrityError) as refused:
        close(DAY_2)
    assert db.constraint_of(refused.value) == "earn_close_posted_once"
    assert standing(position) == before
    transaction.savepoint_rollback(untouched)


# --- SQL and Python compute the same ---


@pytest.mark.parametrize("seed", range(3))
def test_the_close_of_sql_is_the_rule_of_python_to_the_last_digit(world, seed):
    chance = random.Random(seed)
    edges = sorted(chance.sample(range(1, 10**6), 3))
    tiers = [
        tier(above, up_to, Decimal(chance.randint(0, 10**10)) / 10**10)
        for above, up_to in zip([0, *edges[:2]], edges, strict=True)
    ]
    world.publish("ODD", minimum=Decimal("0.000000000000000001"))
    earn.set_rate(product_code="ODD", apr=Decimal(chance.randint(1, 10**10)) / 10**9, at=OPENING)
    pay_by_the_day(tiers, product="ODD")
    pay_by_the_day((tier(0, None, Decimal(chance.randint(1, 10**10)) / 10**10),),
                   product="ODD", asset="BTC")  # fmt: skip
    ids = many(world, 20, "ODD", each=lambda index: draw(seed * 100 + index))
    for number in range(1, 4):
        # Some are behind: the close finds them where the last touch left them.
        at = NEXT + number * A_DAY
        before = read_holdings(ids)
        rates = earn.daily_rates([before[ids[0]].product_id])[before[ids[0]].product_id]
        day = (at - A_DAY).date()
        pairs = [(before[ids[0]].product_id, moment) for moment in (day, at.date())]
        growths = {moment: grown for (_, moment), grown in growths_at_midnights(pairs).items()}
        expected = {
            id_: rule.book(before[id_], rates, today=at.date(), growths=growths) for id_ in ids
        }
        waited = {id_: owed(id_) for id_ in ids}
        close(at)
        for id_ in ids:
            booked, _, bonus_carry, extra_carry = standing(id_)
            now, then, right = owed(id_), waited[id_], expected[id_]
            assert booked == right.until
            assert now.get("USDT", 0) - then.get("USDT", 0) == right.bonus
            assert now.get("BTC", 0) - then.get("BTC", 0) == right.extra
            assert (bonus_carry, extra_carry) == (right.bonus_carry, right.extra_carry)


# --- what an operator may set ---


@pytest.mark.parametrize(
    ("case", "changes", "refusal"),
    [
        ("no such product", {"product_code": "NONE"}, earn.ProductNotFound),
        ("a locked product", {"product_code": "LOCK"}, earn.DailyRatesNotPossible),
        ("a day under way", {"from_day": OPENING.date()}, earn.DailyRatesInThePast),
        ("a day of the past", {"from_day": date(2026, 1, 1)}, earn.DailyRatesInThePast),
        ("a gap", {"tiers": [tier(1, None, "0.1")]}, earn.DailyTiersMalformed),
        ("another extra asset", {"asset": "ETH"}, earn.DailyRatesNotPossible),
        ("another rate for the same day", {"tiers": [tier(0, None, "0.2")]},
         earn.DailyRatesInThePast),
    ],
)  # fmt: skip
def test_refuses_and_sets_nothing(world, case, changes, refusal):
    pay_by_the_day(EXTRA, asset="BTC")
    before = db.rows("SELECT * FROM earn_daily_rate ORDER BY id")
    asked = {"product_code": "FLEX", "asset": "BTC", "tiers": [tier(0, None, "0.1")]} | {
        "from_day": NEXT.date() + A_DAY if "asset" in changes else NEXT.date()
    }
    with pytest.raises(refusal):
        earn.set_daily_rates(**(asked | changes), at=OPENING)
    assert db.rows("SELECT * FROM earn_daily_rate ORDER BY id") == before, case


def test_setting_the_same_again_changes_nothing(world):
    for _ in range(2):
        pay_by_the_day()
    assert db.rows("SELECT count(*) FROM earn_daily_rate") == [(2,)]
    # A day later the same words are still the same words.
    pay_by_the_day(at=OPENING + 5 * A_DAY)


def test_no_tiers_end_what_there_was(world):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    pay_by_the_day((), product="PLAIN", from_day=DAY_2.date())
    close(DAY_2)
    before = owed(position)
    close(DAY_3 + 5 * A_DAY)
    assert before == owed(position) == {"USDT": Decimal("0.019")}


def test_the_last_days_are_paid_also_to_who_comes_by_long_after_them_and_before_the_worker(world):
    publish_plain(world)
    mine = world.subscribe("1000", "PLAIN")
    theirs = world.subscribe("1000", "PLAIN", who=world.bob)
    pay_by_the_day((), product="PLAIN", from_day=DAY_2.date())
    world.redeem(mine, at=DAY_3 + 9 * A_DAY)
    world.redeem(theirs, "1", who=world.bob, at=DAY_3 + 9 * A_DAY)
    work(DAY_3 + 9 * A_DAY + A_MINUTE)
    assert owed(mine) == owed(theirs) == {}
    assert spot(world.alice) == Decimal("5000.019")


def test_tiers_change_from_the_day_that_was_announced(world):
    publish_plain(world)
    position = world.subscribe("1000", "PLAIN")
    pay_by_the_day((tier(0, None, "0.365"),), product="PLAIN", from_day=DAY_2.date())
    close(DAY_3)
    assert owed(position) == {"USDT": Decimal("1.019")}


def test_the_tiers_in_force_can_be_asked_for(world):
    pay_by_the_day()
    pay_by_the_day(EXTRA, asset="BTC", from_day=DAY_2.date())
    product = earn.get_product(code="FLEX", at=OPENING)
    rates = earn.daily_rates([product.id])[product.id]
    assert rates.bonus_on(OPENING.date()) == ()
    assert rates.bonus_on(DAY_1.date()) == TIERS
    assert rates.extra_on(DAY_1.date()) == ()
    assert (rates.extra_asset, rates.extra_on(DAY_3.date())) == ("BTC", EXTRA)


# --- the sandbox's clock ---


def test_the_clock_knows_when_rewards_are_next_paid(world):
    [job] = [job for job in jobs.declared() if job.name == "earn.pay_daily_rewards"]
    assert job.next_due(OPENING) is None
    publish_plain(world)
    assert job.next_due(OPENING) is None
    world.subscribe("1000", "PLAIN")
    assert job.next_due(OPENING) == NEXT + PAYOUT
    assert job.next_due(NEXT + PAYOUT - A_MILLISECOND) == NEXT + PAYOUT
    assert job.next_due(NEXT + PAYOUT) == DAY_2 + PAYOUT


def test_money_moves_only_between_its_accounts(world):
    publish_plain(world, extra=EXTRA)
    world.subscribe("1000", "PLAIN")
    work(DAY_2)
    work(DAY_2 + PAYOUT)
    moves = db.rows(
        "SELECT kind, entry.asset, account.code, entry.amount FROM ledger_entry AS entry"
        " JOIN ledger_journal AS journal ON journal.id = journal_id"
        " JOIN ledger_account AS account ON account.id = entry.account_id"
        " WHERE kind LIKE 'EARN_DAILY%%' ORDER BY journal.id, entry.asset, entry.amount"
    )
    assert moves == [
        ("EARN_DAILY_REWARD", "BTC", 5010, Decimal("-0.002")),
        ("EARN_DAILY_REWARD", "BTC", 2150, Decimal("0.002")),
        ("EARN_DAILY_REWARD", "USDT", 5010, Decimal("-0.019")),
        ("EARN_DAILY_REWARD", "USDT", 2150, Decimal("0.019")),
        ("EARN_DAILY_PAID", "BTC", 2150, Decimal("-0.002")),
        ("EARN_DAILY_PAID", "BTC", 2110, Decimal("0.002")),
        ("EARN_DAILY_PAID", "USDT", 2150, Decimal("-0.019")),
        ("EARN_DAILY_PAID", "USDT", 2110, Decimal("0.019")),
    ]
    assert usdt("4000.019").number == spot(world.alice)
