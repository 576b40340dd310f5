"""Keys of programs: which there are, and how they end."""

from datetime import datetime

from mooring.accounts.events import Kind, record
from mooring.accounts.models import Account, ApiKey
from mooring.accounts.origin import Origin
from mooring.kernel import db

_END_ALL = """
UPDATE accounts_api_key SET ended_at = %s, "end" = %s
WHERE account_id = %s AND ended_at IS NULL
RETURNING id, label
"""


@db.transaction_required
def end_api_keys(
    account_id: int, *, end: ApiKey.End, at: datetime, origin: Origin | None = None
) -> int:
    """
    End every key of an account at once; return how many there were.

    One event tells of all of them: whoever ends thirty keys is not sent thirty mails.

    Args:
        end: why.
        at: platform time, UTC.
        origin: where the request came from that ends them; None for what needs no request.
    """
    ended = sorted(db.rows(_END_ALL, [at, end, account_id]))
    user_id = Account.objects.values_list("user_id", flat=True).get(id=account_id)
    if ended and user_id is not None:
        labels = ", ".join(label for _key_id, label in ended)
        record(
            Kind.API_KEY_REVOKED,
            user_id=user_id,
            origin=origin,
            at=at,
            details={"label": labels, "count": str(len(ended)), "end": str(end)},
        )
    return len(ended)
