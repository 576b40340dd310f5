"""Keys for programs as their owner meets them: confirmed, shown once, revoked at once."""

import hashlib
import hmac
import re
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.db import connection
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import ApiKey, StepUp, User
from mooring.kernel import clock
from tests.notices.outbox import last_code
from tests.web.signing_in import sign_in

from .conftest import OPENING, PASSWORD

FORM = {"label": "My bot", "type": "HMAC", "may_trade": "on"}
KEYS = "/security/keys"


def text(response):
    return response.content.decode()


def asked(browser, **given):
    """Fill in the form; return the address of the confirmation."""
    response = browser.post(f"{KEYS}/new", FORM | given)
    assert response.status_code == 302, text(response)
    assert response.url.startswith("/security/confirm/")
    return response.url


def confirmed(browser, address, **given):
    proofs = {"password": PASSWORD, "code": last_code("alice@example.com"), "way": "email"}
    return browser.post(address, proofs | given)


def secret_in(response):
    return re.search(r'id="api-secret">(\w+)<', text(response))[1]


def issue(user, **given):
    order = accounts.keys.read_order({"label": "bot", "type": "HMAC", "rights": "trade"} | given)
    return accounts.keys.issue_api_key(account_id=user.account.pk, order=order, at=OPENING)


@pytest.fixture
def bob(db):
    accounts.open_account(email="bob@example.com", password=PASSWORD, at=OPENING)
    return User.objects.get(email="bob@example.com")


def test_a_key_is_made_when_it_was_shown_and_confirmed(member, alice):
    address = asked(member, may_withdraw="on", networks="203.0.113.5\n2001:db8::/48")
    shown = text(member.get(address))
    for datum in ("My bot", "HMAC-SHA256", "read, trade, withdraw", "203.0.113.5/32, 2001:db8"):
        assert datum in shown
    assert not ApiKey.objects.exists()
    response = confirmed(member, address)
    key = ApiKey.objects.get()
    secret = secret_in(response)
    assert key.api_key in text(response)
    assert (key.label, key.may_trade, key.may_withdraw) == ("My bot", True, True)
    assert key.networks == ["203.0.113.5/32", "2001:db8::/48"]
    sample = "timestamp=1700000000000"
    assert hmac.new(secret.encode(), sample.encode(), hashlib.sha256).hexdigest() in text(response)


def test_the_secret_is_shown_once_and_kept_nowhere_readable(member, alice):
    address = asked(member)
    response = confirmed(member, address)
    secret = secret_in(response)
    assert response.headers["Cache-Control"] == "no-store"
    again = [member.post(address, {"password": PASSWORD, "code": "000000"}), member.get(address)]
    again += [member.get(KEYS), member.get("/"), member.get("/security")]
    assert secret not in "".join(text(page) for page in again)
    assert ApiKey.objects.count() == 1
    assert everywhere_in_the_database(secret) == []


