"""The Earn pages: what is shown, what leaving costs, and that leaving happens once."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from mooring.accounts import api as accounts
from mooring.accounts.models import User
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.kernel.money import Amount
from mooring.wallet import api as wallet

from .conftest import PASSWORD, Staked, stake
from .signing_in import sign_in

pytestmark = pytest.mark.django_db


def text_of(response: object) -> str:
    """Return a page's words without tags, blanks collapsed."""
    page = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def token_of(response: object, name: str) -> str:
    """Return the token a page carries, in a field or a link."""
    page = response.content.decode()  # type: ignore[attr-defined]
    found = re.search(rf'name="{name}" value="([^"]+)"', page) or re.search(
        rf'\?{name}=([^"&]+)"', page
    )
    assert found is not None, f"no {name} in the page"
    return found[1]


def spot_of(staked: Staked) -> Decimal:
    [held] = wallet.balances(account_id=staked.account_id, at=clock.now())
    return held.spot_available.number


def statuses(staked: Staked) -> dict[int, str]:
    found = earn.list_positions(account_id=staked.account_id, at=clock.now(), with_paid=True)
    return {position.id: position.status for position in found}


def test_the_overview_lists_every_position_with_its_facts(member: Client, staked: Staked) -> None:
    words = text_of(member.get("/earn"))
    for fact in ("Bitcoin", "Flexible", "Locked 60 days", "3.65%", "1.20%", "Earning", "ends"):
        assert fact in words, fact


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("kind=LOCKED", "Locked 60 days", "no end date"),
        ("kind=FLEXIBLE", "no end date", "Locked 90 days"),
        ("find=bitcoin", "Locked 60 days", "No position fits"),
        ("find=doge", "No position fits", "Locked 60 days"),
        ("status=REDEEMING", "No position fits", "Locked 60 days"),
        ("sort=nonsense&kind=nonsense", "Locked 60 days", "No position fits"),
    ],
)
def test_the_overview_finds_and_filters(
    member: Client, staked: Staked, query: str, shown: str, hidden: str
) -> None:
    words = text_of(member.get(f"/earn?{query}"))
    assert shown in words
    assert hidden not in words


def test_the_catalogue_says_what_leaving_costs_before_anybody_enters(
    client: Client, staked: Staked
) -> None:
    words = text_of(client.get("/earn/products"))
    assert "rewards already paid are deducted from the principal" in words
    assert "Cannot be left before its end" in words
    assert "48 to 72 hours" in words


def test_a_position_shows_its_dates_and_terms(member: Client, staked: Staked) -> None:
    words = text_of(member.get(f"/earn/positions/{staked.locked}"))
    for fact in ("Rewards begin", "Rewards end", "Delivered to you", "reward days", "Btc*60"):
        assert fact in words, fact


def test_redeeming_a_part_of_a_flexible_position_does_what_was_shown(
    member: Client, staked: Staked
) -> None:
    before = spot_of(staked)
    shown = member.get(f"/earn/positions/{staked.flexible}/redeem?amount=0.25")
    assert "Nothing is lost" in text_of(shown)
    quote = token_of(shown, "quote")
    path = f"/earn/positions/{staked.flexible}/redeem/confirm"
    assert "Redeem 0.25000000 BTC" in text_of(member.get(path, {"quote": quote}))
    result = member.post(path, {"quote": quote, "terms": "1"}, follow=True)
    assert "Arrived" in text_of(result)
    assert spot_of(staked) - before == Decimal("0.25")


def test_leaving_a_locked_position_shows_both_ways_and_can_be_undone(
    member: Client, staked: Staked
) -> None:
    shown = member.get(f"/earn/positions/{staked.locked}/redeem?all=1")
    words = text_of(shown)
    for fact in ("Leave now", "Wait until", "You receive more", "Remind me", "deducted"):
        assert fact in words, fact
    path = f"/earn/positions/{staked.locked}/redeem/confirm"
    quote = token_of(shown, "quote")
    result = member.post(path, {"quote": quote, "terms": "1"}, follow=True)
    assert "on their way" in text_of(result)
    assert statuses(staked)[staked.locked] == "REDEEMING"
    redemption = result.redirect_chain[-1][0].split("?")[0]
    assert "exactly as it was before" in text_of(member.post(f"{redemption}/undo", follow=True))
    assert statuses(staked)[staked.locked] == "HOLDING"


