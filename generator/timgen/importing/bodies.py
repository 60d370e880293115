"""From the tree of a body's fields to its JSON Schema."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from timgen.checking.rules.registry import mapping, sequence
from timgen.importing.alike import closest
from timgen.importing.facts import limits_of, names_random, unit_of, values_of
from timgen.importing.fields import Field, all_fields_of, fields_of
from timgen.language.naming import item_name, python_name
from timgen.language.schema import REF_PREFIX, JsonValue, Schema, ref_name, types
from timgen.language.todo import TODO
from timgen.language.validators import answer_validator, request_validator

_RANDOM_FIELDS = re.compile(r"(Msg)?Random")
_ACCOUNT_FIELDS = re.compile(r"\w*_?Accounts?(_?List)?|\w+List_Account")
_KEY_VALUE = re.compile(r"key[- ]value pair|键值对|ключ-значение", re.IGNORECASE)
_SEQUENCE_FIELDS = re.compile(r"MsgSeq")

JsonObject = dict[str, JsonValue]


@dataclass(frozen=True)
class Known:
    """What the project has already."""

    shared: Mapping[str, Schema]
    codes: frozenset[int]
    """Error codes of errors.yaml."""
    envelope: frozenset[str]
    """Fields of an answer that no response repeats."""
    services: frozenset[str]


class BodyWriter:
    """Makes the schema of one body."""

    def __init__(self, known: Known, *, is_request: bool) -> None:
        """Make schemas with `required` and limits when `is_request`, else without."""
        self.known = known
        self.is_request = is_request
        self._by_lower_name = {name.lower(): name for name in known.shared}

    def body(self, root: Field, dropped: Iterable[str] = ()) -> JsonObject | None:
        """Return the schema of the body `root` without the fields `dropped`, None when nothing is left."""
        properties = self._properties(root, frozenset(dropped))
        if not properties:
            return None
        required = self._required(root, properties)
        return {"type": "object", **({"required": required} if required else {}), "properties": properties}

    def _properties(self, owner: Field, dropped: frozenset[str] = frozenset()) -> JsonObject:
        first: dict[str, str] = {python_name(name): name for name in dropped}
        kept: list[Field] = []
        for name, part in owner.children.items():
            if name in dropped or not name:
                continue
            twin = first.setdefault(python_name(name), name)
            if twin == name:
                kept.append(part)
            elif twin in owner.children and twin not in dropped:
                owner.children[twin].ask(f"the page has {name} too")
        # In the order of the table, what only samples show after that.
        kept.sort(key=lambda part: part.order or sys.maxsize)
        return {part.name: self.schema(part) for part in kept}

    def _required(self, owner: Field, properties: Mapping[str, JsonValue]) -> list[JsonValue]:
        return [name for name in properties if self._is_required(owner.children[name])]

    def _is_required(self, part: Field) -> bool:
        owner = part.parent
        return self.is_request and part.necessity == "required" and (owner is None or part.present == owner.objects)

    def schema(self, part: Field) -> JsonObject:
        """Return the schema of one field."""
        if reference := self._reference(part):
            return reference
        names = self._types(part)
        schema: JsonObject = {}
        if names:
            schema["type"] = _type(names)
        if "object" in names and "array" not in names:
            schema.update(self._inside(part))
            if name := self._equal(part, schema, part.values):
                return self._referring(part, name)
        facts = self._facts(part, tuple(names))
        inner = self._items(part) if "array" in names else {}
        if self.is_request and part.necessity == "conditional":
            part.ask("when is it required")
        elif self.is_request and part.necessity == "required" and not self._is_required(part):
            part.ask("required by the table, left out in a sample")
        schema = {**schema, **facts, "description": _question_text(part.questions), **inner}
        # What is inside comes last, where the eye expects it.
        for key in ("required", "properties", "additionalProperties"):
            if key in schema:
                schema[key] = schema.pop(key)
        return schema

    def _types(self, part: Field) -> list[str]:
        table, shown = list(part.table_types), [name for name in part.types if name != "null"]
        if not part.children and not shown and not table:
            return []
        if part.children and "object" not in table and "array" not in table and not shown:
            table = ["object"]
        both = set(table) | set(shown)
        if table and shown and "object" in both and not set(shown) <= set(table):
            part.ask(f"the table says {' or '.join(table)}, the samples show {' or '.join(shown)}")
            table = []
        names = _plain_numbers([*table, *shown])
        return [*names, "null"] if "null" in part.types and names else names

    def _inside(self, part: Field) -> JsonObject:
        """Return the keys about the fields of an object, or of the objects in a list."""
        is_undocumented = not any(child.is_documented for child in part.children.values())
        if part.has_own_keys or (part.children and is_undocumented and _KEY_VALUE.search(part.description)):
            return {"additionalProperties": self.schema(_merged(part))}
        properties = self._properties(part)
        if not properties:
            return {}
        required = self._required(part, properties)
        return {**({"required": required} if required else {}), "properties": properties}

    def _items(self, part: Field) -> JsonObject:
        """Return the key about the items of a list."""
        shown = part.item_types
        names = _plain_numbers(shown if "object" in shown else [*shown, *part.table_item_types])
        if part.children and "object" not in names:
            names = ["object", *names]
        if names in ([], ["string"]) and (name := self._shared_text(part)):
            return {"items": {"$ref": REF_PREFIX + name}}
        if names == ["object"] and (name := self._shared_of_items(part)):
            return {"items": {"$ref": REF_PREFIX + name}}
        if not names and _ACCOUNT_FIELDS.fullmatch(part.name):
            names = ["string"]
        if not names:
            return {"items": {"type": f"{TODO}: the type of the items of {part.name}"}}
        items: JsonObject = {"type": _type(names), **(self._inside(part) if "object" in names else {})}
        if names == ["object"] and (name := self._equal(part, items, _items_of(part))):
            return {"items": {"$ref": REF_PREFIX + name}}
        return {"items": items}

    def _facts(self, part: Field, types: tuple[str, ...]) -> JsonObject:
        """Return limits, unit, known values and filling, as far as no sample contradicts them."""
        facts: JsonObject = {}
        if types == ("integer",) and (values := values_of(part.description)):
            facts["enum"] = values
            facts["x-enum-descriptions"] = [TODO] * len(values)
            if any(value not in values for value in part.values):
                facts["x-open"] = f"{TODO}: a sample has another value"
        if "enum" not in facts and "integer" in types and (unit := unit_of(part.description)):
            facts["x-unit"] = unit
        if not self.is_request:
            return facts
        if "enum" not in facts:
            limits = limits_of(part.description, types)
            facts = {**{key: limit for key, limit in limits.items() if _holds({key: limit}, part.values)}, **facts}
        is_random = _RANDOM_FIELDS.fullmatch(part.name) or (
            _SEQUENCE_FIELDS.fullmatch(part.name) and names_random(part.description)
        )
        if is_random and types == ("integer",) and facts.get("maximum") in (None, 4294967295):
            # A history is sorted by sequence numbers, so they rise, though the page calls them random.
            fill = "rising" if part.name.endswith("Seq") else "random"
            facts = {"minimum": 0, "maximum": 4294967295, "x-fill": fill}
            facts = {key: value for key, value in facts.items() if key == "x-fill" or _holds({key: value}, part.values)}
        return facts

    def _reference(self, part: Field) -> JsonObject | None:
        """Return a reference to the shared schema with the field's name, when there is one and it fits."""
        name = self._by_lower_name.get(part.name.lower()) or self._enum_of(part)
        if name is None:
            return None
        schema = self.known.shared[name]
        accepted = self._types_of_shared(schema)
        mine = set(self._types(part)) - {"null"}
        if not mine or not accepted or not mine <= accepted:
            return None
        if not self._accepts(schema, part.values):
            return None
        missing = self._missing(part, schema)
        if missing is None:
            return None
        if missing:
            part.ask(f"{name} lacks {', '.join(missing)}")
        return self._referring(part, name)

    def _referring(self, part: Field, name: str) -> JsonObject:
        """Return the reference to a shared schema, with what is asked about the field."""
        if self.is_request and part.necessity == "conditional":
            part.ask("when is it required")
        described = {"description": _question_text(part.questions)} if part.questions else {}
        return {"$ref": REF_PREFIX + name, **described}

    def _equal(self, part: Field, schema: JsonObject, values: list[JsonValue]) -> str | None:
        """Return the shared schema that the object `schema` equals, and ask about what it nearly equals."""
        if "properties" not in schema:
            return None
        equal, near = closest(schema, self.known.shared)
        fitting = [name for name in equal if self._takes(self.known.shared[name], values)]
        if len(fitting) == 1:
            return fitting[0]
        if equal:
            near = f"it has the fields of {' and of '.join(equal)}"
        if near:
            part.ask(near)
        return None

    def _enum_of(self, part: Field) -> str | None:
        """Return the shared enum that knows all values of the samples and has the field's name at its end."""
        values = [value for value in part.values if isinstance(value, str)]
        found = [
            name
            for name, schema in self.known.shared.items()
            if name.lower().endswith(part.name.lower())
            if values and set(values) <= set(sequence(schema.get("enum")))
        ]
        return found[0] if len(found) == 1 else None

    def _shared_text(self, part: Field) -> str | None:
        """Return the shared schema of texts that has the name of a list of texts."""
        name = self._by_lower_name.get(part.name.lower())
        if name is None or self._types_of_shared(self.known.shared[name]) != {"string"}:
            return None
        return name if self._accepts(self.known.shared[name], _items_of(part)) else None

    def _shared_of_items(self, part: Field) -> str | None:
        """Return the shared schema that the objects of a list are, after the list's name or that of one of them."""
        for wanted in (part.name, item_name(part.name)):
            name = self._by_lower_name.get(wanted.lower())
            if name is None or self._types_of_shared(self.known.shared[name]) != {"object"}:
                continue
            schema = self.known.shared[name]
            if self._missing(part, schema) == [] and part.children and self._accepts(schema, _items_of(part)):
                return name
        return None

    def _missing(self, part: Field, schema: Schema) -> list[str] | None:
        """Return the fields of `part` that the shared `schema` lacks, None when it has nothing to do with it."""
        fields = fields_of(schema, self.known.shared)
        missing = [name for name in part.children if name not in fields]
        if missing and len(missing) == len(part.children):
            return None
        # Deeper down only what tables describe counts; samples show data of the caller's own there too.
        deep = all_fields_of(schema, self.known.shared)
        return missing + [
            inner.name
            for child in part.children.values()
            for inner in child.walk()
            if child.name not in missing and inner.is_documented and inner.name not in deep
        ]

    def _types_of_shared(self, schema: Schema, depth: int = 0) -> set[str]:
        found = set(types(schema))
        if depth < 20:
            parts = [mapping(self.known.shared.get(ref_name(schema) or ""))]
            parts += [mapping(option) for key in ("anyOf", "oneOf") for option in sequence(schema.get(key))]
            for part in parts:
                found |= self._types_of_shared(part, depth + 1) if part else set()
        return found

    def _takes(self, schema: Schema, values: list[JsonValue]) -> bool:
        """Whether the samples could stand as examples of a shared schema, sets of values closed."""
        validator: Any = request_validator(schema, self.known.shared)
        return all(validator.is_valid(value) for value in values)

    def _accepts(self, schema: Schema, values: list[JsonValue]) -> bool:
        return not values or _holds(schema, values, self.known.shared)


