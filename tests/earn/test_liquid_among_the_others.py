"""What the rest of Earn does with liquid staking: quotas in the asset, no pledge, no automatism."""

from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.earn.actions.liquid_positions import LOOSE_TOKENS
from mooring.earn.models import AutoSubscription, Product
from mooring.kernel import db
from mooring.wallet import api as wallet
from tests.earn.liquid_world import eth, offer_staking, publish_ratio, stake, wbeth
from tests.earn.world import A_DAY, OPENING, everything, work


def offered(world, **terms):
    offer_staking(world, **terms)
    return earn.get_product(code="ETH2", at=OPENING)


def available(world, *, who=None, at=OPENING):
    return earn.available_to_subscribe(account_id=who or world.alice, product_code="ETH2", at=at)


# --- quotas ---


def test_a_quota_per_person_counts_tokens_for_what_they_are_worth(world):
    product = offered(world, quota_per_person=Decimal(54))
    assert stake(world, "27").tokens == wbeth("25")
    assert available(world) == eth("27")
    left = earn.quotas_left([product], account_id=world.alice, at=OPENING)
    assert left[product.id].personal == eth("27")
    assert isinstance(stake(world, "27.00000001", key="more"), earn.AboveQuota)
    later = OPENING + A_DAY
    publish_ratio("1.2", later)
    assert available(world, at=later) == eth("24")
    [bounded] = earn.list_products(at=later, codes=["ETH2"])
    left = earn.quotas_left([bounded], account_id=world.alice, at=later)
    assert left[product.id].personal == eth("24")


def test_what_is_available_can_be_staked(world):
    offered(world, quota_per_person=Decimal(30), quota_total=Decimal(40))
    stake(world, "10.123456789")
    most = available(world)
    assert most.number < Decimal(20)
    done = stake(world, str(most.number), key="rest")
    assert done.cost <= most


def test_a_quota_of_all_counts_the_tokens_of_all(world):
    product = offered(world, quota_total=Decimal(54))
    credit = wallet.Credit(account_id=world.bob, amount=eth("50"), key="of-bob")
    wallet.credit_one(credit, at=OPENING)
    stake(world, "27", who=world.bob)
    assert available(world) == eth("27")
    left = earn.quotas_left([product], account_id=world.alice, at=OPENING)
    assert left[product.id].total == eth("27")
    assert earn.totals_in_assets([product], at=OPENING) == {product.id: Decimal(27)}


def test_before_there_is_a_ratio_nothing_is_counted(world):
    offer_staking(world)
    assets.register([assets.Asset(code="BETH", name="Other")])
    offer = earn.Offer(minimum=Decimal(1), quota_per_person=Decimal(7))
    earn.publish_liquid(code="NEW", asset="ETH", token="BETH", offer=offer, effective_from=OPENING)
    found = earn.available_to_subscribe(account_id=world.alice, product_code="NEW", at=OPENING)
    assert found == eth("7")


# --- what is only for flexible products ---


@pytest.mark.parametrize("amount", [eth("1"), wbeth("1")], ids=["the asset", "the token"])
def test_a_position_of_liquid_staking_is_not_pledged(world, amount):
    offer_staking(world)
    position = stake(world).position_id
    before = everything()
    collateral = earn.Collateral(
        account_id=world.alice, position_id=position, amount=amount, holder="loan 1", key="p"
    )
    with pytest.raises(earn.PledgeNotPossible, match="Only a flexible position"):
        pledged(collateral)
    assert everything() == before


@db.transaction
def pledged(collateral):
    earn.pledge(collateral, at=OPENING)


def test_nobody_is_subscribed_to_liquid_staking_by_itself(world):
    product = offered(world)
    asked = {"account_id": world.alice, "product_code": "ETH2", "is_on": True, "at": OPENING}
    with pytest.raises(earn.AutoSubscriptionNotPossible, match="Only a flexible product"):
        earn.set_auto_subscription(**asked)
    assert not AutoSubscription.objects.exists()
    # Whoever wrote a wish past that: the job passes it by and does not stop at it.
    for id_ in (product.id, Product.objects.get(code="FLEX").pk):
        AutoSubscription.objects.create(
            account_id=world.alice, product_id=id_, is_on=True, changed_at=OPENING
        )
    assert work(OPENING + A_DAY, only="auto_subscribe") == {"earn.auto_subscribe": 1}
    assert world.balances() == {"earn_flexible": 5000}
    assert AutoSubscription.objects.get(product_id=product.id).ran_on is None


def test_what_is_free_does_not_go_into_liquid_staking_at_an_end(world):
    offered(world)
    assert earn.flexible_product_of("ETH", at=OPENING) is None


# --- tokens that came another way ---


def test_loose_tokens_are_found_without_reading_everybodys_wallets(world, owner):
    offer_staking(world)
    with owner():
        db.execute(
            "INSERT INTO ledger_account (owner_id, code, asset, balance)"
            " SELECT 1000000 + n, 2110, 'BTC', 0 FROM generate_series(1, 20000) AS n"
        )
        db.execute("ANALYZE ledger_account")
        plan = "\n".join(row for (row,) in db.rows(f"EXPLAIN {LOOSE_TOKENS}", [["WBETH"], 1000]))
        db.execute("DELETE FROM ledger_account WHERE owner_id > 1000000")
    assert "ledger_account_spot_by_asset" in plan
    assert "Seq Scan on ledger_account" not in plan
