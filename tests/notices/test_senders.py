"""Senders hand over what they are given, or say why not; they follow nobody elsewhere."""

import json
import smtplib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail as django_mail

from mooring.notices.senders import Letter, Outcome, mail, sender_of, sms

SMS = Letter(id=42, to="+4915112345678", subject="", body="Mooring：493021")
MAIL = Letter(id=42, to="alice@example.org", subject="您的验证码", body="493021\n您好\n")


class Gateway(ThreadingHTTPServer):
    """A gateway that answers what it is told to, and remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answering)
        self.status, self.headers, self.asked = 200, {}, []
        self.hangs = threading.Event()
        self.is_slow = False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/sms?from=mooring"


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        if self.server.is_slow:
            self.server.hangs.wait(5)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - as above

    def log_message(self, *_):
        """Say nothing on the terminal."""


@pytest.fixture
def gateway(settings):
    with Gateway() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        settings.SMS_URL, settings.SMS_TOKEN = server.url, "s3cret"
        yield server
        server.hangs.set()
        server.shutdown()
        thread.join()


def test_an_sms_is_posted_with_the_token(gateway):
    assert list(sms.send([SMS, SMS])) == [Outcome(), Outcome()]
    path, headers, body = gateway.asked[0]
    assert path == "/sms?from=mooring"
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"to": SMS.to, "text": SMS.body, "id": "42"}


@pytest.mark.parametrize(
    ("status", "is_final"), [(500, False), (503, False), (429, False), (401, False), (422, True)]
)
def test_an_sms_that_is_not_taken_says_so(gateway, status, is_final):
    gateway.status = status
    [outcome] = sms.send([SMS])
    assert outcome == Outcome(failure=f"the SMS gateway answered {status}", is_final=is_final)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(gateway, status):
    gateway.status = status
    gateway.headers = {"Location": gateway.url}
    [outcome] = sms.send([SMS])
    assert outcome.failure == f"the SMS gateway answered {status}"
    assert len(gateway.asked) == 1


def test_a_gateway_that_does_not_answer_is_left_after_a_while(gateway, monkeypatch):
    assert sms.TIMEOUT_SECONDS == 10
    monkeypatch.setattr(sms, "TIMEOUT_SECONDS", 0.2)
    gateway.is_slow = True
    [outcome] = sms.send([SMS])
    assert outcome == Outcome(failure="the SMS gateway cannot be reached: TimeoutError")


def test_a_gateway_that_is_away_is_tried_again(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.SMS_URL = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        [outcome] = sms.send([SMS])
    assert outcome == Outcome(failure="the SMS gateway cannot be reached: ConnectionRefusedError")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "no SMS gateway is configured"),
        ("http://sms.example/send", "the SMS gateway must be reached by https"),
        ("ftp://127.0.0.1/send", "the SMS gateway must be reached by https"),
        ("http://127.0.0.1.evil.example/", "the SMS gateway must be reached by https"),
    ],
)
def test_an_unsafe_or_missing_gateway_is_never_asked(settings, url, reason):
    settings.SMS_URL = url
    assert list(sms.send([SMS])) == [Outcome(failure=reason, is_final=True)]


def test_a_mail_is_plain_text_with_one_identity():
    assert list(mail.send([MAIL])) == [Outcome()]
    [sent] = django_mail.outbox
    raw = sent.message()
    assert sent.to == ["alice@example.org"]
    assert raw["Message-ID"] == "<notice-42@localhost>"
    assert raw["Auto-Submitted"] == "auto-generated"
    assert raw.get_content_type() == "text/plain"
    assert sent.body == MAIL.body


@pytest.mark.parametrize("field", ["subject", "to"])
def test_a_header_of_somebodys_choice_is_not_sent(field):
    values = {"id": 1, "to": "a@b.example", "subject": "x", "body": "y"}
    letter = Letter(**{**values, field: values[field] + "\r\nBcc: eve@evil.example"})
    [outcome] = mail.send([letter])
    assert outcome.is_final
    assert django_mail.outbox == []


@pytest.mark.parametrize(
    ("error", "is_final"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"greylisted")}), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(452, b"full"), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
    ],
)
def test_a_mail_that_is_not_taken_says_whether_for_ever(monkeypatch, error, is_final):
    def refuse(*_args, **_more):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    [outcome] = mail.send([MAIL])
    assert outcome.failure.startswith(type(error).__name__)
    assert outcome.is_final == is_final


def test_a_server_that_is_away_is_one_wait_for_all(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = taken.getsockname()[1]
        outcomes = list(mail.send([MAIL, MAIL]))
    assert outcomes == [Outcome(failure="ConnectionRefusedError")] * 2


def test_the_sandbox_keeps_what_nobody_carries(settings):
    settings.NOTICE_SENDERS = {"SMS": "mooring.notices.senders.outbox.send"}
    assert list(sender_of("SMS")([SMS])) == [Outcome()]
