"""The lines that the page for developers shows are run as they stand there."""

import ast
import html
import re
import subprocess
import sys
import urllib.request

import pytest

from mooring.web.pages.developer_snippets import KEY, SECRET
from tests.clients.serving import sdk

_SECONDS_MAX = 60


def lines_of(server, anchor):
    """Return the lines of a client as the served page shows them."""
    with urllib.request.urlopen(f"{server.address}/developers", timeout=10) as answer:  # noqa: S310 - ours
        body = answer.read().decode()
    [text] = re.findall(rf'<code id="lines-{anchor}">(.*?)</code>', body, re.DOTALL)
    return html.unescape(text)


def run(served, anchor):
    """Run them in a process of their own, the key filled in; return what they print."""
    text = lines_of(served.server, anchor)
    assert served.server.address in text
    assert {KEY, SECRET} <= set(re.findall(r"YOUR_\w+", text))
    text = text.replace(KEY, served.key.api_key).replace(SECRET, served.key.secret)
    done = subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True, text=True, timeout=_SECONDS_MAX, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def holding(served):
    sdk("simple_earn", served.server, served.key).subscribe_flexible_product("FLEX", amount=12.5)
    return served


def test_python_binance_shows_the_position(holding):
    [row] = ast.literal_eval(run(holding, "python-binance"))["rows"]
    assert (row["productId"], row["totalAmount"]) == ("FLEX", "12.50000000")


def test_the_exchanges_own_client_shows_the_position(holding):
    told = run(holding, "sdk")
    assert "FLEX" in told
    assert "12.50000000" in told
