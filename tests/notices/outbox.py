"""
What was written to people, as a test reads it: from the outbox's rows, sent or not.

Works inside the test's transaction; nothing needs to be sent first.
"""

import re

from mooring.notices.models import Channel, Notice

_CODE = re.compile(r"(?<![\w-])(\d{6})(?![\w-])")
_LINK_TOKEN = re.compile(
    r"/(?:accounts/password/reset|accounts/device|recovery/cancel|recovery)/([\w:.=-]+)"
)
_DISABLE_TOKEN = re.compile(r"/disable/([\w:.=-]+)")


def messages(to):
    """Return the mails and SMS to an address or number, oldest first; none of the discarded."""
    found = Notice.objects.filter(to=to).exclude(status=Notice.Status.DISCARDED)
    return list(found.order_by("id"))


def discarded(to):
    """Return what looks like a message and is never sent, oldest first."""
    return list(Notice.objects.filter(to=to, status=Notice.Status.DISCARDED).order_by("id"))


def inbox(user):
    """Return a person's inbox, oldest first."""
    found = Notice.objects.filter(user=user, channel=Channel.INBOX)
    return list(found.exclude(status=Notice.Status.DISCARDED).order_by("id"))


def last_code(to):
    """Return the code in the last message to an address or number that holds one."""
    return _last(_CODE, to)


def last_link_token(to):
    """Return the token of the last link (reset, device, recovery, its cancelling) sent there."""
    return _last(_LINK_TOKEN, to)


def last_disable_token(to):
    """Return the token of the last "Disable your account" link sent there."""
    return _last(_DISABLE_TOKEN, to)


def _last(pattern, to):
    for notice in reversed(messages(to)):
        if found := pattern.search(notice.body):
            return found.group(1)
    written = [notice.kind for notice in messages(to)]
    raise AssertionError(f"no message to {to} matches {pattern.pattern}; written: {written}")
