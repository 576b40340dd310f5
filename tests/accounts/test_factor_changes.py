"""Factors change only as it was confirmed; who is told, what waits, and what ends with it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.actions.add_passkey import add_passkey
from mooring.accounts.actions.add_totp import add_totp
from mooring.accounts.actions.confirm_totp import confirm_totp
from mooring.accounts.actions.make_recovery_codes import make_recovery_codes
from mooring.accounts.actions.remove_factor import remove_factor
from mooring.accounts.actions.rename_passkey import rename_passkey
from mooring.accounts.actions.switch_code_factor import switch_code_factor
from mooring.accounts.errors import AccountNotOpen, StepUpNotProven
from mooring.accounts.models import Account, LoginSession, SecurityEvent, StepUp, User
from mooring.accounts.origin import Origin
from mooring.accounts.policies import PASSKEYS_MAX
from mooring.accounts.presence import sessions
from mooring.accounts.proofs import factors, passkeys, recovery_codes, step_up
from mooring.accounts.proofs import totp as apps
from mooring.accounts.proofs.errors import (
    FactorExists,
    FactorNotFound,
    NoContact,
    StrongerProofNeeded,
    StrongFactorMissing,
    TooManyPasskeys,
)
from mooring.accounts.proofs.factors import Factor
from mooring.accounts.protection import holds
from mooring.policies import api as policies
from tests.accounts.soft_passkey import SoftPasskey
from tests.accounts.test_factors import app_code

pytestmark = pytest.mark.django_db

WALL = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP" * 2


class Person:
    """Somebody with an account who is logged in, and what they confirm."""

    def __init__(self, name):
        email = f"{name}@example.com"
        self.account_id = accounts.open_account(
            email=email, password="four random harbour words", at=AT
        )
        self.user = User.objects.get(email=email)
        self.origin = Origin(wall=WALL, ip="192.0.2.1", session_id=self.begin_session())

    def begin_session(self):
        with transaction.atomic():
            count = LoginSession.objects.count()
            return sessions.begin_session(
                user_id=self.user.pk,
                session_key=f"key-{count}",
                device_id=None,
                origin=Origin(wall=WALL, ip="192.0.2.1"),
            )

    def confirmed(self, action, data, *, factor="totp"):
        """Write down an action and prove it, as the page does."""
        step_up_id = step_up.begin(
            action=action, user_id=self.user.pk, data=data, origin=self.origin
        )
        StepUp.objects.filter(id=step_up_id).update(
            password_at=WALL, factor_at=WALL, factor=factor, proven_at=WALL
        )
        return step_up_id

    def does(self, action, name, data, *, factor="totp"):
        step_up_id = self.confirmed(name, data, factor=factor)
        given = {"account_id": self.account_id, "step_up_id": step_up_id, "origin": self.origin}
        return action(**given) if action is rename_passkey else action(**given, at=AT)

    def adds_app(self):
        sealed = apps.seal(SECRET, user_id=self.user.pk)
        return self.does(add_totp, "factor.add_totp", {"secret": sealed}, factor="email")

    def adds_passkey(self, device=None, name="Laptop"):
        device = device or SoftPasskey()
        asked = passkeys.begin_registration(user_id=self.user.pk, wall=WALL)
        data = {"name": name, "credential": json.dumps(device.create(asked.options))}
        return self.does(add_passkey, "factor.add_passkey", data)

    def switches(self, channel, to):
        return self.does(switch_code_factor, "factor.switch_code", {"channel": channel, "to": to})

    def removes(self, factor, *, proven_with="totp"):
        found = next(view for view in self.factors if view.factor is factor)
        return self.does(remove_factor, "factor.remove", {"id": str(found.id)}, factor=proven_with)

    @property
    def factors(self):
        return factors.list_factors(self.user.pk)

    @property
    def kinds(self):
        return [view.factor for view in self.factors]

    @property
    def held_for(self):
        until = holds.withdrawals_held_until(self.account_id, at=AT)
        return until - AT if until else None

    @property
    def events(self):
        rows = SecurityEvent.objects.filter(user=self.user).order_by("id")
        return [event.kind for event in rows if event.kind != "hold_begun"]


@pytest.fixture(autouse=True)
def told(monkeypatch):
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


@pytest.fixture
def alice():
    return Person("alice")


def test_the_first_strong_factor_comes_with_recovery_codes(alice, told):
    made = alice.adds_app()
    assert len(made) == 10
    assert alice.kinds == [Factor.TOTP, Factor.RECOVERY_CODE]
    assert alice.events == ["factor_added", "recovery_codes_made"]
    assert [message.kind for message in told] == ["factor_added", "recovery_codes_made"]
    assert alice.held_for == timedelta(hours=6)
    assert alice.adds_passkey() == ()


def test_there_is_one_app_at_a_time(alice):
    alice.adds_app()
    with pytest.raises(FactorExists):
        alice.adds_app()


def test_the_step_that_confirmed_an_app_opens_nothing_else(alice):
    sealed = apps.seal(SECRET, user_id=alice.user.pk)
    given = {"user_id": alice.user.pk, "sealed": sealed, "origin": alice.origin}
    assert not confirm_totp(code="000000", **given)
    assert confirm_totp(code=app_code(WALL), **given)
    alice.adds_app()
    with transaction.atomic():
        assert not apps.spend_code(user_id=alice.user.pk, text=app_code(WALL), wall=WALL)


def test_what_was_not_confirmed_is_not_done(alice):
    sealed = apps.seal(SECRET, user_id=alice.user.pk)
    step_up_id = step_up.begin(
        action="factor.add_totp",
        user_id=alice.user.pk,
        data={"secret": sealed},
        origin=alice.origin,
    )
    with pytest.raises(StepUpNotProven):
        add_totp(account_id=alice.account_id, step_up_id=step_up_id, origin=alice.origin, at=AT)
    assert alice.kinds == []


def test_a_disabled_account_changes_no_factor(alice):
    Account.objects.update(status="DISABLED", disabled_at=AT)
    with pytest.raises(AccountNotOpen):
        alice.adds_app()


def test_there_can_be_several_passkeys_each_once(alice):
    device = SoftPasskey()
    alice.adds_passkey(device, name="Laptop")
    alice.adds_passkey(name="Phone")
    assert [view.name for view in alice.factors] == ["Laptop", "Phone", ""]
    with pytest.raises(FactorExists):
        alice.adds_passkey(device)


def test_there_are_as_many_passkeys_as_the_policy_allows(alice):
    policies.set_policy(PASSKEYS_MAX, 1, effective_from=AT, author="olga", reason="A test.", at=AT)
    alice.adds_passkey()
    with pytest.raises(TooManyPasskeys):
        alice.adds_passkey()


def test_a_passkey_can_be_called_something_else_by_its_person(alice):
    alice.adds_passkey()
    passkey = alice.factors[0]
    data = {"id": str(passkey.id), "name": "Old laptop"}
    alice.does(rename_passkey, "factor.rename_passkey", data)
    assert alice.factors[0].name == "Old laptop"
    bob = Person("bob")
    with pytest.raises(FactorNotFound):
        bob.does(rename_passkey, "factor.rename_passkey", data)


def test_removing_a_factor_ends_other_log_ins_and_holds_withdrawals(alice, told):
    alice.adds_app()
    alice.adds_passkey()
    other = alice.begin_session()
    alice.removes(Factor.TOTP)
    assert alice.kinds == [Factor.PASSKEY, Factor.RECOVERY_CODE]
    assert LoginSession.objects.get(id=other).end == "SECURITY"
    assert LoginSession.objects.get(id=alice.origin.session_id).ended_at is None
    assert alice.held_for == timedelta(hours=24)
    assert alice.events[-1] == "factor_removed"
    assert told[-1].facts["factor"] == "totp"


@pytest.mark.parametrize(
    ("proven_with", "is_removed"),
    [("totp", True), ("recovery_code", True), ("email", False), ("sms", False)],
)
def test_the_last_strong_factor_is_not_removed_by_a_code_that_was_sent(
    alice, proven_with, is_removed
):
    alice.adds_app()
    alice.switches("EMAIL", "on")
    if is_removed:
        alice.removes(Factor.TOTP, proven_with=proven_with)
        assert alice.kinds == [Factor.EMAIL]
        return
    with pytest.raises(StrongerProofNeeded):
        alice.removes(Factor.TOTP, proven_with=proven_with)
    assert Factor.TOTP in alice.kinds


def test_somebody_elses_factor_is_not_there(alice):
    bob = Person("bob")
    bob.adds_app()
    data = {"id": str(bob.factors[0].id)}
    with pytest.raises(FactorNotFound):
        alice.does(remove_factor, "factor.remove", data)
    assert Factor.TOTP in bob.kinds


def test_new_recovery_codes_end_the_old_ones(alice):
    old = alice.adds_app()
    new = alice.does(make_recovery_codes, "factor.make_recovery_codes", {})
    with transaction.atomic():
        given = {"user_id": alice.user.pk, "wall": WALL}
        assert recovery_codes.spend_code(text=old[0], **given) is None
        assert recovery_codes.spend_code(text=new[0], **given) == 9


def test_recovery_codes_stand_in_for_something(alice):
    with pytest.raises(StrongFactorMissing):
        alice.does(make_recovery_codes, "factor.make_recovery_codes", {})
    assert not Authenticator.objects.exists()


def test_codes_by_mail_are_switched_on_and_off(alice):
    alice.switches("EMAIL", "on")
    assert alice.kinds == [Factor.EMAIL]
    alice.switches("EMAIL", "on")
    assert alice.events == ["factor_added"]
    alice.switches("EMAIL", "off")
    assert alice.kinds == []
    alice.switches("EMAIL", "off")
    assert alice.events == ["factor_added", "factor_removed"]


def test_codes_need_somewhere_to_go(alice):
    with pytest.raises(NoContact):
        alice.switches("SMS", "on")
