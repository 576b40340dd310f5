"""What a caller may use as the key of a request."""

import re
from typing import Final

from mooring.earn import errors

# ASCII by name, bounded so that our prefix fits. No colon: keys with one are the platform's
# own (`maturity:7`), and nobody may take them first.
_KEY: Final = re.compile(r"[A-Za-z0-9._+-]{1,100}", re.ASCII)


def check_key(key: str) -> None:
    """
    Refuse a key that the book would not take, or that is reserved.

    Raises:
        KeyMalformed: see above.
    """
    if not _KEY.fullmatch(key):
        raise errors.KeyMalformed
