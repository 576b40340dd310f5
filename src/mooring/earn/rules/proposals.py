"""What an operator may propose: each field read strictly, each bound said (EARN-17)."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from mooring.earn.rules.daily import Tier, are_a_schedule
from mooring.kernel.errors import Refusal

#: Below what a column holds; far above what anybody offers.
_MOST: Final = Decimal(10) ** 20
_NUMBER: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{1,18})?")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_COUNTRIES: Final = re.compile(r"([A-Z]{2}( [A-Z]{2})*)?")
_TIER: Final = re.compile(r"([0-9.]{1,40})-([0-9.]{0,40}):([0-9.]{1,40})")
_HOURS_MOST: Final = 32_767
_RATE_MOST: Final = Decimal(100)
_TEXT_MOST: Final = 200

Reader = Callable[[str], Any]


class ProposalMalformed(Refusal):
    """
    A field of a proposal is not what it may be.

    Args:
        allowed: what it may be, with places for `facts` and `%%` for a percent sign.
    """

    code = "earn_proposal_malformed"

    def __init__(self, *, field: str, allowed: str, **facts: object) -> None:
        self.allowed = allowed % facts
        super().__init__(f"{field} must be {self.allowed}.")
        self.field, self.template, self.facts = field, allowed, facts


def read_payload(kind: str, payload: Mapping[str, str]) -> dict[str, Any]:
    """
    Return what a proposal says, as the publishing actions take it.

    Args:
        kind: as `models.Proposal.Kind`.
        payload: texts by field; a field that may be absent is absent or empty.

    Raises:
        ProposalMalformed: a field that is unknown, missing or not what it may be.
    """
    fields = FIELDS[kind]
    unknown = sorted(payload.keys() - fields.keys())
    if unknown:
        raise ProposalMalformed(field=unknown[0], allowed="left out")
    found = {}
    for name, (reader, allowed) in fields.items():
        text = payload.get(name, "").strip()
        try:
            value = reader(text)
        except ValueError as error:
            raise ProposalMalformed(field=name, allowed=allowed) from error
        if value is not _ABSENT:
            found[name] = value
    if kind == "TERMS":
        _check_terms(found)
    if kind == "UNBONDING" and found["hours_max"] < found["hours_min"]:
        raise ProposalMalformed(field="hours_max", allowed="no less than hours_min")
    return found


_ABSENT: Final = object()


def _number(*, least: Decimal, below: Decimal, is_needed: bool = False) -> Reader:
    def read(text: str) -> Any:
        if not text and not is_needed:
            return _ABSENT
        if not _NUMBER.fullmatch(text):
            raise ValueError
        number = Decimal(text)
        if not least <= number < below:
            raise ValueError
        return number

    return read


def _positive(*, is_needed: bool = False) -> Reader:
    return _number(least=Decimal(1).scaleb(-18), below=_MOST, is_needed=is_needed)


def _whole(*, least: int = 0, is_needed: bool = False) -> Reader:
    def read(text: str) -> Any:
        if not text and not is_needed:
            return _ABSENT
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= _HOURS_MOST:
            raise ValueError
        return int(text)

    return read


def _choice(*values: str) -> Reader:
    def read(text: str) -> Any:
        if not text:
            return _ABSENT
        if text not in values:
            raise ValueError
        return text

    return read


def _flag(text: str) -> Any:
    if text not in {"", "yes", "no"}:
        raise ValueError
    return text == "yes" if text else _ABSENT


def _countries(text: str) -> Any:
    if not _COUNTRIES.fullmatch(text):
        raise ValueError
    return tuple(sorted(set(text.split()))) if text else _ABSENT


def _seconds(text: str) -> Any:
    if not text:
        return _ABSENT
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def _code(text: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{2,16}", text):
        raise ValueError
    return text


def _code_or_none(text: str) -> Any:
    return _code(text) if text else _ABSENT


def _note(text: str) -> Any:
    if len(text) > _TEXT_MOST or not text.isprintable():
        raise ValueError
    return text


def _tiers(text: str) -> tuple[Tier, ...]:
    """Read `0-1000:0.05 1000-:0.01`: from, to (none: no end) and the yearly rate."""
    tiers = []
    for one in text.split():
        found = _TIER.fullmatch(one)
        if found is None:
            raise ValueError
        above, up_to, rate = found.groups()
        parts = [above, rate, *([up_to] if up_to else [])]
        if not all(_NUMBER.fullmatch(part) for part in parts):
            raise ValueError
        tiers.append(
            Tier(above=Decimal(above), up_to=Decimal(up_to) if up_to else None, rate=Decimal(rate))
        )
    if tiers and not are_a_schedule(tuple(tiers)):
        raise ValueError
    return tuple(tiers)


_AMOUNT: Final = "an amount above 0 with at most 18 decimals"
_OR_NONE: Final = f"{_AMOUNT}, or empty"
_FROM_ZERO: Final = "an amount of 0 or more with at most 18 decimals, or empty"
_SHARE: Final = "a share from 0 to below 1, such as 0.001, or empty"
_RATE: Final = "a yearly rate from 0 to below 100, such as 0.05 for 5 %%"
_WHOLE_NUMBER: Final = f"a whole number up to {_HOURS_MOST}, or empty"
_YES_NO: Final = "yes or no, or empty"
_KINDS: Final = "FLEXIBLE, LOCKED or LIQUID"
_FAMILIES: Final = "SIMPLE or ONCHAIN, or empty; only of a locked product"

#: By kind of proposal: how each field is read, and what it may be.
FIELDS: Final[Mapping[str, Mapping[str, tuple[Reader, str]]]] = {
    "TERMS": {
        "asset": (_code, "an asset's code"),
        "kind": (_choice("FLEXIBLE", "LOCKED", "LIQUID"), _KINDS),
        "family": (_choice("SIMPLE", "ONCHAIN"), _FAMILIES),
        "token": (_code_or_none, "an asset's code; only of liquid staking"),
        "minimum": (_positive(is_needed=True), _AMOUNT),
        "minimum_remaining": (_number(least=Decimal(0), below=_MOST), _FROM_ZERO),
        "maximum": (_positive(), _OR_NONE),
        "quota_per_person": (_positive(), _OR_NONE),
        "quota_total": (_positive(), _OR_NONE),
        "excluded_countries": (_countries, "codes of countries with a blank between: DE FR"),
        "fee_rate": (_number(least=Decimal(0), below=Decimal(1)), _SHARE),
        "redeem_minimum": (_number(least=Decimal(0), below=_MOST), _FROM_ZERO),
        "is_instant": (_flag, _YES_NO),
        "daily_limit_per_person": (_positive(), _OR_NONE),
        "daily_limit_total": (_positive(), _OR_NONE),
        "standard_days": (_whole(), _WHOLE_NUMBER),
        "standard_fee_rate": (_number(least=Decimal(0), below=Decimal(1)), _SHARE),
        "apr": (_number(least=Decimal(0), below=_RATE_MOST), f"{_RATE}; empty if flexible"),
        "duration_days": (_whole(least=1), "whole days from 1; empty if flexible"),
        "redeem_period_days": (_whole(), _WHOLE_NUMBER),
        "is_renewable": (_flag, _YES_NO),
        "reward_asset": (_code_or_none, "an asset's code; empty for the asset itself"),
        "early_redemption": (
            _choice("ALLOWED", "PARTIAL", "NONE"),
            "ALLOWED, PARTIAL or NONE, or empty",
        ),
        "claw_back": (
            _choice("DISTRIBUTED_AND_ACCRUED", "ACCRUED_ONLY", "PRO_RATA", "NONE"),
            "DISTRIBUTED_AND_ACCRUED, ACCRUED_ONLY, PRO_RATA or NONE, or empty",
        ),
        "delivery_hours_min": (_whole(), _WHOLE_NUMBER),
        "delivery_hours_max": (_whole(), _WHOLE_NUMBER),
        "grace_seconds": (_seconds, "whole seconds, or empty"),
    },
    "RATE": {"apr": (_number(least=Decimal(0), below=_RATE_MOST, is_needed=True), _RATE)},
    "DAILY_RATE": {
        "asset": (_code, "an asset's code"),
        "tiers": (_tiers, "tiers from 0 up without a gap, such as 0-1000:0.05 1000-:0.01"),
    },
    "RATIO": {
        "ratio": (
            _number(least=Decimal(1).scaleb(-18), below=Decimal(10) ** 9, is_needed=True),
            "a ratio above 0 with at most 18 decimals",
        )
    },
    "UNBONDING": {
        "hours_min": (_whole(is_needed=True), "whole hours"),
        "hours_max": (_whole(is_needed=True), "whole hours"),
        "note": (_note, f"at most {_TEXT_MOST} characters on one line"),
    },
    "RETIREMENT": {},
}


def _check_terms(found: Mapping[str, Any]) -> None:
    """Refuse terms that contradict each other; the tables would refuse them as well."""
    if "kind" not in found:
        raise ProposalMalformed(field="kind", allowed=_KINDS)
    is_locked = found["kind"] == "LOCKED"
    for name in ("apr", "duration_days"):
        if is_locked != (name in found):
            allowed = "given, for it is locked" if is_locked else "empty, for it is not locked"
            raise ProposalMalformed(field=name, allowed=allowed)
    if not is_locked and "family" in found:
        raise ProposalMalformed(field="family", allowed="empty, for it is not locked")
    if not is_locked and "reward_asset" in found:
        raise ProposalMalformed(field="reward_asset", allowed="empty, for it is not locked")
    _check_token(found)
    if not is_locked and not found.get("is_instant", True) and "standard_days" not in found:
        raise ProposalMalformed(field="standard_days", allowed="given: there is always a way out")
    least, most = found.get("delivery_hours_min", 0), found.get("delivery_hours_max", 0)
    if most < least:
        raise ProposalMalformed(
            field="delivery_hours_max", allowed="no less than delivery_hours_min"
        )
    longest = least * 3600
    if not is_locked and "standard_days" in found:
        longest = max(longest, found["standard_days"] * 86_400)
    if found.get("grace_seconds", 0) > longest:
        raise ProposalMalformed(
            field="grace_seconds",
            allowed="at most %(longest)s: an undo ends before delivery",
            longest=longest,
        )


#: Of liquid staking: what it has none of, and what says so. Nobody is promised what does not hold.
_NOT_OF_LIQUID: Final[Mapping[str, tuple[Any, ...]]] = {
    "minimum_remaining": (Decimal(0),),
    "fee_rate": (Decimal(0),),
    "is_instant": (True,),
    "daily_limit_total": (),
    "standard_days": (),
    "standard_fee_rate": (Decimal(0),),
    "redeem_period_days": (0,),
    "is_renewable": (False,),
    "grace_seconds": (0,),
}


def _check_token(found: Mapping[str, Any]) -> None:
    """Refuse a token where none is given, none where one is, and what its product cannot keep."""
    is_liquid = found["kind"] == "LIQUID"
    if is_liquid != ("token" in found):
        allowed = "given, for it is liquid staking" if is_liquid else "empty: nobody gets a token"
        raise ProposalMalformed(field="token", allowed=allowed)
    if not is_liquid:
        return
    if found["token"] == found.get("asset"):
        raise ProposalMalformed(field="token", allowed="another asset than the one that is staked")
    for name, harmless in _NOT_OF_LIQUID.items():
        if name in found and found[name] not in harmless:
            raise ProposalMalformed(field=name, allowed="empty: liquid staking has none")
