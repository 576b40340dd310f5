"""What was written to people, and what they want to be written."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import LessThanOrEqual


class Channel(models.TextChoices):
    """A way to a person."""

    EMAIL = "EMAIL", "E-mail"
    SMS = "SMS", "SMS"
    #: A row that its person reads here; written is delivered.
    INBOX = "INBOX", "Inbox"


class Topic(models.TextChoices):
    """What a notice is about; all but security can be turned off."""

    SECURITY = "SECURITY", "Security"
    ACCOUNT = "ACCOUNT", "Account"
    EARN = "EARN", "Earn"


class Notice(models.Model):
    """
    A message to somebody, as it was written in the transaction of its cause: the outbox's row.

    .. pii: the address or number, and what was written
    .. pii_types: email_address, phone_number, text about the person
    .. pii_retirement: mails and SMS after `notices.keep_days`; the inbox with the account
    """

    class Status(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        #: Claimed by a worker until `next_try_at`; then it is anybody's again.
        SENDING = "SENDING", "Sending"
        SENT = "SENT", "Sent"
        FAILED = "FAILED", "Failed"
        #: Never to be sent: written so that a request about nobody does the same work.
        DISCARDED = "DISCARDED", "Discarded"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
    )
    #: Such as `logged_in`; names the text. The list is `notices.catalogue`.
    kind = models.CharField(max_length=40)
    topic = models.CharField(max_length=16, choices=Topic)
    channel = models.CharField(max_length=8, choices=Channel)
    #: Address or number; empty in the inbox.
    to = models.CharField(max_length=254, blank=True, default="")
    language = models.CharField(max_length=16)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    #: Holds a code or a token: the body is emptied once it was sent, except in a sandbox.
    is_secret = models.BooleanField(default=False)
    status = models.CharField(max_length=16, choices=Status)
    tries = models.SmallIntegerField(default=0)
    #: Wall time: when it is sent, or, while it is being sent, until when it is claimed.
    next_try_at = models.DateTimeField(null=True, blank=True)
    #: Platform time.
    written_at = models.DateTimeField()
    #: Wall time.
    sent_at = models.DateTimeField(null=True, blank=True)
    #: Platform time; of the inbox only.
    read_at = models.DateTimeField(null=True, blank=True)
    #: Why the last try failed.
    failure = models.CharField(max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "notices_notice"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(channel__in=["EMAIL", "SMS", "INBOX"]),
                name="notices_notice_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(topic__in=["SECURITY", "ACCOUNT", "EARN"]),
                name="notices_notice_topic_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["WAITING", "SENDING", "SENT", "FAILED", "DISCARDED"]),
                name="notices_notice_status_known",
            ),
            # The inbox is a person's, mail and SMS have an address.
            models.CheckConstraint(
                condition=Q(channel="INBOX", to="", user__isnull=False)
                | (~Q(channel="INBOX") & ~Q(to="")),
                name="notices_notice_goes_somewhere",
            ),
            # A line break here would be a header of the sender's choice.
            models.CheckConstraint(
                condition=~Q(subject__regex=r"[[:cntrl:]]") & ~Q(to__regex=r"[[:cntrl:][:space:]]"),
                name="notices_notice_head_is_one_line",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["WAITING", "SENDING"], next_try_at__isnull=False)
                | (~Q(status__in=["WAITING", "SENDING"]) & Q(next_try_at__isnull=True)),
                name="notices_notice_is_tried_while_unsent",
            ),
            models.CheckConstraint(
                condition=Q(status="SENT", sent_at__isnull=False)
                | (~Q(status="SENT") & Q(sent_at__isnull=True)),
                name="notices_notice_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(channel="INBOX", is_secret=False)
                | (~Q(channel="INBOX") & Q(read_at__isnull=True)),
                name="notices_notice_is_read_in_the_inbox",
            ),
            models.CheckConstraint(
                condition=Q(tries__gte=0, tries__lte=8), name="notices_notice_has_eight_tries"
            ),
            models.CheckConstraint(
                condition=~Q(channel="SMS") | Q(LessThanOrEqual(Length("body"), 140)),
                name="notices_notice_sms_is_short",
            ),
        ]
        indexes: ClassVar = [
            # With those that are never due, which a request about nobody writes: a row that stands
            # in one index less is written sooner, and tells by it.
            models.Index(
                fields=["next_try_at"],
                condition=Q(status__in=["WAITING", "SENDING", "DISCARDED"]),
                name="notices_notice_due",
            ),
            models.Index(
                fields=["user", "-id"], condition=Q(channel="INBOX"), name="notices_notice_inbox"
            ),
            models.Index(
                fields=["user"],
                condition=Q(channel="INBOX", status="SENT", read_at__isnull=True),
                name="notices_notice_unread",
            ),
            models.Index(fields=["to", "-id"], name="notices_notice_by_address"),
            models.Index(fields=["recorded_at"], name="notices_notice_by_age"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Preference(models.Model):
    """
    Whether a person wants notices of a topic on a channel; absent: yes.

    .. no_pii:
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=16, choices=Topic)
    channel = models.CharField(max_length=8, choices=Channel)
    is_on = models.BooleanField()

    class Meta:
        db_table = "notices_preference"
        constraints: ClassVar = [
            models.UniqueConstraint("user", "topic", "channel", name="notices_preference_once"),
            models.CheckConstraint(
                condition=Q(topic__in=["SECURITY", "ACCOUNT", "EARN"]),
                name="notices_preference_topic_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["EMAIL", "SMS", "INBOX"]),
                name="notices_preference_channel_known",
            ),
            # Whoever took over an account must not be able to silence it.
            models.CheckConstraint(
                condition=Q(is_on=True) | ~Q(topic="SECURITY"),
                name="notices_preference_security_stays_on",
            ),
        ]

    def __str__(self) -> str:
        return f"preference {self.pk}"


