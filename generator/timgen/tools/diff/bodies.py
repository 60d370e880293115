"""Bodies: what differs between two of them, in their fields and in all that these lead to.

A shared schema is judged once, at its own place, for all bodies that lead to it. What changes in which direction is
judged in `keywords`; here stand the rules about what holds other schemas:

- A field that is gone breaks: its argument, its attribute. So does a new one that requests need. All others add.
- `former` makes bodies with the old wire name go on, `aliases` the argument and the attribute. A field that is called
  otherwise breaks unless both go on, or both wire names have one name in Python; in what is read it always does.
- A new member of a union is more that can be written. In what is read it is unexpected, unless a constant tells it from
  the others: kinds are a set of values, and sets are open there. A member that is gone may no longer be written.
- A place that was one class and is another one breaks, however alike their fields are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from timgen.language.naming import python_name
from timgen.language.schema import Schema, selectors, types
from timgen.modelling.definitions import Definition, Definitions
from timgen.rendering.members import is_element
from timgen.tools.diff.changes import Change
from timgen.tools.diff.keywords import ADVICE, JUDGED, TEXTS, Difference, Effect, both, scalars, shown, texts

STRUCTURE = frozenset(
    {"$ref", "title", "properties", "required", "additionalProperties", "patternProperties", "items", "anyOf", "oneOf"}
    | {"discriminator", "minContains", "x-fill", "former", "aliases"}
)
"""The keywords that are judged here, or say nothing of their own; `keywords` has the others."""

NEEDED = "calls that leave it out are refused"
_CONCEALED = STRUCTURE | JUDGED


@dataclass(frozen=True)
class Place:
    """Where a schema stands, and whose it is."""

    subject: str
    written: bool
    read: bool
    field: bool = False
    """Whether it is a field itself, which may be absent in what is read."""

    def below(self, step: str, *, field: bool = False) -> Place:
        return replace(self, subject=f"{self.subject}{step}", field=field)


class Bodies:
    """Compares definitions of two specs, and keeps what it finds."""

    def __init__(self, old: Definitions, new: Definitions) -> None:
        self.old = old
        self.new = new
        self.found: list[Change] = []
        self._old_names, self._new_names = (
            {definition.name for definition in side.by_key.values()} for side in (old, new)
        )
        self._inside: set[tuple[str, str]] = set()

    def compare(self, old: str, new: str, subject: str) -> None:
        """Compare what two bodies became, given by the keys of their definitions."""
        before, after = (
            replace(definition, schema={key: value for key, value in definition.schema.items() if key != "description"})
            for definition in (self.old.by_key[old], self.new.by_key[new])
        )
        # What describes them is made of the summary of their command or webhook.
        self._definitions(before, after, Place(subject, before.written, before.read))

    def compare_shared(self) -> None:
        """Compare the shared schemas that are in both specs; name those that are new."""
        for name, module in self.new.modules.items():
            after = self.new.by_key[f"{module}.{name}"]
            if name not in self.old.modules:
                self.found.append(Change("additive", "schema-added", name, after.origin, "a new shared schema"))
                continue
            before = self.old.by_key[f"{self.old.modules[name]}.{name}"]
            self._definitions(before, after, Place(name, before.written, before.read))

    def _definitions(self, old: Definition, new: Definition, place: Place) -> None:
        pair = (old.key, new.key)
        if pair in self._inside:
            return
        self._inside.add(pair)
        self._schemas(old.schema, new.schema, place, new.origin, named=True)
        self._elements(old, new, place)
        self._inside.remove(pair)

    def _node(self, old: Schema, new: Schema, place: Place, file: str) -> None:
        """Compare what stands at one place, which may be references."""
        before, after = self.old.resolve(old)[0], self.new.resolve(new)[0]
        if before is None and after is None:
            self._schemas(old, new, place, file)
            return
        self._add(texts(old, new), place, file)
        self._add(self._classes(before, after), place, file)
        if before and after:
            if not (self._is_shared(before, self.old) and before.name == after.name):
                self._definitions(before, after, place)
        else:
            self._schemas(self.old.target(old), self.new.target(new), place, file)

    def _classes(self, old: Definition | None, new: Definition | None) -> Iterator[Difference]:
        """Yield that a place has another class, unless the former one is gone and said to be so."""
        if old and new and old.name != new.name and old.name in self._new_names and self._has_class(old):
            yield both("class", f"it is a {new.name} now, and was a {old.name}", "breaking")

    def _has_class(self, old: Definition) -> bool:
        target = self.old.target(old.schema)
        return "properties" in target or any("$ref" in option for option in _options(target))

    def _is_shared(self, definition: Definition, side: Definitions) -> bool:
        return side.modules.get(definition.name) == definition.module

    def _schemas(self, old: Schema, new: Schema, place: Place, file: str, *, named: bool = False) -> None:
        """Compare two schemas, the second of which stands in `file`; `named`: both are types with names."""
        if "$ref" in old or "$ref" in new:
            self._node(old, new, place, file)
            return
        self._add(texts(old, new), place, file)
        if _options(old) or _options(new):
            self._unions(old, new, place, file)
            return
        if types(old) == types(new) == ["object"] and ("properties" in old) != ("properties" in new):
            words = "fields of its own where any key was" if "properties" in new else "any key where it had fields"
            self._add([both("type", words, "breaking", "it is of another type in Python")], place, file)
            return
        self._add(scalars(old, new, named=named, field=place.field), place, file)
        self._add(_unknown(old, new), place, file)
        self._items(old, new, place, file)
        self._keys(old, new, place, file)
        if "properties" in old and "properties" in new:
            self._fields(old, new, place, file)

    def _unions(self, old: Schema, new: Schema, place: Place, file: str) -> None:
        before, after = _members(old), _members(new)
        for one, other in _pairs(before, after, self.old, self.new):
            before.remove(one)
            after.remove(other)
            self._node(one, other, replace(place, field=False), file)
        for member in before:
            refused = Effect("breaking", "requests that are such a one are refused")
            name = self._member_name(self.old, member)
            self._add(
                [Difference("member-removed", f"it is no {name} any longer", refused, Effect("additive"))], place, file
            )
        for member in after:
            read = (
                Effect("additive")
                if self._is_told(member)
                else Effect("breaking", "code that reads it does not expect that")
            )
            words = f"it may be a {self._member_name(self.new, member)} now"
            self._add([Difference("member-added", words, Effect("additive"), read)], place, file)
        if old.get("discriminator") != new.get("discriminator") and "discriminator" in old and "discriminator" in new:
            self._add([both("discriminator", "another field tells the members apart", "breaking")], place, file)

    def _is_told(self, member: Schema) -> bool:
        """Whether a constant tells a member of a union from the others."""
        target = self.new.target(member)
        options = _options(target)
        return all(self._is_told(option) for option in options) if options else bool(selectors(target))

    def _member_name(self, side: Definitions, member: Schema) -> str:
        definition = side.resolve(member)[0]
        return definition.name if definition else " or ".join(types(member)) or "value of any type"

    def _items(self, old: Schema, new: Schema, place: Place, file: str) -> None:
        before, after = old.get("items"), new.get("items")
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            self._node(cast(Schema, before), cast(Schema, after), place.below("[]"), file)
        elif before != after and "array" in types(old) and "array" in types(new):
            self._add([_known_or_any("its items", known=isinstance(after, Mapping))], place, file)

    def _keys(self, old: Schema, new: Schema, place: Place, file: str) -> None:
        """Compare what is said of keys of the app's own."""
        before, after = old.get("additionalProperties"), new.get("additionalProperties")
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            self._node(cast(Schema, before), cast(Schema, after), place.below(".*"), file)
        elif before != after:
            if "properties" in old and "properties" in new and not (before and after):
                self._add([_any_keys(allowed=bool(after))], place, file)
            elif isinstance(before, Mapping) or isinstance(after, Mapping):
                self._add([_known_or_any("its values", known=isinstance(after, Mapping))], place, file)
        patterns, others = (cast(Mapping[str, Schema], schema.get("patternProperties", {})) for schema in (old, new))
        for pattern in sorted({*patterns, *others}):
            if pattern in patterns and pattern in others:
                self._node(patterns[pattern], others[pattern], place.below(".*"), file)
            else:
                words = f"keys like {shown(pattern)} are {'known' if pattern in others else 'no longer known'}"
                self._add([both("keys", words, "breaking", "values of such keys are of another type")], place, file)

    def _fields(self, old: Schema, new: Schema, place: Place, file: str) -> None:
        before, after = (cast(Mapping[str, Schema], schema["properties"]) for schema in (old, new))
        renamed = renames(old, new)
        for name, part in before.items():
            there = place.below(f".{name}", field=True)
            if name in after:
                self._node(part, after[name], there, file)
                self._field(old, new, name, there, file)
            elif name in renamed:
                there = place.below(f".{renamed[name]}", field=True)
                self._renamed(name, renamed[name], after[renamed[name]], there, file)
                self._other_names(part, after[renamed[name]], there, file, besides=name)
                self._node(part, after[renamed[name]], there, file)
                self._need(_is_needed(old, name), _is_needed(new, renamed[name]), there, file)
            else:
                words = "the field is gone"
                lost = Effect("breaking", "its argument is unknown now"), Effect("breaking", "its attribute is no more")
                self._add([Difference("field-removed", words, *lost)], there, file)
        for name in after:
            if name in before or name in renamed.values():
                continue
            needed = Effect("breaking", NEEDED) if _is_needed(new, name) else Effect("additive")
            words = f"a new field{', required' if _is_needed(new, name) else ''}"
            added = Difference("field-added", words, needed, Effect("additive"))
            self._add([added], place.below(f".{name}", field=True), file)

    def _renamed(self, old: str, new: str, part: Schema, place: Place, file: str) -> None:
        words = f"{old} is called {new} now"
        argument = f"the argument {python_name(old)}"
        if old not in _former(part):
            written = Effect("breaking", f"{argument} goes on, bodies with the former name are refused")
        elif python_name(old) == python_name(new):
            written = Effect("additive", "bodies with the former name go on")
        elif python_name(old) in _aliases(part):
            written = Effect("additive", f"{argument} and bodies with the former name go on")
        else:
            written = Effect("breaking", f"bodies with the former name go on, {argument} is {python_name(new)}")
        read = Effect("breaking", f"what the service sends as {old} has no attribute")
        self._add([Difference("field-renamed", words, written, read)], place, file)

    def _field(self, old: Schema, new: Schema, name: str, place: Place, file: str) -> None:
        """Compare what is said of a field by the object around it, or for requests alone."""
        before, after = (cast(Mapping[str, Schema], schema["properties"])[name] for schema in (old, new))
        self._need(_is_needed(old, name), _is_needed(new, name), place, file)
        if before.get("x-fill") != after.get("x-fill"):
            words = f"filled in by the client: {before.get('x-fill', 'not')} -> {after.get('x-fill', 'not')}"
            self._add([Difference("fill", words, Effect("additive"), None)], place, file)
        self._other_names(before, after, place, file)

    def _other_names(self, old: Schema, new: Schema, place: Place, file: str, *, besides: str = "") -> None:
        """Compare the names that a field had before, but for the one `besides` that it has just lost."""
        before, after = _former(old), _former(new)
        for former in sorted((before.keys() ^ after.keys()) - {besides}):
            effect = Effect("additive") if former in after else Effect("breaking", "bodies with it are refused")
            words = f"the former name {former} is {'taken' if former in after else 'no longer taken'}"
            self._add([Difference("former", words, effect, None)], place, file)
        arguments, others = _aliases(old), _aliases(new)
        for name in sorted((arguments.keys() ^ others.keys()) - {python_name(besides)}):
            effect = Effect("additive") if name in others else Effect("breaking", "calls with it fail")
            words = f"the argument's former name {name} is {'taken' if name in others else 'no longer taken'}"
            self._add([Difference("argument-alias", words, effect, None)], place, file)
        for one, other in ((before, after), (arguments, others)):
            if any(one[name] != other[name] for name in one.keys() & other.keys()):
                self._add([both("text", "another date or version of a former name", "docs")], place, file)

    def _need(self, before: bool, after: bool, place: Place, file: str) -> None:
        if after and not before:
            words = "the field is required now"
            self._add([Difference("field-required", words, Effect("breaking", NEEDED), Effect("docs"))], place, file)
        elif before and not after:
            words = "the field may be left out now"
            self._add([Difference("field-optional", words, Effect("additive"), Effect("docs"))], place, file)

    def _elements(self, old: Definition, new: Definition, place: Place) -> None:
        """Compare objects that are made of their content alone."""
        before = self._positional(old, self.old)
        after = self._positional(new, self.new)
        if before is None or before == after:
            return
        if after is None or after[: len(before)] != before:
            words = "it can no longer be made of its content alone, as it was"
            self._add([both("element", words, "breaking")], place, new.origin)

    def _positional(self, definition: Definition, side: Definitions) -> list[str] | None:
        """Return what the constructor of an element takes without a name; None for what is no element."""
        if not is_element(definition, side):
            return None
        (content,) = (part for part in definition.fields.values() if "const" not in part)
        target = side.target(content)
        required = cast(list[str], target.get("required", []))
        return [name for name in cast(Mapping[str, Schema], target["properties"]) if name in required]

    def _add(self, differences: Iterable[Difference], place: Place, file: str) -> None:
        for difference in differences:
            effect = difference.effect(written=place.written, read=place.read)
            if effect:
                message = f"{difference.words}; {effect.words}" if effect.words else difference.words
                self.found.append(Change(effect.level, difference.kind, place.subject, file, message))


