"""The model: everything a template, the mock service or an exporter may ask about the API.

Frozen and complete. Names, Python types and sentences are derived when the model is built
(`timgen.modelling.build`), so that templates only read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from timgen.language.schema import JsonValue, Schema


@dataclass(frozen=True)
class Location:
    """Where in the spec something stands."""

    file: str
    """Path relative to the project, with forward slashes: `spec/v1/rooms/create.yaml`."""
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class EnumValue:
    """A value of a set, one that is known today where the set is open."""

    value: str | int
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
class Field:
    """One row of a body's table. Nested fields follow their parent."""

    path: str
    """Wire path from the body: `MemberList[].Role`."""
    python_path: str
    """The same in Python: `member_list[].role`."""
    wire_name: str
    depth: int
    """0 for the body's own fields."""
    type: str
    """For people: `string`, `integer or string`, `array of GroupMember`."""
    schema_name: str | None
    """The shared schema that the field is, or is a list of; its fields are not repeated."""
    required: bool
    description: str
    """Its own, or that of the shared schema."""
    limits: tuple[str, ...]
    """For people: `at most 30 bytes of UTF-8`, `in seconds`, `filled in by the client`."""
    values: tuple[EnumValue, ...]
    values_label: str
    """Whether these are all: `One of`, `Known values`; empty without values."""


@dataclass(frozen=True)
class Body:
    """A request, response, event or reply body."""

    class_name: str
    module: str
    """Dotted module below the client's `models` package: `groups.create`."""
    schema: Schema
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Member:
    """A member of a union."""

    schema_name: str | None
    """The shared schema that it is."""
    text: str
    """For people, where it is none."""


@dataclass(frozen=True)
class SharedSchema:
    """A schema of `spec/schemas`, generated once."""

    name: str
    module: str
    schema: Schema
    description: str
    limits: tuple[str, ...]
    fields: tuple[Field, ...]
    item_name: str | None
    """The shared schema that the items of a list are."""
    members: tuple[Member, ...]
    """Of a union."""
    values: tuple[EnumValue, ...]
    values_label: str
    """As that of a field; what the service sends may have other values in any case."""
    location: Location


@dataclass(frozen=True)
class Argument:
    """A keyword argument of a client method: one top-level field of the request."""

    name: str
    wire_name: str
    annotation: str
    """Python type without `| None`: `Iterable[CreateGroupMember | Mapping[str, object]]`."""
    required: bool
    description: str
    """Description with limits and values, as one paragraph."""

    @property
    def declaration(self) -> str:
        """In a signature: `name: str`, `name: str | None = None`."""
        return f"{self.name}: {self.annotation}" + ("" if self.required else " | None = None")

    @property
    def explanation(self) -> str:
        """In a docstring: `name: What it is called.`; its name on the wire where nothing describes it."""
        return f"{self.name}: {self.description or self.wire_name}"


@dataclass(frozen=True)
class Import:
    """`from <module> import <names>`, the module relative to the client's `models` package."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class RateLimit:
    calls: int
    per: str
    """second, minute, hour or day."""
    plan: str | None
    note: str | None

    def __str__(self) -> str:
        text = f"{self.calls} call{'s' if self.calls > 1 else ''} per {self.per}"
        if self.plan:
            text += f" ({self.plan})"
        return f"{text}; {self.note}" if self.note else text


@dataclass(frozen=True)
class Dedupe:
    fields: tuple[str, ...]
    window: int
    """Seconds."""


@dataclass(frozen=True)
class SafeIf:
    """What makes a single call of an unsafe command safe."""

    field: str
    """Request field; 0, false and empty values count as absent."""
    given: bool
    """Whether it must be there, or must not."""


@dataclass(frozen=True)
class Repeated:
    """A code with which a repeated call says that it was done before."""

    code: int
    info: str
    """What the answer's words must hold; empty where the code alone is enough."""
    single: str
    """Request list that must have one entry only; empty where it does not matter."""
    evidence: str


