"""Rendering: the tree under `templates/` becomes the tree under `generated/`.

A template exists, so it is rendered. `%namespace`, `%service`, `%command` or `%webhook` in its path
stands for one file each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from timgen.diagnostics import Diagnostic
from timgen.filters import FILTERS
from timgen.model import Api

_PRIVATE = ("_macros", "_models")
_PLACEHOLDER = re.compile(r"%([a-z]+)")


@dataclass(frozen=True)
class Output:
    """A file as it comes from its source, before formatting."""

    path: str
    """Below the output folder, with forward slashes."""
    content: str


def template_files(folder: Path) -> list[Path]:
    """Return the files below the templates folder, sorted: all that shape the output."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )


def render(folder: Path, api: Api) -> tuple[list[Output], list[Diagnostic]]:
    """Render or copy every file below `folder`. Findings name the template's line."""
    environment = _environment(folder)
    outputs: list[Output] = []
    findings: list[Diagnostic] = []
    for file in template_files(folder):
        name = file.relative_to(folder).as_posix()
        if any(part in _PRIVATE for part in name.split("/")):
            continue
        try:
            outputs += _render_file(environment, file, name, api)
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


def _render_file(environment: Environment, file: Path, name: str, api: Api) -> Iterator[Output]:
    if not name.endswith(".j2"):
        yield Output(name, file.read_text(encoding="utf-8"))
        return
    template = environment.get_template(name)
    for path, context in _expand(name.removesuffix(".j2"), api):
        yield Output(path, template.render(api=api, **context))


def _expand(path: str, api: Api) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the outputs of one template: their paths and what each is about."""
    placeholders = set(_PLACEHOLDER.findall(path))
    if not placeholders:
        yield path, {}
    elif "command" in placeholders:
        services = {service.name: service for service in api.services}
        for command in api.commands:
            names = {"command": command.name, "service": command.service, "namespace": command.namespace}
            yield _fill(path, names), {"command": command, "service": services[command.service]}
    elif "service" in placeholders:
        for service in api.services:
            yield _fill(path, {"service": service.name}), {"service": service}
    elif "namespace" in placeholders:
        for namespace in api.namespaces:
            yield _fill(path, {"namespace": namespace.name}), {"namespace": namespace}
    elif "webhook" in placeholders:
        for webhook in api.webhooks:
            yield _fill(path, {"webhook": webhook.command}), {"webhook": webhook}
    else:
        raise TemplateSyntaxError(f"%{sorted(placeholders)[0]} stands for nothing in a path", 1)


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
