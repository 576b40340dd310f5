"""Browsers that a person has confirmed: by a code, for themselves only, until revoked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from mooring.accounts import api as accounts
from mooring.accounts.actions.confirm_device import Pending, confirm_device, send_device_code
from mooring.accounts.models import Device, LoginSession, SecurityEvent, User
from mooring.accounts.origin import Origin
from mooring.accounts.presence import devices, sessions
from mooring.accounts.presence.user_agents import device_name
from mooring.accounts.proofs import codes
from tests.notices import outbox

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = Origin(wall=NOON, ip="203.0.113.7", device_name="Firefox on Linux")
ALICE = "alice@example.com"


@pytest.fixture
def alice() -> User:
    accounts.open_account(email=ALICE, password="four random harbour words", at=NOON)
    return User.objects.get(email=ALICE)


@pytest.fixture
def bob() -> User:
    accounts.open_account(email="bob@example.com", password="four random boat words", at=NOON)
    return User.objects.get(email="bob@example.com")


def _confirm(user: User) -> tuple[int, str]:
    with transaction.atomic():
        return devices.confirm(user_id=user.pk, origin=HERE)


def _send(user: User, *, binding: str = "this log-in") -> codes.IssuedCode:
    issued = send_device_code(user_id=user.pk, binding=binding, origin=HERE, at=NOON)
    assert issued is not None
    return issued


def _try(
    user: User, issued: codes.IssuedCode, text: str, *, binding: str = "this log-in"
) -> tuple[codes.CodeVerdict, str]:
    return confirm_device(
        user_id=user.pk,
        code_id=issued.id,
        text=text,
        pending=Pending(binding=binding, epoch=0),
        origin=HERE,
        at=NOON,
    )


def test_the_right_code_makes_a_device_an_event_and_a_hold(alice: User) -> None:
    issued = _send(alice)
    verdict, token = _try(alice, issued, outbox.last_code(ALICE))
    assert verdict is codes.CodeVerdict.RIGHT
    assert devices.find_device_id([token], user_id=alice.pk) is not None
    assert SecurityEvent.objects.filter(user=alice, kind="device_added").exists()
    account_id = accounts.find_account_id(email=ALICE)
    assert account_id is not None
    [hold] = accounts.protection.list_holds(account_id, at=NOON)
    assert hold.cause == "NEW_DEVICE"


def test_a_code_confirms_the_log_in_that_it_was_sent_for_and_no_other(alice: User) -> None:
    issued = _send(alice, binding="the owner's")
    code = outbox.last_code(ALICE)
    verdict, token = _try(alice, issued, code, binding="the thief's")
    assert verdict is codes.CodeVerdict.SPENT_OR_EXPIRED
    assert not token
    assert not Device.objects.exists()


def test_a_wrong_code_is_an_event_and_no_device(alice: User) -> None:
    issued = _send(alice)
    wrong = "000000" if outbox.last_code(ALICE) != "000000" else "111111"
    verdicts = [_try(alice, issued, wrong)[0] for _attempt in range(6)]
    assert verdicts[:4] == [codes.CodeVerdict.WRONG] * 4
    assert set(verdicts[4:]) == {codes.CodeVerdict.NO_TRIES_LEFT}
    assert _try(alice, issued, outbox.last_code(ALICE))[0] is codes.CodeVerdict.NO_TRIES_LEFT
    assert SecurityEvent.objects.filter(user=alice, kind="code_refused").exists()
    assert not Device.objects.exists()


def test_codes_are_sent_ten_times_an_hour_at_most(alice: User) -> None:
    for _attempt in range(10):
        _send(alice)
    more = send_device_code(user_id=alice.pk, binding="this log-in", origin=HERE, at=NOON)
    assert more is None
    later = replace(HERE, wall=NOON + timedelta(hours=1))
    assert send_device_code(user_id=alice.pk, binding="x", origin=later, at=NOON) is not None


def test_who_has_no_address_gets_the_code_by_sms() -> None:
    user = User.objects.create(phone="+4915112345678")
    _send(user)
    assert outbox.last_code("+4915112345678")


def test_a_token_opens_its_own_persons_device_only(alice: User, bob: User) -> None:
    device_id, token = _confirm(alice)
    assert devices.find_device_id(["x" * 43, token], user_id=alice.pk) == device_id
    assert devices.find_device_id([token], user_id=bob.pk) is None
    assert devices.find_device_id_of([token], identifier=ALICE) == device_id
    assert devices.find_device_id_of([token], identifier="bob@example.com") is None


def test_the_token_is_not_in_the_database(alice: User) -> None:
    _, token = _confirm(alice)
    assert token not in str(Device.objects.values_list("token_digest", "name").get())


def test_a_revoked_device_is_unknown_and_its_log_ins_end(alice: User) -> None:
    device_id, token = _confirm(alice)
    other_id, _ = _confirm(alice)
    with transaction.atomic():
        on_it, elsewhere = (
            sessions.begin_session(
                user_id=alice.pk, session_key=f"key{device}", device_id=device, origin=HERE
            )
            for device in (device_id, other_id)
        )
    accounts.presence.revoke_device(device_id, user_id=alice.pk, origin=HERE, at=NOON)
    assert devices.find_device_id([token], user_id=alice.pk) is None
    assert [device.id for device in devices.list_devices(user_id=alice.pk)] == [other_id]
    assert LoginSession.objects.get(id=on_it).end == "REVOKED"
    assert LoginSession.objects.get(id=elsewhere).end == ""
    assert SecurityEvent.objects.get(kind="device_revoked").details == {
        "revoked": "Firefox on Linux"
    }


def test_anothers_device_and_session_are_absent(alice: User, bob: User) -> None:
    device_id, _ = _confirm(alice)
    with transaction.atomic():
        session_id = sessions.begin_session(
            user_id=alice.pk, session_key="key", device_id=device_id, origin=HERE
        )
    for absent in (device_id, 999_999):
        with pytest.raises(accounts.DeviceNotFound):
            accounts.presence.revoke_device(absent, user_id=bob.pk, origin=HERE, at=NOON)
    for absent in (session_id, 999_999):
        with pytest.raises(accounts.SessionNotFound):
            accounts.presence.revoke_session(absent, user_id=bob.pk, origin=HERE, at=NOON)


def test_a_list_of_log_ins_leaves_out_what_is_over(alice: User) -> None:
    with transaction.atomic():
        for key, ago in (("live", 0), ("idle", 31)):
            origin = replace(HERE, wall=NOON - timedelta(minutes=ago))
            sessions.begin_session(user_id=alice.pk, session_key=key, device_id=None, origin=origin)
    [live] = devices.list_sessions(user_id=alice.pk, wall=NOON, at=NOON)
    assert live.seen_at == NOON


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Safari/605.1.15",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("curl/8.5.0", "curl"),
        ("", "Browser"),
        ("<script>alert(1)</script>", "Browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name
