"""The reviewers' desk: absent for everybody else, and each look at it is on record."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, Document, SecurityEvent, User, Verification
from mooring.kernel import clock
from mooring.policies import api as policies
from tests.web import showing
from tests.web.signing_in import sign_in

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _nobody_writes(monkeypatch):
    def write(written, *, at):
        """Nobody needs an outbox here."""

    monkeypatch.setattr("mooring.accounts.messenger._WRITERS", [write])


def reviewer(name, *, factor="totp", is_staff=True):
    user = User.objects.create(email=f"{name}@example.com", is_staff=is_staff)
    if factor:
        Authenticator.objects.create(user=user, type=factor, data={"secret": "x", "hashes": ["x"]})
    return user


def browser(user):
    client = Client()
    sign_in(client, user)
    return client


@pytest.fixture
def rita(db):
    """Rita reviews; here is her browser."""
    return browser(reviewer("rita"))


@pytest.fixture
def case(member):
    """Alice's case."""
    return send(member)


def send(client, **changes):
    assert client.post("/verification/1", showing.identity(**changes)).status_code == 302
    return Verification.objects.latest("id").pk


def text(response):
    return response.content.decode()


def addresses(case):
    document = Document.objects.filter(verification=case).first()
    account = Verification.objects.get(pk=case).account_id
    return [
        ("GET", "/staff/verification"),
        ("GET", f"/staff/verification/{case}"),
        ("POST", f"/staff/verification/{case}/decide"),
        ("POST", f"/staff/accounts/{account}/flag"),
        ("GET", f"/staff/documents/{document.pk}"),
    ]


def test_for_everybody_else_there_is_nothing_here(member, client, case):
    absent = text(member.get("/nothing-here"))
    for who in (member, client, browser(reviewer("mallory", is_staff=False))):
        for method, address in addresses(case):
            response = who.generic(method, address)
            assert response.status_code == 404, address
            assert "There is nothing at this address" in text(response)
    assert absent.count("<h1") == 1
    assert Verification.objects.get().status == "PENDING"
    assert not SecurityEvent.objects.filter(kind="document_viewed").exists()


@pytest.mark.parametrize("factor", ["", "recovery_codes"])
def test_a_reviewer_without_a_strong_factor_is_told_to_add_one(case, factor):
    weak = browser(reviewer("rita", factor=factor))
    for method, address in addresses(case):
        response = weak.generic(method, address)
        assert response.status_code == 403, address
        assert "Add a passkey or an authenticator app" in text(response)
    assert not SecurityEvent.objects.filter(kind="document_viewed").exists()


def test_codes_by_mail_are_no_strong_factor(case):
    user = reviewer("rita", factor="")
    user.code_factors.create(channel="EMAIL", added_at=clock.now())
    assert browser(user).get("/staff/verification").status_code == 403


@pytest.mark.parametrize("factor", ["totp", "webauthn"])
def test_a_passkey_or_an_app_opens_the_desk(factor):
    assert browser(reviewer("rita", factor=factor)).get("/staff/verification").status_code == 200


def test_who_is_no_reviewer_any_more_is_out_at_once(rita, case):
    assert rita.get("/staff/verification").status_code == 200
    User.objects.filter(email="rita@example.com").update(is_staff=False)
    assert rita.get("/staff/verification").status_code == 404


def test_the_queue_shows_cases_and_nothing_of_what_is_in_them(rita, case):
    page = text(rita.get("/staff/verification"))
    assert f"/staff/verification/{case}" in page
    assert "Harbour" not in page
    assert not SecurityEvent.objects.filter(kind="document_viewed").exists()


def test_a_case_shows_what_was_sent_and_that_is_recorded(rita, case):
    page = text(rita.get(f"/staff/verification/{case}"))
    for shown in ("Alice Harbour", "1990-02-28", "Germany", "Identity document, front"):
        assert shown in page
    [event] = SecurityEvent.objects.filter(kind="document_viewed")
    assert event.user.email == "alice@example.com"
    assert event.details["document"] == "form"
    assert event.details["reviewer"] == str(User.objects.get(email="rita@example.com").pk)


def test_a_picture_comes_as_a_picture_and_as_nothing_else(rita, case):
    document = Document.objects.filter(verification=case).first()
    response = rita.get(f"/staff/documents/{document.pk}")
    assert response.content[:3] == b"\xff\xd8\xff"
    headers = response.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    named = f'inline; filename="identity_front-{document.pk}.jpg"'
    assert headers["Content-Disposition"] == named
    events = SecurityEvent.objects.filter(kind="document_viewed")
    assert [event.details["document"] for event in events] == ["identity_front"]


def test_what_customers_write_cannot_become_a_page(rita, member):
    names = {"legal_name": f"Bobby {XSS} \"'><img src=x onerror=alert(2)>"}
    page = text(rita.get(f"/staff/verification/{send(member, **names)}"))
    assert XSS not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_what_reviewers_write_cannot_become_a_page(rita, member, case):
    rita.post(f"/staff/verification/{case}/decide", {"decision": "reject", "reason": XSS})
    assert XSS not in text(member.get("/verification"))
    assert XSS not in text(rita.get(f"/staff/verification/{case}"))


