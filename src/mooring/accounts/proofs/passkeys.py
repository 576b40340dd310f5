"""
Passkeys: a key in a device, which signs a challenge of ours for this site and no other.

A challenge belongs to one person, one purpose and one binding, for five minutes. The browser's
session keeps it between question and answer; that it is answered once is decided by the row of
the passkey, under its lock, so that twenty answers at once are one.

Source: Web Authentication Level 3, §7.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mooring.accounts.models import User
from mooring.accounts.proofs.mfa_adapter import is_our_origin
from mooring.kernel import db

LIFETIME: Final = timedelta(minutes=5)
#: The purpose of a challenge that makes a passkey; those that check one have a code's purposes.
ENROLMENT: Final = "ENROLMENT"

#: What a browser sends is anything; these are the ways in which it cannot be read or is wrong.
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    struct.error,
    # Nested deeper than anything a browser sends; a kind of key that is not known.
    RecursionError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """
    A question to a passkey.

    Args:
        options: for the browser, ready for JSON.
        state: for the session; given back with the answer, and taken out of the session first.
    """

    options: dict[str, Any]
    state: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A passkey that answered and is not added yet. The fingerprint is for people to compare."""

    credential_id: bytes
    fingerprint: str
    sign_count: int


def begin_registration(*, user_id: int, wall: datetime) -> Challenge:
    """Ask the person's device for a new passkey; those they have are told to it."""
    user = User.objects.get(id=user_id)
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(**get_adapter().get_public_key_credential_user_entity(user)),
        credentials=[_credential_of(row) for row in _rows(user.pk)],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    bound = _state(state, user_id=user.pk, purpose=ENROLMENT, binding="", wall=wall)
    return Challenge(options=dict(options), state=bound)


def check_registration(
    state: Mapping[str, str], response: Mapping[str, Any], *, user_id: int, wall: datetime
) -> Registration | None:
    """Return the passkey that answered; None if the answer is wrong, late or unreadable."""
    if not _is_bound(state, user_id=user_id, purpose=ENROLMENT, binding="", wall=wall):
        return None
    try:
        made = _server().register_complete(dict(state), response)
        return _registration(made)
    except _UNREADABLE:
        return None


def read_credential(credential: Mapping[str, Any]) -> Registration:
    """Return what an answer that `check_registration` accepted is about."""
    return _registration(_authenticator_data(credential))


def credential_ids(user_id: int) -> frozenset[bytes]:
    """Return the ids of a person's passkeys, as their devices know them."""
    return frozenset(_credential_of(row).credential_id for row in _rows(user_id))


@db.transaction_required
def rename(passkey_id: int, *, user_id: int, name: str) -> bool:
    """Call a passkey `name`, and return whether the person has it."""
    row = _rows(user_id).select_for_update(no_key=True).filter(id=passkey_id).first()
    if row is None:
        return False
    row.data["name"] = name
    row.save(update_fields=["data"])
    return True


def begin_check(*, user_id: int, purpose: str, binding: str, wall: datetime) -> Challenge:
    """Ask for an answer by one of the person's passkeys."""
    options, state = _server().authenticate_begin(
        credentials=[_credential_of(row) for row in _rows(user_id)],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    bound = _state(state, user_id=user_id, purpose=purpose, binding=binding, wall=wall)
    return Challenge(options=dict(options), state=bound)


@db.transaction_required
def spend_answer(
    state: Mapping[str, str],
    response: Mapping[str, Any],
    *,
    user_id: int,
    purpose: str,
    binding: str,
    wall: datetime,
) -> bool:
    """
    Return whether one of the person's passkeys answered this challenge, for the first time.

    A passkey that counts its signatures and counts backwards is a copy, and is refused.

    Args:
        state: as `begin_check` returned it, from the session.
        response: what the browser sent.
        wall: the real time, UTC.
    """
    if not _is_bound(state, user_id=user_id, purpose=purpose, binding=binding, wall=wall):
        return False
    rows = list(_rows(user_id).select_for_update(no_key=True))
    try:
        answer = AuthenticationResponse.from_dict(response)
        credentials = [_credential_of(row) for row in rows]
        used = _server().authenticate_complete(dict(state), credentials, answer)
    except _UNREADABLE:
        return False
    row = rows[credentials.index(used)]
    is_first = all(state["challenge"] not in each.data.get("used", {}) for each in rows)
    counted = answer.response.authenticator_data.counter
    if not is_first or not _counts_on(row.data["sign_count"], counted):
        return False
    _note_use(row, state, counted, wall)
    return True


def _note_use(row: Authenticator, state: Mapping[str, str], counted: int, wall: datetime) -> None:
    used = row.data.get("used", {})
    still = {known: until for known, until in used.items() if _is_before(wall, until)}
    row.data["used"] = {**still, state["challenge"]: state["until"]}
    row.data["sign_count"] = counted
    row.last_used_at = wall
    row.save(update_fields=["data", "last_used_at"])


def _counts_on(before: int, counted: int) -> bool:
    """Return whether a signature counter went on; one that stays zero does not count."""
    return counted > before or counted == before == 0


def _rows(user_id: int) -> Any:
    return Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.WEBAUTHN).order_by(
        "id"
    )


def _server() -> Fido2Server:
    who = PublicKeyCredentialRpEntity(**get_adapter().get_public_key_credential_rp_entity())
    return Fido2Server(who, verify_origin=is_our_origin)


def _state(
    state: Mapping[str, Any], *, user_id: int, purpose: str, binding: str, wall: datetime
) -> dict[str, str]:
    return {
        "challenge": state["challenge"],
        "user_verification": str(state["user_verification"].value),
        "user_id": str(user_id),
        "purpose": purpose,
        "binding": binding,
        "until": (wall + LIFETIME).isoformat(),
    }


def _is_bound(
    state: Mapping[str, str], *, user_id: int, purpose: str, binding: str, wall: datetime
) -> bool:
    whose = (state.get("user_id"), state.get("purpose"), state.get("binding"))
    return whose == (str(user_id), purpose, binding) and _is_before(wall, state["until"])


def _is_before(wall: datetime, until: str) -> bool:
    return wall < datetime.fromisoformat(until)


def _registration(made: AuthenticatorData) -> Registration:
    credential_id = cast("AttestedCredentialData", made.credential_data).credential_id
    digest = hashlib.sha256(credential_id).hexdigest()[:12].upper()
    return Registration(
        credential_id=credential_id,
        fingerprint="-".join(digest[start : start + 4] for start in range(0, 12, 4)),
        sign_count=made.counter,
    )


def _authenticator_data(credential: Mapping[str, Any]) -> AuthenticatorData:
    return RegistrationResponse.from_dict(credential).response.attestation_object.auth_data


def _credential_of(row: Authenticator) -> AttestedCredentialData:
    data = _authenticator_data(row.data["credential"]).credential_data
    return cast("AttestedCredentialData", data)
