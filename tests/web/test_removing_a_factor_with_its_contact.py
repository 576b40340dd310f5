"""A number that is forgotten is no second factor any more, and the page and the record say so."""

from mooring.accounts.models import CodeFactor, SecurityEvent, User
from mooring.kernel import clock
from tests.notices.outbox import last_code
from tests.web.conftest import PASSWORD

NUMBER = "+4915123456789"


def test_it_is_said_before_and_recorded_after(member, alice):
    User.objects.filter(pk=alice.pk).update(phone=NUMBER)
    CodeFactor.objects.create(user=alice, channel="SMS", added_at=clock.wall())
    address = member.post("/security/contact/remove", {"channel": "SMS"})["Location"]
    page = member.get(address).content.decode()
    assert "it is no second factor any more" in page
    member.post(address, {"way": "sms", "send": ""})
    proof = {"way": "sms", "password": PASSWORD, "code": last_code(NUMBER)}
    assert member.post(address, proof)["Location"] == "/security"
    assert not CodeFactor.objects.exists()
    assert SecurityEvent.objects.get(kind="factor_removed").details == {"factor": "sms"}
