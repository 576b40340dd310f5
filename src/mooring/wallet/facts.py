"""What the wallet knows, as other apps and its rules see it."""

from typing import Literal

#: A customer's own, between which they move what they have.
Wallet = Literal["SPOT", "FUNDING"]
