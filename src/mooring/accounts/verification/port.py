"""
Who looks at a case: reviewers of the platform, or somebody that it is handed to.

The border to a company that verifies identities. A provider is asked after the case is kept; it
answers when it likes, through `decide_verification`, as a reviewer does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.conf import settings

from mooring.accounts.actions.decide_verification import Decision, decide_verification
from mooring.accounts.policies import VERIFICATION_PROVIDER
from mooring.accounts.verification.errors import VerificationNotByOneself, VerificationNotFound
from mooring.accounts.verification.queries import find_pending_case
from mooring.policies import api as policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case that waits for its decision."""

    verification_id: int
    account_id: int
    level: int


class Provider(Protocol):
    """Somebody who finds out whether a person is who they say."""

    def submit(self, case: Case, *, at: datetime) -> None:
        """Take a case on; the decision may come at once or days later."""


class Reviewers:
    """The platform's own: the case is in their queue by being there."""

    def submit(self, case: Case, *, at: datetime) -> None:
        """Let it wait."""


class Sandbox:
    """Nobody looks: whoever asks is verified. For sandboxes only."""

    def submit(self, case: Case, *, at: datetime) -> None:
        """Approve the case."""
        _approve(case.verification_id, at=at)


_PROVIDERS: Final[Mapping[str, Provider]] = {"reviewers": Reviewers(), "sandbox": Sandbox()}


def provider(*, at: datetime) -> Provider:
    """Return the provider in force at `at`; outside a sandbox nobody approves unseen."""
    chosen = policies.in_force(at=at)[VERIFICATION_PROVIDER]
    return _PROVIDERS[chosen if settings.SANDBOX else "reviewers"]


def approve_oneself(*, account_id: int, at: datetime) -> None:
    """
    Approve the waiting case of a customer at their own word, in a sandbox.

    Raises:
        VerificationNotByOneself: this is no sandbox.
        VerificationNotFound: no case waits.
        AccountNotOpen, VerificationDecided: as `decide_verification`.
    """
    if not settings.SANDBOX:
        raise VerificationNotByOneself
    case_id = find_pending_case(account_id=account_id)
    if case_id is None:
        raise VerificationNotFound
    _approve(case_id, at=at)


def _approve(case_id: int, *, at: datetime) -> None:
    decide_verification(case_id, Decision(is_approved=True), reviewer_id=None, at=at)
