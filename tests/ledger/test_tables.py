"""The book refuses what must never be true, whatever the code and whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mooring.kernel import db

pytestmark = pytest.mark.django_db

ACCOUNT = (
    "INSERT INTO ledger_account (id, owner_id, code, asset, balance)"
    " VALUES ({id}, {owner}, {code}, {asset}, {balance})"
)
SPOT = {"id": 9, "owner": 7, "code": 2110, "asset": "'BTC'", "balance": 0}
VAULT = {"id": 9, "owner": "NULL", "code": 1010, "asset": "'ETH'", "balance": "NULL"}


def spot(**changes):
    return ACCOUNT.format(**{**SPOT, **changes})


def vault(**changes):
    return ACCOUNT.format(**{**VAULT, **changes})


def entries(*rows):
    values = ", ".join(
        f"({account}, 900, 'BTC', {amount}, {after})" for account, amount, after in rows
    )
    columns = "(account_id, journal_id, asset, amount, balance_after)"
    return f"INSERT INTO ledger_entry {columns} VALUES {values}"


def post(key="'k2'", digest="'d'", account=2, asset="'BTC'", amount="1", journals=1):
    """Post journals of one key, each with a line on `account` and one on the vault."""
    headers = [f"ARRAY[{', '.join([value] * journals)}]" for value in (key, "'TEST'", digest)]
    return (
        f"SELECT ledger_post_v1({', '.join(headers)}, ARRAY[1, 1], ARRAY[{account}, 1],"
        f" ARRAY[{asset}, 'BTC'], ARRAY[{amount}, -1]::numeric[], '2026-03-01')"
    )


def _arrange():
    """A vault (1), alice's spot (2) with 5 BTC, and the journal (900) that brought them."""
    db.execute(vault(id=1, asset="'BTC'"))
    db.execute(spot(id=2, owner=6))
    db.execute(
        "INSERT INTO ledger_journal (id, key, kind, digest, effective_at)"
        " VALUES (900, 'k', 'TEST', 'd', '2026-03-01')"
    )
    db.execute(entries((2, 5, 5), (1, -5, "NULL")))
    db.execute("UPDATE ledger_account SET balance = 5 WHERE id = 2")


BROKEN_BY = [
    ("ledger_account_one_per_owner_code_asset_reference", spot(owner=6)),
    ("ledger_account_one_per_owner_code_asset_reference", vault(asset="'BTC'")),
    ("ledger_account_owner_positive", spot(owner=-1)),
    ("ledger_account_code_four_digits", vault(code=999)),
    ("ledger_account_code_is_of_the_owner", spot(code=1010)),
    ("ledger_account_code_is_of_the_owner", vault(code=2110)),
    ("ledger_account_asset_is_a_code", spot(asset="'btc'")),
    ("ledger_account_balance_kept_for_owners", spot(balance="NULL")),
    ("ledger_account_balance_kept_for_owners", vault(balance=0)),
    ("ledger_account_balance_not_negative", spot(balance=-1)),
    ("ledger_account_balance_is_a_number", spot(balance="'NaN'")),
    (
        "ledger_account_closed_is_empty",
        "UPDATE ledger_account SET closed_at = now() WHERE id = 2",
    ),
    (
        "ledger_journal_key_unique",
        "INSERT INTO ledger_journal (key, kind, digest, effective_at)"
        " VALUES ('k', 'TEST', 'd', now())",
    ),
    ("ledger_journal_balanced", entries((9, 1, 6))),
    ("ledger_entry_account_once_per_journal", entries((2, 1, 6), (1, -1, "NULL"))),
    ("ledger_entry_amount_not_zero", entries((2, 0, 5))),
    ("ledger_entry_amount_is_a_number", entries((2, "'NaN'", 5))),
    ("ledger_entry_balance_after_not_negative", entries((2, -9, -4))),
    ("ledger_entry_balance_after_is_a_number", entries((2, 1, "'NaN'"))),
    ("ledger_movement_amount_is_a_number", "INSERT INTO ledger_movement VALUES (1, 1, 'NaN')"),
    ("ledger_entry_append_only", "UPDATE ledger_entry SET amount = 1"),
    ("ledger_entry_append_only", "DELETE FROM ledger_entry"),
    ("ledger_entry_append_only", "TRUNCATE ledger_entry"),
    ("ledger_journal_append_only", "UPDATE ledger_journal SET kind = 'X'"),
    ("ledger_journal_append_only", "DELETE FROM ledger_journal"),
    ("ledger_journal_append_only", "TRUNCATE ledger_journal"),
    ("ledger_movement_append_only", "UPDATE ledger_movement SET amount = 1"),
    ("ledger_movement_append_only", "DELETE FROM ledger_movement"),
    ("ledger_movement_append_only", "TRUNCATE ledger_movement"),
    # What the posting function refuses, by the same way of naming.
    ("ledger_entry_account_known", post(account=404)),
    ("ledger_entry_asset_is_the_accounts", post(asset="'ETH'")),
    ("ledger_journal_key_reused", post(key="'k'", digest="'other'")),
    ("ledger_journal_key_unique", post(journals=2)),
    ("ledger_journal_balanced", post(amount="2")),
    ("ledger_account_balance_is_a_number", post(amount="'NaN'")),
    ("ledger_account_balance_not_negative", post(amount="-6")),
]


@pytest.mark.parametrize(("constraint", "statement"), BROKEN_BY)
def test_the_table_refuses(owner, constraint, statement):
    with owner():
        _arrange()
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_journal", "ledger_movement"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET journal_id = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_has_no_right_to_rewrite_the_book(table, verb):
    statement = verb.format(table).replace("ledger_journal SET journal_id", "ledger_journal SET id")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        db.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        spot(),
        "UPDATE ledger_account SET balance = 9",
        entries((2, 1, 6), (1, -1, "NULL")),
        "INSERT INTO ledger_movement VALUES (1, 1, 1)",
        "INSERT INTO ledger_journal (key, kind, digest, effective_at)"
        " VALUES ('a', 'b', 'c', now())",
    ],
)
def test_the_application_writes_only_through_the_function(statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        db.execute(statement)


@pytest.mark.parametrize("amount", ["'Infinity'", "'-Infinity'", "100000000000000000000"])
def test_no_amount_is_beyond_the_book(owner, amount):
    with owner():
        _arrange()
        with pytest.raises(DatabaseError, match="overflow"), transaction.atomic():
            db.execute(entries((2, amount, 5)))
