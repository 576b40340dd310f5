"""What everything staked is made of: by asset and by kind, in shares of its value."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from mooring.kernel.money import Amount
from mooring.kernel.rounding import floor_quotient
from mooring.web import charts

#: Assets shown by name; the rest are one line.
_NAMED: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of the whole; `percent` with one decimal, cut."""

    name: str
    value: Amount
    percent: str
    part: charts.Part


def by_asset(values: Iterable[tuple[str, Amount]], *, currency: str) -> tuple[Share, ...]:
    """Return the shares of assets, the largest first."""
    sums = _summed(values, currency)
    ordered = sorted(sums.items(), key=lambda item: (-item[1].number, item[0]))
    rest = [value for _name, value in ordered[_NAMED:]]
    shown = ordered[:_NAMED]
    if rest:
        shown.append((_("Others"), sum(rest, start=Amount.zero(currency))))
    return _shares(shown)


def by_kind(values: Iterable[tuple[str, Amount]], *, currency: str) -> tuple[Share, ...]:
    """Return the shares of the kinds of products that something is in."""
    sums = _summed(values, currency)
    names = {
        "FLEXIBLE": _("Flexible"),
        "LOCKED": _("Locked"),
        "LIQUID": _("Liquid staking"),
    }
    return _shares([(name, sums[kind]) for kind, name in names.items() if kind in sums])


def _summed(values: Iterable[tuple[str, Amount]], currency: str) -> dict[str, Amount]:
    sums: dict[str, Amount] = {}
    for name, value in values:
        if value.is_positive:
            sums[name] = sums.get(name, Amount.zero(currency)) + value
    return sums


def _shares(parts: list[tuple[str, Amount]]) -> tuple[Share, ...]:
    whole = sum((value.number for _name, value in parts), Decimal(0))
    drawn = charts.shares([value.number for _name, value in parts])
    return tuple(
        Share(
            name=name,
            value=value,
            percent=f"{floor_quotient(value.number * 100, whole, 1):f}%",
            part=part,
        )
        for (name, value), part in zip(parts, drawn, strict=True)
    )
