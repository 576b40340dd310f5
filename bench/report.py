"""Results: one line in the table, one object in the file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    A measure and what it is held against.

    Args:
        value, reference: in `unit`; `ratio` is value / reference.
        goal: in words; `met` says whether this run reached it.
    """

    name: str
    value: float
    unit: str
    reference: float
    ratio: float
    goal: str
    met: bool


def at_least(name: str, value: float, reference: float, times: float, *, unit: str) -> Result:
    """Return the result of a measure that has to be at least so many times its reference."""
    ratio = value / reference
    return Result(
        name=name,
        value=round(value, 1),
        unit=unit,
        reference=round(reference, 1),
        ratio=round(ratio, 2),
        goal=f">= {times:g} x",
        met=ratio >= times,
    )


def at_most(name: str, value: float, reference: float, times: float, *, unit: str) -> Result:
    """Return the result of a measure that has to be at most so many times its reference."""
    ratio = value / reference
    return Result(
        name=name,
        value=round(value, 3),
        unit=unit,
        reference=round(reference, 3),
        ratio=round(ratio, 2),
        goal=f"<= {times:g} x",
        met=ratio <= times,
    )


def told(name: str, value: float, *, unit: str) -> Result:
    """Return a figure that explains another and has no goal of its own."""
    return Result(
        name=name, value=round(value, 3), unit=unit, reference=0, ratio=0, goal="", met=True
    )


def show(result: Result) -> None:
    """Print one line of the table."""
    verdict = ("met" if result.met else "MISSED") if result.goal else ""
    print(
        f"  {result.name:<58} {result.value:>12,.1f} {result.unit:<12}"
        f" {result.reference:>12,.1f} {result.ratio:>7.2f}  {result.goal:<9} {verdict}",
        flush=True,
    )


def heading() -> None:
    """Print the head of the table."""
    print(
        f"\n  {'measure':<58} {'value':>12} {'unit':<12} {'reference':>12} {'ratio':>7}"
        f"  {'goal':<9}\n  {'-' * 124}",
        flush=True,
    )


def write(results: list[Result], path: Path) -> None:
    """Write the results as a list of objects."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")
