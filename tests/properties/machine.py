"""Everything a customer, an operator and the clock can do to Earn, done to both."""

import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import db, jobs
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.operations.audits import run as audits
from mooring.wallet import api as wallet
from tests.properties import auditor, model

BEGIN = datetime(2028, 2, 27, 22, 41, 7, tzinfo=UTC)
PEOPLE = ("alice", "bob", "carol")
CODES = {
    "spot": (2110, "USDT"),
    "funding": (2120, "USDT"),
    "flexible": (2130, "USDT"),
    "locked": (2140, "USDT"),
    "redeeming": (2141, "USDT"),
    "rewards": (2150, "USDT"),
    "btc": (2110, "BTC"),
    "btc spent": (2130, "BTC"),
    "btc rewards": (2150, "BTC"),
}

amounts = st.one_of(
    st.sampled_from(["1", "10", "999.99999999", "123.456789012345678901"[:22]]),
    st.decimals(min_value=0, max_value=2000, places=8).map(str),
    st.decimals(min_value=0, max_value=2000, places=18).map(str),
)
people = st.sampled_from(PEOPLE)
#: Moments that matter: a minute, the ends of days, payouts, terms.
spans = st.one_of(
    st.integers(0, 120).map(lambda number: timedelta(seconds=number)),
    st.integers(1, 2000).map(lambda number: timedelta(minutes=number)),
    st.sampled_from([1, 2, 3, 5, 8]).map(lambda number: timedelta(days=number)),
)
LOCKED = {
    "SHORT": {"days": 3, "redeem_days": 0, "claw_back": "PRO_RATA", "apr": "0.77",
              "in_parts": True},
    "WEEK": {"days": 7, "redeem_days": 1, "claw_back": "DISTRIBUTED_AND_ACCRUED", "apr": "0.1",
             "in_parts": True},
    "KEEP": {"days": 5, "redeem_days": 2, "claw_back": "NONE", "apr": "3.65", "fee": "0.004",
             "in_parts": True},
    "LOSE": {"days": 5, "redeem_days": 1, "claw_back": "ACCRUED_ONLY", "apr": "0.2",
             "quota": "900"},
    "APART": {"days": 6, "redeem_days": 1, "claw_back": "PRO_RATA", "apr": "0.4", "fee": "0.001",
              "in_parts": True, "reward_asset": "BTC"},
    "AGAIN": {"days": 4, "redeem_days": 0, "claw_back": "DISTRIBUTED_AND_ACCRUED", "apr": "70",
              "in_parts": True, "reward_asset": "BTC"},
}  # fmt: skip


STAKED = (
    ("alice", "WEEK", "1000"),
    ("alice", "FLEX", "700.7"),
    ("bob", "KEEP", "333.333333333333333333"),
    ("bob", "STAY", "100"),
    ("carol", "SHORT", "51.7"),
    ("carol", "LOSE", "600"),
    ("alice", "APART", "400"),
    ("bob", "AGAIN", "33.3"),
    ("carol", "APART", "77.777777777"),
)


def usdt(number):
    return Amount(Decimal(number), "USDT")


@dataclass
class World:
    """What is there before anybody acts; made once, because people's passwords take time."""

    ids: dict
    products: dict

    @classmethod
    def build(cls):
        assets.register([assets.Asset(code="USDT", name="Tether", ledger_decimals=18),
                         assets.Asset(code="BTC", name="Bitcoin")])  # fmt: skip
        usd = {"USDT": Decimal(1), "BTC": Decimal(float(model.BTC_PRICE)).quantize(Decimal("0.1"))}
        assets.quote_prices(
            assets.Quote(asset=asset, usd=price, valid_from=BEGIN, source="test")
            for asset, price in usd.items()
        )
        ids = {
            name: accounts.open_account(email=f"{name}@e.org", password="pass word", at=BEGIN)
            for name in PEOPLE
        }
        offer("FLEX", minimum="1")
        offer("STAY", minimum="5", minimum_remaining="20", fee_rate="0.0015")
        products = {
            "FLEX": model.Product(minimum=Fraction(1)),
            "STAY": model.Product(
                minimum=Fraction(5), remaining=Fraction(20), fee=Fraction("0.0015")
            ),
        }
        # Where rewards go that are spent.
        offer("SPEND", asset="BTC", minimum="0.00000001")
        earn.set_rate(product_code="SPEND", apr=Decimal(0), at=BEGIN)
        for code, apr in (("FLEX", "0.03"), ("STAY", "0.7")):
            earn.set_rate(product_code=code, apr=Decimal(apr), at=BEGIN)
            products[code].rates.append((model.minute(BEGIN), Fraction(apr)))
        for code, terms in LOCKED.items():
            products[code] = offer_locked(code, **terms)
        return cls(ids, products)


