"""
What was agreed: products, their dated terms and rates, positions, subscriptions, redemptions.

No row here holds money. A position's principal is the balance of its `principal_account` in
the book; kept here is the contract and how far its rewards have been computed.
"""

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


class Position(models.Model):
    """
    A customer's place in one product, under the terms it was opened with.

    Holds no money: the principal is the balance of `principal_account` in the book, rewards
    that are earned and not paid that of `rewards_account`.

    .. no_pii:
    """

    class Status(models.TextChoices):
        #: Earning.
        HOLDING = "HOLDING", "Holding"
        #: Left, the money on its way.
        REDEEMING = "REDEEMING", "Redeeming"
        #: Left, the money delivered.
        PAID = "PAID", "Paid"

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    status = models.CharField(max_length=16, choices=Status, default=Status.HOLDING)
    #: How it was left; empty while it holds.
    exit = models.CharField(max_length=16, blank=True, default="")
    #: Counts what the customer did to it; a quote is good for one version only.
    version = models.IntegerField(default=1)
    #: In the book; not a foreign key, because the book's rows are nobody's to cascade to.
    principal_account = models.BigIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    #: Flexible: rewards are computed up to, not including, this minute since 1970.
    accrued_minute = models.BigIntegerField(null=True)
    #: Flexible: the product's growth at that minute.
    growth = models.DecimalField(max_digits=40, decimal_places=30, null=True)
    #: Flexible: earned below the credited unit, carried exactly.
    carry = models.DecimalField(max_digits=40, decimal_places=30, null=True)

    #: Locked: where rewards wait between earning and payment, and where principal waits
    #: between leaving and delivery; in the book.
    rewards_account = models.BigIntegerField(null=True)
    redeeming_account = models.BigIntegerField(null=True)
    #: Locked: first reward day, end of the last one, delivery; UTC midnights.
    value_date = models.DateTimeField(null=True)
    rewards_end = models.DateTimeField(null=True)
    delivers_at = models.DateTimeField(null=True)
    #: Locked: whole reward days earned, and how many of them were paid.
    days_accrued = models.SmallIntegerField(null=True)
    days_paid = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "earn_position"
        indexes = [
            models.Index(fields=["account", "status"], name="earn_position_of_account"),
            models.Index(
                fields=["product", "id"],
                condition=Q(status="HOLDING"),
                name="earn_position_earning",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["FLEXIBLE", "LOCKED"]), name="earn_position_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["HOLDING", "REDEEMING", "PAID"]),
                name="earn_position_status_known",
            ),
            # Held and left exclude each other.
            models.CheckConstraint(
                condition=Q(status="HOLDING", exit="")
                | Q(~Q(status="HOLDING"), exit__in=["FLEXIBLE", "EARLY", "MATURE"]),
                name="earn_position_exit_agrees_with_status",
            ),
            # Subscribing again adds to the live flexible position instead of opening a second.
            models.UniqueConstraint(
                fields=["account", "product"],
                condition=Q(kind="FLEXIBLE") & ~Q(status="PAID"),
                name="earn_position_one_live_flexible_per_product",
            ),
            # Two positions on one account of the book could redeem each other's principal.
            models.UniqueConstraint(
                fields=["principal_account"], name="earn_position_principal_account_unique"
            ),
            # Paid has a time, not before the opening; anything else has none. (The null test
            # is needed: a CHECK that evaluates to NULL passes.)
            models.CheckConstraint(
                condition=(
                    Q(status="PAID", closed_at__isnull=False, closed_at__gte=F("opened_at"))
                    | Q(~Q(status="PAID"), closed_at__isnull=True)
                ),
                name="earn_position_closed_at_agrees_with_status",
            ),
            # A flexible position knows how far it accrued; a locked one its dates and days.
            models.CheckConstraint(
                condition=(
                    Q(
                        kind="FLEXIBLE",
                        accrued_minute__isnull=False,
                        growth__isnull=False,
                        carry__isnull=False,
                        value_date__isnull=True,
                    )
                    | Q(
                        kind="LOCKED",
                        accrued_minute__isnull=True,
                        rewards_account__isnull=False,
                        redeeming_account__isnull=False,
                        value_date__isnull=False,
                        rewards_end__isnull=False,
                        delivers_at__isnull=False,
                        days_accrued__isnull=False,
                        days_paid__isnull=False,
                    )
                ),
                name="earn_position_facts_of_its_kind",
            ),
            # The carry is less than the smallest unit credited (I-14).
            models.CheckConstraint(
                condition=Q(carry__isnull=True) | Q(carry__gte=0, carry__lt="0.00000001"),
                name="earn_position_carry_below_unit",
            ),
            # Paid days were earned first.
            models.CheckConstraint(
                condition=Q(days_paid__isnull=True)
                | Q(days_paid__gte=0, days_paid__lte=F("days_accrued")),
                name="earn_position_days_paid_were_accrued",
            ),
            models.CheckConstraint(
                condition=Q(value_date__isnull=True)
                | Q(rewards_end__gt=F("value_date"), delivers_at__gte=F("rewards_end")),
                name="earn_position_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"position {self.pk}"


class Subscription(models.Model):
    """
    A request to put money in that was carried out; its key makes it happen once.

    .. no_pii:
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=128)
    digest = models.CharField(max_length=32)
    amount = models.DecimalField(max_digits=38, decimal_places=18)
    subscribed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_subscription"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "request_key"], name="earn_subscription_request_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=10**20),
                name="earn_subscription_amount_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Redemption(models.Model):
    """
    Money on its way out of a position, and what leaving cost.

    .. no_pii:
    """

    class Type(models.TextChoices):
        #: Out of a flexible position.
        FLEXIBLE = "FLEXIBLE", "Flexible"
        #: Out of a locked position before its end.
        EARLY = "EARLY", "Early"
        #: Out of a locked position at its end.
        MATURE = "MATURE", "At maturity"

    class Status(models.TextChoices):
        PENDING = "PENDING", "On its way"
        PAID = "PAID", "Arrived"
        CANCELLED = "CANCELLED", "Undone"

    class Destination(models.TextChoices):
        SPOT = "SPOT", "Spot wallet"
        FUNDING = "FUNDING", "Funding wallet"

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=128)
    digest = models.CharField(max_length=32)
    type = models.CharField(max_length=16, choices=Type)
    status = models.CharField(max_length=16, choices=Status)
    destination = models.CharField(max_length=16, choices=Destination)
    #: What left the position.
    amount = models.DecimalField(max_digits=38, decimal_places=18)
    #: Of it: paid rewards taken back, and the fee.
    deducted = models.DecimalField(max_digits=38, decimal_places=18)
    fee = models.DecimalField(max_digits=38, decimal_places=18)
    #: Earned, not yet paid: dropped, and added to what arrives.
    forfeited = models.DecimalField(max_digits=38, decimal_places=18)
    rewards_added = models.DecimalField(max_digits=38, decimal_places=18)
    #: What arrives: amount - deducted - fee + rewards_added.
    net = models.DecimalField(max_digits=38, decimal_places=18)
    requested_at = models.DateTimeField()
    arrives_from = models.DateTimeField()
    arrives_until = models.DateTimeField()
    undo_until = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_redemption"
        indexes = [
            models.Index(
                fields=["arrives_from", "id"],
                condition=Q(status="PENDING"),
                name="earn_redemption_due",
            ),
            models.Index(fields=["position"], name="earn_redemption_of_position"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "request_key"], name="earn_redemption_request_once"
            ),
            # A position left twice would be paid twice.
            models.UniqueConstraint(
                fields=["position"],
                condition=~Q(type="FLEXIBLE") & ~Q(status="CANCELLED"),
                name="earn_redemption_one_live_per_locked_position",
            ),
            models.CheckConstraint(
                condition=Q(type__in=["FLEXIBLE", "EARLY", "MATURE"]),
                name="earn_redemption_type_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["PENDING", "PAID", "CANCELLED"]),
                name="earn_redemption_status_known",
            ),
            models.CheckConstraint(
                condition=Q(destination__in=["SPOT", "FUNDING"]),
                name="earn_redemption_destination_known",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=10**20),
                name="earn_redemption_amount_positive",
            ),
            # Every unit is accounted for.
            models.CheckConstraint(
                condition=Q(
                    deducted__gte=0,
                    fee__gte=0,
                    forfeited__gte=0,
                    rewards_added__gte=0,
                    net__gte=0,
                    net=F("amount") - F("deducted") - F("fee") + F("rewards_added"),
                ),
                name="earn_redemption_net_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    arrives_from__gte=F("requested_at"), arrives_until__gte=F("arrives_from")
                ),
                name="earn_redemption_window_in_order",
            ),
            # Each status has its time and no other.
            models.CheckConstraint(
                condition=(
                    Q(status="PENDING", paid_at__isnull=True, cancelled_at__isnull=True)
                    | Q(status="PAID", paid_at__isnull=False, cancelled_at__isnull=True)
                    | Q(status="CANCELLED", paid_at__isnull=True, cancelled_at__isnull=False)
                ),
                name="earn_redemption_times_agree_with_status",
            ),
        ]

    def __str__(self) -> str:
        return f"redemption {self.pk}"


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
