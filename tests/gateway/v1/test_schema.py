"""What the description of `/v1` allows, and what it forbids, tried out by Schemathesis."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from mooring.gateway.v1.application import API, BASE, serve
from tests.gateway.caller import HOME
from tests.gateway.v1.test_identity import token_of

#: The token that the test sends is good (test_identity.py has the others), and what is well-formed
#: may still be refused by the terms.
NOT_TOLD = (ignored_auth, positive_data_acceptance)
SCHEMA = schemathesis.openapi.from_dict(API.get_openapi_schema(path_prefix=BASE))


def _from_home(environ, start_response):
    return serve({"REMOTE_ADDR": HOME, **environ}, start_response)


SCHEMA.app = _from_home


@pytest.fixture
def bearer(world, alice, fresh_meter, monkeypatch):
    """Alice has a position to quote; nobody is told to slow down."""
    world.subscribe("1000", "FLEX")
    monkeypatch.setattr(fresh_meter, "spend", lambda *_, **__: _Free)
    return token_of(alice).token


class _Free:
    units, retry_after, is_banned = 0, 0, False


@SCHEMA.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_is_described(case, bearer):
    answer = case.call(headers={"Authorization": f"Bearer {bearer}"})
    assert answer.status_code < 500, answer.text
    case.validate_response(answer, excluded_checks=NOT_TOLD)
