"""A new password: for who reads the message and has the second factor, once; everything ends."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.api.entrance import ResetVerdict
from mooring.accounts.api.proofs import CodeVerdict
from mooring.accounts.models import (
    Account,
    Code,
    CodeFactor,
    Hold,
    LoginSession,
    SecurityEvent,
    User,
)
from mooring.accounts.origin import Origin
from mooring.accounts.presence import sessions
from mooring.accounts.proofs import recovery_codes, totp
from mooring.accounts.proofs.factors import CodeProof, RecoveryCodeProof, TotpProof

WALL = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
PASSWORD, FRESH = "four random harbour words", "another harbour of words"
ALICE = accounts.entrance.read_identifier("alice@example.com")
SECRET = "JBSWY3DPEHPK3PXP" * 2


def origin(wall=WALL):
    return Origin(wall=wall, ip="192.0.2.1", device_name="Firefox on Linux")


@pytest.fixture(autouse=True)
def told(monkeypatch):
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


@pytest.fixture
def alice(db):
    accounts.open_account(email="alice@example.com", password=PASSWORD, at=AT)
    return User.objects.get()


def ask(wall=WALL):
    return accounts.entrance.ask_reset(identifier=ALICE, tokens=(), origin=origin(wall), at=AT)


def give(code_id, text, wall=WALL):
    return accounts.entrance.try_reset_code(code_id, text, tokens=(), origin=origin(wall), at=AT)


def granted(told):
    """Return the new password that may be set after the message was read."""
    code_id = ask()
    found = give(code_id, told[-1].facts["code"])
    return accounts.entrance.find_reset(found.grant_id, wall=WALL)


def finish(reset, proof=None, password=FRESH, wall=WALL):
    return accounts.entrance.finish_reset(
        reset, password, proof, tokens=(), origin=origin(wall), at=AT
    )


def has_app(user):
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": totp.seal(SECRET, user_id=user.pk)},
        created_at=WALL,
    )


def app_code(wall=WALL):
    return format_hotp_value(hotp_value(SECRET, int(wall.timestamp()) // 30))


def test_everything_that_the_old_password_opened_ends(alice, told):
    with transaction.atomic():
        sessions.begin_session(
            user_id=alice.pk, session_key="k" * 32, device_id=None, origin=origin()
        )
    waiting = ask()
    other_code = told[-1].facts["code"]
    reset = granted(told)
    assert finish(reset) is ResetVerdict.DONE
    alice.refresh_from_db()
    assert alice.check_password(FRESH)
    assert LoginSession.objects.get().end == "SECURITY"
    assert give(waiting, other_code).verdict is CodeVerdict.SPENT_OR_EXPIRED
    assert not Code.objects.filter(spent_at__isnull=True).exists()
    assert Hold.objects.get().cause == "PASSWORD_CHANGED"
    assert told[-1].kind == "password_reset"
    assert "held_until" in told[-1].facts


def test_the_right_to_a_new_password_is_good_once_and_for_ten_minutes(alice, told):
    reset = granted(told)
    late = WALL + timedelta(minutes=10)
    assert accounts.entrance.find_reset(reset.grant_id, wall=late) is None
    assert finish(reset, wall=late) is ResetVerdict.OVER
    assert finish(reset) is ResetVerdict.DONE
    assert finish(reset) is ResetVerdict.OVER


def test_a_mailbox_that_is_no_longer_the_persons_sets_no_password(alice, told):
    reset = granted(told)
    User.objects.filter(id=alice.pk).update(email="elsewhere@example.com")
    assert finish(reset) is ResetVerdict.OVER
    User.objects.filter(id=alice.pk).update(email="alice@example.com")
    assert finish(reset) is ResetVerdict.DONE


def test_a_code_that_was_sent_is_no_right_and_a_right_is_no_code(alice, told):
    code_id = ask()
    assert accounts.entrance.find_reset(code_id, wall=WALL) is None
    reset = granted(told)
    assert give(reset.grant_id, "").verdict is CodeVerdict.SPENT_OR_EXPIRED


def test_a_bad_password_uses_up_neither_right_nor_proof(alice, told):
    has_app(alice)
    reset = granted(told)
    with pytest.raises(ValidationError):
        finish(reset, TotpProof(code=app_code()), password="alice@example.com")
    assert finish(reset, TotpProof(code=app_code())) is ResetVerdict.DONE


def test_who_has_a_factor_needs_it(alice, told):
    has_app(alice)
    reset = granted(told)
    assert reset.ways
    assert finish(reset) is ResetVerdict.FACTOR_MISSING
    assert finish(reset, TotpProof(code="000000")) is ResetVerdict.FACTOR_WRONG
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert SecurityEvent.objects.filter(kind="code_refused").count() == 1
    assert finish(reset, TotpProof(code=app_code())) is ResetVerdict.DONE


def test_the_mailbox_alone_is_no_second_factor_for_who_has_an_app(alice, told):
    has_app(alice)
    reset = granted(told)
    code_id = ask()
    proof = CodeProof(code_id=code_id, code=told[-1].facts["code"])
    assert finish(reset, proof) is ResetVerdict.FACTOR_WRONG
    by_mail = accounts.entrance.send_reset_factor_code(
        reset, accounts.proofs.Factor.EMAIL, origin=origin(), at=AT
    )
    assert by_mail is None


def test_a_second_code_to_the_mailbox_that_opened_it_proves_nothing_more(alice, told):
    User.objects.update(phone="+4915123456789")
    CodeFactor.objects.create(user=alice, channel="EMAIL", added_at=WALL)
    CodeFactor.objects.create(user=alice, channel="SMS", added_at=WALL)
    reset = granted(told)
    assert reset.ways == (accounts.proofs.Factor.SMS,)
    code_id = accounts.entrance.send_reset_factor_code(
        reset, accounts.proofs.Factor.EMAIL, origin=origin(), at=AT
    )
    proof = CodeProof(code_id=code_id, code=told[-1].facts["code"])
    assert finish(reset, proof) is ResetVerdict.FACTOR_WRONG


def test_where_the_mailbox_is_all_there_is_withdrawals_wait_as_after_a_recovery(alice, told):
    CodeFactor.objects.create(user=alice, channel="EMAIL", added_at=WALL)
    reset = granted(told)
    code_id = accounts.entrance.send_reset_factor_code(
        reset, accounts.proofs.Factor.EMAIL, origin=origin(), at=AT
    )
    proof = CodeProof(code_id=code_id, code=told[-1].facts["code"])
    assert finish(reset, proof) is ResetVerdict.DONE
    assert [hold.cause for hold in Hold.objects.all()] == ["RECOVERY"]


def test_a_recovery_code_is_a_downgrade_and_holds(alice, told):
    has_app(alice)
    with transaction.atomic():
        kept = recovery_codes.make(user_id=alice.pk, wall=WALL)
    reset = granted(told)
    assert finish(reset, RecoveryCodeProof(code=kept[0])) is ResetVerdict.DONE
    causes = set(Hold.objects.values_list("cause", flat=True))
    assert causes == {"LOWER_FACTOR", "PASSWORD_CHANGED"}


def test_a_code_by_sms_proves_for_this_new_password_only(alice, told):
    User.objects.filter(pk=alice.pk).update(phone="+4915123456789")
    CodeFactor.objects.create(user=alice, channel="SMS", added_at=WALL)
    reset, other = granted(told), granted(told)
    code_id = accounts.entrance.send_reset_factor_code(
        reset, accounts.proofs.Factor.SMS, origin=origin(), at=AT
    )
    proof = CodeProof(code_id=code_id, code=told[-1].facts["code"])
    assert told[-1].to == "+4915123456789"
    assert finish(other, proof) is ResetVerdict.FACTOR_WRONG
    assert finish(reset, proof) is ResetVerdict.DONE


def test_guesses_at_the_second_factor_are_counted(alice, told):
    has_app(alice)
    reset = granted(told)
    for number in range(20):
        assert finish(reset, TotpProof(code=f"{number:06}")) is ResetVerdict.FACTOR_WRONG
    looked_at = SecurityEvent.objects.filter(kind="code_refused").count()
    assert looked_at < 10
    assert finish(reset, TotpProof(code=app_code())) is ResetVerdict.FACTOR_WRONG


@pytest.mark.parametrize("status", ["DISABLED", "CLOSED"])
def test_an_account_that_was_frozen_meanwhile_gets_no_password(alice, told, status):
    reset = granted(told)
    when = {"DISABLED": {"disabled_at": AT}, "CLOSED": {"closed_at": AT}}[status]
    Account.objects.update(status=status, **when)
    assert finish(reset) is ResetVerdict.OVER
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


@pytest.mark.django_db
def test_nobody_is_asked_and_nothing_is_right(told):
    code_id = ask()
    assert not told[-1].is_delivered
    assert give(code_id, told[-1].facts["code"]).verdict is CodeVerdict.WRONG
    assert (
        accounts.entrance.use_reset_link(told[-1].facts["link_token"], origin=origin()).grant_id
        is None
    )


def test_one_right_in_twenty_hands_sets_one_password(committed_db, django_db_blocker, told):
    start = threading.Barrier(20)
    with django_db_blocker.unblock():
        accounts.open_account(email="alice@example.com", password=PASSWORD, at=AT)
        reset = granted(told)

        def try_it(number):
            start.wait()
            try:
                return finish(reset, password=f"harbour number {number} of words")
            finally:
                connection.close()

        with ThreadPoolExecutor(20) as pool:
            found = list(pool.map(try_it, range(20)))
        assert found.count(ResetVerdict.DONE) == 1
        assert SecurityEvent.objects.filter(kind="password_reset").count() == 1
