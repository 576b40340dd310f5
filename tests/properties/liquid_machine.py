"""Liquid staking beside an account of it in fractions that shares no code."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from math import ceil, floor

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import db, jobs
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.wallet import api as wallet
from tests.properties import auditor

BEGIN = datetime(2028, 2, 28, 21, 3, 7, tzinfo=UTC)
PEOPLE = ("alice", "bob")
UNIT = Fraction(1, 10**8)
FINEST = Fraction(1, 10**18)
MINIMUM, A_DAY_AT_MOST = Fraction("0.0001"), Fraction(20)
HOURS = (48, 96)
MOVES = tuple(earn.StakeMove)
#: By move: the account it leaves and the account it reaches; income and loss are without end.
WAYS = {
    "BOND": ("hot", "staked"), "UNBOND": ("staked", "unbonding"), "UNBONDED": ("unbonding", "hot"),
    "REWARD": (None, "claimable"), "CLAIM": ("claimable", "hot"), "SLASH": ("staked", None),
}  # fmt: skip
CODES = {"hot": 1010, "staked": 1030, "unbonding": 1031, "claimable": 1032}

amounts = st.one_of(
    st.sampled_from(["0.0001", "0.00009999", "1", "32", "7.123456789012345678", "0"]),
    st.decimals(min_value=0, max_value=60, places=8).map(str),
    st.decimals(min_value=0, max_value=60, places=18).map(str),
)
steps = st.decimals(min_value=0, max_value=Decimal("0.01"), places=18).map(str)
people = st.sampled_from(PEOPLE)


def money(number, asset="ETH"):
    return Amount(Decimal(number), asset)


def build():
    """Make people and the product; once, because passwords take time."""
    assets.register(
        [assets.Asset(code="ETH", name="Ether", ledger_decimals=18),
         assets.Asset(code="WBETH", name="Wrapped Beacon ETH")]
    )  # fmt: skip
    ids = {
        name: accounts.open_account(email=f"{name}@e.org", password="pass word", at=BEGIN)
        for name in PEOPLE
    }
    offer = earn.Offer(
        minimum=Decimal("0.0001"), daily_limit_per_person=Decimal(int(A_DAY_AT_MOST))
    )
    earn.publish_liquid(code="ETH2", asset="ETH", token="WBETH", offer=offer, effective_from=BEGIN)
    earn.publish_ratio(product_code="ETH2", ratio=Decimal("1.0791"), effective_from=BEGIN, at=BEGIN)
    earn.publish_unbonding(
        asset="ETH", hours_min=HOURS[0], hours_max=HOURS[1], effective_from=BEGIN, at=BEGIN
    )
    return ids


@dataclass
class Model:
    """What everybody should have; `grown` is what risen ratios added to tokens held meanwhile."""

    ratio: Fraction = Fraction("1.0791")
    spot: dict = field(default_factory=lambda: dict.fromkeys(PEOPLE, Fraction(0)))
    tokens: dict = field(default_factory=lambda: dict.fromkeys(PEOPLE, Fraction(0)))
    leaving: list = field(default_factory=list)
    used: dict = field(default_factory=dict)
    stake: dict = field(default_factory=lambda: dict.fromkeys(CODES, Fraction(0)))
    brought: Fraction = Fraction(0)
    grown: Fraction = Fraction(0)
    roundings: int = 0

    def owed(self, name):
        return sum((net for who, _, net in self.leaving if who == name), Fraction(0))

    def wealth(self):
        return sum(
            self.spot[name] + self.tokens[name] * self.ratio + self.owed(name) for name in PEOPLE
        )


class LiquidMachine(RuleBasedStateMachine):
    """The product beside the model; after every step they agree and the auditor is content."""

    ids: dict

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        # As Django's own test cases do: a durable transaction may be nested in this one.
        self.block._from_testcase = True
        self.block.__enter__()
        self.keys, self.now, self.model = count(1), BEGIN, Model()
        self.positions, self.asked = {}, []

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def begin(self):
        for name in PEOPLE:
            self.deposit(name, "100.000000000000000001")
            self.stake(name, "32.4")

    # --- customers ---

    @rule(name=people, amount=amounts)
    def deposit(self, name, amount):
        if not Decimal(amount):
            return
        credit = wallet.Credit(
            account_id=self.ids[name], amount=money(amount), key=f"d{next(self.keys)}"
        )
        wallet.credit_one(credit, at=self.now)
        self.model.spot[name] += Fraction(amount)
        self.model.stake["hot"] += Fraction(amount)
        self.model.brought += Fraction(amount)

    @rule(name=people, amount=amounts)
    def stake(self, name, amount):
        request = earn.Subscription(
            account_id=self.ids[name],
            product_code="ETH2",
            amount=money(amount),
            key=f"s{next(self.keys)}",
        )
        [outcome] = earn.stake([request], at=self.now)
        number, model = Fraction(amount), self.model
        tokens = floor(number / model.ratio / UNIT) * UNIT
        cost = ceil(tokens * model.ratio / FINEST) * FINEST
        if number <= 0:
            return self.refused(outcome, earn.AmountNotPositive)
        if number < MINIMUM or not tokens:
            return self.refused(outcome, earn.BelowMinimum)
        if cost > model.spot[name]:
            return self.refused(outcome, ledger.InsufficientFunds)
        assert (Fraction(outcome.tokens.number), Fraction(outcome.cost.number)) == (tokens, cost)
        model.spot[name] -= cost
        model.tokens[name] += tokens
        model.roundings += 1
        self.positions[name] = outcome.position_id
        self.asked.append((request, outcome))
        return None

    @precondition(lambda self: self.positions)
    @rule(name=people, share=st.sampled_from(["all", "0.5", "0.01", "1.5", "unit", "0"]))
    def unstake(self, name, share):
        held = self.model.tokens[name]
        if share == "all":
            tokens, number = None, held
        else:
            number = UNIT if share == "unit" else floor(held * Fraction(share) / UNIT) * UNIT
            tokens = money(Decimal(int(number / UNIT)).scaleb(-8), "WBETH")
        request = earn.Unstaking(
            account_id=self.ids[name],
            position_id=self.positions[name],
            tokens=tokens,
            key=f"u{next(self.keys)}",
        )
        [outcome] = earn.unstake([request], at=self.now)
        self.left(name, number, outcome)

    def left(self, name, number, outcome):
        model, day = self.model, (name, self.now.date())
        net = floor(number * model.ratio / UNIT) * UNIT
        if number <= 0:
            return self.refused(outcome, earn.AmountNotPositive)
        if number > model.tokens[name]:
            return self.refused(outcome, earn.AmountExceedsPosition)
        if net < UNIT:
            return self.refused(outcome, earn.BelowRedeemMinimum)
        if net > A_DAY_AT_MOST - model.used.get(day, 0):
            return self.refused(outcome, earn.AboveDailyQuota)
        assert Fraction(outcome.net.number) == net
        assert outcome.arrives_from == self.now + timedelta(hours=HOURS[0])
        model.tokens[name] -= number
        model.used[day] = model.used.get(day, 0) + net
        model.leaving.append((name, outcome.arrives_from, net))
        model.roundings += 1
        return None

    @precondition(lambda self: self.asked)
    @rule(pick=st.randoms(use_true_random=False))
    def ask_again(self, pick):
        """A lost answer: the same request is the same answer and moves nothing."""
        request, first = pick.choice(self.asked)
        [again] = earn.stake([request], at=self.now)
        assert (again.replayed, again.tokens) == (True, first.tokens)

    def refused(self, outcome, kind):
        assert type(outcome) is kind, outcome

    # --- the platform, the chain and the clock ---

    @rule(step=steps, hours=st.integers(1, 40))
    def raise_ratio(self, step, hours):
        """Protocols pay, and the ratio says so a moment later."""
        risen = Fraction(step)
        tokens = sum(self.model.tokens.values())
        earned = ceil(tokens * risen / UNIT) * UNIT
        if earned:
            self.move("REWARD", Decimal(int(earned / UNIT)).scaleb(-8))
        self.now += timedelta(hours=hours)
        self.model.ratio += risen
        self.model.grown += tokens * risen
        ratio = Decimal(self.model.ratio.numerator) / Decimal(self.model.ratio.denominator)
        earn.publish_ratio(product_code="ETH2", ratio=ratio, effective_from=self.now, at=self.now)

    @rule(by=st.sampled_from(["0", "0.000000000000000001", "0.3"]))
    def let_it_fall(self, by):
        """No ratio falls, whoever publishes it."""
        ratio = self.model.ratio - Fraction(by)
        text = Decimal(ratio.numerator) / Decimal(ratio.denominator)
        self.now += timedelta(minutes=1)
        try:
            earn.publish_ratio(
                product_code="ETH2", ratio=text, effective_from=self.now, at=self.now
            )
        except earn.RatioFalls:
            assert Fraction(by)
        else:
            assert not Fraction(by)

    @rule(move=st.sampled_from(MOVES), amount=amounts)
    def move_stake(self, move, amount):
        """Penalties are left out: they are the platform's loss and leave tokens short."""
        if Decimal(amount) and move != "SLASH":
            self.move(move, Decimal(amount))

    def move(self, move, amount):
        source, target = WAYS[move]
        number, stake = Fraction(amount), self.model.stake
        refusal = None
        try:
            earn.move_stake(
                earn.StakeMove(move), money(amount), key=f"m{next(self.keys)}", at=self.now
            )
        except earn.StakeTooSmall as error:
            refusal = error
        if refusal is not None:
            assert Fraction(refusal.held.number) == stake[source] < number
            return
        if source:
            assert stake[source] >= number
            stake[source] -= number
        if target:
            stake[target] += number

    @rule(hours=st.sampled_from([0, 1, 3, 47, 48, 96]))
    def settle(self, hours):
        self.now += timedelta(hours=hours)
        [job] = [job for job in jobs.declared() if job.name == "earn.settle"]
        jobs.run(job, at=self.now)
        for name, due, net in [one for one in self.model.leaving if one[1] <= self.now]:
            self.model.leaving.remove((name, due, net))
            self.model.spot[name] += net

    # --- what must be true ---

    @invariant()
    def the_book_says_what_the_model_says(self):
        book = {
            (owner, code, asset): Fraction(balance)
            for owner, code, asset, balance in db.rows(
                "SELECT owner_id, code, asset, sum(balance) FROM ledger_account"
                " WHERE owner_id IS NOT NULL GROUP BY owner_id, code, asset"
            )
        }
        for name, id_ in self.ids.items():
            kinds = ((2110, "ETH"), (2110, "WBETH"), (2145, "ETH"))
            found = [book.get((id_, code, asset), 0) for code, asset in kinds]
            model = self.model
            assert found == [model.spot[name], model.tokens[name], model.owed(name)], name
        for place, code in CODES.items():
            held = -ledger.platform_balance(code=ledger.Code(code), asset="ETH")
            assert Fraction(held) == self.model.stake[place], place

    @invariant()
    def nothing_was_created(self):
        """What people have is what came and what ratios added, less a unit for each rounding."""
        model = self.model
        rest = model.brought + model.grown - model.wealth()
        assert 0 <= rest < model.roundings * UNIT + FINEST

    @invariant()
    def tokens_are_backed(self):
        model = self.model
        owed = sum(model.spot[name] + model.owed(name) for name in PEOPLE)
        tokens = sum(model.tokens.values())
        assert tokens * model.ratio <= sum(model.stake.values()) - owed

    @invariant()
    def the_auditor_is_content(self):
        assert auditor.broken() == {}
