"""Settings that hold everywhere. A number with business meaning is a policy, never a setting."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels

from mooring.settings.environment import ENVIRONMENT

SOURCE = Path(__file__).resolve().parent.parent

SECRET_KEY = ENVIRONMENT.secret_key
#: Seal what is kept encrypted (`kernel.sealing`): the first seals, all of them open.
SEALING_KEYS = ENVIRONMENT.sealing_key_list
#: What links in messages begin with; never taken from a request.
SITE_URL = ENVIRONMENT.site_url.rstrip("/")
SANDBOX = ENVIRONMENT.sandbox
#: Where an integrator's tests listen, beside a sandbox that nobody else reaches either.
WEBHOOKS_TO_LOOPBACK = SANDBOX and urlsplit(SITE_URL).hostname in {"localhost", "127.0.0.1", "::1"}
#: Where addresses on the net are, in MaxMind's format; None: their networks are shown.
GEOIP_FILE = ENVIRONMENT.geoip_file
ALLOWED_HOSTS = ENVIRONMENT.host_list
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "mooring.kernel",
    "mooring.policies",
    "mooring.ledger",
    "mooring.accounts",
    "mooring.notices",
    "mooring.assets",
    "mooring.wallet",
    "mooring.earn",
    "mooring.gateway",
    "mooring.web",
    "mooring.operations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mooring.web.compression.CompressedPages",
    "mooring.web.strange_requests.readable_cookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "mooring.web.middleware.visits",
    "mooring.web.session_limits.session_limits",
    "mooring.web.uploads.measured_bodies",
    "mooring.web.middleware.private_pages",
    "mooring.web.strange_requests.expected_requests",
    "mooring.web.middleware.AbsentAlike",
]

ROOT_URLCONF = "mooring.settings.urls"
WSGI_APPLICATION = "mooring.settings.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours before those that allauth ships.
        "DIRS": [SOURCE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mooring.web.chrome.frame",
            ],
        },
    },
]


def database(*, role: str, max_age_seconds: int | None = None) -> dict[str, Any]:
    """Return Django's description of the database, worked in as `role`."""
    config: dict[str, Any] = dict(dj_database_url.parse(ENVIRONMENT.database_url))
    session = {
        "role": role,
        "TimeZone": "UTC",
        "default_transaction_isolation": "read\\ committed",
        "lock_timeout": "10s",
        "statement_timeout": "60s",
        "idle_in_transaction_session_timeout": "60s",
    }
    options = " ".join(f"-c {name}={value}" for name, value in session.items() if value)
    config["OPTIONS"] = {
        **config.get("OPTIONS", {}),
        "options": options,
        # Parameters travel beside the statement, not in it: a batch's arrays are not parsed as
        # SQL, and a statement is planned once for all batches.
        "server_side_binding": True,
        "prepare_threshold": 5,
    }
    config["CONN_MAX_AGE"] = max_age_seconds
    config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": database(role=ENVIRONMENT.database_role)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["mooring.accounts.entrance.backend.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "mooring.accounts.entrance.password_rules.Length"},
    {"NAME": "mooring.accounts.entrance.password_rules.NotCommon"},
    {"NAME": "mooring.accounts.entrance.password_rules.NotAboutThem"},
]

# Argon2id at OWASP's first choice of parameters: a guess costs memory, a log-in some 30 ms.
PASSWORD_HASHERS = ["mooring.accounts.entrance.hashing.Argon2id"]

# W004: Django looks for `unique=True` on the log-in name. Ours is unique by the constraint
# accounts_user_email_unique on lower(email), which is stricter: letter case makes no new person.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
ACCOUNT_ADAPTER = "mooring.accounts.entrance.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "mooring.web.forms.entrance.LogInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Tries are counted by `accounts.throttle` alone: a limit of allauth's would answer otherwise
# than a wrong password, and lock owners out.
ACCOUNT_RATE_LIMITS = False

MFA_ADAPTER = "mooring.accounts.proofs.mfa_adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Passkeys answer from SITE_URL exactly; elsewhere than in production from any port of its host.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False

DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = ENVIRONMENT.smtp_host
EMAIL_PORT = ENVIRONMENT.smtp_port
EMAIL_HOST_USER = ENVIRONMENT.smtp_user
EMAIL_HOST_PASSWORD = ENVIRONMENT.smtp_password
EMAIL_USE_TLS = ENVIRONMENT.smtp_tls
EMAIL_TIMEOUT = 10
if not ENVIRONMENT.smtp_host:
    # Nobody to hand mail to: keep each as a file. Production refuses to start like this.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = ENVIRONMENT.home.resolve() / "mail"

SMS_URL = ENVIRONMENT.sms_url
SMS_TOKEN = ENVIRONMENT.sms_token
#: Who carries the messages of each channel. A sandbox that names nobody keeps them readable.
_KEPT = "mooring.notices.senders.outbox.send"
NOTICE_SENDERS = {
    "EMAIL": _KEPT
    if SANDBOX and not ENVIRONMENT.smtp_host
    else "mooring.notices.senders.mail.send",
    "SMS": _KEPT if SANDBOX and not SMS_URL else "mooring.notices.senders.sms.send",
}
#: Whether pages offer SMS at all.
SMS_AVAILABLE = SANDBOX or bool(SMS_URL)

# What comes in is measured before it is read (`web.uploads`). Of that, a form's fields stay in
# memory, and of its files only small ones; the others wait on the disk until the answer is given.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# The three meanings of the design, and plain information.
MESSAGE_TAGS = {
    message_levels.DEBUG: "info",
    message_levels.INFO: "info",
    message_levels.SUCCESS: "good",
    message_levels.WARNING: "wait",
    message_levels.ERROR: "loss",
}

# To standard error, which whoever runs a process collects. Django's own handlers write nothing
# outside of debugging; a server that logs what it is asked for does it without tokens, too.
_TO_ROOT = {"handlers": [], "level": "INFO", "propagate": True}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "mooring.web.log_lines.Lines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": dict.fromkeys(("django", "django.server", "granian.access", "mooring"), _TO_ROOT),
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [SOURCE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.home.resolve() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mooring.web.static_files.PageManifestStaticFilesStorage"},
}
# Before `collectstatic` has run, files are served from where they lie.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()

CSRF_FAILURE_VIEW = "mooring.web.views.errors.csrf_failure"

# A log-in ends by the policies `session.*`; Django's own limit only has to be longer than both.
SESSION_COOKIE_AGE = 30 * 86_400
DEVICE_COOKIE_NAME = "device"
#: What the names of the wishes' cookies begin with.
COOKIE_PREFIX = ""
# In the session: what a page has to say to a person is in no cookie of its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "worker-src": [SELF],
        "frame-ancestors": [NONE],
    },
}
