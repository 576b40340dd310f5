"""Messages are sent at least once, by one worker at a time, and given up after eight tries."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.kernel import clock, jobs
from mooring.notices import jobs as notices_jobs
from mooring.notices import sending
from mooring.notices.actions.claim import LEASE, claim
from mooring.notices.actions.note_outcome import note_outcome
from mooring.notices.models import Notice
from mooring.notices.rules.retrying import TRIES_MAX, delay_after
from mooring.notices.senders import Outcome
from tests.notices import outbox

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALICE = "alice@example.org"
SENT: list[tuple[str, str, bool]] = []
OUTCOMES: list[Outcome] = []


@pytest.fixture(autouse=True)
def _senders(settings):
    SENT.clear()
    OUTCOMES.clear()
    settings.NOTICE_SENDERS = dict.fromkeys(["EMAIL", "SMS"], f"{__name__}.recording")


def recording(letters):
    """A sender that notes what it was given, and answers as `OUTCOMES` says."""
    for letter in letters:
        SENT.append((letter.to, letter.body, connection.in_atomic_block))
        yield OUTCOMES.pop(0) if OUTCOMES else Outcome()


def unreachable(letters):
    yield from (Outcome(failure="the server is away") for _ in letters)


def broken(letters):
    raise RuntimeError("the worker ends here")
    yield Outcome()


@transaction.atomic
def write(*, to=ALICE, channel="EMAIL", kind="code_sign_up", count=1):
    message = accounts.Message(
        kind=kind,
        user_id=None,
        channel=channel,
        to=to,
        facts={"code": "493021"},
        is_secret=True,
    )
    messenger.tell([message] * count, at=AT)


def make_due():
    Notice.objects.exclude(next_try_at=None).update(next_try_at=clock.wall())


@pytest.mark.django_db
def test_a_message_is_sent_once():
    write()
    assert sending.send_due() == 1
    assert sending.send_due() == 0
    [(to, body, _)] = SENT
    assert to == ALICE
    assert "493021" in body
    [notice] = outbox.messages(ALICE)
    assert notice.status == Notice.Status.SENT
    assert notice.sent_at is not None
    assert notice.next_try_at is None


@pytest.mark.django_db
def test_the_platforms_clock_does_not_matter():
    write()
    clock.advance(timedelta(days=400))
    assert notices_jobs.send(at=clock.now()) == 1
    [job] = [job for job in jobs.declared() if job.name == "notices.send"]
    assert job.seconds == 1
    assert job.next_due(AT) is None


@pytest.mark.django_db
@pytest.mark.parametrize("is_sandbox", [True, False])
@pytest.mark.parametrize("outcome", [Outcome(), Outcome(failure="no such number", is_final=True)])
def test_a_secret_is_gone_when_it_is_over_but_in_a_sandbox(settings, is_sandbox, outcome):
    settings.SANDBOX = is_sandbox
    OUTCOMES.append(outcome)
    write()
    sending.send_due()
    [notice] = outbox.messages(ALICE)
    assert ("493021" in notice.body) == is_sandbox
    assert notice.status == ("FAILED" if outcome.failure else "SENT")


@pytest.mark.django_db
def test_what_fails_is_tried_again_with_doubling_delays_and_given_up(settings):
    settings.NOTICE_SENDERS = {"EMAIL": f"{__name__}.unreachable"}
    write()
    delays = []
    for tries in range(1, TRIES_MAX + 1):
        before = clock.wall()
        assert sending.send_due() == 0
        [notice] = outbox.messages(ALICE)
        assert notice.tries == tries
        assert notice.failure == "the server is away"
        if notice.next_try_at is not None:
            delays.append(round((notice.next_try_at - before).total_seconds()))
            assert sending.send_due() == 0
            make_due()
    assert delays == [15, 30, 60, 120, 240, 480, 960]
    assert delays == [delay_after(tries).total_seconds() for tries in range(1, TRIES_MAX)]
    assert notice.status == Notice.Status.FAILED
    assert sending.send_due() == 0


@pytest.mark.django_db
def test_one_that_fails_holds_up_no_other():
    OUTCOMES.append(Outcome(failure="mailbox is full"))
    write()
    write(to="bob@example.org")
    assert sending.send_due() == 1
    assert outbox.messages(ALICE)[0].status == Notice.Status.WAITING
    assert outbox.messages("bob@example.org")[0].status == Notice.Status.SENT


@pytest.mark.django_db
def test_what_takes_too_long_is_given_back_and_costs_no_try(monkeypatch):
    write(count=3)
    monkeypatch.setattr(sending, "_SECONDS_MAX", 0.0)
    assert sending.send_due() == 0
    assert SENT == []
    for notice in outbox.messages(ALICE):
        assert (notice.status, notice.tries) == (Notice.Status.WAITING, 0)
    monkeypatch.undo()
    assert sending.send_due() == 3


@pytest.mark.django_db
def test_a_worker_that_ends_while_sending_is_resumed_after_its_claim(settings):
    settings.NOTICE_SENDERS = {"EMAIL": f"{__name__}.broken"}
    write()
    with pytest.raises(RuntimeError):
        sending.send_due()
    settings.NOTICE_SENDERS = {"EMAIL": f"{__name__}.recording"}
    [notice] = outbox.messages(ALICE)
    assert notice.status == Notice.Status.SENDING
    assert sending.send_due() == 0
    assert claim(limit=9, wall=clock.wall() + LEASE - timedelta(seconds=1)).letters == ()
    make_due()
    assert sending.send_due() == 1
    assert len(SENT) == 1


@pytest.mark.django_db
def test_a_message_that_ends_workers_ends_itself():
    write()
    for _ in range(TRIES_MAX):
        assert len(claim(limit=9, wall=clock.wall()).letters) == 1
        make_due()
    assert claim(limit=9, wall=clock.wall()).letters == ()
    [notice] = outbox.messages(ALICE)
    assert notice.status == Notice.Status.FAILED


@pytest.mark.django_db
def test_a_claim_that_ran_out_says_nothing_any_more():
    write()
    old = claim(limit=9, wall=clock.wall())
    [(_, letter)] = old.letters
    later = clock.wall() + LEASE
    new = claim(limit=9, wall=later)
    lost = Outcome(failure="too late")
    note_outcome(letter.id, lost, claimed_until=old.until, wall=later)
    assert outbox.messages(ALICE)[0].status == Notice.Status.SENDING
    note_outcome(letter.id, Outcome(), claimed_until=new.until, wall=later)
    assert outbox.messages(ALICE)[0].status == Notice.Status.SENT
    note_outcome(letter.id, lost, claimed_until=new.until, wall=later)
    assert outbox.messages(ALICE)[0].status == Notice.Status.SENT


@pytest.mark.usefixtures("committed_db")
def test_nothing_is_open_while_a_message_is_handed_over():
    write(count=3)
    assert sending.send_due() == 3
    assert [is_in_transaction for _, _, is_in_transaction in SENT] == [False] * 3


@pytest.mark.usefixtures("committed_db")
def test_two_claimers_at_once_send_each_message_once(monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 7)
    for number in range(60):
        write(to=f"p{number}@example.org")
    ready = threading.Barrier(4)

    def work():
        try:
            ready.wait()
            while sending.send_due():
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result()
    # A claimer may find nothing while another still sends; nothing waits longer than that.
    sending.send_due()
    assert sorted(to for to, _, _ in SENT) == sorted(
        f"p{number}@example.org" for number in range(60)
    )
    assert not Notice.objects.exclude(status=Notice.Status.SENT).exists()


@pytest.mark.usefixtures("committed_db")
def test_what_another_has_locked_is_left_to_them():
    write(count=2)
    with transaction.atomic():
        held = Notice.objects.select_for_update().order_by("id")[0]
        with ThreadPoolExecutor(1) as pool:
            found = pool.submit(_claimed_elsewhere).result()
    assert held.pk not in found
    assert len(found) == 1


def _claimed_elsewhere():
    try:
        return [letter.id for _, letter in claim(limit=9, wall=clock.wall()).letters]
    finally:
        connection.close()


@pytest.mark.django_db
def test_mails_are_forgotten_and_the_inbox_is_kept():
    from mooring.accounts.models import User

    alice = User.objects.create(email=ALICE, password="x")
    with transaction.atomic():
        messenger.tell([accounts.Message(kind="logged_in", user_id=alice.pk)], at=AT)
    write()
    assert sending.send_due() == 2
    write()
    Notice.objects.update(recorded_at=clock.wall() - timedelta(days=91))
    assert notices_jobs.forget(at=AT) == 2
    assert [notice.status for notice in outbox.messages(ALICE)] == [Notice.Status.WAITING]
    assert len(outbox.inbox(alice)) == 1
