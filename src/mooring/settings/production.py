"""Behind TLS, with customers: secure cookies, HSTS, no sandbox."""

from django.core.exceptions import ImproperlyConfigured

from mooring.settings.base import *  # noqa: F403 - a settings module is its base and what differs
from mooring.settings.environment import ENVIRONMENT

if ENVIRONMENT.sandbox:
    message = "MOORING_SANDBOX must not be set in production: money would be made of nothing."
    raise ImproperlyConfigured(message)

if not ENVIRONMENT.smtp_host:
    message = "MOORING_SMTP_HOST must be set in production: sign-up confirms addresses by mail."
    raise ImproperlyConfigured(message)

if not ENVIRONMENT.site_url.startswith("https://"):
    message = "MOORING_SITE_URL must begin with https:// in production: mails link to it."
    raise ImproperlyConfigured(message)

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
DEVICE_COOKIE_NAME = "__Host-device"
LANGUAGE_COOKIE_NAME = "__Host-language"
COOKIE_PREFIX = "__Host-"
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
if ENVIRONMENT.trusted_proxies:
    # The proxy in front speaks TLS with the customer and says so; without one nobody may.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
