"""
Bad input changes nothing and is no fault of ours.

Method: every field of the forms about people, factors, keys and verification is given every value
of the corpus, one at a time beside good ones. PostgreSQL counts what each request wrote: nothing
but what counts tries, sends codes or remembers the browser. Source: reliability programme, row 9.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mooring.accounts.models import User
from mooring.kernel import db
from mooring.web import terms

from . import corpus, showing
from .matrix_world import undone
from .signing_in import sign_in

pytestmark = pytest.mark.django_db

FRESH = "another harbour of words"
#: What a request may leave behind although it was refused: tries, codes and their messages,
#: step-ups that nobody has proven, sign-ups that nobody has finished, sessions.
FLEETING = {
    *("accounts_attempt", "accounts_code", "accounts_noted_try", "accounts_security_event"),
    "accounts_sign_up",
    *("accounts_step_up", "accounts_login_session", "accounts_device", "accounts_password_reset"),
    *("django_session", "notices_notice"),
}
WRITES = (
    "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
    " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
)
ACCOUNT = "accounts_account"


@dataclass(frozen=True)
class Form:
    """
    A form: where it is sent, what is good in it, and which of its fields are tried.

    Args:
        opens: asks for what has to come first, in the same browser.
        writes: tables that a value may change because it is allowed there.
    """

    path: str
    good: dict[str, Any]
    tried: tuple[str, ...] = ()
    is_members: bool = False
    opens: Callable[[Client], object] = lambda _client: None
    writes: frozenset[str] = frozenset()
    statuses: frozenset[int] = field(default=frozenset({200, 302, 422, 429}))


SIGN_UP = {"identifier": "new@example.com", "password": FRESH, "terms": terms.VERSION}
KEY = {"label": "robot", "type": "HMAC", "networks": "192.0.2.1", "may_withdraw": "on"}


def ask_sign_up(client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP)


def ask_reset(client: Client) -> None:
    client.post("/accounts/password/reset/", {"identifier": "alice@example.com"})


def contact_code(client: Client) -> str:
    sent = client.post("/security/phone", {"to": "+4915112345678"})
    return sent.headers["Location"]


def step_up(client: Client) -> str:
    asked = client.post("/security/anti-phishing", {"code": "harbour"})
    return asked.headers["Location"]


def recovery_code(client: Client) -> str:
    return client.post("/recovery", {"identifier": "alice@example.com"}).headers["Location"]


FORMS = {
    "sign-up": Form("/accounts/signup/", SIGN_UP, ("identifier", "password", "terms")),
    "sign-up code": Form("/accounts/signup/code/", {}, ("code",), opens=ask_sign_up),
    "log-in": Form(
        "/accounts/login/",
        {"login": "alice@example.com", "password": "wrong"},
        ("login", "password", "next"),
    ),
    "reset": Form("/accounts/password/reset/", {}, ("identifier",)),
    "reset code": Form("/accounts/password/reset/code/", {}, ("code",), opens=ask_reset),
    "recovery": Form("/recovery", {}, ("identifier",)),
    "recovery code": Form("", {}, ("code",), opens=recovery_code),
    "second factor": Form("/accounts/factor/", {"way": "totp"}, ("code", "way")),
    "new password": Form("/security/password", {}, ("password",), is_members=True),
    "new address": Form("/security/email", {}, ("to",), is_members=True),
    "new number": Form("/security/phone", {}, ("to",), is_members=True),
    "code of a number": Form("", {}, ("code",), is_members=True, opens=contact_code),
    "anti-phishing code": Form("/security/anti-phishing", {}, ("code",), is_members=True),
    "language of mails": Form("/security/language", {}, ("language",), is_members=True),
    "confirmation": Form(
        "",
        {"way": "email", "password": "wrong"},
        ("password", "code", "way", "passkey", "send"),
        is_members=True,
        opens=step_up,
    ),
    "key": Form(
        "/security/keys/new", KEY, ("label", "type", "networks", "public_key"), is_members=True
    ),
    "authenticator app": Form("/security/factors/app", {}, ("code",), is_members=True),
    "passkey": Form(
        "/security/factors/passkey", {"name": "a"}, ("name", "passkey"), is_members=True
    ),
    "codes as factor": Form("/security/factors/codes", {}, ("channel",), is_members=True),
    "identity": Form("/verification/1", showing.IDENTITY, tuple(showing.IDENTITY), is_members=True),
    "disabling": Form("/security/disable", {}, ("surely",), is_members=True),
    "notices": Form(
        "/notices/preferences",
        {},
        ("on",),
        is_members=True,
        # No box ticked is an answer too.
        writes=frozenset({"notices_preference"}),
    ),
    "language": Form("/preferences/language", {}, ("language", "next")),
    "currency": Form("/preferences/currency", {}, ("currency", "next"), is_members=True),
    "theme": Form("/preferences/theme", {}, ("theme", "next")),
    "clock": Form("/sandbox/advance", {}, ("by", "next")),
}
#: Fields of which a value is picked, or that carry one along: a fifth of the corpus is enough.
PICKED = {"terms", "next", "way", "send", "channel", "surely", "on", "type", "language", "theme"}
CASES = [(name, tried) for name, form in FORMS.items() for tried in form.tried]


@pytest.mark.parametrize(
    ("name", "tried"), CASES, ids=[f"{name}: {tried}" for name, tried in CASES]
)
def test_a_bad_value_in_a_field_changes_nothing(alice: User, name: str, tried: str) -> None:
    form, wrong = FORMS[name], []
    client = _browser(alice, is_member=form.is_members)
    path = form.opens(client) or form.path
    for value in corpus.values()[:: 5 if tried in PICKED else 1]:
        sent = {**form.good, tried: value}
        problems = _problems(client, str(path), sent, form)
        wrong += [f"{value[:40]!r}: {problem}" for problem in problems]
    assert not wrong, "\n".join(wrong)


def test_the_corpus_is_large_enough() -> None:
    assert len(corpus.values()) >= 150


@pytest.mark.parametrize("slot", ["identity_front", "portrait", "identity_back", "unknown"])
def test_a_bad_file_changes_nothing(alice: User, slot: str) -> None:
    client, wrong = _browser(alice, is_member=True), []
    form = Form("/verification/1", {})
    for case, name, content in corpus.files():
        file = SimpleUploadedFile(name.replace("/", "_") or "x", content, "image/jpeg")
        if slot == "unknown":
            sent = {**showing.IDENTITY, slot: file}
        else:
            sent = {**showing.identity(), slot: file}
        wrong += [f"{case}: {problem}" for problem in _problems(client, form.path, sent, form)]
    assert not wrong, "\n".join(wrong)


#: Texts that are JSON, and not what a browser says of a passkey.
ANSWERS = [
    *("[]", "{}", "1", "null", '"x"', "{", "[" * 9_000, '{"a":' * 3_000, "NaN"),
    *('{"id": "\\u0000"}', '{"id": "\\ud800"}', '{"id": 1, "rawId": [], "type": null}'),
    '{"id":"a","rawId":"a","type":"public-key","response":{}}',
    '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"e30",'
    '"attestationObject":"oA","authenticatorData":"AA","signature":"AA"}}',
    '{"id":"%s","rawId":"%s","type":"public-key","response":7}' % (("A" * 5_000,) * 2),
    base64.b64encode(b"\0" * 100).decode(),
]


@pytest.mark.parametrize("name", ["passkey", "confirmation", "second factor"])
def test_what_is_no_passkeys_answer_changes_nothing(alice: User, name: str) -> None:
    form, wrong = FORMS[name], []
    client = _browser(alice, is_member=form.is_members)
    path = str(form.opens(client) or form.path)
    for answer in ANSWERS:
        sent = {**form.good, "way": "passkey", "passkey": answer}
        wrong += [f"{answer[:40]}: {problem}" for problem in _problems(client, path, sent, form)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("case", "cookie"),
    [
        ("a NUL, written in octal", '"\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'),
        ("too long", "a" * 4_000),
        ("other signs", "'; DROP TABLE django_session; --"),
        ("no ASCII", "\u00e9" * 32),
        ("empty", ""),
    ],
)
@pytest.mark.parametrize("name", ["sessionid", "device", "csrftoken", "zone", "django_language"])
def test_a_bad_cookie_is_none(client: Client, assets: None, name: str, case: str, cookie: str):
    # As it stands in the header: the client's own jar would write it in another way.
    header = f"{name}={cookie}".encode().decode("latin-1")
    for path in ("/", "/wallet", "/accounts/login/"):
        assert client.get(path, headers={"cookie": header}).status_code < 500, (case, path)


@pytest.mark.parametrize(
    ("case", "body", "kind", "status"),
    [
        ("more fields than anybody has", "a=1&" * 2_000, "application/x-www-form-urlencoded", 400),
        ("no boundary", "x", "multipart/form-data", 400),
        ("a boundary that never comes", "x", "multipart/form-data; boundary=y", 403),
        ("JSON", "{}", "application/json", 403),
        ("no known letters", "a=%FF%FE&b=%ED%A0%80", "application/x-www-form-urlencoded", 403),
        ("an unknown encoding", "a=b", "application/x-www-form-urlencoded; charset=klingon", 403),
        ("UTF-7", "a=+ADw-", "application/x-www-form-urlencoded; charset=utf-7", 403),
    ],
)
def test_a_body_that_is_no_form_is_refused(case: str, body: str, kind: str, status: int) -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = browser.generic("POST", "/accounts/login/", body, content_type=kind)
    assert answer.status_code in {status, 400, 403, 413}, case


@pytest.mark.parametrize(
    ("case", "query"),
    [
        ("twice, the last counts", "kind=LOCKED&kind=FLEXIBLE"),
        ("in the query, not the body", "currency=BTC"),
        ("a list in brackets", "currency[]=BTC&currency[0]=BTC"),
        ("after a semicolon", "currency=EUR;currency=BTC"),
    ],
)
def test_a_parameter_where_it_does_not_belong_is_not_read(
    member: Client, case: str, query: str
) -> None:
    before = db.rows("SELECT display_currency FROM accounts_account")
    assert member.post(f"/preferences/currency?{query}", {}).status_code == 302, case
    assert db.rows("SELECT display_currency FROM accounts_account") == before, case


@pytest.mark.parametrize(
    "extra",
    ["is_staff", "is_superuser", "user", "user_id", "account_id", "verification_level", "status"],
)
def test_a_field_that_no_form_names_is_not_read(alice: User, extra: str) -> None:
    client, wrong = _browser(alice, is_member=True), []
    for name, form in FORMS.items():
        if form.is_members and form.path:
            sent = {**form.good, extra: "1"}
            wrong += [f"{name}: {each}" for each in _problems(client, form.path, sent, form)]
    assert not wrong, "\n".join(wrong)


def _browser(user: User, *, is_member: bool) -> Client:
    client = Client(raise_request_exception=False)
    if is_member:
        sign_in(client, user)
    else:
        # A device of the person's own: the limits leave room for the whole corpus.
        client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    return client


def _problems(client: Client, path: str, sent: dict[str, Any], form: Form) -> Iterator[str]:
    before = dict(db.rows(WRITES))
    cookies = client.cookies.copy()
    with undone():
        db.execute("DELETE FROM accounts_attempt")
        answer = client.post(path, sent)
        after = dict(db.rows(WRITES))
    client.cookies = cookies
    written = {table for table, count in after.items() if count != before.get(table, 0)}
    has_nul = any(isinstance(value, str) and "\0" in value for value in sent.values())
    if answer.status_code not in ({400} if has_nul else form.statuses):
        yield f"status {answer.status_code}"
    if written - FLEETING - form.writes:
        yield f"wrote {sorted(written - FLEETING - form.writes)}"
    if b"<script>alert" in answer.content or b"onerror=alert(1)>" in answer.content:
        yield "markup came back as markup"
