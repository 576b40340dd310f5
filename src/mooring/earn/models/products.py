"""Products, their dated terms and rates, and the days that are closed."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Kind(models.TextChoices):
    """How a product may be left."""

    #: At any time; rewards by the minute.
    FLEXIBLE = "FLEXIBLE", "Flexible"
    #: After a term; rewards by the day.
    LOCKED = "LOCKED", "Locked"


class Product(models.Model):
    """
    Something a customer can subscribe to; its code is public and permanent.

    .. no_pii:
    """

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    asset = models.ForeignKey(
        "assets.Asset", on_delete=models.PROTECT, related_name="+", db_column="asset"
    )
    #: Taking new money. Closing it never closes the way out.
    subscriptions_open = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_product"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["FLEXIBLE", "LOCKED"]), name="earn_product_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Terms(models.Model):
    """
    What a product promises from `effective_from` on; a position keeps the terms it opened with.

    .. no_pii:
    """

    class EarlyRedemption(models.TextChoices):
        #: The whole position, at any time before its end.
        ALLOWED = "ALLOWED", "Allowed"
        #: Not before the end.
        NONE = "NONE", "Not before the end"

    class ClawBack(models.TextChoices):
        """What becomes of rewards when a locked position is left early (EARN-5)."""

        DISTRIBUTED_AND_ACCRUED = "DISTRIBUTED_AND_ACCRUED", "Paid and accrued rewards are lost"
        ACCRUED_ONLY = "ACCRUED_ONLY", "Accrued rewards are lost"
        PRO_RATA = "PRO_RATA", "The share of the term that was served is kept"
        NONE = "NONE", "Nothing is lost"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    effective_from = models.DateTimeField()
    minimum = models.DecimalField(max_digits=38, decimal_places=18)
    minimum_remaining = models.DecimalField(max_digits=38, decimal_places=18, default=0)
    quota_per_person = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    fee_rate = models.DecimalField(max_digits=12, decimal_places=10, default=0)
    #: Locked only: yearly rate as a fraction, fixed when the position opens.
    apr = models.DecimalField(max_digits=12, decimal_places=10, null=True)
    duration_days = models.PositiveSmallIntegerField(null=True)
    redeem_period_days = models.PositiveSmallIntegerField(default=0)
    early_redemption = models.CharField(
        max_length=16, choices=EarlyRedemption, default=EarlyRedemption.ALLOWED
    )
    claw_back = models.CharField(
        max_length=32, choices=ClawBack, default=ClawBack.DISTRIBUTED_AND_ACCRUED
    )
    delivery_hours_min = models.PositiveSmallIntegerField(default=0)
    delivery_hours_max = models.PositiveSmallIntegerField(default=0)
    grace_seconds = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_terms"
        constraints = [
            # One promise at a time.
            models.UniqueConstraint(
                fields=["product", "effective_from"], name="earn_terms_one_per_time"
            ),
            models.CheckConstraint(
                condition=Q(early_redemption__in=["ALLOWED", "NONE"]),
                name="earn_terms_early_redemption_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    claw_back__in=["DISTRIBUTED_AND_ACCRUED", "ACCRUED_ONLY", "PRO_RATA", "NONE"]
                ),
                name="earn_terms_claw_back_known",
            ),
            # NaN is greater than every number, so each bound needs an upper end as well.
            models.CheckConstraint(
                condition=Q(minimum__gt=0, minimum__lt=10**20), name="earn_terms_minimum_positive"
            ),
            models.CheckConstraint(
                condition=Q(minimum_remaining__gte=0, minimum_remaining__lt=10**20),
                name="earn_terms_minimum_remaining_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(quota_per_person__isnull=True)
                | Q(quota_per_person__gt=0, quota_per_person__lt=10**20),
                name="earn_terms_quota_positive",
            ),
            models.CheckConstraint(
                condition=Q(fee_rate__gte=0, fee_rate__lt=1), name="earn_terms_fee_rate_is_a_share"
            ),
            # A term has a rate and a length; without a term there is neither.
            models.CheckConstraint(
                condition=Q(apr__isnull=True, duration_days__isnull=True)
                | Q(
                    apr__isnull=False,
                    duration_days__isnull=False,
                    apr__gte=0,
                    apr__lt=100,
                    duration_days__gte=1,
                ),
                name="earn_terms_locked_has_rate_and_length",
            ),
            # NaN is above every number, so a rate needs an upper end of its own.
            models.CheckConstraint(
                condition=Q(apr__isnull=True) | Q(apr__gte=0, apr__lt=100),
                name="earn_terms_apr_is_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(delivery_hours_max__gte=F("delivery_hours_min")),
                name="earn_terms_delivery_window_in_order",
            ),
            # An undo must end before the money moves on.
            models.CheckConstraint(
                condition=Q(grace_seconds__lte=F("delivery_hours_min") * 3600),
                name="earn_terms_grace_ends_before_delivery",
            ),
        ]

    def __str__(self) -> str:
        return f"terms {self.pk}"


class Rate(models.Model):
    """
    A flexible product's rate from a minute on, and how much one unit had grown to by then.

    One row per change of rate, none per minute: a position's reward is the quotient of two
    growths (decision 0006).

    .. no_pii:
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    #: Minutes since 1970-01-01 00:00 UTC.
    from_minute = models.BigIntegerField()
    apr = models.DecimalField(max_digits=12, decimal_places=10)
    #: One unit put in at the product's first minute, with its rewards, 30 decimals.
    growth = models.DecimalField(max_digits=40, decimal_places=30)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_rate"
        constraints = [
            # Two rates for one minute would make two rewards.
            models.UniqueConstraint(
                fields=["product", "from_minute"], name="earn_rate_one_per_minute"
            ),
            models.CheckConstraint(
                condition=Q(apr__gte=0, apr__lt=100), name="earn_rate_apr_is_a_rate"
            ),
            # A unit never shrinks.
            models.CheckConstraint(
                condition=Q(growth__gte=1, growth__lt=10**10), name="earn_rate_growth_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"rate {self.pk}"


class DayClose(models.Model):
    """
    A flexible product's UTC day whose rewards are all in the book.

    .. no_pii:
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    positions = models.IntegerField()
    closed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_day_close"
        constraints = [
            # A day is closed once.
            models.UniqueConstraint(fields=["product", "day"], name="earn_day_close_once"),
        ]

    def __str__(self) -> str:
        return f"close {self.pk}"
