"""What the API remembers: who used how much, what was carried out, and whom it tells."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Usage(models.Model):
    """
    How much weight an address or an account used of a budget in a minute, by all processes.

    The table is unlogged: a crash forgets a minute's counts and nothing else.

    .. pii: addresses on the net
    .. pii_types: ip_address
    .. pii_retirement: deleted two minutes later
    """

    pk = models.CompositePrimaryKey("minute", "subject", "budget")
    #: Minutes since 1970, of the real time.
    minute = models.BigIntegerField()
    #: An address on the net, or `account:<id>`.
    subject = models.CharField(max_length=64)
    budget = models.CharField(max_length=128)
    units = models.BigIntegerField()

    class Meta:
        db_table = "gateway_usage"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(units__gt=0), name="gateway_usage_is_some"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.budget}"


class Signature(models.Model):
    """
    A signature that was carried out, until it has expired (decision 0037).

    The table is unlogged: after a crash the keys of what moved money still make twice once.

    .. no_pii:
    """

    #: `api.<key id>.<sha256 of the signature>`.
    request_key = models.CharField(max_length=100, primary_key=True)
    #: The real time from which the request would be too old anyway.
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "gateway_signature"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(request_key__regex=r"^api\.[0-9]+\.[0-9a-f]{64}$"),
                name="gateway_signature_key_well_formed",
            ),
        ]

    def __str__(self) -> str:
        return self.request_key


class Idempotency(models.Model):
    """
    What an account's request under an `Idempotency-Key` was answered (decision 0038).

    .. no_pii:
    """

    pk = models.CompositePrimaryKey("account", "key")
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    #: SHA-256 of method, path, query and body.
    digest = models.CharField(max_length=64)
    #: Of HTTP; empty until it was answered.
    status = models.SmallIntegerField(null=True)
    answer = models.TextField(blank=True, default="")
    #: The real time from which it is forgotten.
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "gateway_idempotency"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(key__regex=r"^[A-Za-z0-9._-]{1,64}$"),
                name="gateway_idempotency_key_well_formed",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="gateway_idempotency_digest_well_formed",
            ),
            models.CheckConstraint(
                condition=Q(status__isnull=True, answer="")
                | Q(~Q(answer=""), status__isnull=False, status__gte=200, status__lt=500),
                name="gateway_idempotency_answer_has_a_status",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Pace(models.Model):
    """
    When an account last subscribed or redeemed by the API, where that is bounded.

    .. no_pii:
    """

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    #: The real time.
    last_at = models.DateTimeField()

    class Meta:
        db_table = "gateway_pace"

    def __str__(self) -> str:
        return f"account {self.account_id}"


class Webhook(models.Model):
    """
    An address that is told what happens to an account (decision 0039).

    .. pii: where a customer's program listens
    .. pii_types: address on the net
    .. pii_retirement: with the account
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    #: What it is told of: `redemption`, `reward`, `hold`.
    topics = ArrayField(models.CharField(max_length=16))
    #: 32 bytes, sealed; empty once it has ended.
    sealed_secret = models.BinaryField()
    #: Platform time.
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: Tries in a row that failed, and the real time until which no other is made.
    failures = models.SmallIntegerField(default=0)
    quiet_until = models.DateTimeField(null=True)
    #: The journal up to which rewards were read and none can come before any more.
    rewards_read = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gateway_webhook"
        indexes: ClassVar = [
            models.Index(
                fields=["account"], condition=Q(ended_at__isnull=True), name="gateway_webhook_live"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(url__regex=r"^https?://[!-~]+$"), name="gateway_webhook_url_is_one"
            ),
            models.CheckConstraint(
                condition=Q(topics__contained_by=["redemption", "reward", "hold"]) & ~Q(topics=[]),
                name="gateway_webhook_topics_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, sealed_secret__gt=b"")
                | Q(ended_at__isnull=False, sealed_secret=b""),
                name="gateway_webhook_secret_until_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(failures__gte=0), name="gateway_webhook_failures_are_a_count"
            ),
        ]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class Delivery(models.Model):
    """
    A message to a webhook: what about, how often it was tried, and what was answered.

    .. pii: amounts and times of a customer
    .. pii_types: text about the person
    .. pii_retirement: after `api.webhook_days`
    """

    class Type(models.TextChoices):
        REDEMPTION_QUEUED = "redemption.queued", "A redemption waits"
        REDEMPTION_PENDING = "redemption.pending", "A redemption is on its way"
        REDEMPTION_PAID = "redemption.paid", "A redemption arrived"
        REDEMPTION_CANCELLED = "redemption.cancelled", "A redemption was undone"
        REWARD_PAID = "reward.paid", "A reward was paid"
        HOLD_BEGUN = "hold.begun", "Withdrawals wait"
        PING = "ping", "A test message"

    class Status(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        #: Claimed by a worker until `next_try_at`; then it is anybody's again.
        SENDING = "SENDING", "Sending"
        SENT = "SENT", "Sent"
        FAILED = "FAILED", "Failed"

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    type = models.CharField(max_length=24, choices=Type)
    #: Number of the redemption or hold, of the reward's journal, or of the ping.
    subject = models.BigIntegerField()
    #: Of a reward the position: a journal may pay several.
    position = models.BigIntegerField(db_default=0)
    #: JSON, as it was first sent; empty before.
    body = models.TextField(blank=True, db_default="")
    status = models.CharField(max_length=8, choices=Status, db_default="WAITING")
    tries = models.SmallIntegerField(db_default=0)
    #: Real time: when it is sent, or, while it is being sent, until when it is claimed.
    next_try_at = models.DateTimeField(null=True, db_default=Now())
    #: The last try: the status of HTTP it was answered, or why there was none. Real time.
    answered = models.SmallIntegerField(null=True)
    failure = models.CharField(max_length=200, blank=True, db_default="")
    tried_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "gateway_delivery"
        indexes: ClassVar = [
            models.Index(
                fields=["webhook", "id"],
                condition=Q(status__in=["WAITING", "SENDING"]),
                name="gateway_delivery_due",
            ),
            models.Index(fields=["webhook", "-id"], name="gateway_delivery_log"),
            models.Index(fields=["recorded_at"], name="gateway_delivery_by_age"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "webhook", "type", "subject", "position", name="gateway_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    type__in=[
                        "redemption.queued",
                        "redemption.pending",
                        "redemption.paid",
                        "redemption.cancelled",
                        "reward.paid",
                        "hold.begun",
                        "ping",
                    ]
                ),
                name="gateway_delivery_type_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["WAITING", "SENDING", "SENT", "FAILED"]),
                name="gateway_delivery_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["WAITING", "SENDING"], next_try_at__isnull=False)
                | (~Q(status__in=["WAITING", "SENDING"]) & Q(next_try_at__isnull=True)),
                name="gateway_delivery_is_tried_while_unsent",
            ),
            models.CheckConstraint(
                condition=Q(tries__gte=0), name="gateway_delivery_tries_are_a_count"
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
