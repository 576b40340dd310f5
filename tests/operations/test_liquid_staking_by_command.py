"""`mooring ratio` and `mooring unbonding`, and the audit that finds a token with nothing behind."""

import json
from decimal import Decimal

import pytest

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.kernel.money import Amount
from mooring.operations import cli
from mooring.operations.audits import run
from mooring.wallet import api as wallet

FUTURE = "2090-01-01T00:00:00Z"


def mooring(capsys, *words):
    code = cli.run([*words, "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out or told.err)


@pytest.fixture
def alice(db):
    """Alice has a hundred ETH; a token of it can be had, and nothing is said of its worth."""
    assets.register(
        [assets.Asset(code="ETH", name="Ether", ledger_decimals=18),
         assets.Asset(code="WBETH", name="Wrapped Beacon ETH")]
    )  # fmt: skip
    at = clock.now()
    account = accounts.open_account(email="alice@example.org", password="pass word", at=at)
    credit = wallet.Credit(account_id=account, amount=Amount(Decimal(100), "ETH"), key="in")
    wallet.credit_one(credit, at=at)
    earn.publish_liquid(
        code="ETH2",
        asset="ETH",
        token="WBETH",
        offer=earn.Offer(minimum=Decimal("0.0001")),
        effective_from=at,
    )
    return account


def stake(account, number):
    request = earn.Subscription(
        account_id=account, product_code="ETH2", amount=Amount(Decimal(number), "ETH"), key="s"
    )
    return earn.stake_one(request, at=clock.now())


def unbacked():
    return offenders("tokens_are_backed")


def offenders(audit):
    return next(found.rows for found in run.findings() if found.audit.name == audit)


def moved(move, number):
    amount = Amount(Decimal(number), "ETH")
    earn.move_stake(earn.StakeMove(move), amount, key=f"{move}-{number}", at=clock.now())


def test_a_ratio_is_published_holds_and_is_listed(alice, capsys):
    code, told = mooring(capsys, "ratio", "publish", "ETH2", "1.08")
    assert (code, Decimal(told["ratio"])) == (0, Decimal("1.08"))
    assert stake(alice, "10.8").tokens == Amount(Decimal(10), "WBETH")
    mooring(capsys, "ratio", "publish", "ETH2", "1.09", "--from", FUTURE)
    _code, listed = mooring(capsys, "ratio", "list", "ETH2")
    assert [Decimal(row["ratio"]) for row in listed["ratios"]] == [Decimal("1.08")]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("ratio", "publish", "ETH2", "NaN"), "earn_proposal_malformed"),
        (("ratio", "publish", "ETH2", "0"), "earn_proposal_malformed"),
        (("ratio", "publish", "NONE", "1.2"), "earn_product_not_found"),
        (("ratio", "publish", "ETH2", "1.07", "--from", FUTURE), "earn_ratio_falls"),
        (("ratio", "list", "NONE"), "earn_product_not_found"),
        (
            ("unbonding", "publish", "ETH", "--hours-min", "x", "--hours-max", "2"),
            "earn_proposal_malformed",
        ),
        (
            ("unbonding", "publish", "ETH", "--hours-min", "3", "--hours-max", "2"),
            "earn_proposal_malformed",
        ),
        (
            ("unbonding", "publish", "XXX", "--hours-min", "1", "--hours-max", "2"),
            "asset_unknown",
        ),
    ],
)
def test_what_cannot_be_published_is_said_and_changes_nothing(alice, capsys, words, refusal):
    mooring(capsys, "ratio", "publish", "ETH2", "1.08")
    code, told = mooring(capsys, *words)
    assert (code, told["error"]["code"]) == (1, refusal)
    at = clock.now()
    product = earn.get_product(code="ETH2", at=at)
    assert [ratio for _since, ratio in earn.ratio_history(product_id=product.id, at=at)] == [
        Decimal("1.08")
    ]
    assert earn.unbonding_at(["ETH", "XXX"], at=at) == {}


def test_how_long_a_chain_takes_is_published_and_listed(alice, capsys):
    words = ("unbonding", "publish", "ETH", "--hours-min", "48", "--hours-max", "480")
    assert mooring(capsys, *words)[0] == 0
    _code, listed = mooring(capsys, "unbonding", "list")
    assert listed["unbonding"] == [{"asset": "ETH", "hours_min": 48, "hours_max": 480}]
    later = mooring(capsys, *words[:-1], "481", "--from", "2020-01-01T00:00:00Z")
    assert later[1]["error"]["code"] == "earn_published_in_the_past"


def test_a_token_without_an_asset_behind_it_is_found(alice, capsys):
    mooring(capsys, "ratio", "publish", "ETH2", "1.08")
    stake(alice, "54")
    assert not unbacked()
    at = clock.now()
    earn.publish_ratio(product_code="ETH2", ratio=Decimal("1.1"), effective_from=at, at=at)
    credit = wallet.Credit(account_id=alice, amount=Amount(Decimal(1), "ETH"), key="later")
    wallet.credit_one(credit, at=at)
    [row] = unbacked()
    assert row["asset"] == "ETH"
    for move, number in (("BOND", "50"), ("REWARD", "1")):
        amount = Amount(Decimal(number), "ETH")
        earn.move_stake(earn.StakeMove(move), amount, key=move, at=at)
    assert not unbacked()
    assert [found.audit.name for found in run.findings() if not found.is_clean] == []


def test_what_is_bonded_is_missing_when_it_is_owed_and_counts_once_it_comes_back(alice, capsys):
    mooring(capsys, "ratio", "publish", "ETH2", "1")
    mooring(capsys, "unbonding", "publish", "ETH", "--hours-min", "12", "--hours-max", "20")
    position = stake(alice, "60").position_id
    moved("BOND", "90")
    tokens = Amount(Decimal(25), "WBETH")
    leaving = earn.Unstaking(account_id=alice, position_id=position, tokens=tokens, key="u")
    earn.unstake_one(leaving, at=clock.now())
    [row] = offenders("what_is_due_soon_is_there")
    assert (row["asset"], row["owed"], row["held"]) == ("ETH", 25, 10)
    moved("UNBOND", "14")
    assert offenders("what_is_due_soon_is_there")
    moved("UNBOND", "1")
    assert not offenders("what_is_due_soon_is_there")
    moved("UNBONDED", "15")
    assert not offenders("what_is_due_soon_is_there")
    assert [found.audit.name for found in run.findings() if not found.is_clean] == []
