"""What the gateway does by itself. Sending lives in wall time: a moved clock hurries nothing."""

from datetime import datetime, timedelta

from mooring.gateway import policies as gateway_policies
from mooring.gateway.webhooks.delivering import deliver_due
from mooring.gateway.webhooks.managing import forget_deliveries
from mooring.gateway.webhooks.rewards import tell_rewards
from mooring.kernel import clock, jobs
from mooring.policies import api as policies


def _never(_at: datetime) -> None:
    """Say that nothing waits for a moment of the platform's clock."""


@jobs.every(seconds=1, name="gateway.rewards", next_due=_never)
def rewards(*, at: datetime) -> int:  # noqa: ARG001 - see above
    """Write messages about rewards that were paid."""
    return tell_rewards(wall=clock.wall())


@jobs.every(seconds=1, name="gateway.deliver", next_due=_never)
def deliver(*, at: datetime) -> int:  # noqa: ARG001 - see above
    """Send messages to webhooks."""
    return deliver_due()


@jobs.every(seconds=600, name="gateway.forget", next_due=_never)
def forget(*, at: datetime) -> int:
    """Delete messages that were written long ago."""
    days = policies.in_force(at=at)[gateway_policies.WEBHOOK_DAYS]
    return forget_deliveries(recorded_before=clock.wall() - timedelta(days=days))
