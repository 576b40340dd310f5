"""Webhooks as their owner meets them: added, tried, looked at, sent again, ended."""

import html

import pytest
from django.urls import reverse

from mooring.earn import api as earn
from mooring.gateway import api as gateway
from mooring.gateway.webhooks.delivering import deliver_due
from mooring.kernel import clock, db
from tests.gateway.webhooks.listener import listening

URL = "https://hooks.example.com/mooring"
ALL = {"redemption": "on", "reward": "on", "hold": "on"}


def text(response):
    return html.unescape(response.content.decode())


def add(member, url=URL, **topics):
    return member.post(reverse("webhooks"), {"url": url, **(topics or ALL)}, follow=True)


def hooks(staked):
    return gateway.list_webhooks(account_id=staked.account_id)


def test_one_is_added_and_its_secret_can_be_read(member, staked):
    page = add(member, reward="on", hold="on")
    [hook] = hooks(staked)
    assert (hook.url, hook.topics) == (URL, ("reward", "hold"))
    secret = gateway.get_secret(account_id=staked.account_id, webhook_id=hook.id)
    assert page.redirect_chain == [(reverse("webhook", args=[hook.id]), 302)]
    for shown in (URL, "rewards, holds", secret, "Added. From now on"):
        assert shown in text(page)
    assert page.headers["Cache-Control"] == "no-store"
    listed = text(member.get(reverse("webhooks")))
    assert URL in listed
    assert secret not in listed
    assert "1 address" in text(member.get(reverse("security")))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": "", **ALL}, "This field is required"),
        ({"url": "ftp://hooks.example.com/", **ALL}, "The address must begin with https://."),
        ({"url": "https://10.0.0.1/", **ALL}, "This is not a public address"),
        ({"url": "https://hooks.example.com:22/", **ALL}, "The port must be 443 or 8443."),
        ({"url": "https://a b/", **ALL}, "without blanks"),
        ({"url": URL}, "Choose what the address is told of."),
    ],
)
def test_what_is_no_webhook_is_said_at_its_field(member, staked, given, said):
    answer = member.post(reverse("webhooks"), given)
    assert answer.status_code == 422
    assert said in text(answer)
    assert given["url"] in text(answer)
    assert hooks(staked) == ()


def test_there_are_so_many(member, staked):
    for number in range(5):
        add(member, f"{URL}/{number}")
    answer = add(member)
    assert answer.status_code == 422
    assert "You may have 5 webhooks." in text(answer)


def test_a_test_message_is_sent_seen_and_sent_again(member, staked):
    with listening() as listener:
        add(member, listener.url)
        [hook] = hooks(staked)
        page = reverse("webhook", args=[hook.id])
        assert "Nothing happened yet." in text(member.get(page))
        listener.answers += [500]
        sent = member.post(reverse("webhook_ping", args=[hook.id]), follow=True)
        assert "A test message is on its way." in text(sent)
        deliver_due()
        failed = text(member.get(page))
        for shown in ("Does not answer", "Answered 500", "Waits", "Next try not before"):
            assert shown in failed
        [message] = gateway.list_deliveries(account_id=staked.account_id, webhook_id=hook.id)
        again = reverse("webhook_again", args=[message.id])
        assert "sent again" in text(member.post(again, follow=True))
        deliver_due()
        taken = text(member.get(page))
        for shown in ("In force", "Taken", "Answered 200", f"msg_{message.id}", again):
            assert shown in taken
        assert [one.id for one in listener.told] == [f"msg_{message.id}"] * 2


def test_messages_go_on_over_pages(member, staked):
    add(member)
    [hook] = hooks(staked)
    whose = {"account_id": staked.account_id, "webhook_id": hook.id}
    db.execute(
        "INSERT INTO gateway_delivery (webhook_id, account_id, type, subject)"
        " SELECT %s, %s, 'ping', n FROM generate_series(1, 30) AS n",
        [hook.id, staked.account_id],
    )
    page = reverse("webhook", args=[hook.id])
    oldest = gateway.list_deliveries(**whose, limit=25)[-1].id
    assert f"?before={oldest}" in text(member.get(page))
    second = text(member.get(page, {"before": oldest}))
    assert second.count("A test message") == 5
    assert 'href="?before=' not in second


def test_a_message_about_a_redemption_leads_to_it(member, staked):
    add(member)
    asked = earn.Redemption(
        account_id=staked.account_id, position_id=staked.locked, amount=None, key="told"
    )
    done = earn.redeem_one(asked, at=clock.now())
    [hook] = hooks(staked)
    page = text(member.get(reverse("webhook", args=[hook.id])))
    assert reverse("redemption", args=[done.redemption_id]) in page
    assert "A redemption is on its way" in page


def test_one_is_ended_after_a_look(member, staked):
    add(member)
    [hook] = hooks(staked)
    end = reverse("webhook_end", args=[hook.id])
    assert URL in text(member.get(end))
    assert hooks(staked) == (hook,)
    assert f"{URL} is told nothing more." in text(member.post(end, follow=True))
    assert hooks(staked) == ()
    assert member.get(reverse("webhook", args=[hook.id])).status_code == 404
