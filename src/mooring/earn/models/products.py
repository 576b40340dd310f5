"""Products and their dated terms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Kind(models.TextChoices):
    """How a product may be left."""

    #: At any time; rewards by the minute.
    FLEXIBLE = "FLEXIBLE", "Flexible"
    #: After a term; rewards by the day.
    LOCKED = "LOCKED", "Locked"
    #: By giving a token back, at a ratio that rises; the chain's unbonding takes its time.
    LIQUID = "LIQUID", "Liquid staking"


class Product(models.Model):
    """
    Something a customer can subscribe to; its code is public and permanent.

    .. no_pii:
    """

    class Family(models.TextChoices):
        """Where the rewards come from, and so who decides how long leaving takes."""

        #: The platform's own use of the money.
        SIMPLE = "SIMPLE", "Simple Earn"
        #: A protocol of the asset's chain.
        ONCHAIN = "ONCHAIN", "On-chain"

    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    family = models.CharField(max_length=16, choices=Family, default=Family.SIMPLE)
    asset = models.ForeignKey(
        "assets.Asset", on_delete=models.PROTECT, related_name="+", db_column="asset"
    )
    #: Liquid staking: what a customer holds instead of `asset`.
    token = models.ForeignKey(
        "assets.Asset", on_delete=models.PROTECT, related_name="+", db_column="token", null=True
    )
    #: Taking new money. Closing it never closes the way out.
    subscriptions_open = models.BooleanField(default=True)
    #: From then on nothing earns and everything comes back; set once, by the operator.
    retires_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_product"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["FLEXIBLE", "LOCKED", "LIQUID"]),
                name="earn_product_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(family__in=["SIMPLE", "ONCHAIN"]), name="earn_product_family_known"
            ),
            # Liquid staking gives a token, nothing else does.
            models.CheckConstraint(
                condition=Q(kind="LIQUID", token__isnull=False)
                | Q(~Q(kind="LIQUID"), token__isnull=True),
                name="earn_product_liquid_has_a_token",
            ),
            # A token that two products issue could not be given back to one of them.
            models.UniqueConstraint(fields=["token"], name="earn_product_token_once"),
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
        #: The whole position or a part of it.
        PARTIAL = "PARTIAL", "Allowed, also in part"
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
    #: Per subscription; null is no bound.
    maximum = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    quota_per_person = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: What all customers together may hold in the product.
    quota_total = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: ISO 3166 codes of the countries whose residents cannot subscribe.
    excluded_countries = ArrayField(models.CharField(max_length=2), default=list)
    #: Of leaving at once (flexible) or early (locked).
    fee_rate = models.DecimalField(max_digits=12, decimal_places=10, default=0)
    redeem_minimum = models.DecimalField(max_digits=38, decimal_places=18, default=0)
    #: Flexible: whether money can leave at once (fast), and how much of it per UTC day; what is
    #: beyond waits for the next day.
    is_instant = models.BooleanField(default=True)
    daily_limit_per_person = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    daily_limit_total = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: Flexible: whether and how slowly money can leave the standard way, with a fee of its own.
    standard_days = models.PositiveSmallIntegerField(null=True)
    standard_fee_rate = models.DecimalField(max_digits=12, decimal_places=10, default=0)
    #: Locked: the principal may go into a new position at its end.
    is_renewable = models.BooleanField(default=False)
    #: Locked: what rewards are paid in, where that is not the asset itself; `apr` is then in
    #: units of it, for each unit of the asset.
    reward_asset = models.ForeignKey(
        "assets.Asset",
        on_delete=models.PROTECT,
        related_name="+",
        db_column="reward_asset",
        null=True,
    )
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
                condition=Q(early_redemption__in=["ALLOWED", "PARTIAL", "NONE"]),
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
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True})
                    | Q(**{f"{name}__gt": 0, f"{name}__lt": 10**20}),
                    name=f"earn_terms_{name}_positive",
                )
                for name in (
                    "maximum",
                    "quota_total",
                    "daily_limit_per_person",
                    "daily_limit_total",
                )
            ),
            models.CheckConstraint(
                condition=Q(fee_rate__gte=0, fee_rate__lt=1), name="earn_terms_fee_rate_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(standard_fee_rate__gte=0, standard_fee_rate__lt=1),
                name="earn_terms_standard_fee_rate_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(redeem_minimum__gte=0, redeem_minimum__lt=10**20),
                name="earn_terms_redeem_minimum_not_negative",
            ),
            # There is always a way out.
            models.CheckConstraint(
                condition=Q(is_instant=True)
                | Q(standard_days__isnull=False)
                | Q(duration_days__isnull=False),
                name="earn_terms_can_be_left",
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
                condition=Q(grace_seconds__lte=F("delivery_hours_min") * 3600)
                | Q(
                    duration_days__isnull=True,
                    standard_days__isnull=False,
                    grace_seconds__lte=F("standard_days") * 86400,
                ),
                name="earn_terms_grace_ends_before_delivery",
            ),
        ]

    def __str__(self) -> str:
        return f"terms {self.pk}"
