"""What was announced and has not begun is in nobody's way (decision 0034)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.earn import api as earn
from mooring.earn.models import Product
from mooring.earn.rules.dates import minute_of
from mooring.kernel import db
from tests.earn.liquid_world import offer_staking, publish_ratio
from tests.earn.world import A_DAY, A_MINUTE, AN_HOUR, OPENING, World, usdt, work

SOON = OPENING.replace(hour=0, minute=0, second=0) + 3 * A_DAY
LATER = SOON + 4 * A_DAY


def changed(kind="RATE", subject="FLEX", *, effective_from, at=OPENING, **payload):
    """Let one person propose and another approve."""
    change = earn.Change(kind=kind, subject=subject, payload=payload, effective_from=effective_from)
    proposal = earn.propose(change, author="ann", at=at)
    earn.decide_proposal(proposal, is_approved=True, author="ben", at=at)


def apr(at, code="FLEX"):
    return earn.get_product(code=code, at=at).apr


def rates():
    return db.rows(
        "SELECT from_minute, apr, growth FROM earn_rate ORDER BY product_id, from_minute"
    )


def taken_back():
    return db.rows("SELECT kind, effective_from, number FROM earn_taken_back ORDER BY id")


# --- rates ---


def test_an_emergency_comes_before_what_is_announced_and_that_stays(world):
    changed(effective_from=LATER, apr="0.07")
    changed(effective_from=SOON, apr="0.001")
    assert apr(SOON - timedelta(minutes=1)) == Decimal("0.03")
    assert apr(SOON) == apr(LATER - timedelta(minutes=1)) == Decimal("0.001")
    assert apr(LATER) == Decimal("0.07")
    assert taken_back() == [("RATE", LATER, Decimal("0.07"))]


def test_what_was_set_in_another_order_grows_by_the_same_digits(world: World):
    changed(effective_from=SOON, apr="0.001")
    changed(effective_from=LATER, apr="0.07")
    in_order = rates()
    world.publish("FLEX2", minimum=Decimal("0.1"))
    earn.set_rate(product_code="FLEX2", apr=Decimal("0.03"), at=OPENING)
    changed(subject="FLEX2", effective_from=LATER, apr="0.5")
    changed(subject="FLEX2", effective_from=LATER, apr="0.07")
    changed(subject="FLEX2", effective_from=SOON, apr="0.001")
    assert rates()[len(in_order) :] == in_order


def test_one_for_the_same_time_is_replaced_so_a_mistake_can_be_taken_back(world):
    changed(effective_from=SOON, apr="70")
    changed(effective_from=SOON, apr="0.03")
    assert apr(SOON) == apr(LATER) == Decimal("0.03")
    assert taken_back() == [("RATE", SOON, Decimal(70))]
    position = world.subscribe("1000")
    assert world.position(position, at=SOON + A_DAY).amount.number < 1001


def test_positions_earn_by_what_held_and_by_nothing_that_was_taken_back(world):
    position = world.subscribe("1000")
    changed(effective_from=LATER, apr="9")
    changed(effective_from=SOON, apr="0")
    before = world.position(position, at=SOON).amount
    assert world.position(position, at=LATER).amount == before
    changed(effective_from=LATER, apr="0", at=SOON)
    assert world.position(position, at=LATER + A_DAY).amount == before


def test_what_has_begun_stays(world):
    changed(effective_from=SOON, apr="0.07")
    before = rates()
    for late in (SOON, SOON + timedelta(seconds=59)):
        with pytest.raises(earn.RateInThePast):
            earn.set_rate(product_code="FLEX", apr=Decimal("0.5"), at=late)
    assert rates() == before
    earn.set_rate(product_code="FLEX", apr=Decimal("0.5"), at=SOON + AN_HOUR)
    assert apr(SOON) == Decimal("0.07")
    assert taken_back() == []


def test_a_rate_at_once_leaves_what_is_announced(world):
    changed(effective_from=SOON, apr="0.07")
    earn.set_rate(product_code="FLEX", apr=Decimal("0.01"), at=OPENING + AN_HOUR)
    assert apr(OPENING + AN_HOUR) == Decimal("0.01")
    assert apr(SOON) == Decimal("0.07")


def test_nothing_announced_outlives_the_end_of_its_product(world):
    changed(effective_from=LATER, apr="9")
    position = world.subscribe("1000")
    pledged(world, position)
    changed("RETIREMENT", effective_from=SOON)
    assert taken_back() == [("RATE", LATER, Decimal(9))]
    with pytest.raises(earn.RateAfterEnd) as refused:
        changed(effective_from=LATER, apr="9")
    assert refused.value.ends_at == SOON
    with pytest.raises(earn.RateAfterEnd):
        earn.set_rate(product_code="FLEX", apr=Decimal(1), at=SOON)
    work(SOON + A_MINUTE)
    left = world.position(position, at=SOON + A_MINUTE).amount
    assert world.position(position, at=LATER + A_DAY).amount == left


@db.transaction
def pledged(world, position):
    collateral = earn.Collateral(
        account_id=world.alice, position_id=position, amount=usdt("400"), holder="loan 1", key="p"
    )
    earn.pledge(collateral, at=OPENING)


# --- ratios and periods ---


def test_a_ratio_that_was_announced_by_mistake_is_replaced(world):
    offer_staking(world)
    changed("RATIO", "ETH2", effective_from=LATER, ratio="10.9")
    changed("RATIO", "ETH2", effective_from=LATER, ratio="1.09")
    changed("RATIO", "ETH2", effective_from=SOON, ratio="1.085")
    [product] = earn.list_products(at=OPENING, codes=["ETH2"])
    history = earn.ratio_history(product_id=product.id, at=LATER)
    assert [ratio for _, ratio in history] == [Decimal(n) for n in ("1.09", "1.085", "1.08")]
    assert taken_back() == [("RATIO", LATER, Decimal("10.9"))]


def test_ratios_only_rise_in_whatever_order_they_are_announced(world):
    offer_staking(world)
    publish_ratio("1.08", OPENING)
    changed("RATIO", "ETH2", effective_from=LATER, ratio="1.09")
    with pytest.raises(earn.PublishedInThePast) as refused:
        changed("RATIO", "ETH2", effective_from=SOON, ratio="1.0900001")
    assert refused.value.earliest == LATER
    with pytest.raises(earn.RatioFalls):
        changed("RATIO", "ETH2", effective_from=LATER, ratio="1.07")
    assert taken_back() == []


def test_a_ratio_that_has_begun_stays(world):
    offer_staking(world)
    changed("RATIO", "ETH2", effective_from=SOON, ratio="1.09")
    with pytest.raises(earn.PublishedInThePast):
        publish_ratio("1.1", SOON)
    assert taken_back() == []


def test_a_period_comes_before_one_that_is_announced(world):
    changed("UNBONDING", "BTC", effective_from=LATER, hours_min="1", hours_max="2")
    changed("UNBONDING", "BTC", effective_from=SOON, hours_min="3", hours_max="4")
    assert earn.unbonding_at(["BTC"], at=SOON)["BTC"].hours_max == 4
    assert earn.unbonding_at(["BTC"], at=LATER)["BTC"].hours_max == 2


# --- the tables hold to it ---


def take_back(code, at):
    product = Product.objects.get(code=code).pk
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        db.rows(
            "SELECT 1 FROM earn_take_back_rates_v1(%s, %s, %s)", [product, minute_of(OPENING), at]
        )
    return db.constraint_of(error.value)


def test_nothing_is_taken_back_that_has_begun_or_was_earned_by(world):
    world.publish("IDLE", minimum=Decimal(1))
    earn.set_rate(product_code="IDLE", apr=Decimal("0.1"), at=OPENING)
    assert take_back("IDLE", OPENING) == "earn_taken_back_not_begun"
    world.redeem(world.subscribe("1000"), "1", at=SOON)
    assert take_back("FLEX", OPENING - A_DAY) == "earn_rate_credited"


# --- proposals stay what they were ---

CHANGES = [
    ("earn_proposal_never_changes", "UPDATE earn_proposal SET payload = '{}'"),
    ("earn_proposal_never_changes", "UPDATE earn_proposal SET subject = 'LOCK'"),
    ("earn_proposal_never_changes", "UPDATE earn_proposal SET kind = 'TERMS'"),
    ("earn_proposal_never_changes", "UPDATE earn_proposal SET proposed_by = 'ben'"),
    (
        "earn_proposal_never_changes",
        "UPDATE earn_proposal SET effective_from = effective_from + INTERVAL '1 day',"
        " status = 'APPROVED', decided_by = 'ben', decided_at = '2026-03-01'",
    ),
    ("earn_proposal_never_changes", "DELETE FROM earn_proposal"),
    ("earn_proposal_never_changes", "TRUNCATE earn_proposal"),
]
DECIDED = [
    ("earn_proposal_decided_once", "UPDATE earn_proposal SET status = 'REJECTED'"),
    ("earn_proposal_decided_once", "UPDATE earn_proposal SET reason = 'other'"),
    ("earn_proposal_decided_once", "UPDATE earn_proposal SET decided_by = 'cleo'"),
    (
        "earn_proposal_decided_once",
        "UPDATE earn_proposal SET status = 'PENDING', decided_by = '', decided_at = NULL",
    ),
    ("earn_proposal_never_changes", "DELETE FROM earn_proposal"),
]


def refused_by(owner, statement):
    with owner(), pytest.raises(IntegrityError) as error, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)
    return db.constraint_of(error.value)


@pytest.mark.parametrize(("constraint", "statement"), CHANGES)
def test_a_proposal_never_changes_not_even_for_the_owner(world, owner, constraint, statement):
    change = earn.Change(kind="RATE", subject="FLEX", payload={"apr": "1"}, effective_from=SOON)
    earn.propose(change, author="ann", at=OPENING)
    assert refused_by(owner, statement) == constraint


@pytest.mark.parametrize(("constraint", "statement"), DECIDED)
def test_a_decision_stays(world, owner, constraint, statement):
    changed(effective_from=SOON, apr="0.07")
    assert refused_by(owner, statement) == constraint
