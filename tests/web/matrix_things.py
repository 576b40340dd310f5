"""
The things of the object matrix: one of each kind for the owner, one for another customer.

The owner's are marked: what is theirs alone is found in any answer that shows it.
"""

import secrets
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import Document, LoginSession, Recovery, User
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import totp
from mooring.accounts.protection.recovery import cancel_digest
from mooring.earn import api as earn
from mooring.gateway import api as gateway
from mooring.kernel import clock
from mooring.notices import api as notices
from tests.accounts.soft_passkey import SoftPasskey
from tests.notices.outbox import inbox, last_link_token

from . import showing
from .conftest import Staked
from .signing_in import sign_in

#: What is the owner's alone. Nobody else's answer contains any of it.
CANARIES = {
    "e-mail": "canary.owner@example.com",
    "number": "+4915112345678",
    "amount": "7.31313131",
    "label of a key": "canary-of-a-key",
    "name of a passkey": "canary-of-a-passkey",
    "network of a key": "203.0.113.77",
    "anti-phishing code": "canary-words",
    "name of a person": "Canary Marie Owner",
    "reason of a rejection": "canary-reason",
    "question": "canary-question",
    "address of a webhook": "canary-of-a-webhook",
}
#: Numbers that no row has; and texts that are no number of a row, the last because it is as long
#: as a column's or longer.
ABSENT_NUMBERS = ("987654321", "0", "9" * 18)
MALFORMED_NUMBERS = (
    *("-1", "0x1", "1e1", "%00", "%0d%0a", "..%2f1", "%EF%BC%91", "1%20"),
    *(str(2**63 - 1), str(2**63), "9" * 30),
)
ABSENT_CODES = ("NONE", "btc1")
MALFORMED_CODES = ("BTC%00", "%2e%2e", "BTC%0d%0a", "B" * 3000, "%f0%9f%92%b0", "%3Cb%3E")
ABSENT_IDS = (str(uuid4()), "00000000-0000-0000-0000-000000000000")
MALFORMED_IDS = ("1", "not-one", "%00", "0" * 36, "{" + str(uuid4()) + "}", str(uuid4()).upper())

KINDS = {
    "asset": (ABSENT_CODES, MALFORMED_CODES),
    "product": (ABSENT_CODES, MALFORMED_CODES),
    "step_up": (ABSENT_IDS, MALFORMED_IDS),
    "contact_code": (ABSENT_IDS, MALFORMED_IDS),
    "reset_token": (("x" * 43,), ("%00", "%2e%2e", "a" * 5000)),
    "recovery_code": (ABSENT_IDS, MALFORMED_IDS),
    "recovery_token": (("x" * 43, "state2"), ("%00", "%2e%2e")),
    "cancel_token": (("x" * 43, "y"), ("%00", "%2e%2e", "a" * 5000)),
    "disable_token": (("MQ:1wMooring:AAAA", "x"), ("%00", "%2e%2e", "a" * 5000)),
}


class Person(NamedTuple):
    """Who has the things: their log-in, where they are logged in, what they have staked."""

    user: User
    session: LoginSession
    staked: Staked


def things_of(person: Person, mark: str) -> dict[str, str]:
    """Make one thing of each kind, and return its id as it stands in an address."""
    elsewhere = sign_in(Client(), person.user)
    origin = _origin(person)
    case = _case(person, mark)
    return {
        "position": str(person.staked.bound),
        "redemption": _redemption(person),
        "key": _key(person, mark),
        "session": str(elsewhere.pk),
        "device": str(elsewhere.device_id),
        "factor": str(give_factor(person.user).pk),
        "passkey": str(_passkey(person.user, mark)),
        "step_up": str(
            accounts.proofs.begin_step_up(
                action="anti_phishing.change",
                user_id=person.user.pk,
                data={"code": CANARIES["anti-phishing code"] if mark else "other"},
                origin=origin,
            )
        ),
        "contact_code": str(_contact_code(person, mark)),
        **_way_back(person, origin),
        "notice": str(inbox(person.user)[-1].pk),
        "ticket": _ticket(person, mark),
        **_webhook(person, mark),
        "disable_token": accounts.protection.disable_token(person.user.pk),
        "case": str(case),
        "account": str(person.staked.account_id),
        "document": str(Document.objects.filter(verification_id=case).earliest("id").pk),
    }


def _origin(person: Person) -> Origin:
    return Origin(
        wall=clock.wall(),
        ip="192.0.2.1",
        session_id=person.session.pk,
        device_id=person.session.device_id,
    )


