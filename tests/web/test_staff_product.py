"""An operator's page of a product, and pauses of a product, an asset and everything."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from django.utils import translation

from mooring.assets import api as assets
from mooring.earn import api as earn
from mooring.earn.actions import decide_proposal, proposed_changes
from mooring.earn.rules import proposals
from mooring.kernel import clock
from mooring.web.forms import proposal as forms
from mooring.web.forms import proposal_hints
from tests.web import corpus
from tests.web.test_staff_earn import decided, rate, soon, text
from tests.web.test_staff_pages import browser, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(staked):
    return browser(reviewer("rita"))


@pytest.fixture
def omar(staked):
    return browser(reviewer("omar"))


def terms_of(client, code, **changes):
    form = client.get(f"/staff/earn/propose?change=TERMS&subject={code}").context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    when = f"{soon():%Y-%m-%dT%H:%M}"
    return sent | {"change": "TERMS", "subject": code, "effective_from": when} | changes


def test_a_product_says_what_held_what_holds_and_what_comes(rita, omar):
    rita.post("/staff/earn/propose", rate("0.07"))
    decided(omar)
    rita.post("/staff/earn/propose", terms_of(rita, "BTC001", quota_per_person="3"))
    decided(omar)
    rita.post("/staff/earn/propose", rate("0.09", at=soon(5)))
    answer = rita.get("/staff/earn/products/BTC001")
    page = answer.context["page"]
    assert [row.state for row in page.rates][:2] == ["coming", "holds"]
    assert page.rates[0].number == Decimal("0.07")
    assert [row.state for row in page.terms][:2] == ["coming", "holds"]
    [change] = page.terms[0].differences
    assert (change.old, change.new) == ("", "3")
    assert [row.what for row in page.waiting] == ["Rate of a flexible product"]
    assert [row.status for row in page.decided] == ["APPROVED", "APPROVED"]
    shown = text(answer)
    for sentence in ("You proposed this", "coming", "Who proposed and decided", "staff "):
        assert sentence in shown
    assert "Quota per person" in shown


def test_a_decided_change_says_what_it_said_also_when_it_holds(rita, omar):
    rita.post("/staff/earn/propose", terms_of(rita, "Btc*60", early_redemption="NONE"))
    waiting = rita.get("/staff/earn").context["page"].waiting[0]
    [change] = waiting.differences
    assert (change.old, change.new) == ("as a whole", "not possible")
    decided(omar)
    [row] = rita.get("/staff/earn/products/Btc*60").context["page"].decided
    assert ("Leaving before the end", "not possible") in [(d.label, d.new) for d in row.differences]


def test_what_terms_leave_out_is_shown_as_it_is_then(rita):
    form = terms_of(rita, "BTC001", minimum="0.5", is_instant="", fee_rate="")
    rita.post("/staff/earn/propose", form)
    [waiting] = rita.get("/staff/earn").context["page"].waiting
    assert [(one.label, one.new) for one in waiting.differences] == [
        ("Per subscription, at least", "0.5")
    ]


def test_the_list_says_limits_and_the_next_change_and_leads_to_the_page(rita, omar):
    rita.post("/staff/earn/propose", rate("0.07", at=soon(5)))
    decided(omar)
    rita.post("/staff/earn/propose", terms_of(rita, "BTC001", quota_per_person="3"))
    decided(omar)
    page = rita.get("/staff/earn")
    row = next(one for one in page.context["page"].products if one.product.code == "BTC001")
    assert (row.coming, row.coming_at) == ("Terms of a product", soon())
    assert 'href="/staff/earn/products/BTC001"' in text(page)
    at = soon() + timedelta(hours=1)
    assert earn.next_changes(at=at)[row.product.id].kind == "RATE"
    assert earn.next_changes(at=soon(6)) == {}


def test_a_product_that_is_announced_has_its_page_before_it_begins(rita, omar):
    new = terms_of(rita, "BTC001") | {"subject": "BTC002"}
    rita.post("/staff/earn/propose", new)
    assert rita.get("/staff/earn/products/BTC002").status_code == 404
    decided(omar)
    shown = text(rita.get("/staff/earn/products/BTC002"))
    assert "Not offered yet" in shown


def test_a_product_that_is_not_there_has_no_page(rita, member):
    assert rita.get("/staff/earn/products/NONE").status_code == 404
    assert member.get("/staff/earn/products/BTC001").status_code == 404


def announce(client, concerns, **changes):
    until = f"{soon():%Y-%m-%dT%H:%M}"
    sent = {"concerns": concerns, "until": until, "reason": "The node moves", "subscriptions": "on"}
    return text(client.post("/staff/earn/pause", sent | changes, follow=True))


@pytest.mark.parametrize(
    ("concerns", "paused"),
    [
        ("product:BTC001", lambda product: product.code == "BTC001"),
        ("asset:BTC", lambda product: product.asset == "BTC"),
        ("", lambda _product: True),
    ],
)
def test_a_product_an_asset_or_everything_pauses(rita, concerns, paused):
    assert "Announced." in announce(rita, concerns)
    rows = rita.get("/staff/earn").context["page"].products
    assert [row.is_paused for row in rows] == [paused(row.product) for row in rows]


def test_a_pause_can_begin_later_and_end_before_its_time(rita):
    announce(rita, "product:BTC001", starts=f"{soon(2):%Y-%m-%dT%H:%M}")
    page = rita.get("/staff/earn/products/BTC001")
    [window] = page.context["page"].windows
    assert (window.is_running, window.starts_at) == (False, soon(2))
    assert "Planned maintenance" in text(page)
    sent = {"window": window.id, "back": "BTC001"}
    ended = rita.post("/staff/earn/windows/end", sent, follow=True)
    assert ended.redirect_chain == [("/staff/earn/products/BTC001", 302)]
    assert "Ended." in text(ended)
    assert earn.list_windows(at=clock.now()) == ()
    assert "ended at" in text(rita.post("/staff/earn/windows/end", sent, follow=True)).lower()


@pytest.mark.parametrize(
    ("concerns", "changes", "says"),
    [
        ("product:NONE", {}, "no such product"),
        ("asset:XXX", {}, "There is no such asset"),
        ("nonsense", {}, "Choose what is to pause"),
        ("", {"until": "soon"}, "From when until when"),
        ("", {"starts": "soon"}, "From when until when"),
        ("", {"reason": " "}, "has a reason"),
    ],
)
def test_a_pause_that_cannot_be_says_why(rita, concerns, changes, says):
    assert says.lower() in announce(rita, concerns, **changes).lower()
    assert earn.list_windows(at=clock.now()) == ()


def test_liquid_staking_shows_ratios_and_its_chain_and_forms_begin_with_them(rita):
    at = clock.now()
    assets.register([assets.Asset(code="STBTC", name="Staked BTC")])
    offer = earn.Offer(minimum=Decimal("0.01"))
    earn.publish_liquid(code="STBTC", asset="BTC", token="STBTC", offer=offer, effective_from=at)
    earn.publish_ratio(product_code="STBTC", ratio=Decimal("1.05"), effective_from=at, at=at)
    earn.publish_unbonding(
        asset="BTC", hours_min=24, hours_max=96, effective_from=at, at=at, note="Two epochs"
    )
    form = rita.get("/staff/earn/propose?change=UNBONDING&subject=BTC").context["form"]
    assert (form["hours_min"].value(), form["hours_max"].value()) == ("24", "96")
    form = rita.get("/staff/earn/propose?change=RATIO&subject=STBTC").context["form"]
    assert form["ratio"].value() == "1.05"
    when = f"{soon():%Y-%m-%dT%H:%M}"
    for change, subject, fields in (
        ("RATIO", "STBTC", {"ratio": "1.06"}),
        ("UNBONDING", "BTC", {"hours_min": "24", "hours_max": "120"}),
    ):
        sent = {"change": change, "subject": subject, "effective_from": when, **fields}
        assert rita.post("/staff/earn/propose", sent).status_code == 302
    answer = rita.get("/staff/earn/products/STBTC")
    page = answer.context["page"]
    changes = {row.what: [(one.old, one.new) for one in row.differences] for row in page.waiting}
    assert changes == {
        "Conversion ratio of liquid staking": [("1.05", "1.06")],
        "How long a chain takes to give back": [("96", "120")],
    }
    assert [(row.hours_max, row.note, row.state) for row in page.chain] == [
        (96, "Two epochs", "holds")
    ]
    assert "change=RETIREMENT" not in text(answer), "it does not end"


def test_a_change_is_compared_with_what_holds_at_its_own_time(rita, omar):
    rita.post("/staff/earn/propose", rate("0.07", at=soon(3)))
    decided(omar)
    tiers = {"change": "DAILY_RATE", "subject": "BTC001", "asset": "BTC", "tiers": "0-1:0.02"}
    when = {"effective_from": f"{soon(3):%Y-%m-%dT%H:%M}"}
    rita.post("/staff/earn/propose", tiers | when)
    decided(omar)
    rita.post("/staff/earn/propose", rate("0.08", at=soon(9)))
    when = {"effective_from": f"{soon(9):%Y-%m-%dT%H:%M}"}
    rita.post("/staff/earn/propose", tiers | when | {"tiers": "0-2:0.02"})
    rows = rita.get("/staff/earn/products/BTC001").context["page"].waiting
    assert [(one.old, one.new) for row in rows for one in row.differences] == [
        ("0-1:0.02", "0-2:0.02"),
        ("0.07", "0.08"),
    ]


# --- in Chinese ---


def in_chinese(client, path):
    return text(client.get(path, headers={"accept-language": "zh-Hans"}))


@pytest.mark.parametrize("kind", earn.PROPOSAL_FIELDS)
def test_what_a_field_may_be_is_said_in_chinese(rita, kind):
    shown = in_chinese(rita, f"/staff/earn/propose?change={kind}&subject=BTC001")
    for name, (_reader, allowed) in earn.PROPOSAL_FIELDS[kind].items():
        assert allowed % {} not in shown, name


def test_every_text_of_the_rules_is_one_that_is_translated():
    """Whoever writes a new one is led here: the pages can only translate what they know."""
    said = {allowed for fields in earn.PROPOSAL_FIELDS.values() for _, allowed in fields.values()}
    for module in (proposals, proposed_changes, decide_proposal, forms):
        source = Path(module.__file__).read_text(encoding="utf-8")
        said |= set(re.findall(r'allowed(?: = |=)"([^"]+)"', source))
    with translation.override("en"):
        known = {str(one) for one in proposal_hints.TEXTS}
    assert said <= known
    with translation.override("zh-hans"):
        assert [one for one in known if translation.gettext(one) == one] == []


def test_no_input_breaks_the_pages_of_a_product(rita):
    for bad in ["\0", "%", "Btc*60/..", "a" * 5000, *corpus.values()[::9]]:
        at = quote(bad, safe="")
        for path in (
            f"/staff/earn/products/{at}",
            *(f"/staff/earn/propose?change={kind}&subject={at}" for kind in earn.PROPOSAL_FIELDS),
        ):
            assert rita.get(path).status_code < 500, path[:80]
        for kind in ("product", "asset"):
            sent = {"concerns": f"{kind}:{bad}", "until": "2090-01-01T00:00", "reason": "x"}
            answer = rita.post("/staff/earn/pause", sent | {"redemptions": "on", "back": bad})
            assert answer.status_code < 500, bad[:40]
