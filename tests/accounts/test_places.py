"""Where an address on the net is: by the operator's file, else by its network; never a fault."""

from pathlib import Path
from typing import Any

import pytest

from mooring.accounts.presence import places
from mooring.operations.launch import preflight
from tests.accounts import mmdb

BERLIN = {
    "city": {"names": {"en": "Berlin", "zh-CN": "柏林"}},
    "country": {"names": {"en": "Germany", "zh-CN": "德国"}},
}
FRANCE = {"country": {"names": {"en": "France"}}}


@pytest.fixture
def geoip(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "places.mmdb"
    mmdb.write(path, {"8.8.0.0/16": BERLIN, "9.0.0.0/8": FRANCE})
    settings.GEOIP_FILE = path
    return path


@pytest.mark.parametrize(
    ("ip", "place"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8::1", "2001:db8::/48"),
        ("2600:1f18:abcd:12::1", "2600:1f18:abcd::/48"),
        ("::ffff:8.8.4.4", "8.8.4.0/24"),
        ("127.0.0.1", places.LOCAL),
        ("::1", places.LOCAL),
        ("10.1.2.3", places.LOCAL),
        ("192.168.0.5", places.LOCAL),
        ("fe80::1", places.LOCAL),
        ("", ""),
        ("no address", ""),
    ],
)
def test_without_a_file_a_place_is_a_network(settings: Any, ip: str, place: str) -> None:
    settings.GEOIP_FILE = None
    assert places.place_of(ip) == place


@pytest.mark.parametrize(
    ("ip", "language", "place"),
    [
        ("8.8.4.4", "en", "Berlin, Germany"),
        ("8.8.4.4", "zh-hans", "柏林, 德国"),
        ("9.1.2.3", "en", "France"),
        ("9.1.2.3", "zh-hans", "France"),
        ("11.0.0.1", "en", "11.0.0.0/24"),
        ("2600:1f18:abcd:12::1", "en", "2600:1f18:abcd::/48"),
        ("10.1.2.3", "en", places.LOCAL),
    ],
)
def test_with_a_file_a_place_is_a_city_and_a_country(
    geoip: Path, ip: str, language: str, place: str
) -> None:
    assert places.place_of(ip, language=language) == place


def test_a_new_file_is_read_without_a_restart(geoip: Path) -> None:
    assert places.place_of("8.8.4.4") == "Berlin, Germany"
    fresh = geoip.with_suffix(".new")
    mmdb.write(fresh, {"8.8.0.0/16": FRANCE})
    fresh.replace(geoip)
    assert places.place_of("8.8.4.4") == "France"


@pytest.mark.parametrize("content", [b"", b"not a GeoIP file", b"\xab\xcd\xefMaxMind.com\xff"])
def test_a_broken_file_does_not_take_the_last_whole_one_away(geoip: Path, content: bytes) -> None:
    assert places.place_of("8.8.4.4") == "Berlin, Germany"
    geoip.write_bytes(content)
    assert places.place_of("8.8.4.4") == "Berlin, Germany"
    geoip.unlink()
    assert places.place_of("8.8.4.4") == "Berlin, Germany"


@pytest.mark.parametrize("content", [None, b"", b"not a GeoIP file", b"\xab\xcd\xefMaxMind.com"])
def test_a_file_that_cannot_be_read_is_said_at_the_start_and_shown_as_networks(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    settings.GEOIP_FILE = tmp_path / "broken.mmdb"
    if content is not None:
        settings.GEOIP_FILE.write_bytes(content)
    monkeypatch.setenv("MOORING_GEOIP_FILE", str(settings.GEOIP_FILE))
    [said] = places.check_geoip_file()
    assert "MOORING_GEOIP_FILE" in said.msg
    [doubt] = preflight.find_doubts()
    assert "MOORING_GEOIP_FILE" in doubt
    assert places.place_of("8.8.4.4") == "8.8.4.0/24"


def test_a_file_that_is_broken_inside_is_no_fault(geoip: Path) -> None:
    whole = geoip.read_bytes()
    geoip.write_bytes(whole.replace(b"\x44city", b"\xff\xff\xff\xff\xff"))
    assert isinstance(places.place_of("8.8.4.4"), str)


def test_a_whole_file_needs_no_words(geoip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOORING_GEOIP_FILE", str(geoip))
    assert places.check_geoip_file() == []
    assert not preflight.find_doubts()
