"""Ask to be verified at a level, with pictures that prove it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mooring.accounts import events
from mooring.accounts.entrance import throttle
from mooring.accounts.errors import AccountNotOpen
from mooring.accounts.locks import lock_open
from mooring.accounts.models import Account, Document, Verification
from mooring.accounts.origin import Origin
from mooring.accounts.policies import VERIFICATION_AGE_MIN
from mooring.accounts.rules import verification as rules
from mooring.accounts.verification import port as verification_port
from mooring.accounts.verification.errors import (
    PictureNotTaken,
    VerificationFormFlawed,
    VerificationLevelAhead,
    VerificationLevelTaken,
    VerificationPending,
    VerificationTooOften,
)
from mooring.accounts.verification.pictures import Picture, read_picture
from mooring.accounts.verification.queries import find_picture_limits
from mooring.accounts.verification.rows import document_purpose, sealed_form
from mooring.kernel import db
from mooring.kernel.sealing import seal
from mooring.policies import api as policies


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationForm:
    """
    What a customer sends.

    Args:
        texts: by the names of `rules.LEVELS`; others are ignored.
        pictures: the bytes of each file, by the names there.
    """

    level: int
    texts: Mapping[str, str]
    pictures: Mapping[str, bytes] = field(repr=False)


def submit_verification(
    form: VerificationForm, *, account_id: int, origin: Origin, at: datetime
) -> int:
    """
    Keep a form and its pictures, sealed, for a reviewer: all of it, or nothing.

    Pictures are decoded before the transaction begins: no row is locked meanwhile.

    Args:
        at: platform time, UTC; its day decides who is old enough.

    Returns:
        The number of the case.

    Raises:
        AccountNotOpen: the account is absent, disabled or closed.
        VerificationLevelTaken, VerificationLevelAhead: another level is next.
        VerificationPending: a case waits already.
        VerificationTooOften: too many forms within an hour.
        VerificationFormFlawed: answers are missing or wrong; it says which.
    """
    _check_turn(Account.objects.filter(id=account_id).first(), form.level, account_id=account_id)
    if not throttle.take(*throttle.verification_budgets(account_id), wall=origin.wall, at=at):
        raise VerificationTooOften
    texts, pictures = _read(form, at=at)
    case = _keep(form.level, texts, pictures, account_id=account_id, origin=origin, at=at)
    # After the commit, as somebody outside would be asked: never inside a transaction of ours.
    verification_port.provider(at=at).submit(case, at=at)
    return case.verification_id


def _read(form: VerificationForm, *, at: datetime) -> tuple[dict[str, str], dict[str, Picture]]:
    limits = find_picture_limits(at=at)
    age_min = policies.in_force(at=at)[VERIFICATION_AGE_MIN]
    texts, flaws = rules.read_texts(form.level, form.texts, today=at.date(), age_min=age_min)
    flaws |= rules.missing_pictures(form.level, form.pictures)
    pictures = {}
    asked = rules.LEVELS[form.level]
    for name in asked.pictures + asked.pictures_optional:
        if name not in form.pictures or name in flaws:
            continue
        try:
            pictures[name] = read_picture(form.pictures[name], limits=limits)
        except PictureNotTaken as refusal:
            flaws[name] = refusal.flaw
    if flaws:
        facts = {
            "megabytes": limits.megabytes_max,
            "megapixels": limits.megapixels_max,
            "years": age_min,
        }
        raise VerificationFormFlawed(flaws, facts=facts)
    return texts, pictures


@db.transaction
def _keep(
    level: int,
    texts: Mapping[str, str],
    pictures: Mapping[str, Picture],
    *,
    account_id: int,
    origin: Origin,
    at: datetime,
) -> verification_port.Case:
    if account_id not in lock_open([account_id]):
        raise AccountNotOpen(account_id=account_id)
    account = Account.objects.get(id=account_id)
    _check_turn(account, level, account_id=account_id)
    number = _next_number()
    Verification.objects.create(
        id=number,
        account_id=account_id,
        level=level,
        sealed_form=sealed_form(number, dict(texts)),
        submitted_at=at,
    )
    for name, picture in pictures.items():
        _keep_picture(number, name.upper(), picture)
    if account.user_id is not None:
        details = {"level": str(level)}
        kind = events.Kind.VERIFICATION_SUBMITTED
        events.record(kind, user_id=account.user_id, origin=origin, at=at, details=details)
    return verification_port.Case(verification_id=number, account_id=account_id, level=level)


def _check_turn(account: Account | None, level: int, *, account_id: int) -> None:
    if account is None or account.status != Account.Status.OPEN:
        raise AccountNotOpen(account_id=account_id)
    if level <= account.verification_level:
        raise VerificationLevelTaken(level=level)
    if level != rules.next_level(verified=account.verification_level):
        raise VerificationLevelAhead(level=level)
    pending = Verification.objects.filter(account_id=account_id, status=Verification.Status.PENDING)
    if pending.exists():
        raise VerificationPending


def _next_number() -> int:
    """Take the case's number before its row is there: what is sealed is bound to it."""
    found = db.rows("SELECT nextval(pg_get_serial_sequence('accounts_verification', 'id'))")
    return int(found[0][0])


def _keep_picture(number: int, kind: str, picture: Picture) -> None:
    Document.objects.create(
        verification_id=number,
        kind=kind,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        sealed=seal(picture.content, purpose=document_purpose(number, kind)),
    )