def test_a_part_of_a_locked_position_leaves_where_its_terms_allow_it(
    member: Client, staked: Staked
) -> None:
    at = clock.now()
    offer = earn.Offer(
        minimum=Decimal("0.01"), apr=Decimal("0.1"), duration_days=30, redeem_period_days=1,
        early_redemption="PARTIAL", delivery_hours_min=48, delivery_hours_max=72,
    )  # fmt: skip
    earn.publish(code="Btc*parts", kind="LOCKED", asset="BTC", offer=offer, effective_from=at)
    [done] = earn.subscribe(
        [
            earn.Subscription(
                account_id=staked.account_id,
                product_code="Btc*parts",
                amount=Amount(Decimal("0.2"), "BTC"),
                key="parts",
            )
        ],
        at=at,
    )
    assert isinstance(done, earn.Subscribed)
    page = f"/earn/positions/{done.position_id}/redeem"
    assert "What stays goes on earning as before" in text_of(member.get(page))
    shown = member.get(f"{page}?amount=0.05")
    assert "Stays in the position" in text_of(shown)
    assert "You receive more" in text_of(shown)
    sent = {"quote": token_of(shown, "quote"), "terms": "1"}
    result = member.post(f"{page}/confirm", sent, follow=True)
    assert "on their way" in text_of(result)
    assert statuses(staked)[done.position_id] == "HOLDING"
    more = member.get(f"{page}?amount=0.15000001")
    assert more.status_code == 422
    assert "Nothing was" in text_of(more) or "more than" in text_of(more)