class Ticket(models.Model):
    """
    A question of a customer to the operator, and its answer.

    .. pii: what the customer wrote, and what was answered
    .. pii_types: text about the person
    .. pii_retirement: with the account
    """

    class Subject(models.TextChoices):
        REDEMPTION = "REDEMPTION", "A redemption"
        OTHER = "OTHER", "Something else"

    class Status(models.TextChoices):
        OPEN = "OPEN", "Waits for an answer"
        ANSWERED = "ANSWERED", "Answered"

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=16, choices=Subject)
    #: What it is about, such as a redemption's id; empty for something else.
    reference = models.CharField(max_length=40, blank=True, default="")
    #: What the platform itself says of it at that time: amount, asset, state.
    about = models.CharField(max_length=300, blank=True, default="")
    text = models.CharField(max_length=2000)
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    #: Platform time.
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    #: Of staff.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "notices_ticket"
        indexes = [
            models.Index(fields=["id"], condition=Q(status="OPEN"), name="notices_ticket_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=["REDEMPTION", "OTHER"]),
                name="notices_ticket_subject_known",
            ),
            models.CheckConstraint(
                condition=Q(subject="OTHER", reference="")
                | Q(~Q(subject="OTHER"), ~Q(reference="")),
                name="notices_ticket_names_its_subject",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["OPEN", "ANSWERED"]), name="notices_ticket_status_known"
            ),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"), name="notices_ticket_says_something"
            ),
            # An answer has words, a time and somebody who gave it.
            models.CheckConstraint(
                condition=Q(
                    ~Q(status="ANSWERED"),
                    answer="",
                    answered_at__isnull=True,
                    answered_by__isnull=True,
                )
                | Q(
                    ~Q(status="OPEN"),
                    answer__regex=r"\S",
                    answered_at__isnull=False,
                    answered_at__gte=models.F("asked_at"),
                    answered_by__isnull=False,
                ),
                name="notices_ticket_answer_agrees_with_status",
            ),
        ]

    def __str__(self) -> str:
        return f"ticket {self.pk}"
