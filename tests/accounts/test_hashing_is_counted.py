"""A password is hashed only after a try was counted, and only where it could be kept."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts import policies as limits
from mooring.accounts.api.entrance import ResetVerdict
from mooring.accounts.entrance import throttle
from mooring.accounts.models import Code, CodeFactor, Recovery, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import step_up_proofs
from mooring.accounts.proofs.factors import CodeProof, PasskeyProof
from mooring.accounts.proofs.log_in_factor import check_log_in
from mooring.accounts.protection.recovery import RecoveryProof
from mooring.accounts.protection.recovery_proofs import give_password, new_password_hash
from mooring.policies import api as policies

from .test_resets import AT, PASSWORD, WALL

FRESH = "another harbour of words"
ORIGIN = Origin(wall=WALL, ip="192.0.2.1", device_name="Firefox on Linux")
HOURS = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _untold(monkeypatch):
    monkeypatch.setattr(messenger, "_WRITERS", [lambda _messages, **_at: None])


@pytest.fixture
def alice(db):
    accounts.open_account(email="alice@example.com", password=PASSWORD, at=AT)
    return User.objects.get()


@pytest.fixture
def hashed(monkeypatch, settings, alice):
    """Count what the hasher is asked, after alice's own password was hashed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    alice.set_password(PASSWORD)
    alice.save()
    calls = []
    for name in ("encode", "verify"):
        plain = getattr(MD5PasswordHasher, name)

        def counted(self, *arguments, _name=name, _plain=plain):
            calls.append(_name)
            return _plain(self, *arguments)

        monkeypatch.setattr(MD5PasswordHasher, name, counted)
    return calls


def use_up_passwords(user):
    for _try in range(limits.PASSWORD_TRIES_UNKNOWN.default):
        name = throttle.name_of(user.pk)
        throttle.take(*throttle.password_budgets(name, ORIGIN.ip, None), wall=WALL, at=AT)


def granted(user):
    """Return the view of a new password that may be set."""
    row = Code.objects.create(
        id="00000000-0000-4000-8000-000000000001",
        user_id=user.pk,
        purpose=Code.Purpose.PASSWORD_RESET,
        channel="EMAIL",
        sent_to=user.email,
        binding="proven",
        issued_at=WALL,
        expires_at=WALL + timedelta(minutes=10),
    )
    return accounts.entrance.find_reset(row.pk, wall=WALL)


def finish(reset, proof):
    return accounts.entrance.finish_reset(reset, FRESH, proof, tokens=(), origin=ORIGIN, at=AT)


def test_a_new_password_is_hashed_once(alice, hashed):
    assert finish(granted(alice), None) is ResetVerdict.DONE
    assert hashed


def test_a_new_password_is_not_hashed_when_the_budget_is_used_up(alice, hashed):
    reset = granted(alice)
    use_up_passwords(alice)
    with pytest.raises(accounts.entrance.PasswordsUsedUp):
        finish(reset, None)
    assert not hashed


def test_passkeys_that_are_wrong_cause_only_so_many_hashes(alice, hashed):
    CodeFactor.objects.create(user=alice, channel="EMAIL", added_at=AT)
    reset = granted(alice)
    proof = PasskeyProof(state={}, response={})
    limit = limits.PASSWORD_TRIES_UNKNOWN.default // 3
    for _try in range(limit):
        assert finish(reset, proof) is ResetVerdict.FACTOR_WRONG
    assert len([call for call in hashed if call == "encode"]) == limit
    with pytest.raises(accounts.entrance.PasswordsUsedUp):
        finish(reset, proof)
    assert len([call for call in hashed if call == "encode"]) == limit


def test_changing_a_password_hashes_nothing_when_the_budget_is_used_up(alice, hashed):
    use_up_passwords(alice)
    with pytest.raises(accounts.entrance.PasswordsUsedUp):
        accounts.entrance.prepare_password(FRESH, user_id=alice.pk, origin=ORIGIN, at=AT)
    assert not hashed


def recovering(user, **changes):
    """Disable the account, and write a recovery that is approved and has waited."""
    user.account.status, user.account.disabled_at = "DISABLED", AT
    user.account.save()
    row = {"kind": "DISABLED", "requested_at": AT - HOURS, "ready_at": AT, "cancel_digest": "c"}
    Recovery.objects.create(account=user.account, **{**row, **changes})
    return RecoveryProof(user_id=user.pk, shown=user.email, proven_at=WALL.isoformat())


def approved():
    reviewer = User.objects.create(email="rita@example.com", is_staff=True)
    return {"approved_at": AT, "approved_by": reviewer, "approved_level": 1}


def test_a_reopened_account_gets_its_hash_when_it_can_be_opened(alice, hashed):
    proof = recovering(alice, **approved())
    assert new_password_hash(proof, FRESH, origin=ORIGIN, at=AT)
    assert hashed


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("not approved", accounts.protection.RecoveryNotApproved),
        ("too early", accounts.protection.RecoveryNotReady),
        ("none", accounts.protection.RecoveryNotFound),
        ("used up", accounts.entrance.PasswordsUsedUp),
        ("proven long ago", accounts.protection.RecoveryNotProven),
    ],
)
def test_nothing_is_hashed_before_an_account_can_be_opened(alice, hashed, case, refusal):
    changes = {} if case == "not approved" else approved()
    if case == "too early":
        changes["ready_at"] = AT + HOURS
    proof = recovering(alice, **changes)
    if case == "none":
        Recovery.objects.update(cancelled_at=AT)
    if case == "used up":
        use_up_passwords(alice)
    if case == "proven long ago":
        proof = RecoveryProof(
            user_id=alice.pk, shown=alice.email, proven_at=(WALL - 24 * HOURS).isoformat()
        )
    with pytest.raises(refusal):
        new_password_hash(proof, FRESH, origin=ORIGIN, at=AT)
    assert not hashed


def test_the_password_of_a_recovery_is_not_looked_at_when_the_budget_is_used_up(alice, hashed):
    use_up_passwords(alice)
    proof = RecoveryProof(user_id=alice.pk, shown=alice.email, proven_at=WALL.isoformat())
    assert give_password(proof, PASSWORD, origin=ORIGIN, at=AT) is None
    assert not hashed


@pytest.fixture
def strict_from_at(db):
    """Allow two tries at a code an hour, from the platform's AT on, years after the wall."""
    policies.set_policy(
        limits.CODE_TRIES,
        2,
        effective_from=AT,
        author="operator",
        reason="an attack",
        at=AT - HOURS,
    )


def test_a_limit_is_that_of_the_platforms_time_at_a_step_up(alice, strict_from_at):
    def tries(at):
        return [step_up_proofs.may_try_code(alice.pk, ORIGIN, at=at) for _ in range(3)]

    assert tries(AT) == [True, True, False]
    assert tries(AT - HOURS)[0], "in force later only"


def test_a_limit_is_that_of_the_platforms_time_at_log_in(alice, strict_from_at, monkeypatch):
    looked_at = []
    monkeypatch.setattr(
        "mooring.accounts.proofs.log_in_factor.prove_log_in",
        lambda **asked: looked_at.append(asked),
    )
    proof = CodeProof(code_id=None, code="000000")
    for _try in range(3):
        check_log_in(user_id=alice.pk, proof=proof, binding="b", origin=ORIGIN, at=AT)
    assert len(looked_at) == 2


def test_a_limit_needs_to_be_told_when_it_holds():
    with pytest.raises(TypeError, match="at"):
        throttle.take(*throttle.try_budgets("x@example.com", "192.0.2.1"), wall=WALL)
