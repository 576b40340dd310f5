"""Sent at least once, signed, tried again, given up; and never to an address inside."""

import ssl
import threading
import time
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mooring.accounts import api as accounts
from mooring.accounts.models import Account
from mooring.gateway.webhooks import delivering, managing, queries, sending
from mooring.gateway.webhooks.delivering import deliver_due
from mooring.gateway.webhooks.retrying import delay_after, quiet_after
from mooring.kernel import clock, db
from mooring.operations.worker import Worker
from tests.earn.world import A_MINUTE, OPENING
from tests.gateway.webhooks.listener import listening


@pytest.fixture
def ping(world, hook):
    def send():
        return managing.ping_webhook(account_id=world.alice, webhook_id=hook.id)

    return send


@pytest.fixture
def later(monkeypatch):
    """Let real time go on."""
    ahead = [timedelta()]
    monkeypatch.setattr(clock, "wall", lambda wall=clock.wall: wall() + ahead[0])

    def go(by):
        ahead[0] += by

    return go


def test_a_message_can_be_verified(world, hook, listener, ping):
    number = ping()
    assert deliver_due() == 1
    [told] = listener.told
    secret = queries.get_secret(account_id=world.alice, webhook_id=hook.id)
    assert (told.path, told.id) == ("/hook?of=mooring", f"msg_{number}")
    assert told.is_signed_with(secret)
    assert not told.is_signed_with("whsec_" + "A" * 44)
    assert abs(int(told.headers["webhook-timestamp"]) - time.time()) < 60
    assert told.headers["content-type"] == "application/json"
    assert told.json["type"] == "ping"


def test_what_was_taken_is_sent_no_more(listener, messages, ping):
    ping()
    assert [deliver_due(), deliver_due()] == [1, 0]
    [sent] = messages()
    assert (sent.status, sent.answered, sent.tries, sent.failure) == ("SENT", 200, 1, "")
    assert len(listener.told) == 1


def test_what_was_not_taken_is_sent_again_with_the_same_bytes(listener, messages, ping, later):
    listener.answers += [500, 503]
    ping()
    assert deliver_due() == 0
    [waits] = messages()
    assert (waits.status, waits.answered, waits.failure) == ("WAITING", 500, "answered 500")
    assert deliver_due() == 0
    assert len(listener.told) == 1
    later(delay_after(1))
    assert deliver_due() == 0
    later(delay_after(2))
    assert deliver_due() == 1
    assert len({(one.id, one.body) for one in listener.told}) == 1
    assert len(listener.told) == 3


def test_it_is_given_up_in_the_end(listener, messages, ping, later):
    listener.answers += [500] * 20
    ping()
    # As often as the policy says that is in force from the beginning.
    for tries in range(1, 15):
        deliver_due()
        later(delay_after(tries))
    [over] = messages()
    assert (over.status, over.tries, over.next_try_at) == ("FAILED", 13, None)
    assert len(listener.told) == 13


def test_delays_double_and_an_address_is_left_alone_for_an_hour_at_most():
    assert [delay_after(tries).total_seconds() for tries in (1, 2, 3)] == [15, 30, 60]
    assert quiet_after(3) == timedelta(minutes=1)
    assert quiet_after(32_000) == timedelta(hours=1)


def test_an_address_that_fails_is_left_alone_and_others_are_not(world, hook, listener, later):
    with listening() as other:
        managing.create_webhook(
            account_id=world.bob, url=other.url, topics=managing.TOPICS, at=OPENING
        )
        listener.answers += [500] * 30
        for person, count in ((world.alice, 20), (world.bob, 1)):
            position = world.subscribe("100", who=person)
            for _ in range(count):
                world.redeem(position, "1", who=person, at=OPENING + A_MINUTE)
        assert deliver_due() == 1
        # No more than a share of a batch, however much waits.
        assert len(listener.told) == 8
        assert (len(other.told), deliver_due()) == (1, 0)
        assert len(listener.told) == 8
        later(quiet_after(1))
        deliver_due()
        assert len(listener.told) == 16


def test_an_address_that_is_gone_ends_its_webhook(world, listener, ping):
    listener.answers += [410]
    ping()
    deliver_due()
    assert queries.list_webhooks(account_id=world.alice) == ()
    assert db.rows("SELECT status FROM gateway_delivery") == [("FAILED",)]
    assert db.rows("SELECT sealed_secret FROM gateway_webhook")[0][0] == b""


def test_no_redirect_is_followed(listener, messages, ping):
    with listening() as elsewhere:
        listener.answers += [307]
        listener.location = elsewhere.url
        ping()
        assert deliver_due() == 0
        assert elsewhere.told == []
    [waits] = messages()
    assert waits.failure == "answered 307"


@pytest.mark.parametrize("drips", [False, True])
def test_an_address_that_takes_its_time_is_cut_off(listener, messages, ping, monkeypatch, drips):
    monkeypatch.setattr(sending, "SECONDS_MAX", 0.3)

    def slowly(handler):
        for sign in b"HTTP/1.1 200 " * 4:
            if drips:
                handler.wfile.write(bytes([sign]))
                handler.wfile.flush()
            time.sleep(0.05)

    listener.answers.append(slowly)
    ping()
    assert deliver_due() == 0
    [waits] = messages()
    assert (waits.status, waits.answered) == ("WAITING", None)
    assert waits.failure


