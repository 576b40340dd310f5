"""Another code for an address is no new set of tries at it."""

from mooring.web import terms
from tests.notices.outbox import last_code
from tests.web.conftest import PASSWORD

BOB = "bob@example.com"
NEWCOMER = {"identifier": BOB, "password": PASSWORD, "terms": terms.VERSION}


def begin(client):
    client.post("/accounts/signup/", NEWCOMER)
    return last_code(BOB)


def test_ten_wrong_codes_of_an_address_are_looked_at_in_an_hour_and_no_more(client, db):
    for _code in range(2):
        right = begin(client)
        wrong = "000000" if right != "000000" else "111111"
        for _attempt in range(5):
            client.post("/accounts/signup/code/", {"code": wrong})
    right = begin(client)
    assert client.post("/accounts/signup/code/", {"code": right}).status_code != 302


def test_with_tries_left_the_next_code_opens_the_account(client, db):
    begin(client)
    client.post("/accounts/signup/code/", {"code": "000000"})
    right = begin(client)
    assert client.post("/accounts/signup/code/", {"code": right}).status_code == 302
