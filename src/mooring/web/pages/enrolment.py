"""Adding an app or a passkey: what the browser's session keeps between the page and its answer."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from mooring.accounts import api as accounts
from mooring.web.visit import PageRequest

_APP_KEY: Final = "app_enrolment"
_PASSKEY_KEY: Final = "passkey_enrolment"


def begin_app(request: PageRequest) -> accounts.proofs.TotpEnrolment:
    """Make a secret for an app; one that was begun before is dropped."""
    begun = accounts.proofs.begin_totp(user_id=request.visit.user_id)
    request.session[_APP_KEY] = begun.sealed
    return begun


def find_app(request: PageRequest) -> accounts.proofs.TotpEnrolment | None:
    """Return the secret that is being enrolled in this session; None if none is."""
    sealed = request.session.get(_APP_KEY)
    if sealed is None:
        return None
    return accounts.proofs.show_totp(sealed, user_id=request.visit.user_id)


def confirm_app(request: PageRequest, begun: accounts.proofs.TotpEnrolment, code: str) -> bool:
    """Return whether the app knows the secret; then the session forgets it."""
    is_right = accounts.proofs.confirm_totp(
        user_id=request.visit.user_id,
        sealed=begun.sealed,
        code=code,
        origin=request.visit.origin,
    )
    if is_right:
        request.session.pop(_APP_KEY, None)
    return is_right


def picture_of(begun: accounts.proofs.TotpEnrolment) -> str:
    """Return the QR code as an address that needs no request."""
    return f"data:image/svg+xml;base64,{base64.b64encode(begun.qr_svg.encode()).decode()}"


def begin_passkey(request: PageRequest) -> dict[str, Any]:
    """Return what the browser asks for a new passkey with; its state stays in the session."""
    challenge = accounts.proofs.begin_passkey_registration(
        user_id=request.visit.user_id, wall=request.visit.origin.wall
    )
    request.session[_PASSKEY_KEY] = challenge.state
    return challenge.options


def check_passkey(
    request: PageRequest, answer: Mapping[str, Any] | None
) -> accounts.proofs.PasskeyRegistration | None:
    """Return the passkey that answered; its challenge leaves the session before that."""
    state = request.session.pop(_PASSKEY_KEY, None)
    if state is None or answer is None:
        return None
    return accounts.proofs.check_passkey_registration(
        state,
        answer,
        user_id=request.visit.user_id,
        wall=request.visit.origin.wall,
    )