@dataclass(frozen=True)
class Paging:
    """One way to read on; see `spec/meta/command.schema.json`."""

    items: str
    when: str | None
    """Request field that selects this variant: by its presence, or by the value `equals`."""
    equals: JsonValue
    start: Mapping[str, JsonValue]
    carry: Mapping[str, str]
    until: tuple[str, JsonValue] | None
    offset: str | None
    total: str | None
    size: str | None
    page: str | None
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


@dataclass(frozen=True)
class Iterator:
    """The method that reads all pages."""

    function: str
    arguments: tuple[Argument, ...]
    item: str
    """Python type of what it yields, as an answer's model has it: `GroupMember`, `str`."""
    items: str
    """What it yields, for people: `MemberList`."""


@dataclass(frozen=True)
class Batch:
    field: str
    max: int
    function: str
    """The method that takes longer lists."""
    arguments: tuple[Argument, ...]
    item: str
    """Python type of an item that is given: `AddFollowItem | Mapping[str, object]`, `str`."""


@dataclass(frozen=True)
class Failures:
    """Where an OK answer lists failed items."""

    items: str
    item: str | None
    code: str | None
    info: str | None
    failed: tuple[str | int | bool, ...]
    """Values of `code` that mean failure; empty: every value but 0."""

    @property
    def given(self) -> Mapping[str, JsonValue]:
        """What is said beside `items`, by attribute."""
        values = {"item": self.item, "code": self.code, "info": self.info, "failed": self.failed}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Plans:
    editions: tuple[str, ...]
    console: str | None


@dataclass(frozen=True)
class Meaning:
    """What an error code says in one place, and what to do."""

    message: str
    fix: str
    category: str
    retry: str
    """never, backoff or resign."""


@dataclass(frozen=True)
class ErrorCode:
    code: int
    name: str
    message: str
    fix: str
    category: str
    exception: str
    """The class of its category."""
    retry: str
    """never, backoff or resign."""
    editions: tuple[str, ...]
    """Editions of the common table that name it; empty for other codes."""
    services: Mapping[str, Meaning]
    commands: tuple[str, ...]
    """Paths of the commands whose pages name it, sorted."""
    location: Location

    def meaning(self, service: str) -> Meaning:
        """Return the meaning in `service`, which is the general one for most codes."""
        return self.services.get(service) or Meaning(self.message, self.fix, self.category, self.retry)


@dataclass(frozen=True)
class Example:
    """A request with its answer."""

    summary: str
    request: Mapping[str, JsonValue]
    response: Mapping[str, JsonValue]
    call: str
    """The call with the client, as Python source: `client.groups.create(type="Public", ...)`."""


@dataclass(frozen=True)
class Former:
    """A name that an older edition gave a request field."""

    path: str
    """Wire path with the former name at its end: `MemberList[].ShutUpTime`."""
    name: str
    """The present name of the field."""
    since: str
    """Date from which that one stands."""


@dataclass(frozen=True)
class Replacement:
    """The command to use in place of a deprecated one."""

    path: str
    method: str
    file: str
    """Its file in the spec."""


@dataclass(frozen=True)
class Deprecated:
    since: str | None
    use: str
    """An imperative without a full stop: `use query_online_status`."""
    replacement: Replacement | None
    """The command that `use` names, if it names one."""

    @property
    def as_written(self) -> Mapping[str, str]:
        """In the form of the spec."""
        return {**({"since": self.since} if self.since else {}), "use": self.use}

    @property
    def text(self) -> str:
        """For people: `Deprecated since 2021-12-31: use query_online_status (client.accounts.query_online_status)`."""
        since = f" since {self.since}" if self.since else ""
        method = f"client.{self.replacement.method}" if self.replacement else ""
        return f"Deprecated{since}: {self.use}" + (f" ({method})" if method and method not in self.use else "")


@dataclass(frozen=True)
class Alias:
    """A name that a method had before, and those of the methods that were made of it."""

    function: str
    since: str
    """Version in which the method got its present name."""
    iterator: str | None
    """None where there is none, or where it is called the same today."""
    batch: str | None

    @property
    def functions(self) -> tuple[str, ...]:
        """All of them that there are."""
        return tuple(name for name in (self.function, self.iterator, self.batch) if name)