_WORDS = {"claw_back", "early_redemption", "reward_asset"}


def offer(code, kind="FLEXIBLE", *, asset="USDT", **terms):
    texts = {
        name: Decimal(value) if isinstance(value, str) and name not in _WORDS else value
        for name, value in terms.items()
    }
    earn.publish(code=code, kind=kind, asset=asset, offer=earn.Offer(**texts), effective_from=BEGIN)


def offer_locked(
    code, *, days, redeem_days, claw_back, apr, fee="0", quota=None, in_parts=False,
    reward_asset=None,
):  # fmt: skip
    offer(
        code, "LOCKED", minimum="1", apr=apr, duration_days=days, fee_rate=fee,
        redeem_period_days=redeem_days, claw_back=claw_back, quota_per_person=quota,
        delivery_hours_min=48, delivery_hours_max=72, grace_seconds=7200,
        early_redemption="PARTIAL" if in_parts else "ALLOWED", reward_asset=reward_asset,
    )  # fmt: skip
    return model.Product(
        minimum=Fraction(1), apr=Fraction(apr), days=days, redeem_days=redeem_days,
        claw_back=claw_back, fee=Fraction(fee), hours=(48, 72), grace=timedelta(hours=2),
        quota=None if quota is None else Fraction(quota), in_parts=in_parts,
        pays_btc=reward_asset is not None,
    )  # fmt: skip


