"""Quote prices."""

from collections.abc import Iterable

from mooring.assets import models
from mooring.assets.errors import PriceAlreadyQuoted
from mooring.assets.facts import Quote
from mooring.assets.queries import get_assets
from mooring.kernel import db


@db.transaction
def quote_prices(quotes: Iterable[Quote]) -> None:
    """
    Let prices be valid from their times on; one that is quoted already stays as it is.

    Raises:
        UnknownAsset: a quote is of no registered asset.
        PriceAlreadyQuoted: another price is valid from the same time; a correction begins
            later.
    """
    wanted = {(quote.asset, quote.valid_from): quote for quote in quotes}
    get_assets(asset for asset, _ in wanted)
    models.Price.objects.bulk_create(
        [
            models.Price(
                asset_id=quote.asset,
                usd=quote.usd,
                valid_from=quote.valid_from,
                source=quote.source,
            )
            for quote in wanted.values()
        ],
        ignore_conflicts=True,
    )
    quoted = models.Price.objects.filter(
        asset_id__in={asset for asset, _ in wanted},
        valid_from__in={valid_from for _, valid_from in wanted},
    )
    for price in quoted:
        quote = wanted.get((price.asset_id, price.valid_from))
        if quote is not None and quote.usd != price.usd:
            raise PriceAlreadyQuoted(asset=price.asset_id, valid_from=price.valid_from)
