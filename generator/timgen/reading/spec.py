"""The files of a spec, read and sorted by what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast

from timgen.language.schema import Schema, walk
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.listing import spec_files
from timgen.reading.source import Document, KeyPath, read, recalled, remembered

_VERSION = re.compile(r"[a-z][a-z0-9_]*")
_COMMAND_FILE = re.compile(r"([a-z][a-z0-9_]*)/([A-Za-z][A-Za-z0-9_]*)/([A-Za-z][A-Za-z0-9_]*)\.yaml")
_SERVICE_FILE = re.compile(r"([a-z][a-z0-9_]*)/([A-Za-z][A-Za-z0-9_]*)/_service\.yaml")
_SCHEMAS_FILE = re.compile(r"schemas/([a-z][a-z0-9_]*)\.yaml")
_WEBHOOK_FILE = re.compile(r"webhooks/([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)+)\.yaml")


@dataclass(frozen=True)
class BodySchema:
    """A body schema somewhere in the spec."""

    document: Document
    path: KeyPath
    schema: Schema
    role: str
    """request, response, event, reply, shared or envelope."""

    @cached_property
    def parts(self) -> tuple[tuple[KeyPath, Schema], ...]:
        """The schema and every schema inside it, parents first, each with its path from `path`."""
        return tuple(walk(self.schema))


@dataclass(frozen=True)
class Spec:
    """Every file of a spec as a document."""

    api: Document
    errors: Document
    schemas: Mapping[str, Document]
    """By file name without its ending."""
    services: Mapping[str, Document]
    commands: Mapping[str, Document]
    """By path: `service/command`."""
    webhooks: Mapping[str, Document]
    """By name."""
    trusted: frozenset[str] = frozenset()
    """Files that are as they were when nothing was found about them alone."""
    settled: frozenset[str] = frozenset()
    """Those of them about which nothing was found beside just these common files: api.yaml, errors.yaml, schemas."""

    @cached_property
    def bodies(self) -> tuple[BodySchema, ...]:
        """Every body schema that is a mapping."""
        return tuple(
            BodySchema(document, path, cast(Schema, schema), role)
            for document, path, role in self._body_places()
            if isinstance(schema := _at(document.mapping, path), dict)
        )

    @cached_property
    def unsettled(self) -> Spec:
        """The spec without the files of services, commands and webhooks that are settled."""
        if not self.settled:
            return self
        services, commands, webhooks = (
            {name: document for name, document in documents.items() if document.file not in self.settled}
            for documents in (self.services, self.commands, self.webhooks)
        )
        return replace(self, services=services, commands=commands, webhooks=webhooks)

    @property
    def trusted_parts(self) -> frozenset[str]:
        """Those of the trusted files that are of commands and webhooks."""
        documents = (*self.commands.values(), *self.webhooks.values())
        return frozenset(document.file for document in documents) & self.trusted

    @property
    def version(self) -> str:
        """The folder of the commands, which is the first segment of every URL; empty while api.yaml does not say."""
        return _version(self.api)

    def _body_places(self) -> Iterator[tuple[Document, KeyPath, str]]:
        for document in self.commands.values():
            yield document, ("request",), "request"
            yield document, ("response",), "response"
        for document in self.webhooks.values():
            yield document, ("request",), "event"
            yield document, ("reply",), "reply"
        for document in self.schemas.values():
            for name in document.mapping:
                yield document, (name,), "shared"
        yield self.api, ("envelope",), "envelope"
        yield self.api, ("webhooks", "reply"), "reply"

    def documents(self) -> Iterator[tuple[str, Document]]:
        """Yield every document with the name of its meta-schema: api, errors, schemas, service, command, webhook."""
        yield "api", self.api
        yield "errors", self.errors
        for kind, documents in (
            ("schemas", self.schemas),
            ("service", self.services),
            ("command", self.commands),
            ("webhook", self.webhooks),
        ):
            for document in documents.values():
                yield kind, document


def read_spec(
    root: Path, known: Mapping[str, str] | None = None, settled: frozenset[str] = frozenset()
) -> tuple[Spec, list[Diagnostic]]:
    """Read the spec below `root`, with what is wrong about its files themselves.

    `known` is what `remember` kept of files that are as they were when an earlier run found nothing: rules that look
    at one file alone pass over them. `settled` are those that then stood beside the same common files.
    """
    known = known or {}
    folder = root / "spec"
    findings: list[Diagnostic] = []
    documents: dict[str, dict[str, Document]] = {kind: {} for kind in ("schemas", "services", "commands", "webhooks")}
    single: dict[str, Document] = {}
    folders: dict[str, str] = {}
    version = ""
    trusted = set[str]()
    # What api.yaml says of the folder of the commands is known first.
    for path in sorted(spec_files(folder), key=lambda path: path != folder / "api.yaml"):
        name = path.relative_to(folder).as_posix()
        if name.startswith("meta/"):
            continue
        kind, key = _classify(name, version)
        if kind is None:
            findings.append(_linked(f"spec/{name}") if path.is_dir() else _misplaced(f"spec/{name}", version))
            continue
        file = f"spec/{name}"
        document = _recalled(file, known[file], path) if file in known else None
        if document is None:
            document, found = read(root, path, integer_keys=kind == "errors")
            findings += found
        else:
            trusted.add(file)
        if kind in ("api", "errors"):
            single[kind] = document
            version = version or _version(document)
        else:
            documents[kind][key] = document
            folders.setdefault(key.split("/")[0], name.split("/")[0])
    for kind in ("api", "errors"):
        if kind not in single:
            file = f"spec/{kind}.yaml"
            single[kind] = Document(file, None)
            findings.append(Diagnostic(file, 1, 1, "missing-file", "the file does not exist", "every spec has one"))
    for service in sorted({path.split("/")[0] for path in documents["commands"]} - documents["services"].keys()):
        file = f"spec/{version or folders[service]}/{service}/_service.yaml"
        hint = "write it beside the service's commands"
        findings.append(Diagnostic(file, 1, 1, "missing-file", "the file does not exist", hint))
    if trusted:
        # Nothing is kept of files whose meta-schemas are not sound.
        trusted.update(path.relative_to(root).as_posix() for path in spec_files(folder / "meta"))
    return Spec(
        single["api"], single["errors"], **documents, trusted=frozenset(trusted), settled=settled & trusted
    ), findings


def remember(spec: Spec) -> dict[str, str]:
    """Return what to keep of the files of a spec without findings that were read anew."""
    return {
        document.file: remembered(document, with_places=kind in ("errors", "schemas"))
        for kind, document in spec.documents()
        if document.file not in spec.trusted
    }


def _recalled(file: str, kept: str, path: Path) -> Document | None:
    """Return a file as an earlier run kept it; None when it is none that was kept."""
    try:
        return recalled(file, kept, path)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def moving_fields(variant: Mapping[str, object]) -> set[str]:
    """Return the request fields that a variant of `paging`, as the spec has it, changes from page to page."""
    carry, offset, descend = (variant.get(key) for key in ("carry", "offset", "descend"))
    found = list(cast(Mapping[str, object], carry).values()) if isinstance(carry, Mapping) else []
    found += [cast(Mapping[str, object], part).get("field") for part in (offset, descend) if isinstance(part, Mapping)]
    return {field for field in (*found, variant.get("page")) if isinstance(field, str)}


def _at(mapping: Mapping[str, object], path: KeyPath) -> object:
    value: object = mapping
    for step in path:
        value = cast(Mapping[str | int, object], value).get(step) if isinstance(value, Mapping) else None
    return value


def _version(api: Document) -> str:
    version = _at(api.mapping, ("protocol", "version"))
    return version if isinstance(version, str) and _VERSION.fullmatch(version) else ""


def _classify(name: str, version: str) -> tuple[str | None, str]:
    """Return what a file is, and its key. Any folder may be that of the commands while the version is not known."""
    if name in ("api.yaml", "errors.yaml"):
        return name.removesuffix(".yaml"), ""
    if (match := _SERVICE_FILE.fullmatch(name)) and match[1] == (version or match[1]):
        return "services", match[2]
    if (match := _COMMAND_FILE.fullmatch(name)) and match[1] == (version or match[1]):
        return "commands", f"{match[2]}/{match[3]}"
    if match := _SCHEMAS_FILE.fullmatch(name):
        return "schemas", match[1]
    if match := _WEBHOOK_FILE.fullmatch(name):
        return "webhooks", match[1]
    return None, ""


def _linked(file: str) -> Diagnostic:
    message = "a link to a folder, which is not followed"
    return Diagnostic(file, 1, 1, "unreadable", message, "put the folder itself in its place")


def _misplaced(file: str, version: str) -> Diagnostic:
    if file.endswith(".yml"):
        hint = f"rename it to {file.removesuffix('.yml')}.yaml"
    else:
        commands = f"{version or '<version>'}/<service>/<command>.yaml"
        hint = f"a spec has api.yaml, errors.yaml, schemas/*.yaml, {commands}, webhooks/<Command>.yaml"
    return Diagnostic(file, 1, 1, "file-name", "no part of a spec has this name", hint)
