"""What templates may say: amounts, times, icons, badges and form fields."""

import hashlib
import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, Select
from django.template.context import Context
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mooring.kernel.money import Amount
from mooring.web.figures import DECIMALS_SHOWN, amount_text, figure_of, percent_text, short_text
from mooring.web.visit import CURRENCY_DECIMALS

register = template.Library()

_HUES = 8
_FINE_BELOW = 10


@register.inclusion_tag("web/parts/_amount.html", takes_context=True)
def amount(
    context: Context,
    shown: Amount | None,
    *,
    size: str = "",
    copy: bool = False,
    signed: bool = False,
) -> dict[str, Any]:
    """Show an amount: tabular, asset smaller, all digits in its title."""
    if shown is None:
        return {"figure": None}
    figure = figure_of(shown, decimals=_decimals_of(context, shown.asset), signed=signed)
    return {"figure": figure, "size": size, "copy": copy}


@register.inclusion_tag("web/parts/_value.html")
def worth(value: Amount | None, *, about: bool = True, fine: bool = False) -> dict[str, Any]:
    """
    Show what something is worth in the visitor's currency; says so where there is no price.

    With `fine`, a value below 10 shows two more decimals: prices of single units need them.
    """
    if value is None:
        return {"figure": None}
    decimals = CURRENCY_DECIMALS.get(value.asset, DECIMALS_SHOWN)
    if fine and value.number < _FINE_BELOW:
        decimals = min(decimals + 2, DECIMALS_SHOWN)
    return {"figure": figure_of(value, decimals=decimals), "about": about}


@register.simple_tag(takes_context=True)
def amount_line(context: Context, shown: Amount) -> str:
    """Return an amount as plain text, for sentences and buttons."""
    return amount_text(shown, decimals=_decimals_of(context, shown.asset))


@register.filter
def own_links(text: str) -> SafeString:
    """
    Return a text in which the addresses of this site's pages can be followed.

    Of this site's only: a text holds words that somebody else may have chosen.
    """
    parts = re.split(rf"{re.escape(settings.SITE_URL)}(/(?!/)[\w/-]*)", text)
    said = [format_html("{}", parts[0])]
    for path, rest in zip(parts[1::2], parts[2::2], strict=True):
        said.append(format_html('<a class="link" href="{0}">{1}{0}</a>', path, settings.SITE_URL))
        said.append(format_html("{}", rest))
    return format_html_join("", "{}", ((each,) for each in said))


@register.filter
def with_code(text: str) -> SafeString:
    """Return a text in which what stands between backticks is shown as code."""
    tags = ("{}", '<code class="code code--inline">{}</code>')
    return format_html_join(
        "", "{}", ((format_html(tags[at % 2], part),) for at, part in enumerate(text.split("`")))
    )


@register.filter
def with_breaks(path: str) -> SafeString:
    """Return a path or a code that a narrow page can break behind its slashes and underscores."""
    return format_html_join(
        "", "{}<wbr>", ((part,) for part in re.findall(r"[^/_]*[/_]|[^/_]+", path))
    )


@register.simple_tag
def amount_short(shown: Amount) -> str:
    """Return an amount without the zeros that say nothing, for limits."""
    return short_text(shown)


def _decimals_of(context: Context, asset: str) -> int:
    visit = getattr(context.get("request"), "visit", None)
    return DECIMALS_SHOWN if visit is None else int(visit.decimals_of(asset))


@register.filter
def percent(rate: Decimal) -> str:
    """Return a rate such as 0.05 as `5.00%`."""
    return percent_text(rate)


@register.inclusion_tag("web/parts/_time.html", takes_context=True)
def moment(context: Context, value: datetime | None, *, compact: bool = False) -> dict[str, Any]:
    """Show a time: UTC, and the viewer's local time where it differs."""
    if value is None:
        return {"value": None}
    zone = getattr(context.get("frame"), "zone", None)
    return {
        "value": value,
        "iso": f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "utc": time_text(value, UTC),
        "local": time_text(value, zone) if zone not in {None, UTC} else "",
        "is_known": zone is not None,
        "compact": compact,
    }


@register.filter
def utc(value: datetime) -> str:
    """Return a time as one plain UTC text, for sentences."""
    return f"{time_text(value, UTC)} UTC"


@register.filter
def utc_seconds(value: datetime) -> str:
    """Return a time of day with its seconds, for what ends soon."""
    return f"{value.astimezone(UTC):%H:%M:%S} UTC"


@register.filter
def negative(shown: Amount) -> Amount:
    """Return what is taken away as a negative amount."""
    return -shown


@register.filter
def utc_day(value: datetime) -> str:
    """Return the UTC day of a time."""
    # Translators: a date without time, in Django's date format letters.
    return date_format(value.astimezone(UTC), _("j M Y"))


def time_text(value: datetime, zone: tzinfo | None) -> str:
    """Return `value` in `zone` as people of the active language write it."""
    # Translators: a date with time, in Django's date format letters.
    return date_format(value.astimezone(zone), _("j M Y, H:i"))


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon of our sprite; with a label it speaks, without it is decoration."""
    classes = f"icon icon--{size}" if size else "icon"
    source = static("web/icons.svg")
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            classes,
            label,
            source,
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        source,
        name,
    )


@register.simple_tag
def badge(asset: str, size: str = "") -> SafeString:
    """Draw an asset's monogram in the colour that its code always has."""
    hue = int(hashlib.sha256(asset.encode()).hexdigest(), 16) % _HUES
    letters = re.sub(r"[^A-Z0-9]", "", asset.upper())[:2]
    classes = f"badge badge--{hue}" + (f" badge--{size}" if size else "")
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, letters)


@register.inclusion_tag("web/parts/_field.html")
def field(bound: BoundField, *, hint: str = "", label: str = "") -> dict[str, Any]:
    """Show a form field: label, control, hint and errors, tied together for every reader."""
    widget = bound.field.widget
    is_tick = isinstance(widget, CheckboxInput)
    described = [f"{bound.id_for_label}-hint"] if hint else []
    described += [f"{bound.id_for_label}-error"] if bound.errors else []
    attributes: dict[str, str | bool] = {
        "class": "tick__box" if is_tick else "control",
        "placeholder": "",
    }
    if isinstance(widget, Select):
        attributes["class"] = "control control--select"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes),
        "hint": hint,
        "label": label or bound.label,
        "is_tick": is_tick,
        "is_password": widget.input_type == "password" if hasattr(widget, "input_type") else False,
    }
