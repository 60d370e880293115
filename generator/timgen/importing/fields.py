"""The fields of a body: what the samples show and what the tables say, in one tree.

Tables are flat more often than not. Where a field belongs follows from the samples, from names such as
`MemberList[].Role` or `+ Role`, from what is written above a table, and else from the order of the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from timgen.checking.rules.registry import mapping, sequence
from timgen.importing.facts import TypeWords, is_conditional, is_required, types_of
from timgen.importing.page import plain
from timgen.importing.sections import FieldTable, Row
from timgen.language.schema import JsonValue, Schema, ref_name, type_name, walk

_IDENTIFIER = re.compile(r"[^\W\d][\w$-]*")
_SEPARATOR = re.compile(r"(\[\s*\w*\s*\])?\s*(?:\.|->|→)\s*|(\[\s*\w*\s*\])\s*$")
_SPACE = r"(?:&nbsp;|&emsp;|&ensp;|[\xa0\u3000])"
_INDENT = re.compile(rf"\A(?:(?:(?:{_SPACE}|\s)*[-+>└├─│┗┣·•↳]+\s*)+|(?:{_SPACE}|\s)+)")
_ALTERNATIVES = re.compile(r"\s*(?:/|、|,| or )\s*")
_OBJECTS = re.compile(r"object|struct|each element|对象|结构|объект", re.IGNORECASE)


@dataclass(eq=False)
class Field:
    """A field of a body. The fields inside are those of the object, or of the objects in the list."""

    name: str
    parent: Field | None = None
    children: dict[str, Field] = field(default_factory=dict["str", "Field"])
    table_types: list[str] = field(default_factory=list[str])
    table_item_types: list[str] = field(default_factory=list[str])
    types: list[str] = field(default_factory=list[str])
    """Types of the values in the samples."""
    item_types: list[str] = field(default_factory=list[str])
    values: list[JsonValue] = field(default_factory=list[JsonValue])
    objects: int = 0
    """How many objects of the samples could have the fields inside."""
    present: int = 0
    """In how many of its parent's objects it is."""
    order: int = 0
    """Number of the first row about it, 0 where only samples show it."""
    is_documented: bool = False
    necessity: str = ""
    """required, conditional, or empty."""
    description: str = ""
    """What the page says; only facts are taken from it."""
    questions: list[str] = field(default_factory=list[str])
    """What a person must decide about it."""
    has_own_keys: bool = False
    """Whether the names of the fields inside are the caller's own."""

    def child(self, name: str) -> Field:
        """Return the field `name` inside, made when it is not there."""
        return self.children.setdefault(name, Field(name, self))

    def find(self, name: str) -> Field | None:
        """Return the field inside with that name, else the one that differs only in case."""
        if name in self.children:
            return self.children[name]
        return next((child for key, child in self.children.items() if key.lower() == name.lower()), None)

    def walk(self) -> Iterator[Field]:
        """Yield every field inside, parents first."""
        for child in self.children.values():
            yield child
            yield from child.walk()

    def is_inside(self, other: Field) -> bool:
        return self.parent is not None and (self.parent is other or self.parent.is_inside(other))

    @property
    def is_container(self) -> bool:
        known = self.types or self.table_types
        return bool(self.children) or "object" in known or ("array" in known and not self._has_plain_items)

    @property
    def _has_plain_items(self) -> bool:
        items = self.item_types or self.table_item_types
        return bool(items) and "object" not in items

    def ask(self, question: str) -> None:
        if question not in self.questions:
            self.questions.append(question)


def read_samples(bodies: Iterable[Mapping[str, JsonValue]]) -> Field:
    """Return the tree of the fields that the samples show."""
    root = Field("")
    for body in bodies:
        _fold_object(root, body)
    for part in (root, *root.walk()):
        part.has_own_keys = bool(part.children) and all(key.isdecimal() for key in part.children)
    return root


