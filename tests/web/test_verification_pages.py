"""A customer shows who they are: each field says what is wrong, and nothing is ever shown back."""

import io
import zipfile

import pytest
from django.test import Client

from mooring.accounts import api as accounts
from mooring.accounts.models import Account, Document, Verification
from mooring.kernel import clock
from mooring.web.uploads import BODY_BYTES_MAX
from tests.accounts.drawn import picture, png_head
from tests.web import showing
from tests.web.signing_in import sign_in

pytestmark = pytest.mark.django_db

JUST_RIGHT = {"status": "PENDING", "level": 1}


@pytest.fixture(autouse=True)
def _nobody_writes(monkeypatch):
    def write(written, *, at):
        """Nobody needs an outbox here."""

    monkeypatch.setattr("mooring.accounts.messenger._WRITERS", [write])


def send(client, level=1, **changes):
    fields = (showing.identity if level == 1 else showing.address)(**changes)
    return client.post(f"/verification/{level}", fields)


def approve(case):
    decision = accounts.verification.Decision(is_approved=True)
    accounts.verification.decide_verification(case, decision, reviewer_id=None, at=clock.now())


def reject(reason):
    case = Verification.objects.latest("id").pk
    decision = accounts.verification.Decision(is_approved=False, reason=reason)
    accounts.verification.decide_verification(case, decision, reviewer_id=None, at=clock.now())


def text(response):
    return response.content.decode()


def errors(response):
    found = response.context["form"].errors
    return {name: " ".join(found[name]) for name in found if name != "__all__"}


def test_both_levels_one_after_another(member):
    assert "Unverified" in text(member.get("/verification"))
    assert send(member).headers["Location"] == "/verification"
    page = text(member.get("/verification"))
    assert "Level 1 is being looked at" in page
    approve(Verification.objects.get().pk)
    assert "/verification/2" in text(member.get("/verification"))
    assert send(member, 2).status_code == 302
    approve(Verification.objects.latest("id").pk)
    page = text(member.get("/verification"))
    assert "Level 2" in page
    assert 'href="/verification/' not in page


def test_a_rejection_is_shown_with_its_reason_and_can_be_sent_again(member):
    send(member)
    reject("The <b>portrait</b> is too dark.")
    page = text(member.get("/verification"))
    assert "The &lt;b&gt;portrait&lt;/b&gt; is too dark." in page
    assert "Send again" in page
    assert send(member).status_code == 302


def test_a_form_that_cannot_be_sent_now_leads_back(member):
    assert member.get("/verification/2").headers["Location"] == "/verification"
    send(member)
    assert member.get("/verification/1").headers["Location"] == "/verification"
    assert send(member).headers["Location"] == "/verification"
    assert Verification.objects.count() == 1


def test_a_disabled_account_sends_nothing(member, alice):
    Account.objects.filter(user=alice).update(status="DISABLED", disabled_at=clock.now())
    send(member)
    assert not Verification.objects.exists()


def packed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("page.html", "<script>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("case", "content", "sentence"),
    [
        ("zero bytes", b"", "not empty"),
        ("an HTML page", b"<!doctype html><script>alert(1)</script>", "JPEG or PNG"),
        ("an SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG or PNG"),
        ("a GIF", picture(kind="GIF"), "JPEG or PNG"),
        ("a zip", packed(), "JPEG or PNG"),
        ("1 x 50,000", png_head(1, 50_000), "300 pixels"),
        ("a bomb", png_head(50_000, 50_000), "40 megapixels"),
        ("cut off", picture()[:-3_000], "cut off"),
        ("10 MB", showing.PICTURE + b"\x00" * 10_000_000, "at most 8 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_picture_that_is_not_taken_says_so_at_its_field_and_nothing_is_kept(
    member, case, content, sentence
):
    response = send(member, portrait=showing.file(content))
    assert response.status_code == 422, case
    assert set(errors(response)) == {"portrait"}, case
    assert sentence in errors(response)["portrait"], case
    assert not Document.objects.exists(), case
    assert not Verification.objects.exists(), case


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("../../../etc/cron.d/x", "image/jpeg"),
        ("x.svg", "image/svg+xml"),
        ("x.html", "text/html"),
        ("x" * 5_000, "image/jpeg"),
        ("\u202egpj.exe", "application/x-msdownload"),
        ("<script>alert(1)</script>.jpg", "image/jpeg; charset=x"),
    ],
)
def test_what_a_file_is_called_and_said_to_be_does_not_matter(member, name, declared):
    response = send(member, portrait=showing.file(name=name, declared=declared))
    assert response.status_code == 302
    assert Document.objects.get(kind="PORTRAIT").media_type == "image/jpeg"


