"""Mail, by Django's backend: SMTP where a server is named."""

import contextlib
import smtplib
from collections.abc import Generator, Sequence
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import BadHeaderError

from mooring.notices.senders import Letter, Outcome

#: SMTP answers of 500 and above are for ever, those below for now (RFC 5321 §4.2.1).
_FOR_EVER: Final = 500


def send(letters: Sequence[Letter]) -> Generator[Outcome]:
    """Send letters over one connection; one that cannot be opened is an outcome for all."""
    connection: BaseEmailBackend = mail.get_connection()
    try:
        connection.open()
    except OSError as error:  # also all of smtplib's
        yield from (_failed(error) for _ in letters)
        return
    try:
        for letter in letters:
            yield _send(letter, connection)
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def _send(letter: Letter, connection: BaseEmailBackend) -> Outcome:
    message = mail.EmailMessage(
        subject=letter.subject,
        body=letter.body,
        to=[letter.to],
        connection=connection,
        headers={
            # The same at every try, so that a repetition can be seen as one.
            "Message-ID": f"<notice-{letter.id}@{urlsplit(settings.SITE_URL).hostname}>",
            # No answer of a machine is wanted (RFC 3834 §5).
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return Outcome(failure=_reason(error), is_final=all(code >= _FOR_EVER for code in codes))
    except smtplib.SMTPResponseException as error:
        return Outcome(failure=_reason(error), is_final=error.smtp_code >= _FOR_EVER)
    except OSError as error:
        return _failed(error)
    except (BadHeaderError, UnicodeError, ValueError) as error:
        return Outcome(failure=_reason(error), is_final=True)
    return Outcome()


def _failed(error: Exception) -> Outcome:
    return Outcome(failure=_reason(error))


def _reason(error: Exception) -> str:
    """Return what went wrong, without the address: a server's own words may repeat it."""
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
