"""`mooring ratio`: what a token of liquid staking is worth, from which time on."""

from datetime import datetime

import click

from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.operations.commands.inputs import Moment
from mooring.operations.commands.output import answer, json_option, table, utc


@click.group("ratio")
def command() -> None:
    """Publish conversion ratios of liquid staking, and list them; a ratio never falls."""


@command.command("list")
@click.argument("product_code")
@json_option
def listing(*, product_code: str, as_json: bool) -> None:
    """List a product's ratios, newest first."""
    at = clock.now()
    product = earn.get_product(code=product_code, at=at)
    found = earn.ratio_history(product_id=product.id, at=at)
    rows = [{"effective_from": since, "ratio": ratio} for since, ratio in found]

    def human() -> None:
        table(["from", "one token is worth"], found)

    answer({"product": product.code, "at": at, "ratios": rows}, as_json=as_json, human=human)


@command.command("publish")
@click.argument("product_code")
@click.argument("ratio")
@click.option("--from", "effective_from", type=Moment(), help="From when; now without it.")
@json_option
def publish(
    *, product_code: str, ratio: str, effective_from: datetime | None, as_json: bool
) -> None:
    """Let a token be worth RATIO of its asset from a time on."""
    at = clock.now()
    since = effective_from or at
    found = earn.read_proposal("RATIO", {"ratio": ratio})["ratio"]
    earn.publish_ratio(product_code=product_code, ratio=found, effective_from=since, at=at)

    def human() -> None:
        click.echo(f"One token of {product_code} is worth {found} from {utc(since)} on.")

    told = {"product": product_code, "ratio": found, "effective_from": since}
    answer(told, as_json=as_json, human=human)
