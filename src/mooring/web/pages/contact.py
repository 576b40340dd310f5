"""The page on which an address or number is changed."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from mooring.accounts import api as accounts
from mooring.accounts.api import Channel
from mooring.web.pages.contacts import masked

#: The action that each channel's change is confirmed as.
ACTIONS: Final = {Channel.EMAIL: "email.change", Channel.SMS: "phone.change"}
_ADDRESSES: Final = {Channel.EMAIL: "security_email", Channel.SMS: "security_phone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage:
    """What is asked for; `present` is masked, and empty where there is none yet."""

    channel: str
    title: str
    label: str
    hint: str
    present: str
    may_remove: bool
    action: str


def page_of(who: accounts.Recipient, channel: Channel) -> ContactPage:
    """Return the page for one of the two ways to reach a person."""
    is_mail = channel == Channel.EMAIL
    return ContactPage(
        channel=channel.value,
        title=title_of(channel),
        label=_("New e-mail address") if is_mail else _("New mobile number"),
        hint="" if is_mail else _("With the country, such as +49 1512 3456789."),
        present=masked(present_of(who, channel)),
        may_remove=bool(who.email and who.phone),
        action=address_of(channel),
    )


def present_of(who: accounts.Recipient, channel: Channel) -> str:
    """Return the address or number that a person is reached by at present; empty: none."""
    return who.email if channel == Channel.EMAIL else who.phone


def title_of(channel: Channel) -> str:
    """Return what the page is called."""
    return _("E-mail address") if channel == Channel.EMAIL else _("Mobile number")


def address_of(channel: Channel) -> str:
    """Return where the page is."""
    return reverse(_ADDRESSES[channel])
