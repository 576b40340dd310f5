"""Set on which channels a person wants notices of which topic."""

from collections.abc import Mapping

from mooring.kernel import db
from mooring.notices.errors import SecurityStaysOn
from mooring.notices.models import Channel, Preference, Topic


@db.transaction
def set_preferences(*, user_id: int, choices: Mapping[tuple[Topic, Channel], bool]) -> None:
    """
    Set whether a person wants notices; what `choices` leaves out stays as it is.

    Args:
        choices: on or off, by topic and channel.

    Raises:
        SecurityStaysOn: security would be turned off.
    """
    if any(topic == Topic.SECURITY and not is_on for (topic, _), is_on in choices.items()):
        raise SecurityStaysOn
    Preference.objects.bulk_create(
        [
            Preference(user_id=user_id, topic=topic, channel=channel, is_on=is_on)
            for (topic, channel), is_on in sorted(choices.items())
        ],
        update_conflicts=True,
        unique_fields=["user", "topic", "channel"],
        update_fields=["is_on"],
    )
