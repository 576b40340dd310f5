"""Quote, redeem, track and undo by our own API: the figures are Earn's, and twice is once."""

from decimal import Decimal

import pytest

from mooring.earn import api as earn
from mooring.kernel import clock, db
from tests.earn.liquid_world import in_spot, offer_staking, stake
from tests.earn.world import LOCKED, OPENING


@pytest.fixture
def position(world):
    return world.subscribe("1000", "FLEX", at=OPENING)


def quoted(client, position, **asked):
    found = client.post(f"/v1/positions/{position}/redemption-quotes", asked)
    assert found.status == 200, found.body
    return found.json


def redeemed(client, position, **asked):
    found = client.post("/v1/redemptions", {"quote": quoted(client, position, **asked)["quote"]})
    assert found.status == 201, found.body
    return found.json


def test_a_quote_says_everything_and_moves_nothing(world, alice, position):
    before = world.balances()
    shown = quoted(alice, position, amount="250.5", destination="FUNDING")
    assert shown["amount"] == shown["net"] == {"amount": "250.5", "asset": "USDT"}
    assert Decimal(shown["fee"]["amount"]) == 0
    assert (shown["destination"], shown["is_whole"], shown["runs_at"]) == ("FUNDING", False, None)
    assert world.balances() == before


def test_what_was_quoted_is_redeemed_and_can_be_tracked(world, alice, position):
    shown = quoted(alice, position, amount="250.5")
    done = alice.post("/v1/redemptions", {"quote": shown["quote"]})
    assert (done.status, done.json["status"], done.json["net"]) == (201, "PAID", shown["net"])
    assert world.balances()["spot_available"] == Decimal("4250.5")
    assert alice.get(f"/v1/redemptions/{done.json['id']}").json == done.json
    assert alice.get("/v1/redemptions").json == {"items": [done.json], "next_cursor": ""}


def test_the_same_quote_redeems_once_whatever_the_keys(world, alice, position):
    sealed = quoted(alice, position, amount="250.5")["quote"]
    first = alice.post("/v1/redemptions", {"quote": sealed}, key="one")
    again = alice.post("/v1/redemptions", {"quote": sealed}, key="one")
    other = alice.post("/v1/redemptions", {"quote": sealed}, key="two")
    assert first.json == again.json == other.json
    assert [one.headers["Idempotent-Replayed"] for one in (first, again, other)] == [
        *("false", "true", "false")
    ]
    assert world.balances()["spot_available"] == Decimal("4250.5")


def test_a_key_is_for_one_request(world, alice, position):
    ten, twenty = (quoted(alice, position, amount=number)["quote"] for number in ("10", "20"))
    assert alice.post("/v1/redemptions", {"quote": ten}, key="one").status == 201
    reused = alice.post("/v1/redemptions", {"quote": twenty}, key="one")
    assert (reused.status, reused.json["code"]) == (422, "idempotency_key_reused")
    assert world.balances()["spot_available"] == Decimal(4010)


def test_a_refusal_is_remembered_like_a_result(world, alice, position):
    ten, all_ = quoted(alice, position, amount="10")["quote"], quoted(alice, position)["quote"]
    alice.post("/v1/redemptions", {"quote": ten})
    refused = [alice.post("/v1/redemptions", {"quote": all_}, key="late") for _ in range(2)]
    assert [(one.status, one.json["code"]) for one in refused] == [(409, "earn_quote_changed")] * 2
    assert refused[1].headers["Idempotent-Replayed"] == "true"


def test_what_was_cut_off_before_its_answer_is_finished_and_not_done_again(world, alice, position):
    sealed = quoted(alice, position, amount="10")["quote"]
    first = alice.post("/v1/redemptions", {"quote": sealed}, key="cut")
    db.execute("UPDATE gateway_idempotency SET status = NULL, answer = ''")
    again = alice.post("/v1/redemptions", {"quote": sealed}, key="cut")
    assert again.json == first.json
    assert world.balances()["spot_available"] == Decimal(4010)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 65, "\u00e4"])
def test_what_changes_something_needs_a_key(world, alice, position, key):
    sealed = quoted(alice, position, amount="10")["quote"]
    before = world.balances()
    refused = alice.send("POST", "/v1/redemptions", {"quote": sealed}, key=key)
    assert refused.status in {400, 401}
    assert world.balances() == before


