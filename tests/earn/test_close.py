"""Days are closed late, twice, in pieces or by two at once, and credit the same, once."""

import random
import threading
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.earn import api as earn
from mooring.earn.actions import close_days
from mooring.earn.rules import dates, rewards
from mooring.kernel import db
from mooring.ledger import api as ledger
from tests.earn.world import A_DAY, AN_HOUR, LOCKED, OPENING, usdt, work, work_daily

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
NEXT = MIDNIGHT + A_DAY
_PEOPLE = count(1)


def positions():
    return db.rows(
        "SELECT position.id, accrued_minute, growth, carry, days_accrued, days_paid, balance"
        " FROM earn_position AS position JOIN ledger_account AS a ON a.id = principal_account"
        " ORDER BY position.id"
    )


def journals(kind):
    return [key for (key,) in db.rows(
        "SELECT key FROM ledger_journal WHERE kind = %s ORDER BY id", [kind])]  # fmt: skip


def many(world, number, product="FLEX", *, each=None):
    """Open so many positions, each of a product of its own customer; return their ids."""
    from mooring.accounts import api as accounts
    from mooring.wallet import api as wallet

    ids = []
    for index in range(number):
        name = f"p{next(_PEOPLE)}"
        person = accounts.open_account(
            email=f"{name}@example.org", password="pass word", at=OPENING
        )
        amount = each(index) if each else "1000"
        credit = wallet.Credit(account_id=person, amount=usdt(amount), key=name)
        wallet.credit_one(credit, at=OPENING)
        ids.append(world.subscribe(amount, product, who=person))
    return ids


# --- flexible ---


def test_a_day_that_ended_is_credited(world):
    position = world.subscribe("1000")
    work(NEXT)
    view = world.position(position, at=NEXT)
    assert (str(view.amount), str(view.accrued)) == ("1000.04623394 USDT", "0 USDT")
    assert str(view.rewards_paid) == "0.04623394 USDT"
    assert -ledger.platform_balance(code=ledger.Code.REWARD_EXPENSE, asset="USDT") == Decimal(
        "0.04623394"
    )


@pytest.mark.parametrize(
    ("case", "at", "closed"),
    [
        ("a millisecond early", NEXT - timedelta(milliseconds=1), 0),
        ("at midnight", NEXT, 1),
        ("three days late", NEXT + 3 * A_DAY, 4),
    ],
)
def test_closes_the_days_that_ended(world, case, at, closed):
    world.subscribe("1000")
    work(at, only="close_flexible_days")
    assert len(db.rows("SELECT day FROM earn_day_close")) == closed, case
    assert len(journals("EARN_REALTIME_REWARD")) == closed, case


def test_twice_is_once(world):
    world.subscribe("1000")
    work(NEXT)
    before = positions()
    work(NEXT)
    work(NEXT + AN_HOUR)
    assert positions() == before


def test_a_close_that_is_repeated_from_the_start_credits_once(world):
    """Two workers see the same day due; the slower one finds nothing left."""
    world.subscribe("1000")
    [due] = [day for day in close_days.flexible_days_due(at=NEXT) if day.asset == "USDT"]
    close_days.close_flexible_day(due, at=NEXT)
    before = positions()
    close_days.close_flexible_day(due, at=NEXT)
    assert positions() == before
    assert db.rows("SELECT count(*) FROM earn_day_close") == [(1,)]


def test_three_days_late_is_as_three_days_in_time(world):
    in_time = world.subscribe("1234.5678")
    work(NEXT)
    work(NEXT + A_DAY)
    work(NEXT + 2 * A_DAY)
    late = world.subscribe("1234.5678", who=world.bob, at=OPENING)
    # Only this one is behind; the days are noted as closed already, so a quote catches up.
    mine = world.position(in_time, at=NEXT + 3 * A_DAY)
    theirs = world.position(late, at=NEXT + 3 * A_DAY, who=world.bob)
    assert mine.amount + mine.accrued == theirs.amount + theirs.accrued


def test_a_late_close_dates_each_day_by_its_end(world):
    world.subscribe("1000")
    work(NEXT + 2 * A_DAY + AN_HOUR)
    times = db.rows(
        "SELECT effective_at FROM ledger_journal WHERE kind = 'EARN_REALTIME_REWARD' ORDER BY id"
    )
    assert [at for (at,) in times] == [NEXT, NEXT + A_DAY, NEXT + 2 * A_DAY]


