"""What a person reads in a browser: the page, why withdrawals wait, and the sandbox's outbox."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

#: Each page works without script.
both_ways: Final = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
_CODE: Final = re.compile(r"(?<![\w-])(\d{6})(?![\w-])")


def says(page: Page, *sentences: str) -> None:
    """The page says all of this."""
    for sentence in sentences:
        expect(page.locator("main")).to_contain_text(sentence)


def waits_because(page: Page, cause: str) -> None:
    """Withdrawals wait, and the page of security says why and for how long."""
    page.goto("/security")
    held = page.locator("#holds")
    expect(held).to_contain_text("Withdrawals wait until")
    expect(held).to_contain_text(cause)
    expect(held).to_contain_text("It ends by itself")


def last_mail(page: Page, to: str) -> str:
    """Return the last message to an address or number, read as a developer reads it."""
    outbox = page.context.new_page()
    outbox.goto("/sandbox/outbox")
    outbox.fill("[name=to]", to)
    outbox.click("main button:has-text('Show')")
    text = outbox.locator("article").first.inner_text()
    outbox.close()
    return text


def mailed_code(page: Page, to: str) -> str:
    """Return the code in the last message to an address or number."""
    found = _CODE.search(last_mail(page, to))
    assert found is not None
    return found[1]
