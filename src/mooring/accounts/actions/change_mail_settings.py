"""Change how our messages look: the code that marks them as ours, and their language."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from mooring.accounts import events
from mooring.accounts.errors import AntiPhishingCodeMalformed
from mooring.accounts.models import Account
from mooring.accounts.origin import Origin
from mooring.accounts.people import lock_person
from mooring.accounts.proofs import step_up
from mooring.kernel import db

ANTI_PHISHING: Final = "anti_phishing.change"
LANGUAGE: Final = "language.change"
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{4,20}")


def check_anti_phishing_code(code: str) -> None:
    """
    Check the form of an anti-phishing code.

    Raises:
        AntiPhishingCodeMalformed: it is not 4 to 20 letters, digits, - or _.
    """
    if not _CODE.fullmatch(code):
        raise AntiPhishingCodeMalformed


@db.transaction
def change_anti_phishing_code(
    *, account_id: int, step_up_id: UUID, origin: Origin, at: datetime
) -> None:
    """
    Show the code that was confirmed at the head of every mail from now on.

    Args:
        step_up_id: its datum `code` is the code.
        at: platform time, UTC.

    Raises:
        AccountNotOpen, StepUpNotProven, AntiPhishingCodeMalformed.
    """
    person = lock_person(account_id)
    data = step_up.spend(
        step_up_id,
        action=ANTI_PHISHING,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    check_anti_phishing_code(data["code"])
    Account.objects.filter(id=account_id).update(anti_phishing_code=data["code"])
    events.record(events.Kind.ANTI_PHISHING_CODE_CHANGED, user_id=person.pk, origin=origin, at=at)


@db.transaction
def change_language(*, account_id: int, step_up_id: UUID, origin: Origin) -> None:
    """
    Write to a person in the language that was confirmed.

    Args:
        step_up_id: its datum `language` is one of the site's.

    Raises:
        AccountNotOpen, StepUpNotProven.
    """
    person = lock_person(account_id)
    data = step_up.spend(
        step_up_id,
        action=LANGUAGE,
        user_id=person.pk,
        session_id=origin.session_id,
        wall=origin.wall,
    )
    person.language = data["language"]
    person.save(update_fields=["language"])
