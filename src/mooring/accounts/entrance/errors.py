"""
What accounts declines at the entrance.

    Refusal
    ├── EntranceBusy          too many people come at once
    ├── IdentifierMalformed   the text is neither an e-mail address nor a mobile number
    ├── MessagesUsedUp        too many codes were asked for within an hour
    └── PasswordsUsedUp       passwords were tried too often within an hour
"""

from mooring.kernel.errors import Refusal


class IdentifierMalformed(Refusal):
    """The text is neither an e-mail address nor a mobile number that we can write to."""

    code = "identifier_malformed"

    def __init__(self) -> None:
        super().__init__(
            "Write an e-mail address, or a mobile number with its country, such as +49 151 ..."
        )


class MessagesUsedUp(Refusal):
    """Too many codes were asked for, for this address or from this network; told to anybody."""

    code = "messages_used_up"

    def __init__(self) -> None:
        super().__init__("Too many codes were asked for within an hour. Try again later.")


class PasswordsUsedUp(Refusal):
    """
    Passwords were tried too often within an hour, so that another is not even hashed.

    For somebody who has shown by then who they are; at log-in it is answered like a wrong one.
    """

    code = "passwords_used_up"

    def __init__(self) -> None:
        super().__init__("Passwords were tried too often within an hour. Try again later.")


class EntranceBusy(Refusal):
    """More people come at once than there is room for; told to anybody."""

    code = "entrance_busy"

    def __init__(self) -> None:
        super().__init__("Many people come at this moment. Try again in a minute.")