def _ticket(person: Person, mark: str) -> str:
    question = notices.Question(text=CANARIES["question"] if mark else "other")
    return str(
        notices.open_ticket(account_id=person.staked.account_id, question=question, at=clock.now())
    )


def _webhook(person: Person, mark: str) -> dict[str, str]:
    name = CANARIES["address of a webhook"] if mark else "other"
    whose = {"account_id": person.staked.account_id}
    webhook_id = gateway.create_webhook(
        **whose, url=f"https://hooks.example.com/{name}", topics=gateway.TOPICS, at=clock.now()
    )
    delivery_id = gateway.ping_webhook(**whose, webhook_id=webhook_id)
    return {"webhook": str(webhook_id), "delivery": str(delivery_id)}


def _redemption(person: Person) -> str:
    asked = earn.Redemption(
        account_id=person.staked.account_id,
        position_id=person.staked.locked,
        amount=None,
        key="matrix",
    )
    return str(earn.redeem_one(asked, at=clock.now()).redemption_id)


def _key(person: Person, mark: str) -> str:
    given = {
        "label": CANARIES["label of a key"] if mark else "a label",
        "type": "HMAC",
        "rights": "read,withdraw",
        "networks": CANARIES["network of a key"] if mark else "192.0.2.9",
    }
    accounts.keys.issue_api_key(
        account_id=person.staked.account_id, order=accounts.keys.read_order(given), at=clock.now()
    )
    [key] = accounts.keys.list_api_keys(account_id=person.staked.account_id)
    return str(key.id)


def give_factor(user: User) -> Authenticator:
    """Let a person have an authenticator app."""
    return Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": totp.seal("JBSWY3DPEHPK3PXP", user_id=user.pk)},
        created_at=clock.wall() - timedelta(days=10),
    )


def _passkey(user: User, mark: str) -> int:
    wall = clock.wall()
    asked = accounts.proofs.begin_passkey_registration(user_id=user.pk, wall=wall)
    answer = SoftPasskey().create(asked.options)
    made = accounts.proofs.check_passkey_registration(
        asked.state, answer, user_id=user.pk, wall=wall
    )
    assert made is not None
    name = CANARIES["name of a passkey"] if mark else "a passkey"
    return Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": answer, "sign_count": made.sign_count},
        created_at=wall,
    ).pk


def _contact_code(person: Person, mark: str) -> object:
    return accounts.proofs.ask_new_contact(
        user_id=person.user.pk,
        channel=accounts.Channel.SMS,
        to=CANARIES["number"] if mark else "+4915187654321",
        origin=_origin(person),
        at=clock.now(),
    )


def _case(person: Person, mark: str) -> int:
    """Let a case wait, after one that was rejected."""
    decision = accounts.verification.Decision(
        is_approved=False, reason=CANARIES["reason of a rejection"] if mark else "a reason"
    )
    accounts.verification.decide_verification(
        _sent(person, mark), decision, reviewer_id=None, at=clock.now()
    )
    return _sent(person, mark)


def _way_back(person: Person, origin: Origin) -> dict[str, str]:
    """Ask for the account back, by code and by link, and have it wait."""
    at, identifier = clock.now(), accounts.entrance.read_identifier(person.user.email or "")
    accounts.entrance.ask_reset(identifier=identifier, tokens=(), origin=origin, at=at)
    reset = last_link_token(person.user.email)
    code_id = accounts.protection.ask_for_recovery(identifier, origin=origin, at=at)
    link = last_link_token(person.user.email)
    token = secrets.token_urlsafe(32)
    waiting(person.staked.account_id, "LOST_FACTOR", token)
    return {
        "recovery_code": str(code_id),
        "recovery_token": link,
        "reset_token": reset,
        "cancel_token": token,
    }


def waiting(account_id: int, kind: str, token: str) -> Recovery:
    """Let a recovery wait that the link with `token` cancels."""
    at = clock.now()
    return Recovery.objects.create(
        account_id=account_id,
        kind=kind,
        requested_at=at,
        ready_at=at + timedelta(hours=72),
        cancel_digest=cancel_digest(token),
    )


def _sent(person: Person, mark: str) -> int:
    texts = {**showing.IDENTITY, "legal_name": CANARIES["name of a person"] if mark else "Other"}
    form = accounts.verification.VerificationForm(
        level=1,
        texts=texts,
        pictures={"identity_front": showing.PICTURE, "portrait": showing.PICTURE},
    )
    return accounts.verification.submit_verification(
        form, account_id=person.staked.account_id, origin=_origin(person), at=clock.now()
    )
