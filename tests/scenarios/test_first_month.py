"""
A newcomer's first month, told at the command line: every balance, to the last digit.

The clock is the sandbox's, set before each step; the worker is the one that runs in production.
What is said here in figures can be checked with a pocket calculator and domain rules §1.2, §2.2.
"""

import calendar
import json
from decimal import Decimal

import pytest

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.operations import cli

ALICE = "alice@example.org"


class Teller:
    """Speaks the commands and reads their answers."""

    def __init__(self, capsys):
        self.capsys = capsys
        # The sandbox's clock only goes forwards, and the story begins on a leap day to come.
        this = clock.wall().year
        self.year = next(year for year in range(this + 1, this + 10) if calendar.isleap(year))

    def __call__(self, *words, declined=False):
        code = cli.run([*words, "--json"])
        said = self.capsys.readouterr()
        assert code == (1 if declined else 0), said.err
        return json.loads(said.err if declined else said.out)

    def at(self, day, time="10:30:00"):
        """Let it be that moment, with everything done that falls due before."""
        self("clock", "set", f"{self.year}-{day}T{time}Z")
        self("work", "--until-idle")

    def earn(self, verb, *words, **about):
        return self("earn", verb, "--email", ALICE, *words, **about)

    def holds(self):
        """Return what alice has, state by state, without the empty ones."""
        [held] = self("balances", "--email", ALICE)["balances"]
        return {
            state: amount
            for state, value in held.items()
            if state not in {"asset", "total"} and Decimal(amount := number(value))
        }


def number(value):
    return value["number"] if isinstance(value, dict) else value.split(" ")[0]


@pytest.fixture
def mooring(committed_db, capsys):
    """An operator has published a flexible and a locked product in a sandbox."""
    now = clock.now()
    assets.register([assets.Asset(code="USDT", name="Tether", ledger_decimals=8)])
    earn.publish(
        code="USDT001",
        kind="FLEXIBLE",
        asset="USDT",
        offer=earn.Offer(minimum=Decimal("0.1")),
        effective_from=now,
    )
    earn.set_rate(product_code="USDT001", apr=Decimal("0.03"), at=now)
    earn.publish(
        code="Usdt*30",
        kind="LOCKED",
        asset="USDT",
        offer=earn.Offer(
            minimum=Decimal(1),
            apr=Decimal("0.10"),
            duration_days=30,
            redeem_period_days=1,
            delivery_hours_min=48,
            delivery_hours_max=72,
            grace_seconds=3600,
        ),
        effective_from=now,
    )
    return Teller(capsys)


def test_a_newcomers_first_month(mooring):
    flexible, locked = arrives_and_stakes(mooring)
    takes_half_of_what_is_free(mooring, flexible)
    looks_at_what_is_locked(mooring, locked)
    leaves_thinks_again_and_leaves(mooring, locked)
    takes_the_rest(mooring, flexible)


def arrives_and_stakes(mooring):
    # A leap day. Alice opens an account and is credited.
    mooring.at("02-29")
    mooring("account", "create", "--email", ALICE, "--password", "calm harbour 2028")
    mooring("account", "credit", "--email", ALICE, "--asset", "USDT", "--amount", "3000",
            "--key", "c1")  # fmt: skip
    assert mooring.holds() == {"spot_available": "3000"}

    # She puts 1000 where she can have it any time, and 1000 away for 30 days.
    flexible = mooring.earn("subscribe", "--product", "USDT001", "--amount", "1000")["position_id"]
    locked = mooring.earn("subscribe", "--product", "Usdt*30", "--amount", "1000")["position_id"]
    assert mooring.holds() == {
        "spot_available": "1000", "earn_flexible": "1000", "earn_locked": "1000"
    }  # fmt: skip
    return flexible, locked


