"""
The root of every error this platform raises on purpose.

    PlatformError
    ├── Refusal   understood and declined; the customer is told why; nobody is paged
    └── Fault     we broke a promise; somebody is paged; the customer is told nothing
"""

from typing import ClassVar


class PlatformError(Exception):
    """An error that this platform raises on purpose."""


class Refusal(PlatformError):
    """
    A request that was understood and is declined.

    `code` is public: clients match on it, so it is never renamed or reused. Facts are
    attributes; the message is for people and never parsed.
    """

    code: ClassVar[str]


class Fault(PlatformError):
    """A promise of ours that does not hold; the request may be right."""
