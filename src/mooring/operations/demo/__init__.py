"""
What a sandbox is filled with on its first run: coins, products, and a customer with a past.

Importable without Django, for the launcher tells the log-in before anything else is loaded.
"""

from typing import Final

DEMO_EMAIL: Final = "demo@mooring.example"
#: Known to everybody, which is why a sandbox is the only place where it exists.
DEMO_PASSWORD: Final = "calm-harbour-2026"  # noqa: S105 - not a secret
