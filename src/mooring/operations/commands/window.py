"""`mooring window`: maintenance of a product, an asset or everything in Earn."""

import getpass
from datetime import datetime

import click

from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.operations.commands.inputs import Moment
from mooring.operations.commands.output import answer, json_option, table, utc

_window = click.option(
    "--window", "window_id", type=click.IntRange(1, 2**63 - 1), required=True, help="Its number."
)
_until = click.option("--until", type=Moment(), required=True, help="When it is expected to end.")


@click.group("window")
def command() -> None:
    """Announce, extend and end maintenance windows; leaving a product is never refused."""


@command.command("list")
@click.option("--all", "with_past", is_flag=True, help="Also those that are over.")
@json_option
def listing(*, with_past: bool, as_json: bool) -> None:
    """List the windows that run and those that are planned."""
    at = clock.now()
    windows = earn.list_windows(at=at, with_past=with_past)

    def human() -> None:
        columns = ["window", "concerns", "subscriptions", "redemptions", "from", "until", "reason"]
        table(
            columns,
            [
                (
                    window.id,
                    window.product_code or window.asset or "everything",
                    "stopped" if window.stops_subscriptions else "",
                    "wait" if window.stops_redemptions else "",
                    window.starts_at,
                    window.ends_at,
                    window.reason,
                )
                for window in windows
            ],
        )

    answer({"at": at, "windows": windows}, as_json=as_json, human=human)


@command.command("announce")
@click.option("--product", "product_code", help="Only this product.")
@click.option("--asset", help="Only products in this asset; with neither, everything.")
@click.option("--from", "starts_at", type=Moment(), help="When it begins; now without it.")
@_until
@click.option("--stop-subscriptions", is_flag=True, help="New money is refused.")
@click.option("--stop-redemptions", is_flag=True, help="What leaves waits for the end.")
@click.option("--reason", required=True, help="What customers read.")
@json_option
def announce(  # noqa: PLR0913 - an option each
    *,
    product_code: str | None,
    asset: str | None,
    starts_at: datetime | None,
    until: datetime,
    stop_subscriptions: bool,
    stop_redemptions: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Announce a maintenance window."""
    at = clock.now()
    window_id = earn.announce_window(
        earn.Maintenance(
            starts_at=starts_at or at,
            expected_end=until,
            stops_subscriptions=stop_subscriptions,
            stops_redemptions=stop_redemptions,
            reason=reason,
            author=f"{getpass.getuser()} (command line)",
            product_code=product_code,
            asset=asset,
        ),
        at=at,
    )
    answer(
        {"window_id": window_id, "at": at},
        as_json=as_json,
        human=lambda: click.echo(f"Window {window_id} is announced until {utc(until)}."),
    )


@command.command("extend")
@_window
@_until
@json_option
def extend(*, window_id: int, until: datetime, as_json: bool) -> None:
    """Expect the end of a window at another time."""
    at = clock.now()
    earn.extend_window(window_id=window_id, expected_end=until, at=at)
    answer(
        {"window_id": window_id, "expected_end": until, "at": at},
        as_json=as_json,
        human=lambda: click.echo(f"Window {window_id} is expected to end at {utc(until)}."),
    )


@command.command("end")
@_window
@json_option
def end(*, window_id: int, as_json: bool) -> None:
    """End a window now, or call off one that is planned."""
    at = clock.now()
    earn.end_window(window_id=window_id, at=at)
    answer(
        {"window_id": window_id, "at": at},
        as_json=as_json,
        human=lambda: click.echo(f"Window {window_id} has ended."),
    )
