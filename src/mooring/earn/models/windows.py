"""When something is off, and what a customer has switched on."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from mooring.earn.models.products import Product


class Window(models.Model):
    """
    Maintenance of a product, an asset or everything (EARN-12).

    In force from `starts_at` until `ended_at`, or until `expected_end` where nobody ended it.

    .. no_pii:
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", null=True)
    asset = models.ForeignKey(
        "assets.Asset", on_delete=models.PROTECT, related_name="+", db_column="asset", null=True
    )
    stops_subscriptions = models.BooleanField()
    #: Redemptions are taken and wait for the end of the window.
    stops_redemptions = models.BooleanField()
    reason = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    expected_end = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: Who announced it, as the operator's console knows them.
    author = models.CharField(max_length=128)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_window"
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=True) | Q(asset__isnull=True),
                name="earn_window_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(stops_subscriptions=True) | Q(stops_redemptions=True),
                name="earn_window_stops_something",
            ),
            models.CheckConstraint(
                condition=Q(expected_end__gt=F("starts_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("starts_at"))),
                name="earn_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="earn_window_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(author__regex=r"\S"), name="earn_window_has_an_author"
            ),
        ]

    def __str__(self) -> str:
        return f"window {self.pk}"


class AutoSubscription(models.Model):
    """
    A customer's wish that free spot of an asset goes into a flexible product once a day.

    .. no_pii:
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()
    #: The UTC day of its last run.
    ran_on = models.DateField(null=True)
    consent_version = models.CharField(max_length=32, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_auto_subscription"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "product"], name="earn_auto_subscription_once"
            ),
        ]

    def __str__(self) -> str:
        return f"auto-subscription {self.pk}"
