"""Where rewards are in another asset, pages say each figure in its own and never add them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.test import Client

from mooring.assets.models import Price
from mooring.earn import api as earn
from mooring.kernel import clock, jobs
from mooring.kernel.money import Amount
from mooring.operations.commands.earn import quote
from tests.earn.world import LOCKED

from .conftest import OPENING, Staked
from .test_earn_pages import text_of, token_of

pytestmark = pytest.mark.django_db
#: In DOT for each BTC and year: ten days of two BTC are 2 DOT.
PAYS_DOT = {**LOCKED, "apr": Decimal("36.5"), "reward_asset": "DOT"}


@pytest.fixture
def position(staked: Staked) -> int:
    # An hour as long as rewards wait for their payout: ten days are paid at any time of the day.
    opened = clock.now() - timedelta(days=11, hours=1)
    earn.publish(
        code="APART",
        kind="LOCKED",
        asset="BTC",
        offer=earn.Offer(**PAYS_DOT),  # type: ignore[arg-type]
        effective_from=opened,
    )
    id_ = put_in(staked, "APART", Amount(Decimal(2), "BTC"), at=opened)
    for job in jobs.declared():
        jobs.run(job, at=clock.now())
    return id_


def put_in(staked: Staked, code: str, amount: Amount, *, at: object) -> int:
    request = earn.Subscription(
        account_id=staked.account_id, product_code=code, amount=amount, key=f"in.{code}"
    )
    [done] = earn.subscribe([request], at=at)  # type: ignore[arg-type]
    assert isinstance(done, earn.Subscribed), done
    return done.position_id


def spend(staked: Staked) -> None:
    earn.publish(
        code="DOT001",
        kind="FLEXIBLE",
        asset="DOT",
        offer=earn.Offer(minimum=Decimal("0.01")),
        effective_from=OPENING,
    )
    earn.set_rate(product_code="DOT001", apr=Decimal(0), at=clock.now() - timedelta(minutes=5))
    put_in(staked, "DOT001", Amount(Decimal("0.5"), "DOT"), at=clock.now())


def test_what_is_taken_back_out_of_spot_is_said_in_its_asset(member: Client, position: int) -> None:
    shown = text_of(member.get(f"/earn/positions/{position}"))
    assert "Rewards paid to your spot wallet 2 .00000000 DOT" in shown
    assert "36.50000000 DOT for 1 BTC" in shown
    page = member.get(f"/earn/positions/{position}/redeem?all=1")
    words = text_of(page)
    assert "Rewards already paid, taken back out of spot −2 .00000000 DOT" in words
    assert "You receive 2 .00000000 BTC" in words
    assert "You have then the whole principal; rewards come besides 2 .00000000 BTC" in words
    assert "You receive more 6 .00000000 DOT" in words
    done = member.post(
        f"/earn/positions/{position}/redeem/confirm",
        {"quote": token_of(page, "quote"), "terms": "1"},
        follow=True,
    )
    result = text_of(done)
    assert "Rewards already paid, taken back out of spot −2 .00000000 DOT" in result
    assert "DOT" in text_of(member.get("/history"))


def test_spent_rewards_are_said_at_their_price_or_asked_for(
    member: Client, staked: Staked, position: int
) -> None:
    spend(staked)
    address = f"/earn/positions/{position}/redeem?all=1"
    words = text_of(member.get(address))
    assert "take back 2.00000000 DOT of rewards, which are not in your spot wallet" in words
    Price.objects.create(asset_id="DOT", usd=Decimal(9), valid_from=OPENING, source="test")
    words = text_of(member.get(address))
    assert "2.00000000 DOT of rewards already paid, taken back at their price" in words
    # 2 DOT at 9 USD each are 18 USD: 0.0002 BTC at 90,000.
    assert "−0.0002 0000 BTC" in words
    assert "You receive 1.9998 0000 BTC" in words
    assert "You receive more 0.0002 0000 BTC Copy 0.0002 BTC +4 .00000000 DOT" in words


def test_the_quote_on_the_command_line_says_it_too(staked: Staked, position: int) -> None:
    found = CliRunner().invoke(quote, ["--email", "alice@example.com", "--position", str(position)])
    assert "Rewards taken back: 2 DOT from spot." in found.output, found.output
