"""
Nothing sensitive happens without its proofs: sequences of steps, and a model that judges them.

A sequence begins as the right one and is then spoilt: steps are left out, repeated, moved and
done by somebody else, with another's proof, an old one, a wrong one, for another action, or too
late. Whether an action may be carried out is said by `step_up_model`, which knows the rules and
nothing of the product; whether it was, is seen from what it changes.
"""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction

from mooring.accounts import messenger
from mooring.accounts.errors import StepUpNotFound, StepUpNotProven
from mooring.accounts.models import Attempt, Code, LoginSession
from mooring.accounts.proofs import codes, step_up, step_up_proofs
from mooring.accounts.proofs.factors import CodeProof, Factor, RecoveryCodeProof, TotpProof
from mooring.accounts.rules.step_up import ACTIONS
from tests.properties.step_up_model import Model, Proof
from tests.properties.step_up_world import AT, PASSWORD, SPECS, WALL, Person, app_code, at

pytestmark = pytest.mark.django_db

SEQUENCES_PER_ACTION = 90
#: Alice in the browser that asks, Alice in another one, Bob.
PEOPLE = ((0, 0), (0, 1), (1, 0))
PASSWORDS = ("right", "wrong", "none")
PROOFS = ("right", "right", "wrong", "none", "of another order", "before", "of a log-in", "paper")
WAITS = (1, 31, 95, 240, 299, 300, 301, 601)


@pytest.fixture
def told(monkeypatch):
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


