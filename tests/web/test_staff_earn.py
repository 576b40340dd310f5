"""The operator's desk of Earn: what is owed soon, and changes that two persons make."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.kernel import clock
from tests.web import corpus
from tests.web.test_staff_pages import browser, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(staked):
    return browser(reviewer("rita"))


@pytest.fixture
def omar(staked):
    return browser(reviewer("omar"))


def text(response):
    return response.content.decode()


def soon(days=3):
    at = clock.now() + timedelta(days=days)
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def rate(apr="0.07", *, subject="BTC001", at=None):
    when = f"{at or soon():%Y-%m-%dT%H:%M}"
    return {"change": "RATE", "subject": subject, "effective_from": when, "apr": apr}


def decided(client, decision="approve", *, reason="", proposal=None):
    number = proposal or earn.list_proposals()[0].id
    sent = {"proposal": number, "decision": decision, "reason": reason}
    return text(client.post("/staff/earn/decide", sent, follow=True))


def test_a_rate_changes_when_one_proposes_it_and_another_approves(rita, omar):
    before = earn.get_product(code="BTC001", at=clock.now()).apr
    shown = text(rita.get("/staff/earn/propose?change=RATE&subject=BTC001"))
    assert f'value="{before.normalize():f}"' in shown
    assert "Somebody else has to approve" in text(
        rita.post("/staff/earn/propose", rate(), follow=True)
    )
    assert "You proposed this; somebody else decides it" in text(rita.get("/staff/earn"))
    assert "Somebody else has to decide what you proposed" in decided(rita)
    waiting = text(omar.get("/staff/earn"))
    assert f"{before.normalize():f} → <strong>0.07</strong>" in waiting
    assert "it takes effect at its time" in decided(omar)
    assert earn.get_product(code="BTC001", at=clock.now()).apr == before
    assert earn.get_product(code="BTC001", at=soon()).apr == Decimal("0.07")
    assert "decided this proposal already" in decided(omar)


def test_terms_are_shown_as_they_are_and_change_for_what_comes(rita, omar):
    page = rita.get("/staff/earn/propose?change=TERMS&subject=Btc*60")
    form = page.context["form"]
    assert '<input type="hidden" name="change" value="TERMS">' in text(page)
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"change": "TERMS", "minimum": "0.5", "effective_from": f"{soon():%Y-%m-%dT%H:%M}"}
    assert rita.post("/staff/earn/propose", sent).status_code == 302
    assert "it takes effect at its time" in decided(omar)
    assert earn.get_product(code="Btc*60", at=soon()).terms.minimum == Decimal("0.5")
    assert earn.get_product(code="Btc*60", at=clock.now()).terms.minimum != Decimal("0.5")


def test_a_rejection_needs_its_reason(rita, omar):
    rita.post("/staff/earn/propose", rate())
    assert "reason must be" in decided(omar, "reject")
    assert "Rejected." in decided(omar, "reject", reason="One zero too many")
    assert "One zero too many" in text(rita.get("/staff/earn"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"apr": "1e5"}, "such as 0.05"),
        ({"apr": ""}, "such as 0.05"),
        ({"effective_from": "soon"}, "a date and a time"),
        ({"effective_from": "2020-01-01T00:00"}, "at a time to come"),
        ({"subject": "NONE"}, "no such product"),
    ],
)
def test_wrong_input_says_what_is_allowed_and_keeps_what_was_typed(rita, changes, says):
    sent = rate() | changes
    answer = rita.post("/staff/earn/propose", sent)
    assert answer.status_code == 422
    assert says.lower() in text(answer).lower()
    assert f'value="{sent["subject"]}"' in text(answer)
    assert earn.list_proposals() == ()


def test_no_input_breaks_the_desk(rita):
    proposal = {"proposal": "1", "reason": "x", "decision": "reject"}
    pause = {"concerns": "product:BTC001", "starts": "", "until": "2090-01-01T00:00", "reason": "x"}
    tried = [
        *(("propose", rate(), name) for name in ("subject", "effective_from", "apr", "change")),
        *(("decide", proposal, name) for name in proposal),
        *(("pause", pause, name) for name in pause),
        ("windows/end", {"window": "1"}, "window"),
        ("windows/end", {"window": "1", "back": "BTC001"}, "back"),
    ]
    for bad in corpus.values()[::5]:
        for page, sent, name in tried:
            answer = rita.post(f"/staff/earn/{page}", {**sent, name: bad})
            assert answer.status_code < 500, (page, name, bad[:40])
    assert all(one.subject == "BTC001" for one in earn.list_proposals())


def test_a_pause_is_announced_and_customers_see_it(rita, member):
    until = f"{soon():%Y-%m-%dT%H:%M}"
    sent = {
        "concerns": "product:BTC001",
        "until": until,
        "reason": "The node moves",
        "redemptions": "on",
    }
    assert "Announced" in text(rita.post("/staff/earn/pause", sent, follow=True))
    assert "The node moves" in text(member.get("/status"))
    assert "paused" in text(rita.get("/staff/earn"))
    nothing = {**sent, "redemptions": ""}
    assert "stops subscriptions" in text(rita.post("/staff/earn/pause", nothing, follow=True))


def test_what_is_owed_soon_stands_beside_what_is_held(rita, staked):
    [btc] = [one for one in earn.list_liquidity(at=clock.now()) if one.held.asset == "BTC"]
    assert (btc.in_a_day.number, btc.in_a_week.number) == (0, 0)
    assert btc.at_any_time.number > 0
    assert btc.held.number > 0
    position = earn.get_position(
        account_id=staked.account_id, position_id=staked.locked, at=clock.now()
    )
    request = earn.Redemption(
        account_id=staked.account_id, position_id=staked.locked, amount=None, key="leave"
    )
    done = earn.redeem_one(request, at=clock.now())
    [btc] = [one for one in earn.list_liquidity(at=clock.now()) if one.held.asset == "BTC"]
    assert btc.in_a_day.number == 0
    assert btc.in_a_week == done.net
    assert position.amount.number >= done.net.number
    later = earn.list_liquidity(at=done.arrives_from)
    assert next(one for one in later if one.held.asset == "BTC").in_a_day == done.net
    assert "Owed soon" in text(rita.get("/staff/earn"))
