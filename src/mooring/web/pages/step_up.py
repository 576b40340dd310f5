"""The page that shows what will happen and asks for the proofs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mooring.accounts import api as accounts
from mooring.accounts.api.proofs import Factor
from mooring.web import step_up
from mooring.web.pages import factor_words
from mooring.web.pages import product_words as words
from mooring.web.pages.contacts import masked
from mooring.web.visit import PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A factor that can be chosen: its name and whether it is the one shown."""

    code: str
    name: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUpPage:
    """
    What will happen, and what is asked for.

    Args:
        lines: every datum, its name and its value.
        way: the factor that is asked for.
        label: of the field for the code.
        hint: what to type, or where the code was sent.
        may_send: a code can be sent this way.
        is_sent: one was sent, and is good until the page's time is over.
        is_lower: a better factor is there: withdrawals would be held.
        challenge: for the browser, where a passkey is asked for.
    """

    id: UUID
    name: str
    lines: Sequence[step_up.Line]
    needs_password: bool
    way: str
    ways: tuple[Way, ...]
    label: str
    hint: str
    may_send: bool
    is_sent: bool
    is_lower: bool
    time_left: str
    back: str
    challenge: dict[str, Any] | None


def find(request: PageRequest, step_up_id: UUID) -> accounts.proofs.StepUpView:
    """
    Return the step-up of an address.

    Raises:
        StepUpNotFound: absent, another person's, or of another log-in.
    """
    origin = request.visit.origin
    return accounts.proofs.view_step_up(
        step_up_id,
        user_id=request.visit.user_id,
        session_id=origin.session_id,
        wall=origin.wall,
    )


def page_of(request: PageRequest, found: accounts.proofs.StepUpView, wished: str) -> StepUpPage:
    """Return the page of a step-up, asking for the factor that was wished for, else the best."""
    way = chosen(found, wished)
    action = step_up.registered()[found.action]
    is_code = way in accounts.proofs.CHANNELS
    sent = found.code if is_code and found.code and _is_of(found.code.channel, way) else None
    left: timedelta = found.expires_at - request.visit.origin.wall
    return StepUpPage(
        id=found.id,
        name=str(action.name),
        lines=action.describe(found.data),
        needs_password=found.needs_password,
        way=way.value,
        ways=tuple(
            Way(code=each.value, name=factor_words.name_of(each), is_here=each is way)
            for each in found.ways
        ),
        label=factor_words.name_of(way),
        hint=_hint(way, sent.sent_to if sent else ""),
        may_send=is_code,
        is_sent=sent is not None,
        is_lower=way is not found.ways[0],
        time_left=words.duration_text(left),
        back=back_of(request, found.id),
        challenge=_challenge(request, found) if way is Factor.PASSKEY else None,
    )


def chosen(found: accounts.proofs.StepUpView, wished: str) -> Factor:
    """Return the factor that was wished for, if it is one of the person's; else the best."""
    return next((way for way in found.ways if way.value == wished), found.ways[0])


def back_of(request: PageRequest, step_up_id: UUID) -> str:
    """Return where who changes their mind goes: an address of ours, kept when they asked."""
    back = step_up.kept(request, step_up_id).get("back")
    return str(back) if back else reverse("security")


def _hint(way: Factor, sent_to: str) -> str:
    if way is Factor.TOTP:
        return _("The six digits that your authenticator app shows now.")
    if way is Factor.RECOVERY_CODE:
        return _("One of the codes you kept on paper. Each is good once.")
    if sent_to:
        return _("Sent to %(to)s. It confirms this and nothing else.") % {"to": masked(sent_to)}
    return ""


def _is_of(channel: str, way: Factor) -> bool:
    return accounts.proofs.CHANNELS[way] == channel


def _challenge(request: PageRequest, found: accounts.proofs.StepUpView) -> dict[str, Any]:
    challenge = accounts.proofs.begin_passkey_check(
        user_id=request.visit.user_id,
        purpose=accounts.proofs.CodePurpose.STEP_UP,
        binding=str(found.id),
        wall=request.visit.origin.wall,
    )
    step_up.keep(request, found.id, {"passkey": challenge.state})
    return challenge.options
