"""Second factors on pages: added, looked after, and asked for at log-in."""

import base64
import html
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from mooring.accounts.models import Account, CodeFactor, Hold, SecurityEvent, User
from mooring.accounts.proofs import recovery_codes, totp
from mooring.kernel import clock
from tests.accounts.soft_passkey import SoftPasskey
from tests.notices import outbox
from tests.web.conftest import PASSWORD
from tests.web.signing_in import confirm_device, sign_in

SECRET = "JBSWY3DPEHPK3PXP" * 2
EMAIL = "alice@example.com"
FACTOR = "/accounts/factor/"


def app_code(secret: str = SECRET, *, step: int = 0) -> str:
    now = int(clock.wall().timestamp()) // 30
    return format_hotp_value(hotp_value(secret, now + step))


def has_app(user: User) -> None:
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": totp.seal(SECRET, user_id=user.pk)},
        created_at=clock.wall(),
    )


def has_passkey(user: User, device: SoftPasskey, client: Client) -> None:
    """Add a passkey as the page does."""
    options = options_of(client.get(reverse("factor_add_passkey")))
    sent = {"name": "Laptop", "passkey": json.dumps(device.create(options))}
    asked = client.post(reverse("factor_add_passkey"), sent)
    confirm(client, asked.url)


def options_of(page):
    found = re.search(
        r'<script id="passkey-options" type="application/json">(.*?)</script>',
        page.content.decode(),
        re.DOTALL,
    )
    assert found, page.content.decode()
    return json.loads(found[1])


def confirm(client: Client, address: str, **given: str):
    """Confirm what is shown with password and a code by mail, where no factor is there yet."""
    proof = given or {"way": "email", "code": outbox.last_code(EMAIL)}
    return client.post(address, {"password": PASSWORD, **proof})


def log_in(client: Client):
    sent = {"login": EMAIL, "password": PASSWORD}
    return client.post(reverse("account_login"), sent)


def is_in(client: Client) -> bool:
    return client.get(reverse("security_factors")).status_code == 200


