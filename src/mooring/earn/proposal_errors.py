"""
What deciding a change declines.

    Refusal
    ├── ProposalMalformed      a field is not what it may be (rules.proposals)
    ├── ProposalTooLate        it would hold from a time that is over
    ├── ProposalNotFound       there is none
    ├── ProposalDecided        somebody decided it already
    └── SecondPersonNeeded     who proposes does not decide
"""

from datetime import datetime

from mooring.kernel.errors import Refusal


class ProposalTooLate(Refusal):
    """A change holds from a time to come."""

    code = "earn_proposal_too_late"

    def __init__(self, *, effective_from: datetime) -> None:
        super().__init__(
            f"A change takes effect at a time to come; {effective_from:%Y-%m-%d %H:%M} UTC is over."
            f" Nothing was changed."
        )
        self.effective_from = effective_from


class ProposalNotFound(Refusal):
    """No such proposal."""

    code = "earn_proposal_not_found"

    def __init__(self, *, proposal_id: int) -> None:
        super().__init__("There is no such proposal.")
        self.proposal_id = proposal_id


class ProposalDecided(Refusal):
    """A proposal is decided once."""

    code = "earn_proposal_decided"

    def __init__(self, *, proposal_id: int) -> None:
        super().__init__("This proposal was decided already. Nothing was changed.")
        self.proposal_id = proposal_id


class SecondPersonNeeded(Refusal):
    """Four eyes: who proposed a change does not decide it."""

    code = "earn_second_person_needed"

    def __init__(self) -> None:
        super().__init__("Somebody else has to decide what you proposed. Nothing was changed.")