def test_sending_the_same_confirmation_again_redeems_once(member: Client, staked: Staked) -> None:
    before = spot_of(staked)
    shown = member.get(f"/earn/positions/{staked.flexible}/redeem?amount=0.25")
    sent = {"quote": token_of(shown, "quote"), "terms": "1"}
    path = f"/earn/positions/{staked.flexible}/redeem/confirm"
    first, second = member.post(path, sent), member.post(path, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert spot_of(staked) - before == Decimal("0.25")


def test_a_second_tab_with_an_older_quote_gets_new_figures_and_redeems_nothing(
    member: Client, staked: Staked
) -> None:
    path = f"/earn/positions/{staked.flexible}/redeem"
    tabs = [token_of(member.get(f"{path}?amount=0.25"), "quote") for _tab in range(2)]
    member.post(f"{path}/confirm", {"quote": tabs[0], "terms": "1"})
    after_first = spot_of(staked)
    answer = member.post(f"{path}/confirm", {"quote": tabs[1], "terms": "1"})
    assert answer.status_code == 409
    assert "nothing was redeemed" in text_of(answer)
    assert "0.25" in text_of(answer)
    assert spot_of(staked) == after_first


def test_an_expired_quote_gets_new_figures_and_redeems_nothing(
    member: Client, staked: Staked
) -> None:
    path = f"/earn/positions/{staked.flexible}/redeem"
    quote = token_of(member.get(f"{path}?amount=0.25"), "quote")
    before = spot_of(staked)
    clock.advance(timedelta(minutes=2))
    for answer in (
        member.get(f"{path}/confirm", {"quote": quote}),
        member.post(f"{path}/confirm", {"quote": quote, "terms": "1"}),
    ):
        assert answer.status_code == 409
        assert "nothing was redeemed" in text_of(answer)
        assert token_of(answer, "quote") != quote
    assert spot_of(staked) == before


def test_without_the_terms_nothing_is_redeemed_and_nothing_is_lost(
    member: Client, staked: Staked
) -> None:
    path = f"/earn/positions/{staked.flexible}/redeem"
    quote = token_of(member.get(f"{path}?amount=0.25"), "quote")
    answer = member.post(f"{path}/confirm", {"quote": quote})
    assert answer.status_code == 422
    assert "accept the terms" in text_of(answer)
    assert member.post(f"{path}/confirm", {"quote": quote, "terms": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("case", "typed", "words"),
    [
        ("an exponent", "1e5", "plain digits"),
        ("a negative amount", "-1", "plain digits"),
        ("full-width digits", "\N{FULLWIDTH DIGIT ONE}", "plain digits"),
        ("nothing", "", "plain digits"),
        ("zero", "0", "above zero"),
        ("more than there is", "5", "more than can be redeemed"),
        ("all but dust", "0.9999", "Too little would stay"),
        ("a number of a thousand digits", "9" * 1000, "plain digits"),
    ],
)
def test_an_amount_that_cannot_be_redeemed_is_declined_on_the_same_page(
    member: Client, staked: Staked, case: str, typed: str, words: str
) -> None:
    answer = member.get(f"/earn/positions/{staked.flexible}/redeem", {"amount": typed})
    assert answer.status_code == 422, case
    assert words in text_of(answer), case
    assert 'aria-invalid="true"' in answer.content.decode(), case


def test_a_bound_position_says_until_when(member: Client, staked: Staked) -> None:
    words = text_of(member.get(f"/earn/positions/{staked.bound}/redeem"))
    assert "Bound to its end" in words
    assert member.get(f"/earn/positions/{staked.bound}/redeem?all=1").status_code == 422


@pytest.mark.parametrize("token", ["", "forged", "e30:1:x", "a" * 5000])
def test_a_forged_quote_leads_back_to_the_amount(
    member: Client, staked: Staked, token: str
) -> None:
    path = f"/earn/positions/{staked.flexible}/redeem"
    answer = member.post(f"{path}/confirm", {"quote": token, "terms": "1"})
    assert answer.headers["Location"] == path


def test_anothers_position_is_answered_like_an_absent_one(client: Client, staked: Staked) -> None:
    accounts.open_account(email="bob@example.com", password=PASSWORD, at=clock.now())
    bob = User.objects.get(email="bob@example.com")
    sign_in(client, bob)
    mine, absent = staked.locked, 999_999
    for page in ("/earn/positions/{}", "/earn/positions/{}/redeem", "/redemptions/{}"):
        answers = [client.get(page.format(number)) for number in (mine, absent)]
        assert [answer.status_code for answer in answers] == [404, 404], page
        assert text_of(answers[0]) == text_of(answers[1]), page


def test_anothers_quote_is_worth_nothing(member: Client, staked: Staked) -> None:
    path = f"/earn/positions/{staked.flexible}/redeem"
    quote = token_of(member.get(f"{path}?amount=0.25"), "quote")
    before = spot_of(staked)
    accounts.open_account(email="bob@example.com", password=PASSWORD, at=clock.now())
    thief = Client()
    sign_in(thief, User.objects.get(email="bob@example.com"))
    assert thief.post(f"{path}/confirm", {"quote": quote, "terms": "1"}).status_code == 302
    assert spot_of(staked) == before


def test_subscribing_shows_dates_and_rewards_and_happens_once(
    member: Client, staked: Staked
) -> None:
    path = "/earn/products/Btc*60/subscribe"
    shown = member.get(f"{path}?amount=1")
    words = text_of(shown)
    for fact in ("Rewards begin", "Delivered to you", "Rewards of the whole term", "Leaving"):
        assert fact in words, fact
    sent = {"token": token_of(shown, "token"), "terms": "1"}
    before = spot_of(staked)
    first, second = member.post(path, sent), member.post(path, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert before - spot_of(staked) == Decimal(1)


@pytest.mark.parametrize(
    ("case", "amount", "words"),
    [
        ("below the minimum", "0.001", "The least this product takes is"),
        ("more than there is", "100", "does not cover"),
        ("no number", "one", "plain digits"),
    ],
)
def test_a_subscription_that_cannot_be_made_is_declined_on_the_same_page(
    member: Client, staked: Staked, case: str, amount: str, words: str
) -> None:
    answer = member.get("/earn/products/Btc*60/subscribe", {"amount": amount})
    assert answer.status_code == 422, case
    assert words in text_of(answer), case


def test_an_absent_product_is_not_found(member: Client, staked: Staked) -> None:
    assert member.get("/earn/products/nothing/subscribe").status_code == 404


def test_the_reminder_is_a_calendar_entry(member: Client, staked: Staked) -> None:
    answer = member.get(f"/earn/positions/{staked.locked}/reminder.ics")
    lines = answer.content.decode().split("\r\n")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert any(re.fullmatch(r"DTSTART:\d{8}T000000Z", line) for line in lines)
    assert max(len(line.encode()) for line in lines) <= 75


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/", 10),
        ("/earn", 15),
        ("/earn/products", 9),
        ("/earn/BTC", 11),
        ("/earn/positions/{locked}", 13),
        ("/earn/positions/{locked}/redeem", 9),
        ("/earn/positions/{flexible}/redeem?amount=0.25", 17),
        ("/redemptions", 6),
        ("/history", 7),
        ("/search?q=btc", 12),
    ],
)
def test_a_page_asks_the_database_no_more_than_it_needs(
    member: Client,
    staked: Staked,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    path: str,
    queries: int,
) -> None:
    with django_assert_max_num_queries(queries):
        assert member.get(path.format(**staked._asdict())).status_code == 200


def test_a_page_of_many_positions_asks_no_more(
    member: Client,
    alice: User,
    staked: Staked,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        asked = earn.Subscription(
            account_id=staked.account_id,
            product_code="Btc*60",
            amount=_btc("0.1"),
            key=f"more{number}",
        )
        earn.subscribe([asked], at=clock.now())
    with django_assert_max_num_queries(15):
        member.get("/earn")


def _btc(number: str) -> object:
    from mooring.kernel.money import Amount

    return Amount(Decimal(number), "BTC")


__all__ = ["stake"]
