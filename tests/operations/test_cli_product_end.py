"""`mooring product end` decides once when a product ends, and says why it cannot."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.operations import cli


@pytest.fixture
def _product(db):
    assets.register([assets.Asset(code="USDT", name="Tether")])
    earn.publish(
        code="USDT001",
        kind="FLEXIBLE",
        asset="USDT",
        offer=earn.Offer(minimum=Decimal(1)),
        effective_from=clock.now(),
    )


def end(capsys, code, at):
    ended = cli.run(["product", "end", code, "--at", at, "--json"])
    told = capsys.readouterr()
    return ended, json.loads(told.out or told.err)


@pytest.mark.usefixtures("_product")
def test_an_end_is_decided_once(capsys):
    midnight = (clock.now() + timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0)
    wished = f"{midnight:%Y-%m-%dT%H:%M:%SZ}"
    for _time in range(2):
        code, told = end(capsys, "USDT001", wished)
        assert (code, told["product"]) == (0, "USDT001")
    assert earn.get_product(code="USDT001", at=clock.now()).retires_at == midnight
    later = f"{midnight + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    code, told = end(capsys, "USDT001", later)
    assert (code, told["error"]["code"]) == (1, "earn_end_not_possible")
    assert earn.get_product(code="USDT001", at=clock.now()).retires_at == midnight


@pytest.mark.usefixtures("_product")
@pytest.mark.parametrize(
    ("product", "at", "refusal"),
    [
        ("USDT001", "2020-01-01T00:00:00Z", "earn_end_not_possible"),
        ("USDT001", "2090-01-01T00:00:01Z", "earn_end_not_possible"),
        ("NONE", "2090-01-01T00:00:00Z", "earn_product_not_found"),
    ],
)
def test_what_cannot_be_is_said(capsys, product, at, refusal):
    code, told = end(capsys, product, at)
    assert (code, told["error"]["code"]) == (1, refusal)
