"""What happened to an account's security, what waits because of it, and the way back in."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from mooring.accounts.models.people import Account, User


class SecurityEvent(models.Model):
    """
    Something that happened to a log-in's security; written once, shown to its person.

    .. pii: address on the net and kind of browser
    .. pii_types: ip_address, user_agent
    .. pii_retirement: a year after the account is closed
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    #: Such as `logged_in`; the list is `accounts.events.Kind`.
    kind = models.CharField(max_length=40)
    #: Facts as text by name; never a secret.
    details = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True, blank=True)
    device_name = models.CharField(max_length=80, blank=True, default="")
    #: Platform time; beside it the wall's, for investigators.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "accounts_security_event"
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="accounts_security_event_latest"),
            # Counted at each view: how many a reviewer has had in a day.
            models.Index(
                fields=["at"],
                condition=Q(kind="document_viewed"),
                name="accounts_security_event_views",
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"


class NotedTry(models.Model):
    """
    What somebody who is not logged in tried, written alike whether it was about anybody.

    Within two hours what was about a person becomes an event of theirs, and the row is gone.

    .. pii: address on the net
    .. pii_types: ip_address
    .. pii_retirement: two hours
    """

    #: Keyed digest of the kind and of what was typed, known or not: no address can be read from it.
    whose = models.CharField(max_length=64)
    #: The kind of event that it becomes.
    kind = models.CharField(max_length=40)
    #: The log-in that it is about; 0: nobody's. No foreign key: that is checked at commit, which
    #: would cost more for somebody known.
    about = models.BigIntegerField(default=0)
    #: The network: of version 6 the first address of its /64.
    ip = models.GenericIPAddressField()
    #: Wall time.
    hour = models.DateTimeField()
    count = models.IntegerField(default=1)
    #: Platform time of the last one.
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_noted_try"
        constraints = [
            # Counted in one row, whose owner's log is not flooded.
            models.UniqueConstraint("whose", "ip", "hour", name="accounts_noted_try_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="accounts_noted_try_counts_up"),
        ]

    def __str__(self) -> str:
        return f"tries noted of {self.whose[:8]}"


class Hold(models.Model):
    """
    Withdrawals wait until `ends_at`, because of a change (WAL-8). Written once: it never shortens.

    Platform time.

    .. no_pii:
    """

    class Cause(models.TextChoices):
        PASSWORD_CHANGED = "PASSWORD_CHANGED", "Password changed"
        FACTOR_ADDED = "FACTOR_ADDED", "Factor added"
        FACTOR_REMOVED = "FACTOR_REMOVED", "Factor changed or removed"
        LOWER_FACTOR = "LOWER_FACTOR", "Confirmed with a weaker factor"
        EMAIL_CHANGED = "EMAIL_CHANGED", "E-mail changed"
        PHONE_CHANGED = "PHONE_CHANGED", "Mobile number changed"
        NEW_DEVICE = "NEW_DEVICE", "New device"
        RECOVERY = "RECOVERY", "Account recovered"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=16, choices=Cause)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_hold"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    cause__in=[
                        "PASSWORD_CHANGED",
                        "FACTOR_ADDED",
                        "FACTOR_REMOVED",
                        "LOWER_FACTOR",
                        "EMAIL_CHANGED",
                        "PHONE_CHANGED",
                        "NEW_DEVICE",
                        "RECOVERY",
                    ]
                ),
                name="accounts_hold_cause_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")), name="accounts_hold_lasts"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-ends_at"], name="accounts_hold_latest")
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class Recovery(models.Model):
    """
    The way back for somebody who lost their factors, or whose account is disabled.

    Ready after a delay that everybody who may be wronged hears of, and can be cancelled until it
    is completed. Platform time.

    .. no_pii:
    """

    class Kind(models.TextChoices):
        LOST_FACTOR = "LOST_FACTOR", "Factor lost"
        DISABLED = "DISABLED", "Account disabled"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    #: Keyed digest of the token in the link that cancels it.
    cancel_digest = models.CharField(max_length=64)
    #: When a reviewer found that the person is who they say; a disabled account needs it.
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    #: What the account was verified at when it was approved, and how the reviewer knew the person.
    approved_level = models.SmallIntegerField(null=True, blank=True)
    approval_reason = models.CharField(max_length=300, blank=True, default="")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "accounts_recovery"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["LOST_FACTOR", "DISABLED"]),
                name="accounts_recovery_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(ready_at__gte=F("requested_at")), name="accounts_recovery_waits"
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True)
                | Q(cancelled_at__isnull=True, completed_at__gte=F("ready_at")),
                name="accounts_recovery_completed_when_ready",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True)
                | Q(kind="LOST_FACTOR")
                | Q(approved_at__isnull=False),
                name="accounts_recovery_of_disabled_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="accounts_recovery_approval_has_an_author",
            ),
            # Of whom nobody was ever verified, there is nothing to compare with: it is written
            # down how else they were known.
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_level__isnull=True)
                | Q(approved_at__isnull=False, approved_level__isnull=False)
                & (Q(approved_level__gt=0) | ~Q(approval_reason="")),
                name="accounts_recovery_of_unverified_has_a_reason",
            ),
            models.UniqueConstraint("cancel_digest", name="accounts_recovery_cancel_unique"),
            models.UniqueConstraint(
                "account",
                condition=Q(cancelled_at__isnull=True, completed_at__isnull=True),
                name="accounts_recovery_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"recovery {self.pk}"
