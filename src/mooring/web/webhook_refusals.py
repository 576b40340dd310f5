"""What refusals about webhooks say to a person; part of `web.refusals`."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_ADDRESS: Final = {
    "signs": gettext_noop("Write an address of at most 500 characters, without blanks."),
    "malformed": gettext_noop("This is no address. Write https://hooks.example.com/mooring."),
    "user": gettext_noop("Leave the user and the password out of the address."),
    "host": gettext_noop("The address names no host. Write https://hooks.example.com/mooring."),
    "scheme": gettext_noop("The address must begin with https://."),
    "port": gettext_noop("The port must be 443 or 8443."),
    "not_public": gettext_noop("This is not a public address: we cannot reach it."),
    "private_name": gettext_noop("The host must have a public name, such as hooks.example.com."),
    "unknown_name": gettext_noop("The host has no address."),
    "name_not_public": gettext_noop("The host is not at a public address: we cannot reach it."),
}

SENTENCES: Final[dict[str, Callable[[Any], str]]] = {
    "too_many_webhooks": lambda refusal: (
        _("You may have %(maximum)s webhooks. End one before you add another.")
        % {"maximum": refusal.maximum}
    ),
    "webhook_address_refused": lambda refusal: _(_ADDRESS[refusal.reason]),
    "webhook_delivery_not_found": lambda _refusal: _("There is no such message."),
    "webhook_not_found": lambda _refusal: _("There is no such webhook."),
    "webhook_refused": lambda _refusal: _("That cannot be done with a webhook."),
    "webhook_topics_missing": lambda _refusal: _("Choose what the address is told of."),
}
