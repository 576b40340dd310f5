"""Maintenance stops what it says, tells why and until when, and never an exit (EARN-12)."""

from datetime import timedelta

import pytest

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.errors import Refusal
from tests.earn.world import A_DAY, A_MINUTE, AN_HOUR, OPENING, usdt

pytestmark = pytest.mark.usefixtures("world")
LATER = OPENING + AN_HOUR


def announce(*, starts=OPENING, ends=LATER, **about):
    about = {"stops_subscriptions": True, "stops_redemptions": False} | about
    about.setdefault("reason", "The node is upgraded")
    maintenance = earn.Maintenance(starts_at=starts, expected_end=ends, author="ann", **about)
    return earn.announce_window(maintenance, at=OPENING)


def product_id(code):
    return earn.get_product(code=code, at=OPENING).id


def in_force(code, at):
    found = earn.windows_at([product_id(code)], at=at)
    return [window.id for window in found.get(product_id(code), ())]


# --- which windows concern a product ---


@pytest.mark.parametrize(
    ("scope", "concerned"),
    [
        ({}, {"FLEX", "LOCK", "BTC"}),
        ({"asset": "USDT"}, {"FLEX", "LOCK"}),
        ({"product_code": "LOCK"}, {"LOCK"}),
    ],
)
def test_a_window_concerns_a_product_an_asset_or_everything(world, scope, concerned):
    world.publish("BTC", asset="BTC", minimum=1)
    window = announce(**scope)
    codes = {"FLEX", "LOCK", "BTC"}
    assert {code for code in codes if in_force(code, OPENING) == [window]} == concerned
    assert {code for code in codes if earn.list_windows(at=OPENING, product_code=code)} == concerned


def test_a_window_is_in_force_from_its_start_until_before_its_end():
    window = announce(starts=OPENING + A_MINUTE, ends=LATER)
    assert in_force("FLEX", OPENING) == []
    assert in_force("FLEX", OPENING + A_MINUTE) == [window]
    assert in_force("FLEX", LATER - timedelta(microseconds=1)) == [window]
    assert in_force("FLEX", LATER) == []
    assert [found.id for found in earn.list_windows(at=OPENING)] == [window]
    assert earn.list_windows(at=LATER) == ()
    assert [found.id for found in earn.list_windows(at=LATER, with_past=True)] == [window]


# --- what it stops ---


def test_new_money_is_refused_with_the_reason_and_the_expected_end(world):
    announce(product_code="FLEX")
    announce(product_code="FLEX", ends=LATER + AN_HOUR, reason="A second one lasts longer")
    refused = world.subscribe("10")
    assert type(refused) is earn.SubscriptionsStopped
    assert (refused.reason, refused.until) == ("A second one lasts longer", LATER + AN_HOUR)
    with pytest.raises(earn.SubscriptionsStopped):
        earn.quote_subscription(
            account_id=world.alice, product_code="FLEX", amount=usdt("10"), at=OPENING
        )
    assert not isinstance(world.subscribe("10", "LOCK"), Refusal)
    assert not isinstance(world.subscribe("10", at=LATER + AN_HOUR), Refusal)


def test_a_window_of_redemptions_only_lets_new_money_in(world):
    announce(stops_subscriptions=False, stops_redemptions=True)
    assert not isinstance(world.subscribe("10"), Refusal)


def test_a_window_of_subscriptions_never_stops_an_exit(world):
    flexible, locked = world.subscribe("10"), world.subscribe("10", "LOCK")
    announce()
    for position in (flexible, locked):
        assert world.quote(position, at=OPENING).whole
        assert not isinstance(world.redeem(position, at=OPENING), Refusal)


@pytest.mark.parametrize(("lasts", "later"), [(24, 48), (48, 48), (60, 60)])
def test_leaving_a_locked_position_early_is_decided_now_and_arrives_after_the_window(
    world, lasts, later
):
    position = world.subscribe("1000", "LOCK")
    announce(stops_redemptions=True, stops_subscriptions=False, ends=OPENING + lasts * AN_HOUR)
    quote = world.quote(position, at=OPENING)
    done = world.confirm(quote, at=OPENING + A_MINUTE - timedelta(seconds=1))
    assert done.status == "PENDING"
    assert abs(done.arrives_from - OPENING - later * AN_HOUR) < A_MINUTE
    assert done.arrives_until - done.arrives_from == 24 * AN_HOUR
    world.undo(done, at=OPENING + 59 * A_MINUTE)
    assert world.position(position, at=LATER).status == "HOLDING"


