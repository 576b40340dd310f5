"""
Ten years of 200 positions, to the last digit (a good year of them in every run of the tests).

The worker comes late, twice, with another one beside it, is broken off and is killed; customers
put in and take out before it has caught up. What the book says in the end is compared with the
closed form, computed here anew in whole numbers: not one unit of 1e-18 may differ, neither of
the rewards by the minute nor of those by the day.
"""

import multiprocessing
import random
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.earn.actions import close_daily, close_days
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.operations.audits import run as audits
from mooring.wallet import api as wallet
from tests.earn.daily_world import tier
from tests.earn.world import work
from tests.properties.model import power

#: The eve of a leap year; three leap days are within.
BEGIN = datetime(2027, 12, 31, 18, 17, 5, tzinfo=UTC)
FIRST = datetime(2028, 1, 1, tzinfo=UTC)
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
POSITIONS = 200
APR = Decimal("0.0731")
#: Small balances over small tiers: a day earns less than a unit, and everything is carry.
BONUS = (
    tier(0, "0.000001", "0.05"),
    tier("0.000001", "0.00001", "0.0123456789"),
    tier("0.00001", None, "0.001"),
)
EXTRA = (tier(0, None, "0.0314159265"),)
#: What the model counts in, and the unit in which rewards are credited.
FINE, UNIT = 10**45, 10**37


