"""
What accounts declines.

    Refusal
    ├── AccountNotOpen       absent, closing or closed: one answer for all three
    ├── CurrencyNotOffered   values are not shown in this currency
    ├── DeviceNotFound       no such device of this person
    ├── SessionNotFound      no such open log-in of this person
    ├── SessionOver          the log-in was ended while it was used
    ├── AntiPhishingCodeMalformed  the code is not 4 to 20 letters, digits, - or _
    ├── ContactTaken         the address or number is somebody else's by now
    ├── LastContact          a person must be reachable
    ├── PasswordUnchanged    the new password is the old one
    ├── StepUpNotFound       no such confirmation for this person in this session
    ├── StepUpNotProven      what was asked for was not confirmed: one answer for every reason
    └── EmailTaken           the address has a log-in already
"""

from mooring.kernel.errors import Refusal


class AccountNotOpen(Refusal):
    """The account is absent or closed; who asks is not told which."""

    code = "account_not_open"

    def __init__(self, *, account_id: int) -> None:
        super().__init__("This account is not open.")
        self.account_id = account_id


class CurrencyNotOffered(Refusal):
    """Values can be shown in the listed currencies only."""

    code = "currency_not_offered"

    def __init__(self, *, currency: str) -> None:
        super().__init__(f"Values cannot be shown in {currency}.")
        self.currency = currency


class EmailTaken(Refusal):
    """A log-in with this e-mail address exists; told to operators only, never to strangers."""

    code = "email_taken"

    def __init__(self) -> None:
        super().__init__("An account with this e-mail address exists already.")


class StepUpNotFound(Refusal):
    """There is no such step-up for this person in this session."""

    code = "step_up_not_found"

    def __init__(self) -> None:
        super().__init__("There is nothing to confirm at this address.")


class StepUpNotProven(Refusal):
    """The action was not confirmed, or its confirmation is used up, too old or of another."""

    code = "step_up_not_proven"

    def __init__(self) -> None:
        super().__init__("This was not confirmed, so nothing was changed.")


class DeviceNotFound(Refusal):
    """There is no such device of this person, or it is forgotten already."""

    code = "device_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such device.")


class SessionNotFound(Refusal):
    """There is no such open log-in of this person."""

    code = "session_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such log-in.")


class SessionOver(Refusal):
    """The log-in was ended, from another device or by a security change, while it was used."""

    code = "session_over"

    def __init__(self) -> None:
        super().__init__("This log-in has been ended.")


class ContactTaken(Refusal):
    """Somebody else has confirmed this address or number while it was being changed."""

    code = "contact_taken"

    def __init__(self) -> None:
        super().__init__("This address or number cannot be used.")


class LastContact(Refusal):
    """A person keeps at least one address or number, or we could not reach them."""

    code = "last_contact"

    def __init__(self) -> None:
        super().__init__("This is the only way to reach you, so it stays.")


class AntiPhishingCodeMalformed(Refusal):
    """An anti-phishing code has 4 to 20 letters, digits, hyphens or underscores."""

    code = "anti_phishing_code_malformed"

    def __init__(self) -> None:
        super().__init__("Choose 4 to 20 letters, digits, - or _.")


class PasswordUnchanged(Refusal):
    """The new password is the old one."""

    code = "password_unchanged"

    def __init__(self) -> None:
        super().__init__("This is your present password. Choose another one.")
