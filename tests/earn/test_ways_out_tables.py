"""The tables of the ways out refuse what must never be true, whatever the code."""

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.kernel import db
from tests.earn.statements import change, copy
from tests.earn.world import OPENING

EXIT = "earn_daily_exit"
OUT = "earn_redemption"

BROKEN = [
    ("earn_daily_exit_once", copy(EXIT)),
    ("earn_daily_exit_amount_not_negative", change(EXIT, amount="-1")),
    ("earn_daily_exit_amount_not_negative", change(EXIT, amount="'NaN'")),
    ("earn_redemption_growth_at_least_one", change(OUT, growth="0.9")),
    ("earn_redemption_growth_at_least_one", change(OUT, growth="'NaN'")),
    ("earn_redemption_low_before_not_negative", change(OUT, low_before="-1")),
    ("earn_redemption_low_before_not_negative", change(OUT, low_before="'NaN'")),
    ("earn_redemption_low_after_not_negative", change(OUT, low_after="-1")),
    ("earn_redemption_low_after_not_negative", change(OUT, low_after="'NaN'")),
]


@pytest.fixture
def rows(world, owner):
    world.redeem(world.subscribe("1000"), "1", at=OPENING)
    with transaction.atomic():
        with owner():
            db.execute(
                "INSERT INTO earn_daily_exit (product_id, day, amount)"
                " SELECT id, '2026-03-01', 1 FROM earn_product WHERE code = 'FLEX'"
            )
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(("constraint", "statement"), BROKEN)
def test_the_table_refuses(rows, owner, constraint, statement):
    with owner():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint
