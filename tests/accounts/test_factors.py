"""Each proof of a person is right once, for them alone, and ranks where it should."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection, transaction

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.models import CodeFactor, SecurityEvent, UsedTotpStep, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes, factors, passkeys, recovery_codes, totp
from mooring.accounts.proofs.codes import CodeVerdict, Purpose
from mooring.accounts.proofs.factors import (
    CodeProof,
    Factor,
    PasskeyProof,
    RecoveryCodeProof,
    TotpProof,
)
from mooring.kernel.sealing import SealBroken
from tests.accounts.soft_passkey import SoftPasskey

WALL = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP" * 2
BINDING = "log-in 1"
A_STEP = timedelta(seconds=30)


def origin(wall=WALL):
    return Origin(wall=wall, ip="192.0.2.1", device_name="Firefox on Linux")


@pytest.fixture(autouse=True)
def told(monkeypatch):
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


def open_account(name: str) -> User:
    email = f"{name}@example.com"
    accounts.open_account(email=email, password="four random harbour words", at=AT)
    return User.objects.get(email=email)


@pytest.fixture
def alice(db):
    return open_account("alice")


@pytest.fixture
def bob(db):
    return open_account("bob")


def has_app(user, secret=SECRET):
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": totp.seal(secret, user_id=user.pk)},
        created_at=WALL,
    )


def has_recovery_codes(user):
    with transaction.atomic():
        return recovery_codes.make(user_id=user.pk, wall=WALL)


def has_passkey(user, device, name="Laptop"):
    asked = passkeys.begin_registration(user_id=user.pk, wall=WALL)
    answer = device.create(asked.options)
    made = passkeys.check_registration(asked.state, answer, user_id=user.pk, wall=WALL)
    assert made is not None
    data = {"name": name, "credential": answer, "sign_count": made.sign_count}
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data=data, created_at=WALL
    )


def gets_codes(user, channel="EMAIL"):
    CodeFactor.objects.create(user=user, channel=channel, added_at=WALL)


def app_code(at=WALL, secret=SECRET):
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30))


def check(user, proof, *, purpose=Purpose.LOG_IN, binding=BINDING, wall=WALL):
    with transaction.atomic():
        return factors.check_factor(
            user_id=user.pk,
            proof=proof,
            purpose=purpose,
            binding=binding,
            origin=origin(wall),
            at=AT,
        )


def sent_code(user, told, *, channel="EMAIL", binding=BINDING):
    with transaction.atomic():
        issued = codes.issue(
            purpose=Purpose.LOG_IN,
            channel=channel,
            to="alice@example.com",
            user_id=user.pk,
            origin=origin(),
            at=AT,
            binding=binding,
        )
    return CodeProof(code_id=issued.id, code=told[-1].facts["code"])


def answer_of(user, device, *, purpose=Purpose.LOG_IN, binding=BINDING):
    asked = passkeys.begin_check(user_id=user.pk, purpose=purpose, binding=binding, wall=WALL)
    return PasskeyProof(state=asked.state, response=device.get(asked.options))


def by_twenty_at_once(act):
    start = threading.Barrier(20)

    def attempt(_number):
        try:
            start.wait(30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        return Counter(verdict.is_right for verdict in threads.map(attempt, range(20)))


# --- ranks ---


def test_the_factors_of_a_person_are_listed_best_first(alice):
    gets_codes(alice)
    has_recovery_codes(alice)
    has_app(alice)
    has_passkey(alice, SoftPasskey(), name="Laptop")
    has_passkey(alice, SoftPasskey(), name="Phone")
    found = [(view.factor, view.name, view.to) for view in factors.list_factors(alice.pk)]
    assert found == [
        (Factor.PASSKEY, "Laptop", ""),
        (Factor.PASSKEY, "Phone", ""),
        (Factor.TOTP, "", ""),
        (Factor.EMAIL, "", "alice@example.com"),
        (Factor.RECOVERY_CODE, "", ""),
    ]


def test_a_channel_that_leads_nowhere_is_no_factor(alice):
    gets_codes(alice, "SMS")
    assert factors.list_factors(alice.pk) == ()


def test_somebody_without_a_factor_proves_themselves_by_their_address(alice, told):
    verdict = check(alice, sent_code(alice, told))
    assert (verdict.is_right, verdict.factor, verdict.is_downgrade) == (True, Factor.EMAIL, False)


def test_a_code_by_mail_is_no_way_around_a_factor(alice, told):
    has_app(alice)
    verdict = check(alice, sent_code(alice, told))
    assert (verdict.is_right, verdict.factor) == (False, None)


@pytest.mark.parametrize(
    ("case", "with_passkey", "is_downgrade"),
    [("the best one", False, False), ("a passkey is there", True, True)],
)
def test_a_factor_below_the_best_one_is_a_downgrade(alice, case, with_passkey, is_downgrade):
    has_app(alice)
    if with_passkey:
        has_passkey(alice, SoftPasskey())
    verdict = check(alice, TotpProof(code=app_code()))
    assert (verdict.is_right, verdict.is_downgrade) == (True, is_downgrade), case


def test_a_wrong_proof_is_no_downgrade(alice):
    has_app(alice)
    has_passkey(alice, SoftPasskey())
    assert not check(alice, TotpProof(code="000000")).is_downgrade


# --- authenticator apps ---


@pytest.mark.parametrize(
    ("case", "steps", "is_right"),
    [
        ("two steps ago", -2, False),
        ("the step before", -1, True),
        ("now", 0, True),
        ("the step after", 1, True),
        ("in two steps", 2, False),
    ],
)
def test_a_code_of_an_app_is_right_half_a_minute_around(alice, case, steps, is_right):
    has_app(alice)
    code = app_code(WALL + steps * A_STEP)
    assert check(alice, TotpProof(code=code)).is_right == is_right, case


def test_a_code_of_an_app_is_right_once_for_whatever_purpose(alice):
    has_app(alice)
    proof = TotpProof(code=app_code())
    assert check(alice, proof).is_right
    assert not check(alice, proof).is_right
    assert not check(alice, proof, purpose=Purpose.STEP_UP, binding="step-up").is_right
    later = TotpProof(code=app_code(WALL + A_STEP))
    assert check(alice, later).is_right
    earlier = TotpProof(code=app_code(WALL - A_STEP))
    assert check(alice, earlier).is_right


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1" * 500, "\x00", "一二三四五六"])
def test_what_is_no_code_of_an_app_is_wrong(alice, typed):
    has_app(alice)
    assert not check(alice, TotpProof(code=typed)).is_right
    assert not UsedTotpStep.objects.exists()


def test_a_code_of_an_app_is_its_persons(alice, bob):
    has_app(alice)
    has_app(bob, secret="KRSXG5CTMVRXEZLU" * 2)
    assert not check(bob, TotpProof(code=app_code())).is_right


def test_the_secret_of_an_app_is_sealed_for_its_person(alice, bob):
    begun = totp.begin_enrolment(user_id=alice.pk)
    secret = begun.key.replace(" ", "")
    assert len(secret) == 32
    assert secret not in begun.sealed
    assert begun.qr_svg.startswith("<?xml")
    assert totp.unseal(begun.sealed, user_id=alice.pk) == secret
    with pytest.raises(SealBroken):
        totp.unseal(begun.sealed, user_id=bob.pk)


def test_of_twenty_who_bring_one_code_of_an_app_at_once_one_is_right(committed_db):
    alice = open_account("alice")
    has_app(alice)
    proof = TotpProof(code=app_code())
    assert by_twenty_at_once(lambda: check(alice, proof)) == {True: 1, False: 19}


# --- recovery codes ---


def test_recovery_codes_are_ten_and_kept_as_hashes(alice):
    made = has_recovery_codes(alice)
    assert len(set(made)) == 10
    kept = str(Authenticator.objects.get(user=alice).data)
    assert not any(code in kept or code.replace("-", "") in kept for code in made)


def test_a_recovery_code_is_right_once_and_its_person_is_told(alice, told):
    has_app(alice)
    made = has_recovery_codes(alice)
    verdict = check(alice, RecoveryCodeProof(code=made[3].replace("-", " ")))
    assert (verdict.is_right, verdict.is_downgrade) == (True, True)
    assert not check(alice, RecoveryCodeProof(code=made[3])).is_right
    assert SecurityEvent.objects.get().details == {"left": "9"}
    assert told[-1].kind == "recovery_code_used"
    assert factors.list_factors(alice.pk)[-1].left == 9


def test_new_recovery_codes_end_the_old_ones(alice):
    has_app(alice)
    old, new = has_recovery_codes(alice), has_recovery_codes(alice)
    assert not check(alice, RecoveryCodeProof(code=old[0])).is_right
    assert check(alice, RecoveryCodeProof(code=new[0])).is_right


def test_a_recovery_code_is_its_persons(alice, bob):
    made = has_recovery_codes(alice)
    has_recovery_codes(bob)
    assert not check(bob, RecoveryCodeProof(code=made[0])).is_right


def test_recovery_codes_that_are_used_up_are_no_factor(alice):
    has_app(alice)
    for code in has_recovery_codes(alice):
        assert check(alice, RecoveryCodeProof(code=code)).is_right
    assert [view.factor for view in factors.list_factors(alice.pk)] == [Factor.TOTP]


def test_of_twenty_who_bring_one_recovery_code_at_once_one_is_right(committed_db):
    alice = open_account("alice")
    proof = RecoveryCodeProof(code=has_recovery_codes(alice)[0])
    assert by_twenty_at_once(lambda: check(alice, proof)) == {True: 1, False: 19}
    assert SecurityEvent.objects.count() == 1


# --- passkeys ---


def test_a_browser_is_told_everything_that_it_asks_for(alice):
    asked = passkeys.begin_registration(user_id=alice.pk, wall=WALL).options["publicKey"]
    assert set(asked["user"]) == {"id", "name", "displayName"}
    assert set(asked["rp"]) == {"id", "name"}
    assert asked["pubKeyCredParams"]


def test_a_passkey_answers_a_challenge_once(alice):
    device = SoftPasskey()
    has_passkey(alice, device)
    proof = answer_of(alice, device)
    verdict = check(alice, proof)
    assert (verdict.is_right, verdict.factor, verdict.is_downgrade) == (True, Factor.PASSKEY, False)
    assert not check(alice, proof).is_right
    assert check(alice, answer_of(alice, device)).is_right


def test_of_twenty_who_bring_one_answer_at_once_one_is_right(committed_db):
    alice, device = open_account("alice"), SoftPasskey()
    device.counter = device.counts_by = 0
    has_passkey(alice, device)
    proof = answer_of(alice, device)
    assert by_twenty_at_once(lambda: check(alice, proof)) == {True: 1, False: 19}


def test_each_of_several_passkeys_answers(alice):
    devices = [SoftPasskey(), SoftPasskey()]
    for device in devices:
        has_passkey(alice, device)
    assert all(check(alice, answer_of(alice, device)).is_right for device in devices)


@pytest.mark.parametrize(
    ("case", "given"),
    [
        ("another purpose", {"purpose": Purpose.STEP_UP}),
        ("another binding", {"binding": "log-in 2"}),
        ("five minutes later", {"wall": WALL + timedelta(minutes=5)}),
    ],
)
def test_an_answer_opens_only_what_was_asked_for(alice, case, given):
    device = SoftPasskey()
    has_passkey(alice, device)
    assert not check(alice, answer_of(alice, device), **given).is_right, case


def test_a_passkey_of_somebody_else_answers_nothing(alice, bob):
    hers, his = SoftPasskey(), SoftPasskey()
    has_passkey(alice, hers)
    has_passkey(bob, his)
    assert not check(alice, answer_of(alice, his)).is_right
    assert not check(alice, answer_of(bob, his)).is_right
    assert not check(alice, answer_of(bob, hers)).is_right


def test_a_passkey_that_counts_backwards_is_refused(alice):
    device = SoftPasskey(counter=10)
    has_passkey(alice, device)
    device.counter = 7
    assert not check(alice, answer_of(alice, device)).is_right
    device.counter, device.counts_by = 10, 0
    assert not check(alice, answer_of(alice, device)).is_right
    device.counts_by = 1
    assert check(alice, answer_of(alice, device)).is_right


def test_a_passkey_that_does_not_count_is_accepted(alice):
    device = SoftPasskey(counter=0, counts_by=0)
    has_passkey(alice, device)
    assert check(alice, answer_of(alice, device)).is_right
    assert check(alice, answer_of(alice, device)).is_right


@pytest.mark.parametrize(
    ("origin_of_page", "is_lenient", "is_right"),
    [
        ("https://mooring.example", False, True),
        ("https://mooring.example:8443", False, False),
        ("http://mooring.example", False, False),
        ("https://sub.mooring.example", False, False),
        ("https://mooring.example.evil.example", False, False),
        ("https://sub.mooring.example", True, False),
        ("http://mooring.example:8333", True, True),
    ],
)
def test_a_passkey_answers_from_this_site_only(
    alice, settings, origin_of_page, is_lenient, is_right
):
    settings.SITE_URL = "https://mooring.example"
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    device = SoftPasskey(origin="https://mooring.example")
    has_passkey(alice, device)
    device.origin = origin_of_page
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = is_lenient
    assert check(alice, answer_of(alice, device)).is_right == is_right


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"rawId": 1},
        {"id": "x", "rawId": "x", "type": "public-key", "response": {}},
        {"id": "x", "rawId": "%%%", "response": {"clientDataJSON": "e30"}},
        {"id": "eA", "rawId": "eA", "type": "public-key", "response": []},
        [],
        "text",
    ],
)
def test_an_answer_that_cannot_be_read_is_wrong(alice, response):
    device = SoftPasskey()
    has_passkey(alice, device)
    proof = answer_of(alice, device)
    assert not check(alice, PasskeyProof(state=proof.state, response=response)).is_right
    made = passkeys.check_registration(proof.state, response, user_id=alice.pk, wall=WALL)
    assert made is None


@pytest.mark.parametrize("part", ["signature", "authenticatorData", "clientDataJSON"])
def test_an_answer_that_was_changed_is_wrong(alice, part):
    device = SoftPasskey()
    has_passkey(alice, device)
    proof = answer_of(alice, device)
    other = answer_of(alice, device)
    changed = {**proof.response["response"], part: other.response["response"][part]}
    response = {**proof.response, "response": changed}
    assert not check(alice, PasskeyProof(state=proof.state, response=response)).is_right


def test_a_challenge_without_a_state_is_wrong(alice):
    device = SoftPasskey()
    has_passkey(alice, device)
    proof = answer_of(alice, device)
    assert not check(alice, PasskeyProof(state={}, response=proof.response)).is_right


# --- codes that were sent ---


def test_a_code_that_was_sent_says_what_became_of_it(alice, told):
    gets_codes(alice)
    proof = sent_code(alice, told)
    wrong = CodeProof(code_id=proof.code_id, code="x")
    assert check(alice, wrong).code == CodeVerdict.WRONG
    assert check(alice, proof).is_right
    assert check(alice, proof).code == CodeVerdict.SPENT_OR_EXPIRED


def test_a_code_that_does_not_exist_is_of_no_factor(alice):
    gets_codes(alice)
    assert check(alice, CodeProof(code_id=uuid4(), code="123456")).factor is None
