"""Each method of the exchange's own clients: answered and strictly parsed, or a known code."""

import logging

import pytest

from tests.clients.arguments import arguments, methods
from tests.clients.serving import sdk
from tests.gateway.test_every_endpoint import DOCUMENTED

#: How many methods each client has, and how many of them are answered.
METHODS = {"simple_earn": 41, "staking": 37, "wallet": 50, "spot": 48}
ANSWERED = {"simple_earn": 41, "staking": 34, "wallet": 21, "spot": 21}


def is_raw(found):
    """Whether the client gave up on its model: a row without one is a dictionary."""
    # A ping has no model, and nothing in it.
    return (isinstance(found, dict) and found != {}) or (
        isinstance(found, list) and any(isinstance(one, dict) for one in found)
    )


def positions(served):
    """Lock something of each family; return the arguments by which it is found."""
    earning, staking = (sdk(part, served.server, served.key) for part in ("simple_earn", "staking"))
    term = earning.subscribe_locked_product(project_id="TERM", amount=10.0).data()
    chain = staking.subscribe_on_chain_yields_locked_product(project_id="CHAIN", amount=10.0)
    return {
        "simple_earn": {"position_id": term.position_id},
        "staking": {"position_id": chain.data().position_id, "project_id": "CHAIN"},
    }


@pytest.mark.parametrize("part", METHODS)
def test_each_is_answered_as_its_model_says_or_refused_by_a_code(served, caplog, part):
    api = sdk(part, served.server, served.key)
    known = positions(served).get(part, {})
    names = methods(api)
    assert len(names) == METHODS[part]
    refused, raw = {}, []
    with caplog.at_level(logging.WARNING):
        for name in names:
            try:
                found = getattr(api, name)(**arguments(api, name, **known)).data()
            except Exception as refusal:  # noqa: BLE001 - whatever the client raises has a code
                refused[name] = getattr(refusal, "status_code", None) or repr(refusal)
            else:
                raw += [name] if is_raw(found) else []
    assert (raw, [line.getMessage() for line in caplog.records]) == ([], [])
    assert {code for code in refused.values() if code not in DOCUMENTED} == set(), refused
    assert len(names) - len(refused) >= ANSWERED[part], refused
