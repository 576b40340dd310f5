"""The demo customer's history was lived through, once, and the book is whole afterwards."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from mooring.accounts import api as accounts
from mooring.accounts.models import User
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import db, jobs
from mooring.kernel.money import Amount
from mooring.ledger import api as ledger
from mooring.operations.audits import run as audits
from mooring.operations.demo import DEMO_EMAIL, DEMO_PASSWORD, catalogue, story
from mooring.operations.demo.seed import seed
from mooring.wallet import api as wallet

pytestmark = pytest.mark.django_db


def hush(_line):
    pass


@pytest.fixture
def told(owner):
    """Return a function that seeds, and lets the planner know how much there is now."""

    def tell(now):
        try:
            return seed(now=now, progress=hush)
        finally:
            # Tests that rolled back leave the statistics of empty tables behind.
            with owner():
                db.execute("ANALYZE")

    return tell


def counts():
    tables = ("ledger_entry", "earn_position", "earn_redemption", "earn_terms", "earn_rate")
    return [db.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables]


@pytest.fixture(params=["2026-03-01T13:45:10", "2028-02-29T00:00:00", "2026-12-31T23:59:59"])
def now(request):
    return datetime.fromisoformat(request.param).replace(tzinfo=UTC)


def test_the_story_is_whole_and_told_once(told, now):
    assert told(now) is True
    assert [f.audit.name for f in audits.findings() if not f.is_clean] == []
    [(latest,)] = db.rows("SELECT max(effective_at) FROM ledger_journal")
    assert latest <= now
    assert jobs.settled_through() == now
    before = counts()
    assert told(now + timedelta(days=3)) is False
    assert counts() == before


def test_it_shows_what_a_newcomer_is_to_find(told):
    now = datetime(2026, 3, 1, 13, 45, tzinfo=UTC)
    told(now)
    account_id = accounts.find_account_id(email=DEMO_EMAIL)
    assert User.objects.get(email=DEMO_EMAIL).check_password(DEMO_PASSWORD)
    overview = earn.overview(account_id=account_id, at=now)
    held = {position.product.code: position for position in overview.positions}
    half_way, ending = held["Bnb*60"], held["Busd*30"]
    assert (half_way.days_paid, half_way.days_total) == (30, 60)
    assert ending.rewards_end == datetime(2026, 3, 2, tzinfo=UTC)
    assert held["USDT001"].amount.number > 3500
    leaving = {one.product_code: one for one in overview.on_their_way}
    assert {code: one.type for code, one in leaving.items()} == {
        "Dot*120": "EARLY",
        "WBETH": "LIQUID",
    }
    for one in leaving.values():
        assert now < one.arrives_from < one.arrives_until
    done = {
        (redemption.type, redemption.status)
        for redemption in earn.list_redemptions(account_id=account_id, at=now)
    }
    assert done >= {("MATURE", "PAID"), ("EARLY", "CANCELLED"), ("FLEXIBLE", "PAID")}
    kinds = {line.kind for line in ledger.statement(owner_id=account_id, limit=1000)}
    assert kinds >= {"WALLET_CREDIT", "EARN_REWARD_PAID", "EARN_DELIVERED", "EARN_REALTIME_REWARD"}
    held_assets = [
        row.total
        for row in wallet.balances(account_id=account_id, at=now)
        # Tokens are worth their ratio, which the pages know.
        if row.asset not in {"WBETH", "BNSOL"}
    ]
    assert assets.total_value(held_assets, currency="CNY", at=now).is_positive


def test_a_story_that_was_interrupted_is_told_on(told, monkeypatch):
    now = datetime(2026, 3, 1, 13, 45, tzinfo=UTC)
    seed_until(monkeypatch, now, deeds=12)
    with pytest.raises(KeyboardInterrupt):
        told(now)
    monkeypatch.undo()
    assert told(now + timedelta(minutes=7)) is True
    assert [f.audit.name for f in audits.findings() if not f.is_clean] == []
    account_id = accounts.find_account_id(email=DEMO_EMAIL)
    credited = {
        line.key: line.effective_at
        for line in ledger.statement(
            owner_id=account_id, narrow=ledger.StatementFilter(kinds=("WALLET_CREDIT",))
        )
    }
    assert len(credited) == 9
    assert min(credited.values()) == story.opened_at(now)


def seed_until(monkeypatch, now, *, deeds):
    """Let Ctrl-C come after so many deeds."""
    told = story.deeds

    def interrupted(stage):
        def stop(_at):
            raise KeyboardInterrupt

        found = told(stage)
        return [*found[:deeds], story.Deed(at=found[deeds].at, do=stop)]

    monkeypatch.setattr(story, "deeds", interrupted)


def test_the_catalogue_shows_every_kind_of_terms():
    offers = [product.offer for product in catalogue.LOCKED]
    assert {offer.claw_back for offer in offers} == {
        "DISTRIBUTED_AND_ACCRUED",
        "ACCRUED_ONLY",
        "PRO_RATA",
        "NONE",
    }
    assert {offer.early_redemption for offer in offers} == {"ALLOWED", "PARTIAL", "NONE"}
    assert {offer.duration_days for offer in offers} == {30, 60, 90, 120}
    assert {product.family for product in catalogue.LOCKED} == {"SIMPLE", "ONCHAIN"}
    codes = {asset.code for asset in catalogue.ASSETS}
    assert codes >= {"BTC", "ETH", "BNB", "SOL", "DOT", "USDT", "BUSD", "EUR", "CNY"}
    assert {(one.asset, one.token) for one in catalogue.LIQUID} == {
        ("ETH", "WBETH"),
        ("SOL", "BNSOL"),
    }


def test_what_pays_by_the_day_or_in_another_asset_is_held(told):
    now = datetime(2026, 3, 1, 13, 45, tzinfo=UTC)
    told(now)
    account_id = accounts.find_account_id(email=DEMO_EMAIL)
    held = {one.product.code: one for one in earn.list_positions(account_id=account_id, at=now)}
    apart = held["Eth*30"]
    assert apart.rewards_paid.asset == "BNB"
    assert apart.rewards_paid.number > 0
    earned = {one.to_date.asset for one in earn.rewards_earned(account_id=account_id, at=now)}
    assert earned >= {"BNB", "USDT"}
    product = earn.get_product(code="USDT001", at=now)
    [rates] = earn.daily_rates([product.id]).values()
    assert [tier.rate for tier in rates.bonus_on(now.date())] == [Decimal("0.05"), Decimal("0.02")]
    assert rates.extra_asset == "BNB"
    slow = earn.get_product(code="BUSD001", at=now).terms
    assert (slow.standard_days, slow.daily_limit_per_person) == (3, 20000)
    # What existing clients look for under these names; Simple Earn's own product stays the usual.
    assert {earn.get_product(code=code, at=now).asset for code in ("BFUSD", "RWUSD")} == {"USDT"}
    assert earn.flexible_product_of("USDT", at=now).code == "USDT001"
    assert earn.get_product(code="Usdt*30", at=now).terms.excluded_countries == ["US"]


def test_tokens_of_liquid_staking_have_a_past_and_one_is_given_back(told):
    now = datetime(2026, 3, 1, 13, 45, tzinfo=UTC)
    told(now)
    account_id = accounts.find_account_id(email=DEMO_EMAIL)
    held = {
        one.product.code: one
        for one in earn.list_positions(account_id=account_id, at=now)
        if one.kind == "LIQUID"
    }
    assert set(held) == {"WBETH", "BNSOL"}
    ether = held["WBETH"]
    assert ether.tokens.number > 1
    history = earn.ratio_history(product_id=ether.product.id, at=now)
    assert len(history) == 9
    assert [ratio for _since, ratio in history] == sorted((r for _, r in history), reverse=True)
    assert ether.ratio == history[0][1]
    [leaving] = [
        one for one in earn.list_redemptions(account_id=account_id, at=now) if one.type == "LIQUID"
    ]
    assert (leaving.status, leaving.amount) == ("PENDING", Amount(Decimal("0.35"), "WBETH"))
    assert leaving.arrives_until - leaving.requested_at == timedelta(hours=480)
    chains = earn.unbonding_at([asset.code for asset in assets.list_assets()], at=now)
    assert (chains["DOT"].hours_min, chains["TIA"].hours_max) == (672, 337)
    assert earn.unbonding_at(["TIA"], at=now - timedelta(days=50))["TIA"].hours_max == 504
    assert not [one for one in earn.list_liquidity(at=now) if one.is_short]