def test_a_closed_product_never_stops_an_exit(world):
    flexible, locked = world.subscribe("10"), world.subscribe("10", "LOCK")
    for code in ("FLEX", "LOCK"):
        earn.set_subscriptions_open(product_code=code, is_open=False)
        assert type(world.subscribe("10", code)) is earn.ProductNotOpen
    assert not isinstance(world.redeem(flexible, "5", at=OPENING + A_DAY), Refusal)
    assert not isinstance(world.redeem(flexible, at=OPENING + A_DAY), Refusal)
    assert not isinstance(world.redeem(locked, at=OPENING + A_DAY), Refusal)


# --- changing it ---


def test_an_operator_extends_and_ends_a_window(world):
    window = announce()
    earn.extend_window(window_id=window, expected_end=LATER + A_DAY, at=OPENING)
    assert world.subscribe("10", at=LATER).until == LATER + A_DAY
    earn.end_window(window_id=window, at=LATER)
    assert not isinstance(world.subscribe("10", at=LATER), Refusal)


def test_a_planned_window_that_is_called_off_never_begins(world):
    window = announce(starts=OPENING + A_MINUTE)
    earn.end_window(window_id=window, at=OPENING)
    assert in_force("FLEX", OPENING + A_MINUTE) == []
    assert earn.list_windows(at=OPENING + A_MINUTE) == ()


@pytest.mark.parametrize(
    ("case", "about", "refusal"),
    [
        ("it ends before it starts", {"starts": LATER, "ends": OPENING}, earn.WindowMalformed),
        ("it is over", {"starts": OPENING - A_DAY, "ends": OPENING}, earn.WindowMalformed),
        ("it stops nothing", {"stops_subscriptions": False}, earn.WindowMalformed),
        ("no reason", {"reason": " \n"}, earn.WindowMalformed),
        ("a novel", {"reason": "x" * 201}, earn.WindowMalformed),
        ("two things", {"product_code": "FLEX", "asset": "USDT"}, earn.WindowMalformed),
        ("no such product", {"product_code": "NONE"}, earn.ProductNotFound),
        ("no such asset", {"asset": "NONE"}, assets.UnknownAsset),
    ],
)
def test_nonsense_is_not_announced(case, about, refusal):
    with pytest.raises(refusal):
        announce(**about)
    assert earn.list_windows(at=OPENING, with_past=True) == (), case


def test_a_window_that_is_over_is_not_changed():
    window = announce()
    for at in (LATER, LATER + A_DAY):
        with pytest.raises(earn.WindowOver):
            earn.end_window(window_id=window, at=at)
        with pytest.raises(earn.WindowOver):
            earn.extend_window(window_id=window, expected_end=at + A_DAY, at=at)
    with pytest.raises(earn.WindowNotFound):
        earn.end_window(window_id=window + 1, at=OPENING)
    with pytest.raises(earn.WindowMalformed):
        earn.extend_window(window_id=window, expected_end=OPENING, at=OPENING)


# --- what waits for its end ---


def test_what_waits_for_a_window_follows_its_end(world):
    position = world.subscribe("100")
    both = {"stops_redemptions": True, "product_code": "FLEX"}
    window, other = announce(**both), announce(**both, ends=OPENING + 2 * AN_HOUR)
    done = world.redeem(position, "1", at=OPENING)
    assert done.status == "QUEUED"

    def times():
        [(runs_at, arrives_from, arrives_until)] = db.rows(
            "SELECT runs_at, arrives_from, arrives_until FROM earn_redemption"
        )
        assert arrives_from == runs_at <= arrives_until
        return runs_at

    assert times() == OPENING + 2 * AN_HOUR
    earn.extend_window(window_id=window, expected_end=OPENING + A_DAY, at=OPENING)
    assert times() == OPENING + A_DAY
    earn.end_window(window_id=window, at=OPENING + A_MINUTE)
    # The other one goes on.
    assert times() == OPENING + 2 * AN_HOUR
    earn.end_window(window_id=other, at=OPENING + 2 * A_MINUTE)
    assert times() == OPENING + 2 * A_MINUTE


def test_somebody_without_an_account_is_told_so_before_of_maintenance(world):
    announce()
    assert type(world.subscribe("10", who=0)) is accounts.AccountNotOpen
