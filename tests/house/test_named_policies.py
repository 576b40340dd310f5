"""What docs/security.md says an operator may set is what an operator may set."""

import re

from mooring.policies import api as policies
from tests.house.tree import REPOSITORY

_DOTTED = re.compile(r"`([a-z_]+\.[a-z_]+)`")
#: A second key of the same subject is written short: `…_megapixels_max`.
_SHORT = re.compile(r"`([a-z_]+)\.[a-z_]+`, `…([a-z_]+)`")
#: Names in the same form that are code.
_CODE = {"hmac.compare_digest", "identifiers.read_identifier", "os.urandom"}


def undeclared(document: str) -> list[str]:
    """Return the keys that a document names and nobody declares."""
    known = {policy.key for policy in policies.declared()}
    missing = set(_DOTTED.findall(document)) - known - _CODE
    short = {
        f"{subject}.…{end}"
        for subject, end in _SHORT.findall(document)
        if not any(key.startswith(f"{subject}.") and key.endswith(end) for key in known)
    }
    return sorted(missing | short)


def test_every_policy_that_the_document_of_security_names_is_declared() -> None:
    document = (REPOSITORY / "docs" / "security.md").read_text()
    assert _DOTTED.findall(document)
    assert undeclared(document) == []


def test_a_key_that_nobody_declares_is_caught() -> None:
    said = "`session.idle_minutes`, `session.idle_hours`; `hold.password_hours`, `…_weeks`"
    assert undeclared(said) == ["hold.…_weeks", "session.idle_hours"]
