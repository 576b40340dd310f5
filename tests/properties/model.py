"""
Earn as it should be, in memory: an account of the same promises that shares no code.

Figures are fractions, so nothing rounds unless a promise says so. Every verb returns what a
customer is told: the name of a refusal, or the figures. Written from the domain rules (§1.2,
§1.3, §2.2, §2.3), not from the product.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor

DAY = timedelta(days=1)
UNIT = Fraction(1, 10**8)
#: What the book's thirty decimals may lack of the exact claim, with room.
HAIR = Fraction(1, 10**20)
_FINE = 10**45
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def floored(number):
    return floor(number / UNIT) * UNIT


def ceiled(number):
    return ceil(number / UNIT) * UNIT


def minute(at):
    return int((at - _EPOCH).total_seconds()) // 60


def midnight(at):
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def power(base, exponent):
    """Return base ** exponent to 45 decimals, by squaring."""
    result, square = _FINE, round(base * _FINE)
    while exponent:
        if exponent & 1:
            result = result * square // _FINE
        square, exponent = square * square // _FINE, exponent >> 1
    return Fraction(result, _FINE)


@dataclass
class Product:
    """`rates` are (from minute, yearly rate), flexible only; the others say what locks."""

    minimum: Fraction
    rates: list = field(default_factory=list)
    remaining: Fraction = Fraction(0)
    quota: Fraction | None = None
    fee: Fraction = Fraction(0)
    apr: Fraction | None = None
    days: int = 0
    redeem_days: int = 0
    claw_back: str = "DISTRIBUTED_AND_ACCRUED"
    hours: tuple = (0, 0)
    grace: timedelta = timedelta(0)
    in_parts: bool = False
    #: Locked: rewards are bitcoin, not the asset.
    pays_btc: bool = False

    @property
    def reward_wallet(self):
        return "btc" if self.pays_btc else "spot"

    def grown(self, start, end):
        """Return what one unit becomes from one minute to another."""
        total = Fraction(1)
        turns = [*self.rates[1:], (end, None)]
        for (since, apr), (until, _) in zip(self.rates, turns, strict=True):
            span = min(end, until) - max(start, since)
            if span > 0:
                total *= power(1 + apr / 525_600, span)
        return Fraction(round(total * _FINE), _FINE)

    def reward(self, principal, days):
        return floored(principal * self.apr * days / 365)


@dataclass
class Position:
    owner: str
    product: str
    principal: Fraction
    opened: datetime
    status: str = "HOLDING"
    exit: str = ""
    #: Flexible: what it is worth exactly, and until which minute.
    claim: Fraction = Fraction(0)
    until: int = 0
    #: Locked.
    put_in: Fraction = Fraction(0)
    accrued: int = 0
    paid: int = 0
    changes: int = 1


@dataclass
class Exit:
    position: int
    net: Fraction
    wallet: str
    arrives: datetime
    undo_until: datetime | None
    status: str = "PENDING"
    type: str = ""
    #: Locked and early: what left, the days paid by then, and whether something stayed.
    amount: Fraction = Fraction(0)
    paid: int = 0
    is_part: bool = False
    #: Where rewards are bitcoin: those taken back out of the wallet, and those kept.
    btc_back: Fraction = Fraction(0)
    btc_kept: Fraction = Fraction(0)


class Model:
    def __init__(self, products, owners):
        self.products = products
        self.wallets = {(owner, name): Fraction(0) for owner in owners for name in WALLETS}
        self.positions = {}
        self.exits = {}

    # --- facts ---

    def locks(self, position):
        return self.products[position.product].apr is not None

    def ends(self, position):
        return midnight(position.opened) + (1 + self.products[position.product].days) * DAY

    def days_ended(self, position, at):
        started = midnight(position.opened) + DAY
        return max(0, min((at - started) // DAY, self.products[position.product].days))

    def held(self, owner):
        """Return what a customer has: wallets, flexible, locked, redeeming, pending rewards."""
        mine = [position for position in self.positions.values() if position.owner == owner]
        locked = [position for position in mine if self.locks(position)]
        coming = [e for e in self.exits.values() if e.status == "PENDING"]
        found = {name: self.wallets[owner, name] for name in WALLETS}
        found["flexible"] = sum(p.principal for p in mine if not self.locks(p))
        found["locked"] = sum(p.principal for p in locked)
        found["redeeming"] = sum(e.net for e in coming if self.positions[e.position].owner == owner)
        for name, pays_btc in (("rewards", False), ("btc rewards", True)):
            found[name] = sum(
                self.products[p.product].reward(p.put_in, p.accrued)
                - self.products[p.product].reward(p.put_in, p.paid)
                for p in locked
                if p.exit != "EARLY" and self.products[p.product].pays_btc == pays_btc
            )
        found["btc rewards"] += sum(
            e.btc_kept for e in coming if self.positions[e.position].owner == owner
        )
        return found

    def touch(self, position, until):
        """Let a flexible position earn up to a minute; return what was credited."""
        if until <= position.until:
            return Fraction(0)
        grown = position.claim * self.products[position.product].grown(position.until, until)
        position.claim, position.until = Fraction(floor(grown * _FINE), _FINE), until
        # A claim that hits the unit exactly shows a minute later: growths are floored.
        credited = max(Fraction(0), floored(position.claim - position.principal - HAIR))
        position.principal += credited
        return credited

    # --- verbs ---

    def subscribe(self, owner, name, amount, *, at, id_):
        """Return a refusal; or None, then the money is in position `id_`."""
        product = self.products[name]
        held = sum(
            p.principal
            for p in self.positions.values()
            if (p.owner, p.product, p.status) == (owner, name, "HOLDING")
        )
        if amount < product.minimum:
            return "BelowMinimum"
        if product.quota is not None and held + amount > product.quota:
            return "AboveQuota"
        if amount > self.wallets[owner, "spot"]:
            return "InsufficientFunds"
        self.wallets[owner, "spot"] -= amount
        live = self.live(owner, name)
        if live is not None:
            self.touch(live, minute(at))
            live.principal, live.claim = live.principal + amount, live.claim + amount
            live.changes += 1
        else:
            self.positions[id_] = Position(
                owner, name, amount, at, claim=amount, until=minute(at), put_in=amount
            )
        return None

    def live(self, owner, name):
        for position in self.positions.values():
            same = (position.owner, position.product, position.status) == (owner, name, "HOLDING")
            if same and not self.locks(position):
                return position
        return None

    def redeem(self, owner, id_, amount, *, at, exit_id, wallet="spot", until=None):
        """Return a refusal, or None; `amount` None is everything, `until` a quote's minute."""
        position = self.positions.get(id_)
        if position is None or position.owner != owner:
            return "PositionNotFound"
        if position.status != "HOLDING":
            return "PositionNotHolding"
        if self.locks(position):
            leaves = position.principal if amount is None else amount
            refusal = self.refuse_part(position, leaves, at)
            if refusal is None:
                self.leave_locked(id_, position, leaves, at=at, exit_id=exit_id, wallet=wallet)
            return refusal
        product = self.products[position.product]
        before = (position.principal, position.claim, position.until)
        self.touch(position, max(minute(at) if until is None else until, position.until))
        leaves = position.principal if amount is None else amount
        refusal = None
        if leaves <= 0:
            refusal = "AmountNotPositive"
        elif leaves > position.principal:
            refusal = "AmountExceedsPosition"
        elif 0 < position.principal - leaves < product.remaining:
            refusal = "BelowMinimumRemaining"
        if refusal:
            position.principal, position.claim, position.until = before
            return refusal
        net = leaves - min(ceiled(leaves * product.fee), leaves)
        position.principal -= leaves
        position.claim -= leaves
        position.changes += 1
        self.wallets[owner, wallet] += net
        if not position.principal:
            position.status, position.exit, position.claim = "PAID", "FLEXIBLE", Fraction(0)
        self.exits[exit_id] = Exit(id_, net, wallet, at, None, "PAID", "FLEXIBLE")
        return None

    def refuse_part(self, position, leaves, at):
        if leaves == position.principal:
            return None
        if at >= self.ends(position) or not self.products[position.product].in_parts:
            return "WholePositionOnly"
        if leaves <= 0:
            return "AmountNotPositive"
        return "AmountExceedsPosition" if leaves > position.principal else None

    def leave_locked(self, id_, position, leaves, *, at, exit_id, wallet):
        product = self.products[position.product]
        ends = self.ends(position)
        position.changes += 1
        if at >= ends:
            arrives = max(at, ends + product.redeem_days * DAY)
            self.exits[exit_id] = Exit(id_, leaves, wallet, arrives, None, type="MATURE")
            position.exit = "MATURE"
        else:
            net, back, kept = self.worth_leaving(position, leaves, at)
            self.wallets[position.owner, "btc"] -= back
            arrives = at + timedelta(hours=product.hours[0])
            undo = at + product.grace if product.grace else None
            self.exits[exit_id] = Exit(
                id_, net, wallet, arrives, undo, type="EARLY", amount=leaves, paid=position.paid,
                is_part=leaves < position.principal, btc_back=back, btc_kept=kept,
            )  # fmt: skip
            if leaves < position.principal:
                position.principal -= leaves
                position.put_in -= leaves
                return
            position.exit = "EARLY"
        position.status, position.principal = "REDEEMING", Fraction(0)

    def left_later(self, undone):
        """Return how what left the position after this, and has not come back, left it."""
        exits = [e for e in self.exits.values() if e.position == undone.position]
        later = exits[exits.index(undone) + 1 :]
        return {e.type for e in later if e.status != "CANCELLED"}

    def earned_by(self, position, part, days):
        """Return what a part of a locked position earned: all of it less what stays."""
        product = self.products[position.product]
        return product.reward(position.put_in, days) - product.reward(position.put_in - part, days)

    def worth_leaving(self, position, leaves, at):
        """
        Return what arrives when a locked position, or a part of it, is left before its end.

        And of bitcoin, what the wallet gives back at once, and what arrives with the rest.
        """
        product = self.products[position.product]
        days = max(self.days_ended(position, at), position.accrued)
        paid = self.earned_by(position, leaves, position.paid)
        accrued = self.earned_by(position, leaves, days) - paid
        keeps_paid, keeps_accrued = {
            "DISTRIBUTED_AND_ACCRUED": (Fraction(0), Fraction(0)),
            "ACCRUED_ONLY": (paid, Fraction(0)),
            "PRO_RATA": tuple(floored(r * days / product.days) for r in (paid, accrued)),
            "NONE": (paid, accrued),
        }[product.claw_back]
        back = paid - keeps_paid
        if not product.pays_btc:
            left = leaves - min(back, leaves)
            fee = min(ceiled(leaves * product.fee), left)
            return left - fee + keeps_accrued, Fraction(0), Fraction(0)
        is_there = back <= self.wallets[position.owner, "btc"]
        left = leaves if is_there else leaves - min(ceiled(back * BTC_PRICE), leaves)
        fee = min(ceiled(leaves * product.fee), left)
        return left - fee, back if is_there else Fraction(0), keeps_accrued

    def undo(self, owner, exit_id, *, at):
        found = self.exits.get(exit_id)
        if found is None or self.positions[found.position].owner != owner:
            return "RedemptionNotFound"
        if found.status == "CANCELLED":
            return None
        if found.status != "PENDING" or found.undo_until is None or at >= found.undo_until:
            return "UndoNotPossible"
        position = self.positions[found.position]
        if found.is_part:
            later = self.left_later(found)
            if later - {"EARLY"}:
                return "UndoNotPossible"
            if later:
                return "LaterRedemptionFirst"
            position.put_in += found.amount
            wallet = self.products[position.product].reward_wallet
            self.wallets[owner, wallet] += self.earned_by(
                position, found.amount, position.paid
            ) - self.earned_by(position, found.amount, found.paid)
        self.wallets[owner, "btc"] += found.btc_back
        found.status = "CANCELLED"
        position.status, position.exit, position.principal = "HOLDING", "", position.put_in
        position.changes += 1
        return None

    def work(self, at, *, payout=timedelta(hours=1)):
        """Do what is due: close days, book, pay, mature, deliver."""
        for position in self.positions.values():
            if not self.locks(position):
                self.close(position, at)
            elif position.exit != "EARLY":
                self.pay(position, at, payout)
        for id_, position in list(self.positions.items()):
            due = self.locks(position) and position.status == "HOLDING"
            if due and self.ends(position) <= at:
                self.leave_locked(
                    id_, position, position.principal,
                    at=self.ends(position), exit_id=("end", id_), wallet="spot",
                )  # fmt: skip
        for found in self.exits.values():
            if found.status == "PENDING" and found.arrives <= at:
                position = self.positions[found.position]
                found.status = "PAID"
                self.wallets[position.owner, found.wallet] += found.net
                self.wallets[position.owner, "btc"] += found.btc_kept
        coming = {found.position for found in self.exits.values() if found.status == "PENDING"}
        for id_, position in self.positions.items():
            if position.status == "REDEEMING" and id_ not in coming:
                position.status = "PAID"

    def close(self, position, at):
        day = midnight(position.opened) + DAY
        while day <= at and position.status == "HOLDING":
            self.touch(position, minute(day))
            day += DAY

    def pay(self, position, at, payout):
        product = self.products[position.product]
        position.accrued = max(position.accrued, self.days_ended(position, midnight(at)))
        due = min(position.accrued, self.days_ended(position, at - payout))
        if due > position.paid:
            self.wallets[position.owner, product.reward_wallet] += product.reward(
                position.put_in, due
            ) - product.reward(position.put_in, position.paid)
            position.paid = due


WALLETS = ("spot", "funding", "btc", "btc spent")
#: What a bitcoin costs, in the asset of the positions.
BTC_PRICE = Fraction("3.7")
