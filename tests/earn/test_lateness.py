"""What is past its window is marked by itself, told and alerted (EARN-9)."""

import logging
from datetime import timedelta

import pytest

from mooring.earn import api as earn
from mooring.kernel import db
from tests.earn.world import A_DAY, OPENING, work

DUE = OPENING + 3 * A_DAY


@pytest.fixture
def late(world):
    """A redemption past its window, because nothing was delivered."""
    done = world.redeem(world.subscribe("1000", "LOCK"), at=OPENING)
    return done.redemption_id


def told(kind="redemption_late"):
    return db.rows(
        "SELECT subject, body FROM notices_notice WHERE kind = %s AND channel = 'INBOX'", [kind]
    )


def test_it_is_marked_told_and_alerted_once(world, late, caplog):
    with caplog.at_level(logging.ERROR, logger="mooring.earn"):
        assert work(DUE, only="flag_late") == {"earn.flag_late": 0}
        after = DUE + timedelta(milliseconds=1)
        assert work(after, only="flag_late") == {"earn.flag_late": 1}
        assert work(after + A_DAY, only="flag_late") == {"earn.flag_late": 0}
    [line] = [record.getMessage() for record in caplog.records]
    assert f"redemption {late} of account {world.alice} is late: 1000 USDT" in line
    [(_, body)] = told()
    assert f"redemption {late} of 1000 USDT" in body
    view = earn.get_redemption(account_id=world.alice, redemption_id=late, at=after)
    assert (view.late, view.late_at) == (True, after)
    [row] = earn.late_redemptions()
    assert (row.id, row.account_id, row.net) == (late, world.alice, view.net)


def test_what_is_delivered_in_the_same_round_is_not_late(world, late):
    work(DUE + A_DAY)
    assert told() == []
    assert earn.late_redemptions() == ()


def test_what_arrives_late_stays_marked_and_leaves_the_list(world, late):
    work(DUE + A_DAY, only="flag_late")
    work(DUE + A_DAY)
    view = earn.get_redemption(account_id=world.alice, redemption_id=late, at=DUE + A_DAY)
    assert (view.status, view.late) == ("PAID", False)
    assert view.late_at is not None
    assert earn.late_redemptions() == ()


def test_a_redemption_that_waits_too_long_is_late_too(world):
    world.publish("DAY", minimum=1, daily_limit_per_person=1)
    earn.set_rate(product_code="DAY", apr=0, at=OPENING)
    world.redeem(world.subscribe("1000", "DAY"), "500", at=OPENING)
    midnight = OPENING.replace(hour=0, minute=0, second=0) + A_DAY
    work(midnight + timedelta(hours=1), only="flag_late")
    assert earn.late_redemptions() == ()
    work(midnight + timedelta(hours=1, seconds=1), only="flag_late")
    assert [row.status for row in earn.late_redemptions()] == ["QUEUED"]
