"""Assets and their prices."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

#: What a numeric(38, 18) holds; NaN is above it, so the upper bound refuses NaN too.
_PRICE_BELOW = Decimal(10) ** 20


class Asset(models.Model):
    """
    A coin or a currency that the book can hold.

    `ledger_decimals` are those of its chain or rail: what can arrive and leave. The book itself
    is finer (domain rules §8), so rewards may have more.

    .. no_pii:
    """

    class Kind(models.TextChoices):
        CRYPTO = "CRYPTO", "Crypto"
        FIAT = "FIAT", "Fiat"

    code = models.CharField(max_length=16, primary_key=True)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind)
    ledger_decimals = models.SmallIntegerField()
    display_decimals = models.SmallIntegerField()
    reward_decimals = models.SmallIntegerField()
    is_active = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "assets_asset"
        constraints = [
            # Codes are compared byte by byte everywhere; a second spelling would be a second
            # asset.
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9]{2,16}$"),
                name="assets_asset_code_is_capitals_and_digits",
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"\S"),
                name="assets_asset_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["CRYPTO", "FIAT"]),
                name="assets_asset_kind_known",
            ),
            # The book has 18 decimals; nothing finer can be booked.
            models.CheckConstraint(
                condition=Q(ledger_decimals__range=(0, 18)),
                name="assets_asset_ledger_decimals_bookable",
            ),
            models.CheckConstraint(
                condition=Q(display_decimals__range=(0, 18)),
                name="assets_asset_display_decimals_bookable",
            ),
            models.CheckConstraint(
                condition=Q(reward_decimals__range=(0, 18)),
                name="assets_asset_reward_decimals_bookable",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Price(models.Model):
    """
    What one unit of an asset is worth in US dollars, from `valid_from` until the next row.

    Rows are only added (trigger `assets_price_append_only`): what was valued yesterday can be
    explained tomorrow.

    .. no_pii:
    """

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    usd = models.DecimalField(max_digits=38, decimal_places=18)
    valid_from = models.DateTimeField()
    source = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "assets_price"
        constraints = [
            # Two prices at one time would make the value depend on chance. Also the index that
            # finds the newest price.
            models.UniqueConstraint(
                fields=["asset", "valid_from"],
                name="assets_price_one_at_a_time",
            ),
            # NaN is greater than every number, hence the upper bound.
            models.CheckConstraint(
                condition=Q(usd__gt=0, usd__lt=_PRICE_BELOW),
                name="assets_price_is_positive_and_finite",
            ),
            models.CheckConstraint(
                condition=Q(source__regex=r"\S"),
                name="assets_price_has_a_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.usd} USD from {self.valid_from}"
