"""What is earned is paid, whichever job comes late."""

from datetime import timedelta

import pytest

from mooring.kernel import jobs
from mooring.ledger import api as ledger
from tests.operations.conftest import OPENING, lock

A_DAY = timedelta(days=1)


def run(*names, at):
    for job in jobs.declared():
        if job.name.removeprefix("earn.") in names:
            jobs.run(job, at=at)


def spot_and_rest(account_id):
    held = {}
    for balance in ledger.balances(owner_id=account_id):
        if balance.amount.asset == "BUSD":
            is_spot = balance.code == ledger.Code.SPOT
            held[is_spot] = held.get(is_spot, 0) + balance.amount.number
    return str(held[True].normalize()), held[False]


@pytest.mark.parametrize(
    ("case", "order"),
    [
        (
            "rewards are paid after the principal has arrived",
            ["close_locked_days mature settle", "pay_locked_rewards"],
        ),
        (
            "days are booked after the principal has arrived",
            ["mature settle", "close_locked_days pay_locked_rewards"],
        ),
    ],
)
def test_a_late_job_pays_the_same(world, case, order):
    lock("Busd*3", days=3, redeem_period_days=0)
    world.subscribe("1000", "Busd*3")
    at = OPENING + 10 * A_DAY
    for names in order:
        run(*names.split(), at=at)
    # 1000 * 10 % * 3 / 365, and the 5000 there were.
    assert spot_and_rest(world.alice) == ("5000.8219178", 0), case
