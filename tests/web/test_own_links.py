"""Addresses of this site can be followed in a text; nobody else's, and nothing is markup."""

import pytest
from django.conf import settings
from django.template import Context, Template

SITE = settings.SITE_URL


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nothing here.", "Nothing here."),
        (
            f"Look: {SITE}/security.",
            f'Look: <a class="link" href="/security">{SITE}/security</a>.',
        ),
        ("https://harbour.example/security", "https://harbour.example/security"),
        (f"{SITE}.harbour.example/x", f"{SITE}.harbour.example/x"),
        (
            f'{SITE}/a"><script>',
            f'<a class="link" href="/a">{SITE}/a</a>&quot;&gt;&lt;script&gt;',
        ),
        (f"{SITE}//harbour.example", f"{SITE}//harbour.example"),
    ],
)
def test_only_addresses_of_this_site_can_be_followed(text: str, shown: str) -> None:
    template = Template("{% load mooring %}{{ text|own_links|linebreaksbr }}")
    assert template.render(Context({"text": text})) == shown
