"""
The writer: puts messages into the outbox, as a set, in the transaction of their cause.

What is sent is decided and put into words here, once; sending later changes nothing of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from mooring.accounts import api as accounts
from mooring.kernel import clock, db
from mooring.kernel.errors import Fault
from mooring.notices import rendering
from mooring.notices.catalogue import CODES, TOPICS, WITHOUT_DISABLE_LINK
from mooring.notices.models import Channel, Notice, Preference, Topic

#: Where the link beside a code, or the one that cancels, leads: by kind, fact and path.
_LINKS: Final = (
    ("code_password_reset", "link_token", "link_url", "/accounts/password/reset/"),
    ("code_recovery", "link_token", "link_url", "/recovery/"),
    ("recovery_requested", "cancel_token", "cancel_url", "/recovery/cancel/"),
)
_TOKEN: Final = re.compile(r"[\w:.=-]{1,200}", re.ASCII)
_UNFIT: Final = re.compile(r"[\x00-\x20\x7f]")


class AddressMalformed(Fault):
    """A message goes to something that cannot be an address or a number."""


@dataclass(frozen=True, slots=True)
class _Target:
    """
    One way that a message takes.

    Args:
        is_own: the address is the person's, confirmed; only there may stand what is theirs
            alone: the code against forged mails, and the link that disables the account.
    """

    channel: Channel
    to: str
    is_own: bool


@db.transaction_required
def write(messages: Sequence[accounts.Message], *, at: datetime) -> None:
    """
    Write messages into the outbox.

    A message with a channel goes exactly there. Another goes to the inbox, and as mail (SMS
    where there is no address) to its person; where a contact changed, to the old one too.

    Args:
        at: platform time, UTC. When to send is wall time, which nobody moves.

    Raises:
        NoText: a kind has no text.
        AddressMalformed: a message's address holds blanks or control characters.
    """
    wall = clock.wall()
    people = accounts.find_recipients({m.user_id for m in messages if m.user_id is not None})
    silenced = _silenced(messages)
    rows = [
        _row(message, target, people.get(message.user_id or 0), at=at, wall=wall)
        for message in messages
        for target in _targets(message, people.get(message.user_id or 0))
        if (message.user_id, _topic(message), target.channel) not in silenced
    ]
    Notice.objects.bulk_create(rows)


def _silenced(messages: Sequence[accounts.Message]) -> set[tuple[int | None, str, str]]:
    """Return what people turned off; nobody is asked about security, which is always told."""
    optional = {m.user_id for m in messages if m.user_id and _topic(m) != Topic.SECURITY}
    if not optional:
        return set()
    return set(
        Preference.objects.filter(user_id__in=optional, is_on=False).values_list(
            "user_id", "topic", "channel"
        )
    )


def _topic(message: accounts.Message) -> Topic:
    if message.kind not in TOPICS:
        raise rendering.NoText(f"there is no text for a notice of kind {message.kind}")
    return TOPICS[message.kind]


def _targets(message: accounts.Message, person: accounts.Recipient | None) -> Iterator[_Target]:
    if message.channel:
        is_own = person is not None and message.to in {person.email, person.phone} - {""}
        yield _Target(Channel(message.channel), message.to, is_own)
        return
    if person is None:
        return
    yield _Target(Channel.INBOX, "", is_own=True)
    facts = message.facts
    mails = dict.fromkeys([person.email, facts.get("old_email", "")])
    phones = dict.fromkeys(["" if person.email else person.phone, facts.get("old_phone", "")])
    yield from (_Target(Channel.EMAIL, to, is_own=True) for to in mails if to)
    yield from (_Target(Channel.SMS, to, is_own=True) for to in phones if to)


def _row(
    message: accounts.Message,
    target: _Target,
    person: accounts.Recipient | None,
    *,
    at: datetime,
    wall: datetime,
) -> Notice:
    if _UNFIT.search(target.to):
        raise AddressMalformed(f"a notice of kind {message.kind} goes to no address")
    language = person.language if person is not None else message.language
    written = rendering.write(message.kind, language, _facts(message, language), at=at)
    is_kept = target.channel == Channel.INBOX
    status = Notice.Status.SENT if is_kept else Notice.Status.WAITING
    if not message.is_delivered:
        status = Notice.Status.DISCARDED
    return Notice(
        # What goes to an exact address names nobody: a row that does is checked at commit, which
        # would cost a known person's message more than a stranger's.
        user_id=message.user_id if is_kept or not message.channel else None,
        kind=message.kind,
        topic=_topic(message),
        channel=target.channel,
        to=target.to,
        language=language,
        subject=written.subject,
        body=_body(written, message, target, person, language),
        is_secret=message.is_secret and not is_kept,
        status=status,
        next_try_at=wall if status == Notice.Status.WAITING else None,
        written_at=at,
        sent_at=wall if status == Notice.Status.SENT else None,
    )


def _facts(message: accounts.Message, language: str) -> Mapping[str, str]:
    """Return the facts with their tokens as links of this site, and where the address is."""
    links = {
        name: f"{settings.SITE_URL}{path}{token}"
        for kind, fact, name, path in _LINKS
        if kind == message.kind
        and (token := message.facts.get(fact, ""))
        and _TOKEN.fullmatch(token)
    }
    place = accounts.presence.city_of(message.facts.get("ip", ""), language=language)
    return {**message.facts, **links, "place": place}


def _body(
    written: rendering.Written,
    message: accounts.Message,
    target: _Target,
    person: accounts.Recipient | None,
    language: str,
) -> str:
    """Return what is read on the target's channel."""
    if target.channel == Channel.INBOX:
        return written.body
    own = person if target.is_own else None
    disable_url = _disable_url(message, own)
    if target.channel == Channel.SMS:
        # A code is no event, and the link that cancels is the better one where there is one.
        is_plain = message.kind in CODES or "cancel_url" in _facts(message, language)
        url = "" if is_plain else disable_url
        return rendering.frame_sms(written, language, disable_url=url)
    return rendering.frame_mail(
        written.body,
        language,
        anti_phishing_code=own.anti_phishing_code if own is not None else "",
        disable_url=disable_url,
    )


def _disable_url(message: accounts.Message, own: accounts.Recipient | None) -> str:
    """Return the link that disables the account; empty where the message must not hold it."""
    is_security = _topic(message) == Topic.SECURITY and message.kind not in WITHOUT_DISABLE_LINK
    if not is_security:
        return ""
    # Made for a stranger as well, and thrown away: the same work for both.
    user_id, times = (own.user_id, own.times_reopened) if own is not None else (0, 0)
    token = accounts.protection.disable_token(user_id, times_reopened=times)
    return f"{settings.SITE_URL}/disable/{token}" if own is not None else ""
