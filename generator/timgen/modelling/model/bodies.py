"""Bodies: what is sent and received, as tables and as arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from timgen.language.schema import Schema
from timgen.modelling.model.later import Later


@dataclass(frozen=True)
class Body:
    """A request, response, event or reply body."""

    class_name: str
    """Of its model: `CreateGroupRequest`."""
    module: str
    """Dotted module below the client's `models` package: `groups.create`."""
    prefix: str
    """What the names of the classes of its inline objects begin with: `CreateGroup`."""
    schema: Schema
    """As in the spec."""
    _table: Later[tuple[tuple[Field, ...], tuple[Record, ...]]] = field(repr=False, compare=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The rows of its table, nested ones behind their parent."""
        return self._table.value[0]

    @property
    def records(self) -> tuple[Record, ...]:
        """The objects inside it that have classes of their own, outer ones first."""
        return self._table.value[1]


@dataclass(frozen=True)
class Record:
    """An object inside a body that has a class of its own. What may be one of several objects is one record."""

    class_names: tuple[str, ...]
    """`CreateGroupMember`; of one of several objects, that of each."""
    path: str
    """Wire path from the body: `MemberList[]`."""
    python_path: str
    """The same in Python: `member_list[]`."""
    fields: tuple[Field, ...]
    """Its own, without those of the objects inside."""


@dataclass(frozen=True)
class Field:
    """One row of a body's table. Nested fields follow their parent."""

    path: str
    """Wire path from the body: `MemberList[].Role`."""
    python_path: str
    """The same in Python: `member_list[].role`."""
    wire_name: str
    """The last part of its path."""
    depth: int
    """0 for the body's own fields."""
    type: str
    """For people: `string`, `integer or string`, `array of GroupMember`."""
    schema_name: str | None
    """The shared schema that the field is, or is a list of; its fields are not repeated."""
    required: bool
    """Whether the schema asks for it; what the service sends may lack it all the same."""
    description: str
    """Its own, or that of the shared schema."""
    limits: tuple[str, ...]
    """For people: `at most 30 bytes of UTF-8`, `in seconds`, `filled in by the client`."""
    values: tuple[EnumValue, ...]
    """Of a set, or of a list of such; empty for other fields."""
    values_label: str
    """Whether these are all: `One of`, `Known values`; empty without values."""
    class_names: tuple[str, ...] = ()
    """The classes of the objects inside the body that it is, or is a list or a map of."""


@dataclass(frozen=True)
class EnumValue:
    """A value of a set, one that is known today where the set is open."""

    value: str | int
    """As on the wire."""
    description: str
    """What it means; empty when the spec does not say."""
    deprecated: str = ""
    """`deprecated: use Work`, where the vendor advises against it."""

    @property
    def text(self) -> str:
        """Both for people: `Older name of Work (deprecated: use Work)`."""
        if not self.deprecated:
            return self.description
        if not self.description:
            return self.deprecated[:1].upper() + self.deprecated[1:]
        return f"{self.description} ({self.deprecated})"


@dataclass(frozen=True)
class SharedSchema:
    """A schema of `spec/schemas`, generated once."""

    name: str
    """Also that of its class."""
    module: str
    """Its file, and its module below the client's `models` package."""
    schema: Schema
    """As in the spec."""
    description: str
    """Empty when the spec does not say."""
    limits: tuple[str, ...]
    """For people, as those of a field."""
    fields: tuple[Field, ...]
    """The rows of its table; none for what is no object."""
    item_name: str | None
    """The shared schema that the items of a list are."""
    members: tuple[Member, ...]
    """Of a union."""
    values: tuple[EnumValue, ...]
    """Of a set; else empty."""
    values_label: str
    """As that of a field; what the service sends may have other values in any case."""
    location: Location
    """Where it stands."""
    records: tuple[Record, ...] = ()
    """The objects inside it that have classes of their own."""

    @property
    def alone(self) -> SharedSchema:
        """The same at line 1: what does not change with those above it."""
        return replace(self, location=replace(self.location, line=1))


@dataclass(frozen=True)
class Member:
    """A member of a union."""

    schema_name: str | None
    """The shared schema that it is."""
    text: str
    """For people, where it is none."""


@dataclass(frozen=True)
class Argument:
    """A keyword argument of a client method: one top-level field of the request."""

    name: str
    """In Python: `msg_body`."""
    wire_name: str
    """In bodies: `MsgBody`."""
    annotation: str
    """Python type without `| None`: `Iterable[CreateGroupMember | Mapping[str, object]]`."""
    required: bool
    """Whether a call needs it; what the client fills in is not required."""
    description: str
    """Description with limits and values, as one paragraph."""
    aliases: Mapping[str, str]
    """Names that it had before, each with the version in which it got the present one; sorted."""

    @property
    def declaration(self) -> str:
        """In a signature: `name: str`, `name: str | None = None`."""
        return f"{self.name}: {self.annotation}" + ("" if self.required else " | None = None")

    @property
    def explanation(self) -> str:
        """In a docstring: `name: What it is called.`; its name on the wire where nothing describes it."""
        return f"{self.name}: {self.description or self.wire_name}"


@dataclass(frozen=True)
class FormerCall:
    """How something may be called still: with the former name of an argument."""

    name: str
    """The former name."""
    argument: Argument
    """The argument under its present one."""
    text: str
    """For people: `Deprecated since 0.3.0: use remark in place of note`."""
    arguments: tuple[Argument, ...]
    """Those that such a call takes, the former name among them. Of others that were renamed any name will do."""


class Called:
    """What takes arguments. `Command`, `Iterator` and `Batch` have all of this."""

    _arguments: Later[tuple[Argument, ...]]

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """By their present names, required ones first."""
        return self._arguments.value

    @property
    def former_calls(self) -> tuple[FormerCall, ...]:
        """A way to call it for each former name of an argument."""
        return former_calls(self.arguments)

    @property
    def taken(self) -> tuple[Argument, ...]:
        """All arguments by all of their names; of one with several, none is required."""
        return tuple(one for argument in self.arguments for one in _by_any_name(argument))


def former_calls(arguments: tuple[Argument, ...]) -> tuple[FormerCall, ...]:
    """Return a way to call what takes `arguments` for each former name of one of them."""
    return tuple(
        FormerCall(
            name,
            argument,
            renaming(argument.name, name, since),
            tuple(one for other in arguments for one in _with(name, argument, other)),
        )
        for argument in arguments
        for name, since in argument.aliases.items()
    )


def renaming(name: str, former: str, since: str) -> str:
    """Return what to say of the `former` name of an argument or an attribute."""
    return f"Deprecated since {since}: use {name} in place of {former}"


def _with(name: str, renamed: Argument, argument: Argument) -> tuple[Argument, ...]:
    """Return what stands for `argument` in a call with the former name of the one that was `renamed`."""
    if argument is not renamed:
        return _by_any_name(argument)
    annotation = argument.annotation if argument.required else f"{argument.annotation} | None"
    return (replace(argument, name=name, annotation=annotation, required=True, aliases={}),)


def _by_any_name(argument: Argument) -> tuple[Argument, ...]:
    names = (argument.name, *argument.aliases)
    return tuple(replace(argument, name=name, required=argument.required and len(names) == 1) for name in names)


@dataclass(frozen=True)
class Import:
    """`from <module> import <names>`, the module relative to the client's `models` package."""

    module: str
    """Dotted, below the `models` package."""
    names: tuple[str, ...]
    """Sorted."""


def merged(imports: Iterable[Import]) -> tuple[Import, ...]:
    """Return one for each module, sorted."""
    names: dict[str, set[str]] = {}
    for one in imports:
        names.setdefault(one.module, set()).update(one.names)
    return tuple(Import(module, tuple(sorted(names[module]))) for module in sorted(names))


@dataclass(frozen=True)
class TextLimit:
    """A constrained string type of the generated models."""

    name: str
    """`Utf8Max30` or `NotModelledMsgType`."""
    max_bytes: int | None
    """In UTF-8; None for no limit."""
    excluded: tuple[str, ...]
    """Values that another member of the union stands for."""


@dataclass(frozen=True)
class Location:
    """Where in the spec something stands."""

    file: str
    """Path relative to the project, with forward slashes: `spec/v1/rooms/create.yaml`."""
    line: int
    """From 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
