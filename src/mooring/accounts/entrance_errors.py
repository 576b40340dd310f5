"""
What accounts declines at the entrance.

    Refusal
    └── IdentifierMalformed   the text is neither an e-mail address nor a mobile number
"""

from mooring.kernel.errors import Refusal


class IdentifierMalformed(Refusal):
    """The text is neither an e-mail address nor a mobile number that we can write to."""

    code = "identifier_malformed"

    def __init__(self) -> None:
        super().__init__(
            "Write an e-mail address, or a mobile number with its country, such as +49 151 ..."
        )
