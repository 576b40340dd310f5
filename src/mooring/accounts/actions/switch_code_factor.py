"""Let codes that we send prove a person at log-in, or no longer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from mooring.accounts.models import Channel, CodeFactor, User
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import factor_changes, step_up
from mooring.accounts.proofs.errors import NoContact
from mooring.accounts.proofs.factors import OF_CHANNEL
from mooring.kernel import db

ACTION = "factor.switch_code"

#: The two values of the datum `to`.
ON: Final = "on"
OFF: Final = "off"


@db.transaction
def switch_code_factor(*, account_id: int, step_up_id: UUID, origin: Origin, at: datetime) -> None:
    """
    Switch codes by mail or SMS on or off; what is so already stays, and nobody is told.

    Args:
        step_up_id: its data are `channel`, `EMAIL` or `SMS`, and `to`, `on` or `off`.
        at: platform time, UTC.

    Raises:
        AccountNotOpen, StepUpNotProven.
        NoContact: there is no confirmed address or number.
    """
    person = lock_person(account_id)
    data = step_up.spend(
        step_up_id,
        action=ACTION,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    if not _switch(person, data, origin=origin):
        return
    note = factor_changes.note_added if data["to"] == ON else factor_changes.note_removed
    note(
        account_id=account_id,
        user_id=person.pk,
        details={"factor": OF_CHANNEL[Channel(data["channel"])].value},
        origin=origin,
        at=at,
    )


def _switch(person: User, data: Mapping[str, str], *, origin: Origin) -> bool:
    """Write it, and return whether anything changed."""
    channel = Channel(data["channel"])
    if data["to"] == OFF:
        return CodeFactor.objects.filter(user=person, channel=channel).delete()[0] > 0
    if not (person.email if channel == Channel.EMAIL else person.phone):
        raise NoContact
    _row, is_new = CodeFactor.objects.get_or_create(
        user=person, channel=channel, defaults={"added_at": origin.wall}
    )
    return is_new