def test_left_early_and_undone_it_is_as_before(world, alice):
    world.publish("LOCKY", **LOCKED)
    position = world.subscribe("1000", "LOCKY", at=clock.now())
    shown = quoted(alice, position)
    assert (shown["is_early"], shown["wait"] is None) == (True, False)
    done = redeemed(alice, position)
    assert (done["type"], done["status"]) == ("EARLY", "PENDING")
    path = f"/v1/redemptions/{done['id']}/undo"
    assert alice.post(path).json["status"] == "CANCELLED"
    assert alice.post(path).json["status"] == "CANCELLED"
    assert alice.get(f"/v1/positions/{position}").json["status"] == "HOLDING"
    back = redeemed(alice, world.subscribe("10", "FLEX"))
    late = alice.post(f"/v1/redemptions/{back['id']}/undo")
    assert (late.status, late.json["code"]) == (409, "earn_undo_not_possible")


def test_tokens_are_given_back_by_the_same_operations(world, alice):
    offer_staking(world)
    position = stake(world, "10.8").position_id
    shown = quoted(alice, position, amount="4")
    assert shown["amount"] == {"amount": "4", "asset": "WBETH"}
    assert (shown["net"]["asset"], Decimal(shown["net"]["amount"])) == ("ETH", Decimal("4.32"))
    assert shown["ratio"] == "1.08"
    held = in_spot(world.alice, "WBETH")
    done = alice.post("/v1/redemptions", {"quote": shown["quote"]})
    assert (done.status, done.json["type"]) == (201, "LIQUID")
    assert in_spot(world.alice, "WBETH") == held - 4


def test_lists_go_on_where_they_stopped_whatever_came_meanwhile(world, alice, position):
    made = [redeemed(alice, position, amount="1")["id"] for _ in range(5)]
    first = alice.get("/v1/redemptions", "limit=2").json
    redeemed(alice, position, amount="1")
    second = alice.get("/v1/redemptions", f"limit=2&cursor={first['next_cursor']}").json
    third = alice.get("/v1/redemptions", f"limit=2&cursor={second['next_cursor']}").json
    seen = [one["id"] for page in (first, second, third) for one in page["items"]]
    assert seen == made[::-1]
    assert third["next_cursor"] == ""


def test_another_persons_objects_are_none(world, alice, bob, position):
    done = redeemed(alice, position, amount="10")
    sealed = quoted(alice, position, amount="10")["quote"]
    before = world.balances()
    for found in (
        bob.get(f"/v1/positions/{position}"),
        bob.get(f"/v1/redemptions/{done['id']}"),
        bob.post(f"/v1/redemptions/{done['id']}/undo"),
        bob.post(f"/v1/positions/{position}/redemption-quotes", {}),
    ):
        assert found.status == 404
    stolen = bob.post("/v1/redemptions", {"quote": sealed})
    assert (stolen.status, stolen.json["code"]) == (422, "quote_unreadable")
    assert bob.get("/v1/redemptions").json["items"] == []
    assert world.balances() == before


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"amount": 10}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1.1234567890123456789"}, "amount"),
        ({"amount": "9" * 21}, "amount"),
        ({"amount": ""}, "amount"),
        ({"amount": ["1"]}, "amount"),
        ({"destination": "BANK"}, "destination"),
        ({"speed": "fast"}, "speed"),
        ({"ammount": "1"}, "ammount"),
    ],
)
def test_a_bad_field_is_named_and_changes_nothing(world, alice, position, asked, field):
    refused = alice.post(f"/v1/positions/{position}/redemption-quotes", asked)
    assert (refused.status, refused.json["code"]) == (422, "field_malformed")
    assert [one["field"] for one in refused.json["errors"]] == [field]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"amount": "0"}, "earn_amount_not_positive"),
        ({"amount": "9000"}, "earn_amount_exceeds_position"),
    ],
)
def test_what_the_terms_refuse_is_said_in_words(world, alice, position, asked, code):
    refused = alice.post(f"/v1/positions/{position}/redemption-quotes", asked)
    assert (refused.status, refused.json["code"]) == (422, code)
    assert refused.json["detail"].endswith(".")


def test_positions_are_those_of_earn(world, alice, position):
    [shown] = alice.get("/v1/positions").json
    at = clock.now()
    found = earn.get_position(account_id=world.alice, position_id=position, at=at)
    assert (shown["id"], shown["kind"], shown["product_code"]) == (position, "FLEXIBLE", "FLEX")
    assert Decimal(shown["amount"]["amount"]) == found.amount.number
    assert Decimal(shown["apr"]) == found.apr
