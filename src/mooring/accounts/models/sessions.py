"""Where a person is logged in, and from which devices."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from mooring.accounts.models.people import User


class Device(models.Model):
    """
    A browser that a person has logged in from; confirmed by mail before it may.

    Known by a cookie of its own, of which the digest is kept.

    .. pii: address on the net and kind of browser
    .. pii_types: ip_address, user_agent
    .. pii_retirement: erased when the account is closed
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    token_digest = models.CharField(max_length=64)
    #: Such as "Firefox on Linux".
    name = models.CharField(max_length=80)
    ip = models.GenericIPAddressField()
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "accounts_device"
        constraints = [
            models.UniqueConstraint("user", "token_digest", name="accounts_device_token_unique"),
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("first_seen_at")), name="accounts_device_seen_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"device {self.pk}"


class LoginSession(models.Model):
    """
    One log-in of a person in one browser, from its beginning to its end (wall time).

    .. pii: address on the net and kind of browser
    .. pii_types: ip_address, user_agent
    .. pii_retirement: a year after it ended, or when the account is closed
    """

    class End(models.TextChoices):
        NOT_YET = "", "Not ended"
        LOGGED_OUT = "LOGGED_OUT", "Logged out"
        IDLE = "IDLE", "Not used for too long"
        AGE = "AGE", "Too old"
        REVOKED = "REVOKED", "Ended from another device"
        SECURITY = "SECURITY", "Ended by a security change"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    device = models.ForeignKey(
        Device, on_delete=models.SET_NULL, related_name="sessions", null=True, blank=True
    )
    #: The key of Django's session; it changes when the session is rotated.
    session_key = models.CharField(max_length=40)
    user_agent = models.CharField(max_length=300, blank=True, default="")
    ip = models.GenericIPAddressField()
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=12, choices=End, blank=True, default="")

    class Meta:
        db_table = "accounts_login_session"
        constraints = [
            models.UniqueConstraint(
                "session_key",
                condition=Q(ended_at__isnull=True),
                name="accounts_login_session_key_unique",
            ),
            models.CheckConstraint(
                condition=Q(
                    end__in=["", "LOGGED_OUT", "IDLE", "AGE", "REVOKED", "SECURITY"],
                ),
                name="accounts_login_session_end_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="accounts_login_session_end_has_a_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user"], name="accounts_login_session_by_user")]

    def __str__(self) -> str:
        return f"session {self.pk} of user {self.user_id}"


class StepUp(models.Model):
    """
    One action that its person is asked to prove themselves for, with its exact data.

    What is proven is what is carried out: the action reads its data from here, and spends the
    row in its own transaction. Times are of the wall.

    .. pii: the data of the action, such as a new address
    .. pii_types: email_address, phone_number
    .. pii_retirement: a day after it ended
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(LoginSession, on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=48)
    #: The action's data as text by name; secrets in it are sealed.
    data = models.JSONField()
    #: SHA-256 over user, session, action and data: none of them changes unseen.
    digest = models.CharField(max_length=64)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    password_at = models.DateTimeField(null=True, blank=True)
    factor_at = models.DateTimeField(null=True, blank=True)
    #: Which factor it was: `passkey`, `totp`, `recovery_code`, `email`, `sms`.
    factor = models.CharField(max_length=16, blank=True, default="")
    #: Whether a better factor was there and not used: what follows is held.
    is_downgrade = models.BooleanField(default=False)
    proven_at = models.DateTimeField(null=True, blank=True)
    spent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "accounts_step_up"
        constraints = [
            # Source: domain rules §5, five minutes.
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at"))
                & Q(
                    expires_at__lte=F("requested_at")
                    + models.Value("00:05:00", models.DurationField())
                ),
                name="accounts_step_up_lives_five_minutes",
            ),
            models.CheckConstraint(
                condition=Q(proven_at__isnull=True) | Q(proven_at__lte=F("expires_at")),
                name="accounts_step_up_proven_in_time",
            ),
            models.CheckConstraint(
                condition=Q(spent_at__isnull=True)
                | Q(proven_at__isnull=False, spent_at__lte=F("expires_at")),
                name="accounts_step_up_proven_before_spent",
            ),
            models.CheckConstraint(
                condition=Q(proven_at__isnull=True)
                | Q(factor_at__isnull=False)
                | Q(password_at__isnull=False),
                name="accounts_step_up_proven_by_something",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="accounts_step_up_by_expiry")]

    def __str__(self) -> str:
        return f"step-up {self.pk}"
