"""Who a person is, and the account the platform keeps for them."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now


class UserManager(BaseUserManager["User"]):
    """Finds people by the name they log in with."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of an e-mail address, whatever its letter case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """
    A person's log-in.

    Reached by e-mail, mobile number or both; each is confirmed before it is written here. Both
    are canonical (`accounts.identifiers`): what is equal to a person is equal to the database.

    .. pii: the e-mail address and the mobile number
    .. pii_types: email_address, phone_number, password
    .. pii_retirement: erased when the account is closed
    """

    email = models.EmailField(max_length=254, null=True, blank=True)  # noqa: DJ001
    phone = models.CharField(max_length=16, null=True, blank=True)  # noqa: DJ001
    #: In which language we write to them.
    language = models.CharField(max_length=16, default="en")
    #: How often all log-ins of the person were ended: one that began before is over, even while
    #: it still waits for its second factor or its device.
    log_in_epoch = models.IntegerField(default=0, db_default=0, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "accounts_user"
        constraints = [
            # One person, one log-in: letter case does not make another mailbox for us.
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique"),
            # Small ASCII letters around one @: two addresses that look alike cannot be two people.
            models.CheckConstraint(
                condition=Q(email__isnull=True) | Q(email__regex=r"^[!-?\[-~]+@[!-?\[-~]+$"),
                name="accounts_user_email_is_an_address",
            ),
            models.UniqueConstraint("phone", name="accounts_user_phone_unique"),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="accounts_user_phone_is_e164",
            ),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(phone__isnull=False),
                name="accounts_user_is_reachable",
            ),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"


class Account(models.Model):
    """
    A customer's account: the key of everything that is theirs.

    Holds no money; the book does. Its row is the first lock of every action on its money.

    .. pii: the code that the person chose for our mails, and the country they live in
    .. pii_types: text of the person's choice, country
    .. pii_retirement: erased when the account is closed
    """

    class Status(models.TextChoices):
        OPEN = "OPEN", "Open"
        #: Frozen by its owner or an operator; money in it stays theirs and rewards go on.
        DISABLED = "DISABLED", "Disabled"
        CLOSED = "CLOSED", "Closed"

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="account", null=True, blank=True
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    display_currency = models.CharField(max_length=8, default="USD")
    #: Which text was accepted; empty where an operator opened the account.
    terms_version = models.CharField(max_length=32, blank=True, default="")
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    #: How well we know the person: 0 unverified, 1, 2 (ACC-9); limits follow it.
    verification_level = models.SmallIntegerField(default=0)
    #: Where the person lives, as the last approved verification says, ISO 3166; empty: not known.
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    #: Shown at the head of every mail, so that a forged one is seen; empty: none chosen.
    anti_phishing_code = models.CharField(max_length=20, blank=True, default="")
    #: Under review by compliance; the customer reads a neutral text.
    flagged_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "accounts_account"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["OPEN", "DISABLED", "CLOSED"]),
                name="accounts_account_status_known",
            ),
            # Closed has a time, not before the opening; open has none. The null test is
            # needed: a CHECK that evaluates to NULL passes.
            models.CheckConstraint(
                condition=(
                    Q(status="CLOSED", closed_at__isnull=False, closed_at__gte=F("opened_at"))
                    | (~Q(status="CLOSED") & Q(closed_at__isnull=True))
                ),
                name="accounts_account_closed_at_agrees_with_status",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="DISABLED", disabled_at__isnull=False)
                    | (~Q(status="DISABLED") & Q(disabled_at__isnull=True))
                ),
                name="accounts_account_disabled_at_agrees_with_status",
            ),
            models.CheckConstraint(
                condition=Q(verification_level__gte=0, verification_level__lte=2),
                name="accounts_account_verification_level_known",
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
                name="accounts_account_country_is_a_code",
            ),
            # Acceptance is a text and a time, or neither.
            models.CheckConstraint(
                condition=(
                    Q(terms_version="", terms_accepted_at__isnull=True)
                    | (~Q(terms_version="") & Q(terms_accepted_at__isnull=False))
                ),
                name="accounts_account_terms_have_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"