class Placer:
    """Puts the rows of a body's tables where they belong."""

    def __init__(self, root: Field, shared: Mapping[str, Schema], top: frozenset[str]) -> None:
        """Work on `root`, which has the samples' fields, in a project with the schemas `shared`.

        `top` are the names that only stand at the top when a table has them once.
        """
        self.root = root
        self.top = top
        self.shared = frozenset(name.lower() for name in shared)
        fields = {name.lower(): fields_of(schema, shared) for name, schema in shared.items()}
        self.shared_fields = {name: names for name, names in fields.items() if names}
        self.deep_fields = {name.lower(): all_fields_of(schema, shared) for name, schema in shared.items()}
        self._order = 0

    def add(self, table: FieldTable) -> None:
        base = self._base(table.caption)
        cursor = base
        placed: set[Field] = set()
        outer: list[tuple[int, Field]] = []
        rows = [(row, name) for row in table.rows for name in _names(row)]
        names = [name for _, name in rows]
        has_paths = any(_indent(row.name) or (name is not None and len(_steps(name)) > 1) for row, name in rows)
        for index, (row, name) in enumerate(rows):
            indent = _indent(row.name)
            while outer and outer[-1][0] >= indent:
                outer.pop()
            self._order += 1
            if name is None:
                _document_values(base, cursor, row, self._order)
                continue
            steps = _steps(name)
            if outer and len(steps) == 1:
                target = _inside(outer[-1][1], name)
            else:
                once, following = names.count(name) == 1, names[index + 1 :]
                # A path such as `A.B` leads through fields that have rows of their own.
                taken = placed if len(steps) == 1 else set[Field]()
                target = self._locate(steps[0][0], base, cursor, taken, following, once=once, has_paths=has_paths)
                for (step, is_list), (inner, _) in pairwise(steps):
                    _imply(target, step, self._order, is_list=is_list)
                    target = _inside(target, inner)
            outer.append((indent, target))
            if not target.is_documented and target.name != steps[-1][0] and steps[-1][0] not in target.children:
                target.ask(f"the table calls it {steps[-1][0]}")
            _document(target, row, self._order, is_list=steps[-1][1])
            placed.add(target)
            cursor = target

    def _base(self, caption: str) -> Field:
        """Return the field whose inside a table is about, as the words above it say; else the top."""
        words = set(re.findall(r"[A-Za-z]\w*", caption))
        named = [part for part in self.root.walk() if part.name in words and part.is_container]
        return named[-1] if named and len(caption) < 200 else self.root

    def _locate(
        self,
        name: str,
        base: Field,
        cursor: Field,
        placed: set[Field],
        following: list[str | None],
        *,
        once: bool,
        has_paths: bool,
    ) -> Field:
        if base is self.root and once and name in self.top:
            return self.root.child(name)
        # A name that comes again means another field than the row before.
        candidates = [part for part in _candidates(base, name) if part not in placed]
        if candidates:
            return min(candidates, key=lambda part: (_distance(cursor, part), _depth(part)))
        parent = self._guess(name, base, cursor, following, has_paths=has_paths)
        while parent.find(name) in placed and parent is not base and parent.parent:
            parent = parent.parent
        return parent.child(name)

    def _left_shared(self, name: str, base: Field, cursor: Field) -> Field | None:
        """Return where `name` stands when it ends the fields of the shared schema that the rows went into."""
        place: Field | None = cursor
        outer: Field | None = None
        while place is not None and place is not base:
            outer = place if place.name.lower() in self.shared_fields else outer
            place = place.parent
        if outer is None:
            return None
        key = outer.name.lower()
        is_own = name in self.shared_fields[key] or (name in self.deep_fields[key] and name.lower() not in self.shared)
        return None if is_own else outer.parent

    def _guess(self, name: str, base: Field, cursor: Field, following: list[str | None], *, has_paths: bool) -> Field:
        """Return the field that `name`, which no sample shows, belongs into."""
        beside = cursor.parent if cursor.parent and cursor is not base else base
        if left := self._left_shared(name, base, cursor):
            return left
        known = self.shared_fields.get(cursor.name.lower())
        if known is not None and cursor is not base and cursor.is_container:
            return cursor if name in known else beside
        if has_paths and beside.name.lower() not in self.shared_fields:
            # The table marks what is inside, so that a bare name is a field at the top.
            return base
        if cursor is base or not cursor.is_container:
            return beside
        if cursor.children and any(child.is_documented for child in cursor.children.values()):
            return beside
        for other in following:
            candidates = _candidates(base, _steps(other)[0][0]) if other else []
            if candidates:
                nearest = min(candidates, key=lambda part: (_distance(cursor, part), _depth(part)))
                return cursor if nearest.is_inside(cursor) else beside
        if cursor.children:
            return beside
        if "object" in cursor.table_types or "object" in cursor.table_item_types or _OBJECTS.search(cursor.description):
            if "object" not in cursor.table_types:
                cursor.ask("do the fields inside belong here or beside it")
            return cursor
        return beside


def _fold(part: Field, value: JsonValue) -> None:
    _add(part.types, [type_name(value)])
    part.values.append(value)
    if type_name(value) == "object":
        _fold_object(part, mapping(value))
    for item in sequence(value):
        _add(part.item_types, [type_name(item)])
        if type_name(item) == "object":
            _fold_object(part, mapping(item))


def _fold_object(part: Field, value: Mapping[str, JsonValue]) -> None:
    part.objects += 1
    for key, inner in value.items():
        child = part.child(key)
        child.present += 1
        _fold(child, inner)


