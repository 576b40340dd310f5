"""What is looked up by position is, also where the database has counted nothing yet."""

import pytest
from django.db import transaction

from mooring.earn.actions.ending import end_left
from mooring.earn.queries.holdings import find_flexible_positions
from mooring.kernel import db
from tests.earn.world import A_DAY, OPENING, work

END = OPENING.replace(hour=0, minute=0, second=0) + 31 * A_DAY
COUNT = 30


def scans(index):
    """Return how often an index was gone through in this transaction."""
    [(found,)] = db.rows("SELECT pg_stat_get_xact_numscans(%s::regclass)", [index])
    return found


@pytest.fixture
def on_their_way(world):
    """So many positions that matured, and a database that would rather use any index."""
    for _ in range(COUNT):
        world.subscribe("10", "LOCK")
    work(END)
    db.execute("SET LOCAL enable_seqscan = off")
    return world


def test_delivery_does_not_go_through_all_that_is_on_its_way_for_each(on_their_way):
    before = scans("earn_redemption_due")
    assert work(END + A_DAY, only="settle") == {"earn.settle": COUNT}
    assert scans("earn_redemption_due") - before < COUNT


def test_ending_looks_at_each_position_by_itself(on_their_way):
    ids = [id_ for (id_,) in db.rows("SELECT id FROM earn_position ORDER BY id")]
    before = scans("earn_redemption_due")
    with transaction.atomic():
        end_left(ids, at=END)
    assert scans("earn_redemption_due") == before


def test_positions_asked_for_by_customers_are_found_each_by_itself(world):
    for account_id in (world.alice, world.bob):
        world.subscribe("10", who=account_id)
    db.execute("SET LOCAL enable_seqscan = off")
    each, all_of_a_product = "earn_position_one_live_flexible_per_product", "earn_position_earning"
    before = scans(each), scans(all_of_a_product)
    found = find_flexible_positions([(world.alice, "FLEX"), (world.bob, "FLEX")])
    assert [asset for _, asset in found] == ["USDT", "USDT"]
    assert (scans(each), scans(all_of_a_product)) == (before[0] + 2, before[1])
