"""Commands: methods of the client."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import cast

from timgen.language.schema import JsonValue
from timgen.modelling.model.advice import Deprecated
from timgen.modelling.model.bodies import Argument, Body, Called, Import, Location
from timgen.modelling.model.errors import ErrorCode
from timgen.modelling.model.later import Later


@dataclasses.dataclass(frozen=True)
class Command(Called):
    """A command of the API: a method of the client."""

    path: str
    """Service and command, as in the URL: `rooms/create`."""
    service: str
    """First part of its path."""
    name: str
    """Second part of its path."""
    namespace: str
    """Attribute of the client that has the method."""
    function: str
    """Method name inside the namespace."""
    class_name: str
    """Prefix of its classes: `CreateGroup`."""
    summary: str
    """Imperative, without a full stop."""
    description: str
    """Beside the summary; empty when there is nothing more to say."""
    docs: str
    """Address of the vendor's page."""
    date: str
    """Of that page: `2024-02-29`."""
    rate_limits: tuple[RateLimit, ...]
    """Empty where none is known."""
    reads: bool | None
    """Whether it changes nothing; None where the spec does not say, which counts as no."""
    repeat: str
    """safe, unsafe or deduplicated."""
    repeat_evidence: str
    """Why `repeat` is what it is; empty where the spec does not say."""
    dedupe: Dedupe | None
    """For `repeat` deduplicated; else None."""
    safe_if: SafeIf | None
    """Which calls of an unsafe command are safe; None for none."""
    repeated: tuple[Repeated, ...]
    """Answers that say that a repeated call was done before."""
    paging: tuple[Paging, ...]
    """Ways to read on; the first one whose `when` fits counts. Empty where answers are whole."""
    iterator: Iterator | None
    """None without paging."""
    batch: Batch | None
    """None where no list is cut."""
    failures: tuple[Failures, ...]
    """Where answers that succeed list failed items."""
    plans: Plans | None
    """What the app must have; None for nothing."""
    partial: str | None
    """What is missing where the source was not complete."""
    errors: tuple[ErrorCode, ...]
    """Codes that the command's page names, sorted; the common table applies beside them. Their `commands` are empty."""
    request: Body
    """Without the head that all requests have, if any."""
    response: Body
    """Without the envelope."""
    deprecated: Deprecated | None
    """None while it is not."""
    aliases: tuple[Alias, ...]
    """Former names of the method, sorted."""
    former: tuple[Former, ...]
    """Names that the client takes for request fields in bodies; sorted by path."""
    fill: tuple[str, ...]
    """Wire paths of request fields that the client fills in with a number: `MsgRandom`, `MsgList[].Random`."""
    rising: tuple[str, ...]
    """Those of them whose numbers rise from call to call; the others are random."""
    examples: tuple[Example, ...]
    """In the order of the spec."""
    schemas: tuple[str, ...]
    """Names of the shared schemas that its bodies lead to, sorted."""
    location: Location
    """Its file."""
    _arguments: Later[tuple[Argument, ...]] = dataclasses.field(repr=False, compare=False)
    _imports: Later[tuple[Import, ...]] = dataclasses.field(repr=False, compare=False)

    @property
    def imports(self) -> tuple[Import, ...]:
        """What the signatures of its methods name."""
        return self._imports.value

    @property
    def repetition(self) -> str:
        """Whether the client sends it again when its outcome is unknown, as a clause for behind a colon."""
        if self.repeat == "safe":
            return "it is sent again when its outcome is unknown."
        if self.dedupe:
            fields = ", ".join(self.dedupe.fields)
            return (
                f"it is sent again within {self.dedupe.window} s when its outcome is unknown; "
                f"for so long the service drops a call with the same {fields}."
            )
        if self.safe_if:
            given = "with" if self.safe_if.given else "without"
            return (
                f"it is sent again when its outcome is unknown only {given} {self.safe_if.field}: "
                "a later call would do more than the first."
            )
        return "unsafe. It is not sent again when its outcome is unknown, since it may be carried out twice."

    @property
    def random(self) -> tuple[str, ...]:
        """Wire paths of the fields that the client fills in with a random number."""
        return tuple(path for path in self.fill if path not in self.rising)

    @property
    def method(self) -> str:
        """Namespace and function: `groups.create`."""
        return f"{self.namespace}.{self.function}"

    @property
    def old_methods(self) -> tuple[str, ...]:
        """Names that its methods had before: `groups.list_all`, `groups.iter_all`."""
        return tuple(f"{self.namespace}.{name}" for alias in self.aliases for name in alias.functions)

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the spec that say something about it, its own first."""
        replacement = self.deprecated.replacement if self.deprecated else None
        return (self.location.file, *([replacement.file] if replacement else []))


@dataclasses.dataclass(frozen=True)
class RateLimit:
    """How often a command may be called. As text: `200 calls per second (Pro); more on request`."""

    calls: int
    """How many."""
    per: str
    """second, minute, hour or day."""
    plan: str | None
    """The edition that it holds for; None for all."""
    note: str | None
    """What else the page says."""

    def __str__(self) -> str:
        text = f"{self.calls} call{'s' if self.calls > 1 else ''} per {self.per}"
        if self.plan:
            text += f" ({self.plan})"
        return f"{text}; {self.note}" if self.note else text


@dataclasses.dataclass(frozen=True)
class Dedupe:
    """By what the service knows a repeated call, which it drops."""

    fields: tuple[str, ...]
    """Request fields that are the same."""
    window: int
    """Seconds."""


@dataclasses.dataclass(frozen=True)
class SafeIf:
    """What makes a single call of an unsafe command safe."""

    field: str
    """Request field; 0, false and empty values count as absent."""
    given: bool
    """Whether it must be there, or must not."""


@dataclasses.dataclass(frozen=True)
class Repeated:
    """A code with which a repeated call says that it was done before."""

    code: int
    """Of the answer."""
    info: str
    """What the answer's words must hold; empty where the code alone is enough."""
    single: str
    """Request list that must have one entry only; empty where it does not matter."""
    evidence: str
    """How it is known."""


