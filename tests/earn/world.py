"""
People, products and the verbs of the tests of Earn.

A verb asks for one thing and returns its outcome; refusals come back as they do in a batch.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import db, jobs
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet

#: A Sunday morning; the minute and the day are both under way.
OPENING = datetime(2026, 3, 1, 10, 30, 15, tzinfo=UTC)
A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)
_KEYS = count(1)


def usdt(number):
    return Amount(Decimal(number), "USDT")


LOCKED = {
    "minimum": Decimal(1),
    "apr": Decimal("0.1"),
    "duration_days": 30,
    "redeem_period_days": 1,
    "delivery_hours_min": 48,
    "delivery_hours_max": 72,
    "grace_seconds": 3600,
}


@dataclass(frozen=True)
class World:
    alice: int
    bob: int

    @classmethod
    def build(cls, money="5000"):
        """Two people with the same money; FLEX at 3 %, LOCK at 10 % for 30 days, BTC at 0.2 %."""
        assets.register(
            [assets.Asset(code="USDT", name="Tether", ledger_decimals=18),
             assets.Asset(code="BTC", name="Bitcoin")]
        )  # fmt: skip
        people = {}
        for name in ("alice", "bob"):
            people[name] = accounts.open_account(
                email=f"{name}@example.org", password="pass word", at=OPENING
            )
            credit = wallet.Credit(account_id=people[name], amount=usdt(money), key=name)
            wallet.credit_one(credit, at=OPENING)
        world = cls(**people)
        world.publish("FLEX", minimum=Decimal("0.1"))
        earn.set_rate(product_code="FLEX", apr=Decimal("0.03"), at=OPENING)
        world.publish("LOCK", **LOCKED)
        return world

    def publish(self, code, kind=None, *, asset="USDT", at=OPENING, **offer):
        kind = kind or ("LOCKED" if "apr" in offer else "FLEXIBLE")
        earn.publish(
            code=code, kind=kind, asset=asset, offer=earn.Offer(**offer), effective_from=at
        )

    def subscription(self, amount, product="FLEX", *, who=None, key=None):
        return earn.Subscription(
            account_id=self.alice if who is None else who,
            product_code=product,
            amount=amount if isinstance(amount, Amount) else usdt(amount),
            key=key or f"s{next(_KEYS)}",
        )

    def subscribe(self, amount, product="FLEX", *, at=OPENING, **about):
        """Return the position, or the refusal."""
        [outcome] = earn.subscribe([self.subscription(amount, product, **about)], at=at)
        return outcome.position_id if isinstance(outcome, earn.Subscribed) else outcome

    def redemption(self, position, amount=None, *, who=None, key=None, **about):
        return earn.Redemption(
            account_id=self.alice if who is None else who,
            position_id=position,
            amount=usdt(amount) if isinstance(amount, str) else amount,
            key=key or f"r{next(_KEYS)}",
            **about,
        )

    def redeem(self, position, amount=None, *, at, **about):
        [outcome] = earn.redeem([self.redemption(position, amount, **about)], at=at)
        return outcome

    def quote(self, position, amount=None, *, at, **about):
        amount = usdt(amount) if isinstance(amount, str) else amount
        return earn.quote_redemption(
            account_id=self.alice, position_id=position, amount=amount, at=at, **about
        )

    def confirm(self, quote, *, at):
        """Redeem as the pages do: what the quote said, under its own key."""
        request = earn.Redemption(
            account_id=quote.account_id,
            position_id=quote.position_id,
            amount=None if quote.whole else quote.amount,
            key=quote.key,
            destination=quote.destination,
            quote=quote,
            speed="STANDARD" if quote.speed == "STANDARD" else "FAST",
        )
        [outcome] = earn.redeem([request], at=at)
        return outcome

    def undo(self, redemption, *, at, who=None):
        earn.undo(
            account_id=self.alice if who is None else who,
            redemption_id=redemption.redemption_id,
            at=at,
        )

    def position(self, position, *, at, who=None):
        return earn.get_position(
            account_id=self.alice if who is None else who, position_id=position, at=at
        )

    def balances(self, who=None):
        """Return what a person has: spot, funding, flexible, locked, redeeming, rewards."""
        states = ("spot_available", "funding", "earn_flexible", "earn_locked", "earn_redeeming",
                  "rewards_pending")  # fmt: skip
        found = wallet.balances(account_id=self.alice if who is None else who, at=OPENING)
        [held] = [balance for balance in found if balance.asset == "USDT"]
        return {
            state: amount.number
            for state in states
            if (amount := getattr(held, state)).number
        }  # fmt: skip


def work(at, *, only=None):
    """Let the worker make its round at `at`; return what each job did."""
    return {
        job.name: jobs.run(job, at=at)
        for job in jobs.declared()
        if only is None or job.name == f"earn.{only}"
    }


def work_daily(start, end):
    """Let the worker make its rounds each day of a time, after midnight and after payout."""
    day = start.replace(hour=0, minute=0, second=0, microsecond=0) + A_DAY
    while day <= end:
        work(day + timedelta(seconds=5))
        if day + AN_HOUR <= end:
            work(day + AN_HOUR + timedelta(seconds=5))
        day += A_DAY


#: Everything that an action could change. Times of recording and job notes are no facts.
FACTS = (
    # An account of the book that was made for a refused request is empty, and no fact.
    "SELECT id, code, asset, balance FROM ledger_account WHERE balance <> 0 ORDER BY id",
    "SELECT id, key, kind, digest FROM ledger_journal ORDER BY id",
    "SELECT account_id, journal_id, amount FROM ledger_entry ORDER BY journal_id, account_id",
    "SELECT * FROM earn_position ORDER BY id",
    "SELECT id, status FROM earn_redemption ORDER BY id",
    "SELECT id, position_id, amount FROM earn_subscription ORDER BY id",
)


def everything():
    """Return every fact of the book and of Earn."""
    return [db.rows(statement) for statement in FACTS]
