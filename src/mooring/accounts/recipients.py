"""Where and how people are written to."""

from collections.abc import Collection
from dataclasses import dataclass

from mooring.kernel import db

_RECIPIENTS = """
SELECT asked.id, coalesce(person.email, ''), coalesce(person.phone, ''),
    coalesce(person.language, ''), coalesce(account.anti_phishing_code, ''),
    (SELECT count(*) FROM accounts_recovery AS back
        WHERE back.account_id = coalesce(account.id, 0)
        AND back.kind = 'DISABLED' AND back.completed_at IS NOT NULL)
FROM unnest(%s::bigint[]) AS asked (id)
LEFT JOIN accounts_user person ON person.id = asked.id
LEFT JOIN accounts_account account ON account.user_id = asked.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """
    Somebody we write to; `email` and `phone` are confirmed, and empty where there is none.

    Args:
        times_reopened: how often their account came back; links of before are no good.
    """

    user_id: int
    email: str
    phone: str
    language: str
    anti_phishing_code: str
    times_reopened: int


def find_recipients(user_ids: Collection[int]) -> dict[int, Recipient]:
    """
    Return who is behind each log-in that exists, by its id.

    One question to the database even about nobody, and one row of the answer for nobody (0), so
    that a message to a stranger takes as long as one to somebody known.
    """
    return {
        user_id: Recipient(
            user_id=user_id,
            email=email,
            phone=phone,
            language=language,
            anti_phishing_code=anti_phishing_code,
            times_reopened=times_reopened,
        )
        for user_id, email, phone, language, anti_phishing_code, times_reopened in db.rows(
            _RECIPIENTS, [db.array(sorted(set(user_ids) or {0}))]
        )
        if language
    }
