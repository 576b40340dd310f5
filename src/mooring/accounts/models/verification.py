"""Who a customer is: what they told us, what they showed us, and what a reviewer found."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mooring.accounts.models.people import Account, User


class Verification(models.Model):
    """
    A request to be verified at a level, and its decision (ACC-9). Platform time.

    .. pii: name, birth date, country and address, sealed
    .. pii_types: name, birth_date, postal_address
    .. pii_retirement: five years after the account is closed (domain rules §4.5)
    """

    class Status(models.TextChoices):
        PENDING = "PENDING", "Pending"
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Rejected"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="verifications")
    level = models.SmallIntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    #: JSON of what the form asked for, sealed.
    sealed_form = models.BinaryField()
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    #: Who decided; empty when decided by a provider or by the sandbox itself.
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    #: Shown to the customer when rejected.
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "accounts_verification"
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[1, 2]), name="accounts_verification_level_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["PENDING", "APPROVED", "REJECTED"]),
                name="accounts_verification_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="PENDING", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="PENDING") & Q(decided_at__isnull=False)),
                name="accounts_verification_decision_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="REJECTED") | ~Q(reason=""),
                name="accounts_verification_rejected_with_a_reason",
            ),
            models.UniqueConstraint(
                "account",
                condition=Q(status="PENDING"),
                name="accounts_verification_one_pending",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "submitted_at"], name="accounts_verification_queue")
        ]

    def __str__(self) -> str:
        return f"verification {self.pk}"


class Document(models.Model):
    """
    A picture that belongs to a verification: sniffed, measured, written anew, sealed.

    Kept in the database and not in a folder, so that every machine and every backup has it.

    .. pii: the picture of a document or a face, sealed
    .. pii_types: identity_document, portrait
    .. pii_retirement: five years after the account is closed (domain rules §4.5)
    """

    class Kind(models.TextChoices):
        IDENTITY_FRONT = "IDENTITY_FRONT", "Identity document, front"
        IDENTITY_BACK = "IDENTITY_BACK", "Identity document, back"
        PORTRAIT = "PORTRAIT", "Portrait"
        ADDRESS = "ADDRESS", "Proof of address"

    class MediaType(models.TextChoices):
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"

    verification = models.ForeignKey(
        Verification, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    media_type = models.CharField(max_length=16, choices=MediaType)
    #: Pixels, and bytes of the picture before sealing.
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "accounts_document"
        constraints = [
            models.UniqueConstraint("verification", "kind", name="accounts_document_one_per_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["IDENTITY_FRONT", "IDENTITY_BACK", "PORTRAIT", "ADDRESS"]),
                name="accounts_document_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(media_type__in=["image/jpeg", "image/png"]),
                name="accounts_document_media_type_known",
            ),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0, size__gt=0),
                name="accounts_document_is_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"
