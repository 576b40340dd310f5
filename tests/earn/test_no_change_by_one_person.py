"""
No change of what is offered by one person, in two and a half thousand tries (reliability no. 14).

Three operators propose, approve what is theirs and what is not, twice, late, after an edit, with
percent signs and pasted columns. What was offered is compared before and after each try: it differs
only where somebody approved what somebody else had written, and then by what was written.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import DatabaseError, transaction

from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from tests.earn.world import A_DAY, OPENING

TRIES = 2500
STAFF = ("staff 1", "staff 2", "staff 3")
MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
#: What somebody types who means 7 %, or pastes from a table: none of it is a rate.
NO_RATES = (
    "7 %", "7%", "0,07", "0.07 %", "7e-2", "1e400", "NaN", "inf", "-0.07", "100", "700", "0x1",
    "٠.٠٧", "0.07\t0.08", "0.07\n0.08\n0.09", "0.0000000000000000001", "", " ", "0.07;--",
)  # fmt: skip
TERMS = {"kind": "FLEXIBLE", "asset": "USDT"}
NO_TERMS = (
    {"minimum": "1 000"}, {"minimum": "1,000.00"}, {"minimum": "5 USDT"}, {"minimum": "1e3"},
    {"minimum": "5", "asset": "BTC"}, {"minimum": "5", "quota_total": "-1"},
    {"minimum": "5", "fee_rate": "5"}, {"minimum": "5", "apr": "0.07"},
    {"minimum": "5\t6\t7"}, {"minimum": "5", "maximum": "0"},
)  # fmt: skip
EDITS = (
    'UPDATE earn_proposal SET payload = \'{"apr": "99"}\' WHERE id = %s',
    "UPDATE earn_proposal SET proposed_by = 'nobody' WHERE id = %s",
    "UPDATE earn_proposal SET effective_from = '2026-03-01' WHERE id = %s",
    "UPDATE earn_proposal SET status = 'PENDING', decided_by = '', decided_at = NULL"
    " WHERE id = %s AND status <> 'PENDING'",
    "DELETE FROM earn_proposal WHERE id = %s",
)
OFFERS = (
    "SELECT count(*), max(id) FROM earn_product",
    "SELECT count(*), max(id) FROM earn_terms",
    "SELECT count(*), sum(apr), max(from_minute) FROM earn_rate",
    "SELECT count(*) FROM earn_daily_rate",
    "SELECT count(*) FROM earn_ratio",
    "SELECT count(*) FROM earn_unbonding",
    "SELECT count(retires_at) FROM earn_product",
)


def offers():
    return [db.rows(statement) for statement in OFFERS]


@dataclass
class Written:
    """What was proposed, as its author wrote it."""

    id: int
    author: str
    kind: str
    value: Decimal
    effective_from: datetime
    is_decided: bool = False


class Desk:
    """Three operators, and a memory of what they wrote."""

    def __init__(self):
        self.random = Random(14)
        self.now = OPENING
        self.written, self.approved = [], []
        self.tally = Counter()
        self.minute = 0

    def next_time(self):
        self.minute += 1
        return MIDNIGHT + 900 * A_DAY + timedelta(minutes=self.minute)

    def propose(self, payload, *, kind="RATE", effective_from=None, author=None):
        change = earn.Change(
            kind=kind,
            subject="FLEX",
            payload=payload,
            effective_from=effective_from or self.next_time(),
        )
        author = author or self.random.choice(STAFF)
        made = earn.propose(change, author=author, at=self.now)
        value = Decimal(payload["apr" if kind == "RATE" else "minimum"])
        self.written.append(Written(made, author, kind, value, change.effective_from))
        return made

    def decide(self, number, author, *, is_approved=True, reason="no"):
        earn.decide_proposal(
            number, is_approved=is_approved, author=author, reason=reason, at=self.now
        )

    # --- what they try; each says whether what is offered may have changed ---

    def write(self):
        kind = self.random.choice(("RATE", "TERMS"))
        number = f"0.{self.random.randrange(1, 10_000):04}"
        payload = {"apr": number} if kind == "RATE" else TERMS | {"minimum": number}
        self.propose(payload, kind=kind)

    def write_nonsense(self):
        if self.random.random() < 0.6:
            payload, kind = {"apr": self.random.choice(NO_RATES)}, "RATE"
        else:
            payload, kind = TERMS | self.random.choice(NO_TERMS), "TERMS"
        with pytest.raises(earn.ProposalMalformed):
            self.propose(payload, kind=kind)

    def write_for_the_past(self):
        with pytest.raises(earn.ProposalTooLate):
            self.propose({"apr": "0.07"}, effective_from=self.now)

    def approve_ones_own(self):
        one = self.pick(is_decided=False)
        with pytest.raises(earn.SecondPersonNeeded):
            self.decide(one.id, one.author, is_approved=self.random.random() < 0.7)

    def approve_anothers(self):
        one = self.pick(is_decided=False)
        self.decide(one.id, self.other(one))
        one.is_decided = True
        self.approved.append(one)
        return one

    def reject_anothers(self):
        one = self.pick(is_decided=False)
        self.decide(one.id, self.other(one), is_approved=False)
        one.is_decided = True

    def decide_again(self):
        one = self.pick(is_decided=True)
        with pytest.raises(earn.ProposalDecided):
            self.decide(one.id, self.random.choice(STAFF), is_approved=self.random.random() < 0.7)

    def decide_what_is_not_there(self):
        with pytest.raises(earn.ProposalNotFound):
            self.decide(self.random.choice((0, 2**62, self.written[-1].id + 1000)), STAFF[0])

    def approve_too_late(self):
        """Its time came while it waited."""
        made = self.propose({"apr": "0.5"}, effective_from=self.now + timedelta(minutes=2))
        one = self.written.pop()
        self.now += timedelta(minutes=2)
        with pytest.raises(earn.ProposalTooLate):
            self.decide(made, self.other(one))

    def edit_and_approve(self):
        """Whoever comes to the tables past the desk: what was written stays."""
        one = self.pick(is_decided=self.random.random() < 0.5)
        before = db.rows("SELECT * FROM earn_proposal WHERE id = %s", [one.id])
        statement = self.random.choice(EDITS)
        try:
            with transaction.atomic():
                db.rows(f"WITH edit AS ({statement} RETURNING 1) SELECT * FROM edit", [one.id])
        except DatabaseError:
            self.tally["edits refused"] += 1
        assert db.rows("SELECT * FROM earn_proposal WHERE id = %s", [one.id]) == before

    def other(self, one):
        return self.random.choice([name for name in STAFF if name != one.author])

    def pick(self, *, is_decided):
        found = [one for one in self.written if one.is_decided == is_decided]
        if not found and is_decided:
            self.approve_anothers()
            return self.pick(is_decided=True)
        if not found:
            self.write()
            return self.written[-1]
        return self.random.choice(found)


TRIED = (
    "write", "write", "write_nonsense", "write_nonsense", "write_for_the_past", "approve_ones_own",
    "approve_ones_own", "approve_anothers", "reject_anothers", "decide_again", "decide_again",
    "decide_what_is_not_there", "approve_too_late", "edit_and_approve", "edit_and_approve",
)  # fmt: skip


def test_nothing_changes_by_one_person_alone(world):
    desk = Desk()
    desk.write()
    at_first = offers()
    before = at_first
    for _ in range(TRIES):
        name = desk.random.choice(TRIED)
        approvals = len(desk.approved)
        try:
            getattr(desk, name)()
        except Refusal as refusal:
            pytest.fail(f"{name}: {refusal!r}")
        desk.tally[name] += 1
        after = offers()
        assert (after != before) == (len(desk.approved) > approvals), name
        before = after
    assert sum(desk.tally[name] for name in set(TRIED)) == TRIES >= 2000
    assert min(desk.tally[name] for name in set(TRIED)) >= 100
    assert desk.tally["edits refused"] >= 100
    _what_holds_is_what_was_written_and_approved(desk)


def _what_holds_is_what_was_written_and_approved(desk):
    rates = dict(db.rows("SELECT to_timestamp(from_minute * 60), apr FROM earn_rate OFFSET 0"))
    terms = dict(db.rows("SELECT effective_from, minimum FROM earn_terms OFFSET 0"))
    told = {row.id: row for row in earn.list_proposals(limit=10_000)}
    for one in desk.approved:
        held = rates if one.kind == "RATE" else terms
        assert held[one.effective_from] == one.value
        row = told[one.id]
        assert row.status == "APPROVED"
        assert (row.proposed_by, row.decided_by == one.author) == (one.author, False)
    announced = [since for since in {**rates, **terms} if since > OPENING + A_DAY]
    assert sorted(announced) == sorted(one.effective_from for one in desk.approved)
