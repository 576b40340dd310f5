"""At its end a position goes on where its customer chose, or falls back and says so."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.earn.actions import carry_on
from mooring.kernel import db
from mooring.operations.audits import run
from tests.earn.world import A_DAY, AN_HOUR, LOCKED, OPENING, everything, work, work_daily
from tests.notices import outbox

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0)
END = MIDNIGHT + 31 * A_DAY
DELIVERY = END + A_DAY
A_MOMENT = timedelta(milliseconds=1)
RENEWABLE = {**LOCKED, "is_renewable": True}


@pytest.fixture
def renewable(world):
    world.publish("AGAIN", **RENEWABLE)
    return world


def choose(world, position, *, auto_renew=False, redeem_to="SPOT", at=OPENING, who=None):
    earn.set_maturity_choice(
        account_id=who or world.alice,
        position_id=position,
        auto_renew=auto_renew,
        redeem_to=redeem_to,
        at=at,
    )


def redemption(world, at=DELIVERY):
    [found] = earn.list_redemptions(account_id=world.alice, at=at)
    return found


def diverted():
    return db.rows("SELECT destination, diverted_to, diverted_because FROM earn_redemption")


def is_clean():
    return {f.audit.name: f.rows for f in run.findings() if not f.is_clean} == {}


def test_the_principal_alone_goes_into_a_new_position_on_the_terms_of_then(renewable):
    position = renewable.subscribe("1000", "AGAIN")
    choose(renewable, position, auto_renew=True, redeem_to="FUNDING")
    renewable.publish("AGAIN", at=END, **{**RENEWABLE, "apr": Decimal("0.2"), "duration_days": 10})
    work_daily(OPENING, DELIVERY)
    [new] = earn.list_positions(account_id=renewable.alice, at=DELIVERY)
    assert new.amount.number == 1000
    assert (new.renewed_from, new.auto_renew, new.redeem_to) == (position, True, "FUNDING")
    assert (new.value_date, new.rewards_end) == (DELIVERY, DELIVERY + 10 * A_DAY)
    assert (new.apr, new.delivers_at) == (Decimal("0.2"), DELIVERY + 11 * A_DAY)
    assert renewable.position(position, at=DELIVERY).status == "PAID"
    assert (redemption(renewable).status, redemption(renewable).destination) == ("PAID", "RENEWAL")
    assert renewable.balances()["earn_locked"] == 1000
    assert renewable.balances()["spot_available"] == Decimal("4008.21917808")
    assert is_clean()
    work_daily(DELIVERY, DELIVERY + 10 * A_DAY)
    assert renewable.balances()["spot_available"] == Decimal("4013.15068492")


def test_it_can_be_renewed_again_and_again(renewable):
    position = renewable.subscribe("1000", "AGAIN")
    choose(renewable, position, auto_renew=True)
    work_daily(OPENING, OPENING + 70 * A_DAY)
    assert db.rows("SELECT id, renewed_from_id, status FROM earn_position ORDER BY id") == [
        (position, None, "PAID"),
        (position + 1, position, "PAID"),
        (position + 2, position + 1, "HOLDING"),
    ]
    assert is_clean()


def test_the_principal_goes_into_the_flexible_position_and_earns_from_then(world):
    flexible = world.subscribe("100")
    position = world.subscribe("1000", "LOCK")
    choose(world, position, redeem_to="FLEXIBLE")
    work_daily(OPENING, DELIVERY)
    joined = world.position(flexible, at=DELIVERY)
    assert Decimal(1100) < joined.amount.number < Decimal("1100.3")
    assert redemption(world).destination == "FLEXIBLE"
    before = joined.amount.number
    work_daily(DELIVERY, DELIVERY + A_DAY)
    earned = world.position(flexible, at=DELIVERY + A_DAY).amount.number - before
    assert earned == pytest.approx(before * Decimal("0.03") / 365, rel=Decimal("0.001"))
    assert is_clean()


def test_a_flexible_position_is_opened_where_there_is_none(world):
    choose(world, world.subscribe("1000", "LOCK"), redeem_to="FLEXIBLE")
    work_daily(OPENING, DELIVERY + A_DAY)
    assert world.balances()["earn_flexible"] > 1000
    assert is_clean()


def test_three_days_late_everything_is_as_if_it_had_run_in_time(renewable):
    """Domain rules §11 no. 2: one book is worked daily, the other once, three days late."""
    first = renewable.subscribe("1000", "AGAIN")
    second = renewable.subscribe("1000", "LOCK")
    renewable.subscribe("100")
    choose(renewable, first, auto_renew=True)
    choose(renewable, second, redeem_to="FLEXIBLE")
    work_daily(OPENING, END - A_DAY)
    db.execute("SAVEPOINT fork")
    work_daily(END - A_DAY, DELIVERY + 3 * A_DAY + 2 * AN_HOUR)
    in_time = figures(renewable)
    db.execute("ROLLBACK TO SAVEPOINT fork")
    late = DELIVERY + 3 * A_DAY + AN_HOUR + timedelta(seconds=5)
    for seconds in range(4):
        work(late + timedelta(seconds=seconds))
    assert figures(renewable) == in_time
    assert is_clean()


def figures(world):
    at = DELIVERY + 3 * A_DAY + 2 * AN_HOUR
    return [
        (p.kind, p.status, p.amount, p.value_date, p.days_accrued, p.days_paid, p.renewed_from)
        for p in earn.list_positions(account_id=world.alice, at=at)
    ] + [world.balances()]


@pytest.mark.parametrize(
    ("offer", "because"),
    [
        ({"is_renewable": False}, "earn_not_renewable"),
        ({"quota_total": Decimal(500)}, "earn_above_total_quota"),
        ({"quota_per_person": Decimal(500)}, "earn_above_quota"),
        ({"minimum": Decimal(2000)}, "earn_below_minimum"),
    ],
)
@pytest.mark.parametrize("second", ["SPOT", "FUNDING", "FLEXIBLE"])
def test_it_falls_back_and_the_customer_is_told(renewable, offer, because, second):
    position = renewable.subscribe("1000", "AGAIN")
    choose(renewable, position, auto_renew=True, redeem_to=second)
    renewable.publish("AGAIN", at=END, **{**RENEWABLE, **offer})
    work_daily(OPENING, DELIVERY)
    assert diverted() == [("RENEWAL", second, because)]
    where = {"SPOT": "spot_available", "FUNDING": "funding", "FLEXIBLE": "earn_flexible"}[second]
    assert renewable.balances()[where] >= 1000
    assert is_clean()
    [mail] = [m for m in outbox.messages("alice@example.org") if m.kind == "earn_diverted"]
    assert "1000 USDT" in mail.body


def test_a_closed_product_and_maintenance_let_it_fall_back_to_spot(renewable):
    closed, stopped = renewable.subscribe("10", "AGAIN"), renewable.subscribe("20", "LOCK")
    choose(renewable, closed, auto_renew=True)
    choose(renewable, stopped, redeem_to="FLEXIBLE")
    earn.set_subscriptions_open(product_code="AGAIN", is_open=False)
    earn.announce_window(
        earn.Maintenance(
            product_code="FLEX",
            stops_subscriptions=True,
            stops_redemptions=False,
            author="ann",
            reason="A move of servers",
            starts_at=DELIVERY - AN_HOUR,
            expected_end=DELIVERY + AN_HOUR,
        ),
        at=DELIVERY - 2 * AN_HOUR,
    )
    work_daily(OPENING, DELIVERY)
    assert sorted(diverted()) == [
        ("FLEXIBLE", "SPOT", "earn_subscriptions_stopped"),
        ("RENEWAL", "SPOT", "earn_product_not_open"),
    ]
    assert is_clean()


def test_the_choice_can_be_made_until_the_end_and_not_after(renewable):
    position = renewable.subscribe("1000", "AGAIN")
    choose(renewable, position, auto_renew=True, at=END - A_MOMENT)
    choose(renewable, position, redeem_to="FUNDING", at=END - A_MOMENT)
    with pytest.raises(earn.MaturityChoiceTooLate):
        choose(renewable, position, auto_renew=True, at=END)
    work_daily(OPENING, DELIVERY)
    assert renewable.balances()["funding"] == 1000


def test_what_cannot_be_chosen_is_refused_and_changes_nothing(renewable):
    flexible = renewable.subscribe("10")
    plain = renewable.subscribe("10", "LOCK")
    left = renewable.subscribe("10", "AGAIN")
    renewable.redeem(left, at=OPENING)
    renewable.publish("BTC30", asset="BTC", **RENEWABLE)
    before = everything()
    for position, choice, refusal in (
        (flexible, {}, earn.PositionHasNoEnd),
        (plain, {"auto_renew": True}, earn.NotRenewable),
        (left, {"auto_renew": True}, earn.MaturityChoiceTooLate),
        (plain, {"who": renewable.bob}, earn.PositionNotFound),
        (plain + 1000, {}, earn.PositionNotFound),
    ):
        with pytest.raises(refusal):
            choose(renewable, position, **choice)
    assert everything() == before


@pytest.mark.parametrize("batch", [1, 2])
def test_everything_due_goes_on_whatever_the_batch_and_once(renewable, monkeypatch, batch):
    monkeypatch.setattr(carry_on, "BATCH", batch)
    for number in range(3):
        choose(renewable, renewable.subscribe("100", "AGAIN"), auto_renew=number < 2,
               redeem_to="FLEXIBLE")  # fmt: skip
    work(END)
    assert work(DELIVERY)["earn.carry_on"] == 3
    before = everything()
    assert work(DELIVERY)["earn.carry_on"] == 0
    assert everything() == before
    assert is_clean()


def test_a_quota_is_not_passed_by_two_that_renew_together(renewable):
    for _ in range(2):
        choose(renewable, renewable.subscribe("400", "AGAIN"), auto_renew=True)
    renewable.publish("AGAIN", at=END, **{**RENEWABLE, "quota_total": Decimal(500)})
    work_daily(OPENING, DELIVERY)
    assert sorted(diverted()) == [
        ("RENEWAL", "", ""),
        ("RENEWAL", "SPOT", "earn_above_total_quota"),
    ]


def test_the_twenty_ninth_of_february_is_a_day_like_any_other(world):
    """Domain rules §0 no. 6, §11 no. 2: it earns a 365th of a year."""
    eve = datetime(2028, 2, 27, 23, 59, 59, 999000, tzinfo=UTC)
    position = world.subscribe("1000", "LOCK", at=eve)
    found = world.position(position, at=eve)
    assert found.value_date == datetime(2028, 2, 28, tzinfo=UTC)
    assert found.rewards_end == datetime(2028, 3, 29, tzinfo=UTC)
    for day, days in ((28, 0), (29, 1)):
        at = datetime(2028, 2, day, 12, tzinfo=UTC)
        work(at)
        assert world.position(position, at=at).days_accrued == days
    march = datetime(2028, 3, 1, 12, tzinfo=UTC)
    work(march)
    assert world.position(position, at=march).rewards_paid.number == Decimal("0.54794520")


def test_a_request_at_the_end_of_its_rewards_counts_as_matured(world):
    """Domain rules §2.3: a moment before, it is early."""
    for moment, kind in ((END - A_MOMENT, "EARLY"), (END, "MATURE")):
        done = world.redeem(world.subscribe("100", "LOCK"), at=moment)
        assert done.type == kind
    assert done.net.number == 100
    assert done.arrives_from == DELIVERY


def test_more_rewards_than_principal_are_taken_back_down_to_nothing(world):
    """Domain rules §2.3: a customer never owes."""
    world.publish("RICH", **{**LOCKED, "apr": Decimal(99), "delivery_hours_max": 72})
    position = world.subscribe("10", "RICH")
    at = OPENING + 10 * A_DAY
    work_daily(OPENING, at)
    quote = world.quote(position, at=at)
    assert (quote.deducted.number, quote.net.number) == (10, 0)
    assert quote.rewards_kept.number > 0
    world.confirm(quote, at=at)
    work(at + 3 * A_DAY)
    assert "earn_redeeming" not in world.balances()
    assert is_clean()


def test_owners_are_found_for_their_notices(world):
    assert accounts.find_owners([world.alice, 10**9]).keys() == {world.alice}
