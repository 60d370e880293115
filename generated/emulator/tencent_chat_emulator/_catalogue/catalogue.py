"""Look-ups in the catalogue: commands by path, webhooks by name, what error codes mean."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from jsonschema import Draft202012Validator

from .validators import Json as Json
from .validators import Links, validator

_PACKAGE = __name__.rsplit(".", 2)[0]


@dataclass(frozen=True)
class Dedupe:
    """By what the service knows a repeated call, which it drops."""

    fields: tuple[str, ...]
    """Request fields that are the same."""
    window: int
    """Seconds."""


@dataclass(frozen=True)
class RateLimit:
    """How often a command may be called by an app."""

    calls: int
    per: str
    """second, minute, hour or day."""


@dataclass(frozen=True)
class Example:
    """A request with its answer, as documented."""

    request: Json
    response: Json


@dataclass(frozen=True)
class Command:
    """What the catalogue says of a command."""

    path: str
    """`service/command`."""
    method: str
    """Of the client: `groups.create`."""
    summary: str
    errors: frozenset[int]
    """The codes that its page names."""
    fill: tuple[str, ...]
    """Wire paths of fields that the client fills in with a number."""
    dedupe: Dedupe | None
    rate_limits: tuple[RateLimit, ...]
    last_page: Mapping[str, object]
    """Answer fields, with the values that they have on the last page of a list."""
    examples: tuple[Example, ...]

    @property
    def service(self) -> str:
        return self.path.partition("/")[0]


@dataclass(frozen=True)
class ReplyCode:
    """A range of codes in replies to a webhook, and what they decide."""

    first: int
    last: int
    outcome: str
    """allow, reject, drop or fail."""


@dataclass(frozen=True)
class Webhook:
    """What the catalogue says of a webhook."""

    command: str
    phase: str
    """before or after."""
    reply_codes: tuple[ReplyCode, ...]
    fields: frozenset[str]
    """Names at the top of its body."""
    query: tuple[str, ...]
    """Query parameters of its examples."""
    examples: tuple[Json, ...]
    """With `query`, `request` and `reply`."""


class Catalogue:
    """The whole of it. Safe to share between threads."""

    def __init__(self) -> None:
        self._folder: Traversable = files(_PACKAGE) / "catalogue"
        # A run rarely meets more than a few commands.
        self.command = cache(self._read_command)
        self.webhook = cache(self._read_webhook)
        self.request_validator = cache(self._build_request_validator)

    @cached_property
    def version(self) -> str:
        """First segment of every path: `v4`."""
        return str(self._protocol["version"])

    @cached_property
    def title(self) -> str:
        """What the API is called."""
        return str(self._protocol["title"])

    @cached_property
    def parameters(self) -> Mapping[str, Json]:
        """Schemas of the values of query parameters."""
        parameters: Mapping[str, Json] = self._protocol["query"]
        return parameters

    @cached_property
    def parameter_validators(self) -> Mapping[str, Draft202012Validator]:
        """Validators of the values of query parameters, by name."""
        return {name: validator(schema) for name, schema in self.parameters.items()}

    @cached_property
    def services(self) -> Json:
        """Names of services, with `invalid_request` and `too_long`."""
        return self._read("services.json")

    @cached_property
    def paths(self) -> Sequence[str]:
        """All commands, sorted by path."""
        folder = self._folder / "commands"
        return sorted(
            f"{service.name}/{file.name.removesuffix('.json')}"
            for service in folder.iterdir()
            for file in service.iterdir()
        )

    @cached_property
    def webhooks(self) -> Sequence[str]:
        """Names of all webhooks, sorted."""
        return sorted(
            file.name.removesuffix(".json") for file in (self._folder / "webhooks").iterdir()
        )

    def message(self, service: str, code: int) -> str:
        """Return what `code` means in `service`."""
        entry = self._errors.get(str(code))
        if entry is None:
            return f"Error {code}."
        return str(entry["services"].get(service, entry["message"]))

    def category(self, code: int) -> str:
        """Return the general category of `code`; empty for one that the table of errors lacks."""
        return str(self._errors[str(code)]["category"]) if str(code) in self._errors else ""

    @cached_property
    def _links(self) -> Links:
        return Links(self._read("schemas.json"))

    @cached_property
    def _protocol(self) -> Json:
        return self._read("protocol.json")

    @cached_property
    def _errors(self) -> Json:
        return self._read("errors.json")

    def _read_command(self, path: str) -> Command | None:
        if path not in self._known_paths:
            return None
        entry = self._read(f"commands/{path}.json")
        dedupe = entry["dedupe"]
        return Command(
            path=path,
            method=entry["method"],
            summary=entry["summary"],
            errors=frozenset(entry["errors"]),
            fill=tuple(entry["fill"]),
            dedupe=Dedupe(tuple(dedupe["fields"]), dedupe["window"]) if dedupe else None,
            rate_limits=tuple(
                RateLimit(limit["calls"], limit["per"]) for limit in entry["rate_limits"]
            ),
            last_page=entry["last_page"],
            examples=tuple(
                Example(example["request"], example["response"]) for example in entry["examples"]
            ),
        )

    def _build_request_validator(self, path: str) -> Draft202012Validator:
        return validator(self._links.of(self._read(f"commands/{path}.json")["request"]))

    def _read_webhook(self, name: str) -> Webhook | None:
        if name not in self.webhooks:
            return None
        entry = self._read(f"webhooks/{name}.json")
        return Webhook(
            command=name,
            phase=entry["phase"],
            reply_codes=tuple(
                ReplyCode(code["first"], code["last"], code["outcome"])
                for code in entry["reply_codes"]
            ),
            fields=frozenset(entry["fields"]),
            query=tuple(entry["query"]),
            examples=tuple(entry["examples"]),
        )

    @cached_property
    def _known_paths(self) -> frozenset[str]:
        return frozenset(self.paths)

    def _read(self, name: str) -> Json:
        content: Json = json.loads(
            self._folder.joinpath(*name.split("/")).read_text(encoding="utf-8")
        )
        return content
