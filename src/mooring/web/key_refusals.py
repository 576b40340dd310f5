"""What refusals about keys of programs say to a person; part of `web.refusals`."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_PUBLIC_KEY: Final = {
    "missing": gettext_noop("Paste the public key of your pair."),
    "not_needed": gettext_noop("A key of type HMAC has no public key: leave this empty."),
    "not_pem": gettext_noop(
        "This is no public key that we can read. It begins with -----BEGIN PUBLIC KEY----- and "
        "ends with -----END PUBLIC KEY-----, with nothing before or after it."
    ),
    "other_type": gettext_noop("This public key is of another type than the one you chose."),
    "rsa_size": gettext_noop("An RSA key must have 2048 to 4096 bits."),
    "rsa_exponent": gettext_noop("Make the RSA key with the exponent 65537, as every tool does."),
    "weak": gettext_noop("Anybody could sign for this key. Make a new pair."),
}
_NETWORKS: Final = {
    "not_a_network": gettext_noop(
        "%(network)s is no address and no network. Write 203.0.113.5, 203.0.113.0/24 or "
        "2001:db8::/48."
    ),
    "host_bits": gettext_noop(
        "%(network)s is an address and not the beginning of a network. Leave out what follows "
        "the slash, or write the first address of the network."
    ),
    "too_wide": gettext_noop(
        "%(network)s is too wide. The widest network is a /8, with IPv6 a /32."
    ),
    "too_many": gettext_noop("A key has at most 30 addresses and networks."),
}

SENTENCES: Final[dict[str, Callable[[Any], str]]] = {
    "api_key_label_malformed": lambda _refusal: _(
        "Give the key a name of 1 to 40 characters that can be seen."
    ),
    "api_key_networks_malformed": lambda refusal: (
        _(_NETWORKS[refusal.reason]) % {"network": refusal.network}
    ),
    "api_key_networks_missing": lambda _refusal: _(
        "A key may withdraw only from addresses that you list: write at least one."
    ),
    "api_key_not_found": lambda _refusal: _("There is no such key."),
    "api_key_order_wrong": lambda _refusal: _("A key cannot be made of this."),
    "api_key_private_key_pasted": lambda _refusal: _(
        "This is a private key, which nobody but you may ever see. We have not kept it, but treat "
        "it as known to others: throw it away, make a new pair, and paste the public key only."
    ),
    "api_key_public_key_malformed": lambda refusal: _(_PUBLIC_KEY[refusal.reason]),
    "api_key_refused": lambda _refusal: _("Invalid key, address or permissions."),
    "api_key_right_unknown": lambda _refusal: _("A key can read, trade and withdraw."),
    "api_key_too_many": lambda refusal: (
        _("You have %(maximum)s keys, and more are not possible. Revoke one first.")
        % {"maximum": refusal.maximum}
    ),
    "api_key_type_unknown": lambda _refusal: _("Choose HMAC, Ed25519 or RSA."),
    "api_signature_wrong": lambda _refusal: _("The signature of this request is not right."),
}
