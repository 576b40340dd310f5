"""The page between password and log-in that asks for the second factor."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mooring.accounts import api as accounts
from mooring.accounts.api.proofs import CodeVerdict, Factor
from mooring.web.forms.factor import read_answer
from mooring.web.pages import factor_words
from mooring.web.pages.contacts import masked

_STATE_KEY: Final = "factor_passkey"


class Asking(Protocol):
    """What asks a person for a factor: a pending log-in, or a password that may be set."""

    def ways(self) -> tuple[Factor, ...]:
        """Return what the person can prove themselves with, best first."""

    def code(self, factor: Factor) -> accounts.proofs.CodeView | None:
        """Return what is known of the code that was sent last this way; None before the first."""

    def challenge(self) -> accounts.proofs.PasskeyChallenge:
        """Ask one of the person's passkeys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A factor that can be chosen: its name and whether it is the one shown."""

    code: str
    name: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorPage:
    """
    What is asked for.

    Args:
        sent_to: where a code was sent, masked; empty: none was.
        may_send: a code can be sent this way.
        is_lower: a better factor is there: withdrawals would be held.
        challenge: for the browser, where a passkey is asked for.
    """

    way: str
    ways: tuple[Way, ...]
    label: str
    hint: str
    sent_to: str
    may_send: bool
    is_lower: bool
    challenge: dict[str, Any] | None


def page_of(request: HttpRequest, stage: Asking, way: Factor) -> FactorPage:
    """Return the page that asks for `way`; a passkey gets a challenge of its own."""
    ways = stage.ways()
    code = stage.code(way)
    challenge = None
    if way is Factor.PASSKEY:
        asked = stage.challenge()
        request.session[_STATE_KEY] = asked.state
        challenge = asked.options
    return FactorPage(
        way=way.value,
        ways=tuple(
            Way(code=each.value, name=factor_words.name_of(each), is_here=each is way)
            for each in ways
        ),
        label=factor_words.name_of(way),
        hint=_hint(way),
        sent_to=masked(code.sent_to) if code else "",
        may_send=way in accounts.proofs.CHANNELS,
        is_lower=way is not ways[0],
        challenge=challenge,
    )


def chosen(stage: Asking, wished: str) -> Factor:
    """Return the factor that was wished for, if it is one of the person's; else the best."""
    ways = stage.ways()
    return next((way for way in ways if way.value == wished), ways[0])


def proof_of(
    request: HttpRequest, stage: Asking, way: Factor, code: str
) -> accounts.proofs.FactorProof | None:
    """
    Return the proof that was given; None where there is nothing to check.

    The state of a passkey's challenge leaves the session before the answer is looked at.
    """
    if way is Factor.PASSKEY:
        state = request.session.pop(_STATE_KEY, None)
        answer = read_answer(request.POST.get("passkey", ""))
        if state is None or answer is None:
            return None
        return accounts.proofs.PasskeyProof(state=state, response=answer)
    if way is Factor.TOTP:
        return accounts.proofs.TotpProof(code=code)
    if way is Factor.RECOVERY_CODE:
        return accounts.proofs.RecoveryCodeProof(code=code)
    sent = stage.code(way)
    return accounts.proofs.CodeProof(code_id=sent.id, code=code) if sent else None


def _hint(way: Factor) -> str:
    if way is Factor.TOTP:
        return _("The six digits that your authenticator app shows now.")
    if way is Factor.RECOVERY_CODE:
        return _("One of the codes you kept on paper. Each is good once.")
    return ""


def problem_of(stage: Asking, way: Factor, verdict: accounts.proofs.FactorVerdict | None) -> str:
    """Return in words why nobody was logged in, and what to do."""
    if way is Factor.PASSKEY:
        return _("The passkey did not confirm that it is you. Nobody was logged in; try again.")
    if way is Factor.TOTP:
        return _(
            "The code is not right, or was used already: each code of your app is good once. "
            "Wait for the next one."
        )
    if way is Factor.RECOVERY_CODE:
        return _("The code is not right, or was used already. Each code is good once.")
    if verdict is None:
        return _("Ask for a code first, then write it here.")
    if verdict.code in {CodeVerdict.SPENT_OR_EXPIRED, CodeVerdict.NO_TRIES_LEFT}:
        return _("This code is over. Nobody was logged in; ask for a new one below.")
    left = sent.tries_left if (sent := stage.code(way)) else 0
    return ngettext(
        "The code is not right. %(count)s try is left with it.",
        "The code is not right. %(count)s tries are left with it.",
        left,
    ) % {"count": left}