def everywhere_in_the_database(secret):
    """Return the tables in which any row says it."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
            " 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(
                f'SELECT 1 FROM "{table}" t WHERE t::text LIKE %s LIMIT 1', [f"%{secret}%"]
            )
            found += [table] if cursor.fetchone() else []
        cursor.execute("SET ROLE mooring_app")
    return found


@pytest.mark.parametrize("missing", ["password", "code"])
def test_a_session_alone_makes_no_key(member, alice, missing):
    response = confirmed(member, asked(member), **{missing: ""})
    assert response.status_code == 422
    assert not ApiKey.objects.exists()


def test_anothers_confirmation_makes_no_key(member, alice, bob):
    address = asked(member)
    other = Client()
    sign_in(other, bob)
    assert other.get(address).status_code == 404
    assert confirmed(other, address).status_code == 404
    assert not ApiKey.objects.exists()


def test_a_key_of_a_public_key_shows_no_secret(member, alice):
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    address = asked(member, type="ED25519", public_key=pem)
    assert pem.splitlines()[1] in text(member.get(address)).replace(" ", "")
    response = confirmed(member, address)
    assert "api-secret" not in text(response)
    assert ApiKey.objects.get().public_key == pem


def test_a_private_key_is_refused_told_and_not_shown_again(member, alice):
    private = ed25519.Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    response = member.post(f"{KEYS}/new", FORM | {"type": "ED25519", "public_key": pem})
    assert response.status_code == 422
    assert "throw it away" in text(response)
    assert pem.splitlines()[1] not in text(response)
    assert not StepUp.objects.exists()


WRONG = [
    ("no name", {"label": ""}, "1 to 40 characters"),
    ("a name too long", {"label": "x" * 300}, "at most 200"),
    ("withdrawing from anywhere", {"may_withdraw": "on"}, "at least one"),
    ("everybody", {"may_withdraw": "on", "networks": "0.0.0.0/0"}, "too wide"),
    ("no network", {"networks": "<b>x</b>"}, "&lt;b&gt;x&lt;/b&gt; is no address"),
    ("another type", {"type": "NONE"}, "Select a valid choice"),
    ("no public key", {"type": "RSA"}, "Paste the public key"),
    ("a public key that is none", {"type": "RSA", "public_key": "x"}, "BEGIN PUBLIC KEY"),
    ("a public key for HMAC", {"public_key": "x"}, "leave this empty"),
]


@pytest.mark.parametrize(("case", "given", "sentence"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_input_is_named_beside_its_field(member, case, given, sentence):
    response = member.post(f"{KEYS}/new", FORM | given)
    assert response.status_code == 422, case
    assert sentence in text(response), case
    assert not StepUp.objects.exists()


def test_a_name_is_text_and_never_markup(member, alice):
    issue(alice, label="<script>alert(1)</script>")
    for address in (KEYS, f"{KEYS}/{ApiKey.objects.get().pk}/revoke"):
        assert "<script>alert" not in text(member.get(address))
    assert "&lt;script&gt;" in text(member.get(asked(member, label="<script>alert(1)</script>")))


def test_the_list_says_what_each_key_may_and_when_it_was_used(member, alice):
    assert "No keys" in text(member.get(KEYS))
    made = issue(alice, rights="withdraw", networks="203.0.113.0/24")
    assert "never" in text(member.get(KEYS))
    ApiKey.objects.update(used_at=clock.now(), used_ip="203.0.113.5")
    shown = text(member.get(KEYS))
    for datum in ("bot", "HMAC-SHA256", "read, withdraw", "203.0.113.0/24", "203.0.113.5"):
        assert datum in shown
    assert made.api_key not in shown
    assert made.secret not in shown


def test_a_key_is_revoked_after_it_was_asked_about(member, alice):
    made = issue(alice)
    address = f"{KEYS}/{made.id}/revoke"
    assert "Revoke the key bot?" in text(member.get(address))
    assert ApiKey.objects.filter(ended_at=None).exists()
    response = member.post(address, follow=True)
    assert "was revoked" in text(response)
    assert ApiKey.objects.get().end == "REVOKED"
    assert member.post(address).status_code == 404


def test_anothers_key_is_as_absent(member, alice, bob):
    his = issue(bob)
    absent = member.get(f"{KEYS}/{his.id + 1}/revoke")
    for method in (member.get, member.post):
        response = method(f"{KEYS}/{his.id}/revoke")
        assert response.status_code == absent.status_code == 404
    assert "bob" not in text(member.get(KEYS))
    assert ApiKey.objects.get().ended_at is None


def test_only_members_see_keys(client, alice):
    for address in (KEYS, f"{KEYS}/new", f"{KEYS}/1/revoke"):
        for response in (client.get(address), client.post(address)):
            assert response.url.startswith("/accounts/login/")


def test_a_confirmation_that_is_none_is_absent(member, alice):
    assert member.get(f"/security/confirm/{uuid4()}").status_code == 404
