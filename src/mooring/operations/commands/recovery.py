"""`mooring recovery`: recoveries that are open, and the approval of a disabled account's."""

import click

from mooring.accounts import api as accounts
from mooring.kernel import clock
from mooring.operations.commands import inputs
from mooring.operations.commands.failures import Declined
from mooring.operations.commands.output import answer, json_option, table


@click.group("recovery")
def command() -> None:
    """List open recoveries and approve those of disabled accounts."""


@command.command("list")
@json_option
def listing(*, as_json: bool) -> None:
    """List the open recoveries, the longest waiting first."""
    found = accounts.protection.list_recoveries()
    columns = ["account", "reached by", "kind", "level", "asked for", "ready", "approved", "why"]
    answer(
        {"recoveries": found},
        as_json=as_json,
        human=lambda: table(
            columns,
            [
                [
                    one.account_id,
                    one.email or one.phone,
                    one.kind,
                    one.verification_level,
                    one.requested_at,
                    one.ready_at,
                    one.approved_at,
                    one.approval_reason,
                ]
                for one in found
            ],
        ),
    )


@command.command("approve")
@click.option("--email", required=True, help="Whose disabled account.")
@click.option("--by", "reviewer", required=True, help="The reviewer's log-in (staff).")
@click.option(
    "--reason",
    default="",
    help="How the reviewer knew the person, in one line; needed for a customer of level 0.",
)
@json_option
def approve(*, email: str, reviewer: str, reason: str, as_json: bool) -> None:
    """Note that a reviewer knows who asks; the time to wait goes on."""
    account_id = inputs.account_of(email)
    reviewer_id = accounts.protection.find_reviewer_id(email=reviewer.strip().lower())
    if reviewer_id is None:
        raise Declined("reviewer_not_found", f"--by: no reviewer logs in with {reviewer!r}.")
    found = accounts.protection.find_open_recovery(account_id=account_id)
    if found is None:
        raise accounts.protection.RecoveryNotFound
    at = clock.now()
    accounts.protection.approve_recovery(found.id, reviewer_id=reviewer_id, reason=reason, at=at)
    answer(
        {"account_id": account_id, "approved_at": at, "ready_at": found.ready_at},
        as_json=as_json,
        human=lambda: click.echo(
            f"Approved; the account can be opened again from {found.ready_at:%Y-%m-%d %H:%M} UTC."
        ),
    )
