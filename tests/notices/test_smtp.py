"""Mails reach a real SMTP server whole, several over one connection, and it may refuse one."""

import email
import email.policy
import socketserver
import threading

import pytest

from mooring.notices.senders import Letter, Outcome, mail


class Server(socketserver.ThreadingTCPServer):
    """As much of SMTP (RFC 5321) as it takes to receive mail."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talking)
        self.refused, self.received, self.connections = set(), [], 0


class _Talking(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ", 1)[0].upper()
            if verb == "RCPT" and any(to in line for to in self.server.refused):
                self._say("550 no such mailbox")
            elif verb == "DATA":
                self._take()
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self):
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.server.received.append(
            email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        )
        self._say("250 taken")

    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server(settings):
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=[0.05])
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.server_address
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
        settings.DEFAULT_FROM_EMAIL = "Mooring <no-reply@mooring.example>"
        yield running
        running.shutdown()
        thread.join()


def letter(number, to):
    return Letter(id=number, to=to, subject="您的登录验证码", body="您的验证码：493021\n.\n完\n")


def test_mails_arrive_whole_over_one_connection(server):
    outcomes = list(mail.send([letter(1, "a@b.example"), letter(2, "c@d.example")]))
    assert outcomes == [Outcome(), Outcome()]
    assert server.connections == 1
    first, second = server.received
    assert first["From"] == "Mooring <no-reply@mooring.example>"
    assert (first["To"], second["To"]) == ("a@b.example", "c@d.example")
    assert first["Subject"] == "您的登录验证码"
    assert first["Message-ID"] == "<notice-1@localhost>"
    assert first.get_content().replace("\r\n", "\n") == "您的验证码：493021\n.\n完\n"


def test_an_address_that_is_refused_holds_up_no_other(server):
    server.refused = {"gone@b.example"}
    outcomes = list(mail.send([letter(1, "gone@b.example"), letter(2, "c@d.example")]))
    assert outcomes == [Outcome(failure="SMTPRecipientsRefused", is_final=True), Outcome()]
    assert [received["To"] for received in server.received] == ["c@d.example"]
