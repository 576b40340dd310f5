"""The stage of a log-in between password and device: the second factor, where there is one."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

from allauth.account.internal.stagekit import stash_login
from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect

from mooring.accounts.actions.send_log_in_code import send_log_in_code
from mooring.accounts.origin import Origin
from mooring.accounts.presence import browsers, devices
from mooring.accounts.proofs import factors, passkeys
from mooring.accounts.proofs.codes import CodeView, Purpose, find_code
from mooring.accounts.proofs.factors import CodeProof, Factor, FactorProof, FactorVerdict
from mooring.accounts.proofs.log_in_factor import check_log_in
from mooring.kernel import clock

KEY: Final = "factor"


class FactorStage(LoginStage):  # type: ignore[misc]  # allauth is not typed
    """Asks who has a second factor for it; the page is /accounts/factor/."""

    key = KEY
    urlname = "account_factor"
    #: What is kept with the pending log-in: its name, and the latest code of each factor.
    state: dict[str, Any]

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Let pass who has no factor; others are asked for it, under a name for this log-in."""
        if self.login.user is None or not factors.list_factors(self.user_id):
            return None, True
        self.state.setdefault("binding", uuid4().hex)
        return redirect(self.urlname), True

    @property
    def proven_contact(self) -> str:
        """Where the code was sent that proved this log-in's factor; empty if none did."""
        return str(self.state.get("proven_contact", ""))

    @property
    def user_id(self) -> int:
        """Whose log-in it is."""
        return int(self.login.user.pk)

    def ways(self) -> tuple[Factor, ...]:
        """Return what the person can prove themselves with, best first."""
        return factors.usable_factors(self.user_id)

    def send_code(self, factor: Factor) -> bool:
        """Send a code for this log-in; False where too many were sent within an hour."""
        issued = send_log_in_code(
            user_id=self.user_id,
            factor=factor,
            binding=self.state["binding"],
            origin=self._origin,
            at=clock.now(),
        )
        if issued is None:
            return False
        self.state.setdefault("codes", {})[factor.value] = str(issued.id)
        stash_login(self.request, self.login)
        return True

    def code(self, factor: Factor) -> CodeView | None:
        """Return what is known of the code that was sent last this way; None before the first."""
        code_id = self.state.get("codes", {}).get(factor.value)
        return find_code(UUID(code_id), purpose=Purpose.LOG_IN) if code_id else None

    def challenge(self) -> passkeys.Challenge:
        """Ask one of the person's passkeys, for this log-in only."""
        return passkeys.begin_check(
            user_id=self.user_id,
            purpose=Purpose.LOG_IN,
            binding=self.state["binding"],
            wall=clock.wall(),
        )

    def check(self, proof: FactorProof) -> FactorVerdict:
        """Check a proof; a used-up budget answers like a wrong one."""
        verdict = check_log_in(
            user_id=self.user_id,
            proof=proof,
            binding=self.state["binding"],
            origin=self._origin,
            at=clock.now(),
        )
        if verdict.is_right and isinstance(proof, CodeProof):
            code = find_code(proof.code_id, purpose=Purpose.LOG_IN)
            self.state["proven_contact"] = code.sent_to if code is not None else ""
        return verdict

    @property
    def _origin(self) -> Origin:
        origin = browsers.origin_of(self.request, session=None, wall=clock.wall())
        tokens = browsers.device_tokens(self.request)
        return replace(origin, device_id=devices.find_device_id(tokens, user_id=self.user_id))
