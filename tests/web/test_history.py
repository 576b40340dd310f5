"""The history: one list, filters, pages, and a file no spreadsheet can be attacked with."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from mooring.kernel import clock
from mooring.web import history_file

from .conftest import Staked
from .test_earn_pages import text_of

pytestmark = pytest.mark.django_db


def rows_of(member: Client, query: str = "") -> list[dict[str, str]]:
    answer = member.get(f"/history.csv?{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_shows_every_kind_of_movement(member: Client, staked: Staked) -> None:
    words = text_of(member.get("/history"))
    for kind in ("Deposit", "Subscribed, flexible", "Subscribed, locked", "Reward, flexible"):
        assert kind in words, kind


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=WALLET_CREDIT", {"WALLET_CREDIT"}),
        ("kind=EARN_REWARD_PAID", {"EARN_REWARD_PAID"}),
        ("asset=DOT", set()),
        ("until=2020-01-01", set()),
    ],
)
def test_filters_narrow_the_list_and_the_file(
    member: Client, staked: Staked, query: str, kinds: set[str]
) -> None:
    assert {row["kind"] for row in rows_of(member, query)} == kinds
    assert member.get(f"/history?{query}").status_code == 200


def test_the_last_day_of_a_filter_is_included(member: Client, staked: Staked) -> None:
    day = (clock.now() - timedelta(days=10)).date().isoformat()
    kinds = {row["kind"] for row in rows_of(member, f"since={day}&until={day}")}
    assert "WALLET_CREDIT" in kinds


def test_a_date_that_is_none_is_said_and_left_out(member: Client, staked: Staked) -> None:
    assert "A date was not understood" in text_of(member.get("/history?since=2026-13-45"))


def test_pages_follow_each_other_without_gap_or_repetition(
    member: Client, staked: Staked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mooring.web.pages.history.PAGE_SIZE", 3)
    seen: list[int] = []
    path: str | None = "/history"
    while path is not None:
        page = member.get(path).context["page"]
        seen += [one.journal_id for one in page.movements]
        path = f"/history?before={page.older}" if page.older else None
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen)
    assert set(seen) == {int(row["journal"]) for row in rows_of(member)}


def test_the_file_is_whole_whatever_the_size_of_its_batches(
    member: Client, staked: Staked, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows_of(member)
    monkeypatch.setattr(history_file, "_BATCH", 5)
    assert rows_of(member) == whole


def test_amounts_are_numbers_negative_ones_too(member: Client, staked: Staked) -> None:
    amounts = [row["amount"] for row in rows_of(member)]
    assert any(amount.startswith("-") for amount in amounts)
    assert all(float(amount) for amount in amounts)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_is_no_formula(text: str) -> None:
    assert history_file.harmless(text) == f"'{text}"


def test_a_harmless_text_stays_as_it_is() -> None:
    assert history_file.harmless("EARN_MATURED") == "EARN_MATURED"
