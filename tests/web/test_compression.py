"""Pages are compressed where nobody can learn a secret from their length."""

import gzip

import pytest
from django.test import Client

GZIP = {"Accept-Encoding": "gzip, br"}
HERE = {**GZIP, "Sec-Fetch-Site": "same-origin"}

pytestmark = pytest.mark.django_db


def is_compressed(answer) -> bool:
    return answer.headers.get("Content-Encoding") == "gzip"


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_that_its_person_asked_for_is_compressed(member: Client, site: str) -> None:
    answer = member.get("/wallet", headers={**GZIP, "Sec-Fetch-Site": site})
    assert is_compressed(answer)
    page = gzip.decompress(answer.content)
    assert page.startswith(b"<!")
    assert len(answer.content) < len(page) / 2
    assert {"Accept-Encoding", "Sec-Fetch-Site", "Cookie"} <= set(
        answer.headers["Vary"].split(", ")
    )


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "nonsense"])
def test_a_page_of_somebody_logged_in_that_another_site_asked_for_is_not(
    member: Client, site: str
) -> None:
    answer = member.get("/wallet", headers={**GZIP, "Sec-Fetch-Site": site})
    assert answer.status_code == 200
    assert not is_compressed(answer)
    assert "Sec-Fetch-Site" in answer.headers["Vary"]


def test_a_page_for_everybody_is_compressed_for_every_program(client: Client, assets: None) -> None:
    assert is_compressed(client.get("/", headers=GZIP))
    assert not is_compressed(client.get("/"))


def test_what_answers_a_form_is_not(member: Client) -> None:
    answer = member.post("/security/password", {"password": "x"}, headers=HERE)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert not is_compressed(answer)


def test_a_file_is_not(member: Client) -> None:
    assert not is_compressed(member.get("/history.csv", headers=HERE))


def test_the_same_page_is_not_always_as_long(member: Client) -> None:
    lengths = {len(member.get("/wallet", headers=HERE).content) for _ in range(12)}
    assert len(lengths) > 2
