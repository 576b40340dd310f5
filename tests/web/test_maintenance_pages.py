"""Pages say what maintenance stops, why and until when, and leave every way out open."""

from datetime import timedelta

import pytest
from django.test import Client

from mooring.earn import api as earn
from mooring.kernel import clock

from .conftest import Staked
from .test_earn_pages import text_of, token_of

pytestmark = pytest.mark.django_db
REASON = "The node of Bitcoin is upgraded"


def announce(*, starts_in: int = 0, **about: object) -> None:
    now = clock.now()
    stops: dict[str, object] = {"stops_subscriptions": True, "stops_redemptions": False}
    maintenance = earn.Maintenance(
        starts_at=now + timedelta(hours=starts_in),
        expected_end=now + timedelta(hours=starts_in + 1),
        reason=REASON,
        author="ann",
        **(stops | about),  # type: ignore[arg-type]
    )
    earn.announce_window(maintenance, at=now)


def test_the_status_page_shows_what_runs_and_what_is_planned(
    client: Client, staked: Staked
) -> None:
    assert "Nothing is off, and nothing is planned." in text_of(client.get("/status"))
    announce(asset="BTC")
    announce(starts_in=5, product_code="Btc*60", stops_redemptions=True)
    words = text_of(client.get("/status"))
    for fact in (
        "Maintenance · All products in Bitcoin",
        "Planned maintenance · Btc*60",
        REASON,
        "Expected end:",
        "Begins:",
        "Redeeming goes on as usual.",
        "partly stopped for maintenance",
    ):
        assert fact in words, fact
    announce(stops_redemptions=True)
    words = text_of(client.get("/status"))
    assert "taken, goes on its way after maintenance" in words
    assert "Everything in Earn" in words


def test_the_catalogue_and_the_position_say_so_and_leaving_stays_possible(
    member: Client, staked: Staked
) -> None:
    announce(product_code="BTC001")
    assert "Maintenance until about" in text_of(member.get("/earn/products?kind=FLEXIBLE"))
    position = text_of(member.get(f"/earn/positions/{staked.flexible}"))
    assert REASON in position
    assert "Redeem" in position
    quote = token_of(member.get(f"/earn/positions/{staked.flexible}/redeem?all=1"), "quote")
    path = f"/earn/positions/{staked.flexible}/redeem/confirm"
    assert "Arrived" in text_of(member.post(path, {"quote": quote, "terms": "1"}, follow=True))


def test_subscribing_is_refused_with_the_reason_and_the_end(member: Client, staked: Staked) -> None:
    asked = member.get("/earn/products/BTC001/subscribe?amount=0.5")
    token = token_of(asked, "token")
    announce()
    answer = member.post("/earn/products/BTC001/subscribe", {"token": token, "terms": "1"})
    assert answer.status_code == 422
    words = text_of(answer)
    assert f"Maintenance: {REASON}. Nothing can be subscribed before about" in words
    assert "Expected end:" in words


def test_an_operator_announces_and_ends_on_the_command_line(
    staked: Staked, capsys: pytest.CaptureFixture[str]
) -> None:
    from mooring.operations import cli

    until = (clock.now() + timedelta(days=1)).isoformat()
    announced = ["window", "announce", "--until", until, "--stop-subscriptions", "--reason", REASON]
    assert cli.run(announced) == 0
    [window] = earn.list_windows(at=clock.now())
    assert (window.reason, window.stops_redemptions) == (REASON, False)
    assert cli.run(["window", "extend", "--window", str(window.id), "--until", until]) == 0
    assert cli.run(["window", "list"]) == 0
    assert "everything" in capsys.readouterr().out
    assert cli.run(["window", "end", "--window", str(window.id)]) == 0
    assert earn.list_windows(at=clock.now()) == ()
