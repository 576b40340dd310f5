"""Positions: a customer's place in a product."""

from django.db import models
from django.db.models import F, Q

from mooring.earn.models.products import Kind, Product, Terms


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

    # The indexes below begin with account and product; one of its own each would be a second.
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+", db_index=False)
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
            models.Index(
                fields=["rewards_end"],
                condition=Q(kind="LOCKED", status="HOLDING"),
                name="earn_position_maturing",
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
            # A unit never shrinks; NaN is above every number, so the upper end refuses it.
            models.CheckConstraint(
                condition=Q(growth__isnull=True) | Q(growth__gte=1, growth__lt=10**10),
                name="earn_position_growth_at_least_one",
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
