"""Two tables that belong to no customer: the sandbox clock and what each job last did."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class SandboxClock(models.Model):
    """
    How far the sandbox's clock runs ahead of the wall: one row, only ever forwards.

    .. no_pii:
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField()

    class Meta:
        db_table = "kernel_sandbox_clock"
        constraints = [
            # One clock: a second row would give a second time.
            models.CheckConstraint(condition=Q(id=1), name="kernel_sandbox_clock_is_one"),
            # A sandbox may be ahead of the wall, never behind it.
            models.CheckConstraint(
                condition=Q(ahead__gte="0 seconds"),
                name="kernel_sandbox_clock_not_behind",
            ),
        ]

    def __str__(self) -> str:
        return f"ahead by {self.ahead}"


class JobRun(models.Model):
    """
    The last completed run of a job: what platform time it was given.

    Cron only wakes; what is due the job's own tables say. This row tells people (the sandbox
    bar, the operator) how far the work has come.

    .. no_pii:
    """

    name = models.CharField(max_length=64, primary_key=True)
    ran_through = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "kernel_job_run"

    def __str__(self) -> str:
        return f"{self.name} through {self.ran_through}"
