"""What `/v1` says of itself, as a page shows it: made of the description that clients read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from mooring.gateway.v1.application import API, BASE

_Schema = Mapping[str, Any]
_TIME: Final = "2026-03-01T00:00:00Z"
#: What stands in an example where a field has none.
_OF_TYPES: Final[Mapping[str, Any]] = {
    "string": "…",
    "integer": 1,
    "boolean": False,
    "object": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """
    Something that is sent.

    Args:
        place: `path`, `query`, `header` or `body`.
        allowed: what it may be, in the words of JSON Schema.
    """

    name: str
    place: str
    is_needed: bool
    allowed: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """
    One operation: how it is called, what is sent, and what comes back.

    Args:
        needs_key: who asks must show who they are.
        example, answer: JSON, indented; `example` is empty where no body is sent.
        statuses: of HTTP, that an answer may have.
    """

    name: str
    method: str
    path: str
    summary: str
    says: str
    needs_key: bool
    fields: tuple[Field, ...]
    example: str
    answer: str
    statuses: tuple[int, ...]


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation, in the order in which they are declared."""
    described = API.get_openapi_schema(path_prefix=BASE)
    schemas = described["components"]["schemas"]
    return tuple(
        _operation(method.upper(), path, said, schemas)
        for path, methods in described["paths"].items()
        for method, said in methods.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """
    What a webhook is told of a topic.

    Args:
        types: of the message.
        example: JSON, indented.
    """

    topic: str
    types: tuple[str, ...]
    summary: str
    example: str


@cache
def told() -> tuple[Told, ...]:
    """Return what webhooks are told, by topic."""
    described = API.get_openapi_schema(path_prefix=BASE)
    schemas = described["components"]["schemas"]
    found = []
    for topic, methods in described["webhooks"].items():
        said = methods["post"]
        shape = _resolved(_body_of(said) or {}, schemas)
        type_ = shape["properties"]["type"]
        found.append(
            Told(
                topic=topic,
                types=tuple(type_.get("enum", [type_.get("const")])),
                summary=said["summary"],
                example=_text(_example(shape, schemas)),
            )
        )
    return tuple(found)


def _operation(method: str, path: str, said: _Schema, schemas: _Schema) -> Operation:
    body = _body_of(said)
    answered = next(iter(said["responses"].values()))
    shape = next(iter(answered["content"].values()))["schema"]
    fields = [_parameter(one, schemas) for one in said.get("parameters", ())]
    if body is not None:
        fields += _fields(body, schemas)
    return Operation(
        name=said["operationId"],
        method=method,
        path=path,
        summary=said["summary"],
        says=said["description"].replace("`", ""),
        needs_key=bool(said.get("security")),
        fields=tuple(fields),
        example="" if body is None else _text(_example(body, schemas)),
        answer=_text(_example(shape, schemas)),
        statuses=tuple(sorted(int(one) for one in said["responses"])),
    )


def _body_of(said: _Schema) -> _Schema | None:
    if "requestBody" not in said:
        return None
    found: _Schema = said["requestBody"]["content"]["application/json"]["schema"]
    return found


def _parameter(said: _Schema, schemas: _Schema) -> Field:
    return Field(
        name=said["name"],
        place=said["in"],
        is_needed=said.get("required", False),
        allowed=_allowed(said["schema"], schemas),
        says=said.get("description", "").replace("`", ""),
    )


def _fields(body: _Schema, schemas: _Schema) -> Iterator[Field]:
    shape = _resolved(body, schemas)
    for name, field in shape["properties"].items():
        yield Field(
            name=name,
            place="body",
            is_needed=name in shape.get("required", ()),
            allowed=_allowed(field, schemas),
            says=field.get("description", ""),
        )


def _allowed(shape: _Schema, schemas: _Schema) -> str:
    found = _resolved(shape, schemas)
    if "enum" in found:
        return " | ".join(str(one) for one in found["enum"])
    said = [str(found.get("format", found.get("type", "")))]
    said += [
        f"{name} {found[name]}"
        for name in ("minimum", "maximum", "maxLength", "pattern")
        if name in found
    ]
    return ", ".join(said)


def _resolved(shape: _Schema, schemas: _Schema) -> _Schema:
    """Return a shape by itself: what it refers to, and of alternatives the first that is one."""
    if "$ref" in shape:
        return _resolved(schemas[shape["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in shape:
        first = next(one for one in shape["anyOf"] if one.get("type") != "null")
        rest = {name: value for name, value in shape.items() if name != "anyOf"}
        return {**rest, **_resolved(first, schemas)}
    return shape


def _example(shape: _Schema, schemas: _Schema) -> Any:
    found = _resolved(shape, schemas)
    if found.get("examples"):
        return found["examples"][0]
    if "enum" in found or "const" in found:
        return found.get("enum", [found.get("const")])[0]
    if found.get("format") == "date-time":
        return _TIME
    if found.get("type") == "array":
        return [_example(found["items"], schemas)]
    if "properties" in found:
        return {name: _example(field, schemas) for name, field in found["properties"].items()}
    return _OF_TYPES[found["type"]]


def _text(example: Any) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False)
