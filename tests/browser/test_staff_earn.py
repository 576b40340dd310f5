"""Two persons change a rate at the operator's desk, on a desktop and on a telephone."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from mooring.accounts.models import User
from mooring.accounts.proofs import totp
from mooring.kernel import clock

from .conftest import Complaints, OpenPage, Site
from .proving import enter
from .reading import says
from .test_verification import wrong


def operator(name: str) -> User:
    user = User.objects.create(email=f"{name}@example.com", is_staff=True)
    secret = totp.begin_enrolment(user_id=user.pk).sealed
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
    return user


def test_a_rate_is_proposed_and_approved(
    site: Site, open_page: tuple[OpenPage, Complaints]
) -> None:
    open_one, complaints = open_page
    rita, omar = open_one(), open_one(phone=True)
    enter(rita, site.address, operator("rita"))
    enter(omar, site.address, operator("omar"))
    rita.goto("/staff/earn")
    assert wrong(rita) == []
    rita.locator("tr", has_text="BTC001").get_by_role("link", name="Rate").click()
    assert wrong(rita) == []
    when = (clock.now() + timedelta(days=2)).replace(hour=0, minute=0)
    rita.fill("[name=effective_from]", f"{when:%Y-%m-%dT%H:%M}")
    rita.fill("[name=apr]", "7 %")
    rita.click("main button:has-text('Propose')")
    says(rita, "such as 0.05 for 5 %")
    expect(rita.locator("[name=apr]")).to_have_value("7 %")
    assert wrong(rita) == []
    rita.fill("[name=apr]", "0.07")
    rita.click("main button:has-text('Propose')")
    says(rita, "Somebody else has to approve it", "You proposed this")
    omar.goto("/staff/earn")
    assert wrong(omar) == []
    omar.click("main button:has-text('Approve')")
    says(omar, "Approved: it takes effect at its time.")
    for page in (rita, omar):
        page.goto("/staff/earn/products/BTC001")
        says(page, "coming", "Who proposed and decided")
        assert wrong(page) == []
    assert complaints == []