def test_a_close_uses_the_rate_of_each_minute(world):
    """Half a day at 3 %, then 6 %: closed together, three days late."""
    position = world.subscribe("1000", at=OPENING)
    noon = MIDNIGHT + timedelta(hours=22, minutes=30)
    earn.set_rate(product_code="FLEX", apr=Decimal("0.06"), at=noon)
    work(NEXT + 3 * A_DAY, only="close_flexible_days")
    first = Decimal(1) + Decimal("0.03") / 525600
    second = Decimal(1) + Decimal("0.06") / 525600
    exact = 1000 * first**720 * second**90
    assert world.position(position, at=NEXT).amount.number > exact
    statement = ledger.statement(owner_id=world.alice, limit=50)
    day_one = min(line.balance_after.number for line in statement if line.amount.number < 1)
    assert abs(day_one - exact) < Decimal("1e-8")


def test_nothing_below_the_unit_is_credited_or_lost(world):
    position = world.subscribe("0.1")
    for day in range(1, 4):
        work(NEXT + day * A_DAY)
    exact = Decimal("0.1") * (1 + Decimal("0.03") / 525600) ** (810 + 3 * 1440)
    [(amount, carry)] = db.rows(
        "SELECT balance, carry FROM earn_position AS p"
        " JOIN ledger_account AS a ON a.id = principal_account WHERE p.id = %s",
        [position],
    )
    assert abs(amount + carry - exact) < Decimal("1e-18")


def test_a_position_that_left_is_credited_no_more(world):
    position = world.subscribe("1000")
    world.redeem(position, at=OPENING)
    work(NEXT)
    assert journals("EARN_REALTIME_REWARD") == []


def test_a_chunk_is_one_journal_with_one_line_of_the_platform(world, monkeypatch):
    many(world, 5)
    monkeypatch.setattr(close_days, "CHUNK", 2)
    work(NEXT)
    assert len(journals("EARN_REALTIME_REWARD")) == 3
    [(lines,)] = db.rows(
        "SELECT count(*) FROM ledger_entry WHERE balance_after IS NULL AND journal_id IN"
        " (SELECT id FROM ledger_journal WHERE kind = 'EARN_REALTIME_REWARD')"
    )
    assert lines == 3


class Interrupted(Exception):
    pass


@pytest.mark.parametrize("product", ["FLEX", "LOCK"])
@pytest.mark.parametrize("after", [1, 2])
def test_an_interrupted_close_goes_on_where_it_stopped(world, monkeypatch, product, after):
    whole = many(world, 3, product)
    interrupted = many(world, 3, product, each=lambda _: "1000.5")
    monkeypatch.setattr(close_days, "CHUNK", 2)
    calls = iter(range(100))
    ask = close_days.one_chunk

    def fail_in_the_middle(statement, parameters):
        if next(calls) == after:
            raise Interrupted
        return ask(statement, parameters)

    at = NEXT + A_DAY
    job = "close_flexible_days" if product == "FLEX" else "close_locked_days"
    monkeypatch.setattr(close_days, "one_chunk", fail_in_the_middle)
    with pytest.raises(Interrupted):
        work(at, only=job)
    monkeypatch.setattr(close_days, "one_chunk", ask)
    work(at, only=job)
    kind = "EARN_REALTIME_REWARD" if product == "FLEX" else "EARN_LOCKED_REWARD"
    entries = db.rows(
        "SELECT entry.account_id, sum(amount), count(*) FROM ledger_entry AS entry"
        " JOIN ledger_journal AS journal ON journal.id = journal_id"
        " WHERE kind = %s AND balance_after IS NOT NULL GROUP BY entry.account_id",
        [kind],
    )
    assert len(entries) == len(whole) + len(interrupted)
    # Flexible: two days each, one line a day. Locked: one line for the one day that ended.
    assert {lines for *_, lines in entries} == {2 if product == "FLEX" else 1}


def test_two_workers_at_once_credit_once(committed_world, monkeypatch):
    world = committed_world
    many(world, 12)
    many(world, 12, "LOCK")
    monkeypatch.setattr(close_days, "CHUNK", 3)
    errors = []

    def a_worker():
        try:
            for day in range(3):
                work(NEXT + day * A_DAY + AN_HOUR)
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
    held = db.rows("SELECT DISTINCT days_accrued, days_paid, accrued_minute FROM earn_position")
    assert sorted(held, key=str) == sorted(
        [(None, None, dates.minute_of(NEXT + 2 * A_DAY)), (2, 2, None)], key=str
    )
    [(balance,)] = db.rows("SELECT DISTINCT balance FROM ledger_account WHERE code = 2130")
    assert balance == Decimal("1000.21063861")