class World:
    """The product and the model, driven by the same steps."""

    def __init__(self, action, *, is_strong, told):
        self.people = [
            Person(is_strong=is_strong, sessions=2),
            Person(is_strong=is_strong, sessions=1),
        ]
        self.action, self.told = action, told
        self.model = Model(is_strong=is_strong)
        self.ids, self.sent = [], []
        self.done = []
        self.paper_given = 0

    @property
    def wall(self):
        return WALL + timedelta(seconds=self.model.at)

    def origin(self, who):
        return at(self.people[who[0]].origins[who[1]], self.wall)

    def person(self, who):
        return self.people[who[0]]

    def play(self, step):
        """Do one step; every step can be done at any time, by anybody."""
        what, about = step[0], step[1:]
        if what not in {"begin", "wait"} and not self.ids:
            return
        getattr(self, f"play_{what}")(*about)

    def play_wait(self, seconds):
        self.model.at += seconds

    def play_begin(self, who, action):
        if who in self.model.ended:
            return
        person = self.person(who)
        self.ids.append(
            step_up.begin(
                action=action,
                user_id=person.id,
                data=SPECS[action].facts(person),
                origin=self.origin(who),
            )
        )
        self.sent.append([])
        self.model.begins(who, action)

    def play_log_out(self, who):
        session_id = self.people[who[0]].origins[who[1]].session_id
        LoginSession.objects.filter(id=session_id, ended_at=None).update(
            ended_at=self.wall, end="LOGGED_OUT"
        )
        self.model.ended.add(who)

    def play_send(self, which, who):
        which %= len(self.ids)
        try:
            is_sent = step_up_proofs.send_code(
                self.ids[which],
                Factor.EMAIL,
                user_id=self.person(who).id,
                origin=self.origin(who),
                at=AT,
            )
        except StepUpNotFound:
            is_sent = False
        if is_sent:
            digits = self.told[-1].facts["code"]
            self.sent[which].append(digits)
            self.model.sends(which, digits)

    def play_prove(self, which, who, password, kind):
        which %= len(self.ids)
        typed = {"right": PASSWORD, "wrong": "wrong words", "none": ""}[password]
        proof, meant = self.proof(which, who, kind)
        try:
            step_up_proofs.prove(
                self.ids[which],
                user_id=self.person(who).id,
                password=typed,
                proof=proof,
                origin=self.origin(who),
                at=AT,
            )
        except StepUpNotFound:
            assert self.model.orders[which].who != who or who in self.model.ended
        self.model.gives(
            which,
            who,
            password={"right": True, "wrong": False, "none": None}[password],
            proof=meant,
        )

    def proof(self, which, who, kind):
        """Return a proof for the product, and the same for the model."""
        if kind == "none":
            return None, None
        if kind == "of a log-in":
            return self._code_of_a_log_in(who)
        if self.model.is_strong:
            return self._strong_proof(who, kind)
        digits = {
            "right": self.sent[which][-1:],
            "before": self.sent[which][-2:-1],
            "of another order": self.sent[which - 1][-1:],
            "wrong": [_other(self.sent[which][-1])] if self.sent[which] else [],
            "paper": ["1234567890"],
        }[kind]
        text = digits[0] if digits else "000001"
        if kind == "paper":
            return RecoveryCodeProof(code=text), Proof("paper", text)
        code = self._open_code(which)
        if code is None:
            return None, None
        return CodeProof(code_id=code, code=text), Proof("sent", text)

    def _strong_proof(self, who, kind):
        if kind == "paper":
            text = self.person(who).paper[0]
            return RecoveryCodeProof(code=text), Proof("paper", text, of=who[0])
        moment = {
            "right": self.model.at,
            "before": self.model.at - 90,
            "of another order": self.model.at,
            "wrong": None,
        }[kind]
        if moment is None:
            near = {app_code(self.wall + timedelta(seconds=30 * off)) for off in (-1, 0, 1)}
            text = next(f"{number:06}" for number in range(9) if f"{number:06}" not in near)
            return TotpProof(code=text), Proof("app", text)
        when = WALL + timedelta(seconds=moment)
        text, step = app_code(when), int(when.timestamp()) // 30
        begin = step * 30 - int(WALL.timestamp())
        meant = Proof("app", text, of=who[0], good_from=begin - 30, good_until=begin + 60)
        return TotpProof(code=text), meant

    def _code_of_a_log_in(self, who):
        person = self.person(who)
        with transaction.atomic():
            issued = codes.issue(
                purpose=codes.Purpose.LOG_IN,
                channel="EMAIL",
                to=person.email,
                user_id=person.id,
                origin=self.origin(who),
                at=AT,
            )
        return CodeProof(code_id=issued.id, code=self.told[-1].facts["code"]), Proof("log-in", "")

    def _open_code(self, which):
        sent = Code.objects.filter(binding=str(self.ids[which])).order_by("-issued_at", "-spent_at")
        latest = sent.filter(spent_at=None).first() or sent.first()
        return latest.id if latest else None

    def play_execute(self, which, who, action):
        which %= len(self.ids)
        may = self.model.may_execute(which, who, action)
        did = self.tries_to_execute(which, who, action)
        assert did == may, f"{action}: executed {did}, may {may}"
        if did:
            self.model.orders[which].spent = True
            self.done.append((who, action))

    def tries_to_execute(self, which, who, action):
        try:
            SPECS[action].run(self.person(who), self.ids[which], self.origin(who))
        except StepUpNotProven:
            return False
        return True


def _other(digits):
    return f"{(int(digits) + 1) % 10**6:06}"


# --- sequences ---


def right_one(action, chance):
    """Return the steps that a person takes who does everything right."""
    whole = [("prove", 0, PEOPLE[0], "right", "right")]
    parted = [
        ("prove", 0, PEOPLE[0], "right", "none"),
        ("prove", 0, PEOPLE[0], "none", "right"),
    ]
    return [
        ("begin", PEOPLE[0], action),
        ("send", 0, PEOPLE[0]),
        *(whole if chance.random() < 0.5 else parted),
        ("execute", 0, PEOPLE[0], action),
    ]


def spoilt(steps, actions, chance):
    """Return a sequence with up to four changes; with none, it stays right."""
    steps = list(steps)
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4))):
        chance.choice((_leave_out, _repeat, _move, _wait, _log_out, _other_hand, _other_way, _mix))(
            steps, actions, chance
        )
    return steps


