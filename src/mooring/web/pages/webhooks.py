"""The pages of webhooks: the addresses that are told, and what each was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from mooring.gateway import api as gateway
from mooring.web.visit import Visit

_SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRow:
    """An address, what it is told of, and whether it listens."""

    id: int
    url: str
    topics: str
    created_at: datetime
    status_name: str
    tone: str
    quiet_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """
    A message: what about, how it went, and when it is tried again.

    Args:
        about: the redemption's number, where there is one to look at.
        detail: what was answered, or why nothing was.
    """

    id: int
    name: str
    type: str
    about: int | None
    written_at: datetime
    tries: int
    status_name: str
    tone: str
    detail: str
    next_try_at: datetime | None
    body: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPage:
    """One address, its secret, and its messages, newest first; `older` is the next page's mark."""

    row: WebhookRow
    secret: str
    messages: tuple[MessageRow, ...]
    older: int | None


def listing(visit: Visit) -> tuple[WebhookRow, ...]:
    """Return the member's webhooks."""
    return tuple(_row(one) for one in gateway.list_webhooks(account_id=visit.account_id))


def row_of(visit: Visit, webhook_id: int) -> WebhookRow:
    """
    Return one of the member's webhooks.

    Raises:
        WebhookNotFound: absent, ended, or another's.
    """
    return _row(gateway.get_webhook(account_id=visit.account_id, webhook_id=webhook_id))


def page_of(visit: Visit, webhook_id: int, *, before: int | None) -> WebhookPage:
    """
    Return the page of a webhook.

    Raises:
        WebhookNotFound: absent, ended, or another's.
    """
    whose = {"account_id": visit.account_id, "webhook_id": webhook_id}
    found = gateway.list_deliveries(**whose, before=before, limit=_SHOWN + 1)
    shown = found[:_SHOWN]
    return WebhookPage(
        row=row_of(visit, webhook_id),
        secret=gateway.get_secret(**whose),
        messages=tuple(_message(one) for one in shown),
        older=shown[-1].id if len(found) > _SHOWN else None,
    )


def _row(found: gateway.WebhookView) -> WebhookRow:
    return WebhookRow(
        id=found.id,
        url=found.url,
        topics=topics_words(found.topics),
        created_at=found.created_at,
        status_name=_("Does not answer") if found.failures else _("In force"),
        tone="wait" if found.failures else "good",
        quiet_until=found.quiet_until,
    )


def topics_words(topics: Sequence[str]) -> str:
    """Return what an address is told of, in words."""
    words = {"redemption": _("redemptions"), "reward": _("rewards"), "hold": _("holds")}
    return ", ".join(words[topic] for topic in topics)


def _message(found: gateway.DeliveryView) -> MessageRow:
    name, tone = {
        "WAITING": (_("Waits"), "wait"),
        "SENDING": (_("Is being sent"), "wait"),
        "SENT": (_("Taken"), "good"),
        "FAILED": (_("Given up"), "loss"),
    }[found.status]
    return MessageRow(
        id=found.id,
        name=_type_words(found.type),
        type=found.type,
        about=found.subject if found.type.startswith("redemption.") else None,
        written_at=found.recorded_at,
        tries=found.tries,
        status_name=name,
        tone=tone,
        detail=_detail(found),
        next_try_at=found.next_try_at if found.status == "WAITING" and found.tries else None,
        body=found.body,
        is_over=found.status in {"SENT", "FAILED"},
    )


def _type_words(type_: str) -> str:
    return {
        "redemption.queued": _("A redemption waits"),
        "redemption.pending": _("A redemption is on its way"),
        "redemption.paid": _("A redemption arrived"),
        "redemption.cancelled": _("A redemption was undone"),
        "reward.paid": _("A reward was paid"),
        "hold.begun": _("Withdrawals wait"),
        "ping": _("A test message"),
    }[type_]


def _detail(found: gateway.DeliveryView) -> str:
    if found.answered is not None:
        return _("Answered %(status)s") % {"status": found.answered}
    if not found.failure:
        return ""
    words: dict[str, str] = {
        gateway.Failure.CERTIFICATE: _("The certificate is not good"),
        gateway.Failure.ENDED: _("The webhook was ended"),
        gateway.Failure.NO_ANSWER: _("No connection, or no answer"),
        gateway.Failure.TOO_SLOW: _("No answer in time"),
        gateway.Failure.WORKER: _("We were interrupted while sending it"),
    }
    return words.get(found.failure, _("The address is not one that we connect to any more"))
