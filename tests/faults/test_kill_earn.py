"""
Whatever is killed while customers subscribe and redeem: what was acknowledged is there, what was
refused is not, and nothing is there that nobody asked for.

The load comes through two doors: processes that call Earn, and people at the pages. What they
were told is written to files outside the database. PostgreSQL, web server and worker are killed
with -9 in turn, by the platform's own supervisor brought back, and then the files and the
database are compared, by SQL that knows nothing of the product.
"""

import json
import os
import subprocess
import threading
import time
from collections import defaultdict
from contextlib import suppress
from decimal import Decimal

import pytest

from mooring.operations.launch import processes
from tests.faults.pages import Member, NoAnswer, key_of
from tests.properties import auditor

pytestmark = pytest.mark.faults

VICTIMS = ["PostgreSQL", "web", "worker", "a backend", "PostgreSQL", "web"]
#: Answers that must come between two kills: load before, life after.
ANSWERS_MIN = 25
PATIENCE_SECONDS = 60


class Visitor(threading.Thread):
    """Redeems one at a time at the pages, and asks again when there was no answer."""

    def __init__(self, log, platform, facts, stop):
        super().__init__()
        self.log, self.facts, self.stop_asking = log, facts, stop
        self.member = Member(platform, facts).log_in()
        self.error = None

    def write(self, word, key, *facts):
        text = " ".join(map(str, [word, self.facts["account_id"], key, *facts]))
        os.write(self.log, f"{text}\n".encode())

    def run(self):
        try:
            while not self.stop_asking.is_set():
                with suppress(NoAnswer):
                    self.redeem(self.member.quote("3"))
        except BaseException as error:  # noqa: BLE001 - raised by the test
            self.error = error

    def redeem(self, form):
        key = key_of(form)
        self.write("ask", key, "redeem", 3)
        while True:
            try:
                done = self.member.confirm(form)
            except NoAnswer:
                self.write("silence", key)
                if self.stop_asking.is_set():
                    return
                time.sleep(0.1)
                continue
            self.write("no", key, "changed") if done is None else self.write("ok", key, done, 3)
            return


def answers(log):
    return log.read_text().count("\nok ") if log.exists() else 0


def told(log):
    """Return what became of each request: its words in order, by account and key."""
    found = defaultdict(list)
    for line in log.read_text().splitlines():
        word, account_id, key, *facts = line.split(" ")
        found[int(account_id), key].append((word, *facts))
    return found


def test_nothing_acknowledged_is_lost_and_nothing_refused_is_there(platform, tmp_path):
    inside, outside = tmp_path / "inside.log", tmp_path / "outside.log"
    customers = platform.customers("inside", 8)
    visitors = platform.customers("outside", 3)
    use = platform.load("use", inside, json.dumps(customers), stdin=subprocess.PIPE)
    log = os.open(outside, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    stop = threading.Event()
    people = [Visitor(log, platform, facts, stop) for facts in visitors]
    for person in people:
        person.start()
    try:
        for victim in VICTIMS:
            wait_for_answers(inside, outside)
            assert platform.kill(victim), victim
        wait_for_answers(inside, outside)
    finally:
        stop.set()
        use.stdin.close()
        assert use.wait(PATIENCE_SECONDS) == 0
        for person in people:
            person.join()
    assert [person.error for person in people] == [None] * len(people)
    judge(platform, told(inside) | told(outside), customers + visitors)


def wait_for_answers(*logs):
    before = [answers(log) for log in logs]

    def both_go_on():
        return all(
            answers(log) >= count + ANSWERS_MIN for log, count in zip(logs, before, strict=True)
        )

    assert processes.wait_until(both_go_on, seconds=PATIENCE_SECONDS)


def judge(platform, requests, people):
    ids = [facts["account_id"] for facts in people]
    redeemed, subscribed = (present(platform, table, ids) for table in TABLES)
    assert disagreements(requests, redeemed | subscribed) == {}
    # The search was not for nothing: answers were cut off, and some of them had happened.
    assert {r for r, words in requests.items() if ("silence",) in words} & set(redeemed)
    assert auditor.broken(platform.rows) == {}
    spot = dict(
        platform.rows(
            "SELECT owner_id, balance FROM ledger_account WHERE code = 2110 AND asset = 'USDT'"
            " AND owner_id = ANY(%s)",
            [ids],
        )
    )
    expected = dict.fromkeys(ids, Decimal(50_000))
    for (account_id, _), (_, amount) in redeemed.items():
        expected[account_id] += amount
    for (account_id, _), (_, amount) in subscribed.items():
        expected[account_id] -= amount
    assert spot == expected


TABLES = ("earn_redemption", "earn_subscription")


def present(platform, table, ids):
    """Return what the database has: number and amount, by account and key."""
    found = platform.rows(
        f"SELECT account_id, request_key, id, amount FROM {table}"
        " WHERE account_id = ANY(%s) AND request_key <> 'first'",
        [ids],
    )
    return {(account_id, key): (id_, amount) for account_id, key, id_, amount in found}


def disagreements(requests, found):
    """Compare what people were told with what is there."""
    acknowledged = {
        request: (int(words[-1][1]), Decimal(words[-1][2]))
        for request, words in requests.items()
        if words[-1][0] == "ok"
    }
    refused = {request for request, words in requests.items() if words[-1][0] == "no"}
    complaints = {
        "lost": set(acknowledged) - set(found),
        "otherwise than acknowledged": {
            request
            for request, outcome in acknowledged.items()
            if found.get(request, outcome) != outcome
        },
        "refused and there": refused & set(found),
        "there and never asked for": set(found) - set(requests),
    }
    return {complaint: which for complaint, which in complaints.items() if which}


TOLD = {
    (1, "a"): [("ask", "redeem", "3"), ("silence",), ("ok", "7", "3")],
    (1, "b"): [("ask", "redeem", "3"), ("no", "earn_quote_changed")],
    (1, "c"): [("ask", "redeem", "3"), ("silence",)],
}
THERE = {(1, "a"): (7, Decimal(3))}


@pytest.mark.parametrize(
    ("case", "there", "complaint"),
    [
        ("silence that did not happen", THERE, None),
        ("silence that happened", THERE | {(1, "c"): (8, Decimal(3))}, None),
        ("an acknowledged one is gone", {}, "lost"),
        ("another number", {(1, "a"): (9, Decimal(3))}, "otherwise than acknowledged"),
        ("another amount", {(1, "a"): (7, Decimal(4))}, "otherwise than acknowledged"),
        ("a refused one happened", THERE | {(1, "b"): (8, Decimal(3))}, "refused and there"),
        ("a stranger", THERE | {(2, "a"): (8, Decimal(3))}, "there and never asked for"),
    ],
)
def test_the_judge_sees(case, there, complaint):
    assert list(disagreements(TOLD, there)) == ([complaint] if complaint else []), case
