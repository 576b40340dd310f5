"""Set a policy from a time on."""

from datetime import datetime

from mooring.kernel import db
from mooring.policies.declarations import Policy, T, get_policy
from mooring.policies.errors import EffectiveInThePast, ReasonMissing, UnknownPolicy
from mooring.policies.models import Setting


@db.transaction
def set_policy(
    policy: Policy[T],
    value: T,
    *,
    effective_from: datetime,
    author: str,
    reason: str,
    at: datetime,
) -> None:
    """
    Let `value` be in force from `effective_from`, until another setting begins.

    Args:
        effective_from: `at` or later, UTC.
        author: who decides, a name at work.
        at: when it is decided, UTC.

    Raises:
        UnknownPolicy: no app declares this policy.
        ValueOutOfRange: the value is outside the declared range.
        EffectiveInThePast: it would change what has been decided already.
        ReasonMissing: author or reason is blank.
    """
    if get_policy(policy.key) is not policy:
        raise UnknownPolicy(key=policy.key)
    policy.check(value)
    if effective_from < at:
        raise EffectiveInThePast(effective_from=effective_from, at=at)
    if not author.strip() or not reason.strip():
        raise ReasonMissing
    Setting.objects.create(
        key=policy.key,
        value=policy.text_of(value),
        effective_from=effective_from,
        decided_at=at,
        author=author,
        reason=reason,
    )
