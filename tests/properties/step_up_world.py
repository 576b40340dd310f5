"""Two people, their browsers, and every sensitive action that they can confirm."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.db import transaction

from mooring.accounts.actions.add_passkey import add_passkey
from mooring.accounts.actions.add_totp import add_totp
from mooring.accounts.actions.change_contact import change_contact, remove_contact
from mooring.accounts.actions.change_mail_settings import (
    change_anti_phishing_code,
    change_language,
)
from mooring.accounts.actions.change_password import change_password
from mooring.accounts.actions.create_api_key import create_api_key
from mooring.accounts.actions.make_recovery_codes import make_recovery_codes
from mooring.accounts.actions.remove_factor import remove_factor
from mooring.accounts.actions.rename_passkey import rename_passkey
from mooring.accounts.actions.switch_code_factor import switch_code_factor
from mooring.accounts.models import Account, ApiKey, Channel, CodeFactor, LoginSession, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import passkeys, recovery_codes, step_up, totp
from tests.accounts.soft_passkey import SoftPasskey

WALL = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP" * 2
PASSWORD, NEW_PASSWORD = "four random harbour words", "another four random harbours"
_NUMBERS = count(1)
_HASHES: dict[str, str] = {}
_ANSWERS: list[dict[str, Any]] = []


def app_code(wall: datetime) -> str:
    return format_hotp_value(hotp_value(SECRET, int(wall.timestamp()) // 30))


class Person:
    """Somebody with an account, logged in once or twice, perhaps with strong factors."""

    def __init__(self, *, is_strong: bool, sessions: int) -> None:
        number = next(_NUMBERS)
        self.email = f"person{number}@example.com"
        self.phone = f"+49151{number:08}"
        self.is_strong = is_strong
        user = User.objects.create(
            email=self.email, phone=self.phone, password=_hash_of(PASSWORD), language="en"
        )
        self.id = user.pk
        self.account_id = Account.objects.create(user=user, opened_at=AT).pk
        self.origins = [self._log_in(f"{number}.{one}") for one in range(sessions)]
        self.paper: tuple[str, ...] = ()
        self.kept: set[str] = set()
        if is_strong:
            self._add_factors(user)

    @property
    def user(self) -> User:
        return User.objects.get(pk=self.id)

    @property
    def passkey(self) -> Authenticator | None:
        return Authenticator.objects.filter(user_id=self.id, type="webauthn").first()

    def _log_in(self, key: str) -> Origin:
        session = LoginSession.objects.create(
            user_id=self.id, session_key=key, ip="192.0.2.1", begun_at=WALL, seen_at=WALL
        )
        # A device that is confirmed: what limits strangers is tested elsewhere.
        return Origin(wall=WALL, ip="192.0.2.1", session_id=session.pk, device_id=1)

    def _add_factors(self, user: User) -> None:
        Authenticator.objects.create(
            user=user,
            type="totp",
            data={"secret": totp.seal(SECRET, user_id=self.id)},
            created_at=WALL,
        )
        answer = _passkey_answers(user)[0]
        Authenticator.objects.create(
            user=user,
            type="webauthn",
            data={"name": "Laptop", "credential": answer, "sign_count": 1},
            created_at=WALL,
        )
        with transaction.atomic():
            self.paper = recovery_codes.make(user_id=self.id, wall=WALL)
        self.kept = _kept_of(self.id)


def _hash_of(password: str) -> str:
    return _HASHES.setdefault(password, make_password(password))


def _passkey_answers(user: User) -> list[dict[str, Any]]:
    """Return what two devices of software answered once; a signature costs more than a test."""
    while len(_ANSWERS) < 2:
        asked = passkeys.begin_registration(user_id=user.pk, wall=WALL)
        _ANSWERS.append(SoftPasskey().create(asked.options))
    return _ANSWERS


@dataclass(frozen=True)
class Spec:
    """
    How an action is asked for, carried out, and seen to have happened.

    Args:
        strong: whom it is for: True with strong factors, False without any, None for both.
    """

    facts: Callable[[Person], dict[str, str]]
    execute: Callable[..., object]
    happened: Callable[[Person], bool]
    strong: bool | None = None
    takes_at: bool = True

    def run(self, person: Person, step_up_id: UUID, origin: Origin) -> None:
        given = {"account_id": person.account_id, "step_up_id": step_up_id, "origin": origin}
        self.execute(**given, **({"at": AT} if self.takes_at else {}))


def _change(channel: Channel) -> Callable[..., object]:
    return lambda **given: change_contact(channel=channel, **given)


def _sealed_password(person: Person) -> dict[str, str]:
    sealed = step_up.sealed(_hash_of(NEW_PASSWORD), action="password.change", user_id=person.id)
    return {"password": sealed}


def _has_new_paper(person: Person) -> bool:
    return not person.kept & _kept_of(person.id)


def _kept_of(user_id: int) -> set[str]:
    row = Authenticator.objects.get(user_id=user_id, type="recovery_codes")
    return set(row.data["hashes"])


SPECS: dict[str, Spec] = {
    "password.change": Spec(
        _sealed_password,
        change_password,
        lambda person: person.user.check_password(NEW_PASSWORD),
    ),
    "email.change": Spec(
        lambda person: {"to": f"new.{person.email}"},
        _change(Channel.EMAIL),
        lambda person: person.user.email == f"new.{person.email}",
    ),
    "phone.change": Spec(
        lambda person: {"to": person.phone.replace("+49151", "+49152")},
        _change(Channel.SMS),
        lambda person: (person.user.phone or "").startswith("+49152"),
    ),
    "contact.remove": Spec(
        lambda person: {"channel": "SMS", "to": person.phone},
        remove_contact,
        lambda person: person.user.phone is None,
    ),
    "anti_phishing.change": Spec(
        lambda _person: {"code": "kelp-7"},
        change_anti_phishing_code,
        lambda person: Account.objects.get(pk=person.account_id).anti_phishing_code != "",
    ),
    "language.change": Spec(
        lambda _person: {"language": "zh-hans"},
        change_language,
        lambda person: person.user.language == "zh-hans",
        takes_at=False,
    ),
    "factor.add_totp": Spec(
        lambda person: {"secret": totp.seal(SECRET, user_id=person.id)},
        add_totp,
        lambda person: Authenticator.objects.filter(user_id=person.id, type="totp").exists(),
        strong=False,
    ),
    "factor.add_passkey": Spec(
        lambda person: {
            "name": "Phone",
            "credential": json.dumps(_passkey_answers(person.user)[1]),
        },
        add_passkey,
        lambda person: any(
            row.data["name"] == "Phone"
            for row in Authenticator.objects.filter(user_id=person.id, type="webauthn")
        ),
    ),
    "factor.make_recovery_codes": Spec(
        lambda _person: {},
        make_recovery_codes,
        _has_new_paper,
        strong=True,
    ),
    "factor.remove": Spec(
        lambda person: {"id": str(person.passkey and person.passkey.pk)},
        remove_factor,
        lambda person: person.passkey is None,
        strong=True,
    ),
    "factor.rename_passkey": Spec(
        lambda person: {"id": str(person.passkey and person.passkey.pk), "name": "Old laptop"},
        rename_passkey,
        lambda person: person.passkey is not None and person.passkey.data["name"] == "Old laptop",
        strong=True,
        takes_at=False,
    ),
    "factor.switch_code": Spec(
        lambda _person: {"channel": "SMS", "to": "on"},
        switch_code_factor,
        lambda person: CodeFactor.objects.filter(user_id=person.id).exists(),
    ),
    "api_key.create": Spec(
        lambda _person: {
            "label": "bot",
            "type": "HMAC",
            "public_key": "",
            "rights": "read",
            "networks": "",
        },
        create_api_key,
        lambda person: ApiKey.objects.filter(account_id=person.account_id).exists(),
    ),
}


def at(origin: Origin, wall: datetime) -> Origin:
    return replace(origin, wall=wall)
