"""
What accounts declines about recovery.

    Refusal
    ├── RecoveryNotProven     the mailbox or the password was not shown, or too long ago
    ├── RecoveryNotFound      there is none that is open
    ├── RecoveryNotNeeded     there is no second factor to have lost
    ├── RecoveryNotReady      its time to wait has not passed
    ├── RecoveryNotApproved   a disabled account: nobody has looked at who asks
    └── RecoveryReasonWrong   an approval needs a reason that can be read
"""

from datetime import datetime

from mooring.accounts.rules.verification import REASON_LENGTH_MAX
from mooring.kernel.errors import Refusal


class RecoveryNotProven(Refusal):
    """Who asks has not shown the mailbox and the password, or too long ago."""

    code = "recovery_not_proven"

    def __init__(self) -> None:
        super().__init__("Begin the recovery again: its first steps were too long ago.")


class RecoveryNotFound(Refusal):
    """No recovery is open; it was cancelled, completed or never begun."""

    code = "recovery_not_found"

    def __init__(self) -> None:
        super().__init__("There is no open recovery.")


class RecoveryNotNeeded(Refusal):
    """The account has no second factor that could be lost."""

    code = "recovery_not_needed"

    def __init__(self) -> None:
        super().__init__("This account has no second factor: log in with the password.")


class RecoveryNotReady(Refusal):
    """The time in which its owner can object has not passed."""

    code = "recovery_not_ready"

    def __init__(self, *, ready_at: datetime) -> None:
        super().__init__("This recovery cannot be completed yet.")
        self.ready_at = ready_at


class RecoveryNotApproved(Refusal):
    """A disabled account is opened only after a reviewer knows who asks."""

    code = "recovery_not_approved"

    def __init__(self) -> None:
        super().__init__("This recovery has not been approved yet.")


class RecoveryReasonWrong(Refusal):
    """An approval says how the reviewer knew the person, where nobody was ever verified."""

    code = "recovery_reason_wrong"

    def __init__(self) -> None:
        super().__init__(
            "Write how you know that who asks is the owner: one line of at most "
            f"{REASON_LENGTH_MAX} characters. An account of level 0 has nothing to compare with."
        )
        self.length_max = REASON_LENGTH_MAX
