"""The one table of policies: settings with the time each begins."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Setting(models.Model):
    """
    A value of a policy, in force from `effective_from` until another one begins.

    Rows are only added (trigger `policies_setting_append_only`). Of two that begin at one
    time the later row counts, so a setting that has not begun can be corrected.

    .. no_pii: the author is an operator's name at work
    """

    key = models.CharField(max_length=100)
    value = models.CharField(max_length=200)
    effective_from = models.DateTimeField()
    decided_at = models.DateTimeField()
    author = models.CharField(max_length=100)
    reason = models.CharField(max_length=500)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "policies_setting"
        indexes = [
            models.Index(
                fields=["key", "-effective_from", "-id"], name="policies_setting_in_force"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__regex=r"^[a-z]+(\.[a-z][a-z0-9_]*)+$"),
                name="policies_setting_key_is_app_and_name",
            ),
            # What was decided under a value must stay explicable by it.
            models.CheckConstraint(
                condition=Q(effective_from__gte=F("decided_at")),
                name="policies_setting_not_retroactive",
            ),
            models.CheckConstraint(
                condition=Q(author__regex=r"\S"),
                name="policies_setting_has_an_author",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="policies_setting_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value} from {self.effective_from}"
