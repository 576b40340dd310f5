"""Which texts customers agreed to when money came into their positions."""

from mooring.kernel import db


def consents_of(*, account_id: int, position_id: int) -> tuple[str, ...]:
    """
    Return the versions of the terms' text that were agreed to for a position, newest first.

    A renewal asks nobody, so the position it came from counts as well.
    """
    found = db.rows(
        "WITH RECURSIVE line AS ("
        "  SELECT id, renewed_from_id FROM earn_position"
        "   WHERE id = %(id)s AND account_id = %(whose)s"
        "  UNION ALL"
        "  SELECT before.id, before.renewed_from_id FROM line"
        "  INNER JOIN earn_position AS before ON before.id = line.renewed_from_id"
        "   AND before.account_id = %(whose)s)"
        " SELECT subscription.consent_version FROM earn_subscription AS subscription"
        " INNER JOIN line ON line.id = subscription.position_id"
        " WHERE subscription.consent_version <> ''"
        " GROUP BY subscription.consent_version"
        " ORDER BY max(subscription.subscribed_at) DESC, subscription.consent_version DESC",
        {"id": position_id, "whose": account_id},
    )
    return tuple(version for (version,) in found)
