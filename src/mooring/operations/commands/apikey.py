"""
`mooring apikey`: make, list and revoke the keys with which programs act for a customer.

Runs on the machine of the platform, so it is its operator's; the customer is told by mail of
every key that is made or revoked here.
"""

from pathlib import Path
from typing import Final

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mooring.accounts import api as accounts
from mooring.kernel import clock
from mooring.operations.commands import inputs
from mooring.operations.commands.failures import Declined
from mooring.operations.commands.output import answer, json_option, table

_RSA_BITS: Final = 3072
_RSA_EXPONENT: Final = 65_537
_FILE_SIZE_MAX: Final = 10_000


@click.group("apikey")
def command() -> None:
    """Make, list and revoke keys of customers' programs."""


@command.command("create")
@click.option("--email", required=True, help="Whose key.")
@click.option("--rights", default="read", show_default=True, help="Such as read,trade,withdraw.")
@click.option(
    "--type",
    "kind",
    type=click.Choice(["hmac", "ed25519", "rsa"], case_sensitive=False),
    default="hmac",
    show_default=True,
    help="How it signs.",
)
@click.option("--label", default="command line", show_default=True, help="What it is called.")
@click.option("--ip", "networks", multiple=True, help="Only from this address or network.")
@click.option(
    "--public-key",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file of an Ed25519 or RSA public key; without it a pair is made.",
)
@json_option
def create(  # noqa: PLR0913 - a click command's options
    *,
    email: str,
    rights: str,
    kind: str,
    label: str,
    networks: tuple[str, ...],
    file: Path | None,
    as_json: bool,
) -> None:
    """
    Make a key, and show its secret: this once.

    The secret is the HMAC secret, or the private key (PEM) of the pair that was made here; with
    --public-key there is none.
    """
    account_id = inputs.account_of(email)
    public_key, private_key = _pair(kind, file)
    order = accounts.keys.read_order(
        {
            "label": label,
            "type": kind,
            "public_key": public_key,
            "rights": rights,
            "networks": ",".join(networks),
        }
    )
    made = accounts.keys.issue_api_key(account_id=account_id, order=order, at=clock.now())
    secret = made.secret or private_key
    answer(
        {"api_key": made.api_key, "secret": secret},
        as_json=as_json,
        human=lambda: _say(made.api_key, secret),
    )


def _say(api_key: str, secret: str | None) -> None:
    click.echo(f"Key:    {api_key}")
    if secret is not None:
        click.echo(f"Secret: {secret}")
        click.echo("The secret is shown this once; keep it now.")


def _pair(kind: str, file: Path | None) -> tuple[str, str | None]:
    """Return the public key as PEM, and the private key of a pair that was made here."""
    if file is not None:
        return _read(file), None
    if kind == "hmac":
        return "", None
    private = (
        Ed25519PrivateKey.generate()
        if kind == "ed25519"
        else generate_private_key(public_exponent=_RSA_EXPONENT, key_size=_RSA_BITS)
    )
    public = private.public_key()
    return (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    )


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_FILE_SIZE_MAX).decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Declined(
            "public_key_unreadable", f"--public-key: {file} is not a readable PEM file."
        ) from error


@command.command("list")
@click.option("--email", required=True, help="Whose keys.")
@json_option
def listing(*, email: str, as_json: bool) -> None:
    """List the keys that work; their secrets are shown nowhere."""
    keys = accounts.keys.list_api_keys(inputs.account_of(email))
    answer(
        {"api_keys": [_facts(key) for key in keys]},
        as_json=as_json,
        human=lambda: table(
            ["id", "label", "type", "rights", "from", "made", "last use", "used from"],
            [
                [
                    key.id,
                    key.label,
                    key.type,
                    accounts.keys.rights_text(key.rights),
                    " ".join(key.networks) or "anywhere",
                    key.created_at,
                    key.used_at,
                    key.used_ip,
                ]
                for key in keys
            ],
        ),
    )


def _facts(key: accounts.keys.ApiKeyView) -> dict[str, object]:
    return {
        "id": key.id,
        "api_key": key.api_key,
        "label": key.label,
        "type": key.type,
        "rights": accounts.keys.rights_text(key.rights).split(","),
        "networks": list(key.networks),
        "created_at": key.created_at,
        "used_at": key.used_at,
        "used_ip": key.used_ip,
    }


@command.command("revoke")
@click.option("--email", required=True, help="Whose key.")
@click.option("--id", "key_id", required=True, type=click.IntRange(1, 2**63 - 1), help="Its id.")
@json_option
def revoke(*, email: str, key_id: int, as_json: bool) -> None:
    """End a key for good, from this moment on."""
    account_id = inputs.account_of(email)
    at = clock.now()
    accounts.keys.revoke_api_key(account_id=account_id, key_id=key_id, origin=None, at=at)
    answer(
        {"id": key_id, "revoked_at": at},
        as_json=as_json,
        human=lambda: click.echo(f"Key {key_id} is revoked."),
    )
