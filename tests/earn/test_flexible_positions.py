"""What several people ask about their flexible positions at once is answered to each alone."""

from datetime import timedelta
from decimal import Decimal

from mooring.earn import api as earn
from mooring.earn.queries import flexible_positions
from tests.earn.world import A_DAY, OPENING, usdt, work_daily

LATER = OPENING + 3 * A_DAY


def alone(who, **asked):
    return earn.list_flexible_positions(account_id=who, **{"at": LATER, **asked})


def together(*asked):
    pages = flexible_positions._read([flexible_positions._Asked(**one) for one in asked], LATER)
    return [
        tuple(flexible_positions._position(row, at=one["at"]) for row in page)
        for one, page in zip(asked, pages, strict=True)
    ]


def test_each_gets_the_page_that_was_asked_for_as_of_its_own_time(world):
    world.publish("ALSO", minimum=Decimal(1))
    earn.set_rate(product_code="ALSO", apr=Decimal("0.04"), at=OPENING)
    world.subscribe("100", "FLEX")
    world.subscribe("50", "ALSO")
    world.subscribe("7", "FLEX", who=world.bob)
    work_daily(OPENING, LATER)
    plain = {"asset": None, "product_code": None, "limit": 100, "offset": 0}
    asked = (
        {**plain, "account_id": world.alice, "at": LATER},
        {**plain, "account_id": world.bob, "at": LATER},
        {**plain, "account_id": world.alice, "at": LATER, "limit": 1, "offset": 1},
        {**plain, "account_id": world.alice, "at": LATER, "product_code": "ALSO"},
        {**plain, "account_id": world.alice, "at": LATER + timedelta(hours=9), "asset": "USDT"},
        {**plain, "account_id": world.bob, "at": LATER, "asset": "BTC"},
        {**plain, "account_id": 999_999, "at": LATER},
    )
    found = together(*asked)
    assert found == [alone(one["account_id"], **_rest(one))[0] for one in asked]
    assert [len(page) for page in found] == [2, 1, 1, 1, 2, 0, 0]
    assert found[1][0].amount > usdt(7)
    assert found[4][-1].amount > found[0][-1].amount


def _rest(asked):
    return {name: value for name, value in asked.items() if name != "account_id"}
