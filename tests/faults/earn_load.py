"""
Customers who use Earn through its door, as a process of its own.

    earn_load.py HOME make PREFIX NUMBER PASSWORD     make customers, print them as JSON
    earn_load.py HOME use LOG CUSTOMERS               subscribe and redeem until stdin closes

Each line of the log is written before the next request is made: what was asked, and what was
answered. An answer that does not come is asked for again, under the same key.
"""

import json
import os
import random
import sys
import threading
import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from mooring.operations.launch import environment

HOME = Path(sys.argv[1])
environment.enter(HOME)

import django  # noqa: E402

django.setup()

from django.db import Error, connection  # noqa: E402

from mooring.accounts import api as accounts  # noqa: E402
from mooring.earn import api as earn  # noqa: E402
from mooring.kernel import clock  # noqa: E402
from mooring.kernel.errors import Refusal  # noqa: E402
from mooring.kernel.money import Amount  # noqa: E402
from mooring.wallet import api as wallet  # noqa: E402

ASSET = "USDT"
PRODUCT = "USDT001"
STOP = threading.Event()


def amount(number):
    return Amount(Decimal(number), ASSET)


def make(prefix, number, password):
    """Open accounts with 100,000 each, 50,000 of it in a flexible product."""
    at = clock.now()
    made = []
    for index in range(number):
        email = f"{prefix}{index}@example.org"
        account_id = accounts.open_account(email=email, password=password, at=at)
        credit = wallet.Credit(
            account_id=account_id, amount=amount("100000"), key=email.replace("@", ".")
        )
        wallet.credit_one(credit, at=at)
        done = earn.subscribe_one(
            earn.Subscription(
                account_id=account_id,
                product_code=PRODUCT,
                amount=amount("50000"),
                key="first",
            ),
            at=at,
        )
        made.append(
            {
                "email": email,
                "account_id": account_id,
                "position_id": done.position_id,
                "product": PRODUCT,
            }
        )
    sys.stdout.write(json.dumps(made))


class Customer:
    """Asks for one thing after the other, and writes down every word."""

    def __init__(self, log, facts, seed):
        self.log = log
        self.facts = facts
        self.chance = random.Random(seed)
        self.asked = 0

    def write(self, word, key, *facts):
        text = " ".join(map(str, [word, self.facts["account_id"], key, *facts]))
        os.write(self.log, f"{text}\n".encode())

    def __call__(self):
        while not STOP.is_set():
            self.asked += 1
            verb = self.chance.choice(["redeem", "redeem", "subscribe"])
            self.ask_until_answered(verb, f"{verb[0]}{os.getpid()}.{self.asked}")
        connection.close()

    def ask_until_answered(self, verb, key):
        number = self.chance.randint(1, 9)
        self.write("ask", key, verb, number)
        # Some give up after the first silence: then nobody knows, and either is right.
        patience = 1 if self.chance.random() < 0.2 else 1000
        while patience:
            patience -= 1
            try:
                self.write("ok", key, *getattr(self, verb)(key, number))
            except Refusal as refusal:
                self.write("no", key, refusal.code)
            except Error:
                self.write("silence", key)
                with suppress(Error):
                    connection.close()
                time.sleep(0.05)
                if STOP.is_set():
                    patience = 0
                continue
            return

    def redeem(self, key, number):
        request = earn.Redemption(
            account_id=self.facts["account_id"],
            position_id=self.facts["position_id"],
            amount=amount(number),
            key=key,
        )
        done = earn.redeem_one(request, at=clock.now())
        return done.redemption_id, f"{done.net.number:f}"

    def subscribe(self, key, number):
        request = earn.Subscription(
            account_id=self.facts["account_id"],
            product_code=self.facts["product"],
            amount=amount(number),
            key=key,
        )
        done = earn.subscribe_one(request, at=clock.now())
        return done.subscription_id, number


def use(path, customers):
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    threads = [
        threading.Thread(target=Customer(log, facts, seed))
        for seed, facts in enumerate(json.loads(customers))
    ]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    STOP.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    if sys.argv[2] == "make":
        make(sys.argv[3], int(sys.argv[4]), sys.argv[5])
    else:
        use(sys.argv[3], sys.argv[4])