@dataclass
class Model:
    """A position in whole numbers of 1e-45: what it is worth exactly, what is credited."""

    claim: int
    #: The minute up to which it has earned.
    until: int
    principal: int = 0
    moves: list = field(default_factory=list)
    #: Sums over the days of what a year would earn, in 1e-55.
    bonus: int = 0
    extra: int = 0

    def __post_init__(self):
        self.principal = self.claim

    def grow(self, now):
        until = (now - FIRST) // A_MINUTE
        self.claim = self.claim * GROWTH[until - self.until] // FINE
        self.principal += (self.claim - self.principal) // UNIT * UNIT
        self.until = until

    def live(self, days):
        """Let so many days pass."""
        moves = defaultdict(list)
        for at, number in sorted(self.moves):
            moves[(at - FIRST) // A_DAY].append((at, number))
        for day in range(days):
            self.grow(FIRST + day * A_DAY)
            low = self.principal
            for at, number in moves.get(day, ()):
                self.grow(at)
                self.principal, self.claim = self.principal + number, self.claim + number
                low = min(low, self.principal)
            self.bonus += yearly(low, WHOLE_BONUS)
            self.extra += yearly(low, WHOLE_EXTRA)
        self.grow(FIRST + days * A_DAY)


class _Growth(dict):
    def __missing__(self, minutes):
        grown = power(1 + Fraction(APR) / 525_600, minutes)
        self[minutes] = grown.numerator * FINE // grown.denominator
        return self[minutes]


GROWTH = _Growth()


def whole(number, scale):
    return int(Decimal(number).scaleb(scale))


def yearly(low, tiers):
    earned = 0
    for above, up_to, rate in tiers:
        if low <= above:
            break
        earned += (min(low, up_to) - above) * rate
    return earned


def in_whole_numbers(tiers):
    return [(whole(t.above, 45), whole(t.up_to or 10**20, 45), whole(t.rate, 10)) for t in tiers]


WHOLE_BONUS, WHOLE_EXTRA = in_whole_numbers(BONUS), in_whole_numbers(EXTRA)


@pytest.fixture
def people(committed_db):
    """Return positions with their models, each of a customer of its own."""
    chance = random.Random(1)
    assets.register(
        [assets.Asset(code="USDT", name="Tether", ledger_decimals=18),
         assets.Asset(code="BTC", name="Bitcoin")]
    )  # fmt: skip
    offer = earn.Offer(minimum=Decimal("1e-18"))
    earn.publish(code="TINY", kind="FLEXIBLE", asset="USDT", offer=offer, effective_from=BEGIN)
    earn.set_rate(product_code="TINY", apr=APR, at=BEGIN)
    for asset, tiers in (("USDT", BONUS), ("BTC", EXTRA)):
        earn.set_daily_rates(
            product_code="TINY", asset=asset, tiers=tiers, from_day=FIRST.date(), at=BEGIN
        )
    accounts = db.rows(
        "INSERT INTO accounts_account (status, display_currency, opened_at, terms_version,"
        "  anti_phishing_code, verification_level)"
        " SELECT 'OPEN', 'USD', %s, '', '', 0 FROM generate_series(1, %s) RETURNING id",
        [BEGIN, POSITIONS],
    )
    found = {}
    for (account,) in accounts:
        put_in = Decimal(chance.randint(10**10, 10 ** chance.randint(11, 15))).scaleb(-18)
        credit = wallet.Credit(account_id=account, amount=usdt(1000), key=f"c{account}")
        wallet.credit([credit], at=BEGIN)
        found[account] = (
            move(account, put_in, at=BEGIN),
            Model(whole(put_in, 45), (BEGIN - FIRST) // A_MINUTE),
        )
    return found


def usdt(number):
    return Amount(Decimal(number), "USDT")


def move(account, number, *, at, position=None):
    """Put in or take out; return the position."""
    key = f"{at:%Y%m%d%H%M}"
    if number > 0:
        request = earn.Subscription(
            account_id=account, product_code="TINY", amount=usdt(number), key=key
        )
        return earn.subscribe_one(request, at=at).position_id
    request = earn.Redemption(
        account_id=account, position_id=position, amount=usdt(-number), key=key
    )
    earn.redeem_one(request, at=at)
    return position


@pytest.mark.parametrize(
    "days", [400, pytest.param(3650, marks=pytest.mark.faults)], ids=["a year", "ten years"]
)
def test_ten_years_are_exact_however_the_worker_comes(people, monkeypatch, days):
    end = FIRST + days * A_DAY
    chance = random.Random(2)
    ways = Ways(monkeypatch, chance)
    now, way = FIRST, 0
    while now < end:
        # Two at once do everything twice: they get the short ones.
        come, gaps = (
            (ways.once, [1, 30, 200]),
            (ways.beside_another, [1, 2, 3]),
            (ways.broken_off, [2, 10]),
            (ways.twice, [1, 60, 200]),
            (ways.killed, [90]),
        )[way % 5]
        before = now
        now = min(now + chance.choice(gaps) * A_DAY, end)
        some_come_by(people, chance, since=before, until=now)
        come(now)
        way += 1
        if way % 3 == 0:
            work(now + timedelta(hours=1), only="pay_daily_rewards")
    work(now + timedelta(hours=1), only="pay_daily_rewards")
    assert disagreements(people, days) == []
    assert [found.audit.name for found in audits.findings() if found.rows] == []


def some_come_by(people, chance, *, since, until):
    """Let a few put in or take out while days are waiting to be closed."""
    times = [
        since + chance.randint(0, int((until - since).total_seconds()) - 1) * timedelta(seconds=1)
        for _ in range(3)
    ]
    for at, account in zip(sorted(times), chance.sample(sorted(people), 3), strict=True):
        position, model = people[account]
        number = Decimal(chance.randint(1, 10**9)).scaleb(-18) * chance.choice([1, -1])
        move(account, number, at=at, position=position)
        model.moves.append((at, whole(number, 45)))


class Broken(Exception):
    """The worker stops here."""


class Ways:
    """How the worker may come to close the days that are due."""

    def __init__(self, patch, chance):
        self.patch, self.chance = patch, chance
        self.kills = 1

    def once(self, at):
        work(at, only="close_flexible_days")

    def twice(self, at):
        self.once(at)
        self.once(at)

    def beside_another(self, at):
        errors = []

        def a_worker():
            try:
                self.once(at)
            except Exception as error:  # noqa: BLE001 - told by the test
                errors.append(error)
            finally:
                connection.close()

        with self.patch.context() as patch:
            patch.setattr(close_days, "CHUNK", 90)
            workers = [threading.Thread(target=a_worker) for _ in range(2)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        assert errors == []

    def broken_off(self, at):
        with self.patch.context() as patch:
            patch.setattr(close_days, "CHUNK", 70)
            for module in (close_daily, close_days):
                patch.setattr(module, "one_chunk", self._breaks_after(self.chance.randint(1, 9)))
            with suppress(Broken):
                self.once(at)
        self.once(at)

    def _breaks_after(self, calls):
        right, left = close_daily.one_chunk, iter(range(calls))

        def one_chunk(statement, parameters):
            if next(left, None) is None:
                raise Broken
            return right(statement, parameters)

        return one_chunk

    def killed(self, at):
        """Begin in a process of its own, kill it with -9 in the midst; once is enough."""
        if not self.kills:
            self.once(at)
            return
        self.kills -= 1
        before = closed_days()
        # Forked without a connection, which no two processes may share.
        connection.close()
        worker = multiprocessing.get_context("fork").Process(
            target=self._in_small_chunks, args=[at]
        )
        worker.start()
        patience = time.monotonic() + 60
        while closed_days() < before + 5 and time.monotonic() < patience:
            time.sleep(0.005)
        worker.kill()
        worker.join()
        assert before < closed_days() < before + 90
        self.once(at)

    def _in_small_chunks(self, at):
        close_days.CHUNK = 70
        self.once(at)


def closed_days():
    [(count,)] = db.rows("SELECT count(*) FROM earn_day_close")
    return count


def disagreements(people, days):
    """Return every figure of the book that is not the closed form's."""
    book = {id_: rest for id_, *rest in db.rows(BOOK)}
    wrong = []
    for account, (position, model) in people.items():
        model.live(days)
        balance, carry, credited, bonus, bonus_carry, extra, extra_carry = (
            number or Decimal(0) for number in book[position]
        )
        put_in = sum(number for _, number in model.moves)
        said = {
            "balance": (whole(balance, 45), model.principal),
            "credited": (whole(credited, 45), model.principal - put_in - first_put_in(account)),
            "bonus": (whole(bonus, 8), model.bonus // 365 // 10**47),
            "extra": (whole(extra, 8), model.extra // 365 // 10**47),
        }
        wrong += [(position, what, *pair) for what, pair in said.items() if pair[0] != pair[1]]
        kept = {
            "claim": (whole(balance + carry, 45), model.claim),
            "bonus kept": (whole(bonus + bonus_carry, 45), model.bonus // 365 // 10**10),
            "extra kept": (whole(extra + extra_carry, 45), model.extra // 365 // 10**10),
        }
        wrong += [
            (position, what, *pair)
            for what, pair in kept.items()
            if abs(pair[0] - pair[1]) >= 10 ** (45 - 18)
        ]
    return wrong


def first_put_in(account):
    [(number,)] = db.rows(
        "SELECT amount FROM earn_subscription WHERE account_id = %s ORDER BY id LIMIT 1", [account]
    )
    return whole(number, 45)


#: What each position has, was credited, and was paid by the day, from the entries of the book.
BOOK = """
    WITH came AS MATERIALIZED (
        SELECT account_id, sum(amount) AS amount FROM ledger_entry
        WHERE amount > 0 AND balance_after IS NOT NULL GROUP BY account_id
    )
    SELECT position.id, principal.balance, position.carry, position.credited_total,
        bonus.amount, position.bonus_carry, extra.amount, position.extra_carry
    FROM earn_position AS position
    JOIN ledger_account AS principal ON principal.id = position.principal_account
    LEFT JOIN came AS bonus ON bonus.account_id = position.rewards_account
    LEFT JOIN came AS extra ON extra.account_id = position.extra_account
"""
