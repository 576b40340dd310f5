"""The page of our own API says what is declared, and its lines sign as they stand there."""

import base64
import hashlib
import hmac
import html
import json
import time

import pytest

from mooring.gateway.models import Delivery
from mooring.gateway.v1.application import API, BASE
from mooring.gateway.v1.description import operations, told
from mooring.gateway.webhooks import signing
from mooring.web.pages.reference import SIGNING, VERIFYING
from tests.gateway.v1.caller import Client, call
from tests.web.test_earn_pages import text_of

pytestmark = pytest.mark.django_db
PAGE = "/developers/v1"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_operation_is_on_the_page(client, language):
    client.cookies["language"] = language
    page = html.unescape(client.get(PAGE, headers={"accept-language": language}).content.decode())
    described = API.get_openapi_schema(path_prefix=BASE)["paths"]
    assert len(described) == len({one.path for one in operations()})
    for path, methods in described.items():
        for method, said in methods.items():
            assert f'id="{said["operationId"]}"' in page
            assert f'>{method.upper()}</span> <code class="operation__path">{path}<' in page
            assert said["summary"] in page


def test_what_is_sent_and_answered_is_shown_by_example(client):
    [quote] = [one for one in operations() if one.name == "quote_redemption"]
    assert json.loads(quote.example) == {"amount": "250.5", "destination": "SPOT", "speed": "FAST"}
    answered = json.loads(quote.answer)
    assert answered["net"] == {"amount": "250.5", "asset": "USDT"}
    assert answered["valid_until"] == "2026-03-01T00:00:00Z"
    named = {field.name: field for field in quote.fields}
    assert (named["position_id"].place, named["position_id"].is_needed) == ("path", True)
    assert named["speed"].allowed == "FAST | STANDARD"
    [undo] = [one for one in operations() if one.name == "undo"]
    assert ("Idempotency-Key", "header") in [(one.name, one.place) for one in undo.fields]
    assert "pattern" in text_of(client.get(PAGE))


def test_the_lines_on_the_page_sign_a_request(client, staked):
    page = html.unescape(client.get(PAGE).content.decode())
    assert SIGNING.strip() in page
    made = Client.of(staked.account_id)
    given = {
        "method": "GET", "path": "/v1/positions", "query": "", "body": b"", "idempotency_key": "",
        "api_key": made.api_key, "secret": made.secret,
    }  # fmt: skip
    exec(SIGNING, {"time": time, "hmac": hmac, "hashlib": hashlib}, given)  # noqa: S102 - ours
    answer = call("GET", "/v1/positions", headers=given["headers"])
    assert answer.status == 200
    assert {one["id"] for one in answer.json} >= {staked.flexible, staked.locked}


def test_the_lines_on_the_page_verify_a_message(client):
    page = html.unescape(client.get(PAGE).content.decode())
    assert VERIFYING.strip() in page
    secret = signing.make_secret()
    given = {"secret": signing.secret_text(secret), "body": b'{"type": "ping"}'}
    made = signing.headers_of(
        secret, message_id="msg_1", timestamp=int(time.time()), body=given["body"]
    )
    tools = {"base64": base64, "time": time, "hmac": hmac, "hashlib": hashlib}
    verdicts = []
    for changed in ({}, {"webhook-id": "msg_2"}, {"webhook-timestamp": "1"}):
        found = {**tools, **given, "headers": made | changed}
        exec(VERIFYING, found)  # noqa: S102 - ours
        verdicts.append((found["is_ours"], found["is_fresh"]))
    assert verdicts == [(True, True), (False, True), (False, False)]


def test_what_webhooks_are_told_is_shown_by_example(client):
    page = html.unescape(client.get(PAGE).content.decode())
    types = [type_ for one in told() for type_ in one.types]
    assert sorted(types) == sorted(Delivery.Type.values)
    for one in told():
        assert json.loads(one.example)["type"] == one.types[0]
        assert one.example in page
        assert one.summary in page
