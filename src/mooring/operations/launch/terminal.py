"""What the person at the terminal reads: one calm line per step, and sentences."""

import contextlib
import sys
import time
from collections.abc import Iterator


class Terminal:
    """Standard output for progress, standard error for what went wrong."""

    def __init__(self) -> None:
        self._is_live = sys.stdout.isatty()

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Say what is being done, and how many seconds it took once it is done."""
        began = time.monotonic()
        if self._is_live:
            self._write(f"  … {title}")
        try:
            yield
        except BaseException:
            if self._is_live:
                self._write("\n")
            raise
        seconds = time.monotonic() - began
        back = "\r" if self._is_live else ""
        self._write(f"{back}  ✓ {title:<44}{seconds:6.1f} s\n")

    def say(self, text: str) -> None:
        """Say something that is no step."""
        self._write(f"{text}\n")

    def warn(self, sentence: str) -> None:
        """Say what went wrong, without stopping for it."""
        self._write(f"  ! {sentence}\n")

    def _write(self, text: str) -> None:
        # The terminal may be gone (closed window, broken pipe); what runs must go on.
        with contextlib.suppress(OSError, ValueError):
            # A terminal without Unicode shows a question mark for the tick.
            encoding = sys.stdout.encoding or "ascii"
            sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
            sys.stdout.flush()
