"""The API as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from timgen.language.schema import JsonValue, Schema, reached
from timgen.modelling.model.bodies import Body, Import, SharedSchema, TextLimit, merged
from timgen.modelling.model.commands import Command
from timgen.modelling.model.errors import Category, ErrorArea, ErrorCode
from timgen.modelling.model.webhooks import Webhook


@dataclass(frozen=True)
class Api:
    """All that the spec says; `api` in templates."""

    title: str
    """What the API is called."""
    version: str
    """Of the generated client: `1.2.0`."""
    summary: str
    """A sentence."""
    description: str
    """How calls are made; empty when the spec does not say."""
    docs: str
    """Address of the vendor's overview."""
    license: str | None
    """Of what is made from the spec, as SPDX calls it; None when the spec does not say."""
    client: Client
    """Names."""
    protocol_version: str
    """First segment of every URL."""
    backend_timeout: int
    """Seconds the backend gives a call."""
    query: tuple[QueryParameter, ...]
    """In the order in which they are sent."""
    envelope: Body
    """What every answer may carry."""
    verdict: Verdict
    """How answers say that a call succeeded."""
    webhook_parameter: str | None
    """The query parameter that names a webhook; None where there are no webhooks."""
    regions: tuple[Region, ...]
    """In the order of the spec."""
    products: tuple[str, ...]
    """What services may belong to, in the order of the spec."""
    services: tuple[Service, ...]
    """Sorted by name."""
    namespaces: tuple[Namespace, ...]
    """Those that have commands, in the order of api.yaml."""
    namespace_summaries: Mapping[str, str]
    """What the namespaces of api.yaml are, those without commands as well."""
    categories: tuple[Category, ...]
    """In the order of the spec."""
    errors: tuple[ErrorCode, ...]
    """Sorted by code."""
    error_areas: tuple[ErrorArea, ...]
    """In the order of the spec; empty where it has none."""
    schemas: tuple[SharedSchema, ...]
    """Sorted by name."""
    webhooks: tuple[Webhook, ...]
    """Sorted by command."""
    text_limits: tuple[TextLimit, ...]
    """Types of texts with limits that pydantic lacks; sorted."""
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
    def webhook_imports(self) -> tuple[Import, ...]:
        """What the signatures of typed replies name."""
        return merged(one for webhook in self.webhooks if webhook.outcomes for one in webhook.imports)

    @cached_property
    def common_errors(self) -> tuple[ErrorCode, ...]:
        """The codes that every command may answer with."""
        return tuple(error for error in self.errors if error.editions)

    @cached_property
    def schemas_by_name(self) -> Mapping[str, SharedSchema]:
        """The shared schemas."""
        return {schema.name: schema for schema in self.schemas}

    @cached_property
    def envelope_schemas(self) -> frozenset[str]:
        """Names of the shared schemas that the envelope leads to."""
        return reached([self.envelope.schema], {schema.name: schema.schema for schema in self.schemas})


@dataclass(frozen=True)
class Client:
    """What the generated client is called."""

    distribution: str
    """Its name on package indexes."""
    package: str
    """The name to import."""
    class_name: str
    """Of the synchronous client; the other one has `Async` before it."""
    error: str
    """The root of its exceptions."""
    environment: str
    """What the names of its environment variables begin with."""
    without: tuple[str, ...] = ()
    """Parts that a vendored copy of it leaves out: `async`, `cli`, `webhooks`. Their files are left out by name,
    which `client/_macros/parts.yaml` says; templates leave out what names them."""


@dataclass(frozen=True)
class QueryParameter:
    """A parameter in the query of every call."""

    name: str
    """Case-sensitive."""
    role: str | None
    """What the client fills in; None for a constant."""
    description: str
    """A sentence."""
    schema: Schema
    """Of its value."""
    example: str | int
    """A value for examples: that of a constant, one that the spec gives, or the name in capitals."""
    is_credential: bool
    """Whether it says, or proves, who calls."""


@dataclass(frozen=True)
class Verdict:
    """Which fields of an answer say how the call went: the code, or the status where there is no code."""

    code: str
    """A whole number."""
    success: int
    """The code of a call that succeeded."""
    status: str | None
    """A word; None where answers have none."""
    ok: str | None
    """The status of a call that succeeded."""
    info: str | None
    """The reason of a failure, for people."""
    request_id: str | None
    """The call's ID for the vendor's support."""

    def is_success(self, answer: Mapping[str, JsonValue]) -> bool:
        """Whether an answer, as received, is that of a call that succeeded."""
        code = answer.get(self.code)
        if code is not None or self.status is None:
            return code in (None, self.success)
        return answer.get(self.status, self.ok) == self.ok


@dataclass(frozen=True)
class Region:
    """A place where the service runs."""

    key: str
    """Member of the client's `Region`, in lower case."""
    name: str
    """For people."""
    domain: str
    """Host of its URLs."""
    backup: str | None
    """Host to use in its place; None where the vendor names none."""
    evidence: str
    """Where and when the domain was last seen."""


@dataclass(frozen=True)
class Service:
    """A service: a folder of commands."""

    name: str
    """First part of the path of its commands."""
    summary: str
    """A noun or a clause without a full stop."""
    description: str
    """Empty when there is nothing more to say."""
    product: str
    """One of the products of the API."""
    docs: str | None
    """Address of the vendor's overview; None where there is none."""
    invalid_request: int
    """The code with which the service refuses a body that breaks its schema."""
    too_long: tuple[int, ...]
    """The codes with which it refuses a list of too many bytes; a command does with the first one that it documents."""
    commands: tuple[Command, ...]
    """Sorted by path."""


@dataclass(frozen=True)
class Namespace:
    """An attribute of the client and the class behind it."""

    name: str
    """The attribute: `live_groups`."""
    class_name: str
    """`LiveGroups`."""
    noun: str
    """What one of its things is called in class names: `LiveGroup`."""
    summary: str
    """An imperative without a full stop."""
    commands: tuple[Command, ...]
    """Sorted by function name."""

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """What the annotations of its methods name."""
        return merged(one for command in self.commands for one in command.imports)

    @property
    def has_deprecated(self) -> bool:
        """Whether some of its methods, or ways to call them, are marked as deprecated."""
        return any(command.deprecated or command.aliases for command in self.commands) or self.has_former_arguments

    @property
    def has_former_arguments(self) -> bool:
        """Whether some of its methods take arguments by former names."""
        return any(argument.aliases for command in self.commands for argument in command.arguments)
