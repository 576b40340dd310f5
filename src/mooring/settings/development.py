"""One machine, plain HTTP on loopback: what `make run` uses."""

from mooring.settings.base import *  # noqa: F403 - a settings module is its base and what differs

MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
