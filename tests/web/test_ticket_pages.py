"""Questions to the operator: asked from a redemption, answered at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from mooring.accounts.models import User
from mooring.earn import api as earn
from mooring.kernel import clock, db
from mooring.notices import api as notices
from tests.web.matrix_things import give_factor
from tests.web.signing_in import sign_in


@pytest.fixture
def reviewer(db):
    """A browser in which somebody of staff with a second factor is logged in."""
    user = User.objects.create(email="desk@example.com", is_staff=True)
    give_factor(user)
    browser = Client()
    sign_in(browser, user)
    return browser


@pytest.fixture
def redemption(member, staked):
    """A redemption on its way."""
    done = earn.redeem_one(
        earn.Redemption(
            account_id=staked.account_id, position_id=staked.locked, amount=None, key="asked"
        ),
        at=clock.now(),
    )
    return done.redemption_id


def ask(member, **sent):
    return member.post(reverse("ticket_new"), sent, follow=True)


def test_a_question_carries_the_redemption_with_its_amount(member, redemption):
    form = member.get(reverse("ticket_new"), {"redemption": redemption})
    assert f"Redemption {redemption}" in form.content.decode()
    assert "BTC" in form.content.decode()
    answer = ask(member, redemption=redemption, text="Where is it?")
    assert "Where is it?" in answer.content.decode()
    [ticket] = notices.list_open_tickets()
    assert (ticket.subject, ticket.reference) == ("REDEMPTION", str(redemption))
    assert "BTC" in ticket.about


def test_the_page_of_a_redemption_leads_to_a_question(member, redemption):
    page = member.get(reverse("redemption", args=[redemption])).content.decode()
    assert f"{reverse('ticket_new')}?redemption={redemption}" in page


def test_the_same_question_is_asked_once(member, redemption):
    for _ in range(2):
        ask(member, redemption=redemption, text="Where is it?")
    assert len(notices.list_open_tickets()) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_a_question_needs_words_and_not_too_many(member, staked, text):
    answer = ask(member, text=text)
    assert answer.status_code == 422
    assert "at most 2000 characters" in answer.content.decode()
    assert notices.list_open_tickets() == ()


@pytest.mark.parametrize("redemption_id", ["987654321", "0"])
def test_a_redemption_of_nobody_is_not_found(member, staked, redemption_id):
    assert ask(member, redemption=redemption_id, text="x").status_code == 404


def test_the_desk_answers_and_the_customer_is_told(member, reviewer, redemption):
    ask(member, redemption=redemption, text="Where is it?")
    [ticket] = notices.list_open_tickets()
    desk = reviewer.get(reverse("staff_tickets"))
    assert "Where is it?" in desk.content.decode()
    wrong = reviewer.post(reverse("staff_ticket_answer", args=[ticket.id]), {"text": ""})
    assert wrong.status_code == 422
    reviewer.post(reverse("staff_ticket_answer", args=[ticket.id]), {"text": "It comes today."})
    assert notices.list_open_tickets() == ()
    page = member.get(reverse("ticket", args=[ticket.id])).content.decode()
    assert "It comes today." in page
    assert "Your question was answered" in member.get(reverse("notices")).content.decode()
    # Once answered it stays as it is.
    reviewer.post(reverse("staff_ticket_answer", args=[ticket.id]), {"text": "No."})
    assert "It comes today." in member.get(reverse("ticket", args=[ticket.id])).content.decode()


def test_the_desk_sees_what_is_late(member, reviewer, redemption):
    db.execute("UPDATE earn_redemption SET late_at = arrives_until WHERE id = %s", [redemption])
    desk = reviewer.get(reverse("staff_tickets")).content.decode()
    assert "Late redemptions" in desk
    assert str(redemption) in desk
