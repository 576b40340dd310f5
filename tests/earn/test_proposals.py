"""What is offered changes when one person proposes it and another approves, from a time to come."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from mooring.earn import api as earn
from mooring.earn.models import Proposal
from mooring.kernel import db
from tests.earn.world import A_DAY, AN_HOUR, OPENING

SOON = OPENING.replace(hour=0, minute=0, second=0) + 3 * A_DAY
ANN, BEN = "staff 1", "staff 2"
TERMS = {"kind": "FLEXIBLE", "asset": "USDT", "minimum": "5"}
LOCKED = {
    "kind": "LOCKED", "asset": "USDT", "minimum": "5", "apr": "0.07", "duration_days": "90",
    "delivery_hours_min": "48", "delivery_hours_max": "72", "grace_seconds": "3600",
    "early_redemption": "PARTIAL", "claw_back": "PRO_RATA", "excluded_countries": "FR DE",
    "is_renewable": "yes",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _there_is_something(request):
    request.getfixturevalue(
        "committed_world" if "committed_world" in request.fixturenames else "world"
    )


def proposed(kind="RATE", subject="FLEX", payload=None, *, effective_from=SOON, at=OPENING):
    payload = {"apr": "0.07"} if payload is None else payload
    change = earn.Change(kind=kind, subject=subject, payload=payload, effective_from=effective_from)
    return earn.propose(change, author=ANN, at=at)


def approve(proposal, *, author=BEN, at=OPENING):
    earn.decide_proposal(proposal, is_approved=True, author=author, at=at)


def product(code="FLEX", *, at=SOON):
    return earn.get_product(code=code, at=at)


def offers():
    tables = ("earn_terms", "earn_rate", "earn_daily_rate", "earn_ratio", "earn_unbonding")
    products = "SELECT * FROM earn_product ORDER BY id"
    return [db.rows(products), *(db.rows(f"SELECT * FROM {name} ORDER BY id") for name in tables)]


def test_a_rate_holds_from_its_time_once_another_person_approved_it():
    before = offers()
    proposal = proposed()
    assert offers() == before, "only tried out"
    approve(proposal)
    assert product(at=SOON - timedelta(minutes=1)).apr == Decimal("0.03")
    assert product(at=SOON).apr == Decimal("0.07")
    [row] = earn.list_proposals()
    assert (row.status, row.proposed_by, row.decided_by) == ("APPROVED", ANN, BEN)
    assert earn.list_proposals(is_pending=True) == ()


def test_terms_hold_from_their_time_and_running_positions_keep_theirs(world):
    position = world.subscribe("100", "LOCK")
    approve(proposed("TERMS", "LOCK", LOCKED))
    terms = product("LOCK").terms
    assert (terms.apr, terms.duration_days, terms.minimum) == (Decimal("0.07"), 90, 5)
    assert tuple(terms.excluded_countries) == ("DE", "FR")
    assert (terms.early_redemption, terms.claw_back) == ("PARTIAL", "PRO_RATA")
    assert world.position(position, at=SOON).terms.duration_days == 30


def test_a_locked_product_can_earn_on_its_chain():
    on_chain = LOCKED | {"family": "ONCHAIN"}
    approve(proposed("TERMS", "USDT*60", on_chain))
    assert product("USDT*60").family == "ONCHAIN"
    # New terms without a word about it leave it where it is; it cannot be moved.
    approve(proposed("TERMS", "USDT*60", LOCKED, effective_from=SOON + A_DAY))
    assert product("USDT*60", at=SOON + A_DAY).family == "ONCHAIN"
    with pytest.raises(earn.ProposalMalformed, match="family must be ONCHAIN, as USDT"):
        proposed("TERMS", "USDT*60", LOCKED | {"family": "SIMPLE"}, effective_from=SOON + 2 * A_DAY)
    with pytest.raises(earn.ProposalMalformed, match="family must be empty"):
        proposed("TERMS", "USDT-F", TERMS | {"family": "ONCHAIN"})
    with pytest.raises(earn.ProposalMalformed, match="family must be SIMPLE or ONCHAIN"):
        proposed("TERMS", "USDT-60", LOCKED | {"family": "OTHER"})


def test_a_new_product_exists_from_its_time_on():
    approve(proposed("TERMS", "USDT-90", LOCKED))
    with pytest.raises(earn.ProductNotFound):
        product("USDT-90", at=SOON - timedelta(seconds=1))
    assert product("USDT-90").kind == "LOCKED"


def test_an_end_bonus_tiers_and_an_unbonding_period_are_proposed_as_well():
    approve(proposed("RETIREMENT", "LOCK", {}))
    assert product("LOCK").retires_at == SOON
    tiers = {"asset": "USDT", "tiers": "0-1000:0.05 1000-:0.01"}
    approve(proposed("DAILY_RATE", "FLEX", tiers))
    assert db.rows("SELECT above, rate FROM earn_daily_rate ORDER BY above") == [
        (0, Decimal("0.05")),
        (1000, Decimal("0.01")),
    ]
    approve(proposed("UNBONDING", "BTC", {"hours_min": "24", "hours_max": "48"}))
    assert db.rows("SELECT hours_min, hours_max FROM earn_unbonding") == [(24, 48)]


def test_who_proposes_does_not_decide():
    proposal = proposed()
    for is_approved in (True, False):
        with pytest.raises(earn.SecondPersonNeeded):
            earn.decide_proposal(
                proposal, is_approved=is_approved, author=ANN, reason="mine", at=OPENING
            )
    assert Proposal.objects.get().status == "PENDING"


def test_what_is_rejected_changes_nothing_and_says_why():
    proposal, before = proposed(), offers()
    for reason in ("", "  ", "x" * 201):
        with pytest.raises(earn.ProposalMalformed, match="reason"):
            earn.decide_proposal(proposal, is_approved=False, author=BEN, reason=reason, at=OPENING)
    earn.decide_proposal(proposal, is_approved=False, author=BEN, reason="Too high.", at=OPENING)
    assert offers() == before
    with pytest.raises(earn.ProposalDecided):
        approve(proposal)
    assert earn.list_proposals(is_pending=False)[0].reason == "Too high."


def test_too_late_is_too_late():
    with pytest.raises(earn.ProposalTooLate):
        proposed(at=SOON)
    proposal, before = proposed(), offers()
    with pytest.raises(earn.ProposalTooLate):
        approve(proposal, at=SOON)
    assert offers() == before
    assert Proposal.objects.get().status == "PENDING"


def test_an_absent_proposal_is_not_found():
    with pytest.raises(earn.ProposalNotFound):
        approve(4711)


@pytest.mark.parametrize(
    ("kind", "subject", "payload", "field"),
    [
        ("RATE", "FLEX", {}, "apr"),
        ("RATE", "FLEX", {"apr": "NaN"}, "apr"),
        ("RATE", "FLEX", {"apr": "1e400"}, "apr"),
        ("RATE", "FLEX", {"apr": "-0.1"}, "apr"),
        ("RATE", "FLEX", {"apr": "100"}, "apr"),
        ("RATE", "FLEX", {"apr": "0.1", "apy": "1"}, "apy"),
        ("TERMS", "FLEX", {**TERMS, "minimum": "0"}, "minimum"),
        ("TERMS", "FLEX", {**TERMS, "minimum": ""}, "minimum"),
        ("TERMS", "FLEX", {**TERMS, "minimum": "9" * 60}, "minimum"),
        ("TERMS", "FLEX", {**TERMS, "fee_rate": "1"}, "fee_rate"),
        ("TERMS", "FLEX", {**TERMS, "apr": "0.1"}, "apr"),
        ("TERMS", "FLEX", {**TERMS, "is_instant": "no"}, "standard_days"),
        ("TERMS", "FLEX", {**TERMS, "is_instant": "maybe"}, "is_instant"),
        ("TERMS", "FLEX", {**TERMS, "excluded_countries": "Germany"}, "excluded_countries"),
        ("TERMS", "FLEX", {**TERMS, "asset": "XXX"}, "asset"),
        ("TERMS", "FLEX", {**TERMS, "asset": "BTC"}, "asset"),
        ("TERMS", "FLEX", {**TERMS, "kind": "LIQUID"}, "token"),
        ("TERMS", "FLEX", {**TERMS, "kind": "LIQUID", "token": "BTC"}, "kind"),
        ("TERMS", "FLEX", LOCKED, "kind"),
        ("TERMS", "LOCK", {**LOCKED, "duration_days": "0"}, "duration_days"),
        ("TERMS", "LOCK", {**LOCKED, "duration_days": ""}, "duration_days"),
        ("TERMS", "LOCK", {**LOCKED, "delivery_hours_max": "1"}, "delivery_hours_max"),
        ("TERMS", "LOCK", {**LOCKED, "grace_seconds": "999999"}, "grace_seconds"),
        ("TERMS", "LOCK", {**LOCKED, "claw_back": "ALL"}, "claw_back"),
        ("DAILY_RATE", "FLEX", {"asset": "USDT", "tiers": "1-2:0.1"}, "tiers"),
        ("DAILY_RATE", "FLEX", {"asset": "USDT", "tiers": "0-NaN:0.1"}, "tiers"),
        ("RATIO", "FLEX", {"ratio": "0"}, "ratio"),
        ("UNBONDING", "BTC", {"hours_min": "48", "hours_max": "24"}, "hours_max"),
        ("UNBONDING", "XXX", {"hours_min": "1", "hours_max": "2"}, "subject"),
        ("RETIREMENT", "FLEX", {"why": "x"}, "why"),
        ("MARRIAGE", "FLEX", {}, "kind"),
    ],
)
def test_what_could_not_be_is_refused_at_once_and_names_the_field(kind, subject, payload, field):
    before = offers()
    with pytest.raises(earn.ProposalMalformed) as refused:
        proposed(kind, subject, payload)
    assert refused.value.field == field
    assert offers() == before
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("kind", "subject", "payload", "refusal"),
    [
        ("RATE", "NONE", {"apr": "0.1"}, earn.ProductNotFound),
        ("RATE", "LOCK", {"apr": "0.1"}, earn.ProductNotFound),
        ("RATIO", "FLEX", {"ratio": "1.1"}, earn.ProductNotFound),
        ("RETIREMENT", "NONE", {}, earn.ProductNotFound),
    ],
)
def test_what_publishing_refuses_proposing_refuses(kind, subject, payload, refusal):
    with pytest.raises(refusal):
        proposed(kind, subject, payload)
    assert not Proposal.objects.exists()


def test_an_end_that_is_no_midnight_is_refused():
    with pytest.raises(earn.EndNotPossible):
        proposed("RETIREMENT", "FLEX", {}, effective_from=SOON + AN_HOUR)


@pytest.mark.usefixtures("committed_world")
def test_of_two_who_decide_at_once_one_does():
    proposal, outcomes = proposed(), []

    def decide(author):
        try:
            approve(proposal, author=author)
            outcomes.append("approved")
        except earn.ProposalDecided:
            outcomes.append("decided")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(f"staff {n}",)) for n in range(2, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["approved", *["decided"] * 5]


def test_terms_keep_what_rewards_are_paid_in_and_can_change_it():
    approve(proposed("TERMS", "LOCK", {**LOCKED, "reward_asset": "BTC"}))
    assert product("LOCK").terms.reward_asset == "BTC"
    for payload, code in ((LOCKED, "XXX"), (TERMS, "BTC")):
        subject = "LOCK" if payload is LOCKED else "FLEX"
        with pytest.raises(earn.ProposalMalformed) as refused:
            proposed("TERMS", subject, {**payload, "reward_asset": code})
        assert refused.value.field == "reward_asset"


def test_a_bonus_holds_for_whole_days():
    tiers = {"asset": "USDT", "tiers": "0-:0.05"}
    with pytest.raises(earn.ProposalMalformed) as refused:
        proposed("DAILY_RATE", "FLEX", tiers, effective_from=SOON + AN_HOUR)
    assert refused.value.field == "effective_from"


@pytest.mark.usefixtures("committed_world")
def test_of_two_terms_for_one_time_one_is_approved():
    minimums = ["5", "6", "7", "8"]
    proposals = [proposed("TERMS", "USDT-NEW", {**TERMS, "minimum": one}) for one in minimums]
    approved, start = [], threading.Barrier(len(proposals))

    def decide(proposal):
        try:
            start.wait()
            approve(proposal)
            approved.append(proposal)
        except earn.ProposalMalformed:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(one,)) for one in proposals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [winner] = approved
    assert product("USDT-NEW").terms.minimum == int(minimums[proposals.index(winner)])
