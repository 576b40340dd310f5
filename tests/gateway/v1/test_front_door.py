"""Whatever is sent to `/v1`, the answer is JSON, says what is wrong, and is never a fault."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from mooring.accounts import api as accounts
from mooring.gateway import policies as gateway_policies
from mooring.gateway import wsgi
from mooring.gateway.v1 import application
from mooring.gateway.v1.operations import ROUTER
from mooring.gateway.v1.webhook_operations import WEBHOOKS
from mooring.kernel import clock, db
from mooring.notices.models import Channel, Notice, Topic
from mooring.policies import api as policies
from tests.earn.liquid_world import offer_staking, publish_ratio
from tests.earn.world import AN_HOUR, OPENING, work
from tests.gateway.test_tables import broken
from tests.gateway.v1.caller import call

QUOTES = "/v1/positions/1/redemption-quotes"


@pytest.mark.parametrize("path", ["/v1/", "/v1/nothing", "/v1/positions/1/2", "/v1/docs"])
def test_what_is_not_there_is_said_in_json(world, path):
    found = call("GET", path)
    assert (found.status, found.json["code"]) == (404, "unknown_path")


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "POST"])
def test_another_method_is_not_allowed(world, method):
    found = call(method, "/v1/clock")
    assert found.status == 405
    assert "GET" in found.headers["Allow"]


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "x", "1.5", "%00", "1'", "9" * 40])
def test_a_number_that_is_none_is_no_fault(world, alice, number):
    for path in (f"/v1/positions/{number}", f"/v1/redemptions/{number}"):
        found = alice.get(path)
        assert found.status in {404, 422}, (path, found.body)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=-1", "cursor=" + "9" * 20]
)
def test_a_place_in_a_list_that_is_none_is_refused(world, alice, query):
    for path in ("/v1/redemptions", "/v1/notices"):
        assert alice.get(path, query).status in {400, 422}


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (b"{", "application/json", "this is none"),
        (b"\xff", "application/json", "this is none"),
        (b"[" * 9_000, "application/json", "this is none"),
        (b'{"amount": NaN}', "application/json", "NaN is no number"),
        (b'{"amount": "1", "amount": "2"}', "application/json", "twice"),
        (b'{"amount": "1"}', "text/plain", "Content-Type"),
        (b'{"a": "' + b"x" * 17_000 + b'"}', "application/json", "longer"),
    ],
)
def test_a_body_that_is_none_is_refused(world, alice, body, kind, says):
    headers = alice.headers("POST", QUOTES, "", body, key="k")
    headers |= {"Content-Type": kind, "Idempotency-Key": "k"}
    found = call("POST", QUOTES, body=body, headers=headers)
    assert (found.status, found.json["code"]) == (400, "request_body_malformed")
    assert says in found.json["detail"]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"1", b'"x"', b"{}x"])
def test_json_that_is_no_request_is_refused(world, alice, body):
    headers = alice.headers("POST", "/v1/redemptions", "", body, key="k")
    found = call("POST", "/v1/redemptions", body=body, headers={**headers, "Idempotency-Key": "k"})
    assert found.status in {400, 422}


def test_a_fault_tells_nothing(world, alice, monkeypatch, caplog):
    def broken(**_about):
        message = "the secret of the house"
        raise RuntimeError(message)

    monkeypatch.setattr("mooring.gateway.v1.operations.earn.list_positions", broken)
    found = alice.get("/v1/positions")
    assert (found.status, found.json["code"]) == (500, "fault")
    assert b"secret" not in found.body
    assert "the secret of the house" in caplog.text


def test_a_lost_database_is_told_and_asking_again_is_safe(world, alice, monkeypatch):
    def gone(**_about):
        message = "the connection is closed"
        raise OperationalError(message)

    monkeypatch.setattr("mooring.gateway.v1.operations.earn.list_positions", gone)
    found = alice.get("/v1/positions")
    assert (found.status, found.json["code"]) == (503, "database_away")
    assert b"connection" not in found.body


def test_an_address_has_its_budget(world):
    at = clock.now()
    policies.set_policy(
        gateway_policies.IP_WEIGHT_PER_MINUTE, 100, effective_from=at, author="ops",
        reason="test", at=at,
    )  # fmt: skip
    seen = [call("GET", "/v1/clock") for _ in range(101)]
    assert [one.status for one in seen[:100]] == [200] * 100
    assert (seen[100].status, seen[100].json["code"]) == (429, "request_limit_reached")
    assert 1 <= int(seen[100].headers["Retry-After"]) <= 60


def test_nobody_between_us_keeps_an_answer(world, alice):
    found = alice.get("/v1/positions")
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "goes_to"),
    [("/v1/clock", "ours"), ("/api/v3/ping", "theirs"), ("/v1", "pages"), ("/v10/x", "pages")],
)
def test_the_first_part_of_the_path_says_who_answers(monkeypatch, path, goes_to):
    monkeypatch.setattr(wsgi.db, "drop_lost_connection", lambda: None)
    monkeypatch.setattr(wsgi.application_v1, "serve", lambda *_: ["ours"])
    monkeypatch.setattr(wsgi, "serve", lambda *_: ["theirs"])
    site = wsgi.with_api(lambda *_: ["pages"])
    assert site({"PATH_INFO": path}, None) == [goes_to]


# --- what is only read ---


def test_holds_are_those_that_have_not_ended(world, alice):
    assert alice.get("/v1/holds").json == []
    at = clock.now()
    db.execute(
        "INSERT INTO accounts_hold (account_id, cause, begins_at, ends_at)"
        " VALUES (%s, 'PASSWORD_CHANGED', %s, %s)",
        [world.alice, at, at + timedelta(days=1)],
    )
    [hold] = alice.get("/v1/holds").json
    [known] = accounts.protection.list_holds(world.alice, at=at)
    assert (hold["cause"], hold["ends_at"]) == (str(known.cause), _moment(known.ends_at))


def _moment(at):
    return at.isoformat().replace("+00:00", "Z")


def test_notices_come_in_pages(world, alice, bob):
    owner = accounts.find_owners([world.alice])[world.alice]
    for number in range(3):
        Notice.objects.create(
            user_id=owner, kind="redemption_late", topic=Topic.EARN, channel=Channel.INBOX,
            language="en", subject=f"Notice {number}", body="x", status="SENT",
            written_at=OPENING, sent_at=OPENING,
        )  # fmt: skip
    first = alice.get("/v1/notices", "limit=2").json
    second = alice.get("/v1/notices", f"limit=2&cursor={first['next_cursor']}").json
    subjects = [one["subject"] for page in (first, second) for one in page["items"]]
    assert subjects[:3] == ["Notice 2", "Notice 1", "Notice 0"]
    assert second["next_cursor"] == ""
    assert all(one["subject"][:6] != "Notice" for one in bob.get("/v1/notices").json["items"])


def test_anybody_sees_what_a_product_paid(world):
    found = call("GET", "/v1/products/FLEX/rate-history").json
    assert found["unit"] == "YEARLY_RATE"
    assert found["changes"][-1]["rate"] == "0.03"
    offer_staking(world)
    publish_ratio("1.09", OPENING + AN_HOUR)
    found = call("GET", "/v1/products/ETH2/rate-history").json
    assert (found["unit"], [one["rate"] for one in found["changes"]]) == ("RATIO", ["1.09", "1.08"])
    assert call("GET", "/v1/products/NONE/rate-history").status == 404


def test_a_sandboxs_clock_is_moved_to_a_time_once(world, alice, settings):
    settings.SANDBOX = True
    to = clock.now() + timedelta(days=3)
    sent = {"to": _moment(to)}
    first = alice.send("PUT", "/v1/sandbox/clock", sent, key="move")
    again = alice.send("PUT", "/v1/sandbox/clock", sent, key="move")
    assert first.json == again.json
    now = datetime.fromisoformat(call("GET", "/v1/clock").json["at"])
    assert timedelta(0) <= now - to < timedelta(minutes=1)
    work(clock.now())
    assert datetime.fromisoformat(call("GET", "/v1/clock").json["settled_through"]) >= to
    back = alice.send("PUT", "/v1/sandbox/clock", {"to": _moment(to - timedelta(days=9))})
    assert (back.status, back.json["code"]) == (409, "clock_only_moves_forward")
    for bad in ({"to": "tomorrow"}, {"to": None}, {}, {"by": 5}):
        assert alice.send("PUT", "/v1/sandbox/clock", bad).status == 422


def test_a_real_clock_cannot_be_moved(world, alice, settings):
    settings.SANDBOX = False
    refused = alice.send("PUT", "/v1/sandbox/clock", {"to": "2040-01-01T00:00:00Z"})
    assert (refused.status, refused.json["code"]) == (403, "not_a_sandbox")


# --- what it says of itself ---


def test_the_description_is_made_of_the_operations(world):
    found = call("GET", "/v1/openapi.json").json
    declared = {
        (method.lower(), f"/v1{path}")
        for router in (ROUTER, WEBHOOKS)
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    described = {(method, path) for path, methods in found["paths"].items() for method in methods}
    assert described == declared
    for path, methods in found["paths"].items():
        for method, said in methods.items():
            assert said["summary"], path
            assert said["description"], path
            if method != "get" and "tokens" not in path:
                assert "422" in said["responses"], path
    assert application.API.title in json.dumps(found["info"])


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("key = 'a b'", "gateway_idempotency_key_well_formed"),
        ("digest = 'x'", "gateway_idempotency_digest_well_formed"),
        ("answer = 'x'", "gateway_idempotency_answer_has_a_status"),
        ("status = 200", "gateway_idempotency_answer_has_a_status"),
        ("status = 500, answer = 'x'", "gateway_idempotency_answer_has_a_status"),
    ],
)
def test_a_remembered_answer_is_well_formed(world, change, constraint):
    db.execute(
        "INSERT INTO gateway_idempotency (account_id, key, digest, answer, expires_at)"
        " VALUES (%s, 'k', %s, '', now())",
        [world.alice, "0" * 64],
    )
    assert broken(f"UPDATE gateway_idempotency SET {change}") == constraint


def test_answers_are_forgotten_after_their_time(world, alice, fresh_meter):
    position = world.subscribe("10", "FLEX")
    quote = alice.post(f"/v1/positions/{position}/redemption-quotes", {"amount": "1"}).json
    alice.post("/v1/redemptions", {"quote": quote["quote"]})
    [(expires,)] = db.rows("SELECT expires_at FROM gateway_idempotency")
    assert timedelta(hours=23) < expires - clock.wall() <= timedelta(hours=24)
    db.execute("UPDATE gateway_idempotency SET expires_at = now() - INTERVAL '1 second'")
    fresh_meter._shared_at -= 5
    call("GET", "/v1/clock")
    assert db.rows("SELECT 1 FROM gateway_idempotency") == []
