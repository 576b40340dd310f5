"""One audit, and what it found."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """
    A sentence that is true of the whole database, and the rows that break it.

    Args:
        name: as docs/invariants.md cites it.
        rule: the invariant of domain rules §7.4 it stands for; empty for one of our own.
        sentence: what is true.
        offenders: a SELECT of what is not as it should be; its columns explain the offence.
    """

    name: str
    rule: str
    sentence: str
    offenders: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    What an audit found.

    Args:
        rows: the first offenders, as columns and values.
        is_cut: whether there are more than shown.
        seconds: how long it took.
    """

    audit: Audit
    rows: tuple[dict[str, Any], ...]
    is_cut: bool
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether the sentence holds."""
        return not self.rows
