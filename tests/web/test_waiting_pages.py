"""Who leaves before the UTC day ends is shown what waiting for its end would keep (EARN-4)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from mooring.earn import api as earn
from mooring.kernel import clock, jobs

from .conftest import Staked
from .test_earn_pages import text_of, token_of
from .test_product_page import figures_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bonus(staked: Staked) -> Staked:
    """BTC001 pays a bonus of 3.65 % on the first half and 0.365 % above; its day is under way."""
    now = clock.now()
    tiers = [
        earn.Tier(above=Decimal(0), up_to=Decimal("0.5"), rate=Decimal("0.0365")),
        earn.Tier(above=Decimal("0.5"), up_to=None, rate=Decimal("0.00365")),
    ]
    tomorrow = (now + timedelta(days=1)).date()
    earn.set_daily_rates(product_code="BTC001", asset="BTC", tiers=tiers, from_day=tomorrow, at=now)
    clock.advance(datetime(*tomorrow.timetuple()[:3], 12, tzinfo=UTC) - clock.now())
    for job in jobs.declared():
        jobs.run(job, at=clock.now())
    return staked


def test_waiting_for_the_end_of_the_day_is_offered_with_its_figure(
    member: Client, bonus: Staked
) -> None:
    page = member.get(f"/earn/positions/{bonus.flexible}/redeem?all=1")
    said, ends = text_of(page), clock.now().replace(hour=0, minute=0) + timedelta(days=1)
    for fact in ("Leave now", "The day ends", "with what today earns by the day"):
        assert fact in said, fact
    assert f"Wait until {ends:%-d} " in said
    # Half a bitcoin earns 0.00005 a day, and what is above it 0.000005.
    assert figures_of(page)[-1] == "0.000055 BTC"


def test_what_stays_keeps_its_share_of_the_bonus(member: Client, bonus: Staked) -> None:
    page = member.get(f"/earn/positions/{bonus.flexible}/redeem?amount=0.25")
    # What it earned since midnight is no part of the day's least balance.
    assert "0.00000249 BTC" in figures_of(page)


def test_where_the_day_pays_nothing_there_is_nothing_to_wait_for(
    member: Client, staked: Staked
) -> None:
    assert "Wait until" not in text_of(
        member.get(f"/earn/positions/{staked.flexible}/redeem?all=1")
    )


def test_what_came_in_today_loses_nothing_by_leaving_today(member: Client, bonus: Staked) -> None:
    path = "/earn/products/BTC001/subscribe"
    token = token_of(member.get(f"{path}?amount=0.4"), "token")
    member.post(path, {"token": token, "terms": "1"})
    page = member.get(f"/earn/positions/{bonus.flexible}/redeem?amount=0.4")
    assert "Wait until" not in text_of(page)