@dataclass(frozen=True)
class Command:
    path: str
    """Service and command, as in the URL: `rooms/create`."""
    service: str
    name: str
    namespace: str
    function: str
    """Method name inside the namespace."""
    class_name: str
    """Prefix of its classes: `CreateGroup`."""
    summary: str
    """Imperative, without a full stop."""
    description: str
    docs: str
    date: str
    rate_limits: tuple[RateLimit, ...]
    repeat: str
    """safe, unsafe or deduplicated."""
    repeat_evidence: str
    """Why `repeat` is what it is; empty where the spec does not say."""
    dedupe: Dedupe | None
    safe_if: SafeIf | None
    repeated: tuple[Repeated, ...]
    paging: tuple[Paging, ...]
    iterator: Iterator | None
    batch: Batch | None
    failures: tuple[Failures, ...]
    plans: Plans | None
    partial: str | None
    """What is missing where the source was not complete."""
    errors: tuple[ErrorCode, ...]
    """Codes that the command's page names, sorted; the common table applies beside them."""
    request: Body
    response: Body
    arguments: tuple[Argument, ...]
    deprecated: Deprecated | None
    aliases: tuple[Alias, ...]
    former: tuple[Former, ...]
    """Names that the client takes for request fields in bodies; sorted by path."""
    fill: tuple[str, ...]
    """Wire paths of request fields that the client fills in with a number: `MsgRandom`, `MsgList[].Random`."""
    rising: tuple[str, ...]
    """Those of them whose numbers rise from call to call; the others are random."""
    examples: tuple[Example, ...]
    location: Location

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


@dataclass(frozen=True)
class Service:
    name: str
    summary: str
    description: str
    product: str
    docs: str | None
    invalid_request: int
    """The code with which the service refuses a body that breaks its schema."""
    too_long: tuple[int, ...]
    """The codes with which it refuses a list of too many bytes; a command does with the first one that it documents."""
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Namespace:
    """An attribute of the client and the class behind it."""

    name: str
    class_name: str
    noun: str
    summary: str
    commands: tuple[Command, ...]
    """Sorted by function name."""
    imports: tuple[Import, ...]
    """What the annotations of its methods name."""

    @property
    def has_deprecated(self) -> bool:
        """Whether some of its methods are marked as deprecated."""
        return any(command.deprecated or command.aliases for command in self.commands)


@dataclass(frozen=True)
class ReplyCode:
    first: int
    last: int
    """The same as `first` unless this is a range."""
    meaning: str
    outcome: str | None
    """allow, reject, drop or fail; None for a webhook after an event."""

    @property
    def codes(self) -> str:
        """For people: `0`, or a range: `120001-130000`."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True)
class Outcome:
    """A decision that the client offers for the reply to a webhook."""

    name: str
    """allow, reject or drop."""
    codes: tuple[ReplyCode, ...]
    changes: tuple[Argument, ...]
    """Fields of the reply that it takes: all for allow, for the others what a reply needs."""

    @property
    def default(self) -> int | None:
        """The code that stands for it when the app names none; None when the app must name one."""
        return next((code.first for code in self.codes if code.first == code.last), None)


@dataclass(frozen=True)
class WebhookExample:
    summary: str
    query: Mapping[str, str]
    request: Mapping[str, JsonValue]
    reply: Mapping[str, JsonValue] | None


@dataclass(frozen=True)
class Webhook:
    command: str
    """Its name, which the query of a call carries: `Room.BeforeCreate`."""
    class_name: str
    """Prefix of its classes: `BeforeSendMessage`."""
    summary: str
    description: str
    phase: str
    """before or after."""
    docs: str
    date: str
    plans: Plans | None
    partial: str | None
    request: Body
    reply: Body
    reply_codes: tuple[ReplyCode, ...]
    changes: tuple[Argument, ...]
    """Fields of the reply beside its head: what an event that goes on is changed by."""
    examples: tuple[WebhookExample, ...]
    location: Location

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What a reply can decide; empty for a webhook after an event."""
        found = {
            name: tuple(code for code in self.reply_codes if code.outcome == name)
            for name in ("allow", "reject", "drop")
        }
        needed = tuple(change for change in self.changes if change.required)
        return tuple(
            Outcome(name, codes, self.changes if name == "allow" else needed) for name, codes in found.items() if codes
        )

    @property
    def query(self) -> tuple[str, ...]:
        """The query parameters that its examples have, beside the one that names it."""
        return tuple(dict.fromkeys(name for example in self.examples for name in example.query))


