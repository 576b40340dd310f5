"""Webhooks by our own API: made, tried, looked at, sent again, ended."""

import pytest

from mooring.gateway.webhooks.delivering import deliver_due
from mooring.kernel import clock
from tests.gateway.v1.caller import Client
from tests.gateway.webhooks.listener import listening

URL = "https://hooks.example.com/mooring"


def made(client, url=URL, **asked):
    found = client.post("/v1/webhooks", {"url": url, **asked})
    assert found.status == 201, found.body
    return found.json


def test_one_is_made_shown_and_ended(alice):
    new = made(alice, topics=["hold", "redemption"])
    assert (new["url"], new["topics"]) == (URL, ["redemption", "hold"])
    assert (new["failures"], new["quiet_until"]) == (0, None)
    assert alice.get("/v1/webhooks").json == [new]
    ended = alice.send("DELETE", f"/v1/webhooks/{new['id']}")
    assert (ended.status, ended.json) == (200, [])
    assert alice.get("/v1/webhooks").json == []
    assert alice.get(f"/v1/webhooks/{new['id']}/secret").status == 404


def test_without_topics_it_is_told_of_everything(alice):
    assert made(alice)["topics"] == ["redemption", "reward", "hold"]


def test_the_same_address_is_the_same_webhook(alice):
    first = made(alice)
    again = made(alice, topics=["hold"])
    assert (again["id"], again["topics"]) == (first["id"], ["hold"])


def test_its_secret_can_be_read_and_stands_in_no_other_answer(alice):
    new = made(alice)
    found = alice.get(f"/v1/webhooks/{new['id']}/secret")
    assert found.json["secret"].startswith("whsec_")
    assert "whsec_" not in str([new, alice.get("/v1/webhooks").json])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"url": "http://hooks.example.com/"}, "webhook_address_refused"),
        ({"url": "https://10.0.0.1/"}, "webhook_address_refused"),
        ({"url": URL, "topics": []}, "field_malformed"),
        ({"url": URL, "topics": ["trades"]}, "field_malformed"),
        ({"url": URL, "secret": "mine"}, "field_malformed"),
        ({"topics": ["hold"]}, "field_malformed"),
    ],
)
def test_what_is_no_webhook_is_refused(alice, asked, code):
    found = alice.post("/v1/webhooks", asked)
    assert (found.status, found.json["code"]) == (422, code)
    assert alice.get("/v1/webhooks").json == []


def test_an_account_has_so_many(alice, bob):
    for number in range(5):
        made(alice, f"{URL}/{number}")
    found = alice.post("/v1/webhooks", {"url": URL})
    assert (found.status, found.json["code"]) == (409, "too_many_webhooks")
    made(bob)


def test_a_try_a_look_and_once_more(world, alice):
    with listening() as listener:
        hook = made(alice, listener.url)["id"]
        tried = alice.post(f"/v1/webhooks/{hook}/ping")
        assert (tried.status, tried.json["type"], tried.json["status"]) == (201, "ping", "WAITING")
        deliver_due()
        world.redeem(world.subscribe("10", at=clock.now()), at=clock.now())
        deliver_due()
        log = f"/v1/webhooks/{hook}/deliveries"
        newest, older = alice.get(log).json["items"]
        assert (newest["type"], newest["status"], newest["answered"]) == (
            *("redemption.paid", "SENT", 200),
        )
        assert newest["body"].encode() == listener.told[1].body
        page = alice.get(log, "limit=1").json
        assert page["items"] == [newest]
        rest = alice.get(log, f"limit=1&cursor={page['next_cursor']}").json
        assert rest == {"items": [older], "next_cursor": ""}
        again = alice.post(f"/v1/deliveries/{newest['id']}/replay")
        assert (again.status, again.json["status"]) == (200, "WAITING")
        deliver_due()
        assert [one.id for one in listener.told] == [
            *(f"msg_{older['id']}", f"msg_{newest['id']}", f"msg_{newest['id']}")
        ]


def test_somebody_elses_is_as_if_there_were_none(alice, bob):
    hook = made(alice)["id"]
    delivery = alice.post(f"/v1/webhooks/{hook}/ping").json["id"]
    answers = [
        bob.get(f"/v1/webhooks/{hook}/secret"),
        bob.get(f"/v1/webhooks/{hook}/deliveries"),
        bob.post(f"/v1/webhooks/{hook}/ping"),
        bob.send("DELETE", f"/v1/webhooks/{hook}"),
        bob.post(f"/v1/deliveries/{delivery}/replay"),
        bob.post("/v1/webhooks/999999999/ping"),
    ]
    assert [one.status for one in answers] == [404] * 6
    assert len({one.json["code"] for one in answers}) == 2
    assert bob.get("/v1/webhooks").json == []
    assert len(alice.get("/v1/webhooks").json) == 1


def test_a_key_that_reads_changes_nothing_and_learns_no_secret(world, alice):
    hook = made(alice)["id"]
    reader = Client.of(world.alice, "read")
    assert reader.get("/v1/webhooks").status == 200
    answers = [
        reader.post("/v1/webhooks", {"url": URL}),
        reader.get(f"/v1/webhooks/{hook}/secret"),
        reader.post(f"/v1/webhooks/{hook}/ping"),
        reader.send("DELETE", f"/v1/webhooks/{hook}"),
    ]
    assert [one.status for one in answers] == [401] * 4
