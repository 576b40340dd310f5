"""
What accounts declines about factors.

    Refusal
    ├── FactorExists          an authenticator app, or this passkey, is there already
    ├── FactorNotFound        the person has no such factor
    ├── NoContact             a channel leads nowhere: no confirmed address or number
    ├── StrongFactorMissing   recovery codes replace a factor, and there is none
    ├── StrongerProofNeeded   the last strong factor is not removed by a weaker one
    └── TooManyPasskeys       as many passkeys as a person may have
"""

from mooring.kernel.errors import Refusal


class FactorExists(Refusal):
    """The person has this factor already; the old one is removed first."""

    code = "factor_exists"

    def __init__(self) -> None:
        super().__init__("This is set up already.")


class FactorNotFound(Refusal):
    """The person has no such factor, or no longer."""

    code = "factor_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such factor.")


class NoContact(Refusal):
    """Codes cannot be sent where there is no confirmed address or number."""

    code = "factor_no_contact"

    def __init__(self) -> None:
        super().__init__("There is no confirmed address or number to send codes to.")


class StrongFactorMissing(Refusal):
    """Recovery codes stand in for a passkey or an authenticator app; there is neither."""

    code = "factor_strong_missing"

    def __init__(self) -> None:
        super().__init__("Add a passkey or an authenticator app first.")


class StrongerProofNeeded(Refusal):
    """The last strong factor is removed with itself, or with a recovery code."""

    code = "factor_stronger_proof_needed"

    def __init__(self) -> None:
        super().__init__("Confirm this with the factor itself, or with a recovery code.")


class TooManyPasskeys(Refusal):
    """A person has as many passkeys as the policy allows."""

    code = "factor_too_many_passkeys"

    def __init__(self, *, maximum: int) -> None:
        super().__init__(f"There can be at most {maximum} passkeys.")
        self.maximum = maximum
