"""Budgets of what a log-in tries: by what it is for, and never all that is left for the owner."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction

from mooring.accounts import messenger
from mooring.accounts import policies as limits
from mooring.accounts.entrance import throttle
from mooring.accounts.entrance.identifiers import read_email
from mooring.accounts.models import Channel, Code, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes, step_up, step_up_proofs
from mooring.accounts.proofs.codes import CodeVerdict
from mooring.accounts.proofs.factors import Factor
from mooring.accounts.protection import recovery_proofs
from tests.properties.step_up_world import AT, Person

WALL = datetime(2026, 3, 1, 12, tzinfo=UTC)
OTHER = Origin(wall=WALL, ip="198.51.100.7")


@pytest.fixture(autouse=True)
def told(monkeypatch):
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


@pytest.fixture
def alice(db):
    return Person(is_strong=False, sessions=2)


def test_who_uses_up_the_messages_of_one_flow_has_not_used_up_anothers(alice, told):
    origin = alice.origins[0]
    address = User.objects.get(id=alice.id).email
    for _ in range(limits.MESSAGES.default + 1):
        recovery_proofs.ask(read_email(address), origin=replace(OTHER, wall=origin.wall), at=AT)
    told.clear()
    step_up_id = step_up.begin(
        action="language.change", user_id=alice.id, data={"language": "zh-hans"}, origin=origin
    )
    given = {"user_id": alice.id, "origin": origin, "at": AT}
    for _ in range(limits.MESSAGES.default + 1):
        step_up_proofs.send_code(step_up_id, Factor.EMAIL, **given)
    contact = {**given, "channel": Channel.EMAIL, "to": address}
    assert step_up_proofs.ask_new_contact(**contact) is not None
    assert {message.kind for message in told} == {"code_step_up", "code_new_contact"}


@pytest.mark.parametrize("made_for", Code.Purpose.values)
def test_a_code_of_one_flow_opens_no_other(alice, told, made_for):
    with transaction.atomic():
        issued = codes.issue(
            purpose=Code.Purpose(made_for),
            channel="EMAIL",
            to="alice@example.com",
            user_id=alice.id,
            origin=OTHER,
            at=AT,
            binding="one",
        )
        verdicts = {
            purpose: codes.check(
                issued.id,
                told[-1].facts["code"],
                purpose=Code.Purpose(purpose),
                user_id=alice.id,
                wall=WALL,
                binding="one",
            )
            # Its own last: a right code is spent.
            for purpose in sorted(Code.Purpose.values, key=lambda each: each == made_for)
        }
    assert [purpose for purpose, verdict in verdicts.items() if verdict == CodeVerdict.RIGHT] == [
        made_for
    ]


@pytest.mark.parametrize("may_try", [step_up_proofs.may_try_code, step_up_proofs.may_try_password])
def test_a_stolen_log_in_does_not_use_up_its_owners_tries(alice, may_try):
    stolen, own = (replace(origin, device_id=1) for origin in alice.origins[:2])
    tries = [may_try(alice.id, stolen, at=AT) for _ in range(120)]
    assert 0 < sum(tries) < len(tries)
    assert may_try(alice.id, own, at=AT), "their other log-in, in the same browser"


def test_a_stolen_log_in_leaves_codes_to_log_in_with(alice):
    stolen = replace(alice.origins[0], device_id=1)
    tries = [step_up_proofs.may_try_code(alice.id, stolen, at=AT) for _ in range(20)]
    assert sum(tries) == limits.CODE_TRIES_UNKNOWN.default
    assert throttle.take(*throttle.code_budgets(alice.id, stolen.ip, 1), wall=stolen.wall, at=AT)
