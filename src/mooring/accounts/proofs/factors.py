"""
What proves that it is you besides the password: which factors a person has, and checking one.

| rank | factor | what it resists |
|---|---|---|
| 4 | passkey | a forged page: it signs for this site only |
| 3 | totp | a mailbox or number in other hands; not a forged page |
| 2 | email | a guessed password |
| 1 | sms | a guessed password; numbers are stolen more easily than mailboxes |
| 0 | recovery_code | nothing but loss: the way in when the others are gone |

A factor that ranks below the best one a person has is a downgrade: it is taken, and what follows
is held (domain rules §5). Where a person has no factor, a code to their confirmed address is
what there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from allauth.mfa.models import Authenticator

from mooring.accounts import events
from mooring.accounts.models import Channel, CodeFactor, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import codes, passkeys, recovery_codes, totp
from mooring.accounts.proofs.codes import CodeVerdict, Purpose
from mooring.kernel import db


class Factor(StrEnum):
    """A kind of proof, best first."""

    PASSKEY = "passkey"
    TOTP = "totp"
    EMAIL = "email"
    SMS = "sms"
    RECOVERY_CODE = "recovery_code"


RANKS: Final = {
    Factor.PASSKEY: 4,
    Factor.TOTP: 3,
    Factor.EMAIL: 2,
    Factor.SMS: 1,
    Factor.RECOVERY_CODE: 0,
}

#: Those that a mailbox or a telephone number alone cannot give.
STRONG: Final = frozenset({Factor.PASSKEY, Factor.TOTP})

OF_CHANNEL: Final = {Channel.EMAIL: Factor.EMAIL, Channel.SMS: Factor.SMS}
CHANNELS: Final = {factor: channel for channel, factor in OF_CHANNEL.items()}

_OF_TYPE: Final = {
    "webauthn": Factor.PASSKEY,
    "totp": Factor.TOTP,
    "recovery_codes": Factor.RECOVERY_CODE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpProof:
    """A code of an authenticator app, as typed."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeProof:
    """A recovery code, as typed."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeProof:
    """A code that we sent, as typed, and which one it should be."""

    code_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyProof:
    """
    A passkey's answer.

    Args:
        state: of the challenge, from the session, out of which it is gone already.
        response: what the browser sent.
    """

    state: Mapping[str, str]
    response: Mapping[str, Any]


FactorProof = TotpProof | RecoveryCodeProof | CodeProof | PasskeyProof


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorView:
    """
    A factor that a person has.

    Args:
        id: of an authenticator app or a passkey, of which a person can have several.
        name: of a passkey.
        to: where a code would be sent; canonical, for its owner only.
        left: how many recovery codes are unused.
    """

    factor: Factor
    rank: int
    added_at: datetime
    id: int | None = None
    name: str = ""
    to: str = ""
    left: int | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorVerdict:
    """
    What a proof comes to.

    Args:
        factor: which factor it was of; None where the person cannot use that factor.
        is_downgrade: it is right, and a better factor was there: what follows is held.
        code: of a code that we sent, what became of it.
    """

    is_right: bool
    factor: Factor | None
    is_downgrade: bool = False
    code: CodeVerdict | None = None


def list_factors(user_id: int) -> tuple[FactorView, ...]:
    """Return what a person has switched on, best first; a passkey each, oldest first."""
    kept = Authenticator.objects.filter(user_id=user_id).order_by("id")
    found = [_view_of(row) for row in kept] + _code_factors(user_id)
    usable = (view for view in found if view.left != 0)
    return tuple(sorted(usable, key=lambda view: -view.rank))


def usable_factors(user_id: int) -> tuple[Factor, ...]:
    """
    Return which factors can prove this person, best first, each once.

    Of somebody who has none: a code to the confirmed address, or to the number without one.
    """
    found = tuple(dict.fromkeys(view.factor for view in list_factors(user_id)))
    return found or (Factor.EMAIL if _contacts(user_id)[Factor.EMAIL] else Factor.SMS,)


def contact_of(user_id: int, factor: Factor) -> str:
    """Return where a code for this person would be sent; empty: nowhere."""
    return _contacts(user_id).get(factor, "")


@db.transaction_required
def check_factor(
    *,
    user_id: int,
    proof: FactorProof,
    purpose: Purpose,
    binding: str,
    origin: Origin,
    at: datetime,
) -> FactorVerdict:
    """
    Check a proof, and spend it if it is right: no proof is right twice, for whatever purpose.

    The tries must be committed whatever the verdict: do not raise in the transaction of this
    call. Take a budget from the throttle before it.

    Args:
        purpose: what a code or a challenge must have been made for.
        binding: what it must belong to, such as a step-up's id.
        origin: its `wall` is the time that proofs live in.
        at: platform time, for the event that a recovery code was used.
    """
    ranks = {factor: RANKS[factor] for factor in usable_factors(user_id)}
    factor = _factor_of(proof)
    if factor not in ranks:
        return FactorVerdict(is_right=False, factor=None)
    if isinstance(proof, CodeProof):
        code = codes.check(
            proof.code_id,
            proof.code,
            purpose=purpose,
            user_id=user_id,
            wall=origin.wall,
            binding=binding,
        )
        is_right = code is CodeVerdict.RIGHT
    elif isinstance(proof, PasskeyProof):
        code = None
        is_right = passkeys.spend_answer(
            proof.state,
            proof.response,
            user_id=user_id,
            purpose=purpose,
            binding=binding,
            wall=origin.wall,
        )
    else:
        code = None
        is_right = _spend_typed(proof, user_id=user_id, origin=origin, at=at)
    is_downgrade = is_right and RANKS[factor] < max(ranks.values())
    return FactorVerdict(is_right=is_right, factor=factor, is_downgrade=is_downgrade, code=code)


def _spend_typed(
    proof: TotpProof | RecoveryCodeProof, *, user_id: int, origin: Origin, at: datetime
) -> bool:
    if isinstance(proof, TotpProof):
        return totp.spend_code(user_id=user_id, text=proof.code, wall=origin.wall)
    left = recovery_codes.spend_code(user_id=user_id, text=proof.code, wall=origin.wall)
    if left is None:
        return False
    events.record(
        events.Kind.RECOVERY_CODE_USED,
        user_id=user_id,
        origin=origin,
        at=at,
        details={"left": str(left)},
    )
    return True


def _factor_of(proof: FactorProof) -> Factor | None:
    match proof:
        case TotpProof():
            return Factor.TOTP
        case RecoveryCodeProof():
            return Factor.RECOVERY_CODE
        case PasskeyProof():
            return Factor.PASSKEY
        case CodeProof():
            channel = codes.find_channel(proof.code_id)
            return OF_CHANNEL[Channel(channel)] if channel else None


def _view_of(row: Authenticator) -> FactorView:
    factor = _OF_TYPE[row.type]
    return FactorView(
        factor=factor,
        rank=RANKS[factor],
        added_at=row.created_at,
        id=row.pk if factor in STRONG else None,
        name=row.data.get("name", ""),
        left=recovery_codes.count_left(row) if factor is Factor.RECOVERY_CODE else None,
        last_used_at=row.last_used_at,
    )


def _code_factors(user_id: int) -> list[FactorView]:
    """Return the channels that are switched on and still lead somewhere."""
    contacts = _contacts(user_id)
    return [
        FactorView(factor=factor, rank=RANKS[factor], added_at=added_at, to=contacts[factor])
        for channel, added_at in CodeFactor.objects.filter(user_id=user_id).values_list(
            "channel", "added_at"
        )
        if contacts[factor := OF_CHANNEL[Channel(channel)]]
    ]


def _contacts(user_id: int) -> dict[Factor, str]:
    found = User.objects.filter(id=user_id).values_list("email", "phone").first()
    email, phone = found or (None, None)
    return {Factor.EMAIL: email or "", Factor.SMS: phone or ""}
