"""The page for developers says what the gateway declares: all of it, in both languages."""

import html
import re
from dataclasses import replace

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse

from mooring.gateway.api import limits_at, list_codes, list_endpoints, list_unsupported
from mooring.gateway.binance import endpoints, errors
from mooring.gateway.binance.parameters import AMOUNT, ID, optional, required
from mooring.gateway.binance.refusals import CODES
from mooring.gateway.binance.table import ENDPOINTS
from mooring.kernel import clock
from mooring.operations.cli import main
from mooring.web import messages
from mooring.web.pages import developer_words as words
from mooring.web.pages.developer_snippets import LINES_MAX, snippets
from mooring.web.pages.developers import COMMANDS

pytestmark = pytest.mark.django_db


def rows(body, anchor):
    """Return what the rows of a table say, tags and breaks taken out."""
    [table] = re.findall(rf'<table[^>]*id="{anchor}".*?</table>', body, re.DOTALL)
    return [words_of(row) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]


def words_of(fragment):
    text = re.sub(r"<[^>]+>", " ", fragment.replace("<wbr>", ""))
    return " ".join(html.unescape(text).split())


def shown(language="en"):
    return Client(headers={"Accept-Language": language}).get("/developers").content.decode()


@pytest.fixture
def body():
    return shown()


@pytest.fixture
def planted():
    """An endpoint of a family that the page has no name for."""
    key = ("POST", "/sapi/v1/planted/thing")
    parameters = (required("amount", AMOUNT), optional("seedId", ID))
    endpoints.endpoint(
        *key, *parameters, weight=endpoints.uid(77), right=endpoints.Right.TRADE,
        note="Only `here` <b>.",
    )(lambda _call: {})  # fmt: skip
    yield
    del ENDPOINTS[key]


def test_every_endpoint_is_there_with_what_it_needs(body):
    found = [row for family in words.FAMILIES if f'id="{family[0]}"' in body
             for row in rows(body, family[0])[1:]]  # fmt: skip
    assert len(found) == len(list_endpoints()) == len(ENDPOINTS)
    by_name = {" ".join(row.split()[:2]): row for row in found}
    for one in ENDPOINTS.values():
        row = by_name[f"{one.method} {one.path}"]
        assert f"{one.weight.units} {one.weight.of}" in row
        assert {parameter.name for parameter in one.parameters} <= set(row.split())
        assert ("no key" in row) == (one.right is None)
        assert squeezed(one.note) in squeezed(row)


def squeezed(text):
    return re.sub(r"[\s`]", "", text)


def test_every_unsupported_path_is_there(body):
    [folded] = re.findall(r'<div[^>]*id="unsupported".*?</details>', body, re.DOTALL)
    found = re.findall(r"(GET|POST|PUT|DELETE) (\S+)", words_of(folded))
    assert sorted(found) == sorted((one.method, one.path) for one in list_unsupported())
    assert len(found) > 50


def test_every_code_is_there_with_its_sentence_and_status(body):
    [table] = re.findall(r'<table class="table table--rows codes".*?</table>', body, re.DOTALL)
    found = [words_of(row) for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)][1:]
    assert len(found) == len(list_codes())
    for one, row in zip(list_codes(), found, strict=True):
        assert row.startswith(f"{one.number} {one.status} {' '.join(one.sentence.split())}")
    assert {reason for one in list_codes() for reason in one.reasons} == CODES.keys()
    told = {one.number for one in list_codes()}
    assert {-1000, -1003, -1007, -1020, -2015, -6012} <= told


def test_every_refusal_of_the_api_can_be_shown():
    told = {(one.number, one.sentence) for one in list_codes()}
    for kind in errors.ApiRefusal.__subclasses__():
        assert kind.samples()
        assert {(one.number, str(one)) for one in kind.samples()} <= told, kind


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_planted_endpoint_appears(planted, language):
    body = shown(language)
    [_head, row] = rows(body, "planted")
    assert row.startswith("POST /sapi/v1/planted/thing Only here <b>.")
    assert "77 UID" in row
    assert row.endswith("amount seedId")
    assert "<b>amount</b>" in body
    assert "<span>seedId</span>" in body
    assert 'href="#planted"' in body


def test_every_note_is_said_in_both_languages():
    path = messages.catalogue_path("zh_Hans", "po")
    with path.open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    assert {one.note for one in list_endpoints() if one.note} <= known


def test_the_chinese_page_says_its_sentences_in_chinese():
    body = shown("zh-hans")
    said = words_of(body)
    assert "开发者" in said
    assert len(rows(body, "simple-earn")) == len(rows(shown(), "simple-earn"))
    for one in list_endpoints():
        assert not one.note or words_of(one.note.replace("`", " ")) not in said


def test_it_tells_the_origin_that_was_asked(settings):
    settings.ALLOWED_HOSTS = ["earn.example"]
    asked = Client(headers={"Host": "earn.example:8443"}).get("/developers", secure=True)
    body = asked.content.decode()
    assert 'id="origin">https://earn.example:8443</code>' in body
    assert "https://earn.example:8443/sapi" in body
    assert Client(headers={"Host": "other.example"}).get("/developers").status_code == 400


def test_each_client_takes_five_lines():
    for one in snippets("http://127.0.0.1:8000"):
        assert len(one.text.splitlines()) <= LINES_MAX
        assert max(map(len, one.text.splitlines())) <= 100
        assert "http://127.0.0.1:8000" in one.text
        compile(one.text, one.anchor, "exec")


def test_the_commands_that_move_the_clock_exist(body):
    [told] = re.findall(r'<code id="lines-clock">(.*?)</code>', body, re.DOTALL)
    assert tuple(told.splitlines()) == COMMANDS
    for line in COMMANDS:
        _mooring, *command = line.split()
        with pytest.raises(SystemExit) as ended:
            main([*[word for word in command if word.isalpha()], "--help"])
        assert ended.value.code in {0, None}


def test_outside_a_sandbox_no_clock_is_offered(settings):
    settings.SANDBOX = False
    body = shown()
    assert 'id="lines-clock"' not in body
    assert "its clock cannot be moved" in body


def test_the_limits_are_those_in_force(body):
    assert "No pace is kept here" in body
    assert "12,000 of weight" in body
    in_force = limits_at(at=clock.now())
    strict = words.differences(replace(in_force, earn_interval_seconds=3, is_strict=True))
    assert any("once in 3 seconds" in one for one in strict)
    assert any("and no other" in one for one in strict)


def test_the_footer_and_the_keys_lead_there(member, assets):
    link = f'href="{reverse("developers")}"'
    assert link in member.get("/terms").content.decode()
    assert member.get("/security/keys").content.decode().count(link) == 2
