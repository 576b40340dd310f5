"""A double click, a second tab, sixteen of them: at the pages too, one redeems."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tests.faults.pages import Member, key_of

pytestmark = pytest.mark.faults

SIXTEEN = 16


def at_once(member, forms):
    start = threading.Barrier(len(forms))

    def send(form):
        start.wait(30)
        return member.confirm(form)

    with ThreadPoolExecutor(len(forms)) as threads:
        return list(threads.map(send, forms))


def redemptions(platform, member):
    return platform.rows(
        "SELECT id, request_key, amount FROM earn_redemption WHERE position_id = %s",
        [member.facts["position_id"]],
    )


@pytest.fixture
def member(platform, request):
    name = request.node.originalname.replace("_", "")[-40:]
    [facts] = platform.customers(name, 1)
    return Member(platform, facts).log_in()


def test_sixteen_tabs_with_a_quote_each_redeem_once(platform, member):
    forms = [member.quote("40000") for _tab in range(SIXTEEN)]
    assert len({key_of(form) for form in forms}) == SIXTEEN
    found = Counter(outcome is None for outcome in at_once(member, forms))
    assert found == {False: 1, True: 15}
    [(_, _, amount)] = redemptions(platform, member)
    assert amount == 40000


def test_sixteen_clicks_on_one_button_redeem_once_and_all_see_it(platform, member):
    form = member.quote("40000")
    outcomes = at_once(member, [form] * SIXTEEN)
    [(redemption_id, key, _)] = redemptions(platform, member)
    assert set(outcomes) == {redemption_id}
    assert key == key_of(form)


def test_sixteen_of_everything_leave_nothing_and_lose_nothing(platform, member):
    """Rewards of the minutes in between included: the book says what became of them."""
    forms = [member.quote("50000") for _tab in range(SIXTEEN)]
    assert Counter(outcome is None for outcome in at_once(member, forms))[False] == 1
    held = dict(
        platform.rows(
            "SELECT code, sum(balance) FROM ledger_account WHERE owner_id = %s GROUP BY code",
            [member.facts["account_id"]],
        )
    )
    assert held[2110] == Decimal(100_000)
    assert held[2130] < 1
