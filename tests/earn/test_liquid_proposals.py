"""Products of liquid staking are offered and changed by two persons, as all others are."""

from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.earn.models import Product, Proposal
from tests.earn.liquid_world import eth, offer_staking, stake, unstake
from tests.earn.world import A_DAY, OPENING

SOON = OPENING.replace(hour=0, minute=0, second=0) + 3 * A_DAY
NEW = {
    "kind": "LIQUID", "asset": "BTC", "token": "STBTC", "minimum": "0.01",
    "daily_limit_per_person": "5", "delivery_hours_min": "24", "delivery_hours_max": "96",
}  # fmt: skip
#: As the form shows terms that are there: what liquid staking has none of stands as nothing.
SHOWN = NEW | {
    "asset": "ETH", "token": "WBETH", "minimum": "0.5", "minimum_remaining": "0",
    "fee_rate": "0", "is_instant": "yes", "is_renewable": "no", "standard_fee_rate": "0",
    "grace_seconds": "0", "redeem_period_days": "0", "early_redemption": "ALLOWED",
}  # fmt: skip


@pytest.fixture(autouse=True)
def staking(world):
    offer_staking(world)
    assets.register([assets.Asset(code="STBTC", name="Staked BTC")])
    return world


def propose(payload, subject="STBTC", kind="TERMS", *, effective_from=SOON, at=OPENING):
    change = earn.Change(kind=kind, subject=subject, payload=payload, effective_from=effective_from)
    return earn.propose(change, author="ann", at=at)


def approve(proposal, *, at=OPENING):
    earn.decide_proposal(proposal, is_approved=True, author="ben", at=at)


def test_a_new_product_is_offered_by_two_and_can_be_staked_once_it_has_a_ratio(staking):
    approve(propose(NEW))
    with pytest.raises(earn.ProductNotFound):
        earn.get_product(code="STBTC", at=SOON - A_DAY)
    product = earn.get_product(code="STBTC", at=SOON)
    assert (product.kind, product.family, product.token) == ("LIQUID", "ONCHAIN", "STBTC")
    assert product.terms.daily_limit_per_person == 5
    approve(propose({"ratio": "1"}, kind="RATIO"))
    assert earn.ratios_at([product.id], at=SOON) == {product.id: Decimal(1)}


def test_its_terms_change_for_what_is_staked_and_given_back_from_then_on(staking):
    position = stake(staking, "10.8").position_id
    approve(propose(SHOWN, "ETH2"))
    assert stake(staking, "0.2", key="before").tokens.number
    assert isinstance(stake(staking, "0.2", key="after", at=SOON), earn.BelowMinimum)
    # A position keeps its terms: the first knew no limit of a day.
    assert unstake(staking, position, "9", at=SOON).net == eth("9.72")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"token": ""}, "token"),
        ({"token": "BTC"}, "token"),
        ({"token": "XXX"}, "token"),
        ({"token": "WBETH"}, "token"),
        ({"token": "st btc"}, "token"),
        ({"apr": "0.1"}, "apr"),
        ({"duration_days": "30"}, "duration_days"),
        ({"reward_asset": "ETH"}, "reward_asset"),
        ({"fee_rate": "0.01"}, "fee_rate"),
        ({"minimum_remaining": "1"}, "minimum_remaining"),
        ({"is_instant": "no"}, "is_instant"),
        ({"daily_limit_total": "5"}, "daily_limit_total"),
        ({"standard_days": "5"}, "standard_days"),
        ({"is_renewable": "yes"}, "is_renewable"),
        ({"grace_seconds": "60"}, "grace_seconds"),
        ({"delivery_hours_max": "1"}, "delivery_hours_max"),
    ],
)
def test_what_liquid_staking_cannot_keep_is_refused_at_its_field(changes, field):
    with pytest.raises(earn.ProposalMalformed) as refused:
        propose(NEW | changes)
    assert refused.value.field == field
    assert not Proposal.objects.exists()
    assert not Product.objects.filter(code="STBTC").exists()


def test_a_product_keeps_the_token_that_people_hold():
    with pytest.raises(earn.ProposalMalformed) as refused:
        propose(SHOWN | {"token": "STBTC"}, "ETH2")
    assert (refused.value.field, refused.value.allowed) == ("token", "WBETH, as ETH2 gives")


def test_of_two_that_would_give_one_token_the_second_is_not_approved():
    first, second = propose(NEW), propose(NEW, "OTHER")
    approve(first)
    with pytest.raises(earn.ProposalMalformed) as refused:
        approve(second)
    assert refused.value.field == "token"


def test_other_kinds_give_no_token():
    payload = {"kind": "FLEXIBLE", "asset": "BTC", "minimum": "1", "token": "STBTC"}
    with pytest.raises(earn.ProposalMalformed) as refused:
        propose(payload, "NEW")
    assert refused.value.field == "token"


def test_it_does_not_end():
    with pytest.raises(earn.EndNotPossible, match="belongs to its holders"):
        propose({}, "ETH2", "RETIREMENT")