def test_approving_and_rejecting(rita, member, case):
    decide = f"/staff/verification/{case}/decide"
    for reason in ("", "x" * 301):
        response = rita.post(decide, {"decision": "reject", "reason": reason})
        assert response.status_code == 422
        assert "Write a reason of at most 300 characters" in text(response)
    assert Verification.objects.get().status == "PENDING"
    rita.post(decide, {"decision": "reject", "reason": "Too dark."})
    assert "Too dark." in text(member.get("/verification"))
    again = send(member)
    answer = rita.post(f"/staff/verification/{again}/decide", {"decision": "approve"}, follow=True)
    assert "Approved. The customer is told." in text(answer)
    assert Account.objects.get(user__email="alice@example.com").verification_level == 1
    assert Verification.objects.get(pk=again).decided_by.email == "rita@example.com"


@pytest.mark.parametrize("sent", [{}, {"decision": "Approve"}, {"decision": ""}])
def test_a_decision_that_is_none_approves_nothing(rita, case, sent):
    assert rita.post(f"/staff/verification/{case}/decide", sent).status_code == 422
    assert Verification.objects.get().status == "PENDING"


def test_a_second_decision_is_refused_in_a_sentence(rita, case):
    ron = browser(reviewer("ron"))
    decide = f"/staff/verification/{case}/decide"
    rita.post(decide, {"decision": "approve"})
    answer = ron.post(decide, {"decision": "reject", "reason": "No."}, follow=True)
    assert "This case was decided already" in text(answer)
    assert Verification.objects.get().status == "APPROVED"


def test_nobody_reviews_themselves(member, alice, case):
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "x", "hashes": ["x"]})
    assert "another reviewer" in text(member.get(f"/staff/verification/{case}"))
    document = Document.objects.first().pk
    response = member.get(f"/staff/documents/{document}")
    assert (response.status_code, response.headers["Content-Type"][:9]) == (403, "text/html")
    answer = member.post(f"/staff/verification/{case}/decide", {"decision": "approve"})
    assert answer.status_code == 302
    account = Account.objects.get(user=alice)
    member.post(f"/staff/accounts/{account.pk}/flag", {"flag": "on"})
    account.refresh_from_db()
    assert (account.verification_level, account.flagged_at) == (0, None)


def test_so_many_looks_a_day_and_no_more(rita, case):
    at = clock.now()
    policy = policies.get_policy("verification.views_per_day")
    policies.set_policy(policy, 2, effective_from=at, author="x", reason="x", at=at)
    documents = list(Document.objects.values_list("pk", flat=True))
    assert rita.get(f"/staff/verification/{case}").status_code == 200
    assert rita.get(f"/staff/documents/{documents[0]}").status_code == 200
    for address in (f"/staff/documents/{documents[1]}", f"/staff/verification/{case}"):
        response = rita.get(address)
        assert response.status_code == 429
        assert "2 forms and pictures within 24 hours" in text(response)
    assert rita.get("/staff/verification").status_code == 200


def test_the_flag_goes_on_and_off(rita, member, case):
    account = Account.objects.get(user__email="alice@example.com").pk
    rita.post(f"/staff/accounts/{account}/flag", {"flag": "on"})
    assert "Some functions are under review." in text(member.get("/verification"))
    assert "End the review" in text(rita.get(f"/staff/verification/{case}"))
    answer = rita.post(f"/staff/accounts/{account}/flag", {"flag": "on"}, follow=True)
    assert "as wished already" in text(answer)
    rita.post(f"/staff/accounts/{account}/flag", {"flag": "off"})
    assert "under review" not in text(member.get("/verification"))


@pytest.mark.parametrize(
    "address",
    [
        "/staff/verification/987654321",
        "/staff/documents/987654321",
        f"/staff/documents/{2**63}",
        "/staff/documents/../../etc/passwd",
        "/staff/documents/1%00",
    ],
)
def test_what_is_not_there_is_not_found(rita, case, address):
    assert rita.get(address).status_code == 404


def test_absent_things_are_not_decided_or_flagged(rita):
    assert rita.post("/staff/verification/987/decide", {"decision": "approve"}).status_code == 404
    assert rita.post("/staff/accounts/987/flag", {"flag": "on"}).status_code == 404


def test_a_case_of_a_disabled_account_waits(rita, alice, case):
    Account.objects.filter(user=alice).update(status="DISABLED", disabled_at=clock.now())
    page = text(rita.get(f"/staff/verification/{case}"))
    assert "The account is disabled." in page
    assert 'value="approve"' not in page
    rita.post(f"/staff/verification/{case}/decide", {"decision": "approve"})
    assert Verification.objects.get().status == "PENDING"


def test_reviewers_need_no_account(rita):
    assert not Account.objects.filter(user__email="rita@example.com").exists()
    assert get_user_model().objects.get(email="rita@example.com").is_staff
    assert accounts.verification.list_pending_cases(limit=1) == ()