def _leave_out(steps, _actions, chance):
    if steps:
        steps.pop(chance.randrange(len(steps)))


def _repeat(steps, _actions, chance):
    if steps:
        steps.insert(chance.randint(0, len(steps)), chance.choice(steps))


def _move(steps, _actions, chance):
    if steps:
        step = steps.pop(chance.randrange(len(steps)))
        steps.insert(chance.randint(0, len(steps)), step)


def _wait(steps, _actions, chance):
    steps.insert(chance.randint(0, len(steps)), ("wait", chance.choice(WAITS)))


def _other_hand(steps, actions, chance):
    """Let somebody else, or another browser, do a step."""
    who = chance.choice(PEOPLE)
    places = [index for index, step in enumerate(steps) if step[0] in {"send", "prove", "execute"}]
    if not places:
        return
    index = chance.choice(places)
    step = steps[index]
    steps[index] = (*step[:2], who, *step[3:])


def _log_out(steps, _actions, chance):
    """End a log-in: mostly the one that asks, and after it has asked."""
    steps.insert(
        chance.randint(1, len(steps) + 1), ("log_out", chance.choice((PEOPLE[0], *PEOPLE)))
    )


def _other_way(steps, actions, chance):
    """Give another proof, or carry out another action."""
    places = [index for index, step in enumerate(steps) if step[0] in {"prove", "execute"}]
    if not places:
        return
    index = chance.choice(places)
    step = steps[index]
    if step[0] == "execute":
        steps[index] = (*step[:3], chance.choice(actions))
    else:
        steps[index] = (*step[:3], chance.choice(PASSWORDS), chance.choice(PROOFS))


def _mix(steps, actions, chance):
    """Ask for something else besides, and do one of the steps with that."""
    steps.insert(
        chance.randint(0, len(steps)), ("begin", chance.choice(PEOPLE), chance.choice(actions))
    )
    if chance.random() < 0.5:
        steps.append(("send", 1, chance.choice(PEOPLE)))
    places = [index for index, step in enumerate(steps) if step[0] in {"send", "prove", "execute"}]
    for index in places:
        if chance.random() < 0.4:
            step = steps[index]
            steps[index] = (step[0], chance.randint(0, 1), *step[2:])


# --- the proof ---


def test_every_action_is_drawn():
    assert set(SPECS) == set(ACTIONS)


@pytest.mark.parametrize("action", sorted(SPECS))
def test_no_step_is_skipped(action, told):
    chance, seen = random.Random(f"steps of {action}"), Counter()
    for number in range(SEQUENCES_PER_ACTION):
        strong = SPECS[action].strong
        is_strong = chance.random() < 0.5 if strong is None else strong
        others = [name for name, spec in SPECS.items() if spec.strong in {None, is_strong}]
        world = World(action, is_strong=is_strong, told=told)
        steps = spoilt(right_one(action, chance), others, chance)
        Attempt.objects.all().delete()
        told.clear()
        try:
            play(world, steps)
        except AssertionError as error:
            pytest.fail(f"sequence {number}, {is_strong=}: {steps}: {error}")
        seen["executed" if world.done else "refused"] += 1
    assert seen["executed"] >= SEQUENCES_PER_ACTION // 8, "hardly anything was right: no proof"
    assert seen["refused"] >= SEQUENCES_PER_ACTION // 4, "hardly anything was spoilt: no proof"


def play(world, steps):
    """Play a sequence to its end, or to its first effect; then try everything once more."""
    for step in steps:
        world.play(step)
        if world.done:
            break
    for which, order in enumerate(world.model.orders):
        if order.spent or not order.proven:
            for who in PEOPLE:
                assert not world.tries_to_execute(which, who, order.action), "once more"
    tried = {step[-1] for step in steps if step[0] in {"begin", "execute"}} | {world.action}
    happened = {
        (number, name)
        for number, person in enumerate(world.people)
        for name in tried
        if SPECS[name].happened(person)
    }
    assert happened == {(who[0], name) for who, name in world.done}
