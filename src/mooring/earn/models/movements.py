"""Money into positions and out of them: what was asked for and what it came to."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from mooring.earn.models.positions import Position


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
            # NaN is above every number, and NaN equals NaN: the line above lets it through.
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__lt": 10**20}), name=f"earn_redemption_{name}_bounded"
                )
                for name in ("deducted", "fee", "forfeited", "rewards_added", "net")
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
