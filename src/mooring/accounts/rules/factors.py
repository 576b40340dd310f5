"""What may be done about factors, as pure functions."""

from mooring.accounts.proofs.factors import STRONG, Factor


def ways_to_remove(ways: tuple[Factor, ...], *, is_last_strong: bool) -> tuple[Factor, ...]:
    """Return which of a person's ways may prove that an app or a passkey is removed."""
    return tuple(way for way in ways if may_remove(is_last_strong=is_last_strong, proven_with=way))


def may_remove(*, is_last_strong: bool, proven_with: Factor) -> bool:
    """
    Return whether an authenticator app or a passkey may be removed with this proof.

    The last one is not given up for less than itself: a mailbox in other hands would make an
    account weak. A recovery code is what is left to who has lost it.
    """
    return not is_last_strong or proven_with in STRONG | {Factor.RECOVERY_CODE}