class Machine(RuleBasedStateMachine):
    """The product beside the model; after every step they agree and the auditor is content."""

    world: World

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        # As Django's own test cases do: a durable transaction may be nested in this one.
        self.block._from_testcase = True
        self.block.__enter__()
        self.keys = count(1)
        self.now = BEGIN
        self.quotes, self.requests = [], []

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def begin(self):
        """Everybody begins with money, and with it in products: that is where things happen."""
        products = copy.deepcopy(self.world.products)
        self.ids = self.world.ids
        self.model = model.Model(products, PEOPLE)
        for name in PEOPLE:
            self.deposit(name, "2500")
        for name, code, amount in STAKED:
            self.subscribe(name, code, amount)

    # --- what happens ---

    @rule(name=people, amount=amounts)
    def deposit(self, name, amount):
        if not Decimal(amount):
            return
        key = f"d{next(self.keys)}"
        credit = wallet.Credit(account_id=self.ids[name], amount=usdt(amount), key=key)
        wallet.credit_one(credit, at=self.now)
        self.model.wallets[name, "spot"] += Fraction(amount)

    @rule(name=people, code=st.sampled_from(["FLEX", "STAY", *LOCKED]), amount=amounts)
    def subscribe(self, name, code, amount):
        request = earn.Subscription(
            account_id=self.ids[name],
            product_code=code,
            amount=usdt(amount),
            key=f"s{next(self.keys)}",
        )
        [outcome] = earn.subscribe([request], at=self.now)
        if not Decimal(amount):
            assert type(outcome) is earn.AmountNotPositive
            return
        id_ = getattr(outcome, "position_id", None)
        expected = self.model.subscribe(name, code, Fraction(amount), at=self.now, id_=id_)
        self.agree(outcome, expected)

    @rule(name=people, share=st.sampled_from(["0.3", "1"]))
    def spend_rewards(self, name, share):
        there = self.model.wallets[name, "btc"] * Fraction(share)
        amount = (Decimal(there.numerator) / there.denominator).quantize(
            Decimal("1e-8"), rounding="ROUND_FLOOR"
        )
        if not amount:
            return
        request = earn.Subscription(
            account_id=self.ids[name], product_code="SPEND", amount=Amount(amount, "BTC"),
            key=f"b{next(self.keys)}",
        )  # fmt: skip
        [outcome] = earn.subscribe([request], at=self.now)
        assert isinstance(outcome, earn.Subscribed)
        self.model.wallets[name, "btc"] -= Fraction(amount)
        self.model.wallets[name, "btc spent"] += Fraction(amount)

    @rule(span=spans)
    def pass_time(self, span):
        self.now += span

    @rule(days=st.integers(1, 3), hours=st.sampled_from([0, 3]))
    def live(self, days, hours):
        """Days go by, and the worker is there every night, before and after the payout."""
        for _day in range(days):
            self.now = model.midnight(self.now) + model.DAY + timedelta(minutes=5)
            self.work()
            self.now += timedelta(hours=hours)
            self.work()

    @rule(before=st.sampled_from([0, 1, 61]))
    def pass_to_midnight(self, before):
        target = model.midnight(self.now) + model.DAY - timedelta(seconds=before)
        self.now = max(self.now, target)

    @rule()
    def work(self):
        for job in jobs.declared():
            if job.name.startswith("earn."):
                jobs.run(job, at=self.now)
        self.model.work(self.now)

    @rule(code=st.sampled_from(["FLEX", "STAY"]), apr=st.sampled_from(["0", "0.02", "0.4", "2"]))
    def change_rate(self, code, apr):
        rates = self.model.products[code].rates
        minute = model.minute(self.now)
        try:
            earn.set_rate(product_code=code, apr=Decimal(apr), at=self.now)
        except earn.RateInThePast:
            assert rates[-1][0] == minute
            assert rates[-1][1] != Fraction(apr)
            return
        if rates[-1][1] != Fraction(apr):
            rates.append((minute, Fraction(apr)))

    # --- leaving ---

    @precondition(lambda self: self.model.positions)
    @rule(
        pick=st.randoms(use_true_random=False),
        share=st.sampled_from(["all", "1", "5", "9", "x"]),
        stranger=st.sampled_from([False, False, False, True]),
        destination=st.sampled_from(["SPOT", "FUNDING"]),
    )
    def redeem(self, pick, share, stranger, destination):
        id_ = pick.choice(sorted(self.model.positions))
        position = self.model.positions[id_]
        name = pick.choice(PEOPLE) if stranger else position.owner
        amount = self.amount_of(position, share)
        request = earn.Redemption(
            account_id=self.ids[name],
            position_id=id_,
            amount=amount,
            key=f"r{next(self.keys)}",
            destination=destination,
        )
        [outcome] = earn.redeem([request], at=self.now)
        self.expect(name, request, outcome)

    def in_parts(self, position):
        return not self.model.locks(position) or self.model.products[position.product].in_parts

    def amount_of(self, position, share):
        if share == "all":
            return None
        factor = {"1": "0.1", "5": "0.5", "9": "0.97", "x": "1.5"}[share]
        principal = Decimal(position.principal.numerator) / position.principal.denominator
        return usdt((principal * Decimal(factor)).quantize(Decimal("1e-8")))

    def expect(self, name, request, outcome, until=None):
        expected = self.model.redeem(
            name,
            request.position_id,
            None if request.amount is None else Fraction(request.amount.number),
            at=self.now,
            exit_id=getattr(outcome, "redemption_id", None),
            wallet=request.destination.lower(),
            until=until,
        )
        self.agree(outcome, expected)
        if expected is None:
            assert Fraction(outcome.net.number) == self.model.exits[outcome.redemption_id].net
            assert outcome.type == self.model.exits[outcome.redemption_id].type
            self.requests.append((request, outcome))

    @precondition(lambda self: self.model.positions)
    @rule(pick=st.randoms(use_true_random=False), sizes=st.lists(st.sampled_from("15x"), min_size=2,
          max_size=4))  # fmt: skip
    def redeem_many(self, pick, sizes):
        """A batch: each request sees what the ones before it did."""
        requests = []
        for share in sizes:
            id_ = pick.choice(sorted(self.model.positions))
            position = self.model.positions[id_]
            amount = self.amount_of(position, share) if self.in_parts(position) else None
            requests.append(
                earn.Redemption(
                    account_id=self.ids[position.owner],
                    position_id=id_,
                    amount=amount,
                    key=f"r{next(self.keys)}",
                )
            )
        outcomes = earn.redeem(requests, at=self.now)
        for request, outcome in zip(requests, outcomes, strict=True):
            self.expect(self.model.positions[request.position_id].owner, request, outcome)

    @precondition(lambda self: self.model.positions)
    @rule(pick=st.randoms(use_true_random=False), share=st.sampled_from(["all", "1", "9"]))
    def quote(self, pick, share):
        id_ = pick.choice(sorted(self.model.positions))
        position = self.model.positions[id_]
        amount = self.amount_of(position, share) if self.in_parts(position) else None
        try:
            quote = earn.quote_redemption(
                account_id=self.ids[position.owner], position_id=id_, amount=amount, at=self.now
            )
        except Refusal:
            return
        self.quotes.append((quote, position.changes))

    @precondition(lambda self: self.quotes)
    @rule()
    def confirm(self):
        """Either exactly what was quoted happens, or nothing does and the customer is told."""
        quote, changes = self.quotes.pop()
        position = self.model.positions[quote.position_id]
        request = earn.Redemption(
            account_id=quote.account_id,
            position_id=quote.position_id,
            amount=None if quote.whole else quote.amount,
            key=quote.key,
            quote=quote,
        )
        [outcome] = earn.redeem([request], at=self.now)
        if isinstance(outcome, earn.QuoteExpired):
            assert self.now >= quote.valid_until
            return
        assert self.now < quote.valid_until
        if isinstance(outcome, earn.QuoteChanged):
            # Never for nothing: the customer did something, or a day ended since.
            new_day = model.midnight(self.now) > model.midnight(quote.quoted_at)
            payout = self.now.hour != quote.quoted_at.hour
            spent = quote.rewards_apart is not None
            assert position.changes != changes or new_day or payout or spent
            return
        assert position.changes == changes
        assert outcome.net == quote.net
        self.expect(position.owner, request, outcome, until=quote.minute)

    @precondition(lambda self: self.requests)
    @rule(pick=st.randoms(use_true_random=False))
    def ask_again(self, pick):
        """A lost answer: the same request is the same answer and moves nothing."""
        request, first = pick.choice(self.requests)
        [again] = earn.redeem([request], at=self.now)
        assert (again.replayed, again.redemption_id) == (True, first.redemption_id)

    @precondition(lambda self: self.requests)
    @rule(pick=st.randoms(use_true_random=False), newest=st.booleans())
    def undo(self, pick, newest):
        _, done = self.requests[-1] if newest else pick.choice(self.requests)
        owner = self.model.positions[self.model.exits[done.redemption_id].position].owner
        refusal = None
        try:
            earn.undo(account_id=self.ids[owner], redemption_id=done.redemption_id, at=self.now)
        except Refusal as error:
            refusal = error
        self.agree(refusal, self.model.undo(owner, done.redemption_id, at=self.now))

    @rule(pick=st.randoms(use_true_random=False), minutes=st.integers(1, 130))
    def leave_and_think_again(self, pick, minutes):
        locked = [
            id_
            for id_, position in self.model.positions.items()
            if self.model.locks(position) and position.status == "HOLDING"
        ]
        if not locked:
            return
        id_ = pick.choice(sorted(locked))
        owner = self.model.positions[id_].owner
        request = earn.Redemption(
            account_id=self.ids[owner], position_id=id_, amount=None, key=f"r{next(self.keys)}"
        )
        [outcome] = earn.redeem([request], at=self.now)
        self.expect(owner, request, outcome)
        self.now += timedelta(minutes=minutes)
        self.undo(pick, newest=True)

    # --- what must be true ---

    def agree(self, outcome, expected):
        refusal = type(outcome).__name__ if isinstance(outcome, Refusal) else None
        assert refusal == expected

    @invariant()
    def the_book_says_what_the_model_says(self):
        book = {
            (owner, (code, asset)): Fraction(balance)
            for owner, code, asset, balance in db.rows(
                "SELECT owner_id, code, asset, sum(balance) FROM ledger_account"
                " WHERE owner_id IS NOT NULL GROUP BY owner_id, code, asset"
            )
        }
        for name in PEOPLE:
            held = self.model.held(name)
            found = {what: book.get((self.ids[name], code), 0) for what, code in CODES.items()}
            assert found == held, name

    @invariant()
    def positions_are_as_far_as_the_model_says(self):
        found = db.rows(
            "SELECT position.id, status, days_accrued, days_paid, carry"
            " FROM earn_position AS position"
            " INNER JOIN earn_product AS product ON product.id = position.product_id"
            " WHERE product.code <> 'SPEND'"
        )
        assert len(found) == len(self.model.positions)
        for id_, status, accrued, paid, carry in found:
            position = self.model.positions[id_]
            assert status == position.status
            if self.model.locks(position):
                assert (accrued, paid) == (position.accrued, position.paid)
            else:
                kept = position.claim - position.principal
                assert abs(Fraction(carry) - kept) < model.HAIR

    @invariant()
    def the_auditor_is_content(self):
        assert auditor.broken() == {}
        assert [finding for finding in audits.findings() if finding.rows] == []