def test_a_large_product_is_closed_by_two_connections_and_credits_the_same(
    committed_world, monkeypatch
):
    world = committed_world
    ids = many(world, 11)
    monkeypatch.setattr(close_days, "CHUNK", 2)
    monkeypatch.setattr(close_days, "SHARED_FROM", 4)
    [product] = {
        due.product_id for due in close_days.flexible_days_due(at=NEXT) if due
    }.intersection({id_ for (id_,) in db.rows("SELECT product_id FROM earn_position")})
    shares = close_days._shares(product)
    assert len(shares) == 2
    # Every position lies in one share and no two.
    assert [sum(begin < id_ <= until for begin, until in shares) for id_ in ids] == [1] * len(ids)
    work(NEXT)
    assert {row[1] for row in positions()} == {dates.minute_of(NEXT)}
    [(balance,)] = db.rows("SELECT DISTINCT balance FROM ledger_account WHERE code = 2130")
    assert balance == Decimal("1000.04623394")
    [(closed,)] = db.rows("SELECT positions FROM earn_day_close WHERE product_id = %s", [product])
    assert closed == len(ids)


# --- SQL and Python compute the same ---


def draw(seed):
    chance = random.Random(seed)
    whole = chance.choice([0, 1, 999, 10**6, 10**12, 10**17])
    text = f"{chance.randint(0, whole)}.{chance.randint(1, 10**18):018d}"
    return str(max(Decimal(text), Decimal(1)))


@pytest.mark.parametrize("seed", range(3))
def test_the_close_of_sql_is_the_rule_of_python_to_the_last_digit(world, seed):
    chance = random.Random(seed)
    apr = Decimal(chance.randint(1, 10**10)) / 10**9
    world.publish("ODD", minimum=Decimal("0.000000000000000001"))
    earn.set_rate(product_code="ODD", apr=apr, at=OPENING)
    many(world, 25, "ODD", each=lambda index: draw(seed * 100 + index))
    for round_ in range(3):
        before = positions()
        at = NEXT + round_ * A_DAY
        growth = rewards.growth_at(
            rewards.RateFrom(from_minute=dates.minute_of(OPENING), apr=apr, growth=Decimal(1)),
            dates.minute_of(at),
        )
        work(at, only="close_flexible_days")
        for old, new in zip(before, positions(), strict=True):
            id_, _, grown, carry, _, _, balance = old
            earned = rewards.accrue(
                balance=balance, carry=carry, growth_from=grown, growth_to=growth
            )
            assert new[0] == id_
            assert (new[6], new[3]) == (balance + earned.credited, earned.carry)


@pytest.mark.parametrize("seed", range(3))
def test_the_locked_close_of_sql_is_the_rule_of_python_to_the_last_digit(world, seed):
    chance = random.Random(seed)
    apr = Decimal(chance.randint(1, 10**10)) / 10**9
    world.publish("ODD", **(LOCKED | {"apr": apr, "minimum": Decimal("0.000000000000000001")}))
    ids = many(world, 25, "ODD", each=lambda index: draw(seed * 100 + index))
    paid_days = 0
    for booked_days in (1, 4, 5):
        at = NEXT + booked_days * A_DAY
        work(at, only="close_locked_days")
        for id_ in ids:
            [(amount, booked, waiting)] = db.rows(
                "SELECT subscription.amount, days_accrued, balance FROM earn_position AS p"
                " JOIN earn_subscription AS subscription ON position_id = p.id"
                " JOIN ledger_account AS a ON a.id = rewards_account WHERE p.id = %s",
                [id_],
            )
            assert booked == booked_days
            expected = [
                rewards.locked_reward(principal=amount, apr=apr, days=days)
                for days in (booked_days, paid_days)
            ]
            assert waiting == expected[0] - expected[1]
        work(at + AN_HOUR, only="pay_locked_rewards")
        paid_days = booked_days


# --- locked: booked, then paid ---


def test_a_reward_day_is_booked_at_midnight_and_paid_at_one(world):
    position = world.subscribe("1000", "LOCK")
    work(NEXT + A_DAY)
    assert world.balances() == {
        "spot_available": 4000, "earn_locked": 1000, "rewards_pending": Decimal("0.27397260")
    }  # fmt: skip
    work(NEXT + A_DAY + AN_HOUR - timedelta(seconds=1))
    assert world.position(position, at=NEXT + A_DAY).days_paid == 0
    work(NEXT + A_DAY + AN_HOUR)
    assert world.balances() == {"spot_available": Decimal("4000.27397260"), "earn_locked": 1000}
    assert world.position(position, at=NEXT + A_DAY).days_paid == 1


