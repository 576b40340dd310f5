"""What the API remembers: who used how much, and which signatures were carried out."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


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
