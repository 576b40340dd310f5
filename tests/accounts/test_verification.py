"""Verification: one case at a time, decided once by somebody else, and readable by nobody else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.models import Account, Document, SecurityEvent, User, Verification
from mooring.accounts.origin import Origin
from mooring.kernel import db
from mooring.kernel.sealing import SealBroken
from mooring.policies import api as policies
from tests.accounts.drawn import picture

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
ORIGIN = Origin(wall=AT, ip="192.0.2.1", device_name="Firefox on Linux")
APPROVED = accounts.verification.Decision(is_approved=True)
REJECTED = accounts.verification.Decision(is_approved=False, reason="The portrait is too dark.")
IDENTITY = {"legal_name": "Ålice  O'Connor-Ng", "birth_date": "1990-02-28", "country": "DE"}
ADDRESS = {"street": "Harbour Lane 1", "city": "Hamburg", "address_country": "DE"}
PICTURE = picture()
IDENTITY_PICTURES = {"identity_front": PICTURE, "portrait": PICTURE}


@pytest.fixture
def told(monkeypatch):
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


@pytest.fixture(autouse=True)
def _told(told):
    """Nobody needs an outbox here."""


def open_account(name):
    email = f"{name}@example.com"
    return accounts.open_account(email=email, password="four random harbour words", at=AT)


@pytest.fixture
def alice(db):
    return open_account("alice")


@pytest.fixture
def rita(db):
    """Rita reviews, and has no account."""
    return make_reviewer("rita")


def make_reviewer(name):
    return User.objects.create(email=f"{name}@example.com", is_staff=True).pk


def submit(account_id, level=1, *, at=AT, texts=None, pictures=None):
    form = accounts.verification.VerificationForm(
        level=level,
        texts={**(IDENTITY if level == 1 else ADDRESS), **(texts or {})},
        pictures=pictures
        if pictures is not None
        else (IDENTITY_PICTURES if level == 1 else {"address": PICTURE}),
    )
    return accounts.verification.submit_verification(
        form, account_id=account_id, origin=ORIGIN, at=at
    )


def decide(case, decision=APPROVED, *, reviewer_id=None, at=AT + AN_HOUR):
    accounts.verification.decide_verification(case, decision, reviewer_id=reviewer_id, at=at)


def level_of(account_id):
    return Account.objects.get(id=account_id).verification_level


def kinds(account_id):
    user_id = Account.objects.get(id=account_id).user_id
    found = SecurityEvent.objects.filter(user_id=user_id, kind__regex="verif|docu|compl")
    return list(found.order_by("id").values_list("kind", flat=True))


# --- sending ---


def test_what_is_sent_waits_for_a_reviewer_and_is_sealed(alice):
    case = submit(alice)
    status = accounts.verification.find_verification_status(account_id=alice)
    assert (status.level, status.next_level) == (0, 1)
    assert (status.pending.id, status.pending.submitted_at) == (case, AT)
    [(form,)] = db.rows("SELECT sealed_form FROM accounts_verification")
    assert b"Connor" not in bytes(form)
    for (sealed,) in db.rows("SELECT sealed FROM accounts_document"):
        assert bytes(sealed)[:1] == b"\x01"
        assert b"JFIF" not in bytes(sealed)
    assert kinds(alice) == ["verification_submitted"]


@pytest.mark.parametrize(
    ("case", "change", "flaws"),
    [
        ("no name", {"legal_name": " "}, {"legal_name": "missing"}),
        ("a long name", {"legal_name": "x" * 201}, {"legal_name": "too_long"}),
        ("a name of marks", {"legal_name": "--"}, {"legal_name": "unreadable"}),
        ("text turned round", {"legal_name": "Al\u202eice"}, {"legal_name": "unreadable"}),
        ("nothing that ends", {"legal_name": "Al\x00ice"}, {"legal_name": "unreadable"}),
        ("half a sign", {"legal_name": "Al\ud800ice"}, {"legal_name": "unreadable"}),
        ("no birth date", {"birth_date": ""}, {"birth_date": "missing"}),
        ("a birth date of words", {"birth_date": "28 Feb 1990"}, {"birth_date": "no_date"}),
        ("a day there is not", {"birth_date": "1990-02-30"}, {"birth_date": "no_date"}),
        ("a date written shorter", {"birth_date": "19900228"}, {"birth_date": "no_date"}),
        ("born long ago", {"birth_date": "1899-12-31"}, {"birth_date": "no_date"}),
        ("born tomorrow", {"birth_date": "2026-03-02"}, {"birth_date": "no_date"}),
        ("eighteen tomorrow", {"birth_date": "2008-03-02"}, {"birth_date": "too_young"}),
        ("no country", {"country": ""}, {"country": "missing"}),
        ("no such country", {"country": "XX"}, {"country": "unknown_country"}),
        ("a country in small letters", {"country": "de"}, {"country": "unknown_country"}),
        (
            "all at once",
            {"legal_name": "", "birth_date": "x", "country": "ZZ"},
            {"legal_name": "missing", "birth_date": "no_date", "country": "unknown_country"},
        ),
    ],
)
def test_a_form_that_is_wrong_says_where_and_keeps_nothing(alice, case, change, flaws):
    with pytest.raises(accounts.verification.VerificationFormFlawed) as refused:
        submit(alice, texts=change)
    assert refused.value.flaws == flaws, case
    assert not Verification.objects.exists(), case


@pytest.mark.parametrize(
    "name", ["Ng", "María José Ñáñez", "王小明", "ابو بكر", "क्षत्रिय\u200c", "X Æ A-12", "O’Neil"]
)
def test_names_are_taken_as_people_write_them(alice, rita, name):
    case = submit(alice, texts={"legal_name": name})
    assert (
        accounts.verification.look_at_case(case, reviewer_id=rita, at=AT).texts["legal_name"]
        == name
    )


@pytest.mark.parametrize("born", ["2008-03-01", "2008-02-29", "1900-01-01"])
def test_who_is_old_enough_today_is_taken(alice, born):
    assert submit(alice, texts={"birth_date": born})


def test_how_old_one_must_be_is_a_policy(alice):
    set_policy("verification.age_min", 21)
    with pytest.raises(accounts.verification.VerificationFormFlawed) as refused:
        submit(alice, texts={"birth_date": "2006-01-01"})
    assert refused.value.facts["years"] == 21


@pytest.mark.parametrize(
    ("case", "pictures", "flaws"),
    [
        ("none", {}, {"identity_front": "missing", "portrait": "missing"}),
        ("no portrait", {"identity_front": PICTURE}, {"portrait": "missing"}),
        (
            "an empty back",
            {**IDENTITY_PICTURES, "identity_back": b""},
            {"identity_back": "missing"},
        ),
        (
            "one of three is no picture",
            {**IDENTITY_PICTURES, "identity_back": b"<svg/>"},
            {"identity_back": "other_type"},
        ),
    ],
)
def test_with_one_wrong_picture_no_picture_is_kept(alice, case, pictures, flaws):
    with pytest.raises(accounts.verification.VerificationFormFlawed) as refused:
        submit(alice, pictures=pictures)
    assert refused.value.flaws == flaws, case
    assert not Document.objects.exists(), case


def test_how_large_a_picture_may_be_is_a_policy(alice):
    set_policy("verification.document_megabytes_max", 1)
    large = {**IDENTITY_PICTURES, "portrait": PICTURE + b"\x00" * 1_000_000}
    with pytest.raises(accounts.verification.VerificationFormFlawed) as refused:
        submit(alice, pictures=large)
    assert refused.value.flaws == {"portrait": "too_large"}
    assert refused.value.facts["megabytes"] == 1


def set_policy(key, value):
    policy = policies.get_policy(key)
    policies.set_policy(
        policy, value, effective_from=AT, author="test", reason="test", at=AT - AN_HOUR
    )


def test_so_many_forms_in_an_hour_and_no_more(alice):
    set_policy("verification.forms_per_hour", 2)
    for _ in range(2):
        with pytest.raises(accounts.verification.VerificationFormFlawed):
            submit(alice, pictures={})
    with pytest.raises(accounts.verification.VerificationTooOften):
        submit(alice)
    assert not Verification.objects.exists()


def test_one_case_at_a_time(alice):
    submit(alice)
    with pytest.raises(accounts.verification.VerificationPending):
        submit(alice)
    assert Verification.objects.count() == 1


def test_two_forms_sent_at_once_are_one_case(committed_db):
    account_id = open_account("alice")
    barrier = threading.Barrier(4)

    def send(_number):
        barrier.wait()
        try:
            return submit(account_id)
        except accounts.verification.VerificationPending:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        cases = [case for case in pool.map(send, range(4)) if case]
    assert len(cases) == 1
    assert Document.objects.count() == 2


def test_levels_come_one_after_another(alice):
    with pytest.raises(accounts.verification.VerificationLevelAhead):
        submit(alice, 2)
    decide(submit(alice))
    with pytest.raises(accounts.verification.VerificationLevelTaken):
        submit(alice)
    decide(submit(alice, 2))
    assert level_of(alice) == 2
    assert accounts.verification.find_verification_status(account_id=alice).next_level is None


@pytest.mark.parametrize("status", ["DISABLED", "CLOSED"])
def test_an_account_that_is_not_open_sends_nothing_and_is_not_decided(alice, status):
    case = submit(alice)
    times = {"DISABLED": {"disabled_at": AT}, "CLOSED": {"closed_at": AT}}[status]
    Account.objects.filter(id=alice).update(status=status, **times)
    with pytest.raises(accounts.AccountNotOpen):
        submit(alice)
    for decision in (APPROVED, REJECTED):
        with pytest.raises(accounts.AccountNotOpen):
            decide(case, decision)
    assert level_of(alice) == 0


# --- deciding ---


def test_an_approved_case_raises_the_level_and_is_told(alice, rita, told):
    case = submit(alice)
    decide(case, reviewer_id=rita)
    assert level_of(alice) == 1
    assert kinds(alice) == ["verification_submitted", "verification_approved"]
    [message] = [one for one in told if one.kind == "verification_approved"]
    assert message.facts == {"level": "1"}
    assert Verification.objects.get().decided_by_id == rita


def test_a_rejected_case_says_why_and_can_be_sent_again(alice, rita, told):
    decide(submit(alice), REJECTED, reviewer_id=rita)
    status = accounts.verification.find_verification_status(account_id=alice)
    assert (status.level, status.pending) == (0, None)
    assert status.rejected.reason == "The portrait is too dark."
    [message] = [one for one in told if one.kind == "verification_rejected"]
    assert message.facts == {"level": "1", "reason": "The portrait is too dark."}
    submit(alice)
    assert accounts.verification.find_verification_status(account_id=alice).rejected is None


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 301, "a\x00b", "a\u202eb"])
def test_a_rejection_needs_a_reason_that_can_be_shown(alice, reason):
    case = submit(alice)
    with pytest.raises(accounts.verification.VerificationReasonWrong):
        decide(case, accounts.verification.Decision(is_approved=False, reason=reason))
    assert accounts.verification.find_verification_status(account_id=alice).pending


def test_a_reason_is_one_line_for_it_stands_in_a_mail(alice):
    decide(
        submit(alice),
        accounts.verification.Decision(is_approved=False, reason="Too dark.\r\nBcc: x"),
    )
    assert (
        accounts.verification.find_verification_status(account_id=alice).rejected.reason
        == "Too dark. Bcc: x"
    )


@pytest.mark.parametrize("first", [APPROVED, REJECTED])
@pytest.mark.parametrize("second", [APPROVED, REJECTED])
def test_a_case_is_decided_once(alice, rita, first, second):
    case = submit(alice)
    decide(case, first, reviewer_id=rita)
    before = (level_of(alice), list(Verification.objects.values("status", "reason", "decided_at")))
    with pytest.raises(accounts.verification.VerificationDecided):
        decide(case, second, reviewer_id=make_reviewer("ron"), at=AT + 2 * AN_HOUR)
    after = (level_of(alice), list(Verification.objects.values("status", "reason", "decided_at")))
    assert after == before


def test_two_reviewers_at_once_decide_once(committed_db):
    account_id = open_account("alice")
    case = submit(account_id)
    reviewers = [make_reviewer(name) for name in ("rita", "ron", "rosa", "ruth")]
    barrier = threading.Barrier(4)

    def judge(number):
        barrier.wait()
        try:
            decide(case, (APPROVED, REJECTED)[number % 2], reviewer_id=reviewers[number])
        except accounts.verification.VerificationDecided:
            return 0
        else:
            return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(judge, range(4))) == 1
    is_approved = Verification.objects.get().status == "APPROVED"
    assert level_of(account_id) == int(is_approved)


def test_an_approval_of_what_was_sent_before_does_not_reach_what_was_sent_after(alice, rita):
    looked_at = submit(alice)
    decide(looked_at, REJECTED, reviewer_id=make_reviewer("ron"))
    newer = submit(alice, texts={"legal_name": "Mallory"})
    with pytest.raises(accounts.verification.VerificationDecided):
        decide(looked_at, APPROVED, reviewer_id=rita)
    assert accounts.verification.find_verification_status(account_id=alice).pending.id == newer
    assert level_of(alice) == 0


def test_a_late_approval_never_lowers_the_level(alice):
    case = submit(alice)
    Account.objects.filter(id=alice).update(verification_level=2)
    decide(case)
    assert level_of(alice) == 2


def test_nobody_decides_or_sees_their_own(alice):
    user = User.objects.get(account=alice)
    User.objects.filter(id=user.pk).update(is_staff=True)
    case = submit(alice)
    document = Document.objects.first().pk
    for act in (
        lambda: decide(case, reviewer_id=user.pk),
        lambda: accounts.verification.look_at_case(case, reviewer_id=user.pk, at=AT),
        lambda: accounts.verification.look_at_document(document, reviewer_id=user.pk, at=AT),
        lambda: flag(alice, reviewer_id=user.pk),
    ):
        with pytest.raises(accounts.verification.VerificationIsOnesOwn):
            act()
    assert level_of(alice) == 0


@pytest.mark.parametrize("change", [{"is_staff": False}, {"is_active": False}])
def test_who_may_not_review_any_more_decides_and_sees_nothing(alice, rita, change):
    case = submit(alice)
    User.objects.filter(id=rita).update(**change)
    for act in (
        lambda: decide(case, reviewer_id=rita),
        lambda: accounts.verification.look_at_case(case, reviewer_id=rita, at=AT),
        lambda: flag(alice, reviewer_id=rita),
    ):
        with pytest.raises(accounts.verification.NotAReviewer):
            act()
    assert kinds(alice) == ["verification_submitted"]


def test_a_case_that_is_not_there_is_not_found(alice, rita):
    for act in (
        lambda: decide(987),
        lambda: accounts.verification.look_at_case(987, reviewer_id=rita, at=AT),
        lambda: accounts.verification.look_at_document(987, reviewer_id=rita, at=AT),
        lambda: accounts.verification.approve_oneself(account_id=alice, at=AT),
    ):
        with pytest.raises(accounts.verification.VerificationNotFound):
            act()


# --- looking ---


def test_every_look_is_on_the_customers_record_and_not_in_their_mail(alice, rita, told):
    case = submit(alice)
    view = accounts.verification.look_at_case(case, reviewer_id=rita, at=AT)
    assert view.texts == {**IDENTITY, "legal_name": "Ålice O'Connor-Ng"}
    shown = accounts.verification.look_at_document(view.documents[0].id, reviewer_id=rita, at=AT)
    assert (shown.media_type, shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    events = SecurityEvent.objects.filter(kind="document_viewed").order_by("id")
    assert [event.details for event in events] == [
        {"case": str(case), "document": "form", "reviewer": str(rita)},
        {"case": str(case), "document": "identity_front", "reviewer": str(rita)},
    ]
    assert {event.ip for event in events} == {None}
    assert not [one for one in told if one.kind == "document_viewed"]


def test_a_reviewer_of_level_2_sees_which_identity_was_approved(alice, rita):
    decide(submit(alice, texts={"legal_name": "Not Alice"}), REJECTED)
    decide(submit(alice))
    view = accounts.verification.look_at_case(submit(alice, 2), reviewer_id=rita, at=AT)
    assert view.identity["legal_name"] == "Ålice O'Connor-Ng"
    assert view.texts["street"] == "Harbour Lane 1"


def test_a_reviewer_looks_at_so_much_a_day_and_no_more(alice, rita):
    set_policy("verification.views_per_day", 3)
    case = submit(alice)
    left = [
        accounts.verification.look_at_case(case, reviewer_id=rita, at=AT).views_left
        for _ in range(3)
    ]
    assert left == [2, 1, 0]
    document = Document.objects.first().pk
    for act in (accounts.verification.look_at_case, accounts.verification.look_at_document):
        number = case if act is accounts.verification.look_at_case else document
        with pytest.raises(accounts.verification.DocumentViewsUsedUp) as refused:
            act(number, reviewer_id=rita, at=AT + 23 * AN_HOUR)
        assert refused.value.views_max == 3
    assert accounts.verification.look_at_case(case, reviewer_id=make_reviewer("ron"), at=AT)
    assert accounts.verification.look_at_case(case, reviewer_id=rita, at=AT + 25 * AN_HOUR)


def test_a_picture_that_is_moved_to_another_case_does_not_open(alice, rita):
    first = submit(alice)
    document = Document.objects.filter(verification=first).first()
    decide(first, REJECTED)
    second = submit(alice)
    Document.objects.filter(verification=second).update(sealed=document.sealed)
    for moved in Document.objects.filter(verification=second):
        with pytest.raises(SealBroken):
            accounts.verification.look_at_document(moved.pk, reviewer_id=rita, at=AT)


def test_the_case_of_a_closed_account_is_not_shown(alice, rita):
    case = submit(alice)
    Account.objects.filter(id=alice).update(status="CLOSED", closed_at=AT)
    with pytest.raises(accounts.verification.VerificationNotFound):
        accounts.verification.look_at_case(case, reviewer_id=rita, at=AT)


def test_the_queue_is_in_the_order_of_waiting(alice, rita):
    bob = open_account("bob")
    later, sooner = submit(alice, at=AT + AN_HOUR), submit(bob)
    assert [case.id for case in accounts.verification.list_pending_cases(limit=10)] == [
        sooner,
        later,
    ]
    decide(sooner, reviewer_id=rita)
    assert [case.id for case in accounts.verification.list_pending_cases(limit=10)] == [later]
    assert [case.id for case in accounts.verification.list_decided_cases(limit=10)] == [sooner]


# --- by itself, and flags ---


def test_in_a_sandbox_customers_approve_themselves(alice, settings):
    submit(alice)
    settings.SANDBOX = False
    with pytest.raises(accounts.verification.VerificationNotByOneself):
        accounts.verification.approve_oneself(account_id=alice, at=AT)
    settings.SANDBOX = True
    accounts.verification.approve_oneself(account_id=alice, at=AT)
    assert level_of(alice) == 1


def test_the_sandbox_as_provider_approves_at_once_and_only_in_a_sandbox(alice, settings):
    set_policy("verification.provider", "sandbox")
    submit(alice)
    assert level_of(alice) == 1
    settings.SANDBOX = False
    submit(alice, 2)
    assert level_of(alice) == 1
    assert accounts.verification.find_verification_status(account_id=alice).pending


def flag(account_id, *, on=True, reviewer_id=None):
    accounts.verification.set_compliance_flag(
        account_id=account_id, is_flagged=on, reviewer_id=reviewer_id, at=AT
    )


def test_a_flag_is_set_and_taken_away_and_its_reason_is_nowhere(alice, rita):
    flag(alice, reviewer_id=rita)
    assert accounts.verification.find_verification_status(account_id=alice).is_flagged
    with pytest.raises(accounts.verification.ComplianceFlagUnchanged):
        flag(alice, reviewer_id=rita)
    flag(alice, on=False, reviewer_id=rita)
    assert not accounts.verification.find_verification_status(account_id=alice).is_flagged
    events = SecurityEvent.objects.filter(kind="compliance_flag_changed").order_by("id")
    assert [event.details for event in events] == [{"review": "begun"}, {"review": "ended"}]


def test_an_account_that_is_absent_or_closed_is_not_flagged(alice):
    Account.objects.filter(id=alice).update(status="CLOSED", closed_at=AT)
    for account_id in (alice, 987):
        with pytest.raises(accounts.AccountNotOpen):
            flag(account_id)


def test_levels_are_whole_numbers_of_what_there_is():
    assert sorted(accounts.verification.VERIFICATION_LEVELS) == [1, 2]
    assert len(accounts.verification.COUNTRIES) == 249
