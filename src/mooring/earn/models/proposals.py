"""Changes of what is offered, as one operator proposes and another decides them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Proposal(models.Model):
    """
    A change of terms, rates or a table, with the day it takes effect.

    .. no_pii:
    """

    class Kind(models.TextChoices):
        TERMS = "TERMS", "Terms of a product"
        RATE = "RATE", "Rate by the minute"
        DAILY_RATE = "DAILY_RATE", "Rates by the day"
        RATIO = "RATIO", "Conversion ratio"
        UNBONDING = "UNBONDING", "Unbonding period"
        RETIREMENT = "RETIREMENT", "End of a product"

    class Status(models.TextChoices):
        PENDING = "PENDING", "Waits for a second person"
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Rejected"

    kind = models.CharField(max_length=16, choices=Kind)
    #: What it is about: a product's code, or an asset's.
    subject = models.CharField(max_length=32)
    #: The values, as texts.
    payload = models.JSONField()
    effective_from = models.DateTimeField()
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING)
    proposed_by = models.CharField(max_length=128)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=128, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_proposal"
        indexes = [
            models.Index(fields=["subject", "id"], name="earn_proposal_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["TERMS", "RATE", "DAILY_RATE", "RATIO", "UNBONDING", "RETIREMENT"]
                ),
                name="earn_proposal_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["PENDING", "APPROVED", "REJECTED"]),
                name="earn_proposal_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="PENDING", decided_by="", decided_at__isnull=True)
                | Q(~Q(decided_by=""), ~Q(status="PENDING"), decided_at__isnull=False),
                name="earn_proposal_decision_agrees_with_status",
            ),
            # Four eyes.
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")), name="earn_proposal_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__regex=r"\S"), name="earn_proposal_has_an_author"
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"
