"""A passkey made of software, for tests: it answers challenges as a browser would."""

import hashlib
import json
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT_AND_VERIFIED = 0x05
WITH_CREDENTIAL = 0x40


@dataclass
class SoftPasskey:
    """A key in a device, its signature counter, and the page it believes to be on."""

    origin: str = "http://localhost:8000"
    counter: int = 1
    counts_by: int = 1
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))

    def create(self, options):
        """Answer `navigator.credentials.create`."""
        asked = options["publicKey"]
        credential = AttestedCredentialData.create(
            b"\0" * 16, self.credential_id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = AuthenticatorData.create(
            _rp_hash(asked["rp"]["id"]),
            PRESENT_AND_VERIFIED | WITH_CREDENTIAL,
            self.counter,
            credential,
        )
        attestation = AttestationObject.create("none", data, {})
        return self._answer(
            {
                "clientDataJSON": self._client_data("webauthn.create", asked["challenge"]),
                "attestationObject": websafe_encode(attestation),
            }
        )

    def get(self, options):
        """Answer `navigator.credentials.get`."""
        asked = options["publicKey"]
        self.counter += self.counts_by
        data = AuthenticatorData.create(_rp_hash(asked["rpId"]), PRESENT_AND_VERIFIED, self.counter)
        client_data = self._client_data("webauthn.get", asked["challenge"], encoded=False)
        signed = bytes(data) + hashlib.sha256(client_data).digest()
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client_data),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            }
        )

    def _client_data(self, kind, challenge, *, encoded=True):
        content = {"type": kind, "challenge": challenge, "origin": self.origin}
        text = json.dumps(content).encode()
        return websafe_encode(text) if encoded else text

    def _answer(self, response):
        return {
            "id": websafe_encode(self.credential_id),
            "rawId": websafe_encode(self.credential_id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }


def _rp_hash(rp_id):
    return hashlib.sha256(rp_id.encode()).digest()
