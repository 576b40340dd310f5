"""The fences that read Django's models, and the refusals. Each takes what it is to judge."""

import re
from collections.abc import Iterable, Iterator, Sequence

from django.db import models
from django.db.models import CheckConstraint, Model, Q
from django.db.models.fields.related import ForeignKey

from mooring.kernel.errors import Refusal

_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
_PII = (".. no_pii:",)
_PII_TYPES = (".. pii:", ".. pii_types:", ".. pii_retirement:")


def upward_foreign_keys(candidates: Iterable[type[Model]], layers: Sequence[str]) -> list[str]:
    """Find references to a higher app: import-linter does not see `ForeignKey("web.Page")`."""
    return [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in candidates
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if _height(field.related_model, layers) > _height(model, layers)
    ]


def _height(model: type[Model], layers: Sequence[str]) -> int:
    """Return the layer of a model; frameworks lie below all of ours."""
    label = model._meta.app_label
    return layers.index(label) if label in layers else -1


def bare_references(candidates: Iterable[type[Model]]) -> list[str]:
    """Find columns that hold an account's or a person's id without being a foreign key."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in candidates
        for field in model._meta.concrete_fields
        if field.column in {"account_id", "user_id"} and not isinstance(field, ForeignKey)
    ]


def choices_without_check(candidates: Iterable[type[Model]]) -> list[str]:
    """Find `choices` that the table does not know: no CHECK lists exactly these values."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in candidates
        for field in model._meta.concrete_fields
        if field.choices and _values(field) not in list(_values_checked(model, field.name))
    ]


def _values(field: models.Field) -> frozenset[object]:
    return frozenset(value for value, _ in field.flatchoices)


def _values_checked(model: type[Model], name: str) -> Iterator[frozenset[object]]:
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
            for child in constraint.condition.children:
                if isinstance(child, tuple) and child[0] == f"{name}__in":
                    yield frozenset(child[1])


def without_pii_note(candidates: Iterable[type[Model]]) -> list[str]:
    """Find models that do not say what they know of people, and until when."""
    return [
        model._meta.label
        for model in candidates
        if not any(
            all(mark in (model.__doc__ or "") for mark in marks) for marks in (_PII, _PII_TYPES)
        )
    ]


def instance_of(model: type[Model]) -> Model:
    """Return an unsaved row whose references point somewhere, so that following one asks."""
    references = (field for field in model._meta.concrete_fields if field.is_relation)
    return model(**{field.attname: 1 for field in references})


def refusals(root: type[Refusal] = Refusal) -> list[type[Refusal]]:
    """Return every subclass, at any depth, that is loaded."""
    direct = root.__subclasses__()
    return direct + [found for child in direct for found in refusals(child)]


def refusals_without_own_code(candidates: Iterable[type[Refusal]]) -> list[str]:
    """Find refusals whose public code is missing, malformed, or another's."""
    taken: dict[str, type[Refusal]] = {}
    found = []
    for refusal in candidates:
        code = refusal.__dict__.get("code")
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            found.append(f"{refusal.__qualname__} has no code of its own")
        elif code in taken:
            found.append(f"{refusal.__qualname__} has the code of {taken[code].__qualname__}")
        else:
            taken[code] = refusal
    return found


def refusals_undocumented(candidates: Iterable[type[Refusal]]) -> list[str]:
    """Find refusals without a sentence of their own."""
    return [refusal.__qualname__ for refusal in candidates if not refusal.__dict__.get("__doc__")]


def refusals_without_sentence(
    candidates: Iterable[type[Refusal]], sentences: Iterable[str], exempt: Iterable[str]
) -> list[str]:
    """Find public codes for which people are told nothing in their own language."""
    return sorted({refusal.code for refusal in candidates} - set(sentences) - set(exempt))
