"""An audit finds what is broken, names the row, and finds nothing in a book that is whole."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.kernel import db
from mooring.operations import cli
from mooring.operations.audits import run
from mooring.operations.worker import Worker
from tests.operations.conftest import OPENING, lock

A_DAY = timedelta(days=1)


@pytest.fixture
def lived(world):
    """Twelve days in which everything happened that the slice knows."""
    lock("Busd*3", days=3)
    lock("Busd*60", days=60, claw_back="ACCRUED_ONLY", fee_rate="0.01")
    flexible = world.subscribe("2", "BTC001")
    world.subscribe("1", "BTC001", who="bob")
    world.subscribe("1000", "Busd*3")
    holding = world.subscribe("700", "Busd*30")
    leaving = world.subscribe("500", "Busd*60")
    for asset, rate in (("BTC", "0.02"), ("BUSD", "0.5")):
        earn.set_daily_rates(
            product_code="BTC001",
            asset=asset,
            tiers=[earn.Tier(above=Decimal(0), up_to=None, rate=Decimal(rate))],
            from_day=date(2026, 3, 3),
            at=OPENING,
        )
    worker = Worker(say=pytest.fail)
    since = OPENING
    for at, deed in [
        (OPENING + 3 * A_DAY, lambda at: world.redeem(flexible, at=at, number="0.5", asset="BTC")),
        (OPENING + 4 * A_DAY, lambda at: world.redeem(holding, at=at, key="undone")),
        (OPENING + 4 * A_DAY + timedelta(minutes=9), lambda at: undo(world, at)),
        (OPENING + 7 * A_DAY, lambda at: world.redeem(flexible, at=at, key="all")),
        (OPENING + 11 * A_DAY, lambda at: world.redeem(leaving, at=at, key="early")),
        (OPENING + 12 * A_DAY, lambda _: None),
    ]:
        worker.work_between(since, at)
        deed(at)
        since = at
    worker.work_at(since)
    return world


def undo(world, at):
    [redemption, *_] = earn.list_redemptions(account_id=world.alice, at=at)
    earn.undo(account_id=world.alice, redemption_id=redemption.id, at=at)


def broken():
    return {finding.audit.name: finding.rows for finding in run.findings() if not finding.is_clean}


def test_a_whole_book_is_clean(lived):
    assert {kind for (kind,) in db.rows("SELECT DISTINCT kind FROM ledger_journal")} == {
        "EARN_DAILY_PAID",
        "EARN_DAILY_REWARD",
        "EARN_DELIVERED",
        "EARN_LOCKED_REWARD",
        "EARN_MATURED",
        "EARN_REALTIME_REWARD",
        "EARN_REDEEM_EARLY",
        "EARN_REDEEM_FLEXIBLE",
        "EARN_REDEEM_UNDONE",
        "EARN_REWARD_PAID",
        "EARN_SUBSCRIBE_FLEXIBLE",
        "EARN_SUBSCRIBE_LOCKED",
        "WALLET_CREDIT",
    }
    assert broken() == {}


def test_an_empty_book_is_clean(db):
    assert broken() == {}


ENTRY = "(SELECT min(journal_id) FROM ledger_entry)"
ONE_POSITION = "SELECT min(id) FROM earn_position WHERE "
HELD = ONE_POSITION + "kind = 'LOCKED' AND status = 'HOLDING'"
FLEXIBLE_HELD = ONE_POSITION + "kind = 'FLEXIBLE' AND status = 'HOLDING'"
MATURED = ONE_POSITION + "exit = 'MATURE' AND status = 'PAID'"
EXTRA = "SELECT max(extra_account) FROM earn_position WHERE kind = 'FLEXIBLE'"
EARLY = "SELECT min(id) FROM earn_redemption WHERE type = 'EARLY' AND status = 'PENDING'"
FLEXIBLE_OUT = "SELECT min(id) FROM earn_redemption WHERE type = 'FLEXIBLE'"
UNDONE = "SELECT min(id) FROM earn_redemption WHERE status = 'CANCELLED'"
SPOT = "SELECT min(id) FROM ledger_account WHERE code = 2110"
EXPENSE = "SELECT min(id) FROM ledger_account WHERE code = 5010"

#: Audit, what breaks it, and the row that it has to name: a column and a query of its value.
BROKEN_BY = [
    (
        "tokens_are_backed",
        "WITH product AS (INSERT INTO earn_product"
        "  (code, kind, family, asset, token, subscriptions_open)"
        "  VALUES ('X', 'LIQUID', 'ONCHAIN', 'BTC', 'BUSD', TRUE) RETURNING id)"
        " INSERT INTO earn_ratio (product_id, effective_from, ratio)"
        " SELECT id, '2026-03-01Z', 100000000 FROM product",
        ("asset", "SELECT 'BTC'"),
    ),
    (
        "what_is_due_soon_is_there",
        "WITH due AS (UPDATE earn_redemption SET arrives_from = requested_at"
        f"  WHERE id = ({EARLY}))"
        " INSERT INTO ledger_movement (account_id, journal_id, amount) SELECT id, 987654, 1000000"
        " FROM ledger_account WHERE code = 1010 AND asset = 'BUSD'",
        ("asset", "SELECT 'BUSD'"),
    ),
    (
        "journals_balance",
        f"UPDATE ledger_entry SET amount = amount + 1 WHERE journal_id = {ENTRY}"
        " AND balance_after IS NULL",
        ("journal_id", f"SELECT {ENTRY}"),
    ),
    (
        "trial_balance",
        f"UPDATE ledger_account SET balance = balance + 1 WHERE id = ({SPOT})",
        ("asset", f"SELECT asset FROM ledger_account WHERE id = ({SPOT})"),
    ),
    (
        "no_customer_is_negative",
        f"UPDATE ledger_account SET balance = -1 WHERE id = ({SPOT})",
        ("account_id", SPOT),
    ),
    (
        "no_customer_is_negative",
        f"UPDATE ledger_account SET balance = 'NaN' WHERE id = ({SPOT})",
        ("account_id", SPOT),
    ),
    (
        "no_customer_is_negative",
        f"UPDATE ledger_entry SET balance_after = -1 WHERE journal_id = {ENTRY}"
        " AND balance_after IS NOT NULL",
        ("journal_id", f"SELECT {ENTRY}"),
    ),
    (
        "keys_are_used_once",
        "INSERT INTO ledger_journal (key, kind, digest, effective_at)"
        " SELECT key, kind, digest, effective_at FROM ledger_journal ORDER BY id LIMIT 1",
        ("key", "SELECT key FROM ledger_journal ORDER BY id LIMIT 1"),
    ),
    (
        "balances_are_sums",
        f"UPDATE ledger_account SET balance = balance - 0.000000000000000001 WHERE id = ({SPOT})",
        ("account_id", SPOT),
    ),
    (
        "balances_are_sums",
        f"DELETE FROM ledger_entry WHERE account_id = ({SPOT})",
        ("account_id", SPOT),
    ),
    (
        "balances_after_are_a_chain",
        f"UPDATE ledger_entry SET balance_after = balance_after + 1 WHERE journal_id = {ENTRY}"
        " AND balance_after IS NOT NULL",
        ("journal_id", f"SELECT {ENTRY}"),
    ),
    (
        "movements_are_sums",
        f"DELETE FROM ledger_movement WHERE account_id = ({EXPENSE})",
        ("account_id", EXPENSE),
    ),
    (
        "entries_have_their_account",
        f"UPDATE ledger_entry SET account_id = 987654 WHERE account_id = ({EXPENSE})",
        ("account_id", "SELECT 987654"),
    ),
    (
        "entries_have_their_account",
        f"UPDATE ledger_entry SET asset = 'ETH' WHERE journal_id = {ENTRY}",
        ("journal_id", f"SELECT {ENTRY}"),
    ),
    (
        "entries_have_their_account",
        f"UPDATE ledger_movement SET account_id = ({SPOT}) WHERE account_id = ({EXPENSE})",
        ("account_id", SPOT),
    ),
    (
        "entries_have_their_journal",
        f"DELETE FROM ledger_journal WHERE id = {ENTRY}",
        ("journal_id", f"SELECT {ENTRY}"),
    ),
    (
        "entries_have_their_journal",
        f"DELETE FROM ledger_entry WHERE journal_id = {ENTRY}",
        ("journal_id", "SELECT min(id) FROM ledger_journal"),
    ),
    (
        "owners_have_an_account",
        f"UPDATE ledger_account SET owner_id = 987654 WHERE id = ({SPOT})",
        ("account_id", SPOT),
    ),
    (
        "flexible_positions_are_in_the_book",
        f"UPDATE earn_subscription SET amount = amount + 1 WHERE position_id = ({FLEXIBLE_HELD})",
        ("position_id", FLEXIBLE_HELD),
    ),
    (
        "flexible_positions_are_in_the_book",
        "INSERT INTO ledger_account (owner_id, code, asset, reference, balance)"
        " SELECT min(id), 2130, 'BTC', 999, 1 FROM accounts_account",
        ("position_id", "SELECT 999"),
    ),
    (
        "what_leaves_flexible_positions_is_in_the_book",
        "UPDATE earn_position SET queued = 1, redeeming_account = principal_account"
        f" WHERE id = ({FLEXIBLE_HELD})",
        ("position_id", FLEXIBLE_HELD),
    ),
    (
        "days_limits_are_counted",
        "INSERT INTO earn_daily_exit (product_id, day, amount) SELECT min(id), '2020-01-01', 1"
        " FROM earn_product WHERE kind = 'FLEXIBLE'",
        ("product_id", "SELECT min(id) FROM earn_product WHERE kind = 'FLEXIBLE'"),
    ),
    (
        "pledges_are_in_the_book",
        "INSERT INTO earn_pledge (account_id, position_id, request_key, holder, amount, released,"
        " pledged_at) SELECT account_id, id, 'x', 'loan 1', 1, 0, opened_at FROM earn_position"
        f" WHERE id = ({FLEXIBLE_HELD})",
        ("position_id", FLEXIBLE_HELD),
    ),
    (
        "locked_positions_are_in_the_book",
        "UPDATE ledger_account SET balance = balance - 1"
        f" WHERE id = (SELECT principal_account FROM earn_position WHERE id = ({HELD}))",
        ("position_id", HELD),
    ),
    (
        "locked_positions_are_in_the_book",
        f"UPDATE earn_redemption SET net = net + 1, fee = fee - 1 WHERE id = ({EARLY})",
        ("position_id", f"SELECT position_id FROM earn_redemption WHERE id = ({EARLY})"),
    ),
    (
        "accrued_rewards_are_in_the_book",
        f"UPDATE earn_position SET days_accrued = days_accrued + 1 WHERE id = ({HELD})",
        ("position_id", HELD),
    ),
    (
        "accrued_rewards_are_in_the_book",
        f"UPDATE ledger_account SET balance = 0.001 WHERE id = ({EXTRA})",
        ("account_id", EXTRA),
    ),
    (
        "locked_days_are_paid_by_the_formula",
        f"UPDATE earn_position SET days_paid = days_paid - 1 WHERE id = ({HELD})",
        ("position_id", HELD),
    ),
    (
        "locked_dates_are_those_of_the_terms",
        f"UPDATE earn_position SET delivers_at = delivers_at + INTERVAL '24 hours'"
        f" WHERE id = ({HELD})",
        ("position_id", HELD),
    ),
    (
        "closed_days_are_credited",
        f"UPDATE earn_position SET accrued_minute = accrued_minute - 1440"
        f" WHERE id = ({FLEXIBLE_HELD})",
        ("position_id", FLEXIBLE_HELD),
    ),
    (
        "closed_days_have_no_gap",
        "DELETE FROM earn_day_close WHERE day = '2026-03-05'",
        ("product_id", "SELECT min(product_id) FROM earn_day_close"),
    ),
    (
        "closed_days_are_booked_by_the_day",
        "DELETE FROM earn_daily_close WHERE day = '2026-03-05'",
        ("product_id", "SELECT min(product_id) FROM earn_day_close"),
    ),
    (
        "closed_days_are_booked_by_the_day",
        "UPDATE earn_position SET daily_booked = '2026-03-04', daily_paid = '2026-03-04'"
        f" WHERE id = ({FLEXIBLE_HELD})",
        ("position_id", FLEXIBLE_HELD),
    ),
    (
        "rewards_are_conserved",
        f"UPDATE ledger_entry SET amount = amount * 2 WHERE account_id = ({EXPENSE})",
        ("asset", f"SELECT asset FROM ledger_account WHERE id = ({EXPENSE})"),
    ),
    (
        "claw_back_is_below_what_was_paid",
        f"UPDATE earn_redemption SET deducted = 100, net = net - 100 WHERE id = ({EARLY})",
        ("redemption_id", EARLY),
    ),
    (
        "carry_is_below_a_unit",
        f"UPDATE earn_position SET carry = 0.00000001 WHERE id = ({FLEXIBLE_HELD})",
        ("position_id", FLEXIBLE_HELD),
    ),
    (
        "carry_is_below_a_unit",
        f"UPDATE earn_position SET bonus_carry = 0.00000001 WHERE id = ({FLEXIBLE_HELD})",
        ("position_id", FLEXIBLE_HELD),
    ),
    (
        "rounding_is_below_a_unit_each",
        "UPDATE ledger_movement SET amount = 0.00000003 WHERE account_id ="
        " (SELECT min(id) FROM ledger_account WHERE code = 5070 AND asset = 'BTC')",
        ("asset", "SELECT 'BTC'"),
    ),
    (
        "redemptions_agree_with_their_journals",
        "UPDATE earn_redemption SET amount = amount + 1, net = net + 1"
        f" WHERE id = ({FLEXIBLE_OUT})",
        ("redemption_id", FLEXIBLE_OUT),
    ),
    (
        "redemptions_agree_with_their_journals",
        f"UPDATE earn_redemption SET request_key = 'another' WHERE id = ({FLEXIBLE_OUT})",
        ("redemption_id", FLEXIBLE_OUT),
    ),
    (
        "arrivals_agree_with_their_journals",
        "UPDATE earn_redemption SET status = 'PAID', paid_at = requested_at, undo_until = NULL"
        f" WHERE id = ({EARLY})",
        ("status", "SELECT 'PAID'"),
    ),
    (
        "undone_redemptions_are_reversed",
        "UPDATE ledger_journal SET key = 'lost' WHERE kind = 'EARN_REDEEM_UNDONE'",
        ("redemption_id", UNDONE),
    ),
    (
        "exits_have_their_redemption",
        f"UPDATE earn_position SET exit = 'EARLY' WHERE id = ({MATURED})",
        ("position_id", f"{ONE_POSITION} kind = 'LOCKED' AND status = 'PAID'"),
    ),
    (
        "subscriptions_agree_with_their_journals",
        f"UPDATE earn_subscription SET amount = amount + 1 WHERE position_id = ({HELD})",
        ("position_id", HELD),
    ),
    (
        "requests_are_carried_out_once",
        "UPDATE earn_subscription SET request_key = 'same' WHERE account_id ="
        " (SELECT min(account_id) FROM earn_subscription)",
        ("request_key", "SELECT 'same'"),
    ),
    (
        "withdrawals_are_in_the_book",
        "INSERT INTO ledger_account (owner_id, code, asset, balance)"
        " SELECT min(id), 2160, 'BTC', 1 FROM accounts_account",
        ("account_id", "SELECT max(id) FROM ledger_account"),
    ),
    (
        "who_may_not_come_in_is_not_in",
        "WITH key AS (INSERT INTO accounts_api_key (account_id, api_key, label, type,"
        ' sealed_secret, public_key, may_trade, may_withdraw, networks, created_at, "end")'
        " SELECT min(id), repeat('a', 64), 'bot', 'HMAC', 's', '', false, false, '{}', now(), ''"
        " FROM accounts_account RETURNING account_id)"
        " UPDATE accounts_account SET status = 'DISABLED', disabled_at = now()"
        " WHERE id = (SELECT account_id FROM key)",
        ("account_id", "SELECT min(id) FROM accounts_account"),
    ),
    (
        "levels_have_their_decision",
        "UPDATE accounts_account SET verification_level = 1"
        " WHERE id = (SELECT min(id) FROM accounts_account)",
        ("account_id", "SELECT min(id) FROM accounts_account"),
    ),
]


_OURS = "~ '^(ledger|earn)_'"


@pytest.fixture
def defenceless(lived, owner):
    """Run as the owner, with no constraint and no trigger left: only the audits see anything."""
    with owner():
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, table in db.rows(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint"
            f" WHERE conrelid::regclass::text {_OURS} AND contype IN ('c', 'u', 'f')"
        ):
            db.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
        for (index,) in db.rows(
            "SELECT indexrelid::regclass::text FROM pg_index"
            f" WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text {_OURS}"
        ):
            db.execute(f"DROP INDEX {index}")
        for table in ("ledger_entry", "ledger_journal", "ledger_movement"):
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield


@pytest.mark.usefixtures("defenceless")
@pytest.mark.parametrize(
    ("audit", "statement", "named"), BROKEN_BY, ids=[case[0] for case in BROKEN_BY]
)
def test_finds_what_is_broken(audit, statement, named):
    column, query = named
    [(culprit,)] = db.rows(query)
    assert db.execute(statement) > 0
    if query.startswith("SELECT max"):
        [(culprit,)] = db.rows(query)
    found = broken()
    assert audit in found
    assert culprit in [row[column] for row in found[audit]]


def test_every_audit_is_broken_once():
    assert {audit.name for audit in run.ALL} == {case[0] for case in BROKEN_BY}


@pytest.mark.usefixtures("defenceless")
def test_the_command_names_the_rows_and_fails(capsys):
    assert cli.run(["audit"]) == 0
    assert "everything holds" in capsys.readouterr().out
    [(spot,)] = db.rows(SPOT)
    db.execute(f"UPDATE ledger_account SET balance = -1 WHERE id = {spot}")
    assert cli.run(["audit"]) == 1
    told = capsys.readouterr().out
    assert "BROKEN  I-3   no_customer_is_negative" in told
    assert f"{spot}" in told
    assert cli.run(["audit", "--json"]) == 1
    assert f'"account_id": {spot}' in capsys.readouterr().out


@pytest.mark.usefixtures("defenceless")
def test_many_offenders_are_cut():
    db.execute("UPDATE ledger_entry SET asset = 'ETH'")
    [finding] = [f for f in run.findings() if f.audit.name == "entries_have_their_account"]
    assert len(finding.rows) == run.ROWS_MAX
    assert finding.is_cut
