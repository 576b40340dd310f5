"""Free spot goes into a flexible product once a day, for who has switched that on (EARN-13)."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.policies import api as policies
from tests.earn.world import A_DAY, AN_HOUR, OPENING, World, usdt, work
from tests.properties import auditor

MIDNIGHT = OPENING.replace(hour=0, minute=0, second=0) + A_DAY
RUN = MIDNIGHT + 2 * AN_HOUR


def switch(world, product="FLEX", *, is_on=True, at=OPENING, who=None):
    earn.set_auto_subscription(
        account_id=world.alice if who is None else who,
        product_code=product,
        is_on=is_on,
        at=at,
        consent_version="2026-11",
    )


def run(at):
    return work(at, only="auto_subscribe")["earn.auto_subscribe"]


def wishes(world):
    found = earn.list_auto_subscriptions(account_id=world.alice)
    return [(wish.product_code, wish.ran_on) for wish in found]


def told():
    return db.rows("SELECT kind FROM notices_notice WHERE kind = 'auto_subscribed'")


def test_everything_free_goes_in_once_a_day_and_the_customer_is_told(world):
    switch(world)
    assert run(RUN - timedelta(seconds=1)) == 0
    assert world.balances() == {"spot_available": 5000}
    assert run(RUN) == 1
    assert world.balances() == {"earn_flexible": 5000}
    assert wishes(world) == [("FLEX", RUN.date())]
    assert len(told()) >= 1
    assert world.balances(world.bob) == {"spot_available": 5000}
    assert run(RUN + AN_HOUR) == 0


def test_late_and_twice_are_once_and_the_next_day_goes_on(world):
    switch(world)
    late = RUN + 20 * AN_HOUR
    assert run(late) == 1
    [view] = earn.list_positions(account_id=world.alice, at=late)
    world.redeem(view.id, "1000", at=late)
    assert run(late + timedelta(minutes=5)) == 0
    assert world.balances()["spot_available"] == 1000
    assert run(RUN + A_DAY) == 1
    assert "spot_available" not in world.balances()


def test_a_run_that_was_missed_is_made_before_the_next_one(world):
    switch(world)
    assert run(MIDNIGHT + A_DAY + AN_HOUR) == 1
    assert wishes(world) == [("FLEX", MIDNIGHT.date())]
    assert run(MIDNIGHT + A_DAY + 2 * AN_HOUR) == 1


def test_who_wished_after_the_run_waits_for_the_next(world):
    switch(world, at=RUN + AN_HOUR)
    assert run(RUN + 2 * AN_HOUR) == 0
    assert run(RUN + A_DAY) == 1


@pytest.mark.parametrize(
    ("case", "terms", "moves"),
    [
        ("the quota of a person", {"quota_per_person": Decimal(700)}, 700),
        ("the quota of all", {"quota_total": Decimal(300)}, 300),
        ("the maximum", {"maximum": Decimal(20)}, 20),
        ("the least of them", {"maximum": Decimal(20), "quota_total": Decimal(10)}, 10),
        ("less room than the minimum", {"minimum": Decimal(50), "quota_total": Decimal(49)}, 0),
        ("less money than the minimum", {"minimum": Decimal(5001)}, 0),
    ],
)
def test_only_as_much_as_the_terms_allow(world, case, terms, moves):
    world.publish("BIT", **({"minimum": Decimal(1)} | terms))
    earn.set_rate(product_code="BIT", apr=Decimal("0.01"), at=OPENING)
    switch(world, "BIT")
    run(RUN)
    assert world.balances().get("earn_flexible", 0) == moves, case
    assert len(told()) == (1 if moves else 0) * len(told())
    assert wishes(world) == [("BIT", RUN.date())]


def test_people_and_products_share_what_there_is(world):
    world.publish("BIT", minimum=Decimal(1), quota_total=Decimal(6000))
    earn.set_rate(product_code="BIT", apr=Decimal("0.01"), at=OPENING)
    for who in (world.alice, world.bob):
        switch(world, "BIT", who=who)
        switch(world, "FLEX", who=who)
    run(RUN)
    assert world.balances() == {"earn_flexible": 5000}
    assert world.balances(world.bob) == {"earn_flexible": 5000}
    [total] = db.rows(
        "SELECT sum(amount) FROM earn_subscription WHERE request_key LIKE 'auto.%%'"
        " AND position_id IN (SELECT id FROM earn_position WHERE product_id ="
        " (SELECT id FROM earn_product WHERE code = 'BIT'))"
    )
    assert total == (6000,)


def test_while_maintenance_keeps_money_out_the_wish_waits(world):
    switch(world)
    earn.announce_window(
        earn.Maintenance(
            starts_at=RUN - AN_HOUR,
            expected_end=RUN + AN_HOUR,
            stops_subscriptions=True,
            stops_redemptions=False,
            reason="The node is upgraded",
            author="ann",
        ),
        at=OPENING,
    )
    assert run(RUN) == 0
    assert run(RUN + AN_HOUR) == 1
    assert world.balances() == {"earn_flexible": 5000}


def test_off_is_off(world):
    switch(world)
    switch(world)
    switch(world, is_on=False)
    assert wishes(world) == []
    assert run(RUN) == 0
    switch(world, is_on=False)


def test_who_is_disabled_wishes_nothing_any_more(world):
    switch(world)
    db.execute(
        "UPDATE accounts_account SET status = 'DISABLED', disabled_at = opened_at WHERE id = %s",
        [world.alice],
    )
    assert run(RUN) == 0
    db.execute("UPDATE accounts_account SET status = 'OPEN', disabled_at = NULL")
    assert run(RUN) == 0
    assert wishes(world) == []
    assert world.balances() == {"spot_available": 5000}


def test_only_flexible_products_and_only_ones_own_account(world):
    with pytest.raises(earn.AutoSubscriptionNotPossible):
        switch(world, "LOCK")
    with pytest.raises(earn.ProductNotFound):
        switch(world, "NONE")
    with pytest.raises(accounts.AccountNotOpen):
        switch(world, who=0)
    world.publish("STABLE", minimum=Decimal(1), excluded_countries=("DE",))
    with pytest.raises(earn.CountryNotKnown):
        switch(world, "STABLE")


def test_the_time_of_the_run_is_a_policy(world):
    assert policies.in_force(at=OPENING)[earn.AUTO_SUBSCRIBE_MINUTES] == 120


def test_many_workers_at_once_subscribe_once(committed_db):
    world = World.build()
    switch(world)
    switch(world, who=world.bob)
    start = threading.Barrier(8)

    def a_worker():
        try:
            start.wait(30)
            run(RUN)
        finally:
            connection.close()

    workers = [threading.Thread(target=a_worker) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert db.rows("SELECT count(*), sum(amount) FROM earn_subscription") == [(2, 10000)]
    assert auditor.broken() == {}
    assert usdt("1") == Amount(Decimal(1), "USDT")
