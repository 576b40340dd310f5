"""Positions: a customer's place in a product."""

from django.db import models
from django.db.models import F, Q

from mooring.earn.models.products import Kind, Product, Terms


class RedeemTo(models.TextChoices):
    """Where a locked position's principal goes at its end."""

    SPOT = "SPOT", "Spot wallet"
    FUNDING = "FUNDING", "Funding wallet"
    FLEXIBLE = "FLEXIBLE", "The flexible product of the asset"


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

    #: Flexible: pledged to a loan, and promised to leave at a later time: both keep earning and
    #: both are in accounts of the book of their own, never in `principal_account`.
    pledged = models.DecimalField(max_digits=38, decimal_places=18, db_default=0)
    queued = models.DecimalField(max_digits=38, decimal_places=18, db_default=0)
    pledged_account = models.BigIntegerField(null=True)
    #: Flexible: what was credited so far by the minute.
    credited_total = models.DecimalField(max_digits=38, decimal_places=18, db_default=0)
    #: Flexible: daily rewards are booked up to, not including, this UTC day, and paid up to, not
    #: including, that one.
    daily_booked = models.DateField(null=True)
    daily_paid = models.DateField(null=True)
    #: Flexible: the least balance of `low_day` so far that earns daily rewards.
    low_day = models.DateField(null=True)
    low = models.DecimalField(max_digits=38, decimal_places=18, null=True)
    #: Flexible: daily rewards below the credited unit, carried exactly: of the bonus, and of the
    #: extra reward, which waits in an account of its own.
    bonus_carry = models.DecimalField(max_digits=40, decimal_places=30, db_default=0)
    extra_carry = models.DecimalField(max_digits=40, decimal_places=30, db_default=0)
    extra_account = models.BigIntegerField(null=True)
    #: Flexible: left, with daily rewards that are booked and not paid yet.
    awaits_payout = models.BooleanField(db_default=False)

    #: Locked: what becomes of the principal at the end, until then at the customer's choice.
    auto_renew = models.BooleanField(db_default=False)
    redeem_to = models.CharField(max_length=16, choices=RedeemTo, db_default=RedeemTo.SPOT)
    #: Locked: the position whose principal this one is.
    renewed_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

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
            # What those that were left earned by the day comes next morning. No index names
            # what a night changes of every position: an update would touch them all.
            models.Index(
                fields=["product", "id"],
                condition=Q(awaits_payout=True),
                name="earn_position_left_unpaid",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["FLEXIBLE", "LOCKED", "LIQUID"]),
                name="earn_position_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["HOLDING", "REDEEMING", "PAID"]),
                name="earn_position_status_known",
            ),
            # Held and left exclude each other.
            models.CheckConstraint(
                condition=Q(status="HOLDING", exit="")
                | Q(~Q(status="HOLDING"), exit__in=["FLEXIBLE", "EARLY", "MATURE", "RETIRED"]),
                name="earn_position_exit_agrees_with_status",
            ),
            # Subscribing again adds to the live flexible position instead of opening a second.
            models.UniqueConstraint(
                fields=["account", "product"],
                condition=~Q(kind="LOCKED") & ~Q(status="PAID"),
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
                    # Liquid staking: the token in the customer's wallet is all there is.
                    | Q(
                        kind="LIQUID",
                        accrued_minute__isnull=True,
                        value_date__isnull=True,
                        status="HOLDING",
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
            # What is pledged or on its way out is in an account of the book.
            models.CheckConstraint(
                condition=Q(pledged=0) | Q(kind="FLEXIBLE", pledged_account__isnull=False),
                name="earn_position_pledged_is_booked",
            ),
            models.CheckConstraint(
                condition=Q(queued=0) | Q(kind="FLEXIBLE", redeeming_account__isnull=False),
                name="earn_position_queued_is_booked",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__gte": 0, f"{name}__lt": 10**20}),
                    name=f"earn_position_{name}_not_negative",
                )
                for name in ("pledged", "queued", "credited_total")
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(low__gte=0, low__lt=10**20),
                name="earn_position_low_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, low_day__isnull=True)
                | Q(low__isnull=False, low_day__isnull=False),
                name="earn_position_low_has_a_day",
            ),
            # Daily rewards are booked before they are paid.
            models.CheckConstraint(
                condition=Q(daily_booked__isnull=True, daily_paid__isnull=True)
                | Q(
                    daily_booked__isnull=False,
                    daily_paid__isnull=False,
                    daily_paid__lte=F("daily_booked"),
                ),
                name="earn_position_daily_paid_after_booked",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__gte": 0, f"{name}__lt": "0.00000001"}),
                    name=f"earn_position_{name}_below_unit",
                )
                for name in ("bonus_carry", "extra_carry")
            ),
            models.CheckConstraint(
                condition=Q(redeem_to__in=["SPOT", "FUNDING", "FLEXIBLE"]),
                name="earn_position_redeem_to_known",
            ),
            # A position is renewed once.
            # Of those that were: an index over the others would cost every change of a status.
            models.UniqueConstraint(
                fields=["renewed_from"],
                condition=Q(renewed_from__isnull=False),
                name="earn_position_renewed_once",
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
