"""What a rule is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from timgen.language.schema import Schema, ref_name
from timgen.reading.diagnostics import Diagnostic, Severity
from timgen.reading.spec import Spec

if TYPE_CHECKING:
    from jsonschema import ValidationError

_FEW = 8
"""Names that are listed rather than searched for similar ones."""

Check = Callable[[Spec, Path], Iterable[Diagnostic]]


@dataclass(frozen=True)
class Rule:
    """A rule with its stable id."""

    id: str
    summary: str
    """What it finds, as a clause: `a $ref names no shared schema`."""
    function: Check
    severity: Severity = "error"
    """Of what it finds."""
    alone: bool = False
    """Whether what it finds about a service, a command or a webhook depends on its file and the common ones only."""
    shown: bool = False
    """Whether it is about what is only shown, such as examples, which the model takes as it is."""


def shared_schemas(spec: Spec) -> dict[str, Schema]:
    """Return the shared schemas that are mappings, by name; of two with one name the first."""
    found: dict[str, Schema] = {}
    for document in spec.schemas.values():
        for name, schema in document.mapping.items():
            if isinstance(schema, Mapping):
                found.setdefault(name, cast(Schema, schema))
    return found


@dataclass(frozen=True)
class Verdict:
    """The fields of an answer that say how the call went, as far as api.yaml names them."""

    code: str | None
    success: object
    status: str | None

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for name in (self.code, self.status) if name)


def verdict(spec: Spec) -> Verdict:
    """Return what api.yaml says of verdicts, also while it is not sound."""
    raw = mapping(spec.api.mapping.get("verdict"))
    code, status = raw.get("code"), raw.get("status")
    return Verdict(
        code if isinstance(code, str) else None, raw.get("success"), status if isinstance(status, str) else None
    )


def answer_head(spec: Spec) -> Mapping[str, object]:
    """Return the fields that every answer may carry."""
    return mapping(mapping(spec.api.mapping.get("envelope")).get("properties"))


def reply_head(spec: Spec) -> Mapping[str, object]:
    """Return the fields that every reply to a webhook has."""
    return mapping(mapping(mapping(spec.api.mapping.get("webhooks")).get("reply")).get("properties"))


def suggestion(name: str, candidates: Iterable[str]) -> str:
    """Return `did you mean ...?` for the candidate that `name` probably is, else nothing."""
    lowered = {candidate.lower(): candidate for candidate in candidates}
    match = difflib.get_close_matches(name.lower(), list(lowered), n=1)
    return f"did you mean {lowered[match[0]]}?" if match else ""


def nearest_names(name: str, known: Iterable[str]) -> str:
    """Return what `name` probably means; of many known names the nearest ones, of few all."""
    names = sorted(known)
    if sure := suggestion(name, names):
        return sure
    lowered = {candidate.lower(): candidate for candidate in names}
    near = difflib.get_close_matches(name.lower(), list(lowered), n=3, cutoff=0.4)
    if near and len(names) > _FEW:
        return f"the nearest here: {', '.join(lowered[match] for match in near)}"
    return f"known here: {listed(names)}"


def nearest_codes(code: int, known: Iterable[int], count: int = 3) -> list[int]:
    """Return the `count` known codes that come closest to `code`, ascending."""
    return sorted(sorted(known, key=lambda other: (abs(other - code), other))[:count])


def mapping(value: object) -> Mapping[str, object]:
    """Return `value` when it is a mapping, else an empty one: a broken part is another rule's finding."""
    # What was read is in dicts; asking for a Mapping takes several times as long.
    return cast(Mapping[str, object], value) if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    """Return `value` when it is a list, else an empty one."""
    return cast(list[object], value) if isinstance(value, list) else []


def fields_of(schema: Schema, shared: Mapping[str, Schema]) -> dict[str, Schema] | None:
    """Return the fields of an object, or of the objects in a list; None where a reference leads nowhere."""
    found: dict[str, Schema] = {}
    reached: set[str] = set()
    queue = [schema]
    for part in queue:
        for name, field in mapping(part.get("properties")).items():
            found.setdefault(name, mapping(field))
        target = ref_name(part)
        if target is not None and target not in shared:
            return None
        if target is not None and target not in reached:
            reached.add(target)
            queue.append(shared[target])
        inner = [part.get("items"), *sequence(part.get("anyOf")), *sequence(part.get("oneOf"))]
        queue += [mapping(schema) for schema in inner if schema]
    return found


def choices(values: Iterable[object]) -> str:
    """Return `one of a, b, c`, of many the first ones and how many there are."""
    return f"one of {listed(values)}"


def listed(values: Iterable[object], most: int = _FEW) -> str:
    """Return `a, b, c`, of many the first ones and how many there are."""
    names = [str(value) for value in values]
    more = f" ... ({len(names)} in all)" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def known_fields(names: Iterable[str]) -> str:
    """Return which fields an object has, for a name that is none of them."""
    return f"it has {listed(sorted(names)) or 'no fields'}"


def deepest(error: ValidationError) -> ValidationError:
    """Return the part of a union's error that says most: that of the member that was meant, or else got furthest."""
    while error.context:
        # A member whose constant differs was not meant.
        others = {sub.relative_schema_path[0] for sub in error.context if sub.validator in ("const", "not")}
        meant = [sub for sub in error.context if sub.relative_schema_path[0] not in others] or error.context
        candidates = [sub for sub in meant if sub.validator not in ("type", "required")] or meant
        error = max(candidates, key=lambda sub: len(sub.absolute_path))
    return error
