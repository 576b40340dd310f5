"""`mooring product`: what can be subscribed to."""

import click

from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.operations.commands.output import answer, json_option, percent, table


@click.group("product")
def command() -> None:
    """Look at the products."""


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
