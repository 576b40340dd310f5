"""Rewards in another asset than the position's: booked, paid, taken back, kept, undone."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.earn.rules import claw_back
from mooring.earn.rules.redemption import leave_locked
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.kernel.rounding import floor_to
from mooring.wallet import api as wallet
from tests.earn.shapes import VALUE_DATE, locked, locked_terms
from tests.earn.test_partial import BEFORE_PAYOUT, END, LATER, MIDNIGHT, MODES, is_clean, reward
from tests.earn.world import A_DAY, LOCKED, OPENING, usdt, work, work_daily
from tests.notices import outbox

D = Decimal
#: In BTC for each USDT and year: 1000 USDT earn 0.0001 BTC in 36.5 days.
APR = D("0.000001")
PAYS_BTC = {**LOCKED, "apr": APR, "reward_asset": "BTC", "early_redemption": "PARTIAL"}


def btc(number):
    return Amount(D(number), "BTC")


def earned(principal, days):
    return reward(principal, days, apr=APR)


def in_btc(world, who=None):
    found = wallet.balances(account_id=world.alice if who is None else who, at=OPENING)
    return sum((one.spot_available.number for one in found if one.asset == "BTC"), D(0))


def quote_prices(bitcoin="50000", at=OPENING):
    usd = {"BTC": D(bitcoin), "USDT": D(1)}
    assets.quote_prices(
        assets.Quote(asset=asset, usd=price, valid_from=at, source="test")
        for asset, price in usd.items()
    )


def spend_bitcoin(world, share=1):
    """Rewards leave spot, as if they had been spent."""
    world.publish("BTC001", minimum=D("0.00000001"), asset="BTC")
    earn.set_rate(product_code="BTC001", apr=D(0), at=OPENING)
    amount, _ = floor_to(in_btc(world) * D(share), 8)
    assert isinstance(world.subscribe(btc(amount), "BTC001", at=LATER), int)


@pytest.fixture
def position(world):
    world.publish("APART", **PAYS_BTC)
    return world.subscribe("1000", "APART")


def leave(*, mode="DISTRIBUTED_AND_ACCRUED", principal="1000", amount=None, **purse):
    terms = locked_terms(
        early_redemption="PARTIAL", claw_back=mode, apr=APR, reward_asset="BTC", fee_rate=D("0.001")
    )
    holding = locked(principal, terms=terms, days_paid=10, days_accrued=10)
    at = VALUE_DATE + timedelta(days=11, hours=12)
    return leave_locked(holding, amount=amount, at=at, purse=claw_back.Purse(account=9, **purse))


# --- the rule ---


def test_what_spot_covers_comes_out_of_spot():
    paid, all_ = earned(1000, 10), earned(1000, 11)
    found = leave(in_spot=paid)
    assert (found.reward_deducted, found.reward_price, found.deducted) == (paid, None, 0)
    assert (found.reward_forfeited, found.reward_kept) == (all_ - paid, 0)
    assert (found.fee, found.net) == (1, 999)
    assert (found.forfeited, found.rewards_added, found.rewards_kept) == (0, 0, 0)


def test_what_spot_does_not_cover_wholly_costs_its_price_out_of_the_principal():
    paid = earned(1000, 10)
    found = leave(in_spot=paid - D("0.00000001"), price=D("50000.000000000000000001"))
    assert paid == D("0.00002739")
    assert found.deducted == D("1.36950001")
    assert (found.reward_deducted, found.reward_price) == (paid, D("50000.000000000000000001"))
    assert found.rewards_kept == paid
    assert found.net == 1000 - 1 - D("1.36950001")


def test_a_customer_never_owes():
    found = leave(price=D(10**9))
    assert (found.deducted, found.fee, found.net) == (1000, 0, 0)
    assert found.reward_deducted == D("0.00000100")


def test_without_a_price_it_cannot_be_taken_back():
    with pytest.raises(earn.RewardPriceNotKnown) as refused:
        leave(in_spot=D("0.00002738"))
    assert refused.value.amount == btc("0.00002739")
    kept = leave(mode="NONE")
    assert (kept.reward_deducted, kept.reward_kept) == (0, earned(1000, 11) - earned(1000, 10))


@pytest.mark.parametrize("mode", MODES)
def test_every_reward_is_taken_back_dropped_or_kept(mode):
    for part in (None, D("333.333333")):
        found = leave(mode=mode, amount=part, in_spot=D(1))
        share = 1000 if part is None else part
        paid = earned(1000, 10) - earned(1000 - share, 10)
        assert found.rewards_kept + found.reward_deducted == paid
        assert found.reward_forfeited + found.reward_kept == found.accrued


@pytest.mark.parametrize(
    ("prices", "price"),
    [
        ({"USDT": D(1), "BTC": D(50000)}, D(50000)),
        ({"USDT": D(3), "BTC": D(1)}, D("0.333333333333333334")),
        ({"USDT": D(1)}, None),
        ({"BTC": D(1)}, None),
        ({}, None),
        ({"USDT": D("1e-18"), "BTC": D(100)}, None),
        ({"USDT": D("1e-18"), "BTC": D("99.99")}, D("9.999e19")),
    ],
)
def test_a_price_between_two_assets_is_ceiled(prices, price):
    assert claw_back.price_between(prices, "USDT", reward_asset="BTC") == price


# --- in the book ---


def test_days_are_booked_and_paid_in_the_asset_of_the_rewards(world, position):
    world.subscribe("1000", "LOCK")
    work_daily(OPENING, LATER)
    assert in_btc(world) == earned(1000, 10)
    view = world.position(position, at=LATER)
    assert (view.rewards_paid, view.accrued) == (btc(earned(1000, 10)), btc(0))
    assert view.amount == usdt("1000")
    work_daily(LATER, END)
    assert in_btc(world) == earned(1000, 30)
    assert world.balances() == {"spot_available": 5000 + reward(1000, 30)}
    assert is_clean()


def test_terms_that_change_what_they_pay_in_leave_running_positions_alone(world):
    world.publish("BOTH", **LOCKED)
    world.subscribe("1000", "BOTH")
    world.publish("BOTH", at=OPENING + timedelta(hours=1), **PAYS_BTC)
    world.subscribe("1000", "BOTH", who=world.bob, at=OPENING + timedelta(hours=2))
    work_daily(OPENING, END)
    assert world.balances()["spot_available"] == 5000 + reward(1000, 30)
    assert (in_btc(world), in_btc(world, world.bob)) == (0, earned(1000, 30))
    assert world.balances(world.bob) == {"spot_available": 5000}


def test_left_early_rewards_come_back_out_of_spot(world, position):
    work_daily(OPENING, LATER)
    quote = world.quote(position, at=LATER)
    apart = quote.rewards_apart
    assert (apart.deducted, apart.price) == (btc(earned(1000, 10)), None)
    assert not quote.is_free
    assert quote.wait.receive_more == usdt(0)
    assert quote.wait.extra_more == btc(earned(1000, 30))
    done = world.confirm(quote, at=LATER)
    assert done.net == usdt("1000") == quote.net
    assert in_btc(world) == 0
    view = earn.get_redemption(account_id=world.alice, redemption_id=done.redemption_id, at=LATER)
    assert view.rewards_apart == apart
    work_daily(LATER, LATER + 3 * A_DAY)
    assert world.balances() == {"spot_available": 5000}
    assert is_clean()


def test_spent_rewards_cost_their_price(world, position):
    quote_prices()
    work_daily(OPENING, LATER)
    spend_bitcoin(world)
    quote = world.quote(position, "400", at=LATER)
    taken = earned(1000, 10) - earned(600, 10)
    assert quote.rewards_apart.deducted.number == taken
    assert quote.rewards_apart.price == 50000
    assert quote.deducted.number == taken * 50000
    assert quote.wait.receive_more == quote.deducted
    assert quote.wait.extra_more.number == earned(1000, 30) - earned(600, 30) - taken
    # The price moves meanwhile: what was shown counts.
    quote_prices("70000", at=LATER + timedelta(seconds=1))
    done = world.confirm(quote, at=LATER + timedelta(seconds=30))
    assert done.net == quote.net
    assert is_clean()
    world.undo(done, at=LATER + timedelta(minutes=5))
    assert world.position(position, at=LATER).amount == usdt("1000")
    assert is_clean()
    work_daily(LATER, END)
    assert world.balances() == {"spot_available": 5000}
    assert in_btc(world) == earned(1000, 30) - earned(1000, 10)


def test_a_quote_is_void_when_the_rewards_were_spent_meanwhile(world, position):
    quote_prices()
    work_daily(OPENING, LATER)
    quote = world.quote(position, at=LATER)
    spend_bitcoin(world)
    assert isinstance(world.confirm(quote, at=LATER), earn.QuoteChanged)


def test_without_a_price_nothing_is_redeemed(world, position):
    work_daily(OPENING, LATER)
    spend_bitcoin(world)
    with pytest.raises(earn.RewardPriceNotKnown):
        world.quote(position, at=LATER)
    assert isinstance(world.redeem(position, at=LATER), earn.RewardPriceNotKnown)
    assert world.position(position, at=LATER).status == "HOLDING"


def test_requests_of_a_batch_see_what_the_ones_before_took_back(world, position):
    quote_prices()
    world.subscribe("1000", "APART")
    work_daily(OPENING, LATER)
    first, second = earn.list_positions(account_id=world.alice, at=LATER)
    # Only one and a half of two positions' rewards are there.
    spend_bitcoin(world, "0.25")
    done = earn.redeem([world.redemption(first.id), world.redemption(second.id)], at=LATER)
    prices = db.rows("SELECT reward_price FROM earn_redemption ORDER BY id")
    assert prices == [(None,), (D(50000),)]
    assert done[0].net.number - done[1].net.number == earned(1000, 10) * 50000
    assert is_clean()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", [LATER, BEFORE_PAYOUT])
@pytest.mark.parametrize("part", [None, "123.456789"])
def test_undone_it_is_as_if_nothing_had_left(world, mode, at, part):
    quote_prices()
    world.publish("APART", **PAYS_BTC, claw_back=mode)
    mine = world.subscribe("777.777777", "APART")
    world.subscribe("777.777777", "APART", who=world.bob)
    work_daily(OPENING, at)
    work(at)
    done = world.redeem(mine, part, at=at)
    later = at + timedelta(seconds=3599)
    work(later)
    assert is_clean()
    world.undo(done, at=later)
    work(later)
    work_daily(later, END)
    assert in_btc(world) == in_btc(world, world.bob) == earned("777.777777", 30)
    assert world.balances() == world.balances(world.bob) == {"spot_available": 5000}
    assert is_clean()


def test_kept_rewards_arrive_with_the_delivery(world):
    world.publish("APART", **PAYS_BTC, claw_back="NONE")
    position = world.subscribe("1000", "APART")
    work_daily(OPENING, BEFORE_PAYOUT)
    work(BEFORE_PAYOUT)
    paid, all_ = earned(1000, 10), earned(1000, 11)
    assert in_btc(world) == paid
    done = world.redeem(position, "400", at=BEFORE_PAYOUT)
    kept = all_ - earned(600, 11) - (paid - earned(600, 10))
    view = earn.get_redemption(
        account_id=world.alice, redemption_id=done.redemption_id, at=BEFORE_PAYOUT
    )
    assert view.rewards_apart.kept.number == kept > 0
    assert is_clean()
    arrives = done.arrives_from
    work_daily(BEFORE_PAYOUT, arrives)
    before = in_btc(world)
    work(arrives)
    work(arrives)
    assert in_btc(world) == before + kept
    assert world.position(position, at=arrives).status == "HOLDING"
    work_daily(arrives, END)
    assert in_btc(world) == paid + kept + earned(600, 30) - earned(600, 10)
    assert is_clean()


@pytest.mark.parametrize("target", ["SPOT", "FUNDING", "FLEXIBLE"])
def test_a_product_that_ends_gives_back_what_was_not_paid_yet(world, position, target):
    earn.set_maturity_choice(
        account_id=world.alice, position_id=position, auto_renew=False, redeem_to=target, at=OPENING
    )
    ends = MIDNIGHT + 12 * A_DAY
    earn.end_product(product_code="APART", ends_at=ends, at=LATER)
    work_daily(OPENING, ends)
    work(ends)
    work(ends + timedelta(hours=1))
    assert in_btc(world) == earned(1000, 11)
    kept = earned(1000, 11) - earned(1000, 10)
    [mail] = [m for m in outbox.messages("alice@example.org") if m.kind == "earn_retired"]
    assert f"comes back to you: 1000 USDT + {btc(kept)}." in mail.body
    place = {"SPOT": "spot_available", "FUNDING": "funding", "FLEXIBLE": "earn_flexible"}[target]
    assert sum(world.balances().values()) == 5000
    assert place in world.balances()
    assert is_clean()


def test_rewards_earned_are_counted_in_their_asset(world, position):
    work_daily(OPENING, LATER)
    world.redeem(position, "400", at=LATER)
    work_daily(LATER, LATER + 2 * A_DAY)
    at = LATER + 2 * A_DAY
    found = {one.to_date.asset: one.to_date.number for one in earn.rewards_earned(
        account_id=world.alice, at=at)}  # fmt: skip
    assert found["BTC"] == earned(600, 12)
    assert found["BTC"] == in_btc(world) + world.position(position, at=at).accrued.number


def test_a_subscription_is_quoted_in_the_asset_of_the_rewards(world):
    world.publish("APART", **PAYS_BTC)
    quote = earn.quote_subscription(
        account_id=world.alice, product_code="APART", amount=usdt("1000"), at=OPENING
    )
    assert quote.rewards_total == btc(earned(1000, 30))
    assert quote.reward_daily == btc(earned(1000, 1))
