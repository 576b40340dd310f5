"""`mooring verification`: cases of customers, listed and decided by who runs the machine."""

import click

from mooring.accounts import api as accounts
from mooring.kernel import clock
from mooring.operations.commands import inputs
from mooring.operations.commands.output import answer, json_option, table

_SHOWN = 50


@click.group("verification")
def command() -> None:
    """List, approve and reject cases of verification; what was sent is seen by reviewers only."""


@command.command("list")
@json_option
def listing(*, as_json: bool) -> None:
    """Show which cases wait, longest first."""
    cases = accounts.verification.list_pending_cases(limit=_SHOWN)
    rows = [
        {
            "case": case.id,
            "account_id": case.account_id,
            "level": case.level,
            "submitted_at": case.submitted_at,
        }
        for case in cases
    ]

    def human() -> None:
        columns = ("case", "account_id", "level", "submitted_at")
        table(columns, [tuple(row.values()) for row in rows])

    answer({"cases": rows}, as_json=as_json, human=human)


@command.command("approve")
@click.option("--email", required=True, help="Whose case.")
@json_option
def approve(*, email: str, as_json: bool) -> None:
    """Approve the case of a customer that waits."""
    _decide(email, accounts.verification.Decision(is_approved=True), as_json=as_json)


@command.command("reject")
@click.option("--email", required=True, help="Whose case.")
@click.option("--reason", required=True, help="What the customer reads, at most 300 characters.")
@json_option
def reject(*, email: str, reason: str, as_json: bool) -> None:
    """Reject the case of a customer that waits."""
    _decide(
        email, accounts.verification.Decision(is_approved=False, reason=reason), as_json=as_json
    )


def _decide(email: str, decision: accounts.verification.Decision, *, as_json: bool) -> None:
    account_id = inputs.account_of(email)
    case = accounts.verification.find_pending_case(account_id=account_id)
    if case is None:
        raise accounts.verification.VerificationNotFound
    at = clock.now()
    accounts.verification.decide_verification(case, decision, reviewer_id=None, at=at)
    level = accounts.verification.find_verification_status(account_id=account_id).level
    said = "approved" if decision.is_approved else "rejected"
    answer(
        {"case": case, "account_id": account_id, "decision": said, "level": level, "at": at},
        as_json=as_json,
        human=lambda: click.echo(f"Case {case} is {said}; account {account_id} is at {level}."),
    )
