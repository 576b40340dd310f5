"""The inbox, what a person wants to be told, and the outbox of a sandbox."""

import json

import pytest
from django.db import transaction
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.models import Account, User
from mooring.kernel import clock
from mooring.notices import api as notices
from mooring.notices.models import Notice, Preference
from tests.notices import outbox
from tests.web.conftest import OPENING


def tell(user: User, kind: str = "logged_in", count: int = 1) -> None:
    with transaction.atomic():
        messenger.tell([accounts.Message(kind=kind, user_id=user.pk)] * count, at=OPENING)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def bob(db: None) -> User:
    user = User.objects.create(email="bob@example.com", password="x")
    Account.objects.create(user=user, opened_at=OPENING)
    return user


def test_an_inbox_begins_empty(member: Client, alice: User) -> None:
    Notice.objects.filter(user=alice).delete()
    assert "kept here, beside the mails" in page(member, "/notices")


def test_the_inbox_shows_ones_own_notices_and_what_is_new(
    member: Client, alice: User, bob: User
) -> None:
    tell(alice, "password_changed")
    tell(bob, "factor_removed")
    shown = page(member, "/notices")
    assert "Your password was changed" in shown
    assert "A second factor was removed" not in shown
    assert ">New</span>" in shown
    assert "new in your inbox" in page(member, "/help")


def test_one_notice_is_marked_as_read(member: Client, alice: User) -> None:
    tell(alice, count=2)
    one, *_ = outbox.inbox(alice)
    before = notices.count_unread(user_id=alice.pk)
    assert member.post(f"/notices/{one.pk}/read").status_code == 302
    assert member.post(f"/notices/{one.pk}/read").status_code == 302
    one.refresh_from_db()
    assert one.read_at is not None
    assert notices.count_unread(user_id=alice.pk) == before - 1


def test_anothers_notice_is_as_absent(member: Client, alice: User, bob: User) -> None:
    tell(bob)
    tell(alice)
    [theirs] = outbox.inbox(bob)
    mail = outbox.messages("alice@example.com")[-1]
    for notice_id in (theirs.pk, mail.pk, 10**15):
        assert member.post(f"/notices/{notice_id}/read").status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_all_that_was_seen_is_marked_as_read(member: Client, alice: User, bob: User) -> None:
    tell(bob)
    tell(alice, count=3)
    seen = outbox.inbox(alice)[-1]
    tell(alice, "api_key_created")
    assert member.post("/notices/read", {"through": seen.pk}).status_code == 302
    assert notices.count_unread(user_id=alice.pk) == 1
    assert notices.count_unread(user_id=bob.pk) == 1
    for nonsense in ("", "x", "9" * 40, "-1"):
        assert member.post("/notices/read", {"through": nonsense}).status_code == 302
    assert notices.count_unread(user_id=alice.pk) == 1


def test_a_long_inbox_is_turned_page_by_page(member: Client, alice: User) -> None:
    tell(alice, count=50)
    seen: list[int] = []
    found = notices.list_inbox(user_id=alice.pk)
    while True:
        seen += [notice.id for notice in found.notices]
        if found.older is None:
            break
        assert f"?before={found.older}" in page(member, "/notices") or len(seen) > 20
        found = notices.list_inbox(user_id=alice.pk, before=found.older)
    assert seen == sorted((notice.pk for notice in outbox.inbox(alice)), reverse=True)
    assert page(member, "/notices?before=abc")


def test_a_topic_is_turned_off_and_on_by_channel(member: Client, alice: User) -> None:
    assert page(member, "/notices/preferences").count(" checked") == 6
    saved = member.post("/notices/preferences", {"on": ["ACCOUNT.INBOX"]})
    assert saved.status_code == 302
    assert page(member, "/notices/preferences").count(" checked") == 1
    before = len(outbox.messages("alice@example.com"))
    tell(alice, "verification_approved")
    assert len(outbox.messages("alice@example.com")) == before
    assert outbox.inbox(alice)[-1].kind == "verification_approved"
    member.post("/notices/preferences", {"on": ["ACCOUNT.INBOX", "ACCOUNT.EMAIL", "ACCOUNT.SMS"]})
    tell(alice, "verification_approved")
    assert outbox.messages("alice@example.com")[-1].kind == "verification_approved"


def test_security_cannot_be_turned_off(member: Client, alice: User) -> None:
    member.post("/notices/preferences", {"on": ["SECURITY.EMAIL", "NOTHING.AT.ALL"]})
    assert not Preference.objects.filter(topic="SECURITY").exists()
    with pytest.raises(notices.SecurityStaysOn):
        notices.set_preferences(
            user_id=alice.pk,
            choices={(notices.Topic.SECURITY, notices.Channel.EMAIL): False},
        )


def test_sms_is_offered_only_where_it_can_be_sent(member: Client, settings: object) -> None:
    assert "ACCOUNT.SMS" in page(member, "/notices/preferences")
    settings.SMS_AVAILABLE = False  # type: ignore[attr-defined]
    assert "ACCOUNT.SMS" not in page(member, "/notices/preferences")


@pytest.mark.parametrize("path", ["/notices", "/notices/preferences"])
def test_a_stranger_logs_in_first(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert "/accounts/login" in answer["Location"]


def test_the_outbox_of_a_sandbox_is_read_without_logging_in(
    client: Client, alice: User, bob: User
) -> None:
    tell(alice)
    tell(bob, "password_changed")
    everything = page(client, "/sandbox/outbox")
    assert everything.index("bob@example.com") < everything.index("alice@example.com")
    assert "/disable/" in everything
    only = page(client, "/sandbox/outbox?to=Alice@example.com")
    assert "Your password was changed" not in only
    assert "You logged in" in only


@pytest.mark.parametrize("to", ["x" * 500, "<script>alert(1)</script>", "a%0d%0ab"])
def test_the_outbox_takes_any_filter(client: Client, db: None, to: str) -> None:
    assert "<script>alert" not in page(client, f"/sandbox/outbox?to={to}")


def test_what_a_message_holds_is_text_and_not_markup(client: Client, alice: User) -> None:
    with transaction.atomic():
        label = {"label": "<img src=x onerror=alert(1)>"}
        message = accounts.Message(kind="api_key_created", user_id=alice.pk, facts=label)
        messenger.tell([message], at=clock.now())
    assert "<img src=x" not in page(client, "/sandbox/outbox")


def test_outside_a_sandbox_there_is_no_outbox(
    client: Client, db: None, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    from mooring.operations import cli

    settings.SANDBOX = False  # type: ignore[attr-defined]
    assert client.get("/sandbox/outbox").status_code == 404
    assert cli.run(["outbox", "--json"]) == 1
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "not_a_sandbox"


def test_the_command_tells_what_was_written(
    alice: User, bob: User, capsys: pytest.CaptureFixture[str]
) -> None:
    from mooring.operations import cli

    tell(alice, count=3)
    tell(bob)
    assert cli.run(["outbox", "--to", "alice@example.com", "--limit", "2", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["to"] for row in rows] == ["alice@example.com"] * 2
    assert rows[0]["id"] > rows[1]["id"]
    assert "/disable/" in rows[0]["body"]
    assert cli.run(["outbox", "--limit", "1"]) == 0
    assert "bob@example.com" in capsys.readouterr().out
    assert cli.run(["outbox", "--limit", "0"]) == 2
