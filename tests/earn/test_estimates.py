"""The calculator says to the last digit what the book then does (domain rules §1.2, §2.2)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.money import Amount
from tests.earn.daily_world import NEXT, pay_by_the_day, tier
from tests.earn.world import A_DAY, LOCKED, OPENING, usdt, work_daily

BTC_TIERS = (tier(0, 5, "0.05"), tier(5, 10, "0.03"))


def estimated(code, amount, days, *, at=OPENING):
    product = earn.get_product(code=code, at=at)
    amount = amount if isinstance(amount, Amount) else usdt(amount)
    return earn.estimate_earning(product, amount=amount, days=days, at=at)


def figures(way):
    return {
        name: getattr(way, name).number for name in ("amount", "deducted", "fee", "net", "in_all")
    }


# --- the vectors of the domain rules ---


def test_a_thousand_at_ten_percent_for_thirty_days_is_the_vector(world):
    found = estimated("LOCK", "1000", 30)
    assert found.rewards == usdt("8.21917808")
    assert found.is_exact
    [end] = found.ways
    assert end.way == "END"
    assert end.net == usdt(1000)
    assert end.in_all == usdt("1008.21917808")
    assert end.arrives_from == OPENING.replace(hour=0, minute=0, second=0) + 32 * A_DAY


def test_leaving_after_ten_days_gives_back_what_ten_days_paid(world):
    found = estimated("LOCK", "1000", 10)
    assert found.rewards == usdt("2.73972602")
    early, end = found.ways
    assert early.deducted == usdt("2.73972602")
    assert early.net == usdt("997.26027398")
    assert early.in_all == usdt(1000)
    assert early.arrives_from == found.until + timedelta(hours=48)
    assert early.arrives_until == found.until + timedelta(hours=72)
    assert end.in_all == usdt("1008.21917808")


@pytest.mark.parametrize(
    ("claw_back", "deducted", "net", "in_all"),
    [
        ("DISTRIBUTED_AND_ACCRUED", "2.73972602", "997.26027398", "1000"),
        ("ACCRUED_ONLY", "0", "1000", "1002.73972602"),
        # A third of the term keeps a third of what it was paid.
        ("PRO_RATA", "1.82648402", "998.17351598", "1000.91324200"),
        ("NONE", "0", "1000", "1002.73972602"),
    ],
)
def test_an_early_exit_follows_the_policy_of_the_product(world, claw_back, deducted, net, in_all):
    world.publish("OWN", **(LOCKED | {"claw_back": claw_back}))
    early = estimated("OWN", "1000", 10).ways[0]
    assert figures(early) == {
        "amount": Decimal(1000),
        "deducted": Decimal(deducted),
        "fee": Decimal(0),
        "net": Decimal(net),
        "in_all": Decimal(in_all),
    }


def test_the_fee_of_an_early_exit_is_taken_and_the_end_is_free(world):
    world.publish("FEE", **(LOCKED | {"fee_rate": Decimal("0.002"), "claw_back": "NONE"}))
    early, end = estimated("FEE", "1000", 10).ways
    assert (early.fee, early.net) == (usdt(2), usdt(998))
    assert end.fee == usdt(0)


def test_what_is_bound_has_its_end_only(world):
    world.publish("BOUND", **(LOCKED | {"early_redemption": "NONE"}))
    assert [way.way for way in estimated("BOUND", "1000", 10).ways] == ["END"]


def test_a_day_of_a_thousand_at_three_percent_compounds_to_the_vector(world):
    found = estimated("FLEX", "1000", 1)
    assert found.rewards == usdt("0.08219515")
    assert not found.is_exact
    [fast] = found.ways
    assert (fast.way, fast.net) == ("FAST", usdt("1000.08219515"))
    assert fast.arrives_until == found.until


def test_one_bitcoin_at_a_fifth_of_a_percent_earns_the_vector(world):
    world.publish("COIN", asset="BTC", minimum=Decimal("0.0001"))
    earn.set_rate(product_code="COIN", apr=Decimal("0.002"), at=OPENING)
    found = estimated("COIN", Amount(Decimal(1), "BTC"), 1)
    assert found.rewards == Amount(Decimal("0.00000547"), "BTC")


def test_seven_bitcoin_over_two_tiers_earn_the_vector_on_a_whole_day(world):
    world.publish("COIN", asset="BTC", minimum=Decimal("0.0001"))
    earn.set_rate(product_code="COIN", apr=Decimal(0), at=OPENING)
    pay_by_the_day(BTC_TIERS, asset="BTC", product="COIN")
    seven, at = Amount(Decimal(7), "BTC"), NEXT + timedelta(hours=9)
    # The day it comes in earns nothing by the day.
    first = estimated("COIN", seven, 1, at=at)
    assert (first.bonus, first.bonus_days) == (Amount(Decimal(0), "BTC"), 0)
    second = estimated("COIN", seven, 2, at=at)
    assert (second.bonus, second.bonus_days) == (Amount(Decimal("0.00084931"), "BTC"), 1)
    assert second.ways[0].in_all.number == Decimal("7.00084931")
    # The parts of a unit of each day are carried: 36 times 0.000849315…, not 36 floors.
    assert estimated("COIN", seven, 37, at=at).bonus.number == Decimal("0.03057534")


def test_rates_that_are_announced_only_are_not_reckoned_with(world):
    pay_by_the_day((tier(0, None, "0.5"),))
    assert estimated("FLEX", "1000", 30).bonus is None


# --- the same as the book ---


@pytest.mark.parametrize("claw_back", ["DISTRIBUTED_AND_ACCRUED", "ACCRUED_ONLY", "PRO_RATA"])
@pytest.mark.parametrize("days", [1, 7, 29])
def test_an_early_exit_is_quoted_as_it_was_estimated(world, claw_back, days):
    terms = LOCKED | {"claw_back": claw_back, "fee_rate": Decimal("0.0013")}
    world.publish("OWN", **terms)
    found = estimated("OWN", "1234.56789", days)
    position = world.subscribe("1234.56789", "OWN")
    after_payout = found.until + timedelta(hours=2)
    work_daily(OPENING, after_payout)
    quote, early = world.quote(position, at=after_payout), found.ways[0]
    assert (quote.net, quote.deducted, quote.fee) == (early.net, early.deducted, early.fee)
    assert world.position(position, at=after_payout).rewards_paid == found.rewards


@pytest.mark.parametrize("days", [1, 2, 9])
def test_a_flexible_position_has_what_was_estimated_as_long_as_rates_stay(world, days):
    pay_by_the_day()
    pay_by_the_day((tier(0, None, "0.00073"),), asset="BTC")
    world.publish(
        "FLEX",
        minimum=Decimal("0.1"),
        fee_rate=Decimal("0.001"),
        standard_days=3,
        at=OPENING + timedelta(seconds=1),
    )
    opened = NEXT + timedelta(hours=9, minutes=7, seconds=3)
    found = estimated("FLEX", "1234.56789", days, at=opened)
    position = world.subscribe("1234.56789", at=opened)
    work_daily(opened, found.until)
    for speed, way in zip(("FAST", "STANDARD"), found.ways, strict=True):
        quote = world.quote(position, at=found.until, speed=speed)
        assert way.way == speed
        assert (quote.amount, quote.fee, quote.net) == (way.amount, way.fee, way.net)
        assert (quote.arrives_from, quote.arrives_until) == (way.arrives_from, way.arrives_until)
    booked = dict(
        db.rows(
            "SELECT account.asset, sum(entry.amount) FROM ledger_entry AS entry"
            " INNER JOIN ledger_account AS account ON account.id = entry.account_id"
            " WHERE account.code = 2150 AND entry.amount > 0 GROUP BY account.asset"
        )
    )
    assert found.bonus.number == booked.get("USDT", 0)
    assert found.extra.number == booked.get("BTC", 0)
    assert found.bonus_days == days - 1


def test_more_than_may_leave_in_a_day_waits_for_the_next(world):
    world.publish(
        "FLEX",
        minimum=Decimal("0.1"),
        daily_limit_per_person=Decimal(500),
        daily_limit_total=Decimal(800),
        at=OPENING + timedelta(seconds=1),
    )
    at = OPENING + timedelta(minutes=1)
    within, beyond = (estimated("FLEX", amount, 1, at=at).ways[0] for amount in ("400", "600"))
    assert (within.queued_because, within.arrives_from) == ("", at + A_DAY)
    assert beyond.queued_because == "DAILY_LIMIT"
    assert beyond.arrives_from == NEXT + A_DAY


def test_a_token_is_worth_what_its_ratio_says_and_takes_what_its_chain_takes(world):
    assets.register([assets.Asset(code="WUSD", name="Wrapped")])
    earn.publish_liquid(
        code="LIQUID",
        asset="USDT",
        token="WUSD",
        offer=earn.Offer(minimum=Decimal(1)),
        effective_from=OPENING,
    )
    with pytest.raises(earn.RatioNotKnown):
        estimated("LIQUID", "100", 1)
    earn.publish_ratio(
        product_code="LIQUID", ratio=Decimal("1.03"), effective_from=OPENING, at=OPENING
    )
    assert estimated("LIQUID", "100", 1).ways == ()
    earn.publish_unbonding(
        asset="USDT", hours_min=96, hours_max=120, effective_from=OPENING, at=OPENING
    )
    found = estimated("LIQUID", "100", 1)
    [way] = found.ways
    assert found.tokens == Amount(Decimal("97.08737864"), "WUSD")
    assert way.net == usdt("99.99999999")
    assert found.amount.number <= 100
    assert way.arrives_from == OPENING + A_DAY + timedelta(hours=96)


# --- what it does not answer ---


@pytest.mark.parametrize("amount", ["0", "0.09", "1000000000000.1", "99999999999999999999"])
def test_an_amount_that_the_product_takes_from_nobody_is_declined(world, amount):
    with pytest.raises(earn.EstimateAmountOutOfRange) as declined:
        estimated("FLEX", amount, 1)
    assert declined.value.least == usdt("0.1")
    assert declined.value.most == usdt(10**12)


def test_the_smallest_bound_is_the_most(world):
    world.publish(
        "SMALL",
        minimum=Decimal(1),
        maximum=Decimal(70),
        quota_per_person=Decimal(60),
        quota_total=Decimal(80),
    )
    with pytest.raises(earn.EstimateAmountOutOfRange) as declined:
        estimated("SMALL", "61", 1)
    assert declined.value.most == usdt(60)


@pytest.mark.parametrize(
    ("code", "days", "most"), [("LOCK", 31, 30), ("LOCK", 0, 30), ("FLEX", 366, 365)]
)
def test_days_that_the_product_has_not_are_declined(world, code, days, most):
    with pytest.raises(earn.EstimateDaysOutOfRange) as declined:
        estimated(code, "100", days)
    assert (declined.value.least, declined.value.most) == (1, most)


def test_the_most_of_everything_is_still_a_number_of_the_book(world):
    earn.set_rate(product_code="FLEX", apr=Decimal(10), at=OPENING + timedelta(minutes=1))
    at = OPENING + timedelta(minutes=1)
    assert estimated("FLEX", str(10**12), 365, at=at).rewards.is_positive


def test_what_comes_to_more_than_the_book_holds_is_declined(world):
    at = OPENING + timedelta(minutes=1)
    earn.set_rate(product_code="FLEX", apr=Decimal(99), at=at)
    with pytest.raises(earn.EstimateTooLarge):
        estimated("FLEX", "1", 365, at=at)
    earn.set_rate(product_code="FLEX", apr=Decimal(0), at=at + timedelta(minutes=1))
    pay_by_the_day((tier(0, None, "999999999"),))
    with pytest.raises(earn.EstimateTooLarge):
        estimated("FLEX", str(10**12), 365, at=NEXT + timedelta(hours=1))
