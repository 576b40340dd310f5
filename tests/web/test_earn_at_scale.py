"""The overview of Earn asks the database as much for 500 positions as for three."""

import gzip
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet

POSITIONS = 500
#: Of the whole page, log-in and frame included.
QUERIES_MAX = 15
#: Bytes, compressed.
PAGE_MAX = 20_000


@pytest.fixture
def many(alice, staked):
    """Alice has 500 positions: three of the fixture, the others locked for 60 or 90 days."""
    start = clock.now() - timedelta(days=5)
    account_id = accounts.find_account_id(email=alice.email)
    money = wallet.Credit(account_id=account_id, amount=Amount(Decimal(9000), "BTC"), key="many")
    wallet.credit([money], at=start)
    wanted = [
        earn.Subscription(
            account_id=account_id,
            product_code=("Btc*60", "Btc*90")[number % 2],
            amount=Amount(Decimal("0.5") + number % 7, "BTC"),
            key=f"many.{number}",
        )
        for number in range(POSITIONS - 3)
    ]
    done = earn.subscribe(wanted, at=start)
    assert all(isinstance(one, earn.Subscribed) for one in done)


def asked_by(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    return [query["sql"] for query in queries.captured_queries]


def test_five_hundred_positions_take_fifteen_queries_at_most(member, many):
    asked = asked_by(member, "/earn")
    assert len(asked) <= QUERIES_MAX, "\n".join(asked)


def test_every_position_more_asks_nothing_more(member, staked, request):
    few = len(asked_by(member, "/earn"))
    request.getfixturevalue("many")
    assert len(asked_by(member, "/earn")) == few


def test_the_overview_is_small_however_much_is_in_it(member, many):
    # Beside it go a style sheet, a font and a script: tests/browser counts all of a first load.
    assert len(gzip.compress(member.get("/earn").content)) < PAGE_MAX


def rows_in(response):
    """Return how many positions are listed; the tables of the charts below them are others."""
    listed = response.content.partition(b"Your positions")[2].partition(b"chart")[0]
    return listed.count(b'scope="row"')


def test_positions_come_in_pages_that_keep_the_wish(member, many):
    first = member.get("/earn?kind=LOCKED&sort=end")
    assert rows_in(first) == 25
    assert b'href="?kind=LOCKED&amp;sort=end&amp;page=2" rel="next"' in first.content
    assert b'rel="prev"' not in first.content
    last = member.get("/earn?kind=LOCKED&sort=end&page=20")
    assert rows_in(last) == 24
    assert b'rel="next"' not in last.content
    # A number beyond the last, or none at all, is as if it had not been said.
    assert rows_in(member.get("/earn?kind=LOCKED&sort=end&page=9999")) == 24
    assert member.get("/earn?page=x").status_code == 200
