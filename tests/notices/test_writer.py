"""What is written to whom, in which words; and what cannot be written."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import transaction

from mooring.accounts import api as accounts
from mooring.accounts import events, messenger
from mooring.accounts.models import Account, User
from mooring.accounts.origin import Origin
from mooring.accounts.rules import step_up as step_up_rules
from mooring.kernel import clock
from mooring.notices import rendering, words, writer
from mooring.notices.catalogue import CODES, TOPICS, WITHOUT_DISABLE_LINK
from mooring.notices.models import Channel, Notice, Preference, Topic
from tests.notices import outbox

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in settings.LANGUAGES]
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = {
    "ip": "203.0.113.7",
    "device": "Firefox on Linux",
    "code": "493021",
    "link_token": "a" * 43,
    "cancel_token": "b" * 43,
    "ready_at": "2026-03-04 12:00 UTC",
    "held_until": "2026-03-02 12:00 UTC",
    "factor": "totp",
    "label": "robot",
    "rights": "read,trade",
}


def person(email="alice@example.org", *, phone=None, language="en", anti_phishing_code=""):
    user = User.objects.create(email=email, phone=phone, language=language, password="x")
    Account.objects.create(user=user, opened_at=AT, anti_phishing_code=anti_phishing_code)
    return user


def tell(kind, user=None, **more):
    user_id = user.pk if user is not None else None
    facts = {**FACTS, **more.pop("facts", {})}
    message = accounts.Message(kind=kind, user_id=user_id, facts=facts, **more)
    messenger.tell([message], at=AT)


def test_every_kind_that_people_are_told_has_a_text():
    told = {kind.value for kind in events.TOLD}
    codes = {f"code_{purpose.lower()}" for purpose in accounts_purposes()}
    assert told <= TOPICS.keys()
    assert codes == set(CODES)
    for folder in (rendering.folder_of(language) for language in LANGUAGES):
        files = {path.stem for path in (rendering.TEXTS / folder).glob("[a-z]*.txt")}
        assert files == TOPICS.keys(), folder


def accounts_purposes():
    from mooring.accounts.models import Code

    return Code.Purpose.values


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(TOPICS))
@pytest.mark.parametrize("facts", [FACTS, {"code": "493021"}, dict.fromkeys(FACTS, "W" * 400)])
def test_every_text_is_whole(kind, language, facts):
    written = rendering.write(kind, language, facts, at=AT)
    assert 0 < len(written.subject) <= 200
    assert 0 < len(written.sms) <= 140
    assert "\n" not in written.subject + written.sms
    assert len(written.body) > 60 or language != "en"
    for text in (written.subject, written.sms, written.body):
        assert not {"{", "}", "|"} & set(text)
    if kind in CODES and facts is not None:
        assert facts["code"][:20] in written.body
        assert facts["code"][:20] in written.sms


def test_a_language_is_not_english_by_mistake():
    for kind in TOPICS:
        english = rendering.write(kind, "en", FACTS, at=AT)
        chinese = rendering.write(kind, "zh-hans", FACTS, at=AT)
        assert english.subject.isascii()
        assert english.body.isascii()
        assert english.subject != chinese.subject
        assert not chinese.sms.isascii()


def test_every_action_that_is_confirmed_has_words():
    assert step_up_rules.ACTIONS.keys() <= words.ACTS.keys()
    for action in step_up_rules.ACTIONS:
        for number, language in enumerate(LANGUAGES):
            written = rendering.write(
                "code_step_up", language, {"code": "493021", "action": action}, at=AT
            )
            assert words.ACTS[action][number] in written.body
            assert words.ACTS[action][number] in written.sms
            assert action not in written.body


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"old_email": "a@b.example", "new_email": "c@d.example"}, "changed to c@d.example"),
        ({"old_email": "", "new_email": "c@d.example"}, "added to your account: c@d.example"),
        ({"old_email": "a@b.example", "new_email": ""}, "a@b.example was removed"),
        ({}, "was changed."),
    ],
)
def test_a_mail_about_an_address_says_what_became_of_it(facts, said):
    assert said in rendering.write("email_changed", "en", facts, at=AT).body


def test_an_unknown_kind_is_a_fault():
    with pytest.raises(rendering.NoText):
        tell("no_such_kind", person())


def test_a_security_event_goes_to_the_inbox_and_by_mail():
    alice = person(anti_phishing_code="blue whale 7")
    tell("logged_in", alice)
    [mail] = outbox.messages("alice@example.org")
    [kept] = outbox.inbox(alice)
    assert mail.body.startswith("Your anti-phishing code: blue whale 7\n")
    assert (
        mail.body.rstrip()
        .splitlines()[-1]
        .startswith(f"This wasn't you? Disable your account: {settings.SITE_URL}/disable/")
    )
    assert "203.0.113.7 (Firefox on Linux)" in mail.body
    assert mail.status == Notice.Status.WAITING
    assert kept.status == Notice.Status.SENT
    assert "/disable/" not in kept.body


@pytest.mark.parametrize("kind", sorted(k for k, topic in TOPICS.items() if topic == "SECURITY"))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_security_mail_ends_with_the_link_that_disables(kind, language):
    alice = person(language=language)
    tell(kind, alice, channel="EMAIL", to="alice@example.org")
    [mail] = outbox.messages("alice@example.org")
    last = mail.body.rstrip().splitlines()[-1]
    assert (
        (outbox.last_disable_token("alice@example.org") in last)
        if kind not in WITHOUT_DISABLE_LINK
        else "/disable/" not in mail.body
    )


def test_a_person_without_an_address_is_told_by_sms():
    bob = person(None, phone="+4915112345678")
    tell("password_changed", bob)
    [sms] = outbox.messages("+4915112345678")
    assert sms.channel == Channel.SMS
    assert "/disable/" in sms.body
    assert len(sms.body) <= 140


def test_an_sms_about_a_recovery_holds_the_link_that_cancels_whole(settings):
    bob = person(None, phone="+4915112345678")
    tell("recovery_requested", bob, channel="SMS", to="+4915112345678")
    assert outbox.last_link_token("+4915112345678") == "b" * 43
    settings.SITE_URL = f"https://{'long.' * 20}example"
    tell("recovery_requested", bob, channel="SMS", to="+4915112345678")
    assert "http" not in outbox.messages("+4915112345678")[-1].body


def test_the_old_contacts_are_told_too():
    alice = person("new@example.org", phone="+4915112345678")
    tell("email_changed", alice, facts={"old_email": "old@example.org"})
    tell("phone_changed", alice, facts={"old_phone": "+4915187654321"})
    assert [m.kind for m in outbox.messages("old@example.org")] == ["email_changed"]
    assert "/disable/" in outbox.messages("old@example.org")[0].body
    assert [m.kind for m in outbox.messages("new@example.org")] == [
        "email_changed",
        "phone_changed",
    ]
    assert [m.kind for m in outbox.messages("+4915187654321")] == ["phone_changed"]


def test_an_address_that_is_not_yet_theirs_learns_nothing_of_a_person():
    alice = person(anti_phishing_code="blue whale 7")
    tell("code_new_contact", alice, channel="EMAIL", to="other@example.org", is_secret=True)
    [mail] = outbox.messages("other@example.org")
    assert "blue whale" not in mail.body
    assert "/disable/" not in mail.body
    assert outbox.last_code("other@example.org") == "493021"


def test_links_lead_to_their_pages():
    alice = person()
    for kind, path in [
        ("code_password_reset", "/accounts/password/reset/" + "a" * 43),
        ("code_recovery", "/recovery/" + "a" * 43),
        ("recovery_requested", "/recovery/cancel/" + "b" * 43),
    ]:
        tell(kind, alice, channel="EMAIL", to="alice@example.org")
        assert f"{settings.SITE_URL}{path}" in outbox.messages("alice@example.org")[-1].body
        assert outbox.last_link_token("alice@example.org") == path.rpartition("/")[2]


def test_a_message_that_is_not_delivered_is_written_and_discarded():
    tell("code_password_reset", channel="EMAIL", to="nobody@example.org", is_delivered=False)
    assert outbox.messages("nobody@example.org") == []
    [row] = outbox.discarded("nobody@example.org")
    assert row.next_try_at is None


def test_a_stranger_costs_as_many_questions_as_somebody_known(django_assert_num_queries):
    alice = person()
    with django_assert_num_queries(2):
        tell("code_password_reset", alice, channel="EMAIL", to="alice@example.org")
    with django_assert_num_queries(2):
        tell("code_password_reset", channel="EMAIL", to="x@example.org", is_delivered=False)


def test_many_messages_are_one_statement(django_assert_num_queries):
    people = [person(f"p{number}@example.org") for number in range(20)]
    messages = [accounts.Message(kind="logged_in", user_id=user.pk) for user in people]
    with django_assert_num_queries(2):
        messenger.tell(messages, at=AT)
    assert Notice.objects.count() == 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_read_their_own_language(language):
    alice = person(language=language)
    tell("logged_in", alice, language="en")
    [mail] = outbox.messages("alice@example.org")
    assert mail.language == language
    assert mail.subject == rendering.write("logged_in", language, {}, at=AT).subject


def test_what_was_turned_off_is_not_written_and_security_always_is():
    alice = person()
    Preference.objects.create(user=alice, topic=Topic.ACCOUNT, channel=Channel.EMAIL, is_on=False)
    tell("verification_approved", alice)
    tell("logged_in", alice)
    assert [m.kind for m in outbox.messages("alice@example.org")] == ["logged_in"]
    assert len(outbox.inbox(alice)) == 2


BREAKING = ["a\r\nBcc: eve@evil.example", "a\nSMS: b", "\u2028x", "a\x00b\x1bc", "\u202eevil\x85"]


@pytest.mark.parametrize("fact", BREAKING)
@pytest.mark.parametrize("kind", ["api_key_created", "code_step_up", "logged_in"])
def test_no_fact_begins_a_line(kind, fact):
    names = ["label", "device", "ip", "action", "code", "rights", "when", "where", "subject"]
    clean = rendering.write(kind, "en", dict.fromkeys(names, "a"), at=AT)
    dirty = rendering.write(kind, "en", dict.fromkeys(names, fact), at=AT)
    assert len(dirty.body.splitlines()) == len(clean.body.splitlines())
    assert len(dirty.subject.splitlines()) == len(dirty.sms.splitlines()) == 1
    assert dirty.body.isprintable() or set(dirty.body) - {"\n"} == {
        sign for sign in dirty.body if sign.isprintable()
    }


def test_a_fact_is_no_template():
    written = rendering.write(
        "api_key_created", "en", {"label": "{{ site_url }}{% now 'Y' %}"}, at=AT
    )
    assert "{{ site_url }}{% now 'Y' %}" in written.body


@pytest.mark.parametrize("to", ["a@b.example\r\nBcc: eve@evil.example", "a b@c.example", "a\x00@b"])
def test_an_address_is_one_word(to):
    with pytest.raises(writer.AddressMalformed):
        tell("code_sign_up", channel="EMAIL", to=to)


def test_a_token_that_is_none_makes_no_link():
    tell("code_recovery", channel="EMAIL", to="a@b.example", facts={"link_token": "a/../\nb"})
    assert "/recovery/" not in outbox.messages("a@b.example")[0].body


def test_an_event_is_told_in_the_transaction_of_its_cause():
    alice = person()
    origin = Origin(wall=clock.wall(), ip="203.0.113.7", device_name="Firefox on Linux")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.record(events.Kind.LOGGED_IN, user_id=alice.pk, origin=origin, at=AT)
        raise ZeroDivisionError
    assert not Notice.objects.exists()
