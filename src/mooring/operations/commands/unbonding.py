"""`mooring unbonding`: how long chains take to give back what was staked."""

from datetime import datetime

import click

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.operations.commands.inputs import Moment
from mooring.operations.commands.output import answer, json_option, table, utc


@click.group("unbonding")
def command() -> None:
    """Publish how long chains take, and list it; what was promised stays promised."""


@command.command("list")
@json_option
def listing(*, as_json: bool) -> None:
    """List what holds now, by asset."""
    at = clock.now()
    found = earn.unbonding_at((asset.code for asset in assets.list_assets()), at=at)
    rows = [
        {"asset": asset, "hours_min": one.hours_min, "hours_max": one.hours_max}
        for asset, one in sorted(found.items())
    ]

    def human() -> None:
        columns = ["asset", "hours at least", "hours at most"]
        table(columns, [tuple(row.values()) for row in rows])

    answer({"at": at, "unbonding": rows}, as_json=as_json, human=human)


@command.command("publish")
@click.argument("asset")
@click.option("--hours-min", required=True, help="What the chain takes at the least, hours.")
@click.option("--hours-max", required=True, help="What it takes at the most, hours.")
@click.option("--from", "effective_from", type=Moment(), help="From when; now without it.")
@click.option("--note", default="", help="What customers read of it.")
@json_option
def publish(
    *,
    asset: str,
    hours_min: str,
    hours_max: str,
    effective_from: datetime | None,
    note: str,
    as_json: bool,
) -> None:
    """Say how long an asset's chain takes to give back, from a time on."""
    at = clock.now()
    since = effective_from or at
    typed = {"hours_min": hours_min, "hours_max": hours_max, "note": note}
    found = earn.read_proposal("UNBONDING", typed)
    known = assets.get_asset(asset)
    earn.publish_unbonding(asset=known.code, effective_from=since, at=at, **found)

    def human() -> None:
        click.echo(f"{known.code} takes {hours_min} to {hours_max} hours from {utc(since)} on.")

    told = {"asset": known.code, **found, "effective_from": since}
    answer(told, as_json=as_json, human=human)
