"""Where no gateway is set, nothing by SMS is offered, and a number is not taken."""

import pytest


@pytest.fixture
def _no_gateway(settings):
    settings.SMS_AVAILABLE = False


@pytest.mark.usefixtures("_no_gateway")
def test_a_number_is_not_taken(member):
    page = member.post("/security/phone", {"to": "+49 1512 3456789"})
    assert page.status_code == 422
    assert "Text messages cannot be sent at the moment." in page.content.decode()


def test_codes_by_sms_are_offered_where_they_can_be_sent(member, settings):
    assert "Code by SMS" in _channels(member)
    settings.SMS_AVAILABLE = False
    assert "Code by SMS" not in _channels(member)


def _channels(client):
    page = client.get("/security/factors").content.decode()
    return page.partition("Codes that we send")[2].partition("What each is good for")[0]
