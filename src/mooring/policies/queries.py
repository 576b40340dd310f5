"""What is in force, what is to come, and what was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from mooring.kernel import db
from mooring.policies.declarations import AnyPolicy, Policy, T, declared
from mooring.policies.errors import UnreadableSetting, ValueOutOfRange


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    Every policy's value at one time: `snapshot[FEE_RATE]`, typed as declared.

    A policy that no operator has set has its default.
    """

    at: datetime
    settings: Mapping[str, str]

    def __getitem__(self, policy: Policy[T]) -> T:
        text = self.settings.get(policy.key)
        if text is None:
            return policy.default
        try:
            return policy.parse(text)
        except ValueOutOfRange as error:
            # The declaration was narrowed after the setting. Guessing a value would be worse
            # than stopping.
            raise UnreadableSetting(key=policy.key, value=text) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """A policy and its value as people read it; every value is text."""

    key: str
    description: str
    unit: str
    kind: str
    default: str
    minimum: str | None
    maximum: str | None
    choices: tuple[str, ...]
    value: str
    in_force_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """One decision about a policy."""

    value: str
    effective_from: datetime
    decided_at: datetime
    author: str
    reason: str


def in_force(*, at: datetime) -> Snapshot:
    """Return every policy's value at `at`, UTC, with one query."""
    found = _settings_at(at)
    return Snapshot(at=at, settings={key: value for key, (value, _) in found.items()})


def list_policies(*, at: datetime) -> tuple[PolicyView, ...]:
    """Return every declared policy with its value at `at`, by key, with one query."""
    found = _settings_at(at)
    return tuple(_view(policy, found.get(policy.key)) for policy in declared())


def list_settings(*, key: str) -> tuple[SettingView, ...]:
    """Return the decisions about one policy, newest beginning first."""
    found = db.rows(
        "SELECT value, effective_from, decided_at, author, reason FROM policies_setting"
        " WHERE key = %s ORDER BY effective_from DESC, id DESC",
        [key],
    )
    return tuple(
        SettingView(
            value=value,
            effective_from=effective_from,
            decided_at=decided_at,
            author=author,
            reason=reason,
        )
        for value, effective_from, decided_at, author, reason in found
    )


def _settings_at(at: datetime) -> dict[str, tuple[str, datetime]]:
    found = db.rows(
        "SELECT DISTINCT ON (key) key, value, effective_from FROM policies_setting"
        " WHERE effective_from <= %s ORDER BY key, effective_from DESC, id DESC",
        [at],
    )
    return {key: (value, effective_from) for key, value, effective_from in found}


def _view(policy: AnyPolicy, setting: tuple[str, datetime] | None) -> PolicyView:
    # A union of four kinds has no method common to all for the type checker; the text does.
    text_policy = cast("Policy[str]", policy)
    bounds = (text_policy.minimum, text_policy.maximum)
    minimum, maximum = (None if b is None else text_policy.text_of(b) for b in bounds)
    default = text_policy.text_of(text_policy.default)
    value, since = setting or (default, None)
    return PolicyView(
        key=policy.key,
        description=policy.description,
        unit=policy.unit,
        kind=policy.kind.__name__,
        default=default,
        minimum=minimum,
        maximum=maximum,
        choices=tuple(text_policy.text_of(choice) for choice in text_policy.choices),
        value=value,
        in_force_since=since,
    )
