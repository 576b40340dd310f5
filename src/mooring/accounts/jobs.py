"""What accounts does by itself."""

from datetime import datetime

from mooring.accounts.actions.end_session import end_due_sessions
from mooring.accounts.actions.forget_proofs import forget_proofs
from mooring.accounts.actions.tell_of_tries import tell_of_tries
from mooring.kernel import clock, jobs


def _never(_at: datetime) -> None:
    """Say that nothing waits for a moment of the platform's clock: proofs live by the wall's."""


@jobs.every(seconds=600, name="accounts.forget_proofs", next_due=_never)
def forget_ended_proofs(*, at: datetime) -> int:  # noqa: ARG001 - proofs live by the wall's clock
    """Delete codes, sign-ups, used steps, step-ups and attempts a day after they ended."""
    return forget_proofs(wall=clock.wall())


@jobs.every(seconds=300, name="accounts.tell_of_tries", next_due=_never)
def tell_of_what_strangers_tried(*, at: datetime) -> int:  # noqa: ARG001 - noted by the wall's
    """Make events of failed log-ins and of what else was tried about a person, hour by hour."""
    return tell_of_tries(wall=clock.wall())


@jobs.every(seconds=300, name="accounts.end_due_sessions", next_due=_never)
def end_sessions_that_are_over(*, at: datetime) -> int:
    """End log-ins that lasted too long and did not come back, and forget what was over long ago."""
    return end_due_sessions(at=at, wall=clock.wall())
