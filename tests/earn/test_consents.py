"""Which text a customer agreed to is found from the position it led to."""

from dataclasses import replace

from mooring.earn import api as earn
from tests.earn.world import A_DAY, LOCKED, OPENING, work_daily

DELIVERY = OPENING.replace(hour=0, minute=0, second=0) + 32 * A_DAY


def subscribe(world, product, version, *, at=OPENING):
    asked = replace(world.subscription("1000", product), consent_version=version)
    return earn.subscribe_one(asked, at=at).position_id


def consents(world, position, who=None):
    return earn.consents_of(account_id=who or world.alice, position_id=position)


def test_every_text_that_was_agreed_to_is_named_once_newest_first(world):
    position = subscribe(world, "FLEX", "2026-01")
    for version, days in (("2026-02", 1), ("2026-02", 2), ("", 3)):
        assert subscribe(world, "FLEX", version, at=OPENING + days * A_DAY) == position
    assert consents(world, position) == ("2026-02", "2026-01")


def test_what_nobody_was_asked_for_is_not_made_up(world):
    assert consents(world, subscribe(world, "FLEX", "")) == ()


def test_anothers_consent_is_nobodys_business(world):
    position = subscribe(world, "FLEX", "2026-01")
    assert consents(world, position, who=world.bob) == ()


def test_a_renewal_stands_on_what_was_agreed_to_before_it(world):
    world.publish("AGAIN", **LOCKED, is_renewable=True)
    position = subscribe(world, "AGAIN", "2026-01")
    earn.set_maturity_choice(
        account_id=world.alice, position_id=position, auto_renew=True, redeem_to="SPOT", at=OPENING
    )
    work_daily(OPENING, DELIVERY)
    [new] = earn.list_positions(account_id=world.alice, at=DELIVERY)
    assert new.renewed_from == position
    assert consents(world, new.id) == ("2026-01",)
