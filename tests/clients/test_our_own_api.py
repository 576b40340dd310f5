"""A program that speaks our own API, over HTTP, with the lines that the page shows."""

import base64
import hashlib
import hmac
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import jsonschema_rs

from mooring.kernel import clock
from mooring.web.pages.reference import SIGNING, VERIFYING
from tests.gateway.webhooks.listener import listening
from tests.properties import auditor


class Program:
    """Signs each request as the page says; remembers nothing."""

    def __init__(self, served):
        self.port, self.key = served.server.port, served.key

    def send(self, method, path, content=None, *, key=""):
        body = b"" if content is None else json.dumps(content).encode()
        given = {
            "method": method, "path": path, "query": "", "body": body, "idempotency_key": key,
            "api_key": self.key.api_key, "secret": self.key.secret,
        }  # fmt: skip
        exec(SIGNING, {"time": time, "hmac": hmac, "hashlib": hashlib}, given)  # noqa: S102 - ours
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body=body, headers=given["headers"])
        answer = connection.getresponse()
        found = json.loads(answer.read())
        connection.close()
        return answer.status, found


def test_a_position_is_left_early_tracked_undone_and_left_at_its_end(served):
    program, world = Program(served), served.world
    position = world.subscribe("1000", "TERM", at=clock.now())
    path = f"/v1/positions/{position}/redemption-quotes"
    _, quote = program.send("POST", path, {})
    assert quote["is_early"]
    status, done = program.send("POST", "/v1/redemptions", {"quote": quote["quote"]}, key="out")
    assert (status, done["status"], done["net"]) == (201, "PENDING", quote["net"])
    tracking = f"/v1/redemptions/{done['id']}"
    assert program.send("GET", tracking) == (200, done)
    status, undone = program.send("POST", f"{tracking}/undo", key="back")
    assert (status, undone["status"]) == (200, "CANCELLED")
    served.let_pass(timedelta(days=40))
    _, listed = program.send("GET", "/v1/redemptions")
    assert [one["type"] for one in listed["items"]] == ["MATURE", "EARLY"]
    assert listed["items"][0]["status"] == "PAID"
    assert auditor.broken() == {}


def test_the_same_request_from_eight_threads_is_carried_out_once(served):
    program, world = Program(served), served.world
    position = world.subscribe("1000", "FLEX", at=clock.now())
    before = world.balances()["spot_available"]
    _, quote = program.send("POST", f"/v1/positions/{position}/redemption-quotes", {"amount": "7"})
    with ThreadPoolExecutor(8) as threads:
        sent = [
            threads.submit(program.send, "POST", "/v1/redemptions", {"quote": quote["quote"]},
                           key="once")
            for _ in range(8)
        ]  # fmt: skip
        found = [one.result() for one in sent]
    assert {status for status, _ in found} == {201}
    assert len({json.dumps(answer) for _, answer in found}) == 1
    assert world.balances()["spot_available"] == before + Decimal(7)


def test_a_server_of_the_customer_is_told_and_can_see_that_it_is_us(served):
    program, world = Program(served), served.world
    with listening() as listener:
        status, hook = program.send("POST", "/v1/webhooks", {"url": listener.url}, key="hook")
        assert (status, hook["url"]) == (201, listener.url)
        _, found = program.send("GET", f"/v1/webhooks/{hook['id']}/secret")
        position = world.subscribe("1000", "TERM", at=clock.now())
        _, quote = program.send("POST", f"/v1/positions/{position}/redemption-quotes", {})
        _, done = program.send("POST", "/v1/redemptions", {"quote": quote["quote"]}, key="out")
        served.let_pass(timedelta(days=4))
        _, log = program.send("GET", f"/v1/webhooks/{hook['id']}/deliveries")
        by_type = {one.json["type"]: one for one in listener.told}
        assert {one["status"] for one in log["items"]} == {"SENT"}
        assert by_type["redemption.paid"].json["data"]["net"] == done["net"]
        for told in listener.told:
            given = {
                "base64": base64, "hashlib": hashlib, "hmac": hmac, "time": time,
                "headers": told.headers, "body": told.body, "secret": found["secret"],
            }  # fmt: skip
            exec(VERIFYING, given)  # noqa: S102 - ours
            assert given["is_ours"]
            assert given["is_fresh"]
            jsonschema_rs.validate(_shape_of(program, told.json["type"]), told.json)


def _shape_of(program, type_):
    """Return what the description says of a message, with all it refers to."""
    _, described = program.send("GET", "/v1/openapi.json")
    told = described["webhooks"][type_.partition(".")[0]]["post"]
    shape = told["requestBody"]["content"]["application/json"]["schema"]
    return {**shape, "components": described["components"]}


def test_what_is_wrong_is_told_in_json_by_the_server_too(served):
    program = Program(served)
    for method, path, status in (
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/clock", 405),
        ("GET", "/v1/redemptions/0", 422),
        ("POST", "/v1/redemptions", 422),
    ):
        answered, problem = program.send(method, path, None if method == "GET" else {}, key="k")
        assert (answered, problem["status"]) == (status, status), path
