"""What is declined of webhooks."""

from collections.abc import Mapping
from typing import Final

from mooring.kernel.errors import Refusal

#: Why an address is not told, as the end of a sentence.
REASONS: Final[Mapping[str, str]] = {
    "signs": "write 1 to 500 signs without blanks",
    "malformed": "it is not one",
    "user": "leave out the user and the password",
    "host": "it names no host",
    "scheme": "it must begin with https://",
    "port": "its port must be 443 or 8443",
    "not_public": "it is not a public address",
    "private_name": "its host must be a public name, such as hooks.example.com",
    "unknown_name": "its host has no address",
    "name_not_public": "its host is not at a public address",
}


class WebhookRefusal(Refusal):
    """Something about a webhook was declined."""

    code = "webhook_refused"


class WebhookNotFound(WebhookRefusal):
    """No webhook of this number is in force, or it is another's."""

    code = "webhook_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such webhook.")


class DeliveryNotFound(WebhookRefusal):
    """There is no such message, it was forgotten, or it is another's."""

    code = "webhook_delivery_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such message.")


class WebhookAddressRefused(WebhookRefusal):
    """
    The address is none that this server connects to.

    Args:
        reason: one of `REASONS`.
    """

    code = "webhook_address_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This address cannot be told: {REASONS[reason]}.")
        self.reason = reason


class WebhookTopicsMissing(WebhookRefusal):
    """A webhook that is told of nothing is none."""

    code = "webhook_topics_missing"

    def __init__(self) -> None:
        super().__init__("Choose what the webhook is told of: redemption, reward or hold.")


class TooManyWebhooks(WebhookRefusal):
    """The account has as many as it may have."""

    code = "too_many_webhooks"

    def __init__(self, *, maximum: int) -> None:
        super().__init__(f"You may have {maximum} webhooks. End one before you make another.")
        self.maximum = maximum
