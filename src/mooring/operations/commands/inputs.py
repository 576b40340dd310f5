"""What people and programs type, read strictly, each by the validator that the pages use."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

import click
from django.conf import settings
from django.core.exceptions import ValidationError

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.kernel import clock
from mooring.kernel.money import Amount, parse_amount
from mooring.operations.commands.failures import Declined

_STEP: Final = re.compile(r"([1-9][0-9]{0,6})([smhd])", re.ASCII)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def require_sandbox() -> None:
    """
    Refuse to go on where customers are.

    Raises:
        NotASandbox: MOORING_SANDBOX is not set.
    """
    if not settings.SANDBOX:
        raise clock.NotASandbox


def email_of(text: str) -> str:
    """
    Return a new customer's address.

    Raises:
        Declined: it is no e-mail address.
    """
    try:
        return accounts.entrance.read_email(text).value
    except accounts.entrance.IdentifierMalformed as error:
        raise Declined(
            "email_malformed",
            "--email takes an e-mail address of at most 254 characters, such as alice@example.org.",
        ) from error


def password_of(text: str, *, email: str) -> str:
    """
    Return a new customer's password.

    Raises:
        Declined: it is too short or too long, too common, or made of the address.
    """
    try:
        accounts.entrance.check_password_for(text, accounts.entrance.read_email(email))
    except ValidationError as error:
        raise Declined(
            "password_too_weak", f"--password is not taken: {_reasons(error)}"
        ) from error
    return text


def account_of(email: str) -> int:
    """
    Return the account that logs in with an address.

    Raises:
        Declined: there is none.
    """
    account_id = accounts.find_account_id(email=email.strip())
    if account_id is None:
        raise Declined("account_not_found", f"--email: no account logs in with {email!r}.")
    return account_id


def amount_of(text: str, *, asset: str) -> Amount:
    """
    Return an amount of an asset.

    Raises:
        UnknownAsset: the platform does not hold it.
        MalformedAmount: the text is not plain digits with at most the asset's decimals.
    """
    facts = assets.get_asset(asset)
    return parse_amount(text, asset=asset, decimals_max=facts.ledger_decimals)


def key_of(text: str | None) -> str:
    """Return the caller's key, or a new one that nobody used."""
    return text or f"cli.{secrets.token_hex(12)}"


class Step(click.ParamType[timedelta | str]):
    """How far to move the clock: `90m`, `1h`, `7d`, or `until-next-event`."""

    name = "step"
    NEXT_EVENT: Final = "until-next-event"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta | str:
        """Return the step; anything else is answered with what is allowed."""
        text = str(value)
        if text == self.NEXT_EVENT:
            return text
        read = _STEP.fullmatch(text)
        if read is None:
            self.fail(
                f"{text!r} is no step: write a whole number and s, m, h or d, such as 90m, 1h or "
                f"7d, or {self.NEXT_EVENT}.",
                param,
                ctx,
            )
        return timedelta(**{_UNITS[read[2]]: int(read[1])})


class Moment(click.ParamType[datetime]):
    """A time in ISO 8601 with its zone."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the time in UTC; one without a zone is refused, for it would be a guess."""
        if isinstance(value, datetime):
            return value
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError:
            read = None
        if read is None or read.tzinfo is None:
            self.fail(
                f"{str(value)!r} is no time: write ISO 8601 with its zone, such as "
                "2026-03-01T12:00:00Z or 2026-03-01T12:00:00+08:00.",
                param,
                ctx,
            )
        return self._in_utc(read, param, ctx)

    def _in_utc(
        self, read: datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            return read.astimezone(UTC)
        except OverflowError:
            self.fail(f"{read.isoformat()} lies outside the calendar.", param, ctx)


def _reasons(error: ValidationError) -> str:
    return " ".join(error.messages)
