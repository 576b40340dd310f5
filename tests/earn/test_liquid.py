"""Liquid staking: ETH against a token whose ratio rises, both ways, to the last digit."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.earn.rules.liquid import tokens_for, tokens_worth, worth_of
from mooring.kernel import db
from mooring.ledger import api as ledger
from mooring.wallet import api as wallet
from tests.earn.liquid_world import (
    cleared,
    eth,
    in_spot,
    offer_staking,
    publish_ratio,
    stake,
    unstake,
    wbeth,
)
from tests.earn.world import A_DAY, OPENING, everything, work

# --- the rules ---


@pytest.mark.parametrize(
    ("amount", "ratio", "tokens", "cost"),
    [
        ("1", "1", "1", "1"),
        ("1.08", "1.08", "1", "1.08"),
        ("1", "1.08", "0.92592592", "0.9999999936"),
        ("0.0001", "1.0834", "0.0000923", "0.00009999782"),
        ("1", "1.083412345678901234", "0.9230096", "0.999999995820144357"),
        ("0.00000001", "1.5", "0", "0"),
    ],
)
def test_an_amount_buys_whole_units_of_the_token_and_costs_no_more(amount, ratio, tokens, cost):
    bought = tokens_for(Decimal(amount), ratio=Decimal(ratio))
    assert (bought.tokens, bought.cost) == (Decimal(tokens), Decimal(cost))
    assert bought.cost <= Decimal(amount)


@pytest.mark.parametrize(
    ("tokens", "ratio", "worth"),
    [
        ("1", "1.08", "1.08"),
        ("0.92592592", "1.08", "0.99999999"),
        ("0.00000001", "1.08", "0.00000001"),
        ("0.000000009", "1.08", "0"),
    ],
)
def test_tokens_are_worth_their_ratio_floored(tokens, ratio, worth):
    assert worth_of(Decimal(tokens), ratio=Decimal(ratio)) == Decimal(worth)


def test_the_fewest_tokens_for_an_amount_bring_it():
    ratio = Decimal("1.0834")
    tokens = tokens_worth(Decimal(1), ratio=ratio)
    assert worth_of(tokens, ratio=ratio) >= 1
    assert worth_of(tokens - Decimal("0.00000001"), ratio=ratio) < 1


# --- the actions ---


@pytest.fixture
def staking(world):
    return offer_staking(world, daily_limit_per_person=Decimal(20))


def test_staking_gives_tokens_into_spot_and_takes_what_they_cost(staking):
    outcome = stake(staking, "1")
    assert (outcome.tokens, outcome.cost) == (wbeth("0.92592592"), eth("0.9999999936"))
    assert in_spot(staking.alice, "WBETH") == Decimal("0.92592592")
    assert in_spot(staking.alice, "ETH") == Decimal("99.0000000064")
    assert (cleared("ETH"), cleared("WBETH")) == (Decimal("0.9999999936"), Decimal("-0.92592592"))


def test_staking_once_under_a_key(staking):
    first = stake(staking)
    before = everything()
    again = stake(staking)
    assert again.replayed
    assert (again.subscription_id, again.tokens) == (first.subscription_id, first.tokens)
    assert isinstance(stake(staking, "11"), ledger.KeyReused)
    assert everything() == before


def test_staking_again_joins_the_position(staking):
    first, second = stake(staking, key="a"), stake(staking, key="b")
    assert first.position_id == second.position_id


def test_the_ratio_of_the_request_is_owed_and_arrives_after_the_unbonding(staking):
    position = stake(staking, "10.8").position_id
    later = OPENING + 30 * A_DAY
    publish_ratio("1.1", later)
    done = unstake(staking, position, "10", at=later)
    assert (done.net, done.status) == (eth("11"), "PENDING")
    assert done.arrives_from == later + timedelta(hours=48)
    assert done.arrives_until == later + timedelta(hours=480)
    publish_ratio("1.2", later + A_DAY)
    earn.publish_unbonding(
        asset="ETH", hours_min=1, hours_max=2, effective_from=later + A_DAY, at=later + A_DAY
    )
    work(done.arrives_from - timedelta(seconds=1), only="settle")
    assert in_spot(staking.alice, "ETH") == Decimal("89.2")
    work(done.arrives_from, only="settle")
    assert in_spot(staking.alice, "ETH") == Decimal("100.2")
    [shown] = earn.list_redemptions(account_id=staking.alice, at=done.arrives_from)
    assert (shown.status, shown.amount, shown.net) == ("PAID", wbeth("10"), eth("11"))


def test_redeeming_once_under_a_key(staking):
    position = stake(staking).position_id
    first = unstake(staking, position, "1", at=OPENING)
    before = everything()
    assert unstake(staking, position, "1", at=OPENING).redemption_id == first.redemption_id
    assert isinstance(unstake(staking, position, "2", at=OPENING), ledger.KeyReused)
    assert everything() == before


def test_it_cannot_be_undone(staking):
    done = unstake(staking, stake(staking).position_id, "1", at=OPENING)
    before = everything()
    with pytest.raises(earn.UndoNotPossible):
        staking.undo(done, at=OPENING)
    assert everything() == before


def test_a_persons_daily_quota_counts_the_day(staking):
    position = stake(staking, "50").position_id
    assert unstake(staking, position, "18", key="a", at=OPENING).net == eth("19.44")
    refusal = unstake(staking, position, "1", key="b", at=OPENING)
    assert isinstance(refusal, earn.AboveDailyQuota)
    assert refusal.left == eth("0.56")
    assert unstake(staking, position, "1", key="c", at=OPENING + A_DAY).net == eth("1.08")


@pytest.mark.parametrize(
    ("tokens", "refusal"),
    [
        ("99", earn.AmountExceedsPosition),
        ("0", earn.AmountNotPositive),
        ("0.000000001", earn.BelowRedeemMinimum),
    ],
)
def test_what_cannot_be_given_back_changes_nothing(staking, tokens, refusal):
    position = stake(staking).position_id
    before = everything()
    assert isinstance(unstake(staking, position, tokens, at=OPENING), refusal)
    assert everything() == before


def test_anothers_position_is_absent(staking):
    position = stake(staking).position_id
    refusal = unstake(staking, position, "1", at=OPENING, who=staking.bob)
    assert isinstance(refusal, earn.PositionNotFound)


def test_neither_kind_of_product_is_entered_or_left_the_other_way(staking):
    position = stake(staking).position_id
    flexible = staking.subscribe("100")
    subscribed = staking.subscribe(eth("1"), "ETH2")
    assert isinstance(subscribed, earn.LiquidStakingOnly)
    assert isinstance(staking.redeem(position, at=OPENING), earn.LiquidStakingOnly)
    assert isinstance(unstake(staking, flexible, at=OPENING), earn.LiquidStakingOnly)


def test_what_is_not_entered_or_left_that_way_has_no_quote_of_that_way(staking):
    position = stake(staking, "1").position_id
    asked = {"account_id": staking.alice, "amount": eth("1"), "at": OPENING}
    with pytest.raises(earn.LiquidStakingOnly):
        earn.quote_subscription(product_code="ETH2", **asked)
    with pytest.raises(earn.LiquidStakingOnly):
        earn.quote_redemption(position_id=position, **asked)
    with pytest.raises(earn.LiquidStakingOnly):
        earn.quote_ways(position_id=position, **asked)


def test_a_quote_is_what_redeeming_does_or_it_is_refused(staking):
    position = stake(staking).position_id
    quote = earn.quote_unstaking(
        account_id=staking.alice, position_id=position, tokens=wbeth("2"), at=OPENING
    )
    assert (quote.net, quote.left_today) == (eth("2.16"), eth("20"))
    soon = OPENING + timedelta(seconds=5)
    assert unstake(staking, position, "2", at=soon, quote=quote).net == quote.net
    publish_ratio("1.09", OPENING + timedelta(seconds=20))
    late = OPENING + timedelta(seconds=30)
    changed = unstake(staking, position, "2", key="v", at=late, quote=quote)
    assert isinstance(changed, earn.QuoteChanged)
    expired = unstake(staking, position, "2", key="w", at=OPENING + A_DAY, quote=quote)
    assert isinstance(expired, earn.QuoteExpired)
    edge = unstake(staking, position, "2", key="e", at=quote.valid_until, quote=quote)
    assert isinstance(edge, earn.QuoteExpired)


def test_tokens_that_came_another_way_get_a_position(staking):
    request = wallet.Credit(account_id=staking.bob, amount=wbeth("3"), key="sent")
    wallet.credit_one(request, at=OPENING)
    assert earn.follow_tokens(at=OPENING) == 1
    assert earn.follow_tokens(at=OPENING) == 0
    [position] = [
        one
        for one in earn.list_positions(account_id=staking.bob, at=OPENING)
        if one.kind == "LIQUID"
    ]
    assert (position.tokens, position.ratio) == (wbeth("3"), Decimal("1.08"))
    assert (position.amount, position.free) == (eth("3.24"), eth("3.24"))


# --- what is published ---


def test_a_ratio_only_rises(staking):
    with pytest.raises(earn.RatioFalls):
        publish_ratio("1.07", OPENING + A_DAY)
    publish_ratio("1.08", OPENING + A_DAY)
    publish_ratio("1.09", OPENING + 2 * A_DAY)
    with pytest.raises(earn.PublishedInThePast):
        earn.publish_ratio(
            product_code="ETH2",
            ratio=Decimal("1.1"),
            effective_from=OPENING + A_DAY,
            at=OPENING + 3 * A_DAY,
        )
    [product] = earn.list_products(at=OPENING, codes=["ETH2"])
    history = earn.ratio_history(product_id=product.id, at=OPENING + A_DAY)
    assert [str(ratio) for _, ratio in history] == [f"1.08{'0' * 16}"] * 2


def test_a_ratio_is_of_liquid_staking(staking):
    with pytest.raises(earn.ProductNotFound):
        earn.publish_ratio(
            product_code="FLEX", ratio=Decimal(1), effective_from=OPENING, at=OPENING
        )


def test_an_unbonding_period_begins_after_the_last(staking):
    with pytest.raises(earn.PublishedInThePast):
        earn.publish_unbonding(
            asset="ETH", hours_min=1, hours_max=2, effective_from=OPENING, at=OPENING
        )


def test_nothing_is_staked_before_there_is_a_ratio(staking):
    offer = earn.Offer(minimum=Decimal(1))
    assets.register([assets.Asset(code="BETH", name="Other")])
    earn.publish_liquid(code="NEW", asset="ETH", token="BETH", offer=offer, effective_from=OPENING)
    [refusal] = earn.stake([staking.subscription(eth("1"), "NEW")], at=OPENING)
    assert isinstance(refusal, earn.RatioNotKnown)


def test_stakes_and_redemptions_at_rising_ratios_create_nothing(staking):
    """What left is covered by what came in and what the ratio added to tokens held meanwhile."""
    at, ratio, grown, held = OPENING, Decimal("1.08"), Decimal(0), Decimal(0)
    for step in range(12):
        number = Decimal("1.23456789") + step
        outcome = stake(staking, str(min(number, Decimal(5))), key=f"s{step}", at=at)
        held += outcome.tokens.number
        back = (held / 3).quantize(Decimal("0.00000001"))
        unstake(staking, outcome.position_id, str(back), key=f"u{step}", at=at)
        held -= back
        at += A_DAY
        risen = ratio + Decimal("0.000123456789")
        grown += held * (risen - ratio)
        ratio = risen
        publish_ratio(str(ratio), at)
    assert cleared("WBETH") == -held
    rest = cleared("ETH") + grown - held * ratio
    # Of 24 movements each left less than a unit of the 8th decimal, all of it in clearing.
    assert 0 <= rest < 24 * Decimal("0.00000001")
    assert db.rows("SELECT 1 FROM earn_redemption WHERE net > amount * ratio") == []
