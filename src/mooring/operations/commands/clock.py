"""`mooring clock`: show or move the platform's time, in a sandbox."""

from datetime import datetime, timedelta

import click

from mooring.kernel import clock, jobs
from mooring.operations.commands import inputs
from mooring.operations.commands.failures import Declined
from mooring.operations.commands.output import answer, json_option, utc


@click.group("clock")
def command() -> None:
    """Show or move the platform's time (sandbox only); it only moves forward."""


@command.command("show")
@json_option
def show(*, as_json: bool) -> None:
    """Show what time it is on the platform, and how far the jobs have come."""
    inputs.require_sandbox()
    now, wall = clock.now(), clock.wall()
    due = jobs.next_due(now)
    known = {
        "now": now,
        "wall": wall,
        "ahead_seconds": max(0, round((now - wall).total_seconds())),
        "next_event_at": due,
        "settled_through": jobs.settled_through(),
    }

    def human() -> None:
        click.echo(f"It is {utc(now)} on the platform ({utc(wall)} on this machine).")
        if due is not None:
            click.echo(f"Next event: {utc(due)}.")

    answer(known, as_json=as_json, human=human)


@command.command("advance")
@click.argument("by", type=inputs.Step())
@json_option
def advance(*, by: timedelta | str, as_json: bool) -> None:
    """Move the clock forward: 90m, 1h, 7d, or until-next-event."""
    inputs.require_sandbox()
    was = clock.now()
    now = _to_next_event(was) if isinstance(by, str) else clock.advance(by)
    _tell(was, now, as_json=as_json)


@command.command("set")
@click.argument("to", type=inputs.Moment())
@json_option
def set_to(*, to: datetime, as_json: bool) -> None:
    """Move the clock forward to a time, such as 2026-03-01T12:00:00Z."""
    inputs.require_sandbox()
    was = clock.now()
    _tell(was, clock.set_to(to), as_json=as_json)


def _to_next_event(at: datetime) -> datetime:
    due = jobs.next_due(at)
    if due is None:
        raise Declined("nothing_scheduled", "Nothing is scheduled: there is no next event.")
    # Time went on while this was looked up; the clock does not go back.
    return clock.set_to(max(due, clock.now()))


def _tell(was: datetime, now: datetime, *, as_json: bool) -> None:
    answer(
        {"was": was, "now": now},
        as_json=as_json,
        human=lambda: click.echo(
            f"It is now {utc(now)} on the platform. `mooring work --until-idle` does what is due."
        ),
    )