def test_every_wrong_field_is_named_and_what_was_typed_is_kept(member):
    response = send(
        member, legal_name="", birth_date="2020-01-01", country="XX", identity_front=None
    )
    assert set(errors(response)) == {"legal_name", "birth_date", "country", "identity_front"}
    assert "at least 18 years" in errors(response)["birth_date"]
    assert 'value="2020-01-01"' in text(response)
    assert "choose the pictures again" in text(response)


def test_what_was_typed_cannot_become_a_page(member):
    response = send(member, legal_name='"><script>alert(1)</script>', country="<img src=x>")
    assert response.status_code == 422
    assert "<script>alert" not in text(response)
    assert "<img" not in text(response)


def test_countries_have_names_in_the_visitors_language(member):
    assert '<option value="DE">Germany</option>' in text(member.get("/verification/1"))
    chinese = text(member.get("/verification/1", headers={"accept-language": "zh-hans"}))
    assert '<option value="DE">德国</option>' in chinese
    assert chinese.count("<option") == 250


def test_nothing_of_what_was_sent_is_shown_back(member):
    send(member, legal_name="Canary Harbour")
    for path in ("/verification", "/verification/1", "/"):
        assert "Canary" not in text(member.get(path, follow=True))
    for document in Document.objects.all():
        assert member.get(f"/staff/documents/{document.pk}").status_code == 404


def test_strangers_log_in_first(client):
    for path in ("/verification", "/verification/1", "/verification/2"):
        assert client.get(path).headers["Location"].startswith("/accounts/login/")
    assert not Verification.objects.exists()


# --- how much comes in ---


def oversized(client, path, length):
    return client.generic("POST", path, b"", CONTENT_LENGTH=str(length))


def test_what_is_too_long_is_answered_before_it_is_read(member, monkeypatch):
    def read(_request):
        raise AssertionError("read")

    monkeypatch.setattr("django.http.request.HttpRequest._load_post_and_files", read)
    for path, length in [
        ("/verification/1", 26_000_001),
        ("/preferences/language", BODY_BYTES_MAX + 1),
        ("/nothing-here", BODY_BYTES_MAX + 1),
        ("/verification/1", 10**15),
    ]:
        response = oversized(member, path, length)
        assert response.status_code == 413, path
        assert "nothing of it was kept" in text(response)


def test_a_stranger_sends_no_files_at_all(client):
    assert oversized(client, "/verification/1", BODY_BYTES_MAX + 1).status_code == 413
    assert oversized(client, "/accounts/login/", BODY_BYTES_MAX + 1).status_code == 413


@pytest.mark.parametrize("length", ["", "x", "-1", "0"])
def test_a_length_that_is_no_number_is_as_if_nothing_came(member, length):
    response = member.generic(
        "POST", "/verification/1", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=length
    )
    assert response.status_code in {400, 403, 422}


def test_more_files_than_there_are_fields_are_declined(member):
    many = {f"file{number}": showing.file() for number in range(5)}
    assert send(member, **many).status_code == 400
    assert not Verification.objects.exists()


def test_how_much_comes_in_follows_the_policy(member):
    from mooring.policies import api as policies

    at = clock.now()
    policy = policies.get_policy("verification.document_megabytes_max")
    policies.set_policy(policy, 1, effective_from=at, author="x", reason="x", at=at)
    assert oversized(member, "/verification/1", 5_000_000).status_code == 413
    assert "at most 1 MB" in text(member.get("/verification/1"))


# --- the sandbox, and the review ---


def test_in_a_sandbox_one_approves_oneself(member, settings):
    send(member)
    assert "/verification/approve" in text(member.get("/verification"))
    settings.SANDBOX = False
    assert "/verification/approve" not in text(member.get("/verification"))
    member.post("/verification/approve")
    assert Verification.objects.get().status == "PENDING"
    settings.SANDBOX = True
    member.post("/verification/approve")
    assert "Verified" in text(member.get("/verification"))


def test_with_nothing_to_approve_nothing_happens(member):
    assert member.post("/verification/approve").status_code in {302, 404}
    assert member.get("/verification/approve").status_code == 405


def test_a_review_is_told_and_not_why(member, alice):
    for path in ("/verification", "/security"):
        assert "under review" not in text(member.get(path))
    Account.objects.filter(user=alice).update(flagged_at=clock.now())
    for path in ("/verification", "/security"):
        assert "Some functions are under review." in text(member.get(path))


def test_another_customer_sees_their_own_only(member, alice):
    send(member)
    user = type(alice)(email="bob@example.com")
    user.save()
    Account.objects.create(user=user, opened_at=clock.now())
    bob = Client()
    sign_in(bob, user)
    assert "being looked at" not in text(bob.get("/verification"))
