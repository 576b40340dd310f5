"""What becomes of a position at its end is said on its page and chosen there."""

import pytest
from django.test import Client

from mooring.earn import api as earn
from mooring.earn.models import Redemption
from mooring.kernel import clock

from .conftest import Staked
from .test_earn_pages import text_of

pytestmark = pytest.mark.django_db


def chosen(staked: Staked) -> tuple[bool, str]:
    found = earn.get_position(
        account_id=staked.account_id, position_id=staked.locked, at=clock.now()
    )
    return found.auto_renew, found.redeem_to


def test_the_page_says_when_and_where_to(member: Client, staked: Staked) -> None:
    words = text_of(member.get(f"/earn/positions/{staked.locked}"))
    assert "At its end" in words
    assert "the principal is in your wallet" in words
    assert "At its end" not in text_of(member.get(f"/earn/positions/{staked.flexible}"))


def test_a_choice_is_kept_and_said(member: Client, staked: Staked) -> None:
    member.post(f"/earn/positions/{staked.locked}/end", {"redeem_to": "FLEXIBLE"})
    assert chosen(staked) == (False, "FLEXIBLE")
    words = text_of(member.get(f"/earn/positions/{staked.locked}"))
    assert "the principal goes into the flexible product" in words


@pytest.mark.parametrize("sent", [{}, {"redeem_to": "MOON"}, {"auto_renew": "on"}])
def test_what_is_not_offered_changes_nothing(
    member: Client, staked: Staked, sent: dict[str, str]
) -> None:
    answer = member.post(f"/earn/positions/{staked.locked}/end", sent, follow=True)
    assert answer.status_code == 200
    assert chosen(staked) == (False, "SPOT")


def test_a_position_without_an_end_says_so(member: Client, staked: Staked) -> None:
    answer = member.post(
        f"/earn/positions/{staked.flexible}/end", {"redeem_to": "SPOT"}, follow=True
    )
    assert "This position has no end" in text_of(answer)


def test_the_page_of_what_went_elsewhere_says_where_to_and_why(
    member: Client, staked: Staked
) -> None:
    at = clock.now()
    diverted = Redemption.objects.create(
        account_id=staked.account_id,
        position_id=staked.locked,
        type="MATURE",
        status="PAID",
        destination="RENEWAL",
        diverted_to="SPOT",
        diverted_because="earn_above_total_quota",
        amount=1,
        net=1,
        deducted=0,
        forfeited=0,
        rewards_added=0,
        fee=0,
        requested_at=at,
        arrives_from=at,
        arrives_until=at,
        paid_at=at,
    )
    words = text_of(member.get(f"/redemptions/{diverted.pk}"))
    assert "You had chosen: New locked position" in words
    assert "the product is full" in words
    assert "It went here instead: Spot wallet" in words