def _merged(part: Field) -> Field:
    """Return the field that stands for all the fields inside `part`, whose names are the caller's own."""
    merged = Field("value")
    for child in part.children.values():
        for mine, theirs in (
            (merged.table_types, child.table_types),
            (merged.table_item_types, child.table_item_types),
            (merged.types, child.types),
            (merged.item_types, child.item_types),
        ):
            mine += [name for name in theirs if name not in mine]
        merged.values += child.values
        merged.children.update(child.children)
        merged.objects += child.objects
    merged.questions += [question for child in part.children.values() for question in child.questions]
    return merged


def _holds(schema: Schema, values: list[JsonValue], shared: Mapping[str, Schema] | None = None) -> bool:
    validator: Any = answer_validator(schema, shared or {})
    return all(validator.is_valid(value) for value in values)


def _items_of(part: Field) -> list[JsonValue]:
    return [item for value in part.values for item in sequence(value)]


def _type(names: list[str]) -> JsonValue:
    return names[0] if len(names) == 1 else names


def _plain_numbers(names: Iterable[str]) -> list[str]:
    """Return type names, each once, without `integer` where `number` allows whole numbers too."""
    unique = list(dict.fromkeys(names))
    return [name for name in unique if name != "integer" or "number" not in unique]


def _question_text(questions: list[str]) -> str:
    return f"{TODO}: {'; '.join(questions)}" if questions else TODO
