"""What products yield, as dated rows, and the days that are closed."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from mooring.earn.models.products import Product


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


class DailyRate(models.Model):
    """
    A flexible product's reward by the UTC day, for a part of the balance, from a day on.

    In the product's asset it is the bonus tiered APR, in another one the extra reward. All rows
    of one asset and one day are the tiers that hold until rows of a later day replace them; a
    single row with rate 0 ends them.

    .. no_pii:
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    from_day = models.DateField()
    asset = models.ForeignKey(
        "assets.Asset", on_delete=models.PROTECT, related_name="+", db_column="asset"
    )
    #: The part of the balance above this, up to that (null: without end).
    above = models.DecimalField(max_digits=38, decimal_places=18, default=0)
    up_to = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: Units of `asset` in a year for each unit of the balance; for the bonus that is the APR.
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_daily_rate"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "asset", "from_day", "above"], name="earn_daily_rate_tier_once"
            ),
            models.CheckConstraint(
                condition=Q(above__gte=0, above__lt=10**20),
                name="earn_daily_rate_above_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(up_to__isnull=True) | Q(up_to__gt=0, up_to__lt=10**20),
                name="earn_daily_rate_up_to_positive",
            ),
            models.CheckConstraint(
                condition=Q(up_to__isnull=True) | Q(up_to__gt=F("above")),
                name="earn_daily_rate_tier_in_order",
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate__lt=10**9), name="earn_daily_rate_is_a_rate"
            ),
        ]

    def __str__(self) -> str:
        return f"daily rate {self.pk}"


class Ratio(models.Model):
    """
    What one token of a liquid staking product is worth in its asset, from a time on.

    .. no_pii:
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    effective_from = models.DateTimeField()
    ratio = models.DecimalField(max_digits=38, decimal_places=18)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_ratio"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "effective_from"], name="earn_ratio_one_per_time"
            ),
            models.CheckConstraint(
                condition=Q(ratio__gt=0, ratio__lt=10**9), name="earn_ratio_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"ratio {self.pk}"


class Unbonding(models.Model):
    """
    How long an asset's chain takes to give back what was staked, from a time on.

    .. no_pii:
    """

    asset = models.ForeignKey(
        "assets.Asset", on_delete=models.PROTECT, related_name="+", db_column="asset"
    )
    effective_from = models.DateTimeField()
    hours_min = models.PositiveIntegerField()
    hours_max = models.PositiveIntegerField()
    #: What an operator wants to remember of it; customers read it too.
    note = models.CharField(max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_unbonding"
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "effective_from"], name="earn_unbonding_one_per_time"
            ),
            models.CheckConstraint(
                condition=Q(hours_max__gte=F("hours_min"), hours_max__lte=24 * 400),
                name="earn_unbonding_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"unbonding {self.pk}"


class DailyClose(models.Model):
    """
    A flexible product's UTC day whose daily rewards are all in the book.

    .. no_pii:
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    positions = models.IntegerField()
    closed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_daily_close"
        constraints = [
            models.UniqueConstraint(fields=["product", "day"], name="earn_daily_close_once"),
        ]

    def __str__(self) -> str:
        return f"daily close {self.pk}"


class DailyPayout(models.Model):
    """
    A flexible product's UTC day through which daily rewards have been paid.

    .. no_pii:
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    positions = models.IntegerField()
    paid_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_daily_payout"
        constraints = [
            models.UniqueConstraint(fields=["product", "day"], name="earn_daily_payout_once"),
        ]

    def __str__(self) -> str:
        return f"daily payout {self.pk}"


class TakenBack(models.Model):
    """
    A rate or a ratio that was announced and taken back before it began (decision 0034).

    Written by the functions that take it out of its own table, and by nobody else.

    .. no_pii:
    """

    class Kind(models.TextChoices):
        #: `number` is a yearly rate.
        RATE = "RATE", "Rate by the minute"
        #: `number` is what a token would have been worth.
        RATIO = "RATIO", "Conversion ratio"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    effective_from = models.DateTimeField()
    number = models.DecimalField(max_digits=38, decimal_places=18)
    taken_back_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_taken_back"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["RATE", "RATIO"]), name="earn_taken_back_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=0, number__lt=10**9), name="earn_taken_back_number_bounded"
            ),
            # What has begun was promised, and earned by.
            models.CheckConstraint(
                condition=Q(effective_from__gt=F("taken_back_at")), name="earn_taken_back_not_begun"
            ),
        ]

    def __str__(self) -> str:
        return f"taken back {self.pk}"
