"""The command line answers with figures or with one sentence, never with a traceback."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from mooring.accounts import api as accounts
from mooring.kernel import clock
from mooring.operations import cli
from mooring.operations.commands import failures, output
from mooring.wallet import api as wallet
from tests.operations.conftest import OPENING, of

PASSWORD = "calm harbour 12"
ALICE = ("--email", "alice@example.org")


@pytest.fixture
def mooring(capsys):
    """Return a function that runs a command and returns code, output and error."""

    def run(*words):
        code = cli.run(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def answered(mooring):
    """Return a function that runs a command that has to succeed, and returns its JSON."""

    def run(*words):
        code, out, err = mooring(*words, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


# --- accounts and money ---


@pytest.mark.django_db
def test_an_account_is_created_and_credited(world, answered):
    created = answered("account", "create", "--email", "Carol@Example.org", "--password", PASSWORD)
    assert created["email"] == "carol@example.org"
    assert accounts.find_account_id(email="carol@example.org") == created["account_id"]
    words = ("account", "credit", "--email", "carol@example.org", "--asset", "BTC")
    credited = answered(*words, "--amount", "0.25", "--key", "first")
    assert (credited["amount"], credited["replayed"]) == ("0.25", False)
    again = answered(*words, "--amount", "0.25", "--key", "first")
    assert (again["journal_id"], again["replayed"]) == (credited["journal_id"], True)
    [balance] = answered("balances", "--email", "carol@example.org")["balances"]
    assert (balance["asset"], balance["total"], balance["spot_available"]) == (
        "BTC",
        "0.25",
        "0.25",
    )


CREATE = ("account", "create", "--email")
CREDIT = ("account", "credit", *ALICE, "--asset")
REFUSED = [
    ("no address", (*CREATE, "carol", "--password", PASSWORD), "email_malformed", "--email"),
    (
        "a long address",
        (*CREATE, f"{'c' * 250}@example.org", "--password", PASSWORD),
        "email_malformed",
        "254",
    ),
    (
        "a short password",
        (*CREATE, "carol@example.org", "--password", "short"),
        "password_too_weak",
        "at least 12",
    ),
    (
        "the address as password",
        (*CREATE, "carol.harbour@example.org", "--password", "carol.harbour@example"),
        "password_too_weak",
        "made of your address",
    ),
    ("a taken address", (*CREATE, "ALICE@example.org", "--password", PASSWORD), "email_taken", ""),
    ("nobody", ("balances", "--email", "carol@example.org"), "account_not_found", "--email"),
    ("no such asset", (*CREDIT, "XXX", "--amount", "1"), "asset_unknown", "XXX"),
    ("an exponent", (*CREDIT, "BTC", "--amount", "1e3"), "malformed_amount", "plain digits"),
    ("a sign", (*CREDIT, "BTC", "--amount", "-1"), "malformed_amount", "plain digits"),
    ("too fine", (*CREDIT, "BTC", "--amount", "0.000000001"), "malformed_amount", "8 decimals"),
    ("nothing", (*CREDIT, "BTC", "--amount", "0"), "wallet_amount_not_positive", "zero"),
    (
        "a key that is none",
        (*CREDIT, "BTC", "--amount", "1", "--key", "a b"),
        "wallet_key_malformed",
        "letters",
    ),
    (
        "no such product",
        ("earn", "subscribe", *ALICE, "--product", "XXX", "--amount", "1"),
        "earn_product_not_found",
        "product",
    ),
    (
        "more than there is",
        ("earn", "subscribe", *ALICE, "--product", "BTC001", "--amount", "5001"),
        "insufficient_funds",
        "balance",
    ),
    (
        "another's position",
        ("earn", "quote", *ALICE, "--position", "9999"),
        "earn_position_not_found",
        "position",
    ),
    ("backwards", ("clock", "set", "2020-01-01T00:00:00Z"), "clock_only_moves_forward", "forward"),
    ("too far", ("clock", "advance", "9000d"), "clock_too_far", "20 years"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("case", "words", "code", "part"), REFUSED, ids=[c[0] for c in REFUSED])
def test_declines_in_a_sentence(world, mooring, case, words, code, part):
    exit_code, out, err = mooring(*words)
    assert (exit_code, out) == (1, ""), case
    assert err.startswith(f"{code}: ")
    assert part in err
    assert err.count("\n") == 1
    exit_code, out, err = mooring(*words, "--json")
    assert (exit_code, out) == (1, "")
    assert json.loads(err)["error"]["code"] == code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nonsense",), "No such command 'nonsense'."),
        (("balances",), "Missing option '--email'."),
        (("clock", "advance"), "Missing argument 'BY'."),
        (("clock", "advance", "7x"), "90m, 1h or 7d, or until-next-event"),
        (("clock", "advance", "-1h"), "No such option"),
        (("clock", "advance", "0h"), "90m, 1h or 7d"),
        (("clock", "advance", "１h"), "90m, 1h or 7d"),
        (("clock", "set", "tomorrow"), "2026-03-01T12:00:00Z"),
        (("clock", "set", "2026-03-01T12:00:00"), "with its zone"),
        (("clock", "set", "0001-01-01T00:00:00+10:00"), "outside the calendar"),
        (("earn", "undo", *ALICE, "--redemption", "1" * 30), "not in the range"),
    ],
)
def test_a_command_written_wrongly_says_what_is_allowed(mooring, words, part):
    exit_code, out, err = mooring(*words)
    assert (exit_code, out) == (2, "")
    assert part in err
    assert err.count("\n") == 1
    exit_code, _, err = mooring(*words, "--json")
    assert exit_code == 2
    assert json.loads(err)["error"]["code"] == "usage"


@pytest.mark.django_db
def test_more_than_the_book_holds_is_a_sentence(world, mooring):
    words = (*CREDIT, "BTC", "--amount", "9" * 20)
    assert mooring(*words)[0] == 1
    assert "20 digits" in mooring(*words)[2]


# --- Earn ---


@pytest.mark.django_db
def test_what_happened_to_the_platforms_stake_is_written_down_once(world, answered, mooring):
    bond = ("stake", "bond", "--asset", "BTC", "--amount", "5", "--key", "validator-1.bond")
    assert (answered(*bond)["amount"], answered(*bond)["replayed"]) == ("5", True)
    code, out, err = mooring(*bond)
    assert (code, err) == (0, "")
    assert "5 BTC bonded with the protocol" in out
    assert "in the book already" in out
    slash = ("stake", "slash", "--asset", "BTC", "--amount", "6", "--key", "validator-1.slash")
    code, out, err = mooring(*slash)
    assert (code, out) == (1, "")
    assert "There are 5 BTC to move, not more" in err


@pytest.mark.django_db
def test_the_whole_way_in_and_out(world, answered):
    subscribed = answered(
        "earn", "subscribe", *ALICE, "--product", "BTC001", "--amount", "2", "--key", "s"
    )
    assert subscribed["replayed"] is False
    position = str(subscribed["position_id"])
    answered("clock", "advance", "1d")
    quote = answered("earn", "quote", *ALICE, "--position", position, "--amount", "0.5")
    assert (quote["amount"], quote["net"], quote["fee"]) == ("0.5", "0.5", "0")
    words = ("earn", "redeem", *ALICE, "--position", position, "--amount", "0.5", "--key", "r")
    redeemed = answered(*words, "--to", "FUNDING")
    assert (redeemed["status"], redeemed["net"]) == ("PAID", "0.5")
    assert answered(*words, "--to", "FUNDING")["replayed"] is True
    [shown] = answered("earn", "positions", *ALICE)["positions"]
    assert shown["amount"].startswith("1.500")
    assert shown["product"]["code"] == "BTC001"
    [balance, _] = answered("balances", *ALICE)["balances"]
    assert (balance["funding"], balance["spot_available"]) == ("0.5", "4998")


@pytest.mark.django_db
def test_a_quote_says_when_the_money_arrives(world, mooring):
    at = clock.now()
    instant = str(world.subscribe("2", "BTC001", at=at))
    assert "Arrives at once." in mooring("earn", "quote", *ALICE, "--position", instant)[1]
    early = str(world.subscribe("700", at=at))
    assert "Arrives from 2" in mooring("earn", "quote", *ALICE, "--position", early)[1]


@pytest.mark.django_db
def test_a_locked_position_is_left_undone_and_left_again(world, answered, mooring):
    at = clock.now()
    position = str(world.subscribe("700", at=at))
    left = answered("earn", "redeem", *ALICE, "--position", position)
    assert (left["type"], left["status"], left["net"]) == ("EARLY", "PENDING", "700")
    number = str(left["redemption_id"])
    assert answered("earn", "undo", *ALICE, "--redemption", number)["status"] == "CANCELLED"
    [undone] = answered("earn", "redemptions", *ALICE)["redemptions"]
    assert undone["status"] == "CANCELLED"
    answered("earn", "redeem", *ALICE, "--position", position)
    answered("clock", "advance", "49h")
    code, out, _ = mooring("work", "--until-idle")
    assert code == 0
    assert "earn.settle" in out
    balances = {row["asset"]: row for row in answered("balances", *ALICE)["balances"]}
    assert balances["BUSD"]["spot_available"] == "5000"


# --- the clock and the worker ---


@pytest.mark.django_db
def test_the_clock_moves_forward(answered):
    before = clock.now()
    assert datetime.fromisoformat(answered("clock", "show")["now"]) >= before
    moved = answered("clock", "advance", "90m")
    assert datetime.fromisoformat(moved["now"]) - before > timedelta(minutes=90)
    to = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    assert answered("clock", "set", to.isoformat())["now"].startswith(f"{to:%Y-%m-%dT%H:%M:%S}")
    assert answered("clock", "show")["ahead_seconds"] > 3 * 86400


@pytest.mark.django_db
def test_the_clock_goes_to_the_next_event(world, answered, mooring):
    code, _, err = mooring("clock", "advance", "until-next-event")
    assert (code, err) == (1, "nothing_scheduled: Nothing is scheduled: there is no next event.\n")
    at = clock.now()
    world.subscribe("700", at=at)
    moved = datetime.fromisoformat(answered("clock", "advance", "until-next-event")["now"])
    assert moved.astimezone(UTC).date() == (at + timedelta(days=1)).date()
    assert moved.hour == 0


@pytest.mark.django_db
def test_work_until_idle_says_what_was_done(world, answered):
    world.subscribe("1000", at=OPENING)
    done = answered("work", "--until-idle")
    assert done["jobs"]["earn.mature"] == 1
    assert done["done"] == sum(done["jobs"].values())
    assert answered("work", "--until-idle")["done"] == 0


@pytest.mark.django_db
def test_work_until_idle_fails_when_a_job_does(world, mooring, monkeypatch):
    def broken(*, at):
        raise ConnectionError

    monkeypatch.setattr("mooring.earn.jobs.settle_due", broken)
    code, _, err = mooring("work", "--until-idle")
    assert code == 1
    assert "job_failed: These jobs failed: earn.settle." in err


# --- where it must not run ---

SANDBOX_ONLY = [
    ("demo",),
    ("account", "create", "--email", "c@example.org", "--password", PASSWORD),
    ("account", "credit", *ALICE, "--asset", "BTC", "--amount", "1"),
    ("clock", "show"),
    ("clock", "advance", "1h"),
    ("clock", "set", "2100-01-01T00:00:00Z"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("words", SANDBOX_ONLY, ids=" ".join)
def test_does_not_exist_outside_the_sandbox(world, mooring, settings, words):
    settings.SANDBOX = False
    code, out, err = mooring(*words)
    assert (code, out) == (1, "")
    assert err.startswith("not_a_sandbox: ")
    assert wallet.balances(account_id=world.alice, at=OPENING)[0].total == of("5000", "BTC")


def in_a_process(url, *words):
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "mooring.settings.development",
        "MOORING_SANDBOX": "true",
    }
    return subprocess.run(
        [sys.executable, "-m", "mooring.operations.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_database_that_is_away_is_a_sentence():
    ended = in_a_process("postgres://alice:secret@127.0.0.1:1/mooring", "balances", *ALICE)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "The database cannot be reached" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "secret" not in ended.stderr


def test_an_empty_database_is_a_sentence_until_it_is_migrated(committed_db, committed_url):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute("GRANT USAGE ON SCHEMA public TO mooring_app")
    ended = in_a_process(committed_url, "product", "list")
    assert ended.returncode == 1
    assert "mooring migrate" in ended.stderr
    assert ended.stderr.count("\n") == 1
    migrated = in_a_process(committed_url, "migrate", "--json")
    assert (migrated.returncode, json.loads(migrated.stdout)) == (0, {"migrated": True})
    assert in_a_process(committed_url, "product", "list").returncode == 0


# --- how it is made ---


def test_run_loads_no_django():
    program = (
        "import sys\n"
        "from mooring.operations.commands import run\n"
        "from mooring.operations import cli, demo\n"
        "sys.exit('django' in sys.modules or not demo.DEMO_EMAIL)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_verb_has_a_summary_and_a_file(mooring):
    code, out, _ = mooring("--help")
    assert code == 0
    for verb in cli._VERBS:
        assert f"  {verb} " in out
        assert mooring(verb, "--help")[0] == 0


def test_what_nobody_foresaw_is_a_sentence():
    failure = failures.explain(RuntimeError("two\nlines"))
    assert failure.message == "This failed for a reason that was not foreseen: RuntimeError: two."
    assert failure.exit_code == 1


def test_json_has_strings_for_amounts_and_utc_for_times():
    value = {"a": of("0.50"), "at": OPENING.astimezone(), "n": [of("1").number, None, True]}
    assert output.jsonable(value) == {
        "a": "0.5",
        "at": "2026-03-01T10:30:00Z",
        "n": ["1", None, True],
    }


def test_a_table_aligns_numbers_to_the_right(capsys):
    output.table(["asset", "net"], [("BTC", of("0.5")), ("BUSD", of("1250"))])
    assert capsys.readouterr().out == "asset   net\nBTC     0.5\nBUSD   1250\n"
