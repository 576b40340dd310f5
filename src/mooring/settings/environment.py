"""
What the operator says through environment variables, read once and typed.

No other module reads `os.environ` (a house test holds it); the launcher, which runs before
Django exists, is the one exception.
"""

import secrets
from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """The environment of one process."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    #: Where the embedded database, secrets and logs live.
    home: Path = Field(default=Path("var"), validation_alias="MOORING_HOME")
    #: `postgres://user:password@host/name`; a socket directory is written percent-encoded.
    database_url: str = Field(
        default="postgres:///mooring",
        validation_alias="DATABASE_URL",
    )
    #: The PostgreSQL role the application works as; empty: the role that logged in.
    database_role: str = Field(default="mooring_app", validation_alias="MOORING_DATABASE_ROLE")
    #: A sandbox has a movable clock and play money. Never true where customers are.
    sandbox: bool = Field(default=False, validation_alias="MOORING_SANDBOX")
    #: Signs sessions and quotes. Made by the launcher and kept under `home`.
    secret_key: str = Field(
        default_factory=lambda: secrets.token_urlsafe(50),
        validation_alias="SECRET_KEY",
    )
    #: Seals secrets and documents at rest. Made by the launcher and kept under `home`. After a
    #: comma, older ones that still open what they sealed.
    sealing_keys: str = Field(
        default_factory=lambda: secrets.token_urlsafe(32),
        validation_alias="MOORING_SEALING_KEYS",
    )
    #: How the world reaches this site: what links in mails begin with.
    site_url: str = Field(default="http://localhost:8000", validation_alias="MOORING_SITE_URL")
    #: Host names the site answers to, comma separated.
    hosts: str = Field(default="localhost,127.0.0.1,[::1]", validation_alias="MOORING_HOSTS")
    #: How many proxies in front of us are ours; their X-Forwarded-For is believed.
    trusted_proxies: int = Field(default=0, ge=0, validation_alias="MOORING_TRUSTED_PROXIES")
    #: The mail server; empty: mails are kept as files under `home`.
    smtp_host: str = Field(default="", validation_alias="MOORING_SMTP_HOST")
    smtp_port: int = Field(default=587, ge=1, le=65535, validation_alias="MOORING_SMTP_PORT")
    smtp_user: str = Field(default="", validation_alias="MOORING_SMTP_USER")
    smtp_password: str = Field(default="", validation_alias="MOORING_SMTP_PASSWORD")
    smtp_tls: bool = Field(default=True, validation_alias="MOORING_SMTP_TLS")
    mail_from: str = Field(
        default="Mooring <no-reply@localhost>", validation_alias="MOORING_MAIL_FROM"
    )
    #: Where an SMS is posted to, and the bearer token of that gateway; empty: no SMS is sent.
    sms_url: str = Field(default="", validation_alias="MOORING_SMS_URL")
    sms_token: str = Field(default="", validation_alias="MOORING_SMS_TOKEN")
    #: A GeoIP file in MaxMind's format, with cities or countries; empty: networks are shown.
    geoip_file: Path | None = Field(default=None, validation_alias="MOORING_GEOIP_FILE")
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")

    @property
    def host_list(self) -> list[str]:
        """The host names as a list."""
        return [host.strip() for host in self.hosts.split(",") if host.strip()]

    @property
    def sealing_key_list(self) -> list[str]:
        """The sealing keys as a list, the one that seals first."""
        return [key.strip() for key in self.sealing_keys.split(",") if key.strip()]


ENVIRONMENT: Final = Environment()
