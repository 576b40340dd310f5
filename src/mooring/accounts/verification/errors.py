"""
What verification declines.

    Refusal
    ├── PictureNotTaken          it is no picture that we take
    ├── VerificationFormFlawed   answers of the form are missing or wrong; which, by field
    ├── VerificationTooOften     too many forms within an hour
    ├── VerificationPending      a case waits for its decision already
    ├── VerificationLevelTaken   the level is verified already
    ├── VerificationLevelAhead   the level before it comes first
    ├── VerificationNotFound     there is no such case, or no such document
    ├── VerificationDecided      somebody has decided the case
    ├── VerificationIsOnesOwn    nobody reviews themselves
    ├── VerificationReasonWrong  a rejection needs a reason that can be shown
    ├── NotAReviewer             the log-in may not review (any more)
    ├── StaffNotFound            nobody who reviews has this address
    ├── DocumentViewsUsedUp      one reviewer has looked at enough for a day
    ├── ComplianceFlagUnchanged  the flag is as wished already
    └── VerificationNotByOneself only a sandbox's customers approve themselves
"""

from collections.abc import Mapping

from mooring.accounts.rules.verification import REASON_LENGTH_MAX, Flaw
from mooring.kernel.errors import Refusal


class PictureNotTaken(Refusal):
    """The file is no picture that we take."""

    code = "picture_not_taken"

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(f"This picture is not taken: {flaw.value.replace('_', ' ')}.")
        self.flaw = flaw


class VerificationFormFlawed(Refusal):
    """Answers of the form are missing or wrong; nothing of it was kept."""

    code = "verification_form_flawed"

    def __init__(self, flaws: Mapping[str, Flaw], *, facts: Mapping[str, int]) -> None:
        super().__init__(
            "The form cannot be taken: "
            + ", ".join(f"{name} ({flaw.value.replace('_', ' ')})" for name, flaw in flaws.items())
        )
        self.flaws = flaws
        #: The limits in force, for the sentences.
        self.facts = facts


class VerificationTooOften(Refusal):
    """So many forms in an hour are no mistakes any more."""

    code = "verification_too_often"

    def __init__(self) -> None:
        super().__init__("Too many forms were sent within an hour; please wait a little.")


class VerificationPending(Refusal):
    """One case at a time: the one before is not decided yet."""

    code = "verification_pending"

    def __init__(self) -> None:
        super().__init__("A verification of this account waits for its decision.")


class VerificationLevelTaken(Refusal):
    """The account is verified at this level already."""

    code = "verification_level_taken"

    def __init__(self, *, level: int) -> None:
        super().__init__(f"This account is verified at level {level} already.")
        self.level = level


class VerificationLevelAhead(Refusal):
    """Levels are reached one after another."""

    code = "verification_level_ahead"

    def __init__(self, *, level: int) -> None:
        super().__init__(f"Level {level} can be asked for once the level before it is verified.")
        self.level = level


class VerificationNotFound(Refusal):
    """There is no such case or document."""

    code = "verification_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such verification.")


class VerificationDecided(Refusal):
    """The case was decided before; a decision is never changed, a new case is."""

    code = "verification_decided"

    def __init__(self) -> None:
        super().__init__("This verification was decided already; nothing was changed.")


class VerificationIsOnesOwn(Refusal):
    """A reviewer's own account is another reviewer's case."""

    code = "verification_is_ones_own"

    def __init__(self) -> None:
        super().__init__("Nobody reviews their own account; another reviewer must.")


class VerificationReasonWrong(Refusal):
    """A rejection says why, in a text that the customer can read."""

    code = "verification_reason_wrong"

    def __init__(self) -> None:
        super().__init__(
            f"A rejection needs a reason of at most {REASON_LENGTH_MAX} characters that can be "
            "shown to the customer."
        )


class NotAReviewer(Refusal):
    """The log-in may not review, or not any more."""

    code = "not_a_reviewer"

    def __init__(self) -> None:
        super().__init__("This log-in may not review.")


class StaffNotFound(Refusal):
    """Nobody who reviews logs in with this address."""

    code = "staff_not_found"

    def __init__(self) -> None:
        super().__init__("Nobody who reviews logs in with this address.")


class DocumentViewsUsedUp(Refusal):
    """Looking at the documents of very many people in a day is not reviewing."""

    code = "document_views_used_up"

    def __init__(self, *, views_max: int) -> None:
        super().__init__(f"More than {views_max} views of documents in a day by one reviewer.")
        self.views_max = views_max


class ComplianceFlagUnchanged(Refusal):
    """The flag was set, or taken away, before."""

    code = "compliance_flag_unchanged"

    def __init__(self) -> None:
        super().__init__("The flag is as wished already; nothing was changed.")


class VerificationNotByOneself(Refusal):
    """Only in a sandbox can a customer approve themselves."""

    code = "verification_not_by_oneself"

    def __init__(self) -> None:
        super().__init__("Only in a sandbox can a customer approve themselves.")
