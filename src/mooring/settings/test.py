"""Tests: the sandbox, quick password hashing, the owner's role until the tables exist."""

from mooring.settings.base import *  # noqa: F403 - a settings module is its base and what differs
from mooring.settings.base import database

SANDBOX = True
SECRET_KEY = "only-for-tests"  # noqa: S105 - not a secret
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The fixtures of tests/conftest.py switch to the application's role once the tables exist.
DATABASES = {"default": database(role="", max_age_seconds=0)}
