"""Who may not ask is refused with a code, as each client raises it; who may signs in three ways."""

import time
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tests.clients.serving import Key, of_the_exchange, python_binance, sdk


def refusal_of(asked, *arguments, **named):
    """Return the exchange's code that the client raises."""
    with pytest.raises(Exception) as refused:
        asked(*arguments, **named)
    return of_the_exchange(refused.value)


def either(served, key):
    """Return how each client asks for positions and subscribes with a key."""
    theirs, ours = python_binance(served.server, key), sdk("simple_earn", served.server, key)
    return (
        (
            theirs.get_simple_earn_flexible_product_position,
            lambda: theirs.subscribe_simple_earn_flexible_product(productId="FLEX", amount="1"),
        ),
        (
            ours.get_flexible_product_position,
            lambda: ours.subscribe_flexible_product(product_id="FLEX", amount=1.0),
        ),
    )


def test_each_refusal_has_its_code_in_each_client(served):
    good = served.key
    elsewhere = Key.of(served.world.alice, networks="203.0.113.9")
    cases = (
        (Key("x" * 64, good.secret), -2015),
        (Key("short", good.secret), -2014),
        (Key(good.api_key, "wrong"), -1022),
        (elsewhere, -2015),
    )
    for key, code in cases:
        for reads, writes in either(served, key):
            assert (refusal_of(reads), refusal_of(writes)) == (code, code), key
    for reads, writes in either(served, Key.of(served.world.alice, rights="read")):
        reads()
        assert refusal_of(writes) == -2015
    assert served.world.balances() == {"spot_available": Decimal(5000)}


def test_old_timestamps_and_replays_are_refused(served, monkeypatch):
    theirs = python_binance(served.server, served.key)
    theirs.timestamp_offset = -60_000
    assert refusal_of(theirs.get_simple_earn_account) == -1021
    theirs.timestamp_offset = 60_000
    assert refusal_of(theirs.get_simple_earn_account) == -1021
    theirs.timestamp_offset = 0
    subscribe = theirs.subscribe_simple_earn_flexible_product
    # A frozen clock of the client's makes it send, byte for byte, what it sent before.
    now = time.time()
    monkeypatch.setattr("binance.base_client.time", SimpleNamespace(time=lambda: now))
    subscribe(productId="FLEX", amount="1")
    assert refusal_of(subscribe, productId="FLEX", amount="1") == -1022
    assert served.world.balances()["earn_flexible"] == Decimal(1)


@pytest.mark.parametrize("kind", ["ED25519", "RSA"])
def test_each_type_of_key_reads_and_moves_money(served, kind):
    key = Key.of(served.world.alice, kind)
    ours = sdk("simple_earn", served.server, key)
    assert ours.subscribe_flexible_product(product_id="FLEX", amount=12.5).data().success
    [row] = ours.get_flexible_product_position().data().rows
    assert Decimal(row.total_amount) == Decimal("12.5")
    assert refusal_of(sdk("simple_earn", served.server, served.key).get_rate_history, "NO") == -6001
