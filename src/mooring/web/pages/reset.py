"""The page that sets a new password, as far as second factors go."""

from uuid import UUID

from django.urls import reverse

from mooring.accounts import api as accounts
from mooring.accounts.api.proofs import Factor
from mooring.web.pages import factor as factor_pages
from mooring.web.visit import PageRequest

#: Where the browser's session keeps which codes were sent for this new password, by factor.
_CODES_KEY = "reset_factor_codes"


class Reset:
    """
    A new password that may be set, in the shape in which factor pages know a pending log-in.

    Args:
        view: what may be set, and what it asks for.
    """

    def __init__(self, request: PageRequest, view: accounts.entrance.ResetView) -> None:
        self._request = request
        self.view = view

    @property
    def user_id(self) -> int:
        """Whose password it is."""
        return self.view.user_id

    def ways(self) -> tuple[Factor, ...]:
        """Return what the person can prove themselves with, best first; empty: nothing."""
        return self.view.ways

    def chosen(self) -> Factor | None:
        """Return the factor that is asked for; None if none is."""
        if not self.view.ways:
            return None
        sent = self._request.POST if self._request.method == "POST" else self._request.GET
        return factor_pages.chosen(self, sent.get("way", ""))

    def code(self, factor: Factor) -> accounts.proofs.CodeView | None:
        """Return what is known of the code that was sent last this way; None before the first."""
        kept = self._request.session.get(_CODES_KEY, {}).get(factor.value)
        sent = accounts.entrance.find_reset_code(UUID(kept)) if kept else None
        return sent if sent is not None and sent.binding == str(self.view.grant_id) else None

    def challenge(self) -> accounts.proofs.PasskeyChallenge:
        """Ask one of the person's passkeys, for this new password only."""
        return accounts.entrance.ask_reset_passkey(self.view, wall=self._request.visit.origin.wall)

    def send_code(self, factor: Factor) -> bool:
        """
        Send a code; return whether one is on its way.

        Raises:
            MessagesUsedUp: too many were asked for.
        """
        visit = self._request.visit
        code_id = accounts.entrance.send_reset_factor_code(
            self.view, factor, origin=visit.origin, at=visit.at
        )
        if code_id is None:
            return False
        kept = self._request.session.get(_CODES_KEY, {})
        self._request.session[_CODES_KEY] = {**kept, factor.value: str(code_id)}
        return True

    def proof(self, factor: Factor, code: str) -> accounts.proofs.FactorProof | None:
        """Return the proof that was given; None where there is nothing to check."""
        if factor is not Factor.PASSKEY and not code:
            return None
        return factor_pages.proof_of(self._request, self, factor, code)

    def address_of(self, factor: Factor) -> str:
        """Return the page's address, asking for a factor."""
        return f"{reverse('account_reset_new')}?way={factor.value}"