def _options(schema: Schema) -> Sequence[Schema]:
    return cast(list[Schema], schema.get("anyOf") or schema.get("oneOf") or [])


def _members(schema: Schema) -> list[Schema]:
    """Return the members of a union; what is none has one for each of its types."""
    if options := _options(schema):
        return list(options)
    # What is said of the whole is no part of its members.
    member = {key: value for key, value in schema.items() if key not in (*TEXTS, *ADVICE)}
    names = types(schema)
    return [{**member, "type": name} for name in names] if len(names) > 1 else [member]


def _pairs(
    old: Sequence[Schema], new: Sequence[Schema], before: Definitions, after: Definitions
) -> list[tuple[Schema, Schema]]:
    """Return which members of two unions are the same ones: by class, by constants, or by type."""
    found: list[tuple[Schema, Schema]] = []
    left, right = list(old), list(new)
    for identity in (_class_of, _constants_of, _types_of):
        for one in list(left):
            name = identity(one, before)
            other = next((part for part in right if name and identity(part, after) == name), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                found.append((one, other))
    return found


def _class_of(member: Schema, side: Definitions) -> object:
    definition = side.resolve(member)[0]
    return definition.name if definition else None


def _constants_of(member: Schema, side: Definitions) -> object:
    target = side.target(member)
    properties = cast(Mapping[str, Schema], target.get("properties", {}))
    return {name: shown(properties[name].get("const")) for name in selectors(target)}


def _types_of(member: Schema, side: Definitions) -> object:
    target = side.target(member)
    # What constants tell apart is not the same for its type.
    return None if selectors(target) or _options(target) else sorted(types(target))


def renames(old: Schema, new: Schema) -> Mapping[str, str]:
    """Return the present names of an object's fields that are called otherwise in `new`, which says so."""
    before, after = (cast(Mapping[str, Schema], schema.get("properties", {})) for schema in (old, new))
    return {
        former: name
        for name, part in after.items()
        for former in before
        if name not in before
        and former not in after
        and (former in _former(part) or python_name(former) in _aliases(part))
    }


def _aliases(schema: Schema) -> Mapping[str, str]:
    return cast(Mapping[str, str], schema.get("aliases", {}))


def _former(schema: Schema) -> Mapping[str, str]:
    return cast(Mapping[str, str], schema.get("former", {}))


def _is_needed(schema: Schema, name: str) -> bool:
    """Whether a request must have a field, that is, the caller must give it."""
    part = cast(Mapping[str, Schema], schema["properties"])[name]
    return name in cast(list[str], schema.get("required", [])) and "x-fill" not in part


def _known_or_any(what: str, *, known: bool) -> Difference:
    if known:
        words = f"{what} have a type now"
        return Difference("type", words, Effect("breaking", "requests with others are refused"), Effect("additive"))
    words = f"{what} may be anything now"
    return Difference(
        "type", words, Effect("additive"), Effect("breaking", "code that reads them does not expect that")
    )


def _any_keys(*, allowed: bool) -> Difference:
    if allowed:
        return Difference("keys", "keys of the app's own are allowed", Effect("additive"), Effect("docs"))
    words = "keys of the app's own are no longer allowed"
    return Difference("keys", words, Effect("breaking", "requests with them are refused"), Effect("docs"))


def _unknown(old: Schema, new: Schema) -> Iterator[Difference]:
    """Yield keywords whose meaning is not known here: who adds one says what its changes do."""
    for key in sorted((old.keys() | new.keys()) - _CONCEALED):
        if old.get(key) != new.get(key):
            yield both("keyword", f"{key} is another one", "breaking")
