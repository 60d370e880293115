"""Rendering: the tree under `templates/` becomes the tree under `generated/`.

A template exists, so it is rendered. `%namespace`, `%service`, `%command` or `%webhook` in its path
stands for one file each. A template for each command, webhook or namespace sees no other commands and
webhooks; so its output need not be made anew while its own files and the common ones stay the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from timgen.modelling.model import Api, Command, ErrorCode
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.inputs import sha256
from timgen.reading.listing import template_files
from timgen.rendering.filters import FILTERS

PRIVATE = ("_macros", "_models")
"""Folders whose files are no outputs."""

PLACEHOLDERS = {
    "command": "one file for each command; the template sees `command` and its `service`",
    "webhook": "one file for each webhook; the template sees `webhook`",
    "namespace": "one file for each namespace of the client; the template sees `namespace`",
    "service": "one file for each service; the template sees `service`, and `api` as a whole",
}
"""What stands for several files in a path. `%service` and `%namespace` may stand beside `%command`."""

UNSEEN: Mapping[str, object] = {
    "services": (),
    "namespaces": (),
    "webhooks": (),
    "webhook_imports": (),
    "text_limits": (),
    "classes": {},
}
"""What `api` lacks in a template for each command, webhook or namespace."""

_PLACEHOLDER = re.compile(r"%([a-z]+)")


Stamp = Callable[[Sequence[str]], str]
"""Hash of files of the spec together with all that they may build on."""
IsCurrent = Callable[[str, str], bool]
"""Whether the file at a path was made from the source with this hash."""


@dataclass(frozen=True)
class Output:
    """A file as it comes from its source, before formatting."""

    path: str
    """Below the output folder, with forward slashes."""
    source: str
    """Hash of what it is made of."""
    content: str | None
    """None when the file that is there was made from the same source."""


@dataclass(frozen=True)
class _Place:
    """A file to be made from a template."""

    path: str
    context: Mapping[str, object]
    origins: tuple[str, ...] | None = None
    """The files of the spec that it depends on beside the common ones; None: it may depend on all."""


def render(
    folder: Path, api: Api, stamp: Stamp, is_current: IsCurrent, below: str = ""
) -> tuple[list[Output], list[Diagnostic]]:
    """Render or copy every file below `folder`, but for what is current. Findings name the template's line.

    With `below`, only those whose path starts so: `client/`.
    """
    environment = _environment(folder)
    common = _common(api)
    outputs: list[Output] = []
    findings: list[Diagnostic] = []
    for file in template_files(folder):
        name = file.relative_to(folder).as_posix()
        if not name.startswith(below) or any(part in PRIVATE for part in name.split("/")):
            continue
        try:
            if name.endswith(".j2"):
                outputs += _render_template(environment, name, api, common, stamp, is_current)
            else:
                outputs.append(_output(name, file.read_text(encoding="utf-8"), is_current))
        except TemplateError as error:
            findings.append(_finding(folder, name, error))
        except UnicodeDecodeError:
            findings.append(Diagnostic(f"templates/{name}", 1, 1, "template", "the file is not UTF-8 text"))
    return outputs, findings


def _environment(folder: Path) -> Environment:
    environment = Environment(  # noqa: S701 - the outputs are no HTML; every text goes through a filter
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=FileSystemBytecodeCache(),
    )
    environment.filters.update(FILTERS)
    return environment


def _render_template(
    environment: Environment, name: str, api: Api, common: Api, stamp: Stamp, is_current: IsCurrent
) -> Iterator[Output]:
    template = environment.get_template(name)
    for place in _expand(name.removesuffix(".j2"), api, common):
        if place.origins is None:
            yield _output(place.path, template.render(api=api, **place.context), is_current)
            continue
        source = stamp(place.origins)
        if is_current(place.path, source):
            yield Output(place.path, source, None)
        else:
            yield Output(place.path, source, template.render(**place.context))


def _output(path: str, content: str, is_current: IsCurrent) -> Output:
    source = sha256(content.encode())
    return Output(path, source, None if is_current(path, source) else content)


def _expand(path: str, api: Api, common: Api) -> Iterator[_Place]:
    """Yield the outputs of one template: their paths and what each is about."""
    placeholders = set(_PLACEHOLDER.findall(path))
    if not placeholders:
        yield _Place(path, {})
    elif "command" in placeholders:
        services = {service.name: replace(service, commands=()) for service in api.services}
        for command in api.commands:
            names = {"command": command.name, "service": command.service, "namespace": command.namespace}
            context = {"api": common, "command": _alone(command), "service": services[command.service]}
            yield _Place(_fill(path, names), context, command.files)
    elif "webhook" in placeholders:
        for webhook in api.webhooks:
            names = {"webhook": webhook.command}
            yield _Place(_fill(path, names), {"api": common, "webhook": webhook}, (webhook.location.file,))
    elif "service" in placeholders:
        for service in api.services:
            yield _Place(_fill(path, {"service": service.name}), {"service": service})
    elif "namespace" in placeholders:
        for namespace in api.namespaces:
            alone = replace(namespace, commands=tuple(map(_alone, namespace.commands)))
            origins = tuple(dict.fromkeys(file for command in namespace.commands for file in command.files))
            yield _Place(_fill(path, {"namespace": namespace.name}), {"api": common, "namespace": alone}, origins)
    else:
        raise TemplateSyntaxError(f"%{sorted(placeholders)[0]} stands for nothing in a path", 1)


def _common(api: Api) -> Api:
    """Return what the files beside commands and webhooks say."""
    unseen: dict[str, Any] = dict(UNSEEN)
    return replace(api, errors=_without_commands(api.errors), **unseen)


def _alone(command: Command) -> Command:
    return replace(command, errors=_without_commands(command.errors))


def _without_commands(errors: tuple[ErrorCode, ...]) -> tuple[ErrorCode, ...]:
    return tuple(replace(error, commands=()) for error in errors)


def _fill(path: str, names: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: names.get(match[1], match[0]), path)


def _finding(folder: Path, name: str, error: TemplateError) -> Diagnostic:
    file, line = name, getattr(error, "lineno", None) or 0
    if isinstance(error, TemplateSyntaxError) and error.name:
        file = error.name
    trace = error.__traceback__
    while trace is not None:
        # Jinja rewrites the traceback so that frames of a template carry its file and line.
        frame_file = Path(trace.tb_frame.f_code.co_filename)
        if not isinstance(error, TemplateSyntaxError) and frame_file.is_relative_to(folder):
            file, line = frame_file.relative_to(folder).as_posix(), trace.tb_lineno
        trace = trace.tb_next
    line = line or 1
    lines = (folder / file).read_text(encoding="utf-8").splitlines() if (folder / file).is_file() else []
    source = lines[line - 1] if line <= len(lines) else ""
    column = len(source) - len(source.lstrip()) + 1
    return Diagnostic(f"templates/{file}", line, column, "template", error.message or str(error), "", source)
