"""The pages name who holds what of a position, and refuse to redeem that with its name."""

from decimal import Decimal

import pytest
from django.test import Client

from mooring.earn import api as earn
from mooring.kernel import clock, db
from mooring.kernel.money import Amount

from .conftest import Staked
from .test_earn_pages import text_of

pytestmark = pytest.mark.django_db


def pledge(staked: Staked, number: str) -> None:
    collateral = earn.Collateral(
        account_id=staked.account_id,
        position_id=staked.flexible,
        amount=Amount(Decimal(number), "BTC"),
        holder="loan 4711",
        key="p",
    )
    db.transaction(earn.pledge)(collateral, at=clock.now())


def test_a_position_names_its_holder_and_what_frees_it(member: Client, staked: Staked) -> None:
    path = f"/earn/positions/{staked.flexible}"
    assert "cannot be redeemed" not in text_of(member.get(path))
    pledge(staked, "0.6")
    words = text_of(member.get(path))
    for fact in ("What cannot be redeemed, and why", "held by loan 4711", "0.6", "Repaying"):
        assert fact in words, fact
    assert "Held as security" in text_of(member.get("/history"))


def test_redeeming_what_is_held_is_refused_with_the_name(member: Client, staked: Staked) -> None:
    pledge(staked, "0.6")
    path = f"/earn/positions/{staked.flexible}/redeem"
    assert "held by loan 4711" in text_of(member.get(path))
    refused = member.get(f"{path}?amount=0.9")
    assert refused.status_code == 422
    words = text_of(refused)
    assert "Held as security: 0.6" in words
    assert "(loan 4711)" in words
    everything = text_of(member.get(f"{path}?all=1"))
    assert "You receive 0.4" in everything
    assert "held by loan 4711" in everything


def test_a_developer_pledges_and_releases_on_the_command_line(
    staked: Staked, capsys: pytest.CaptureFixture[str]
) -> None:
    from mooring.operations import cli

    who = ["--email", "alice@example.com"]
    position = ["--position", str(staked.flexible), "--amount", "0.5", "--key", "k"]
    assert cli.run(["earn", "pledge", *who, *position]) == 0
    assert "0.5 BTC" in capsys.readouterr().out
    [held] = earn.list_pledges(account_id=staked.account_id, position_id=staked.flexible)
    assert held.amount.number == Decimal("0.5")
    assert cli.run(["earn", "release", *who, "--pledge", "k"]) == 0
    assert earn.list_pledges(account_id=staked.account_id, position_id=staked.flexible) == ()
