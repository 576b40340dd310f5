"""`/v1` as WSGI has it: Django without middleware, and JSON whatever happens (decision 0038)."""

import json
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final

from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import get_resolver, set_urlconf
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic.json_schema import models_json_schema

from mooring.gateway.binance import answering
from mooring.gateway.v1 import problems
from mooring.gateway.v1.identity import ip_of
from mooring.gateway.v1.operations import ROUTER
from mooring.gateway.v1.shapes import TOLD, moment
from mooring.gateway.v1.webhook_operations import WEBHOOKS
from mooring.kernel import clock
from mooring.kernel.errors import Refusal

logger = logging.getLogger(__name__)

BODY_BYTES_MAX: Final = 16_384
URLS: Final = "mooring.gateway.v1.urls"
#: What every path begins with.
BASE: Final = "/v1/"


class _StrictJson(Parser):
    """Reads a body of JSON in which everything is said once and every number is one."""

    def parse_body(self, request: HttpRequest) -> Any:
        """
        Return what the body says.

        Raises:
            BodyMalformed.
        """
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise problems.BodyMalformed("send Content-Type: application/json")
        try:
            return json.loads(
                request.body, object_pairs_hook=_once_each, parse_constant=_no_constant
            )
        except problems.BodyMalformed:
            raise
        except (ValueError, RecursionError) as error:
            raise problems.BodyMalformed("this is none") from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise problems.BodyMalformed("a name stands twice in it")
    return found


def _no_constant(text: str) -> float:
    raise problems.BodyMalformed(f"{text} is no number")


class _ExactJson(BaseRenderer):
    """Writes times to the microsecond, as everything that is stored is."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:  # noqa: ARG002
        """Return an answer as text."""
        return json.dumps(data, default=moment)


class _Described(NinjaAPI):
    """Names operations as we do, and says of problems that they are problem details."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return what clients that are made of the description call an operation."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **about: Any) -> Any:
        """Return the description."""
        found = super().get_openapi_schema(**about)
        for methods in found["paths"].values():
            for said in methods.values():
                for status, answer in said["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST and "content" in answer:
                        [shape] = answer["content"].values()
                        answer["content"] = {problems.PROBLEM_TYPE: shape}
        found["webhooks"] = _told(found["components"]["schemas"])
        return found


def _told(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return what webhooks are told, as the description has it, and add its shapes to all."""
    shapes, said = models_json_schema(
        [(shape, "serialization") for shape in TOLD.values()],
        ref_template="#/components/schemas/{model}",
    )
    schemas |= {name: shape for name, shape in said["$defs"].items() if name not in schemas}
    return {
        topic: {
            "post": {
                "operationId": f"{topic}_told",
                "summary": (shape.__doc__ or "").strip().split("\n")[0],
                "description": "Signed as the Standard Webhooks specification says.",
                "requestBody": {
                    "content": {"application/json": {"schema": shapes[shape, "serialization"]}}
                },
                "responses": {"200": {"description": "It was taken, and is not sent again."}},
            }
        }
        for topic, shape in TOLD.items()
    }


API: Final = _Described(
    title="Mooring",
    version="1",
    description="Quotes, redemptions, tracking, holds, notices, webhooks, the sandbox's clock.",
    parser=_StrictJson(),
    renderer=_ExactJson(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="v1",
)
API.add_router("", ROUTER)
API.add_router("", WEBHOOKS)


@API.exception_handler(Refusal)
def _refused(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problems.answer(problems.status_of(refusal), problems.body_of(refusal))


@API.exception_handler(AuthenticationError)
def _not_identified(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    refusal = problems.NotIdentified()
    return problems.answer(refusal.status, problems.body_of(refusal))


@API.exception_handler(ValidationError)
def _malformed(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = [
        {"field": _field_of(one.get("loc", ())), "allowed": str(one.get("msg", ""))}
        for one in error.errors
    ]
    named = ", ".join(one["field"] for one in wrong)
    return problems.problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "field_malformed",
        f"Not what it may be: {named}. Nothing was done.",
        errors=wrong,
    )


@API.exception_handler(HttpError)
def _of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refusal):
        # What reading the body raised.
        return _refused(request, error.__cause__)
    return problems.problem(error.status_code, "not_understood", str(error))


@API.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, (InterfaceError, OperationalError)):
        logger.error("the database was lost during %s", request.path, exc_info=error)
        return problems.problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "database_away",
            "Our database does not answer. With the same Idempotency-Key it is safe to ask again.",
        )
    logger.error("a request of /v1 failed: %s", request.path, exc_info=error)
    return problems.problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "fault",
        "Something broke on our side. With the same Idempotency-Key it is safe to ask again.",
    )


def _field_of(place: Iterable[Any]) -> str:
    """Return a field as who sent it knows it: without the names of our own functions."""
    where, *names = [str(part) for part in place]
    # The first name in a body is that of our function's argument.
    return ".".join(names[1:] if where == "body" else names) or where


def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request of `/v1` as WSGI wants it."""
    answer = _answer_of(environ)
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Length"] = str(len(answer.content))
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.content]


def _answer_of(environ: dict[str, Any]) -> HttpResponse:
    request = WSGIRequest(environ)
    try:
        return _over_limit(request) or _answered(request)
    except Refusal as refusal:
        return _refused(request, refusal)
    except Exception as error:  # noqa: BLE001 - the last resort, logged there
        return _fault(request, error)


def _over_limit(request: HttpRequest) -> HttpResponse | None:
    """Count a request of an address; return the answer if it is one too many."""
    limits = answering.METER.limits(at=clock.now())
    used = answering.METER.spend(
        ip_of(request), "/v1", 1, maximum=limits.ip_weight, limits=limits, wall=clock.wall()
    )
    if not used.retry_after:
        return None
    answer = _refused(request, problems.TooManyRequests(retry_after=used.retry_after))
    answer["Retry-After"] = str(used.retry_after)
    return answer


def _answered(request: HttpRequest) -> HttpResponse:
    _check_length(request)
    # What is reversed is reversed among these addresses; the pages set theirs for each request.
    set_urlconf(URLS)
    found = get_resolver(URLS).resolve(request.path_info)
    try:
        answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
    except Http404:
        return problems.nothing()
    except UnreadablePostError as error:
        raise problems.BodyMalformed("it was cut off") from error
    if answer.headers.get("Content-Type", "").startswith("application/"):
        return answer
    # What the framework answers by itself is text.
    status = answer.status_code
    said = problems.problem(status, "not_understood", HTTPStatus(status).phrase)
    if "Allow" in answer.headers:
        said["Allow"] = answer.headers["Allow"]
    return said


def _check_length(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()) or int(length) > BODY_BYTES_MAX:
        raise problems.BodyMalformed("it is longer")
