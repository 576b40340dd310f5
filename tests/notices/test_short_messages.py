"""A short message about security always has room for the link that disables the account."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as site

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.models import Account, User
from mooring.notices import rendering
from mooring.notices.catalogue import CODES, TOPICS, WITHOUT_DISABLE_LINK
from mooring.notices.models import Topic
from tests.notices import outbox

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NUMBER = "+4915112345678"
# As long as the name of a site is apt to be, and as the numbers of people get.
SITE_URL = "https://mooring-of.example.com"
PERSON_ID = 999_999
SECURITY = sorted(
    kind
    for kind, topic in TOPICS.items()
    if topic == Topic.SECURITY and kind not in {*CODES, *WITHOUT_DISABLE_LINK}
)


@pytest.mark.parametrize("language", [code for code, _ in site.LANGUAGES])
@pytest.mark.parametrize("kind", SECURITY)
@pytest.mark.parametrize("facts", [{}, {"count": "10", "cancel_token": "b" * 43}])
def test_every_short_message_about_security_holds_its_link_whole(settings, kind, language, facts):
    settings.SITE_URL = SITE_URL
    assert len(SITE_URL) == 30
    bob = User.objects.create(pk=PERSON_ID, phone=NUMBER, language=language, password="x")
    Account.objects.create(user=bob, opened_at=AT)
    # Somebody else's sign-up goes to the exact number, about its person.
    where = {"channel": "SMS", "to": NUMBER} if kind == "sign_up_known" else {}
    message = accounts.Message(kind=kind, user_id=bob.pk, facts=facts, **where)
    messenger.tell([message], at=AT)
    [sms] = outbox.messages(NUMBER)
    assert len(sms.body) <= rendering.SMS_LENGTH_MAX
    if kind == "recovery_requested" and facts:
        # The link that cancels is the better one.
        assert sms.body.rstrip("。.").endswith(f"{SITE_URL}/recovery/cancel/{'b' * 43}")
        return
    token = sms.body.partition(f"{SITE_URL}/disable/")[2]
    read = accounts.protection.read_disable_token(token, max_age=timedelta(days=1))
    assert read == bob.pk, sms.body
