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

    .. pii: the e-mail address
    .. pii_types: email_address, password
    .. pii_retirement: erased when the account is closed
    """

    email = models.EmailField(max_length=254)
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
            models.CheckConstraint(
                condition=Q(email__contains="@"),
                name="accounts_user_email_is_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"


class Account(models.Model):
    """
    A customer's account: the key of everything that is theirs.

    Holds no money; the book does. Its row is the first lock of every action on its money.

    .. no_pii:
    """

    class Status(models.TextChoices):
        OPEN = "OPEN", "Open"
        CLOSED = "CLOSED", "Closed"

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="account", null=True, blank=True
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    display_currency = models.CharField(max_length=8, default="USD")
    #: Which text was accepted; empty where an operator opened the account.
    terms_version = models.CharField(max_length=32, blank=True, default="")
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "accounts_account"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["OPEN", "CLOSED"]),
                name="accounts_account_status_known",
            ),
            # Closed has a time, not before the opening; open has none. The null test is
            # needed: a CHECK that evaluates to NULL passes.
            models.CheckConstraint(
                condition=(
                    Q(status="CLOSED", closed_at__isnull=False, closed_at__gte=F("opened_at"))
                    | Q(status="OPEN", closed_at__isnull=True)
                ),
                name="accounts_account_closed_at_agrees_with_status",
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
