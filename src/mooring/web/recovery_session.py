"""What somebody has shown for a recovery, kept in their browser's session."""

from typing import Final

from mooring.accounts import api as accounts
from mooring.web.visit import PageRequest

_KEY: Final = "recovery"


def keep(request: PageRequest, proof: accounts.protection.RecoveryProof) -> None:
    """Keep a proof; a session that nobody is logged in with gets a new key for it."""
    if not request.user.is_authenticated:
        request.session.cycle_key()
    request.session[_KEY] = proof.facts()


def proof_of(request: PageRequest) -> accounts.protection.RecoveryProof:
    """
    Return what was shown in this browser.

    Raises:
        RecoveryNotProven: nothing was.
    """
    proof = accounts.protection.RecoveryProof.read(request.session.get(_KEY))
    if proof is None:
        raise accounts.protection.RecoveryNotProven
    return proof


def forget(request: PageRequest) -> None:
    """Forget what was shown."""
    request.session.pop(_KEY, None)
