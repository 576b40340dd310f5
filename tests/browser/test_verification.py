"""A customer shows who they are from a telephone; a reviewer looks and approves."""

from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mooring.accounts.models import Document, SecurityEvent, User
from mooring.accounts.proofs import totp
from tests.accounts.drawn import picture

from .conftest import EMAIL, Complaints, OpenPage, Site
from .proving import enter

NAME = "Alice <b>Harbour</b>"


def reviewer() -> User:
    user = User.objects.create(email="rita@example.com", is_staff=True)
    secret = totp.begin_enrolment(user_id=user.pk).sealed
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    return user


def photo(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def wrong(page: Page) -> list[str]:
    found = [one["id"] for one in Axe().run(page).response["violations"]]
    inside, screen = page.evaluate("[document.documentElement.scrollWidth, window.screen.width]")
    return found + ([f"{inside} wide on a screen of {screen}"] if inside > screen else [])


def fill(page: Page, portrait: bytes) -> None:
    page.fill("[name=legal_name]", NAME)
    page.fill("[name=birth_date]", "1990-02-28")
    page.select_option("[name=country]", "DE")
    page.set_input_files("[name=identity_front]", [photo("front.jpg", picture((1200, 800)))])
    page.set_input_files("[name=portrait]", [photo("me.jpg", portrait)])
    page.click("main button:has-text('Send')")


def test_from_a_telephone_to_an_approval(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, complaints = open_page
    phone = open_one(phone=True)
    enter(phone, site.address, User.objects.get(email=EMAIL))
    phone.goto("/verification")
    assert wrong(phone) == []
    phone.click("a:has-text('Begin')")
    assert wrong(phone) == []
    fill(phone, portrait=b"<svg/>")
    expect(phone.locator("#id_portrait-error")).to_contain_text("JPEG or PNG")
    assert phone.input_value("[name=legal_name]") == NAME
    assert wrong(phone) == []
    fill(phone, portrait=picture((900, 1200)))
    expect(phone.locator("main")).to_contain_text("Level 1 is being looked at")
    assert wrong(phone) == []

    desk = open_one()
    enter(desk, site.address, reviewer())
    desk.goto("/staff/verification")
    assert wrong(desk) == []
    desk.click("main a:has-text('Case')")
    expect(desk.locator("main")).to_contain_text(NAME)
    for shown in desk.locator(".document__picture").all():
        shown.scroll_into_view_if_needed()
        expect(shown).to_have_js_property("complete", value=True)
        assert shown.evaluate("one => one.naturalWidth") > 0
    assert wrong(desk) == []
    desk.click("button:has-text('Approve level 1')")
    expect(desk.locator("main")).to_contain_text("Approved. The customer is told.")

    phone.goto("/verification")
    expect(phone.locator("main")).to_contain_text("Verified")
    looks = SecurityEvent.objects.filter(kind="document_viewed").values_list("details", flat=True)
    assert {look["document"] for look in looks} == {"form", "identity_front", "portrait"}
    assert complaints == []


def test_a_picture_at_its_own_address_is_only_looked_at(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, _complaints = open_page
    phone = open_one(phone=True)
    enter(phone, site.address, User.objects.get(email=EMAIL))
    phone.goto("/verification/1")
    fill(phone, portrait=picture())
    expect(phone.locator("main")).to_contain_text("Level 1 is being looked at")
    desk = open_one()
    enter(desk, site.address, reviewer())
    answer = desk.goto(f"/staff/documents/{Document.objects.first().pk}")
    assert answer is not None
    assert answer.headers["content-type"] == "image/jpeg"
    assert "sandbox" in answer.headers["content-security-policy"]
    # The sandbox gives it an origin of its own: it could read nothing here.
    assert desk.evaluate("self.origin") == "null"
