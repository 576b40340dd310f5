"""The door of accounts to proofs."""

from mooring.accounts.actions.add_passkey import add_passkey
from mooring.accounts.actions.add_totp import add_totp
from mooring.accounts.actions.confirm_new_contact import find_contact_code
from mooring.accounts.actions.confirm_totp import confirm_totp
from mooring.accounts.actions.make_recovery_codes import make_recovery_codes
from mooring.accounts.actions.prove_step_up import ProofVerdict
from mooring.accounts.actions.remove_factor import remove_factor
from mooring.accounts.actions.rename_passkey import rename_passkey
from mooring.accounts.actions.switch_code_factor import switch_code_factor
from mooring.accounts.proofs.codes import CodeVerdict, CodeView
from mooring.accounts.proofs.codes import Purpose as CodePurpose
from mooring.accounts.proofs.errors import (
    FactorExists,
    FactorNotFound,
    NoContact,
    StrongerProofNeeded,
    StrongFactorMissing,
    TooManyPasskeys,
)
from mooring.accounts.proofs.factor_stage import KEY as FACTOR_STAGE
from mooring.accounts.proofs.factor_stage import FactorStage
from mooring.accounts.proofs.factors import (
    CHANNELS,
    STRONG,
    CodeProof,
    Factor,
    FactorProof,
    FactorVerdict,
    FactorView,
    PasskeyProof,
    RecoveryCodeProof,
    TotpProof,
    list_factors,
    usable_factors,
)
from mooring.accounts.proofs.factors import contact_of as find_contact
from mooring.accounts.proofs.passkeys import Challenge as PasskeyChallenge
from mooring.accounts.proofs.passkeys import Registration as PasskeyRegistration
from mooring.accounts.proofs.passkeys import begin_check as begin_passkey_check
from mooring.accounts.proofs.passkeys import begin_registration as begin_passkey_registration
from mooring.accounts.proofs.passkeys import check_registration as check_passkey_registration
from mooring.accounts.proofs.step_up import StepUpView
from mooring.accounts.proofs.step_up import begin as begin_step_up
from mooring.accounts.proofs.step_up import declare as declare_step_up
from mooring.accounts.proofs.step_up import sealed as seal_for_step_up
from mooring.accounts.proofs.step_up import spend as spend_step_up
from mooring.accounts.proofs.step_up import view as view_step_up
from mooring.accounts.proofs.step_up_proofs import ask_new_contact, try_contact_code
from mooring.accounts.proofs.step_up_proofs import prove as prove_step_up
from mooring.accounts.proofs.step_up_proofs import send_code as send_step_up_code
from mooring.accounts.proofs.totp import Enrolment as TotpEnrolment
from mooring.accounts.proofs.totp import begin_enrolment as begin_totp
from mooring.accounts.proofs.totp import shown as show_totp
from mooring.accounts.rules.step_up import Requirement

__all__ = [
    "CHANNELS",
    "FACTOR_STAGE",
    "STRONG",
    "CodeProof",
    "CodePurpose",
    "CodeVerdict",
    "CodeView",
    "Factor",
    "FactorExists",
    "FactorNotFound",
    "FactorProof",
    "FactorStage",
    "FactorVerdict",
    "FactorView",
    "NoContact",
    "PasskeyChallenge",
    "PasskeyProof",
    "PasskeyRegistration",
    "ProofVerdict",
    "RecoveryCodeProof",
    "Requirement",
    "StepUpView",
    "StrongFactorMissing",
    "StrongerProofNeeded",
    "TooManyPasskeys",
    "TotpEnrolment",
    "TotpProof",
    "add_passkey",
    "add_totp",
    "ask_new_contact",
    "begin_passkey_check",
    "begin_passkey_registration",
    "begin_step_up",
    "begin_totp",
    "check_passkey_registration",
    "confirm_totp",
    "declare_step_up",
    "find_contact",
    "find_contact_code",
    "list_factors",
    "make_recovery_codes",
    "prove_step_up",
    "remove_factor",
    "rename_passkey",
    "seal_for_step_up",
    "send_step_up_code",
    "show_totp",
    "spend_step_up",
    "switch_code_factor",
    "try_contact_code",
    "usable_factors",
    "view_step_up",
]
