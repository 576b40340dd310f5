"""What secures a loan."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from mooring.earn.models.positions import Position


class Pledge(models.Model):
    """
    A part of a flexible position that its holder keeps from being redeemed (EARN-11).

    .. no_pii:
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=128)
    #: Who holds it, as the customer reads it: a kind and its number, "loan 4711".
    holder = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=38, decimal_places=18)
    released = models.DecimalField(max_digits=38, decimal_places=18, default=0)
    pledged_at = models.DateTimeField()
    #: When all of it was free again.
    released_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_pledge"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "request_key"], name="earn_pledge_request_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=10**20), name="earn_pledge_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(released__gte=0, released__lt=10**20),
                name="earn_pledge_released_not_negative",
            ),
            # Never more than was pledged, and all of it from a time on.
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released__lt=F("amount"))
                | Q(released_at__isnull=False, released=F("amount")),
                name="earn_pledge_released_at_agrees",
            ),
            models.CheckConstraint(
                condition=Q(holder__regex=r"\S"), name="earn_pledge_has_a_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"pledge {self.pk}"
