"""Money into positions and out of them: what was asked for and what it came to."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from mooring.earn.models.positions import Position
from mooring.earn.models.products import Product


class Subscription(models.Model):
    """
    A request to put money in that was carried out; its key makes it happen once.

    .. no_pii:
    """

    # Both rows are locked by who writes this one, and neither is ever deleted: a constraint
    # would look them up again for every row of a batch (decision 0007; audited instead).
    account = models.ForeignKey(
        "accounts.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    request_key = models.CharField(max_length=128)
    digest = models.CharField(max_length=32)
    amount = models.DecimalField(max_digits=38, decimal_places=18)
    #: Of it, out of the funding wallet; the rest came out of spot.
    from_funding = models.DecimalField(max_digits=38, decimal_places=18, db_default=0)
    #: Liquid staking: tokens given, and the ratio of the moment.
    tokens = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    ratio = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: The version of the terms' text that was agreed to; empty where nobody was asked (a
    #: renewal, an automatic subscription: agreed to when it was switched on).
    consent_version = models.CharField(max_length=32, blank=True, db_default="")
    subscribed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_subscription"
        indexes = [models.Index(fields=["position"], name="earn_subscription_of_position")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "request_key"], name="earn_subscription_request_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=10**20),
                name="earn_subscription_amount_positive",
            ),
            models.CheckConstraint(
                condition=Q(from_funding__gte=0, from_funding__lt=10**20),
                name="earn_subscription_from_funding_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(from_funding__lte=F("amount")),
                name="earn_subscription_from_funding_is_a_part",
            ),
            models.CheckConstraint(
                condition=Q(tokens__isnull=True) | Q(tokens__gt=0, tokens__lt=10**20),
                name="earn_subscription_tokens_positive",
            ),
            models.CheckConstraint(
                condition=Q(ratio__isnull=True) | Q(ratio__gt=0, ratio__lt=10**9),
                name="earn_subscription_ratio_positive",
            ),
            models.CheckConstraint(
                condition=Q(tokens__isnull=True, ratio__isnull=True)
                | Q(tokens__isnull=False, ratio__isnull=False),
                name="earn_subscription_tokens_at_a_ratio",
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
        #: Out of a product that the operator ended.
        RETIRED = "RETIRED", "Product ended"
        #: A token of liquid staking given back.
        LIQUID = "LIQUID", "Unstaking"

    class Status(models.TextChoices):
        #: Promised for `runs_at`; earns until then and can be cancelled.
        QUEUED = "QUEUED", "Waiting"
        PENDING = "PENDING", "On its way"
        PAID = "PAID", "Arrived"
        CANCELLED = "CANCELLED", "Undone"

    class Destination(models.TextChoices):
        SPOT = "SPOT", "Spot wallet"
        FUNDING = "FUNDING", "Funding wallet"
        #: Into the flexible product of the asset.
        FLEXIBLE = "FLEXIBLE", "Flexible position"
        #: Into a new locked position.
        RENEWAL = "RENEWAL", "New locked position"

    class Speed(models.TextChoices):
        """Flexible: which way out was taken."""

        FAST = "FAST", "Fast"
        STANDARD = "STANDARD", "Standard"

    class QueuedBecause(models.TextChoices):
        #: Beyond what may leave at once on that day.
        DAILY_LIMIT = "DAILY_LIMIT", "Daily limit"
        MAINTENANCE = "MAINTENANCE", "Maintenance"

    # Both rows are locked by who writes this one, and neither is ever deleted: a constraint
    # would look them up again for every row of a batch (decision 0007; audited instead).
    account = models.ForeignKey(
        "accounts.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    request_key = models.CharField(max_length=128)
    digest = models.CharField(max_length=32)
    type = models.CharField(max_length=16, choices=Type)
    status = models.CharField(max_length=16, choices=Status)
    destination = models.CharField(max_length=16, choices=Destination)
    #: The whole position leaves.
    is_whole = models.BooleanField(db_default=False)
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
    speed = models.CharField(max_length=16, choices=Speed, blank=True, db_default="")
    queued_because = models.CharField(
        max_length=16, choices=QueuedBecause, blank=True, db_default=""
    )
    #: When what waits goes on its way.
    runs_at = models.DateTimeField(null=True)
    #: Standard: what a unit of the product had grown to when the amount stopped earning.
    growth = models.DecimalField(max_digits=40, decimal_places=30, null=True)
    #: Standard: the least balance of the request's UTC day that earns daily rewards, just before
    #: the request and just after it; an undo puts it right.
    low_before = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    low_after = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: Where rewards are in another asset, in it: taken back, dropped, and paid to spot with the
    #: delivery. With a price what is taken back comes out of the principal: a unit of it costs
    #: that in the position's asset, and `deducted` is what all of it costs. Without, out of spot.
    reward_deducted = models.DecimalField(max_digits=38, decimal_places=18, db_default=0)
    reward_forfeited = models.DecimalField(max_digits=38, decimal_places=18, db_default=0)
    reward_kept = models.DecimalField(max_digits=38, decimal_places=18, db_default=0)
    reward_price = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: In part: whole reward days booked and paid when a part left; an undo books what this part
    #: would have earned since.
    days_accrued = models.SmallIntegerField(null=True)
    days_paid = models.SmallIntegerField(null=True)
    #: Liquid staking: the ratio of the request; `net` = `amount` in tokens times it.
    ratio = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: Where it went instead, and why, if `destination` did not take it.
    diverted_to = models.CharField(max_length=16, blank=True, db_default="")
    diverted_because = models.CharField(max_length=64, blank=True, db_default="")
    #: When it was found to be past its window.
    late_at = models.DateTimeField(null=True)
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
            models.Index(
                fields=["runs_at", "id"],
                condition=Q(status="QUEUED"),
                name="earn_redemption_queued",
            ),
            # What a customer and a product have had at once on a day.
            models.Index(
                fields=["account", "requested_at"],
                condition=Q(type="FLEXIBLE"),
                name="earn_redemption_of_account",
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
                condition=Q(type__in=["EARLY", "MATURE", "RETIRED"], is_whole=True)
                & ~Q(status="CANCELLED"),
                name="earn_redemption_one_live_per_locked_position",
            ),
            models.CheckConstraint(
                condition=Q(type__in=["FLEXIBLE", "EARLY", "MATURE", "RETIRED", "LIQUID"]),
                name="earn_redemption_type_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["QUEUED", "PENDING", "PAID", "CANCELLED"]),
                name="earn_redemption_status_known",
            ),
            models.CheckConstraint(
                condition=Q(destination__in=["SPOT", "FUNDING", "FLEXIBLE", "RENEWAL"]),
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
                )
                & (
                    Q(
                        ~Q(type="LIQUID"),
                        ratio__isnull=True,
                        net=F("amount") - F("deducted") - F("fee") + F("rewards_added"),
                    )
                    # Tokens leave, the asset arrives.
                    | Q(type="LIQUID", ratio__isnull=False)
                ),
                name="earn_redemption_net_adds_up",
            ),
            # NaN is above every number, and NaN equals NaN: the line above lets it through.
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__lt": 10**20}), name=f"earn_redemption_{name}_bounded"
                )
                for name in ("deducted", "fee", "forfeited", "rewards_added", "net")
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__gte": 0, f"{name}__lt": 10**20}),
                    name=f"earn_redemption_{name}_not_negative",
                )
                for name in ("reward_deducted", "reward_forfeited", "reward_kept")
            ),
            models.CheckConstraint(
                condition=Q(growth__isnull=True) | Q(growth__gte=1, growth__lt=10**10),
                name="earn_redemption_growth_at_least_one",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True})
                    | Q(**{f"{name}__gte": 0, f"{name}__lt": 10**20}),
                    name=f"earn_redemption_{name}_not_negative",
                )
                for name in ("low_before", "low_after")
            ),
            models.CheckConstraint(
                condition=Q(days_accrued__isnull=True, days_paid__isnull=True)
                | Q(
                    days_accrued__isnull=False,
                    days_paid__isnull=False,
                    days_paid__gte=0,
                    days_paid__lte=F("days_accrued"),
                ),
                name="earn_redemption_days_paid_were_accrued",
            ),
            models.CheckConstraint(
                condition=Q(ratio__isnull=True) | Q(ratio__gt=0, ratio__lt=10**9),
                name="earn_redemption_ratio_positive",
            ),
            models.CheckConstraint(
                condition=Q(reward_price__isnull=True)
                | Q(reward_price__gt=0, reward_price__lt=10**20),
                name="earn_redemption_reward_price_positive",
            ),
            models.CheckConstraint(
                condition=Q(~Q(speed=""), type="FLEXIBLE") | Q(~Q(type="FLEXIBLE"), speed=""),
                name="earn_redemption_speed_of_a_flexible",
            ),
            models.CheckConstraint(
                condition=Q(speed__in=["FAST", "STANDARD"]) | Q(speed=""),
                name="earn_redemption_speed_known",
            ),
            models.CheckConstraint(
                condition=Q(queued_because__in=["DAILY_LIMIT", "MAINTENANCE"])
                | Q(queued_because=""),
                name="earn_redemption_queued_because_known",
            ),
            # What waits says until when and why.
            models.CheckConstraint(
                condition=Q(queued_because="", runs_at__isnull=True)
                | Q(~Q(queued_because=""), runs_at__isnull=False, runs_at__gte=F("requested_at")),
                name="earn_redemption_queued_until",
            ),
            models.CheckConstraint(
                condition=Q(diverted_to="", diverted_because="")
                | Q(~Q(diverted_because=""), diverted_to__in=["SPOT", "FUNDING", "FLEXIBLE"]),
                name="earn_redemption_diverted_says_why",
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
                    Q(
                        status="QUEUED",
                        runs_at__isnull=False,
                        paid_at__isnull=True,
                        cancelled_at__isnull=True,
                    )
                    | Q(status="PENDING", paid_at__isnull=True, cancelled_at__isnull=True)
                    | Q(status="PAID", paid_at__isnull=False, cancelled_at__isnull=True)
                    | Q(status="CANCELLED", paid_at__isnull=True, cancelled_at__isnull=False)
                ),
                name="earn_redemption_times_agree_with_status",
            ),
        ]

    def __str__(self) -> str:
        return f"redemption {self.pk}"


class DailyExit(models.Model):
    """
    How much left a flexible product at once on a UTC day, where its terms limit that.

    The row is the lock under which the limit is asked and used; audited against redemptions.

    .. no_pii:
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    amount = models.DecimalField(max_digits=38, decimal_places=18, default=0)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "earn_daily_exit"
        constraints = [
            # Two counts of one day would each allow the limit.
            models.UniqueConstraint(fields=["product", "day"], name="earn_daily_exit_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lt=10**20),
                name="earn_daily_exit_amount_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"daily exit {self.pk}"
