"""The table of endpoints: each is one declaration, and everything about it is made of that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, Protocol, TypeVar

from mooring.accounts import api as accounts
from mooring.assets import api as assets
from mooring.gateway.binance import errors, pacing
from mooring.gateway.binance.meter import Limits
from mooring.gateway.binance.parameters import Parameter, Values
from mooring.gateway.binance.signing import Caller
from mooring.kernel import clock
from mooring.kernel.errors import Refusal
from mooring.kernel.money import DECIMALS_MAX, Amount, MalformedAmount, parse_amount

Json = Mapping[str, Any] | list[Any]
Right = accounts.keys.Right
Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What a request costs of its address's budget (IP), or of its account's (UID)."""

    of: Literal["IP", "UID"]
    units: int


def ip(units: int) -> Weight:
    """Return a weight that counts by address."""
    return Weight(of="IP", units=units)


def uid(units: int) -> Weight:
    """Return a weight that counts by account."""
    return Weight(of="UID", units=units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    A request that is about to be answered.

    Args:
        at: the platform's time.
        caller: None where anybody may ask.
        limits: what the policies say of the API.
    """

    values: Values
    at: datetime
    caller: Caller | None
    limits: Limits

    @property
    def signed(self) -> Caller:
        """Who asks, of an endpoint that needs a key."""
        if self.caller is None:
            raise errors.BadKeyFormat
        return self.caller

    @property
    def account_id(self) -> int:
        """Whose request it is."""
        return self.signed.holder.account_id

    @property
    def request_key(self) -> str:
        """The idempotency key of what is asked for (decision 0037)."""
        return self.signed.request_key

    def keep_pace(self) -> None:
        """
        See that this account's last subscription or redemption is long enough ago.

        Raises:
            TooFast: it is not.
        """
        pacing.keep_pace(
            self.signed,
            interval_seconds=self.limits.earn_interval_seconds,
            wall=clock.wall(),
        )

    def amount(self, parameter: Parameter[str] | Parameter[str | None], asset: str) -> Amount:
        """
        Return the amount that was sent, of an asset.

        Raises:
            ParameterMissing: there is none.
            TooPrecise: it has more decimals than the asset.
            ParameterInvalid: more digits than any amount has.
        """
        text = self.values.text(parameter.name)
        if text is None:
            raise errors.ParameterMissing(parameter=parameter.name)
        decimals = decimals_of(asset)
        whole, _, fraction = text.partition(".")
        if len(fraction.rstrip("0")) > min(decimals, DECIMALS_MAX):
            raise errors.TooPrecise
        fraction = fraction[:DECIMALS_MAX]
        plain = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
        try:
            return parse_amount(plain, asset=asset, decimals_max=DECIMALS_MAX)
        except MalformedAmount as refusal:
            raise errors.ParameterInvalid(parameter=parameter.name) from refusal


@lru_cache(maxsize=4096)
def decimals_of(asset: str) -> int:
    """
    Return how many decimals an asset's chain or rail has.

    Remembered by the process: an asset is never registered with others.

    Raises:
        UnknownAsset: there is none with this code.
    """
    return assets.get_asset(asset).ledger_decimals


Asked = TypeVar("Asked")


def keep_pace_all(calls: Sequence[Call], asked: Sequence[Asked | Refusal]) -> list[Asked | Refusal]:
    """Return what was asked for by calls, refused where an account does not keep its pace."""
    going = [call for call, one in zip(calls, asked, strict=True) if not isinstance(one, Refusal)]
    if not going:
        return list(asked)
    allowed = iter(
        pacing.keep_pace_all(
            [call.account_id for call in going],
            interval_seconds=going[0].limits.earn_interval_seconds,
            wall=clock.wall(),
        )
    )
    return [one if isinstance(one, Refusal) or next(allowed) else pacing.TooFast() for one in asked]


class Many(Protocol):
    """Carries out many calls at once: returns an outcome for each, in order."""

    def __call__(self, calls: Sequence[Call], *, at: datetime) -> Sequence[Json | Refusal]: ...


class Together:
    """The handler of an endpoint whose calls are carried out with those that come beside them."""

    def __init__(self, many: Many) -> None:
        self.many = many
        self.__doc__ = many.__doc__


Handler = TypeVar("Handler", bound=Callable[[Call], Json] | Together)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """
    One path with one method.

    Args:
        right: what the key must be allowed; None: anybody may ask, without a key.
        is_write: it changes something: a replay is refused, and the right is never READ.
        note: where we differ from the original, for the page of developers: marked for
            translation, names of fields and values of the wire between backticks.
    """

    method: Method
    path: str
    handler: Callable[[Call], Json] | Together
    weight: Weight
    right: Right | None
    parameters: tuple[Parameter[Any], ...] = field(default=())
    note: str = ""

    @property
    def is_write(self) -> bool:
        """Whether it changes something."""
        return self.right not in {None, Right.READ}


#: Every endpoint by method and path; filled by the modules that declare them.
ENDPOINTS: Final[dict[tuple[str, str], Endpoint]] = {}


def endpoint(
    method: Method,
    path: str,
    *parameters: Parameter[Any],
    weight: Weight,
    right: Right | None = Right.READ,
    note: str = "",
) -> Callable[[Handler], Handler]:
    """
    Declare the function below as what answers a method of a path.

    Raises:
        ValueError: it is declared twice.
    """

    def declare(handler: Handler) -> Handler:
        if (method, path) in ENDPOINTS:
            message = f"{method} {path} is declared twice"
            raise ValueError(message)
        ENDPOINTS[method, path] = Endpoint(
            method=method,
            path=path,
            handler=handler,
            weight=weight,
            right=right,
            parameters=parameters,
            note=note,
        )
        return handler

    return declare