def _names(row: Row) -> list[str | None]:
    """Return the names that a row describes; None stands for words that are no name."""
    text = plain(_INDENT.sub("", row.name)).strip("\"'“” ：:")
    parts = [part for part in _ALTERNATIVES.split(text) if part]
    if parts and all(_is_path(part) for part in parts):
        return list(parts)
    first = re.match(r"(\S+)\s*[(（]", text)
    return [first[1]] if first and _is_path(first[1]) else [None]


def _is_path(text: str) -> bool:
    steps = _steps(text)
    return bool(steps) and all(_IDENTIFIER.fullmatch(step) for step, _ in steps)


def _steps(name: str) -> list[tuple[str, bool]]:
    """Return the names that a path goes through, each with whether it is written as a list."""
    steps: list[tuple[str, bool]] = []
    position = 0
    for match in _SEPARATOR.finditer(name):
        steps.append((name[position : match.start()].strip(), bool(match[1] or match[2])))
        position = match.end()
    if position < len(name):
        steps.append((name[position:].strip(), False))
    return steps


def _indent(name: str) -> int:
    """Return how far marks move a name to the right: `+ Role` 1, `++ Role` 2, `&nbsp;&nbsp;+ Role` 3."""
    match = _INDENT.match(name)
    return len(re.sub(_SPACE, ".", match[0]).replace(" ", "")) if match else 0


def _inside(parent: Field, name: str) -> Field:
    return parent.find(name) or parent.child(name)


def _imply(part: Field, name: str, order: int, *, is_list: bool) -> None:
    """Note the type of a field that only a path names, such as A in `A[].B`."""
    part.order = part.order or order
    if not part.is_documented and not part.types and not part.table_types:
        part.table_types = ["array" if is_list else "object"]
    if part.name != name and not part.is_documented:
        part.ask(f"the table calls it {name}")


def _document(part: Field, row: Row, order: int, *, is_list: bool = False) -> None:
    words = TypeWords(("array",), types_of(row.types).names) if is_list else types_of(row.types)
    _add(part.table_types, words.names)
    _add(part.table_item_types, words.items)
    if not words.names and not part.types:
        part.ask("its type")
    part.is_documented = True
    part.order = part.order or order
    part.description = f"{part.description} {row.types if words.names else ''} {plain(row.description)}".strip()
    if row.necessity is not None and not part.necessity:
        part.necessity = (
            "required" if is_required(row.necessity) else "conditional" if is_conditional(row.necessity) else ""
        )


def _document_values(base: Field, cursor: Field, row: Row, order: int) -> None:
    """Note a row whose name is no name: it describes keys or values of an object whose keys are the caller's own."""
    inside = [part for part in base.walk() if part.has_own_keys]
    if cursor is not base and cursor.is_container and "object" in (*cursor.types, *cursor.table_types):
        inside.append(cursor)
    if inside:
        inside[-1].has_own_keys = True
        _document(inside[-1].child("*"), row, order)


def _candidates(base: Field, name: str) -> list[Field]:
    parts = list(base.walk())
    exact = [part for part in parts if part.name == name]
    return exact or [part for part in parts if part.name.lower() == name.lower()]


def _distance(cursor: Field, part: Field) -> int:
    """Return how far a row about `part` is from the row about `cursor` before it: inside 0, beside 1, outwards 2 on."""
    steps = 0
    place: Field | None = cursor
    while place is not None:
        if part.parent is place:
            return steps
        steps += 1
        place = place.parent
    return 50


def _depth(part: Field) -> int:
    return 0 if part.parent is None else 1 + _depth(part.parent)


def _add(names: list[str], more: Iterable[str]) -> None:
    names += [name for name in dict.fromkeys(more) if name not in names]


def fields_of(schema: Schema, shared: Mapping[str, Schema], depth: int = 0) -> frozenset[str]:
    """Return the names of the fields of an object, or of the objects in a list, references followed."""
    found = set(mapping(schema.get("properties")))
    if depth < 20:
        parts = [mapping(shared.get(ref_name(schema) or "")), mapping(schema.get("items"))]
        parts += [mapping(option) for key in ("anyOf", "oneOf") for option in sequence(schema.get(key))]
        for part in parts:
            found |= fields_of(part, shared, depth + 1) if part else frozenset()
    return frozenset(found)


def all_fields_of(schema: Schema, shared: Mapping[str, Schema]) -> frozenset[str]:
    """Return the names of the fields at any depth of `schema`, references followed."""
    found: set[str] = set()
    seen: set[str] = set()
    queue = [schema]
    while queue:
        for _, part in walk(queue.pop()):
            found |= set(mapping(part.get("properties")))
            name = ref_name(part)
            if name is not None and name in shared and name not in seen:
                seen.add(name)
                queue.append(shared[name])
    return frozenset(found)
