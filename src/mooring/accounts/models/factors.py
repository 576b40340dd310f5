"""What proves that it is you: codes we send, and each proof accepted once."""

import uuid

from django.db import models
from django.db.models import F, Q

from mooring.accounts.models.people import User


class Channel(models.TextChoices):
    """A way to reach a person outside the page."""

    EMAIL = "EMAIL", "E-mail"
    SMS = "SMS", "SMS"


class CodeFactor(models.Model):
    """
    A channel that a person chose as a second factor: a code is sent there at log-in.

    Authenticator apps, passkeys and recovery codes are rows of allauth (`mfa_authenticator`).

    .. no_pii:
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="code_factors")
    channel = models.CharField(max_length=8, choices=Channel)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_code_factor"
        constraints = [
            models.UniqueConstraint("user", "channel", name="accounts_code_factor_once"),
            models.CheckConstraint(
                condition=Q(channel__in=["EMAIL", "SMS"]),
                name="accounts_code_factor_channel_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} factor of user {self.user_id}"


class UsedTotpStep(models.Model):
    """
    A time step whose code was accepted: it is never accepted again, for whatever purpose.

    Source: RFC 6238 §5.2.

    .. no_pii:
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    #: Seconds since 1970 divided by 30.
    step = models.BigIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_used_totp_step"
        constraints = [models.UniqueConstraint("user", "step", name="accounts_used_totp_step_once")]

    def __str__(self) -> str:
        return f"step {self.step} of user {self.user_id}"


class Code(models.Model):
    """
    A code that we sent: valid ten minutes, for five tries, once, for one purpose.

    Kept as a digest. One that answers a request about somebody unknown has no user and can
    never be right; it exists so that both requests do the same work.

    .. pii: where the code was sent
    .. pii_types: email_address, phone_number
    .. pii_retirement: a day after it ended
    """

    class Purpose(models.TextChoices):
        SIGN_UP = "SIGN_UP", "Sign-up"
        LOG_IN = "LOG_IN", "Second factor at log-in"
        NEW_DEVICE = "NEW_DEVICE", "New device"
        PASSWORD_RESET = "PASSWORD_RESET", "Password reset"
        STEP_UP = "STEP_UP", "Step-up"
        NEW_CONTACT = "NEW_CONTACT", "New address or number"
        RECOVERY = "RECOVERY", "Recovery"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    purpose = models.CharField(max_length=16, choices=Purpose)
    channel = models.CharField(max_length=8, choices=Channel)
    sent_to = models.CharField(max_length=254)
    #: What the code belongs to besides its purpose: a step-up, a log-in. It opens nothing else.
    binding = models.CharField(max_length=64, blank=True, default="")
    #: Keyed digest of the code; empty: no code is right.
    digest = models.CharField(max_length=64, blank=True, default="")
    #: Keyed digest of the token in the link beside the code, where the message has one.
    link_digest = models.CharField(max_length=64, blank=True, default="")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    spent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "accounts_code"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    purpose__in=[
                        "SIGN_UP",
                        "LOG_IN",
                        "NEW_DEVICE",
                        "PASSWORD_RESET",
                        "STEP_UP",
                        "NEW_CONTACT",
                        "RECOVERY",
                    ]
                ),
                name="accounts_code_purpose_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["EMAIL", "SMS"]), name="accounts_code_channel_known"
            ),
            # Source: NIST SP 800-63B §5.1.3.2, ten minutes; domain rules §5, five tries.
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at"))
                & Q(
                    expires_at__lte=F("issued_at")
                    + models.Value("00:10:00", models.DurationField())
                ),
                name="accounts_code_lives_ten_minutes",
            ),
            models.CheckConstraint(
                condition=Q(tries__gte=0, tries__lte=5), name="accounts_code_has_five_tries"
            ),
            models.UniqueConstraint(
                "link_digest",
                condition=~Q(link_digest=""),
                name="accounts_code_link_digest_unique",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="accounts_code_by_expiry")]

    def __str__(self) -> str:
        return f"code {self.pk}"


class SignUp(models.Model):
    """
    A sign-up that waits for its code; the log-in and the account begin when the code is right.

    Written alike whether the address has a log-in or not: only the message differs.

    .. pii: the address or number, in its code
    .. pii_types: password
    .. pii_retirement: a day after it ended
    """

    code = models.OneToOneField(Code, on_delete=models.CASCADE, primary_key=True)
    #: Hashed, as in `accounts_user`.
    password = models.CharField(max_length=128)
    terms_version = models.CharField(max_length=32)
    terms_accepted_at = models.DateTimeField()
    language = models.CharField(max_length=16, default="en")

    class Meta:
        db_table = "accounts_sign_up"

    def __str__(self) -> str:
        return f"sign-up {self.pk}"


class Attempt(models.Model):
    """
    How often something was tried in a window of time, by whom it was about or where it came from.

    .. no_pii:
    """

    #: Keyed digest of what is counted: neither an address nor a name can be read from it.
    bucket = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        db_table = "accounts_attempt"
        constraints = [
            models.UniqueConstraint("bucket", "window_start", name="accounts_attempt_once"),
            models.CheckConstraint(condition=Q(count__gte=0), name="accounts_attempt_counts_up"),
        ]
        indexes = [models.Index(fields=["window_start"], name="accounts_attempt_by_window")]

    def __str__(self) -> str:
        return f"attempts of {self.bucket[:8]}"
