"""
Other people's clients, pointed at this server in five lines each.

They are run as they stand here, with the key filled in, against a served platform
(`tests/clients/test_snippets.py`).
"""

from dataclasses import dataclass
from typing import Final

#: What whoever copies them fills in.
KEY: Final = "YOUR_KEY"
SECRET: Final = "YOUR_SECRET"  # noqa: S105 - stands for one
LINES_MAX: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A client: what it is called, how it is installed, and the lines that point it here."""

    anchor: str
    name: str
    install: str
    text: str


_PYTHON_BINANCE: Final = """\
from binance.client import Client
Client.API_URL = "{origin}/api"
Client.MARGIN_API_URL = "{origin}/sapi"
client = Client("{key}", "{secret}")
print(client.get_simple_earn_flexible_product_position(asset="USDT"))"""

_SDK: Final = """\
from binance_sdk_simple_earn.simple_earn import ConfigurationRestAPI, SimpleEarn
origin, key, secret = "{origin}", "{key}", "{secret}"
access = ConfigurationRestAPI(api_key=key, api_secret=secret, base_path=origin)
client = SimpleEarn(access).rest_api
print(client.get_flexible_product_position(asset="USDT").data())"""

_CCXT: Final = """\
import ccxt
exchange = ccxt.binance({{"apiKey": "{key}", "secret": "{secret}"}})
for name, url in exchange.urls["api"].items():
    exchange.urls["api"][name] = "{origin}" + url.split("binance.com")[1]
print(exchange.sapi_get_simple_earn_flexible_position({{"asset": "USDT"}}))"""


def snippets(origin: str) -> tuple[Snippet, ...]:
    """
    Return the lines for each client.

    Args:
        origin: scheme, host and port of this server, without a slash at its end.
    """
    return tuple(
        Snippet(
            anchor=anchor,
            name=name,
            install=f"pip install {package}",
            text=text.format(origin=origin, key=KEY, secret=SECRET),
        )
        for anchor, name, package, text in (
            ("python-binance", "python-binance", "python-binance", _PYTHON_BINANCE),
            ("sdk", "binance-sdk-simple-earn", "binance-sdk-simple-earn", _SDK),
            ("ccxt", "ccxt", "ccxt", _CCXT),
        )
    )
