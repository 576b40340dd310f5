"""
What accounts declines about keys of programs.

    Refusal
    ├── KeyOrderWrong              what a key was to be made of; `field` says which input
    │   ├── LabelMalformed         1 to 40 printable characters
    │   ├── KeyTypeUnknown         HMAC, ED25519 or RSA
    │   ├── RightUnknown           read, trade or withdraw
    │   ├── PublicKeyMalformed     no public key of this type that we take; `reason` says why
    │   ├── PrivateKeyPasted       a private key: it is no secret any more
    │   ├── NetworksMalformed      one of the networks; `reason` says why
    │   └── NetworksMissing        withdrawing needs a list of networks
    ├── TooManyApiKeys             the account has as many as it may have
    ├── ApiKeyNotFound             absent, ended or another's: one answer
    ├── ApiKeyRefused              a request's key, address or right: one answer
    └── SignatureWrong             the key is right and the signature is not
"""

from mooring.kernel.errors import Refusal


class KeyOrderWrong(Refusal):
    """A key cannot be made of what was given; `field` names the input."""

    code = "api_key_order_wrong"
    field = ""


class LabelMalformed(KeyOrderWrong):
    """A key's label has 1 to 40 printable characters."""

    code = "api_key_label_malformed"
    field = "label"

    def __init__(self) -> None:
        super().__init__("A label has 1 to 40 printable characters.")


class KeyTypeUnknown(KeyOrderWrong):
    """A key is HMAC, ED25519 or RSA."""

    code = "api_key_type_unknown"
    field = "type"

    def __init__(self) -> None:
        super().__init__("A key is of type HMAC, ED25519 or RSA.")


class RightUnknown(KeyOrderWrong):
    """A key may read, and may be let to trade and to withdraw."""

    code = "api_key_right_unknown"
    field = "rights"

    def __init__(self, *, right: str) -> None:
        super().__init__(f"The rights of a key are read, trade and withdraw, not {right!r}.")
        self.right = right


class PublicKeyMalformed(KeyOrderWrong):
    """
    The text is no public key that we take.

    `reason` is `missing`, `not_needed`, `not_pem`, `other_type`, `rsa_size`, `rsa_exponent` or
    `weak`.
    """

    code = "api_key_public_key_malformed"
    field = "public_key"

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"This public key is not taken: {reason}.")
        self.reason = reason


class PrivateKeyPasted(KeyOrderWrong):
    """The text holds a private key, which nobody but its owner may see."""

    code = "api_key_private_key_pasted"
    field = "public_key"

    def __init__(self) -> None:
        super().__init__(
            "This is a private key. We have not kept it; throw it away, make a new pair, and "
            "give us the public key only."
        )


class NetworksMalformed(KeyOrderWrong):
    """
    One of the networks cannot be taken.

    `reason` is `not_a_network`, `host_bits`, `too_wide` or `too_many`; `network` is what was
    written.
    """

    code = "api_key_networks_malformed"
    field = "networks"

    def __init__(self, *, network: str, reason: str) -> None:
        super().__init__(f"The network {network!r} is not taken: {reason}.")
        self.network = network
        self.reason = reason


class NetworksMissing(KeyOrderWrong):
    """A key that may withdraw must be bound to networks."""

    code = "api_key_networks_missing"
    field = "networks"

    def __init__(self) -> None:
        super().__init__("A key may withdraw only from listed networks: name at least one.")


class TooManyApiKeys(Refusal):
    """The account has as many keys as the policy allows."""

    code = "api_key_too_many"

    def __init__(self, *, maximum: int) -> None:
        super().__init__(f"An account has at most {maximum} keys: revoke one first.")
        self.maximum = maximum


class ApiKeyNotFound(Refusal):
    """No such key of this account that could be revoked; another's is answered alike."""

    code = "api_key_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such key.")


class ApiKeyRefused(Refusal):
    """
    A request's key does not open what was asked for.

    One code and one sentence for all reasons; `reason` is for our records: `malformed`,
    `unknown`, `ended`, `account`, `network` or `right`.
    """

    code = "api_key_refused"

    def __init__(self, *, reason: str) -> None:
        super().__init__("Invalid key, address or permissions.")
        self.reason = reason


class SignatureWrong(Refusal):
    """The signature is not that of this request by this key."""

    code = "api_signature_wrong"

    def __init__(self) -> None:
        super().__init__("The signature of this request is not right.")
