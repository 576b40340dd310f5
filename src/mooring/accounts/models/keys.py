"""Keys with which programs act for a customer."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mooring.accounts.models.people import Account


class ApiKey(models.Model):
    """
    A key for programs: it proves by signature, and may read, trade or withdraw (ACC-11).

    .. pii: addresses on the net that the key may be used from
    .. pii_types: ip_address
    .. pii_retirement: erased when the account is closed
    """

    class Type(models.TextChoices):
        HMAC = "HMAC", "HMAC-SHA256"
        ED25519 = "ED25519", "Ed25519"
        RSA = "RSA", "RSA"

    class End(models.TextChoices):
        NOT_YET = "", "Not ended"
        REVOKED = "REVOKED", "Revoked"
        DISABLED = "DISABLED", "Account disabled"
        PASSWORD_RESET = "PASSWORD_RESET", "Password reset"
        RECOVERY = "RECOVERY", "Account recovered"
        CLOSURE = "CLOSURE", "Account closing"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="api_keys")
    #: What clients send in X-MBX-APIKEY: 64 letters and digits.
    api_key = models.CharField(max_length=64)
    label = models.CharField(max_length=40)
    type = models.CharField(max_length=8, choices=Type)
    #: HMAC only: the secret, sealed, because checking needs it.
    sealed_secret = models.BinaryField(null=True, blank=True)
    #: Ed25519 and RSA: the public key, PEM.
    public_key = models.TextField(blank=True, default="")
    may_trade = models.BooleanField(default=False)
    may_withdraw = models.BooleanField(default=False)
    #: Networks in CIDR; empty: from anywhere.
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_ip = models.GenericIPAddressField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=16, choices=End, blank=True, default="")

    class Meta:
        db_table = "accounts_api_key"
        constraints = [
            models.UniqueConstraint("api_key", name="accounts_api_key_unique"),
            models.CheckConstraint(
                condition=Q(api_key__regex=r"^[A-Za-z0-9]{64}$"),
                name="accounts_api_key_is_64_letters_and_digits",
            ),
            models.CheckConstraint(
                condition=Q(type__in=["HMAC", "ED25519", "RSA"]), name="accounts_api_key_type_known"
            ),
            # A secret or a public key, never both: no key can be checked by the other's rule.
            models.CheckConstraint(
                condition=Q(type="HMAC", sealed_secret__isnull=False, public_key="")
                | (Q(type__in=["ED25519", "RSA"], sealed_secret__isnull=True) & ~Q(public_key="")),
                name="accounts_api_key_has_what_its_type_needs",
            ),
            models.CheckConstraint(
                condition=Q(may_withdraw=False) | Q(networks__len__gt=0),
                name="accounts_api_key_withdraws_from_listed_networks",
            ),
            models.CheckConstraint(
                condition=Q(
                    end__in=["", "REVOKED", "DISABLED", "PASSWORD_RESET", "RECOVERY", "CLOSURE"]
                ),
                name="accounts_api_key_end_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="accounts_api_key_end_has_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account"], name="accounts_api_key_by_account")]

    def __str__(self) -> str:
        return f"key {self.pk}"
