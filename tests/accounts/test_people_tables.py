"""The tables of people, factors, devices and keys refuse what must never be true."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.accounts.models import (
    Account,
    ApiKey,
    Attempt,
    Code,
    CodeFactor,
    Device,
    Document,
    Hold,
    LoginSession,
    NotedTry,
    Recovery,
    SecurityEvent,
    StepUp,
    UsedTotpStep,
    User,
    Verification,
)
from mooring.kernel import db

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
BROKEN_BY = [
    ("accounts_user_phone_unique", "INSERT INTO accounts_user SELECT * FROM twin_with_phone"),
    ("accounts_user_phone_is_e164", "UPDATE accounts_user SET phone = '0170 1234567'"),
    ("accounts_user_phone_is_e164", "UPDATE accounts_user SET phone = '+049'"),
    ("accounts_user_is_reachable", "UPDATE accounts_user SET email = NULL, phone = NULL"),
    ("accounts_user_email_is_an_address", "UPDATE accounts_user SET email = 'Alice@example.org'"),
    ("accounts_user_email_is_an_address", "UPDATE accounts_user SET email = 'a@b@example.org'"),
    ("accounts_user_email_is_an_address", "UPDATE accounts_user SET email = 'älice@example.org'"),
    (
        "accounts_account_disabled_at_agrees_with_status",
        "UPDATE accounts_account SET status = 'DISABLED'",
    ),
    (
        "accounts_account_disabled_at_agrees_with_status",
        "UPDATE accounts_account SET disabled_at = now()",
    ),
    (
        "accounts_account_verification_level_known",
        "UPDATE accounts_account SET verification_level = 3",
    ),
    (
        "accounts_code_factor_once",
        "INSERT INTO accounts_code_factor (user_id, channel, added_at)"
        " SELECT user_id, channel, added_at FROM accounts_code_factor",
    ),
    ("accounts_code_factor_channel_known", "UPDATE accounts_code_factor SET channel = 'FAX'"),
    (
        "accounts_used_totp_step_once",
        "INSERT INTO accounts_used_totp_step (user_id, step, used_at)"
        " SELECT user_id, step, used_at FROM accounts_used_totp_step",
    ),
    ("accounts_code_purpose_known", "UPDATE accounts_code SET purpose = 'FUN'"),
    ("accounts_code_channel_known", "UPDATE accounts_code SET channel = 'FAX'"),
    (
        "accounts_code_lives_ten_minutes",
        "UPDATE accounts_code SET expires_at = issued_at + interval '601 seconds'",
    ),
    ("accounts_code_lives_ten_minutes", "UPDATE accounts_code SET expires_at = issued_at"),
    ("accounts_code_has_five_tries", "UPDATE accounts_code SET tries = 6"),
    ("accounts_code_has_five_tries", "UPDATE accounts_code SET tries = -1"),
    ("accounts_code_link_digest_unique", "UPDATE accounts_code SET link_digest = 'same'"),
    (
        "accounts_attempt_once",
        "INSERT INTO accounts_attempt (bucket, window_start, count)"
        " SELECT bucket, window_start, count FROM accounts_attempt",
    ),
    ("accounts_attempt_counts_up", "UPDATE accounts_attempt SET count = -1"),
    (
        "accounts_device_token_unique",
        "INSERT INTO accounts_device (user_id, token_digest, name, ip, first_seen_at, seen_at)"
        " SELECT user_id, token_digest, name, ip, first_seen_at, seen_at FROM accounts_device",
    ),
    (
        "accounts_device_seen_in_order",
        "UPDATE accounts_device SET seen_at = first_seen_at - interval '1 second'",
    ),
    (
        "accounts_login_session_key_unique",
        "INSERT INTO accounts_login_session"
        ' (user_id, session_key, user_agent, ip, begun_at, seen_at, "end")'
        " SELECT user_id, session_key, '', ip, begun_at, seen_at, '' FROM accounts_login_session",
    ),
    (
        "accounts_login_session_end_known",
        """UPDATE accounts_login_session SET "end" = 'BORED', ended_at = now()""",
    ),
    ("accounts_login_session_end_has_a_time", "UPDATE accounts_login_session SET ended_at = now()"),
    (
        "accounts_login_session_end_has_a_time",
        """UPDATE accounts_login_session SET "end" = 'AGE'""",
    ),
    (
        "accounts_step_up_lives_five_minutes",
        "UPDATE accounts_step_up SET expires_at = requested_at + interval '301 seconds'",
    ),
    (
        "accounts_step_up_proven_in_time",
        "UPDATE accounts_step_up SET password_at = requested_at,"
        " proven_at = expires_at + interval '1 second'",
    ),
    (
        "accounts_step_up_proven_before_spent",
        "UPDATE accounts_step_up SET spent_at = requested_at",
    ),
    (
        "accounts_step_up_proven_before_spent",
        "UPDATE accounts_step_up SET password_at = requested_at, proven_at = requested_at,"
        " spent_at = expires_at + interval '1 second'",
    ),
    (
        "accounts_step_up_proven_by_something",
        "UPDATE accounts_step_up SET proven_at = requested_at",
    ),
    (
        "accounts_hold_cause_known",
        "INSERT INTO accounts_hold (account_id, cause, begins_at, ends_at)"
        " SELECT account_id, 'MOOD', begins_at, ends_at FROM accounts_hold",
    ),
    (
        "accounts_hold_lasts",
        "INSERT INTO accounts_hold (account_id, cause, begins_at, ends_at)"
        " SELECT account_id, cause, begins_at, begins_at FROM accounts_hold",
    ),
    (
        "accounts_security_append_only",
        "UPDATE accounts_hold SET ends_at = begins_at + interval '1 second'",
    ),
    ("accounts_security_append_only", "DELETE FROM accounts_security_event"),
    ("accounts_security_append_only", "TRUNCATE accounts_security_event"),
    ("accounts_recovery_kind_known", "UPDATE accounts_recovery SET kind = 'WISH'"),
    (
        "accounts_recovery_waits",
        "UPDATE accounts_recovery SET ready_at = requested_at - interval '1 second'",
    ),
    (
        "accounts_recovery_completed_when_ready",
        "UPDATE accounts_recovery SET completed_at = ready_at - interval '1 second'",
    ),
    (
        "accounts_recovery_completed_when_ready",
        "UPDATE accounts_recovery SET completed_at = ready_at, cancelled_at = ready_at",
    ),
    (
        "accounts_recovery_of_disabled_is_approved",
        "UPDATE accounts_recovery SET kind = 'DISABLED', completed_at = ready_at",
    ),
    (
        "accounts_recovery_approval_has_an_author",
        "UPDATE accounts_recovery SET approved_at = ready_at",
    ),
    (
        "accounts_recovery_of_unverified_has_a_reason",
        "UPDATE accounts_recovery SET approved_at = ready_at, approved_level = 0,"
        " approved_by_id = (SELECT id FROM accounts_user)",
    ),
    (
        "accounts_recovery_of_unverified_has_a_reason",
        "UPDATE accounts_recovery SET approved_at = ready_at, approval_reason = 'x',"
        " approved_by_id = (SELECT id FROM accounts_user)",
    ),
    (
        "accounts_noted_try_once",
        "INSERT INTO accounts_noted_try (whose, kind, about, ip, hour, count, noted_at)"
        " SELECT whose, kind, 0, ip, hour, 2, noted_at FROM accounts_noted_try",
    ),
    ("accounts_noted_try_counts_up", "UPDATE accounts_noted_try SET count = 0"),
    (
        "accounts_recovery_cancel_unique",
        "INSERT INTO accounts_recovery"
        " (account_id, kind, requested_at, ready_at, cancel_digest, cancelled_at, approval_reason)"
        " SELECT account_id, kind, requested_at, ready_at, cancel_digest, ready_at, ''"
        " FROM accounts_recovery",
    ),
    (
        "accounts_recovery_one_open",
        "INSERT INTO accounts_recovery"
        " (account_id, kind, requested_at, ready_at, cancel_digest, approval_reason)"
        " SELECT account_id, kind, requested_at, ready_at, 'other', '' FROM accounts_recovery",
    ),
    (
        "accounts_api_key_unique",
        "INSERT INTO accounts_api_key (account_id, api_key, label, type, sealed_secret, public_key,"
        ' may_trade, may_withdraw, networks, created_at, "end")'
        " SELECT account_id, api_key, label, type, sealed_secret, public_key, may_trade,"
        " may_withdraw, networks, created_at, '' FROM accounts_api_key",
    ),
    (
        "accounts_api_key_is_64_letters_and_digits",
        "UPDATE accounts_api_key SET api_key = repeat('-', 64)",
    ),
    (
        "accounts_api_key_type_known",
        # A type of which nothing is known needs nothing that is known.
        "ALTER TABLE accounts_api_key DROP CONSTRAINT accounts_api_key_has_what_its_type_needs;"
        "UPDATE accounts_api_key SET type = 'DSA'",
    ),
    (
        "accounts_api_key_has_what_its_type_needs",
        "UPDATE accounts_api_key SET public_key = '-----BEGIN PUBLIC KEY-----'",
    ),
    (
        "accounts_api_key_has_what_its_type_needs",
        "UPDATE accounts_api_key SET type = 'ED25519', public_key = '-----BEGIN PUBLIC KEY-----'",
    ),
    (
        "accounts_api_key_has_what_its_type_needs",
        "UPDATE accounts_api_key SET sealed_secret = NULL",
    ),
    (
        "accounts_api_key_withdraws_from_listed_networks",
        "UPDATE accounts_api_key SET may_withdraw = true",
    ),
    (
        "accounts_api_key_end_known",
        """UPDATE accounts_api_key SET "end" = 'BORED', ended_at = now()""",
    ),
    ("accounts_api_key_end_has_a_time", "UPDATE accounts_api_key SET ended_at = now()"),
    ("accounts_verification_level_known", "UPDATE accounts_verification SET level = 0"),
    (
        "accounts_verification_status_known",
        "UPDATE accounts_verification SET status = 'MAYBE', decided_at = now()",
    ),
    (
        "accounts_verification_decision_has_a_time",
        "UPDATE accounts_verification SET status = 'APPROVED'",
    ),
    (
        "accounts_verification_decision_has_a_time",
        "UPDATE accounts_verification SET decided_at = now()",
    ),
    (
        "accounts_verification_rejected_with_a_reason",
        "UPDATE accounts_verification SET status = 'REJECTED', decided_at = now()",
    ),
    (
        "accounts_verification_one_pending",
        "INSERT INTO accounts_verification"
        " (account_id, level, status, sealed_form, submitted_at, reason)"
        " SELECT account_id, level, status, sealed_form, submitted_at, ''"
        " FROM accounts_verification",
    ),
    (
        "accounts_document_one_per_kind",
        "INSERT INTO accounts_document"
        " (verification_id, kind, media_type, width, height, size, sealed)"
        " SELECT verification_id, kind, media_type, width, height, size, sealed"
        " FROM accounts_document",
    ),
    ("accounts_document_kind_known", "UPDATE accounts_document SET kind = 'SELFIE'"),
    (
        "accounts_document_media_type_known",
        "UPDATE accounts_document SET media_type = 'image/svg'",
    ),
    ("accounts_document_is_not_empty", "UPDATE accounts_document SET size = 0"),
]


@pytest.fixture
def _one_of_each(owner) -> None:
    """A row in each table, two where a constraint needs two."""
    user = User.objects.create(email="alice@example.org", phone="+4915112345678", password="x")
    account = Account.objects.create(user=user, opened_at=AT)
    CodeFactor.objects.create(user=user, channel="EMAIL", added_at=AT)
    UsedTotpStep.objects.create(user=user, step=1, used_at=AT)
    _tries()
    soon = AT + timedelta(minutes=5)
    for digest in ("one", "two"):
        Code.objects.create(
            purpose="SIGN_UP",
            channel="EMAIL",
            sent_to="alice@example.org",
            link_digest=digest,
            issued_at=AT,
            expires_at=soon,
        )
    Device.objects.create(
        user=user, token_digest="d", name="n", ip="192.0.2.1", first_seen_at=AT, seen_at=AT
    )
    session = LoginSession.objects.create(
        user=user, session_key="k", ip="192.0.2.1", begun_at=AT, seen_at=AT
    )
    StepUp.objects.create(
        user=user,
        session=session,
        action="a",
        data={},
        digest="d",
        requested_at=AT,
        expires_at=soon,
    )
    Hold.objects.create(account=account, cause="RECOVERY", begins_at=AT, ends_at=soon)
    SecurityEvent.objects.create(user=user, kind="logged_in", at=AT)
    Recovery.objects.create(
        account=account, kind="LOST_FACTOR", requested_at=AT, ready_at=soon, cancel_digest="c"
    )
    ApiKey.objects.create(
        account=account,
        api_key="a" * 64,
        label="bot",
        type="HMAC",
        sealed_secret=b"s",
        created_at=AT,
    )
    case = Verification.objects.create(account=account, level=1, sealed_form=b"f", submitted_at=AT)
    Document.objects.create(
        verification=case,
        kind="PORTRAIT",
        media_type="image/png",
        width=1,
        height=1,
        size=1,
        sealed=b"d",
    )
    with owner():
        db.execute("CREATE TEMPORARY TABLE twin_with_phone AS SELECT * FROM accounts_user")
        db.execute("UPDATE twin_with_phone SET id = id + 1, email = NULL")
    db.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _tries() -> None:
    Attempt.objects.create(bucket="b", window_start=AT, count=1)
    NotedTry.objects.create(
        whose="w", kind="log_in_failed", ip="192.0.2.1", hour=AT, count=1, noted_at=AT
    )


@pytest.mark.usefixtures("_one_of_each")
@pytest.mark.parametrize(("constraint", "statement"), BROKEN_BY)
def test_the_table_refuses(owner, constraint, statement):
    with owner():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint


@pytest.mark.usefixtures("_one_of_each")
@pytest.mark.parametrize("table", ["accounts_hold", "accounts_security_event"])
def test_the_application_may_not_alter_what_happened(table):
    found = db.rows(
        "SELECT has_table_privilege('mooring_app', %s, 'UPDATE'),"
        " has_table_privilege('mooring_app', %s, 'DELETE'),"
        " has_table_privilege('mooring_app', %s, 'INSERT')",
        [table, table, table],
    )
    assert found == [(False, False, True)]
