"""
Charts in SVG: shapes are computed here, templates draw them, and each stands beside a table.

No script and no style in attributes. Figures on a chart are for the eye and may be rounded; the
table beside it has the exact ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 160
#: Room above and below, so that a line at the edge is not cut.
_MARGIN: Final = 6
#: Of the room of a bar, what the bar takes.
_FULL: Final = 0.72
#: A bar that is not nothing can be seen.
_LEAST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; numbers as SVG writes them."""

    x: str
    y: str
    width: str
    height: str
    is_loss: bool


def bars(numbers: Sequence[Decimal]) -> tuple[tuple[Bar, ...], str]:
    """Return a bar for each number, those below zero downwards, and the height of zero."""
    most = max((float(number) for number in numbers), default=0.0)
    least = min((float(number) for number in numbers), default=0.0)
    most, least = max(most, 0.0), min(least, 0.0)
    span = (most - least) or 1.0
    tall = HEIGHT - 2 * _MARGIN
    zero = _MARGIN + tall * most / span
    room = WIDTH / max(1, len(numbers))
    drawn = []
    for place, number in enumerate(numbers):
        height = max(abs(float(number)) / span * tall, _LEAST) if number else 0.0
        drawn.append(
            Bar(
                x=_text(place * room + room * (1 - _FULL) / 2),
                y=_text(zero if number < 0 else zero - height),
                width=_text(room * _FULL),
                height=_text(height),
                is_loss=number < 0,
            )
        )
    return tuple(drawn), _text(zero)


def steps(
    points: Sequence[tuple[datetime, Decimal]],
    *,
    begin: datetime,
    end: datetime,
    from_zero: bool = True,
) -> str:
    """
    Return the path of a line that keeps its height until the next point.

    Args:
        points: oldest first; one before `begin` is in force at `begin`.
        from_zero: whether the foot of the chart is zero, or the least number there is.
    """
    inside = [(max(at, begin), float(number)) for at, number in points if at < end]
    if not inside:
        return ""
    # What ended before the chart begins is not on it.
    while len(inside) > 1 and inside[1][0] <= begin:
        inside.pop(0)
    most = max(number for _, number in inside)
    least = 0.0 if from_zero else min(number for _, number in inside)
    span = (most - least) or 1.0
    seconds = (end - begin).total_seconds() or 1.0
    tall = HEIGHT - 2 * _MARGIN

    def x(at: datetime) -> str:
        return _text((at - begin).total_seconds() / seconds * WIDTH)

    def y(number: float) -> str:
        # A line of one height stands in the middle where the foot says nothing.
        share = (number - least) / span if most > least else 0.5
        return _text(_MARGIN + tall * (1 - share))

    at, number = inside[0]
    path = [f"M{x(at)} {y(number)}"]
    for at, number in inside[1:]:
        path.append(f"H{x(at)}V{y(number)}")
    path.append(f"H{WIDTH}")
    return "".join(path)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar that shows shares of a whole."""

    x: str
    width: str
    hue: int


def shares(numbers: Sequence[Decimal]) -> tuple[Part, ...]:
    """Return the pieces of a bar, each as wide as its share of all."""
    whole = float(sum(numbers)) or 1.0
    parts, x = [], 0.0
    for place, number in enumerate(numbers):
        width = float(number) / whole * WIDTH
        # A hair between pieces: hues alone tell nobody who does not see them.
        parts.append(Part(x=_text(x), width=_text(max(width - 2, 1.0)), hue=place % 8))
        x += width
    return tuple(parts)


def _text(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
