"""What the quote said is what redeeming does, or nothing happens (EARN-4)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.policies import api as policies
from tests.earn.world import A_DAY, A_MINUTE, LOCKED, OPENING, everything, usdt, work, work_daily

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
LATER = MIDNIGHT + 11 * A_DAY + timedelta(hours=12)


def recorded(world, done, at):
    return earn.get_redemption(account_id=world.alice, redemption_id=done.redemption_id, at=at)


@pytest.mark.parametrize("amount", [None, "400", "999.99999999"])
def test_a_flexible_quote_is_the_outcome(world, amount):
    position = world.subscribe("1000")
    at = OPENING + A_DAY
    quote = world.quote(position, amount, at=at)
    before = world.balances()["spot_available"]
    # Three quarters of a minute later, in another minute: the quote's rewards stand.
    done = world.confirm(quote, at=at + timedelta(seconds=50))
    view = recorded(world, done, at)
    assert (view.net, view.amount, view.fee) == (quote.net, quote.amount, quote.fee)
    assert world.balances()["spot_available"] == before + quote.net.number
    left = world.position(position, at=quote.quoted_at).amount
    assert left == quote.remaining


@pytest.mark.parametrize("mode", ["DISTRIBUTED_AND_ACCRUED", "ACCRUED_ONLY", "PRO_RATA", "NONE"])
@pytest.mark.parametrize("fee_rate", ["0", "0.0123"])
def test_an_early_quote_is_the_outcome(world, mode, fee_rate):
    world.publish("OTHER", **LOCKED, claw_back=mode, fee_rate=Decimal(fee_rate))
    position = world.subscribe("1234.567", "OTHER")
    work_daily(OPENING, LATER)
    at = MIDNIGHT + 12 * A_DAY + timedelta(minutes=30)
    quote = world.quote(position, at=at)
    view = recorded(world, world.confirm(quote, at=at + timedelta(seconds=59)), at)
    for name in ("amount", "deducted", "forfeited", "rewards_added", "fee", "net"):
        assert getattr(view, name) == getattr(quote, name), name
    assert quote.is_early
    assert quote.net == quote.amount - quote.deducted - quote.fee + quote.rewards_added
    spot = world.balances()["spot_available"]
    work(at + 3 * A_DAY)
    assert world.balances()["spot_available"] == spot + quote.net.number


def test_a_quote_says_when_it_arrives(world):
    flexible, locked = world.subscribe("1000"), world.subscribe("1000", "LOCK")
    at = OPENING + A_DAY
    assert world.quote(flexible, at=at).is_instant
    quote = world.quote(locked, at=at)
    assert (quote.arrives_from, quote.arrives_until) == (at + 2 * A_DAY, at + 3 * A_DAY)
    assert quote.undo_until == at + timedelta(hours=1)


def test_waiting_is_quoted_beside_leaving(world):
    position = world.subscribe("1000", "LOCK")
    work_daily(OPENING, LATER)
    quote = world.quote(position, at=LATER)
    assert str(quote.net) == "997.26027398 USDT"
    assert str(quote.wait.receive_total) == "1008.21917808 USDT"
    # Leaving leaves 1000 altogether: what was paid is taken back out of the principal.
    assert str(quote.wait.receive_more) == "8.21917808 USDT"
    assert quote.wait.until == MIDNIGHT + 31 * A_DAY
    assert quote.wait.delivered_at == MIDNIGHT + 32 * A_DAY


def test_waiting_brings_what_it_said(world):
    position = world.subscribe("1000", "LOCK")
    work_daily(OPENING, LATER)
    total = world.quote(position, at=LATER).wait.receive_total
    work_daily(LATER, MIDNIGHT + 33 * A_DAY)
    assert world.balances() == {"spot_available": 4000 + total.number}


def test_at_the_end_there_is_nothing_to_wait_for(world):
    position = world.subscribe("1000", "LOCK")
    quote = world.quote(position, at=MIDNIGHT + 31 * A_DAY)
    assert quote.wait is None
    assert not quote.is_early
    assert quote.is_free


@pytest.mark.parametrize(
    ("case", "late", "is_valid"),
    [
        ("at once", timedelta(0), True),
        ("in the last moment", A_MINUTE - timedelta(microseconds=1), True),
        ("when its time is over", A_MINUTE, False),
        ("much later", A_DAY, False),
    ],
)
def test_a_quote_is_good_for_a_minute(world, case, late, is_valid):
    quote = world.quote(world.subscribe("1000", "LOCK"), at=OPENING)
    before = everything()
    outcome = world.confirm(quote, at=OPENING + late)
    assert isinstance(outcome, earn.Redeemed) == is_valid, case
    if not is_valid:
        assert type(outcome) is earn.QuoteExpired
        assert everything() == before


def test_how_long_is_a_policy(world):
    policies.set_policy(
        earn.QUOTE_VALID_SECONDS,
        10,
        effective_from=OPENING,
        author="Olga",
        reason="a test",
        at=OPENING,
    )
    quote = world.quote(world.subscribe("1000"), at=OPENING)
    assert quote.valid_until == OPENING + timedelta(seconds=10)


CHANGES = [
    ("a subscription", "FLEX", lambda world, _: world.subscribe("1", at=OPENING)),
    ("a redemption", "FLEX", lambda world, position: world.redeem(position, "1", at=OPENING)),
    ("an exit", "LOCK", lambda world, position: world.redeem(position, at=OPENING)),
    ("an exit and its undoing", "LOCK", lambda world, position: world.undo(
        world.redeem(position, at=OPENING), at=OPENING)),
]  # fmt: skip


@pytest.mark.parametrize(("case", "product", "change"), CHANGES)
def test_after_anything_else_happened_the_quote_is_void(world, case, product, change):
    position = world.subscribe("1000", product)
    quote = world.quote(position, at=OPENING)
    change(world, position)
    before = everything()
    assert type(world.confirm(quote, at=OPENING)) is earn.QuoteChanged, case
    assert everything() == before, case


@pytest.mark.parametrize("product", ["FLEX", "LOCK"])
def test_a_day_that_was_closed_in_between_voids_it(world, product):
    position = world.subscribe("1000", product)
    work_daily(OPENING, OPENING + 5 * A_DAY)
    at = MIDNIGHT + 6 * A_DAY - timedelta(seconds=20)
    quote = world.quote(position, at=at)
    work(MIDNIGHT + 6 * A_DAY)
    outcome = world.confirm(quote, at=at + timedelta(seconds=30))
    assert type(outcome) is earn.QuoteChanged


def test_a_day_that_ended_and_is_not_closed_voids_a_locked_quote(world):
    """Rewards that would be forfeited have grown, whether or not the worker was there."""
    position = world.subscribe("1000", "LOCK")
    at = MIDNIGHT + 6 * A_DAY - timedelta(seconds=20)
    quote = world.quote(position, at=at)
    assert type(world.confirm(quote, at=at + timedelta(seconds=30))) is earn.QuoteChanged


def test_a_payout_in_between_voids_it(world):
    """Then rewards would be taken back that the quote called forfeited."""
    position = world.subscribe("1000", "LOCK")
    at = MIDNIGHT + 2 * A_DAY + timedelta(minutes=59, seconds=50)
    work(at - A_MINUTE)
    work(at)
    quote = world.quote(position, at=at)
    later = at + timedelta(seconds=15)
    work(later)
    assert world.balances()["spot_available"] == Decimal("4000.27397260")
    assert type(world.confirm(quote, at=later)) is earn.QuoteChanged


def test_a_change_of_rate_after_the_quote_does_not_void_it(world):
    position = world.subscribe("1000")
    at = OPENING + A_DAY
    quote = world.quote(position, at=at)
    earn.set_rate(product_code="FLEX", apr=Decimal("0.5"), at=at)
    assert world.confirm(quote, at=at + timedelta(seconds=55)).net == quote.net


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        ("another wallet", {"destination": "FUNDING"}),
        ("another amount", {"amount": usdt("399")}),
        ("everything", {"amount": None}),
    ],
)
def test_a_quote_is_not_good_for_another_request(world, case, changes):
    position = world.subscribe("1000")
    quote = world.quote(position, "400", at=OPENING)
    request = world.redemption(position, "400", quote=quote)
    [outcome] = earn.redeem([replace(request, **changes)], at=OPENING)
    assert type(outcome) is earn.QuoteChanged, case


def test_a_quote_is_not_good_for_another_position(world):
    quote = world.quote(world.subscribe("1000", "LOCK"), at=OPENING)
    other = world.subscribe("1000", "LOCK")
    assert type(world.redeem(other, quote=quote, at=OPENING)) is earn.QuoteChanged


def test_a_quote_that_was_forged_is_refused(world):
    """Figures come from the rules; a quote only has to agree."""
    quote = world.quote(world.subscribe("1000"), "400", at=OPENING)
    forged = replace(quote, net=usdt("4000"), amount=usdt("400"))
    assert type(world.confirm(forged, at=OPENING)) is earn.QuoteChanged


def test_a_quote_confirmed_twice_redeems_once(world):
    quote = world.quote(world.subscribe("1000"), "400", at=OPENING)
    first = world.confirm(quote, at=OPENING)
    # A reload, long after the quote's time: still the answer of the first time.
    again = world.confirm(quote, at=OPENING + A_DAY)
    assert again.replayed
    assert first.redemption_id == again.redemption_id


@pytest.mark.parametrize(
    ("case", "product", "amount", "refusal"),
    [
        ("too much", "FLEX", "1000.00000001", earn.AmountExceedsPosition),
        ("nothing", "FLEX", "0", earn.AmountNotPositive),
        ("another asset", "FLEX", Amount(Decimal(1), "BTC"), earn.WrongAsset),
        ("a part of a locked one", "LOCK", "1", earn.WholePositionOnly),
    ],
)
def test_what_redeeming_would_refuse_the_quote_refuses_already(
    world, case, product, amount, refusal
):
    position = world.subscribe("1000", product)
    with pytest.raises(refusal):
        world.quote(position, amount, at=OPENING)
    assert case


def test_nobody_is_quoted_anothers_position(world):
    position = world.subscribe("1000", who=world.bob)
    with pytest.raises(earn.PositionNotFound):
        world.quote(position, at=OPENING)


def test_a_subscription_is_quoted_with_dates_and_rewards(world):
    quote = earn.quote_subscription(
        account_id=world.alice, product_code="LOCK", amount=usdt("1000"), at=OPENING
    )
    assert quote.value_date == MIDNIGHT + A_DAY
    assert quote.delivers_at == MIDNIGHT + 32 * A_DAY
    assert (str(quote.reward_daily), str(quote.rewards_total)) == (
        "0.2739726 USDT",
        "8.21917808 USDT",
    )
    assert str(quote.available) == "5000 USDT"
    with pytest.raises(earn.BelowMinimum):
        earn.quote_subscription(
            account_id=world.alice, product_code="LOCK", amount=usdt("0.5"), at=OPENING
        )