def text_of(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def known(client: Client, alice: User) -> Client:
    """A browser that Alice has confirmed, logged out."""
    with transaction.atomic():
        confirm_device(client, alice)
    return client


# --- looking after ---


def test_the_page_says_that_there_is_none_yet(member: Client) -> None:
    page = text_of(member.get(reverse("security_factors")))
    assert "You have none yet" in page
    assert "al•••@example.com" in page


def test_an_app_is_added_with_its_code_and_a_confirmation(member: Client, alice: User) -> None:
    page = member.get(reverse("factor_add_app"))
    key = re.search(r'<code class="code">([A-Z2-7 ]+)</code>', page.content.decode())
    assert key
    assert "data:image/svg+xml;base64," in page.content.decode()
    code = app_code(key[1].replace(" ", ""))
    wrong = member.post(reverse("factor_add_app"), {"code": "000000"})
    assert (wrong.status_code, key[1] in wrong.content.decode()) == (422, True)
    asked = member.post(reverse("factor_add_app"), {"code": code})
    done = confirm(member, asked.url)
    assert done.status_code == 200
    shown = re.findall(r"\d{5}-\d{5}", text_of(done))
    assert len(set(shown)) == 10
    assert "download=" in done.content.decode()
    again = confirm(member, asked.url)
    assert not re.findall(r"\d{5}-\d{5}", text_of(again))
    page = text_of(member.get(reverse("security_factors")))
    assert "10 of ten are unused" in page
    assert Hold.objects.filter(cause="FACTOR_ADDED").exists()
    kinds = set(SecurityEvent.objects.filter(user=alice).values_list("kind", flat=True))
    assert {"factor_added", "recovery_codes_made"} <= kinds


def test_an_app_that_was_not_confirmed_is_not_added(member: Client, alice: User) -> None:
    member.get(reverse("factor_add_app"))
    member.post(reverse("factor_add_app"), {"code": "000000"})
    assert not Authenticator.objects.exists()
    assert member.get(reverse("factor_add_app")).status_code == 200


def test_a_passkey_is_added_named_renamed_and_removed(member: Client, alice: User) -> None:
    device = SoftPasskey()
    has_passkey(alice, device, member)
    row = Authenticator.objects.get(type="webauthn")
    assert "Laptop" in text_of(member.get(reverse("security_factors")))
    asked = member.post(reverse("factor_rename", args=[row.pk]), {"name": "Old laptop"})
    confirm_with(member, asked.url, device)
    assert "Old laptop" in text_of(member.get(reverse("security_factors")))
    asked = member.post(reverse("factor_remove", args=[row.pk]))
    assert "last strong factor" in text_of(member.get(asked.url))
    confirm_with(member, asked.url, device)
    assert not Authenticator.objects.exists()


def confirm_with(client: Client, address: str, device: SoftPasskey):
    options = options_of(client.get(f"{address}?way=passkey"))
    answer = json.dumps(device.get(options))
    return client.post(address, {"password": PASSWORD, "way": "passkey", "passkey": answer})


@pytest.mark.parametrize("answer", ["", "{}", "[]", "x", '{"rawId": 1}', '{"response": {}}'])
def test_a_passkey_that_cannot_be_read_is_not_added(member: Client, answer: str) -> None:
    member.get(reverse("factor_add_passkey"))
    sent = {"name": "Laptop", "passkey": answer}
    assert member.post(reverse("factor_add_passkey"), sent).status_code == 422


def test_the_challenge_of_a_new_passkey_is_good_once(member: Client) -> None:
    options = options_of(member.get(reverse("factor_add_passkey")))
    answer = json.dumps(SoftPasskey().create(options))
    sent = {"name": "", "passkey": answer}
    assert member.post(reverse("factor_add_passkey"), sent).status_code == 422
    sent = {"name": "Laptop", "passkey": answer}
    assert member.post(reverse("factor_add_passkey"), sent).status_code == 422


def test_new_recovery_codes_are_shown_once(member: Client, alice: User) -> None:
    has_app(alice)
    asked = member.post(reverse("factor_recovery_codes"))
    done = confirm(member, asked.url, way="totp", code=app_code())
    assert len(re.findall(r"\d{5}-\d{5}", text_of(done))) == 10


def test_codes_by_mail_are_switched_on_and_off(member: Client, alice: User) -> None:
    for is_on in (True, False):
        asked = member.post(reverse("factor_switch_codes"), {"channel": "EMAIL"})
        if not is_on:
            member.post(asked.url, {"password": PASSWORD, "way": "email", "send": "1"})
        confirm(member, asked.url)
        assert CodeFactor.objects.filter(user=alice).exists() == is_on


@pytest.mark.parametrize("channel", ["SMS", "", "PIGEON"])
def test_codes_that_lead_nowhere_are_not_switched(member: Client, channel: str) -> None:
    answer = member.post(reverse("factor_switch_codes"), {"channel": channel})
    assert answer.url == reverse("security_factors")


@pytest.mark.parametrize("name", ["factor_rename", "factor_remove"])
def test_somebody_elses_factor_is_not_there(member: Client, name: str) -> None:
    bob = User.objects.create(email="bob@example.com")
    has_app(bob)
    kept = Authenticator.objects.get()
    for factor_id in (kept.pk, 10**17):
        assert member.post(reverse(name, args=[factor_id])).status_code == 404


# --- at log-in ---


def test_who_has_no_factor_is_not_asked_for_one(known: Client) -> None:
    log_in(known)
    assert is_in(known)


def test_the_page_belongs_to_a_log_in(client: Client, db: None) -> None:
    assert client.get(FACTOR).url == reverse("account_login")


def test_a_code_of_the_app_logs_in(known: Client, alice: User) -> None:
    has_app(alice)
    assert log_in(known).url == FACTOR
    assert not is_in(known)
    assert known.post(FACTOR, {"way": "totp", "code": app_code()}).status_code == 302
    assert is_in(known)
    assert not Hold.objects.exists()


def test_a_wrong_code_of_the_app_logs_nobody_in(known: Client, alice: User) -> None:
    has_app(alice)
    log_in(known)
    answer = known.post(FACTOR, {"way": "totp", "code": "000000"})
    assert (answer.status_code, is_in(known)) == (422, False)
    assert "The code is not right" in text_of(answer)
    assert SecurityEvent.objects.filter(user=alice, kind="code_refused").exists()


def test_a_code_of_the_app_logs_in_once(known: Client, alice: User) -> None:
    has_app(alice)
    code = app_code()
    log_in(known)
    known.post(FACTOR, {"way": "totp", "code": code})
    other = Client()
    log_in(other)
    assert other.post(FACTOR, {"way": "totp", "code": code}).status_code == 422


def test_a_passkey_logs_in(member: Client, alice: User) -> None:
    device, known = SoftPasskey(), Client()
    has_passkey(alice, device, member)
    with transaction.atomic():
        confirm_device(known, alice)
    log_in(known)
    answer = json.dumps(device.get(options_of(known.get(FACTOR))))
    assert known.post(FACTOR, {"way": "passkey", "passkey": answer}).status_code == 302
    assert is_in(known)
    assert not Hold.objects.filter(cause="LOWER_FACTOR").exists()


@pytest.mark.parametrize("answer", ["", "{}", "[]", '{"id": "x", "rawId": "x"}'])
def test_a_passkey_that_cannot_be_read_logs_nobody_in(
    member: Client, alice: User, answer: str
) -> None:
    has_passkey(alice, SoftPasskey(), member)
    client = Client()
    log_in(client)
    client.get(FACTOR)
    refused = client.post(FACTOR, {"way": "passkey", "passkey": answer})
    assert (refused.status_code, is_in(client)) == (422, False)


def test_a_code_by_mail_logs_in(known: Client, alice: User) -> None:
    CodeFactor.objects.create(user=alice, channel="EMAIL", added_at=clock.wall())
    log_in(known)
    page = text_of(known.get(FACTOR))
    assert "al•••@example.com" in page
    code = outbox.last_code(EMAIL)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    refused = known.post(FACTOR, {"way": "email", "code": wrong})
    assert "4 tries are left" in text_of(refused)
    known.get(FACTOR)
    assert outbox.last_code(EMAIL) == code
    known.post(FACTOR, {"way": "email", "code": code})
    assert is_in(known)


def test_a_new_code_can_be_asked_for_and_ends_the_old_one(known: Client, alice: User) -> None:
    CodeFactor.objects.create(user=alice, channel="EMAIL", added_at=clock.wall())
    log_in(known)
    known.get(FACTOR)
    old = outbox.last_code(EMAIL)
    assert known.post(FACTOR, {"way": "email", "send": "1"}).status_code == 302
    new = outbox.last_code(EMAIL)
    if old != new:
        assert known.post(FACTOR, {"way": "email", "code": old}).status_code == 422
    known.post(FACTOR, {"way": "email", "code": new})
    assert is_in(known)


def test_codes_are_not_sent_without_end(client: Client, alice: User) -> None:
    CodeFactor.objects.create(user=alice, channel="EMAIL", added_at=clock.wall())
    log_in(client)
    answers = [client.post(FACTOR, {"way": "email", "send": "1"}) for _ in range(12)]
    assert answers[-1].status_code == 429
    assert len(outbox.messages(EMAIL)) <= 11


def test_a_code_of_another_log_in_is_not_right(known: Client, alice: User) -> None:
    CodeFactor.objects.create(user=alice, channel="EMAIL", added_at=clock.wall())
    log_in(known)
    known.get(FACTOR)
    code = outbox.last_code(EMAIL)
    other = Client()
    log_in(other)
    other.get(FACTOR)
    if outbox.last_code(EMAIL) != code:
        assert other.post(FACTOR, {"way": "email", "code": code}).status_code == 422
        assert not is_in(other)


def test_a_recovery_code_logs_in_and_withdrawals_wait(known: Client, alice: User) -> None:
    has_app(alice)
    with transaction.atomic():
        made = recovery_codes.make(user_id=alice.pk, wall=clock.wall())
    log_in(known)
    assert "withdrawals wait" in text_of(known.get(f"{FACTOR}?way=recovery_code"))
    known.post(FACTOR, {"way": "recovery_code", "code": made[0]})
    assert is_in(known)
    assert Hold.objects.get().cause == "LOWER_FACTOR"
    assert SecurityEvent.objects.filter(kind="recovery_code_used").exists()


def test_a_factor_that_is_not_ones_own_is_not_offered(known: Client, alice: User) -> None:
    has_app(alice)
    log_in(known)
    page = text_of(known.get(f"{FACTOR}?way=email"))
    assert "Authenticator app" in page
    assert not outbox.messages(EMAIL)


def test_guessing_is_counted_and_leaves_the_owner_a_share(known: Client, alice: User) -> None:
    has_app(alice)
    guesser = Client()
    for _ in range(3):
        log_in(guesser)
        for _try in range(5):
            guesser.post(FACTOR, {"way": "totp", "code": "000000"})
    assert guesser.post(FACTOR, {"way": "totp", "code": app_code()}).status_code == 422
    log_in(known)
    known.post(FACTOR, {"way": "totp", "code": app_code()})
    assert is_in(known)


def test_an_account_disabled_in_the_meantime_lets_nobody_in(known: Client, alice: User) -> None:
    has_app(alice)
    log_in(known)
    Account.objects.update(status="DISABLED", disabled_at=clock.now())
    assert known.post(FACTOR, {"way": "totp", "code": app_code()}).status_code == 422
    assert not is_in(known)


def test_who_is_logged_in_is_not_asked(client: Client, alice: User) -> None:
    sign_in(client, alice)
    assert client.get(FACTOR).status_code == 302


_DEEP = (b"\x81" * 9000, b"\xa1\x01" * 4000, b"\xc1" * 5000, b"\x9f\x01", b"\x1b" + b"\xff" * 8)


@pytest.mark.parametrize("nested", _DEEP, ids=lambda nested: f"{nested[0]:02x}")
def test_a_passkey_answer_that_is_nested_without_end_is_refused(member, nested):
    def text(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    challenge = options_of(member.get(reverse("factor_add_passkey")))["publicKey"]["challenge"]
    said = {"type": "webauthn.create", "challenge": challenge, "origin": settings.SITE_URL}
    answer = {
        "id": "AA",
        "rawId": "AA",
        "type": "public-key",
        "response": {
            "clientDataJSON": text(json.dumps(said).encode()),
            "attestationObject": text(nested),
        },
    }
    sent = {"name": "Laptop", "passkey": json.dumps(answer)}
    assert member.post(reverse("factor_add_passkey"), sent).status_code == 422
