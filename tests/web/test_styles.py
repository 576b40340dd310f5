"""The design system's own rules: tokens, classes, contrast."""

import re
from pathlib import Path

import pytest

from mooring import web
from mooring.web.static_files import PageManifestStaticFilesStorage

WEB = Path(web.__file__).parent
SHEETS = sorted((WEB / "static/web/css").glob("*.css"))
#: What each is written on; badges carry their own ink.
TEXTS = ("ink", "ink-2", "ink-3", "accent", "good", "wait", "loss")
GROUNDS = ("canvas", "surface", "sunken")
PAIRS = [
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    *((meaning, f"{meaning}-soft") for meaning in ("accent", "good", "wait", "loss")),
    *(("ink", f"{meaning}-soft") for meaning in ("accent", "good", "wait", "loss")),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    *(("badge-ink", f"hue-{number}") for number in range(8)),
]


def without_comments(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


def themes() -> dict[str, dict[str, str]]:
    light, system_dark, chosen_dark = re.findall(
        r":root(?:\S*)? \{(.*?)\n\s*\}",
        without_comments(WEB / "static/web/css/tokens.css"),
        re.DOTALL,
    )[:3]
    found = {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for name, block in (("light", light), ("system", system_dark), ("dark", chosen_dark))
    }
    for name in ("system", "dark"):
        found[name] = {**found["light"], **found[name]}
    return found


def luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "system", "dark"])
def test_every_text_can_be_read_on_every_ground(theme: str) -> None:
    tokens = themes()[theme]
    weak = [
        f"{text} on {ground}: {contrast(tokens[text], tokens[ground]):.2f}"
        for text, ground in PAIRS
        if contrast(tokens[text], tokens[ground]) < 4.5
    ]
    assert weak == []


def test_both_ways_to_the_dark_are_the_same_dark() -> None:
    assert themes()["system"] == themes()["dark"]


def test_colours_have_numbers_in_the_tokens_only() -> None:
    literal = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsl\(")
    found = [
        f"{sheet.name}: {line.strip()}"
        for sheet in SHEETS
        if sheet.name != "tokens.css"
        for line in without_comments(sheet).splitlines()
        if literal.search(line)
    ]
    assert found == []


def tags_styled(text: str) -> list[str]:
    """Return the selectors of a sheet that do not begin with a class, a root or a state."""
    selectors = re.findall(r"(?:^|[}\n])\s*([^{}@;]+?)\s*\{", text)
    each = (one.strip() for group in selectors for one in group.split(","))
    return [one for one in each if not re.match(r"\.|:root|:focus|\*", one)]


def test_styles_are_given_to_classes() -> None:
    for sheet in SHEETS:
        text = without_comments(sheet)
        # The reset at the head of base.css is the one place for tags.
        rest = text[text.index(".title") :] if sheet.name == "base.css" else text
        assert tags_styled(rest) == [], sheet.name


def test_a_styled_tag_is_found() -> None:
    assert tags_styled(".a { color: red }\nh1, .b { color: red }") == ["h1"]


def test_no_template_styles_or_scripts_in_line() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)|hx-on|javascript:")
    found = [
        f"{path.relative_to(WEB)}: {match[0]}"
        for path in sorted((WEB / "templates").rglob("*.html"))
        if (match := inline.search(path.read_text()))
    ]
    assert found == []


def test_every_icon_that_is_used_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/web/icons.svg").read_text()))
    sources = [*(WEB / "templates").rglob("*.html"), *WEB.rglob("*.py")]
    used = {
        name
        for path in sources
        for name in re.findall(r'{% icon "(\w+)"|icon="(\w+)"', path.read_text())
        for name in name
        if name
    }
    assert used
    assert used <= drawn


def test_before_files_are_collected_pages_ask_for_them_as_they_lie(tmp_path: Path) -> None:
    storage = PageManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    assert storage.url("web/mark.svg") == "/static/web/mark.svg"
