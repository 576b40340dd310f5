"""What the gateway's tables refuse whatever the code does."""

import pytest
from django.db import IntegrityError, transaction

from mooring.kernel import db


def broken(statement, parameters=()):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        db.execute(statement, parameters)
    return db.constraint_of(refused.value)


@pytest.mark.parametrize("units", [0, -1])
def test_a_use_is_some(world, units):
    found = broken(
        "INSERT INTO gateway_usage (minute, subject, budget, units) VALUES (1, 'a', 'b', %s)",
        [units],
    )
    assert found == "gateway_usage_is_some"


@pytest.mark.parametrize("key", ["", "api.1.00", "web.1." + "0" * 64, "api.1." + "A" * 64])
def test_a_remembered_signature_is_named_by_its_key_and_hash(world, key):
    found = broken(
        "INSERT INTO gateway_signature (request_key, expires_at) VALUES (%s, now())", [key]
    )
    assert found == "gateway_signature_key_well_formed"


@pytest.mark.parametrize("table", ["gateway_usage", "gateway_signature"])
def test_what_a_crash_may_forget_is_not_written_to_the_log(world, table):
    assert db.rows("SELECT relpersistence FROM pg_class WHERE relname = %s", [table]) == [("u",)]
