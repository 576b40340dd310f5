"""What notices do by themselves. Sending lives in wall time: a moved clock hurries no mail."""

from datetime import datetime, timedelta

from mooring.kernel import clock, jobs
from mooring.notices import policies as notices_policies
from mooring.notices.actions.forget_sent import forget_sent
from mooring.notices.sending import send_due
from mooring.policies import api as policies


def _never(_at: datetime) -> None:
    """Say that nothing waits for a moment of the platform's clock."""


@jobs.every(seconds=1, name="notices.send", next_due=_never)
def send(*, at: datetime) -> int:  # noqa: ARG001 - see above
    """Send mails and SMS that wait."""
    return send_due()


@jobs.every(seconds=600, name="notices.forget", next_due=_never)
def forget(*, at: datetime) -> int:
    """Delete mails and SMS that were over long ago."""
    days = policies.in_force(at=at)[notices_policies.KEEP_DAYS]
    return forget_sent(recorded_before=clock.wall() - timedelta(days=days))
