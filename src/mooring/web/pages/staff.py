"""What a reviewer reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mooring.accounts import api as accounts
from mooring.web.forms.verification import FORMS, country_names

#: How many cases a list shows; the oldest come first, so nothing is out of reach for long.
QUEUE_LENGTH: Final = 50
DECIDED_LENGTH: Final = 20

STATUSES: Final[Mapping[str, str | Promise]] = {
    "PENDING": gettext_lazy("Waiting"),
    "APPROVED": gettext_lazy("Approved"),
    "REJECTED": gettext_lazy("Rejected"),
}
KINDS: Final[Mapping[str, str | Promise]] = {
    "IDENTITY_FRONT": gettext_lazy("Identity document, front"),
    "IDENTITY_BACK": gettext_lazy("Identity document, back"),
    "PORTRAIT": gettext_lazy("Portrait"),
    "ADDRESS": gettext_lazy("Proof of address"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case in a list."""

    id: int
    account_id: int
    level: int
    status: str | Promise
    submitted_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A picture on the page of its case; its content comes from an address of its own."""

    id: int
    name: str | Promise
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A case with everything that was sent; `lines` and `identity` are names and texts."""

    case: accounts.verification.CaseView
    status: str | Promise
    lines: tuple[tuple[str, str], ...]
    identity: tuple[tuple[str, str], ...]
    documents: tuple[DocumentRow, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether it can be decided."""
        return self.case.status == "PENDING"


def queue() -> tuple[tuple[CaseRow, ...], tuple[CaseRow, ...]]:
    """Return what waits, longest first, and what was decided last."""
    waiting = accounts.verification.list_pending_cases(limit=QUEUE_LENGTH)
    decided = accounts.verification.list_decided_cases(limit=DECIDED_LENGTH)
    return tuple(map(_row, waiting)), tuple(map(_row, decided))


def case_page(case: accounts.verification.CaseView) -> CasePage:
    """Return a case as a page shows it."""
    return CasePage(
        case=case,
        status=STATUSES[case.status],
        lines=_lines(case.level, case.texts),
        identity=_lines(1, case.identity),
        documents=tuple(
            DocumentRow(
                id=document.id,
                name=KINDS[document.kind],
                width=document.width,
                height=document.height,
            )
            for document in case.documents
        ),
    )


def _lines(level: int, texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    countries = dict(country_names())
    labels = {name: str(field.label) for name, field in FORMS[level].base_fields.items()}
    return tuple(
        (labels.get(name, name), countries.get(text, text) if "country" in name else text)
        for name, text in texts.items()
        if text
    )


def _row(case: accounts.verification.CaseSummary) -> CaseRow:
    return CaseRow(
        id=case.id,
        account_id=case.account_id,
        level=case.level,
        status=STATUSES[case.status],
        submitted_at=case.submitted_at,
        decided_at=case.decided_at,
    )


def decided_sentence(*, is_approved: bool) -> str:
    """Return what a reviewer reads after deciding."""
    return _("Approved. The customer is told.") if is_approved else _("Rejected and told.")


def flagged_sentence(account_id: int, *, is_flagged: bool) -> str:
    """Return what a reviewer reads after changing the flag of an account."""
    said = (
        _("Account %(account)s is under review.")
        if is_flagged
        else _("The review of account %(account)s has ended.")
    )
    return said % {"account": account_id}
