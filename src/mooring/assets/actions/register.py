"""Register assets."""

from collections.abc import Iterable
from dataclasses import asdict

from mooring.assets import models
from mooring.assets.errors import AssetRegisteredOtherwise
from mooring.assets.facts import Asset
from mooring.assets.queries import get_assets
from mooring.kernel import db


@db.transaction
def register(assets: Iterable[Asset]) -> None:
    """
    Let the platform hold these assets; one that is registered already stays as it is.

    Raises:
        AssetRegisteredOtherwise: a code stands for an asset with other facts. Decimals in
            particular never change: amounts are written in them.
    """
    wanted = {asset.code: asset for asset in assets}
    models.Asset.objects.bulk_create(
        [models.Asset(**asdict(asset)) for asset in wanted.values()],
        ignore_conflicts=True,
    )
    registered = get_assets(wanted)
    for code in sorted(wanted):
        if registered[code] != wanted[code]:
            raise AssetRegisteredOtherwise(asset=code)