def takes_half_of_what_is_free(mooring, flexible):
    # To the minute a day later: 1440 minutes at 3 %, compounding.
    mooring.at("03-01")
    quote = mooring.earn("quote", "--position", str(flexible))
    assert number(quote["net"]) == "1000.08219515"
    # She takes half of it, at once and for nothing. 810 minutes were credited at midnight.
    half = mooring.earn("redeem", "--position", str(flexible), "--amount", "500", "--key", "r1")
    assert (half["status"], number(half["net"])) == ("PAID", "500")
    assert mooring.holds() == {
        "spot_available": "1500", "earn_flexible": "500.08219515", "earn_locked": "1000"
    }  # fmt: skip
    # The answer is lost, she asks again: nothing moves.
    again = mooring.earn("redeem", "--position", str(flexible), "--amount", "500", "--key", "r1")
    assert again["replayed"]
    assert mooring.holds()["spot_available"] == "1500"


def looks_at_what_is_locked(mooring, locked):
    # Ten whole days of the locked position have been paid, one o'clock every night.
    mooring.at("03-11", "12:00:00")
    assert mooring.holds()["spot_available"] == "1502.73972602"
    quote = mooring.earn("quote", "--position", str(locked))
    assert number(quote["deducted"]) == "2.73972602"
    assert number(quote["net"]) == "997.26027398"
    assert number(quote["wait"]["receive_more"]) == "8.21917808"
    # A part of it she cannot have.
    refused = mooring.earn("redeem", "--position", str(locked), "--amount", "10", declined=True)
    assert refused["error"]["code"] == "earn_whole_position_only"


def leaves_thinks_again_and_leaves(mooring, locked):
    holds = mooring.holds()
    # She leaves, sees what it cost, and thinks better of it within the hour.
    left = mooring.earn("redeem", "--position", str(locked))
    assert (left["status"], number(left["net"])) == ("PENDING", "997.26027398")
    assert mooring.holds()["earn_redeeming"] == "997.26027398"
    mooring.at("03-11", "12:50:00")
    mooring.earn("undo", "--redemption", str(left["redemption_id"]))
    assert mooring.holds() == holds

    # Four days later she leaves all the same. Fourteen paid days are taken back.
    mooring.at("03-15", "12:00:00")
    left = mooring.earn("redeem", "--position", str(locked))
    assert number(left["net"]) == "996.16438357"
    mooring.at("03-15", "13:00:01")
    late = mooring.earn("undo", "--redemption", str(left["redemption_id"]), declined=True)
    assert late["error"]["code"] == "earn_undo_not_possible"

    # Not a second before 48 hours have passed, it arrives.
    mooring.at("03-17", "11:59:00")
    assert mooring.holds()["earn_redeeming"] == "996.16438357"
    mooring.at("03-17", "12:01:00")
    assert mooring.holds()["spot_available"] == "2500"
    assert set(mooring.holds()) == {"spot_available", "earn_flexible"}


def takes_the_rest(mooring, flexible):
    # The rest of the flexible position, with everything that it earned in 16 days and 91 minutes.
    rest = mooring.earn("redeem", "--position", str(flexible))
    assert number(rest["net"]) == "500.74287097"
    assert mooring.holds() == {"spot_available": "3000.74287097"}
    assert mooring("audit")


def test_a_month_of_waiting(mooring):
    """Who waits has it all: rewards every night, the principal a day after the last."""
    mooring.at("02-29")
    mooring("account", "create", "--email", ALICE, "--password", "calm harbour 2028")
    mooring("account", "credit", "--email", ALICE, "--asset", "USDT", "--amount", "1000")
    mooring.earn("subscribe", "--product", "Usdt*30", "--amount", "1000")
    # The worker sleeps for the whole term, then finds everything at once.
    mooring.at("03-31", "00:00:30")
    assert mooring.holds() == {
        "spot_available": "7.94520547", "earn_redeeming": "1000", "rewards_pending": "0.27397261"
    }  # fmt: skip
    mooring.at("04-01", "00:00:30")
    assert mooring.holds() == {"spot_available": "1008.21917808"}
    [arrived] = mooring.earn("redemptions")["redemptions"]
    assert (arrived["type"], arrived["status"]) == ("MATURE", "PAID")
    assert mooring("audit")
