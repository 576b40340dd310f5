"""Freezing an account while a code of its person is looked at: one waits for the other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from mooring.accounts import messenger
from mooring.accounts.actions import send_step_up_code as sending
from mooring.accounts.actions.disable_account import disable_account
from mooring.accounts.actions.prove_step_up import ProofVerdict, accept_factor
from mooring.accounts.models import Account, Code, StepUp
from mooring.accounts.proofs import codes, step_up
from mooring.accounts.proofs.factors import CodeProof, Factor
from tests.properties.step_up_world import AT, WALL, Person

A_MOMENT = 0.5


@pytest.fixture
def told(monkeypatch):
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


class Confirming:
    """Somebody who types the code of a step-up; `pause` holds them in the middle of it."""

    def __init__(self, told):
        self.person = Person(is_strong=False, sessions=1)
        self.origin = self.person.origins[0]
        self.step_up_id = step_up.begin(
            action="email.change",
            user_id=self.person.id,
            data={"to": "new@example.com"},
            origin=self.origin,
        )
        StepUp.objects.filter(id=self.step_up_id).update(password_at=WALL)
        self.inside, self.go_on = threading.Event(), threading.Event()
        assert self.send()
        self.code = told[-1].facts["code"]

    def send(self):
        return sending.send_step_up_code(
            self.step_up_id, Factor.EMAIL, user_id=self.person.id, origin=self.origin, at=AT
        )

    def pause(self, monkeypatch, module, name):
        real = getattr(module, name)

        def slowly(*args, **named):
            self.inside.set()
            self.go_on.wait(10)
            return real(*args, **named)

        monkeypatch.setattr(module, name, slowly)

    def prove(self):
        code_id = Code.objects.get(purpose="STEP_UP", spent_at__isnull=True).pk
        proof = CodeProof(code_id=code_id, code=self.code)
        return accept_factor(
            self.step_up_id, proof, user_id=self.person.id, origin=self.origin, at=AT
        )

    def freeze(self):
        later = WALL + timedelta(seconds=1)
        return disable_account(user_id=self.person.id, origin=self.origin, wall=later, at=AT)

    def while_frozen(self, work):
        """Do `work` up to its pause, begin to freeze, and let both go on; return both results."""
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(_closing, work)
            assert self.inside.wait(10)
            second = pool.submit(_closing, self.freeze)
            threading.Event().wait(A_MOMENT)
            self.go_on.set()
            return first.result(30), second.result(30)


def _closing(work):
    try:
        return work()
    finally:
        connection.close()


@pytest.mark.usefixtures("committed_db")
def test_a_code_is_typed_while_the_account_is_frozen(told, monkeypatch):
    confirming = Confirming(told)
    confirming.pause(monkeypatch, codes, "check")
    verdict, was_open = confirming.while_frozen(confirming.prove)
    assert (verdict, was_open) == (ProofVerdict.PROVEN, True)
    assert not StepUp.objects.filter(spent_at__isnull=True).exists(), "proven, and ended"


@pytest.mark.usefixtures("committed_db")
def test_a_code_is_sent_while_the_account_is_frozen(told, monkeypatch):
    confirming = Confirming(told)
    confirming.pause(monkeypatch, sending.codes, "issue")
    sent, was_open = confirming.while_frozen(confirming.send)
    assert (sent, was_open) == (True, True)
    assert Account.objects.get(id=confirming.person.account_id).status == "DISABLED"
    assert not Code.objects.filter(spent_at__isnull=True).exists()
