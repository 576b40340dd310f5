"""Where this server connects to because a customer said so: nothing inside, and nowhere else."""

import socket
from ipaddress import ip_address

import pytest

from mooring.gateway.webhooks import addresses, sending
from mooring.gateway.webhooks.errors import WebhookAddressRefused

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07::1")
INSIDE = (
    *("127.0.0.1", "127.1.2.3", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("::ffff:93.184.215.14", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001::1"),
    *("2001:db8::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "::7f00:1"),
)


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_public(text):
    assert addresses.is_public(ip_address(text))


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_is_not(text):
    assert not addresses.is_public(ip_address(text))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.com", ("hooks.example.com", 443, "/")),
        ("https://HOOKS.example.com:8443/a/b?c=d&e", ("hooks.example.com", 8443, "/a/b?c=d&e")),
        ("https://93.184.215.14/x", ("93.184.215.14", 443, "/x")),
        ("https://[2606:2800:21f:cb07::1]/", ("2606:2800:21f:cb07::1", 443, "/")),
    ],
)
def test_what_leads_outside_is_taken(url, target):
    found = addresses.read_url(url, to_loopback=False)
    assert (found.host, found.port, found.path) == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "//hooks.example.com/",
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://hooks.example.com:22/",
        "https://hooks.example.com:80/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com:x/",
        "https://user@hooks.example.com/",
        "https://user:word@hooks.example.com/",
        "https://hooks.example.com\\@10.0.0.1/",
        "https://hooks.example.com /",
        "https://hooks.example.com/\r\nHost: inside",
        "https://hööks.example.com/",
        "https://localhost/",
        "https://intranet/",
        "https://x.localhost/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        *(f"https://{f'[{one}]' if ':' in one else one}/" for one in INSIDE),
        "https://[fe80::1%25eth0]/",
        "https://" + "a" * 500 + ".example.com/",
    ],
)
def test_what_does_not_is_refused(url):
    with pytest.raises(WebhookAddressRefused):
        target = addresses.read_url(url, to_loopback=False)
        # Some ways to write a number are names until they are looked up.
        addresses.resolve(target, to_loopback=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_a_sandbox_on_loopback_tells_loopback(host):
    target = addresses.read_url(f"http://{host}:9000/hook", to_loopback=True)
    assert target.port == 9000
    assert addresses.resolve(target, to_loopback=True).is_loopback


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://hooks.example.com/", "https://10.1/"])
def test_and_nothing_else_inside(url):
    with pytest.raises(WebhookAddressRefused):
        target = addresses.read_url(url, to_loopback=True)
        addresses.resolve(target, to_loopback=True)


@pytest.fixture
def named(monkeypatch):
    """Let every name have these addresses; return whither connections were made."""
    made = []

    def name(*texts):
        places = [
            (socket.AF_INET6 if ":" in text else socket.AF_INET, 1, 6, "", (text, 443))
            for text in texts
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)

    def connect(address, **_):
        made.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    return name, made


def post():
    return sending.post("https://hooks.example.com/", body=b"{}", headers={}, to_loopback=False)


@pytest.mark.parametrize("text", INSIDE)
def test_a_name_that_means_something_inside_is_not_connected_to(named, text):
    name, made = named
    name(PUBLIC[0], text)
    assert post().failure == "not an address that we connect to"
    assert made == []


def test_the_connection_goes_to_the_address_that_was_looked_at(named):
    name, made = named
    name(*reversed(PUBLIC))
    assert post().failure == "no connection, or no answer"
    assert made == [(PUBLIC[0], 443)]


def test_a_name_that_nobody_has(monkeypatch):
    def nothing(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    assert post().failure == "not an address that we connect to"