def test_nobody_listens(world, messages, hook, ping):
    db.execute("UPDATE gateway_webhook SET url = 'http://127.0.0.1:9/'")
    ping()
    assert deliver_due() == 0
    [waits] = messages()
    assert waits.failure == "no connection, or no answer"


def test_the_address_is_looked_at_each_time(world, listener, messages, ping, settings):
    # A sandbox that is opened to the world tells nobody inside any more.
    settings.WEBHOOKS_TO_LOOPBACK = False
    ping()
    assert deliver_due() == 0
    assert listener.told == []
    [waits] = messages()
    assert waits.failure == "not an address that we connect to"


def test_a_worker_that_ended_while_sending_leaves_it_to_another(listener, ping, later, monkeypatch):
    ping()
    with monkeypatch.context() as patched:
        patched.setattr(delivering, "_note", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            deliver_due()
    assert deliver_due() == 0
    later(timedelta(minutes=2))
    assert deliver_due() == 1
    first, again = listener.told
    assert (first.id, first.body) == (again.id, again.body)


def test_what_ends_every_worker_is_given_up(messages, ping, later, monkeypatch):
    ping()
    monkeypatch.setattr(delivering, "_note", lambda *_, **__: 1 / 0)
    for _ in range(13):
        with pytest.raises(ZeroDivisionError):
            deliver_due()
        later(timedelta(minutes=2))
    assert deliver_due() == 0
    [over] = messages()
    assert (over.status, over.tries) == ("FAILED", 13)
    assert over.failure == "the worker ended while sending it"


def test_a_name_that_is_looked_up_for_ever_keeps_nobody(messages, ping, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(sending, "SECONDS_MAX", 0.1)
    monkeypatch.setattr(delivering, "_GRACE_SECONDS", 0.1)
    monkeypatch.setattr(sending, "post", lambda *_, **__: over.wait(20))
    ping()
    assert deliver_due() == 0
    over.set()
    [waits] = messages()
    assert (waits.status, waits.failure) == ("WAITING", "no answer in time")


def test_who_has_much_to_be_told_waits_longest(world, hook, listener, monkeypatch):
    monkeypatch.setattr(delivering, "_BATCH", 4)
    position = world.subscribe("100")
    for _ in range(8):
        world.redeem(position, "1", at=OPENING + A_MINUTE)
    with listening() as other:
        managing.create_webhook(
            account_id=world.bob, url=other.url, topics=managing.TOPICS, at=OPENING
        )
        world.redeem(world.subscribe("10", who=world.bob), who=world.bob, at=OPENING + A_MINUTE)
        deliver_due()
        assert (len(listener.told), len(other.told)) == (3, 1)


# Over TLS


@pytest.fixture
def secure(tmp_path):
    """A listener with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = clock.wall()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "both.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    with listening(certificate=pem) as found:
        yield found, pem


def test_who_cannot_prove_to_be_the_name_is_told_nothing(world, messages, hook, ping, secure):
    listener, _ = secure
    db.execute("UPDATE gateway_webhook SET url = %s", [f"https://localhost:{listener.port}/"])
    ping()
    assert deliver_due() == 0
    assert listener.told == []
    [waits] = messages()
    assert waits.failure == "the certificate is not good"


def test_who_can_is_told(messages, hook, ping, secure, monkeypatch):
    listener, pem = secure
    trusting = ssl.create_default_context(cafile=pem)
    monkeypatch.setattr(sending, "_tls", lambda: trusting)
    db.execute("UPDATE gateway_webhook SET url = %s", [f"https://localhost:{listener.port}/x"])
    ping()
    assert deliver_due() == 1
    [told] = listener.told
    assert (told.path, told.headers["host"]) == ("/x", f"localhost:{listener.port}")


def test_an_account_that_is_not_open_is_told_nothing(world, listener, ping, later):
    Account.objects.filter(id=world.alice).update(
        status=Account.Status.DISABLED, disabled_at=OPENING
    )
    ping()
    assert deliver_due() == 0
    assert listener.told == []
    Account.objects.filter(id=world.alice).update(status=Account.Status.OPEN, disabled_at=None)
    later(timedelta(minutes=10))
    assert deliver_due() == 1


def test_a_message_is_sent_again_by_hand(world, listener, messages, ping):
    number = ping()
    deliver_due()
    managing.send_again(account_id=world.alice, delivery_id=number)
    assert deliver_due() == 1
    first, again = listener.told
    assert (first.id, first.body) == (again.id, again.body)


def test_what_is_over_is_forgotten_and_what_waits_is_not(world, ping, hook):
    ping()
    deliver_due()
    world.redeem(world.subscribe("10"), at=OPENING + A_MINUTE)
    assert managing.forget_deliveries(recorded_before=clock.wall() - timedelta(days=1)) == 0
    assert managing.forget_deliveries(recorded_before=clock.wall() + timedelta(days=1)) == 1
    assert db.rows("SELECT status FROM gateway_delivery") == [("WAITING",)]


def test_the_worker_tells(world, listener, ping):
    ping()
    Worker(say=print).work_until_idle()
    assert listener.types == ["ping"]


def test_a_new_webhook_is_said_by_mail(world, hook):
    found = db.rows(
        "SELECT channel, body LIKE %s FROM notices_notice WHERE kind = 'webhook_made' ORDER BY 1",
        [f"%{hook.url}%"],
    )
    assert found == [("EMAIL", True), ("INBOX", True)]


def test_the_owner_is_found_by_the_account(world):
    assert accounts.find_open([world.alice, world.bob, 0]) == {world.alice, world.bob}