def test_the_day_of_the_purchase_earns_nothing(world):
    world.subscribe("1000", "LOCK")
    work(NEXT + timedelta(hours=23))
    assert "rewards_pending" not in world.balances()


def test_a_customer_with_several_positions_gets_one_line(world):
    for _ in range(3):
        world.subscribe("1000", "LOCK")
    work(NEXT + A_DAY)
    work(NEXT + A_DAY + AN_HOUR)
    lines = ledger.statement(
        owner_id=world.alice, narrow=ledger.StatementFilter(kinds=["EARN_REWARD_PAID"])
    )
    assert [str(line.amount) for line in lines if line.code == ledger.Code.SPOT] == [
        "0.8219178 USDT"
    ]


def test_days_that_are_booked_after_others_were_paid_are_paid_too(world):
    """
    The payout of a day came before its close: an undone exit, a worker that stopped between.

    What is paid later on the same day is another payment, not the first one again.
    """
    position = world.subscribe("1000", "LOCK")
    work(NEXT + A_DAY, only="close_locked_days")
    late = NEXT + 2 * A_DAY + AN_HOUR
    work(late, only="pay_locked_rewards")
    work(late, only="close_locked_days")
    work(late, only="pay_locked_rewards")
    assert world.position(position, at=late).days_paid == 2
    assert world.balances() == {"spot_available": Decimal("4000.54794520"), "earn_locked": 1000}


@pytest.mark.parametrize("product", ["LOCK", "SUDDEN"])
def test_a_whole_term_pays_exactly_what_it_promised(world, product):
    world.publish("SUDDEN", **(LOCKED | {"redeem_period_days": 0}))
    position = world.subscribe("1000", product)
    work_daily(OPENING, MIDNIGHT + 34 * A_DAY)
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}
    assert world.position(position, at=MIDNIGHT + 34 * A_DAY).status == "PAID"


@pytest.mark.parametrize("product", ["LOCK", "SUDDEN"])
@pytest.mark.parametrize("rounds", [1, 2])
def test_a_worker_that_slept_for_the_whole_term_pays_the_same(world, product, rounds):
    world.publish("SUDDEN", **(LOCKED | {"redeem_period_days": 0}))
    world.subscribe("1000", product)
    for round_ in range(rounds):
        work(MIDNIGHT + (40 + round_) * A_DAY)
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}


def test_no_order_of_the_jobs_loses_a_reward(world):
    """Settled before it was booked, booked before it was paid: the sum is the same."""
    world.subscribe("1000", "LOCK")
    at = MIDNIGHT + 40 * A_DAY
    for job in ("mature", "settle", "pay_locked_rewards", "close_locked_days"):
        work(at, only=job)
    work(at, only="pay_locked_rewards")
    assert world.balances() == {"spot_available": Decimal("5008.21917808")}


# --- a key that is in the book already ---


@pytest.mark.parametrize(
    ("close", "product", "key"),
    [
        ("flexible", "FLEX", "earn.close:{product}.{minute}.{position}"),
        ("locked", "LOCK", "earn.days:{product}.{minute}.{position}"),
    ],
)
def test_a_close_whose_key_is_taken_stops_instead_of_losing_the_reward(
    world, owner, close, product, key
):
    # `earn_close_posted_once`: answered as a replay, the day would count and no money move.
    position = world.subscribe("1000", product)
    [(product_id,)] = db.rows("SELECT product_id FROM earn_position WHERE id = %s", [position])
    night = NEXT if close == "flexible" else NEXT + A_DAY
    taken = key.format(product=product_id, minute=dates.minute_of(night), position=position)
    untouched = transaction.savepoint()
    with owner():
        db.execute(
            "INSERT INTO ledger_journal (key, kind, digest, effective_at)"
            " VALUES (%s, 'TAKEN', md5(%s), %s)",
            [taken, taken, night],
        )
    before = positions()
    with pytest.raises(IntegrityError) as refused:
        if close == "flexible":
            for due in close_days.flexible_days_due(at=night):
                close_days.close_flexible_day(due, at=night)
        else:
            close_days.close_locked_days(at=night)
    assert db.constraint_of(refused.value) == "earn_close_posted_once"
    assert positions() == before
    transaction.savepoint_rollback(untouched)
