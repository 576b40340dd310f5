"""
Whoever changes how one gets in ends every other log-in: it was begun with what is no more.

Every sensitive action is in one of the two lists, so that a new one has to choose.
"""

import pytest

from mooring.accounts import messenger
from mooring.accounts.models import LoginSession, StepUp
from mooring.accounts.proofs import step_up
from tests.properties.step_up_world import SPECS, WALL, Person

pytestmark = pytest.mark.django_db

#: They change nothing of how one gets in.
KEEP = {"anti_phishing.change", "language.change", "factor.rename_passkey", "api_key.create"}
END = sorted(SPECS.keys() - KEEP)


@pytest.fixture(autouse=True)
def _nobody_writes(monkeypatch):
    def write(written, *, at):
        """Nobody needs an outbox here."""

    monkeypatch.setattr(messenger, "_WRITERS", [write])


def carry_out(action):
    """Confirm and carry out an action in the first of two log-ins; return its person."""
    spec = SPECS[action]
    person = Person(is_strong=spec.strong is not False, sessions=2)
    here, elsewhere = person.origins
    step_up.begin(action="language.change", user_id=person.id, data={}, origin=elsewhere)
    confirmed = step_up.begin(
        action=action, user_id=person.id, data=spec.facts(person), origin=here
    )
    StepUp.objects.filter(id=confirmed).update(
        password_at=WALL, factor_at=WALL, factor="passkey", proven_at=WALL
    )
    spec.run(person, confirmed, here)
    assert spec.happened(person)
    return person


@pytest.mark.parametrize("action", END)
def test_other_log_ins_and_what_is_under_way_in_them_end(action):
    person = carry_out(action)
    here, elsewhere = person.origins
    open_ones = LoginSession.objects.filter(user_id=person.id, ended_at__isnull=True)
    assert list(open_ones.values_list("id", flat=True)) == [here.session_id]
    assert LoginSession.objects.get(id=elsewhere.session_id).end == "SECURITY"
    assert not StepUp.objects.filter(user_id=person.id, spent_at__isnull=True).exists()


@pytest.mark.parametrize("action", sorted(KEEP))
def test_what_changes_nothing_of_getting_in_ends_nothing(action):
    person = carry_out(action)
    assert not LoginSession.objects.filter(user_id=person.id, ended_at__isnull=False).exists()
