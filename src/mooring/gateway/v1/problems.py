"""
What `/v1` answers instead of a result: problem details (RFC 9457).

`code` is the refusal's own, as in the description; `detail` its sentence; `errors` names the
fields that were wrong. A fault tells nothing of why.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Final

from django.http import HttpResponse, JsonResponse

from mooring.kernel.errors import Refusal

PROBLEM_TYPE: Final = "application/problem+json"

#: Refusals that say that there is nothing: someone else's object looks like no object.
NOT_FOUND: Final = frozenset(
    {
        "earn_position_not_found",
        "earn_product_not_found",
        "earn_redemption_not_found",
        "webhook_delivery_not_found",
        "webhook_not_found",
    }
)
#: Refusals that depend on what happened meanwhile: the same may be possible later, or anew.
CONFLICTS: Final = frozenset(
    {
        "clock_only_moves_forward",
        "earn_later_redemption_first",
        "earn_position_not_holding",
        "earn_quote_changed",
        "earn_quote_expired",
        "earn_undo_not_possible",
        "key_reused",
        "too_many_webhooks",
    }
)
#: Refusals for which the key, its account or its place is not the right one.
FORBIDDEN: Final = frozenset({"account_not_open", "not_a_sandbox"})


class V1Refusal(Refusal):
    """What this interface itself declines."""

    code = "request_refused"
    status: ClassVar[int] = 400


class NotIdentified(V1Refusal):
    """There is neither a signature nor a token, or not one that is good; alike for who asks."""

    code = "request_not_identified"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "Sign the request with a key that may do this from your address, or send a token of it."
        )


class TimestampOutside(V1Refusal):
    """The request is older than its window, or from the future."""

    code = "request_timestamp_outside"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "X-Mooring-Timestamp must be the time in milliseconds since 1970, at most 5 seconds "
            "ago and at most 1 second ahead."
        )


class IdempotencyKeyNeeded(V1Refusal):
    """What changes something needs a key that makes twice once."""

    code = "idempotency_key_needed"

    def __init__(self) -> None:
        super().__init__(
            "Send an Idempotency-Key of 1 to 64 letters, digits and the signs . _ - with this."
        )


class IdempotencyKeyReused(V1Refusal):
    """Another request was made under this key."""

    code = "idempotency_key_reused"
    status = 422

    def __init__(self) -> None:
        super().__init__("Another request was made under this Idempotency-Key. Nothing was done.")


class BodyMalformed(V1Refusal):
    """The body is not what this interface reads."""

    code = "request_body_malformed"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The body must be JSON of at most 16 KB: {reason}.")


class CursorMalformed(V1Refusal):
    """The cursor is not one that a list gave."""

    code = "cursor_malformed"

    def __init__(self) -> None:
        super().__init__("The cursor must be the next_cursor of a page of this list.")


class TooManyRequests(V1Refusal):
    """The address used more than it may in a minute."""

    code = "request_limit_reached"
    status = 429

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(f"Too many requests of your address. Go on in {retry_after} seconds.")
        self.retry_after = retry_after


def status_of(refusal: Refusal) -> int:
    """Return the status of HTTP of a refusal; what a rule of an app declines is a 422."""
    if isinstance(refusal, V1Refusal):
        return refusal.status
    if refusal.code in NOT_FOUND:
        return HTTPStatus.NOT_FOUND
    if refusal.code in CONFLICTS:
        return HTTPStatus.CONFLICT
    if refusal.code in FORBIDDEN:
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.UNPROCESSABLE_ENTITY


def body_of(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as problem details."""
    return _body(status_of(refusal), refusal.code, str(refusal))


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    """Return problem details as an answer."""
    return answer(status, _body(status, code, detail, errors=errors))


def nothing() -> HttpResponse:
    """Return the answer of an address at which there is nothing."""
    return problem(HTTPStatus.NOT_FOUND, "unknown_path", "There is nothing at this address.")


def answer(status: int, content: Any) -> HttpResponse:
    """Return what is a result or, from 400 on, a problem."""
    kind = PROBLEM_TYPE if status >= HTTPStatus.BAD_REQUEST else "application/json"
    # A list is as good as an object to every reader since 2015.
    found = JsonResponse(content, status=status, content_type=kind, safe=False)
    if status == HTTPStatus.UNAUTHORIZED:
        found["WWW-Authenticate"] = "Bearer"
    return found


def _body(
    status: int, code: str, detail: str, *, errors: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    if errors:
        found["errors"] = list(errors)
    return found