@dataclasses.dataclass(frozen=True)
class Paging:
    """One way to read on; see `spec/meta/command.schema.json`."""

    items: str
    """Answer field with the items of a page: `Response.List`."""
    when: str | None
    """Request field that selects this variant: by its presence, or by the value `equals`."""
    equals: JsonValue
    """The value of `when` that selects this variant; None where its presence does."""
    start: Mapping[str, JsonValue]
    """Request fields of the first page, with their values."""
    carry: Mapping[str, str]
    """Answer fields, with the request fields of the next page that they go into."""
    until: tuple[str, JsonValue] | None
    """Answer field and the value that it has on the last page."""
    offset: str | None
    """Request field that counts the items read so far."""
    total: str | None
    """Answer field with the number of all items."""
    size: str | None
    """Request field with the size of a page."""
    page: str | None
    """Request field that counts the pages, from 1."""
    descend: tuple[str, str] | None
    """Item field, request field."""

    @property
    def given(self) -> Mapping[str, JsonValue]:
        """What is said beside `items`, by attribute."""
        names = ("when", "equals", "start", "carry", "until", "offset", "total", "size", "page", "descend")
        values = {name: cast(JsonValue, getattr(self, name)) for name in names}
        return {name: value for name, value in values.items() if value not in (None, {})}

    @property
    def first_page(self) -> Mapping[str, JsonValue]:
        """What the first page is asked for with, beside its size; sorted by name."""
        return {name: value for name, value in sorted(self.start.items()) if name != self.size}


@dataclasses.dataclass(frozen=True)
class Iterator(Called):
    """The method that reads all pages. Of the command's arguments, what paging fills in is not required."""

    function: str
    """`iter_members`."""
    items: str
    """What it yields, for people: `MemberList`."""
    _arguments: Later[tuple[Argument, ...]] = dataclasses.field(repr=False, compare=False)
    _item: Later[str] = dataclasses.field(repr=False, compare=False)

    @property
    def item(self) -> str:
        """Python type of what it yields, as an answer's model has it: `GroupMember`, `str`."""
        return self._item.value


@dataclasses.dataclass(frozen=True)
class Batch(Called):
    """A list that one call takes a part of only. The method that takes longer ones requires it."""

    field: str
    """Request field."""
    max: int
    """Most items of a call."""
    function: str
    """The method that takes longer lists."""
    _arguments: Later[tuple[Argument, ...]] = dataclasses.field(repr=False, compare=False)
    _item: Later[str] = dataclasses.field(repr=False, compare=False)

    @property
    def item(self) -> str:
        """Python type of an item that is given: `AddFollowItem | Mapping[str, object]`, `str`."""
        return self._item.value


@dataclasses.dataclass(frozen=True)
class Failures:
    """Where an OK answer lists failed items."""

    items: str
    """Answer field with the list."""
    item: str | None
    """Field of an entry that names the item; None where an entry is the name itself."""
    code: str | None
    """Field of an entry with its code; None where every listed item failed."""
    info: str | None
    """Field of an entry with the reason."""
    failed: tuple[str | int | bool, ...]
    """Values of `code` that mean failure; empty: every value but 0."""

    @property
    def given(self) -> Mapping[str, JsonValue]:
        """What is said beside `items`, by attribute."""
        values = {"item": self.item, "code": self.code, "info": self.info, "failed": self.failed}
        return {name: value for name, value in values.items() if value}


@dataclasses.dataclass(frozen=True)
class Plans:
    """What the app must have for a command or a webhook."""

    editions: tuple[str, ...]
    """One of these; empty for all."""
    console: str | None
    """A setting in the console."""


@dataclasses.dataclass(frozen=True)
class Example:
    """A request with its answer."""

    summary: str
    """What it shows."""
    request: Mapping[str, JsonValue]
    """Body, as sent."""
    response: Mapping[str, JsonValue]
    """Body, as received."""
    _call: Later[str] = dataclasses.field(repr=False, compare=False)

    @property
    def call(self) -> str:
        """The call with the client, as Python source: `client.groups.create(type="Public", ...)`."""
        return self._call.value


@dataclasses.dataclass(frozen=True)
class Former:
    """A name that an older edition gave a request field."""

    path: str
    """Wire path with the former name at its end: `MemberList[].ShutUpTime`."""
    name: str
    """The present name of the field."""
    since: str
    """Date from which that one stands."""


@dataclasses.dataclass(frozen=True)
class Alias:
    """A name that a method had before, and those of the methods that were made of it."""

    function: str
    """The former name."""
    since: str
    """Version in which the method got its present name."""
    iterator: str | None
    """None where there is none, or where it is called the same today."""
    batch: str | None
    """As for `iterator`."""

    @property
    def functions(self) -> tuple[str, ...]:
        """All of them that there are."""
        return tuple(name for name in (self.function, self.iterator, self.batch) if name)
