"""
What the API answers instead of a result: a code, a sentence and a status of HTTP.

The codes and their names are the exchange's (its published list of error codes); which status
goes with which is documented for few of them, and chosen here for the rest.
"""

from typing import ClassVar, Final

from mooring.kernel.errors import Refusal

#: Stands for a name in a sample.
NAMELESS: Final = "…"


class ApiRefusal(Refusal):
    """A request of the API that is answered with a code of the exchange."""

    code = "api_refusal"
    #: The exchange's number and the status of HTTP.
    number: ClassVar[int] = -1000
    status: int = 400

    @classmethod
    def samples(cls) -> tuple["ApiRefusal", ...]:
        """Return it once in each of its sentences, for the page of developers."""
        return (cls(),)


class UnknownPath(ApiRefusal):
    """There is no such endpoint, or not with this method."""

    code = "api_unknown_path"
    number = -1099
    status = 404

    def __init__(self) -> None:
        super().__init__("Not found, authenticated, or authorized")


class NotSupported(ApiRefusal):
    """The exchange has this endpoint, and this platform does not."""

    code = "api_not_supported"
    number = -1020

    def __init__(self) -> None:
        super().__init__("This operation is not supported.")


class TimestampOutside(ApiRefusal):
    """The request is too old for its `recvWindow`, or from the future."""

    code = "api_timestamp_outside"
    number = -1021

    def __init__(self, *, ahead: bool) -> None:
        super().__init__(
            "Timestamp for this request was 1000ms ahead of the server's time."
            if ahead
            else "Timestamp for this request is outside of the recvWindow."
        )

    @classmethod
    def samples(cls) -> tuple[ApiRefusal, ...]:
        """Return both: too old, and from the future."""
        return cls(ahead=False), cls(ahead=True)


class SignatureInvalid(ApiRefusal):
    """The signature is not that of this request by this key."""

    code = "api_signature_invalid"
    number = -1022

    def __init__(self) -> None:
        super().__init__("Signature for this request is not valid.")


class SentBefore(ApiRefusal):
    """This signature was carried out before (decision 0037)."""

    code = "api_sent_before"
    number = -1022

    def __init__(self) -> None:
        super().__init__(
            "Signature for this request is not valid: it was received before and is carried out "
            "once at most. Sign a new request."
        )


class IllegalCharacters(ApiRefusal):
    """A parameter's text holds what it may not hold."""

    code = "api_illegal_characters"
    number = -1100

    def __init__(self, *, parameter: str, legal: str) -> None:
        super().__init__(
            f"Illegal characters found in parameter '{parameter}'; legal range is '{legal}'."
        )
        self.parameter = parameter

    @classmethod
    def samples(cls) -> tuple[ApiRefusal, ...]:
        """Return it of a parameter without a name."""
        return (cls(parameter=NAMELESS, legal=NAMELESS),)


class DuplicateParameter(ApiRefusal):
    """A parameter was sent twice."""

    code = "api_duplicate_parameter"
    number = -1101

    def __init__(self) -> None:
        super().__init__("Duplicate values for a parameter detected.")


class MixedParameters(ApiRefusal):
    """What changes anything comes in the query string or in the body, not in both."""

    code = "api_mixed_parameters"
    number = -1101

    def __init__(self) -> None:
        super().__init__(
            "Too many parameters; send them in the query string or in the request body, not in "
            "both."
        )


class TooManyParameters(ApiRefusal):
    """More parameters, or more bytes, than any request needs."""

    code = "api_too_many_parameters"
    number = -1101

    def __init__(self) -> None:
        super().__init__("Too many parameters sent for this endpoint.")


class ParameterMissing(ApiRefusal):
    """A parameter that the endpoint needs was not sent, or is empty."""

    code = "api_parameter_missing"
    number = -1102

    def __init__(self, *, parameter: str) -> None:
        super().__init__(
            f"Mandatory parameter '{parameter}' was not sent, was empty/null, or malformed."
        )
        self.parameter = parameter

    @classmethod
    def samples(cls) -> tuple[ApiRefusal, ...]:
        """Return it of a parameter without a name."""
        return (cls(parameter=NAMELESS),)


class TooPrecise(ApiRefusal):
    """An amount has more decimals than its asset."""

    code = "api_too_precise"
    number = -1111

    def __init__(self) -> None:
        super().__init__("Precision is over the maximum defined for this asset.")


class IntervalTooLong(ApiRefusal):
    """The times asked for are further apart than one request may ask."""

    code = "api_interval_too_long"
    number = -1127

    def __init__(self) -> None:
        super().__init__("Lookup interval is too big.")


class ParameterInvalid(ApiRefusal):
    """A parameter's value is none that is allowed."""

    code = "api_parameter_invalid"
    number = -1130

    def __init__(self, *, parameter: str) -> None:
        super().__init__(f"Data sent for parameter '{parameter}' is not valid.")
        self.parameter = parameter

    @classmethod
    def samples(cls) -> tuple[ApiRefusal, ...]:
        """Return it of a parameter without a name."""
        return (cls(parameter=NAMELESS),)


class RecvWindowTooLong(ApiRefusal):
    """`recvWindow` is at most a minute."""

    code = "api_recv_window_too_long"
    number = -1131

    def __init__(self) -> None:
        super().__init__("recvWindow must be less than 60000")


class BadKeyFormat(ApiRefusal):
    """There is no key in the header, or what is there cannot be one."""

    code = "api_bad_key_format"
    number = -2014
    status = 401

    def __init__(self) -> None:
        super().__init__("API-key format invalid.")


class KeyRejected(ApiRefusal):
    """The key, the address or the right will not do: one answer for all."""

    code = "api_key_rejected"
    number = -2015
    status = 401

    def __init__(self) -> None:
        super().__init__("Invalid API-key, IP, or permissions for action.")


_UNKNOWN: Final = "An unknown error occurred while processing the request."
#: What is answered to a fault of ours, to a read without its database, and to a write whose end
#: is not known: the status, the number, the sentence.
FAULT: Final = (500, -1000, _UNKNOWN)
AWAY: Final = (503, -1000, _UNKNOWN)
OUTCOME_UNKNOWN: Final = (
    504,
    -1007,
    (
        "Timeout waiting for response from backend server. Send status unknown; execution status "
        "unknown."
    ),
)
