"""Soft staking by the API: there is none, said in the documented shape."""

SOFT = "/sapi/v1/soft-staking"


def test_nothing_is_listed_and_nothing_was_paid(world, alice):
    assert alice.get(f"{SOFT}/list", asset="BNB").json == {
        "status": False,
        "totalRewardsUsdt": "0.00000000",
        "rows": [],
        "total": 0,
    }
    assert alice.get(f"{SOFT}/history/rewardsRecord").json == {"rows": [], "total": 0}


def test_times_are_read_all_the_same(world, alice):
    path = f"{SOFT}/history/rewardsRecord"
    assert alice.get(path, startTime=2, endTime=1).code == -1130
    assert alice.get(path, startTime=0, endTime=10**12).code == -1127


def test_there_is_nothing_to_switch_and_a_get_would_not_switch_it(world, alice):
    found = alice.get(f"{SOFT}/set", softStaking="true")
    assert (found.status, found.code) == (400, -1020)
