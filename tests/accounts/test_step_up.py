"""A step-up is one order: shown, proven by its person, carried out once, as it was shown."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts import events, messenger
from mooring.accounts.actions.change_mail_settings import change_language
from mooring.accounts.actions.prove_step_up import ProofVerdict, accept_factor
from mooring.accounts.errors import StepUpNotFound, StepUpNotProven
from mooring.accounts.models import (
    Code,
    CodeFactor,
    Hold,
    LoginSession,
    SecurityEvent,
    StepUp,
    UsedTotpStep,
    User,
)
from mooring.accounts.proofs import codes, passkeys, step_up, step_up_proofs, totp
from mooring.accounts.proofs.factors import (
    CodeProof,
    Factor,
    PasskeyProof,
    RecoveryCodeProof,
    TotpProof,
)
from mooring.accounts.rules.step_up import ACTIONS, FACTOR, PASSWORD_AND_FACTOR, in_full
from mooring.kernel import clock
from mooring.kernel.sealing import SealBroken
from tests.accounts.soft_passkey import SoftPasskey
from tests.accounts.test_factors import has_passkey
from tests.notices.outbox import last_code
from tests.properties.step_up_world import AT, PASSWORD, WALL, Person, app_code
from tests.web.signing_in import sign_in

MINUTES = timedelta(minutes=1)
TWENTY = 20


@pytest.fixture(autouse=True)
def told(monkeypatch, request):
    if "committed_db" in request.fixturenames:
        return []
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


@pytest.fixture
def alice(db):
    return Person(is_strong=False, sessions=2)


@pytest.fixture
def strong(db):
    return Person(is_strong=True, sessions=1)


def begun(person, action="language.change", data=None, *, session=0):
    return step_up.begin(
        action=action,
        user_id=person.id,
        data=data or {"language": "zh-hans"},
        origin=person.origins[session],
    )


def later(person, wait):
    return replace(person.origins[0], wall=WALL + wait)


def sent_to(person, step_up_id, told, *, factor=Factor.EMAIL, origin=None):
    is_sent = step_up_proofs.send_code(
        step_up_id, factor, user_id=person.id, origin=origin or person.origins[0], at=AT
    )
    assert is_sent
    found = step_up.view(
        step_up_id, user_id=person.id, session_id=person.origins[0].session_id, wall=WALL
    )
    return CodeProof(code_id=found.code.id, code=told[-1].facts["code"])


def proves(person, step_up_id, *, password=PASSWORD, proof=None, origin=None):
    return step_up_proofs.prove(
        step_up_id,
        user_id=person.id,
        password=password,
        proof=proof,
        origin=origin or person.origins[0],
        at=AT,
    )


def spends(person, step_up_id, *, action="language.change", origin=None):
    origin = origin or person.origins[0]
    with transaction.atomic():
        return step_up.spend(
            step_up_id,
            action=action,
            user_id=person.id,
            session_id=origin.session_id,
            wall=origin.wall,
        )


def test_what_is_carried_out_is_what_was_shown(alice, told):
    shown = {"language": "zh-hans", "more": "1.50 BTC"}
    step_up_id = begun(alice, data=shown)
    assert proves(alice, step_up_id, proof=sent_to(alice, step_up_id, told)) == "proven"
    assert spends(alice, step_up_id) == shown


def test_data_that_was_changed_since_opens_nothing(alice, told):
    step_up_id = begun(alice)
    proves(alice, step_up_id, proof=sent_to(alice, step_up_id, told))
    for change in ({"data": {"language": "en"}}, {"action": "password.change"}):
        before = StepUp.objects.filter(id=step_up_id).values(*change).get()
        StepUp.objects.filter(id=step_up_id).update(**change)
        with pytest.raises(StepUpNotProven):
            spends(alice, step_up_id, action=change.get("action", "language.change"))
        StepUp.objects.filter(id=step_up_id).update(**before)
    spends(alice, step_up_id)


@pytest.mark.parametrize(
    ("case", "wait", "is_open"),
    [("in time", 5 * MINUTES - timedelta(seconds=1), True), ("at the end", 5 * MINUTES, False)],
)
def test_it_is_good_for_five_minutes(alice, told, case, wait, is_open):
    step_up_id = begun(alice)
    proves(alice, step_up_id, proof=sent_to(alice, step_up_id, told))
    if is_open:
        spends(alice, step_up_id, origin=later(alice, wait))
        return
    with pytest.raises(StepUpNotProven):
        spends(alice, step_up_id, origin=later(alice, wait))


def test_proving_too_late_proves_nothing(alice, told):
    step_up_id = begun(alice)
    proof = sent_to(alice, step_up_id, told)
    verdict = proves(alice, step_up_id, proof=proof, origin=later(alice, 5 * MINUTES))
    assert verdict is ProofVerdict.OVER
    assert Code.objects.get().tries == 0


def test_every_reason_is_refused_alike(alice, told):
    bob = Person(is_strong=False, sessions=1)
    proven, unproven = begun(alice), begun(alice)
    proves(alice, proven, proof=sent_to(alice, proven, told))
    cases = {
        "absent": (alice, uuid4(), {}),
        "unproven": (alice, unproven, {}),
        "of another person": (bob, proven, {}),
        "of another session": (alice, proven, {"origin": alice.origins[1]}),
        "of no session": (alice, proven, {"origin": replace(alice.origins[0], session_id=None)}),
        "for another action": (alice, proven, {"action": "password.change"}),
        "expired": (alice, proven, {"origin": later(alice, 6 * MINUTES)}),
    }
    said = set()
    for person, step_up_id, how in cases.values():
        with pytest.raises(StepUpNotProven) as refused:
            spends(person, step_up_id, **how)
        said.add((refused.value.code, str(refused.value)))
    assert len(said) == 1
    spends(alice, proven)
    with pytest.raises(StepUpNotProven):
        spends(alice, proven)


def test_with_the_log_in_ends_what_was_proven_in_it(alice, told):
    step_up_id = begun(alice)
    proves(alice, step_up_id, proof=sent_to(alice, step_up_id, told))
    LoginSession.objects.filter(id=alice.origins[0].session_id).update(
        ended_at=WALL, end="LOGGED_OUT"
    )
    with pytest.raises(StepUpNotProven):
        spends(alice, step_up_id)


def test_a_failure_after_it_was_spent_leaves_it_unspent(alice, told):
    step_up_id = begun(alice)
    proves(alice, step_up_id, proof=sent_to(alice, step_up_id, told))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        spends(alice, step_up_id)
        _ = 1 / 0
    spends(alice, step_up_id)


def test_another_persons_or_sessions_is_absent(alice, told):
    step_up_id, bob = begun(alice), Person(is_strong=False, sessions=1)
    proof = sent_to(alice, step_up_id, told)
    for person, origin in ((bob, bob.origins[0]), (alice, alice.origins[1])):
        with pytest.raises(StepUpNotFound):
            proves(person, step_up_id, proof=proof, origin=origin)
        with pytest.raises(StepUpNotFound):
            step_up_proofs.send_code(
                step_up_id, Factor.EMAIL, user_id=person.id, origin=origin, at=AT
            )
    assert Code.objects.get().tries == 0


# --- which proofs ---


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_who_has_no_factor_gives_password_and_code(action):
    assert in_full(ACTIONS[action], has_factor=False) == PASSWORD_AND_FACTOR


@pytest.mark.parametrize(
    ("action", "requirement"),
    [
        ("password.change", PASSWORD_AND_FACTOR),
        ("email.change", PASSWORD_AND_FACTOR),
        ("phone.change", PASSWORD_AND_FACTOR),
        ("factor.add_totp", PASSWORD_AND_FACTOR),
        ("factor.remove", PASSWORD_AND_FACTOR),
        ("api_key.create", PASSWORD_AND_FACTOR),
        ("anti_phishing.change", FACTOR),
    ],
)
def test_what_changes_the_log_in_asks_for_both(action, requirement):
    assert in_full(ACTIONS[action], has_factor=True) == requirement


def test_an_app_above_declares_an_action_of_its_own(strong, monkeypatch):
    monkeypatch.setattr(step_up, "ACTIONS", dict(ACTIONS))
    step_up.declare("withdrawal.request", FACTOR)
    step_up_id = begun(strong, "withdrawal.request", {"amount": "1.5 BTC"})
    found = step_up.view(
        step_up_id, user_id=strong.id, session_id=strong.origins[0].session_id, wall=WALL
    )
    assert not found.needs_password
    with pytest.raises(step_up.ActionNotDeclared):
        begun(strong, "nobody.declared")


def test_the_password_comes_first_and_a_wrong_one_spends_no_code(alice, told):
    step_up_id = begun(alice)
    proof = sent_to(alice, step_up_id, told)
    assert proves(alice, step_up_id, password="", proof=proof) is ProofVerdict.PASSWORD_MISSING
    assert proves(alice, step_up_id, password="no", proof=proof) is ProofVerdict.PASSWORD_WRONG
    assert Code.objects.get().tries == 0
    assert proves(alice, step_up_id) is ProofVerdict.FACTOR_MISSING
    assert proves(alice, step_up_id, password="", proof=proof) is ProofVerdict.PROVEN


def test_a_factor_alone_is_not_enough_where_both_are_asked_for(strong):
    step_up_id = begun(strong, "password.change")
    verdict = proves(strong, step_up_id, password="", proof=TotpProof(code=app_code(WALL)))
    assert verdict is ProofVerdict.PASSWORD_MISSING
    with transaction.atomic():
        assert totp.spend_code(user_id=strong.id, text=app_code(WALL), wall=WALL), "not spent"


def test_a_code_of_something_else_opens_nothing(alice, told):
    step_up_id, another = begun(alice), begun(alice)
    foreign = sent_to(alice, another, told)
    with transaction.atomic():
        log_in = codes.issue(
            purpose=Code.Purpose.LOG_IN,
            channel="EMAIL",
            to=alice.email,
            user_id=alice.id,
            origin=alice.origins[0],
            at=AT,
        )
    of_log_in = CodeProof(code_id=log_in.id, code=told[-1].facts["code"])
    for proof in (foreign, of_log_in):
        assert proves(alice, step_up_id, proof=proof) is ProofVerdict.FACTOR_WRONG
    assert proves(alice, another, proof=foreign) is ProofVerdict.PROVEN


def test_a_passkeys_answer_belongs_to_one_step_up(strong):
    device = SoftPasskey()
    has_passkey(strong.user, device, name="Key")

    def answer(step_up_id):
        asked = passkeys.begin_check(
            user_id=strong.id, purpose=Code.Purpose.STEP_UP, binding=str(step_up_id), wall=WALL
        )
        return PasskeyProof(state=asked.state, response=device.get(asked.options))

    step_up_id, another = begun(strong), begun(strong)
    assert proves(strong, step_up_id, proof=answer(another)) is ProofVerdict.FACTOR_WRONG
    assert proves(strong, step_up_id, proof=answer(step_up_id)) is ProofVerdict.PROVEN
    assert not Hold.objects.exists()


def test_a_code_is_sent_only_where_it_is_a_way(strong, told):
    step_up_id = begun(strong)
    for factor in (Factor.EMAIL, Factor.SMS, Factor.TOTP):
        assert not step_up_proofs.send_code(
            step_up_id, factor, user_id=strong.id, origin=strong.origins[0], at=AT
        )
    assert told == []


@pytest.mark.parametrize(
    ("case", "factor", "is_held"),
    [("the best", "passkey", False), ("the second best", "totp", True), ("paper", "paper", True)],
)
def test_a_weaker_factor_is_taken_and_withdrawals_wait(strong, case, factor, is_held):
    step_up_id, device = begun(strong), SoftPasskey()
    has_passkey(strong.user, device, name="Key")
    asked = passkeys.begin_check(
        user_id=strong.id, purpose=Code.Purpose.STEP_UP, binding=str(step_up_id), wall=WALL
    )
    proof = {
        "passkey": PasskeyProof(state=asked.state, response=device.get(asked.options)),
        "totp": TotpProof(code=app_code(WALL)),
        "paper": RecoveryCodeProof(code=strong.paper[0]),
    }[factor]
    assert proves(strong, step_up_id, proof=proof) is ProofVerdict.PROVEN
    assert StepUp.objects.get().is_downgrade == is_held
    assert [hold.cause for hold in Hold.objects.all()] == ["LOWER_FACTOR"] * is_held
    spends(strong, step_up_id)


def test_a_channel_that_was_switched_on_is_a_way(alice, told):
    CodeFactor.objects.create(user_id=alice.id, channel="SMS", added_at=WALL)
    step_up_id = begun(alice)
    proof = sent_to(alice, step_up_id, told, factor=Factor.SMS)
    assert told[-1].to == alice.phone
    assert proves(alice, step_up_id, password="", proof=proof) is ProofVerdict.PROVEN


# --- limits and record ---


def test_a_code_has_five_tries(alice, told):
    step_up_id = begun(alice)
    proof = sent_to(alice, step_up_id, told)
    wrong = CodeProof(code_id=proof.code_id, code="nothing")
    for _ in range(5):
        assert proves(alice, step_up_id, proof=wrong) is ProofVerdict.FACTOR_WRONG
    assert proves(alice, step_up_id, proof=proof) is ProofVerdict.FACTOR_WRONG


def test_tries_beyond_the_limit_are_answered_like_wrong_ones(alice, told, monkeypatch):
    step_up_id = begun(alice)
    proof = sent_to(alice, step_up_id, told)
    with monkeypatch.context() as used_up:
        used_up.setattr(step_up_proofs.throttle, "take", lambda *_budgets, **_when: False)
        assert proves(alice, step_up_id, proof=proof) is ProofVerdict.PASSWORD_WRONG
    proves(alice, step_up_id)
    with monkeypatch.context() as used_up:
        used_up.setattr(step_up_proofs.throttle, "take", lambda *_budgets, **_when: False)
        assert proves(alice, step_up_id, proof=proof) is ProofVerdict.FACTOR_WRONG
    assert Code.objects.get().tries == 0
    assert proves(alice, step_up_id, proof=proof) is ProofVerdict.PROVEN


def test_at_most_ten_codes_and_a_hundred_passwords_an_hour_are_looked_at(alice, told):
    looked_at = {"codes": 0, "passwords": 0}
    for _ in range(4):
        step_up_id = begun(alice)
        for _ in range(30):
            proves(alice, step_up_id, password="wrong")
        looked_at["passwords"] = SecurityEvent.objects.filter(
            kind=events.Kind.CODE_REFUSED, details__proof="password"
        ).count()
    assert 0 < looked_at["passwords"] <= 100
    bob = Person(is_strong=True, sessions=1)
    for _ in range(30):
        proves(bob, begun(bob), proof=TotpProof(code="000000"))
    assert 0 < SecurityEvent.objects.filter(user_id=bob.id).count() <= 10


def test_what_was_proven_and_what_was_refused_is_recorded(alice, told):
    step_up_id = begun(alice)
    proof = sent_to(alice, step_up_id, told)
    proves(alice, step_up_id, password="no")
    proves(alice, step_up_id, proof=CodeProof(code_id=proof.code_id, code="no"))
    proves(alice, step_up_id, proof=proof)
    record = [(event.kind, event.details) for event in SecurityEvent.objects.order_by("id")]
    assert record == [
        ("code_refused", {"action": "language.change", "proof": "password"}),
        ("code_refused", {"action": "language.change", "proof": "email"}),
        ("step_up_proven", {"action": "language.change", "factor": "email"}),
    ]


def test_a_secret_opens_for_its_action_and_person_only(alice):
    sealed = step_up.sealed("a hash", action="password.change", user_id=alice.id)
    assert "a hash" not in sealed
    assert step_up.unsealed(sealed, action="password.change", user_id=alice.id) == "a hash"
    for action, user_id in (("email.change", alice.id), ("password.change", alice.id + 1)):
        with pytest.raises(SealBroken):
            step_up.unsealed(sealed, action=action, user_id=user_id)


# --- at once ---


def at_once(act, count=TWENTY):
    start = threading.Barrier(count)

    def run(number):
        try:
            start.wait(30)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_one_code_given_twenty_times_at_once_proves_once(committed_db, monkeypatch):
    monkeypatch.setattr(step_up_proofs.throttle, "take", lambda *_budgets, **_when: True)
    person, step_up_id, proof = _ready(monkeypatch)
    verdicts = at_once(lambda _number: proves(person, step_up_id, proof=proof))
    assert verdicts.count(ProofVerdict.PROVEN) == 1


def test_one_step_up_spent_twenty_times_at_once_is_spent_once(committed_db, monkeypatch):
    monkeypatch.setattr(step_up_proofs.throttle, "take", lambda *_budgets, **_when: True)
    person, step_up_id, proof = _ready(monkeypatch)
    proves(person, step_up_id, proof=proof)

    def spend(_number):
        try:
            change_language(
                account_id=person.account_id, step_up_id=step_up_id, origin=person.origins[0]
            )
        except StepUpNotProven:
            return False
        return True

    assert at_once(spend).count(True) == 1


def test_one_app_code_proves_one_of_twenty_step_ups(committed_db, monkeypatch):
    monkeypatch.setattr(step_up_proofs.throttle, "take", lambda *_budgets, **_when: True)
    person = Person(is_strong=True, sessions=1)
    ids = [begun(person) for _ in range(TWENTY)]
    proof = TotpProof(code=app_code(WALL))
    verdicts = at_once(lambda number: proves(person, ids[number], proof=proof))
    assert verdicts.count(ProofVerdict.PROVEN) == 1


def test_twenty_requests_with_one_code_change_something_once(committed_db):
    account_id = accounts.open_account(email="a@example.com", password=PASSWORD, at=clock.now())
    first = Client()
    sign_in(first, User.objects.get(account__id=account_id))
    address = first.post("/security/anti-phishing", {"code": "kelp-7"})["Location"]
    form = {"way": "email", "password": PASSWORD, "code": last_code("a@example.com")}
    cookies = first.cookies

    def send(_number):
        browser = Client()
        browser.cookies.load({name: one.value for name, one in cookies.items()})
        return browser.post(address, form)

    answers = at_once(send)
    assert [answer["Location"] for answer in answers if answer.status_code == 302].count(
        "/security"
    ) == 1
    assert {answer.status_code for answer in answers} <= {302, 404, 409, 422}
    assert SecurityEvent.objects.filter(kind="anti_phishing_code_changed").count() == 1
    assert StepUp.objects.filter(spent_at__isnull=False).count() == 1


def _ready(monkeypatch):
    """Return somebody with a step-up and the code that proves it, committed."""
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    person = Person(is_strong=False, sessions=1)
    step_up_id = begun(person)
    return person, step_up_id, sent_to(person, step_up_id, messages)


def test_no_factor_is_looked_at_before_the_password(strong):
    step_up_id = begun(strong, "password.change", {"password": "sealed"})
    verdict = accept_factor(
        step_up_id,
        TotpProof(code=app_code(WALL)),
        user_id=strong.id,
        origin=strong.origins[0],
        at=AT,
    )
    assert verdict is ProofVerdict.PASSWORD_MISSING
    assert not UsedTotpStep.objects.exists()
