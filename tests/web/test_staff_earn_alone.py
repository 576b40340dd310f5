"""At the desk of Earn, who is no operator any more decides nothing, whatever they hold open."""

from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator

from mooring.accounts.models import User
from mooring.earn import api as earn
from mooring.kernel import clock
from tests.web.test_staff_earn import decided, rate, soon, text
from tests.web.test_staff_pages import browser, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(staked):
    return browser(reviewer("rita"))


def apr():
    return earn.get_product(code="BTC001", at=soon()).apr


def test_a_second_log_in_of_the_same_person_is_the_same_person(rita):
    before = apr()
    rita.post("/staff/earn/propose", rate())
    again = browser(User.objects.get(email__startswith="rita"))
    assert "Somebody else has to decide what you proposed" in decided(again)
    assert apr() == before


@pytest.mark.parametrize(
    "loses",
    [
        lambda omar: User.objects.filter(pk=omar.pk).update(is_staff=False),
        lambda omar: User.objects.filter(pk=omar.pk).update(is_active=False),
        lambda omar: Authenticator.objects.filter(user=omar).delete(),
    ],
    ids=["is no operator", "is blocked", "has no second factor"],
)
def test_who_loses_the_role_while_the_page_is_open_decides_nothing(rita, loses):
    before = apr()
    rita.post("/staff/earn/propose", rate())
    omar = reviewer("omar")
    his = browser(omar)
    assert his.get("/staff/earn").status_code == 200
    loses(omar)
    number = earn.list_proposals()[0].id
    for decision in ("approve", "reject"):
        sent = {"proposal": number, "decision": decision, "reason": "x"}
        answer = his.post("/staff/earn/decide", sent)
        assert answer.status_code in {302, 403, 404}
    assert [one.status for one in earn.list_proposals()] == ["PENDING"]
    assert apr() == before


def test_two_tabs_that_approve_at_the_same_proposal_change_it_once(rita):
    rita.post("/staff/earn/propose", rate())
    his = browser(reviewer("omar"))
    assert "it takes effect at its time" in decided(his)
    assert "decided this proposal already" in decided(his)
    assert apr() == Decimal("0.07")


def test_what_is_approved_is_what_was_shown_and_no_field_beside_it(rita):
    rita.post("/staff/earn/propose", rate("0.07"))
    his = browser(reviewer("omar"))
    number = earn.list_proposals()[0].id
    assert "0.07" in text(his.get("/staff/earn"))
    sent = {"proposal": number, "decision": "approve", "apr": "0.7", "payload": "{}"}
    his.post("/staff/earn/decide", sent)
    assert apr() == Decimal("0.07")
    assert earn.get_product(code="BTC001", at=clock.now()).apr != Decimal("0.07")
