"""`mooring product`: what can be subscribed to."""

from datetime import datetime

import click

from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.operations.commands.inputs import Moment
from mooring.operations.commands.output import answer, json_option, percent, table, utc


@click.group("product")
def command() -> None:
    """Look at the products, and end one."""


@command.command("list")
@json_option
def list_all(*, as_json: bool) -> None:
    """List the products with their present terms."""
    at = clock.now()
    products = earn.list_products(at=at)

    def human() -> None:
        table(
            ["code", "asset", "kind", "APR", "days", "minimum", "early redemption", "open"],
            [
                (
                    product.code,
                    product.asset,
                    product.kind.lower(),
                    percent(product.apr),
                    product.terms.duration_days,
                    product.terms.minimum,
                    product.terms.early_redemption.lower(),
                    "yes" if product.subscriptions_open else "no",
                )
                for product in products
            ],
        )

    answer({"at": at, "products": products}, as_json=as_json, human=human)


@command.command("end")
@click.argument("product_code")
@click.option("--at", "ends_at", type=Moment(), required=True, help="A UTC midnight to come.")
@json_option
def end(*, product_code: str, ends_at: datetime, as_json: bool) -> None:
    """
    Let a product end: from then on nothing in it earns and everything comes back.

    Locked positions come back with the rewards of the days that ended, without a fee; what is
    pledged comes back when it is released. It is decided once.
    """
    at = clock.now()
    earn.end_product(product_code=product_code, ends_at=ends_at, at=at)

    def human() -> None:
        click.echo(f"{product_code} ends {utc(ends_at)}; everything in it comes back then.")

    answer({"product": product_code, "ends_at": ends_at, "at": at}, as_json=as_json, human=human)
