"""Tests: the sandbox, quick password hashing, the owner's role until the tables exist."""

from mooring.settings.base import *  # noqa: F403 - a settings module is its base and what differs
from mooring.settings.base import SOURCE, database

SANDBOX = True
WEBHOOKS_TO_LOOPBACK = True
SECRET_KEY = "only-for-tests"  # noqa: S105 - not a secret
SEALING_KEYS = ["only-for-tests"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The fixtures of tests/conftest.py switch to the application's role once the tables exist.
DATABASES = {"default": database(role="", max_age_seconds=0)}
# No files to collect.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = SOURCE / "web" / "static"
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
NOTICE_SENDERS = dict.fromkeys(["EMAIL", "SMS"], "mooring.notices.senders.outbox.send")
SMS_AVAILABLE = True
