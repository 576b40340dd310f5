"""One log file per process kept alive; append-only, and cut when it has grown too long."""

from pathlib import Path

_BYTES_MAX = 16 * 1024 * 1024
_TAIL_BYTES = 64 * 1024


def rotate(path: Path) -> int:
    """
    Put a log that has grown too long aside, over the one put aside before.

    Returns:
        The size of the log now: what comes after it was written from now on.
    """
    size = path.stat().st_size if path.exists() else 0
    if size <= _BYTES_MAX:
        return size
    path.replace(path.with_suffix(".old.log"))
    return 0


def text_since(path: Path, begins_at: int = 0) -> str:
    """Return what was written after that size, at most the last 64 KiB of it."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(begins_at, path.stat().st_size - _TAIL_BYTES))
        return file.read().decode(errors="replace")


def last_line(path: Path, begins_at: int = 0) -> str:
    """Return the last line that is not blank, or "nothing"."""
    lines = [line.strip() for line in text_since(path, begins_at).splitlines() if line.strip()]
    return lines[-1] if lines else "nothing"
