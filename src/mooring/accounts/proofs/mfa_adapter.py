"""Where allauth's factors ask us: names for authenticators, and nothing of theirs in the clear."""

import base64
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from qrcode.image.svg import SvgPathFillImage

from mooring.kernel import sealing

SITE_NAME: Final = "Mooring"
#: For what allauth itself would write. What we write is bound to its person (`totp.seal`).
_PURPOSE: Final = "factor.allauth"


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """How factors are named and kept here."""

    def encrypt(self, text: str) -> str:
        """Return a secret sealed, as text."""
        return base64.b64encode(sealing.seal(text.encode(), purpose=_PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """
        Return what `encrypt` was given.

        Raises:
            SealBroken: it was changed, or the key is gone.
        """
        return sealing.unseal(base64.b64decode(encrypted_text), purpose=_PURPOSE).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who asks for a passkey: the host of SITE_URL, whatever a request says."""
        return {"id": rp_id(), "name": SITE_NAME}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Return for whom a passkey is: the name is what a person sees when choosing one."""
        name = name_of(user)
        return {"id": str(user.pk).encode(), "name": name, "display_name": name}

    def get_totp_label(self, user: Any) -> str:
        """Return whose entry it is in the authenticator app."""
        return f"{SITE_NAME}:{name_of(user)}"

    def get_totp_issuer(self) -> str:
        """Return our name, as the authenticator app shows it."""
        return SITE_NAME

    def build_totp_svg(self, url: str) -> str:
        """Return a QR code that can be read on a dark page too: its ground is white."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()


def rp_id() -> str:
    """Return the host that passkeys are bound to."""
    return urlsplit(settings.SITE_URL).hostname or ""


def is_our_origin(origin: str) -> bool:
    """
    Return whether a browser that answers from `origin` is on this site.

    Exactly SITE_URL. On a developer's machine the port and the scheme may differ
    (`MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN`); production leaves that off.
    """
    site = urlsplit(settings.SITE_URL)
    if origin == f"{site.scheme}://{site.netloc}":
        return True
    is_lenient = bool(settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)
    return is_lenient and urlsplit(origin).hostname == site.hostname


def name_of(user: Any) -> str:
    """Return the address or number that a person logs in with."""
    return user.email or user.phone or ""