@dataclass(frozen=True)
class QueryParameter:
    name: str
    role: str | None
    """What the client fills in; None for a constant."""
    description: str
    schema: Schema
    example: str
    """A value for examples: that of a constant, one that the spec gives, or the name in capitals."""


@dataclass(frozen=True)
class Client:
    """What the generated client is called."""

    distribution: str
    package: str
    class_name: str
    """Of the synchronous client; the other one has `Async` before it."""
    error: str
    """The root of its exceptions."""
    environment: str
    """What the names of its environment variables begin with."""


@dataclass(frozen=True)
class Verdict:
    """Which fields of an answer say how the call went: the code, or the status where there is no code."""

    code: str
    success: int
    """The code of a call that succeeded."""
    status: str | None
    ok: str | None
    """The status of a call that succeeded."""
    info: str | None
    """The reason of a failure, for people."""
    request_id: str | None

    def is_success(self, answer: Mapping[str, JsonValue]) -> bool:
        """Whether an answer, as received, is that of a call that succeeded."""
        code = answer.get(self.code)
        if code is not None or self.status is None:
            return code in (None, self.success)
        return answer.get(self.status, self.ok) == self.ok


@dataclass(frozen=True)
class Region:
    key: str
    """Member of the client's `Region`, in lower case."""
    name: str
    domain: str
    backup: str | None
    evidence: str


@dataclass(frozen=True)
class Category:
    name: str
    exception: str
    summary: str
    has_unknown_outcome: bool
    """Whether a call that is refused so may have taken effect all the same."""
    is_about_credentials: bool
    """Whether it is who calls that was refused, whatever the call."""


@dataclass(frozen=True)
class TextLimit:
    """A constrained string type of the generated models."""

    name: str
    """`Utf8Max30` or `NotModelledMsgType`."""
    max_bytes: int | None
    excluded: tuple[str, ...]
    """Values that another member of the union stands for."""


@dataclass(frozen=True)
class Api:
    title: str
    version: str
    summary: str
    description: str
    """How calls are made; empty when the spec does not say."""
    docs: str
    client: Client
    protocol_version: str
    """First segment of every URL."""
    backend_timeout: int
    """Seconds the backend gives a call."""
    query: tuple[QueryParameter, ...]
    envelope: Body
    verdict: Verdict
    webhook_parameter: str | None
    """The query parameter that names a webhook; None where there are no webhooks."""
    regions: tuple[Region, ...]
    services: tuple[Service, ...]
    """Sorted by name."""
    namespaces: tuple[Namespace, ...]
    """Those that have commands, in the order of api.yaml."""
    categories: tuple[Category, ...]
    errors: tuple[ErrorCode, ...]
    """Sorted by code."""
    schemas: tuple[SharedSchema, ...]
    """Sorted by name."""
    webhooks: tuple[Webhook, ...]
    """Sorted by command."""
    webhook_imports: tuple[Import, ...]
    """What the signatures of typed replies name."""
    text_limits: tuple[TextLimit, ...]
    classes: Mapping[str, str]
    """Module of every class and alias of the generated models."""

    @cached_property
    def parameters(self) -> Mapping[str, QueryParameter]:
        """The query parameters that the client fills in, by role."""
        return {parameter.role: parameter for parameter in self.query if parameter.role}

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """All commands, sorted by path."""
        return tuple(
            sorted((command for service in self.services for command in service.commands), key=lambda c: c.path)
        )

    @cached_property
    def common_errors(self) -> tuple[ErrorCode, ...]:
        """The codes that every command may answer with."""
        return tuple(error for error in self.errors if error.editions)

    @cached_property
    def schemas_by_name(self) -> Mapping[str, SharedSchema]:
        return {schema.name: schema for schema in self.schemas}
