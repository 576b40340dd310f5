"""A lost factor comes back by mailbox, password and waiting; a disabled account by a reviewer."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db import connection

from mooring.accounts import api as accounts
from mooring.accounts.actions.approve_recovery import approve_recovery
from mooring.accounts.actions.cancel_recovery import cancel_recovery, cancel_recovery_by_link
from mooring.accounts.actions.complete_recovery import complete_recovery, reopen_account
from mooring.accounts.actions.disable_account import disable_account
from mooring.accounts.actions.request_recovery import request_recovery
from mooring.accounts.entrance.identifiers import read_identifier
from mooring.accounts.models import (
    Account,
    ApiKey,
    Code,
    CodeFactor,
    Device,
    Hold,
    LoginSession,
    Recovery,
    SecurityEvent,
    User,
)
from mooring.accounts.origin import Origin
from mooring.accounts.protection import recovery_errors as errors
from mooring.accounts.protection import recovery_proofs as proofs
from mooring.accounts.protection.recovery import RecoveryProof, find_recovery_state, password_mark
from mooring.accounts.verification.errors import NotAReviewer, VerificationIsOnesOwn
from mooring.notices.models import Notice
from tests.notices.outbox import last_code, last_link_token, messages

WALL = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
READY = AT + timedelta(hours=72)
A_SECOND = timedelta(seconds=1)
ORIGIN = Origin(wall=WALL, ip="192.0.2.1", device_name="Firefox on Linux")
PASSWORD = "four random harbour words"
ALICE = "alice@example.com"
PHONE = "+4915112345678"


def person(email, *, phone=None, has_factor=True):
    accounts.open_account(email=email, password=PASSWORD, at=AT)
    user = User.objects.get(email=email)
    User.objects.filter(id=user.pk).update(phone=phone)
    if has_factor:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return User.objects.get(id=user.pk)


@pytest.fixture
def alice(db):
    cache.clear()
    return person(ALICE, phone=PHONE)


@pytest.fixture
def bob(db):
    return person("bob@example.com")


def mailbox(user, **origin):
    code_id = proofs.ask(read_identifier(user.email), origin=ORIGIN, at=AT)
    found = proofs.give_code(
        code_id, last_code(user.email), origin=replace(ORIGIN, **origin), at=AT
    )
    assert found is not None
    return found


def proven(user):
    found = proofs.give_password(mailbox(user), PASSWORD, origin=ORIGIN, at=AT)
    assert found is not None
    return found


def ask(user):
    return request_recovery(proven(user), origin=ORIGIN, at=AT)


def complete(user, *, at=READY):
    complete_recovery(proven(user), origin=ORIGIN, at=at)


def disable(user):
    assert disable_account(user_id=user.pk, origin=ORIGIN, wall=ORIGIN.wall, at=AT)


def staff(email="staff@example.com"):
    return User.objects.create(email=email, is_staff=True)


def kinds(user):
    return [event.kind for event in SecurityEvent.objects.filter(user=user).order_by("id")]


# --- asking ---


def test_a_mailbox_that_is_no_longer_the_persons_proves_nothing(alice):
    shown = proven(alice)
    User.objects.filter(id=alice.pk).update(email="elsewhere@example.com")
    with pytest.raises(errors.RecoveryNotProven):
        request_recovery(shown, origin=ORIGIN, at=AT)
    with pytest.raises(errors.RecoveryNotProven):
        find_recovery_state(shown, wall=WALL, at=AT)
    assert not Recovery.objects.exists()


@pytest.mark.parametrize("left_out", ["user_id", "shown", "proven_at", "password_mark"])
def test_a_session_that_keeps_half_a_proof_keeps_none(alice, left_out):
    facts = proven(alice).facts()
    assert RecoveryProof.read(facts) is not None
    facts.pop(left_out)
    assert RecoveryProof.read(facts) is None


def test_every_channel_is_told_with_a_link_that_cancels(alice):
    assert ask(alice) == READY
    for to in (ALICE, PHONE):
        notice = messages(to)[-1]
        assert notice.kind == "recovery_requested"
        assert "/recovery/cancel/" in notice.body
        assert notice.is_secret
    row, token = Recovery.objects.get(), last_link_token(PHONE)
    assert (row.kind, row.requested_at, row.ready_at) == ("LOST_FACTOR", AT, READY)
    assert token not in row.cancel_digest
    event = SecurityEvent.objects.get(kind="recovery_requested")
    assert token not in str(event.details)


def test_asking_twice_is_asking_once_and_shortens_nothing(alice):
    ask(alice)
    later = AT + timedelta(hours=1)
    assert request_recovery(proven(alice), origin=ORIGIN, at=later) == READY
    assert Recovery.objects.count() == 1


def test_who_has_no_factor_has_lost_none(db):
    carol = person("carol@example.com", has_factor=False)
    with pytest.raises(errors.RecoveryNotNeeded):
        ask(carol)


def test_the_code_goes_by_mail_to_who_has_an_address(alice):
    proofs.ask(read_identifier(PHONE), origin=ORIGIN, at=AT)
    assert last_code(ALICE)
    assert not Notice.objects.filter(to=PHONE).exclude(status="DISCARDED").exists()


@pytest.mark.parametrize("case", ["unknown", "closed", "blocked", "staff", "unknown number"])
def test_whoever_is_asked_about_the_same_is_written(alice, case):
    typed = {"unknown": "nobody@example.com", "staff": "staff@example.com"}.get(case, ALICE)
    if case == "closed":
        Account.objects.update(status="CLOSED", closed_at=AT)
    if case == "blocked":
        User.objects.update(is_active=False)
    if case == "staff":
        staff()
    if case == "unknown number":
        typed = "+4915199999999"
    code_id = proofs.ask(read_identifier(typed), origin=ORIGIN, at=AT)
    # A number may lead to a mail or to an SMS: both are written, and here neither is sent.
    channels = {"EMAIL", "SMS"} if case == "unknown number" else {"EMAIL"}
    assert set(Notice.objects.values_list("kind", "status", "to", "channel")) == {
        ("code_recovery", "DISCARDED", typed, channel) for channel in channels
    }
    row = Code.objects.get(id=code_id)
    # As long as one that something opens, so that it costs the same to write.
    assert (row.user_id, len(row.digest), len(row.link_digest)) == (None, 64, 64)
    assert proofs.give_code(code_id, "000000", origin=ORIGIN, at=AT) is None
    assert proofs.follow_link("", origin=ORIGIN) is None


# --- what was shown ---


def test_the_link_shows_the_mailbox_once(alice):
    proofs.ask(read_identifier(ALICE), origin=ORIGIN, at=AT)
    token = last_link_token(ALICE)
    found = proofs.follow_link(token, origin=ORIGIN)
    assert found is not None
    assert found.user_id == alice.pk
    assert proofs.follow_link(token, origin=ORIGIN) is None


def test_a_code_shows_the_mailbox_once(alice):
    code_id = proofs.ask(read_identifier(ALICE), origin=ORIGIN, at=AT)
    code = last_code(ALICE)
    assert proofs.give_code(code_id, code, origin=ORIGIN, at=AT)
    assert proofs.give_code(code_id, code, origin=ORIGIN, at=AT) is None


def test_mailbox_or_password_alone_begin_and_complete_nothing(alice):
    only_mailbox = mailbox(alice)
    wrong = proofs.give_password(only_mailbox, "another password", origin=ORIGIN, at=AT)
    assert wrong is None
    with pytest.raises(errors.RecoveryNotProven):
        request_recovery(only_mailbox, origin=ORIGIN, at=AT)
    ask(alice)
    with pytest.raises(errors.RecoveryNotProven):
        complete_recovery(only_mailbox, origin=ORIGIN, at=READY)
    assert proofs.give_code(uuid4(), "123456", origin=ORIGIN, at=AT) is None
    assert Authenticator.objects.exists()


def test_what_was_shown_counts_for_a_quarter_of_an_hour(alice):
    proof = proven(alice)
    late = replace(ORIGIN, wall=WALL + timedelta(minutes=15))
    with pytest.raises(errors.RecoveryNotProven):
        request_recovery(proof, origin=late, at=AT)
    assert proofs.give_password(proof, PASSWORD, origin=late, at=AT) is None
    with pytest.raises(errors.RecoveryNotProven):
        find_recovery_state(proof, wall=late.wall, at=AT)


def test_a_changed_password_makes_what_was_shown_worthless(alice):
    proof = proven(alice)
    User.objects.filter(id=alice.pk).update(password=make_password("another harbour word"))
    with pytest.raises(errors.RecoveryNotProven):
        request_recovery(proof, origin=ORIGIN, at=AT)


def test_a_proof_of_another_password_is_none(alice, bob):
    forged = RecoveryProof(
        user_id=alice.pk,
        shown=ALICE,
        proven_at=WALL.isoformat(),
        password_mark=password_mark(bob.password),
    )
    with pytest.raises(errors.RecoveryNotProven):
        request_recovery(forged, origin=ORIGIN, at=AT)


def test_codes_and_passwords_are_tried_a_few_times_only(alice):
    code_id = proofs.ask(read_identifier(ALICE), origin=ORIGIN, at=AT)
    code = last_code(ALICE)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert proofs.give_code(code_id, wrong, origin=ORIGIN, at=AT) is None
    assert proofs.give_code(code_id, code, origin=ORIGIN, at=AT) is None
    sent = [proofs.ask(read_identifier(ALICE), origin=ORIGIN, at=AT) for _ in range(40)]
    assert Code.objects.filter(id__in=sent).count() < 40


# --- completing ---


def test_it_is_completed_when_its_time_has_come_and_not_before(alice):
    ask(alice)
    with pytest.raises(errors.RecoveryNotReady):
        complete(alice, at=READY - A_SECOND)
    assert Authenticator.objects.exists()
    complete(alice)
    assert Recovery.objects.get().completed_at == READY


def test_completing_ends_all_that_the_lost_factor_had_opened(alice):
    account_id = alice.account.pk
    CodeFactor.objects.create(user=alice, channel="EMAIL", added_at=AT)
    device = Device.objects.create(
        user=alice, token_digest="d", name="d", ip="192.0.2.9", first_seen_at=WALL, seen_at=WALL
    )
    LoginSession.objects.create(
        user=alice, device=device, session_key="s", ip="192.0.2.9", begun_at=WALL, seen_at=WALL
    )
    order = accounts.keys.read_order({"label": "bot", "type": "HMAC"})
    accounts.keys.issue_api_key(account_id=account_id, order=order, at=AT)
    ask(alice)
    complete(alice)
    assert not Authenticator.objects.exists()
    assert not CodeFactor.objects.exists()
    assert LoginSession.objects.get().end == "SECURITY"
    assert Device.objects.get().revoked_at == WALL
    assert ApiKey.objects.get().end == "RECOVERY"
    hold = Hold.objects.get(cause="RECOVERY")
    assert (hold.begins_at, hold.ends_at) == (READY, READY + timedelta(hours=72))
    assert kinds(alice)[-1] == "recovery_completed"
    alice.refresh_from_db()
    assert check_password(PASSWORD, alice.password)


def test_it_is_completed_once(alice):
    ask(alice)
    complete(alice)
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "new"})
    with pytest.raises(errors.RecoveryNotFound):
        complete(alice)
    assert Authenticator.objects.exists()


def test_another_person_completes_only_their_own(alice, bob):
    ask(alice)
    with pytest.raises(errors.RecoveryNotFound):
        complete(bob)
    assert Authenticator.objects.filter(user=alice).exists()


def test_twenty_at_once_complete_it_once(committed_db):
    cache.clear()
    alice = person(ALICE)
    ask(alice)
    proof, barrier = proven(alice), threading.Barrier(20)

    def run(number):
        try:
            barrier.wait()
            if number % 2:
                complete_recovery(proof, origin=ORIGIN, at=READY)
                return "completed"
            cancel_recovery(account_id=alice.account.pk, origin=ORIGIN, at=READY)
        except errors.RecoveryNotFound:
            return "too late"
        else:
            return "cancelled"
        finally:
            connection.close()

    alice.account  # noqa: B018 - read before the threads
    with ThreadPoolExecutor(20) as threads:
        verdicts = Counter(threads.map(run, range(20)))
    assert verdicts["too late"] == 19
    row = Recovery.objects.get()
    assert (row.completed_at is None) != (row.cancelled_at is None)
    assert Authenticator.objects.exists() == (row.completed_at is None)


# --- cancelling ---


def test_the_link_of_any_message_cancels_it_for_good(alice):
    ask(alice)
    token = last_link_token(PHONE)
    cancel_recovery_by_link(token, origin=ORIGIN, at=AT)
    with pytest.raises(errors.RecoveryNotFound):
        complete(alice)
    with pytest.raises(errors.RecoveryNotFound):
        cancel_recovery_by_link(token, origin=ORIGIN, at=AT)
    assert kinds(alice)[-1] == "recovery_cancelled"
    assert Authenticator.objects.exists()


@pytest.mark.parametrize("token", ["", "x", "é", "\0", "x" * 5000])
def test_another_link_cancels_nothing(alice, token):
    ask(alice)
    with pytest.raises(errors.RecoveryNotFound):
        cancel_recovery_by_link(token, origin=ORIGIN, at=AT)
    assert Recovery.objects.get().cancelled_at is None


def test_who_is_logged_in_cancels_their_own_only(alice, bob):
    ask(alice)
    with pytest.raises(errors.RecoveryNotFound):
        cancel_recovery(account_id=bob.account.pk, origin=ORIGIN, at=AT)
    cancel_recovery(account_id=alice.account.pk, origin=ORIGIN, at=AT)
    with pytest.raises(errors.RecoveryNotFound):
        complete(alice)


def test_disabling_the_account_stops_a_recovery_of_its_factor(alice):
    ask(alice)
    proof = proven(alice)
    disable(alice)
    with pytest.raises(errors.RecoveryNotFound):
        complete_recovery(proof, origin=ORIGIN, at=READY)
    assert Authenticator.objects.exists()


# --- disabled accounts ---

NEW = "another harbour and words"
REASON = "met in a call, with the passport of the case"


def reopen(user, *, at=READY):
    reopen_account(mailbox(user), make_password(NEW), origin=ORIGIN, at=at)


def approved(user, *, at=AT):
    recovery_id = Recovery.objects.get(account__user=user, cancelled_at=None).pk
    approve_recovery(recovery_id, reviewer_id=staff().pk, reason=REASON, at=at)


def test_a_disabled_account_needs_mailbox_reviewer_and_waiting(alice):
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    with pytest.raises(errors.RecoveryNotApproved):
        reopen(alice)
    approved(alice)
    with pytest.raises(errors.RecoveryNotReady):
        reopen(alice, at=READY - A_SECOND)
    alice.refresh_from_db()
    assert check_password(PASSWORD, alice.password)
    reopen(alice)
    account = Account.objects.get(user=alice)
    assert (account.status, account.disabled_at) == ("OPEN", None)
    alice.refresh_from_db()
    assert check_password(NEW, alice.password)
    assert not Authenticator.objects.exists()
    assert Hold.objects.filter(cause="RECOVERY").exists()
    assert kinds(alice)[-3:] == ["hold_begun", "recovery_completed", "account_enabled"]


def test_without_a_reviewer_nothing_of_a_disabled_account_is_completed(alice):
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    with pytest.raises(errors.RecoveryNotFound):
        complete_recovery(mailbox(alice), origin=ORIGIN, at=READY)
    assert Account.objects.get(user=alice).status == "DISABLED"


def test_only_a_reviewer_approves_and_never_their_own(alice, bob):
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    recovery_id = Recovery.objects.get().pk
    with pytest.raises(NotAReviewer):
        approve_recovery(recovery_id, reviewer_id=bob.pk, reason=REASON, at=AT)
    User.objects.filter(id=alice.pk).update(is_staff=True)
    with pytest.raises(VerificationIsOnesOwn):
        approve_recovery(recovery_id, reviewer_id=alice.pk, reason=REASON, at=AT)
    assert Recovery.objects.get().approved_at is None


def test_a_lost_factor_is_approved_by_nobody(alice):
    ask(alice)
    for recovery_id in (Recovery.objects.get().pk, 0, 2**62):
        with pytest.raises(errors.RecoveryNotFound):
            approve_recovery(
                recovery_id, reviewer_id=staff(f"{recovery_id}@x.y").pk, reason=REASON, at=AT
            )


def test_the_first_reviewer_stays_the_author(alice):
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    approved(alice)
    other = staff("other@example.com")
    approve_recovery(Recovery.objects.get().pk, reviewer_id=other.pk, at=READY)
    assert Recovery.objects.get().approved_by.email == "staff@example.com"
    assert kinds(alice).count("recovery_approved") == 1
    assert Recovery.objects.get().approval_reason == REASON


def test_a_cancelled_recovery_of_a_disabled_account_opens_nothing(alice):
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    approved(alice)
    cancel_recovery_by_link(last_link_token(PHONE), origin=ORIGIN, at=AT)
    with pytest.raises(errors.RecoveryNotFound):
        reopen(alice)
    assert Account.objects.get(user=alice).status == "DISABLED"


@pytest.mark.parametrize("reason", ["", "  \n ", "\u200b", "x" * 301, "a\0b"])
def test_nobody_unverified_comes_back_without_a_reason_in_writing(alice, reason):
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    recovery_id = Recovery.objects.get().pk
    with pytest.raises(errors.RecoveryReasonWrong):
        approve_recovery(recovery_id, reviewer_id=staff().pk, reason=reason, at=AT)
    assert Recovery.objects.get().approved_at is None
    assert "recovery_approved" not in kinds(alice)


def test_the_reason_is_kept_shown_to_reviewers_and_recorded(alice):
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    approved(alice)
    row = Recovery.objects.get()
    assert (row.approved_level, row.approval_reason) == (0, REASON)
    [shown] = accounts.protection.list_recoveries()
    assert (shown.approved_by, shown.approval_reason) == ("staff@example.com", REASON)
    event = SecurityEvent.objects.get(kind="recovery_approved")
    assert event.details["reason"] == REASON
    assert event.ip is None, "where the reviewer sits is not the customer's to know"


def test_somebody_verified_is_compared_with_their_documents(alice):
    Account.objects.filter(user=alice).update(verification_level=1)
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    approve_recovery(Recovery.objects.get().pk, reviewer_id=staff().pk, at=AT)
    assert Recovery.objects.get().approved_level == 1


def test_a_recovery_stands_in_the_inbox_once_and_without_its_link(alice):
    ask(alice)
    asked = Notice.objects.filter(kind="recovery_requested")
    assert sorted(asked.values_list("channel", flat=True)) == ["EMAIL", "INBOX", "SMS"]
    row = asked.get(channel="INBOX")
    assert (row.user, row.status, row.is_secret) == (alice, "SENT", False)
    assert "/recovery/cancel/" not in row.body
    assert "/security/recovery" in row.body


def test_an_account_that_is_open_again_says_until_when_withdrawals_wait(alice):
    disable(alice)
    request_recovery(mailbox(alice), origin=ORIGIN, at=AT)
    approved(alice)
    reopen(alice)
    until = Hold.objects.get(cause="RECOVERY").ends_at
    [mail] = [one for one in messages(ALICE) if one.kind == "account_enabled"]
    assert f"withdrawals wait until {until:%Y-%m-%d %H:%M} UTC" in mail.body
