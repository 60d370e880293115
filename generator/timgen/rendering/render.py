"""Rendering: the tree under `templates/` becomes the tree under `generated/`.

A template exists, so it is rendered. `%namespace`, `%service`, `%command`, `%webhook` and the like in its path
stand for one file each. A template for each command, webhook, service or namespace sees no other commands and
webhooks; so its output need not be made anew while its own files and the common ones stay the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplatesNotFound,
    TemplateSyntaxError,
    Undefined,
    pass_context,
)
from jinja2.bccache import Bucket

from timgen.modelling.model import Api, Command, ErrorArea, ErrorCode
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.files import read_file
from timgen.reading.inputs import sha256
from timgen.reading.kept import Kept
from timgen.reading.listing import is_left_out, template_files
from timgen.reading.source import conflicts
from timgen.rendering.filters import FILTERS
from timgen.rendering.openapi import writer

PRIVATE = ("_macros", "_models")
"""Folders whose files are no outputs."""

PLACEHOLDERS = {
    "command": "one file for each command; the template sees `command` and its `service`",
    "webhook": "one file for each webhook; the template sees `webhook`",
    "namespace": "one file for each namespace of the client; the template sees `namespace`",
    "service": "one file for each service; the template sees `service`",
    "error": "one file for each error code; the template sees `error`, its `area`, and `commands` that name it",
    "area": "one file for each area of the error table; the template sees `area`",
    "schema": "one file for each shared schema; the template sees `schema`, and `api` as a whole",
}
"""What stands for several files in a path. `%service` and `%namespace` may stand beside `%command`."""

UNSEEN: Mapping[str, object] = {
    "services": (),
    "namespaces": (),
    "errors": (),
    "error_areas": (),
    "webhooks": (),
    "text_limits": (),
    "classes": {},
}
"""What `api` lacks in a template for each command, webhook, namespace, service, error code or area."""

_TAG = re.compile(r"\{[{%][-+]?\s*(?P<inside>.*?)(?:[-+]?[%}]\}|$)")
# Before the name of a class of the model.
_MODULES = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Z]\w* object\b)")
_QUOTED = re.compile(r"'(\w+)'")
_PLACEHOLDER = re.compile(r"%([a-z]+)")


Stamp = Callable[["Place"], str]
"""Hash of all that a file with origins depends on."""
IsCurrent = Callable[[str, str], bool]
"""Whether the file at a path was made from the source with this hash."""


@dataclass(frozen=True)
class Output:
    """A file as it comes from its source, before formatting."""

    path: str
    """Below the output folder, with forward slashes."""
    template: str
    """What it is rendered or copied from, below the folder of templates."""
    source: str
    """Hash of what it is made of."""
    sha256: str | None
    """Hash of its content; None when the file that is there was made from the same source."""


class Workshop:
    """A folder in which files of the output are made, so that none is held in memory until all are."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "python"
        """Where modules are, in the folders of the output: for its formatter."""
        self.files: dict[str, Path] = {}
        """Where each file is, by its path in the output."""
        # Side by side: to make files in many folders takes a file system several times as long.
        self._others = folder / "others"
        self._folders = set[Path]()

    def put(self, path: str, data: bytes) -> None:
        place = self.python / path if path.endswith(".py") else self._others / str(len(self.files))
        if place.parent not in self._folders:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(place.parent)
        with open(place, "wb") as file:
            file.write(data)
        self.files[path] = place


@dataclass(frozen=True)
class Place:
    """A file to be made from a template."""

    path: str
    context: Callable[[], Mapping[str, object]]
    """Returns what the template sees."""
    origins: tuple[str, ...] | None = None
    """The files of commands, webhooks and services that it depends on; None: it may depend on all."""
    schemas: tuple[str, ...] = ()
    """Names of the shared schemas that the template sees beside those of the envelope."""
    errors: tuple[ErrorCode, ...] = ()
    """The error codes that it sees."""


def render(
    folder: Path,
    api: Api,
    stamp: Stamp,
    is_current: IsCurrent,
    workshop: Workshop,
    below: str = "",
    kept: Kept | None = None,
) -> tuple[list[Output], list[Diagnostic]]:
    """Render or copy every file below `folder` into the workshop, but for what is current.

    Findings name the template's line.

    With `below`, only those whose path starts so: `client/`. `kept` are parts of the OpenAPI document.
    """
    if left := _conflicts(folder):
        return [], left
    environment = environment_of(folder)
    environment.filters["openapi"] = _explained("openapi", writer(kept))
    view = view_of(api)
    outputs: list[Output] = []
    findings: list[Diagnostic] = []
    for file in template_files(folder):
        name = file.relative_to(folder).as_posix()
        if not name.startswith(below) or any(part in PRIVATE for part in name.split("/")):
            continue
        try:
            if name.endswith(".j2"):
                outputs += _render_template(environment, _sound(name), api, view, stamp, is_current, workshop)
            else:
                data = file.read_text(encoding="utf-8").encode()
                outputs.append(_output(_sound(name), name, data, is_current, workshop))
        except UnicodeDecodeError as error:
            # Of this file, or of one that it includes.
            broken = next((file for file in template_files(folder) if file.read_bytes() == error.object), file)
            findings.append(at_line(folder, broken.relative_to(folder).as_posix(), 1, "the file is not UTF-8 text"))
        except Exception as error:  # a template may raise whatever Python can
            if isinstance(error, OSError) and not isinstance(error, TemplateError):
                # What the disk refuses is no mistake of the template.
                raise
            findings.append(_finding(folder, name, error))
    return outputs, list(dict.fromkeys([*findings, *_made_twice(folder, outputs)]))


def _conflicts(folder: Path) -> list[Diagnostic]:
    """Find what a merge left in templates; a line of `=` alone may belong to a heading."""
    found = [
        finding
        for file in template_files(folder)
        for finding in conflicts(
            f"templates/{file.relative_to(folder).as_posix()}", read_file(file).decode("utf-8", "replace")
        )
    ]
    return [finding for finding in found if not finding.source.startswith("=")]


def _made_twice(folder: Path, outputs: Iterable[Output]) -> Iterator[Diagnostic]:
    """Find outputs at the path of another one, which would be lost."""
    templates: dict[str, str] = {}
    for output in outputs:
        other = templates.get(output.path)
        if other == output.template:
            message = f"makes {output.path} more than once; its path needs one more of %service, %namespace, %command"
            yield at_line(folder, output.template, 1, message)
        elif other is not None:
            message = f"makes {output.path}, as templates/{other} does; rename one of them"
            yield at_line(folder, output.template, 1, message)
        templates[output.path] = output.template


class _Loader(FileSystemLoader):
    """Finds the files that shape the output; that another one changed, the next run would not notice."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if _is_none(template):
            raise TemplateNotFound(template)
        return super().get_source(environment, template)


def _is_none(template: str) -> bool:
    return any(is_left_out(part) for part in template.split("/") if part not in ("", "."))


class _Cache(FileSystemBytecodeCache):
    """Compiled templates. A file that is damaged counts for nothing."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # whatever pickle and marshal make of it
            bucket.reset()


def _cache() -> _Cache | None:
    """Return the cache in the system's temporary folder; None where there is no safe one."""
    # How filters are called is compiled in.
    own = sha256(Path(__file__).read_bytes())[:16]
    with suppress(RuntimeError, OSError):
        return _Cache(pattern=f"__timgen_{own}_%s.cache")
    return None


def environment_of(folder: Path) -> Environment:
    environment = Environment(  # noqa: S701 - the outputs are no HTML; every text goes through a filter
        loader=_Loader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_cache(),
        auto_reload=False,
    )
    environment.filters.update({name: _explained(name, function) for name, function in FILTERS.items()})
    return environment


def _explained(name: str, function: Callable[..., object]) -> Callable[..., object]:
    """Return a filter that tells by its name what it cannot take.

    With a context it is called when a template is rendered. Without, what it makes of a constant would be compiled,
    and found again when the filter is another one.
    """

    @pass_context
    @wraps(function)
    def run(_context: object, value: object, *arguments: object, **options: object) -> object:
        try:
            return function(value, *arguments, **options)
        except TemplateError:
            raise
        except Exception as error:  # whatever the filter makes of what it does not expect
            if isinstance(value, Undefined):
                # Raises with the name of what is missing.
                str(value)
            shown = "null" if value is None else f"a value of type {type(value).__name__}"
            raise TemplateRuntimeError(f"the filter {name} cannot take {shown} here: {error}") from error

    return run


def _render_template(
    environment: Environment,
    name: str,
    api: Api,
    view: View,
    stamp: Stamp,
    is_current: IsCurrent,
    workshop: Workshop,
) -> Iterator[Output]:
    template = environment.get_template(name)
    for place in places_of(name.removesuffix(".j2"), api, view):
        if place.origins is None:
            yield _output(place.path, name, template.render(**place.context()).encode(), is_current, workshop)
            continue
        source = stamp(place)
        if is_current(place.path, source):
            yield Output(place.path, name, source, None)
        else:
            data = template.render(**place.context()).encode()
            workshop.put(place.path, data)
            yield Output(place.path, name, source, sha256(data))


def _sound(name: str) -> str:
    """Return the name of a template, which must be text since it becomes that of an output."""
    if not name.isprintable():
        raise TemplateRuntimeError("the name of the file is no text that can be shown")
    return name


def _output(path: str, template: str, data: bytes, is_current: IsCurrent, workshop: Workshop) -> Output:
    """Return an output that is its own source: only when it is there can be told whether it is current."""
    source = sha256(data)
    if is_current(path, source):
        return Output(path, template, source, None)
    workshop.put(path, data)
    return Output(path, template, source, source)


def places_of(path: str, api: Api, view: View) -> Iterator[Place]:
    """Yield the outputs of one template: their paths and what each is about."""
    placeholders = set(_PLACEHOLDER.findall(path))
    if not placeholders:
        yield Place(path, _seeing(api=api))
    elif "command" in placeholders:
        services = {service.name: replace(service, commands=()) for service in api.services}
        for command in api.commands:
            names = {"command": command.name, "service": command.service, "namespace": command.namespace}
            context = _seeing(api=view(command.schemas), command=command, service=services[command.service])
            yield Place(_fill(path, names), context, command.files, command.schemas, command.errors)
    elif "webhook" in placeholders:
        for webhook in api.webhooks:
            names = {"webhook": webhook.command}
            context = _seeing(api=view(webhook.schemas), webhook=webhook)
            yield Place(_fill(path, names), context, (webhook.location.file,), webhook.schemas)
    elif "service" in placeholders:
        for service in api.services:
            own = f"spec/{api.protocol_version}/{service.name}/_service.yaml"
            origins, schemas, errors = _seen(service.commands)
            context = _seeing(api=view(schemas), service=service)
            yield Place(_fill(path, {"service": service.name}), context, (own, *origins), schemas, errors)
    elif "namespace" in placeholders:
        for namespace in api.namespaces:
            origins, schemas, errors = _seen(namespace.commands)
            context = _seeing(api=view(schemas), namespace=namespace)
            yield Place(_fill(path, {"namespace": namespace.name}), context, origins, schemas, errors)
    elif "error" in placeholders:
        by_path = {command.path: command for command in api.commands}
        areas = {area.name: replace(area, errors=()) for area in api.error_areas}
        for error in api.errors:
            # A pruned catalogue lacks some.
            commands = tuple(by_path[path] for path in sorted(error.commands) if path in by_path)
            area = areas[error.area] if error.area else None
            origins, schemas, _ = _seen(commands)
            context = partial(_of_error, view(schemas), error, area, commands)
            yield Place(_fill(path, {"error": str(error.code)}), context, origins, schemas, (error,))
    elif "area" in placeholders:
        for area in api.error_areas:
            errors = tuple(error.alone for error in area.errors)
            context = _seeing(api=view(()), area=replace(area, errors=errors))
            yield Place(_fill(path, {"area": area.name}), context, (), (), errors)
    elif "schema" in placeholders:
        for schema in api.schemas:
            yield Place(_fill(path, {"schema": schema.name}), _seeing(api=api, schema=schema))
    else:
        raise TemplateSyntaxError(f"%{sorted(placeholders)[0]} stands for nothing in a path", 1)


def _seeing(**names: object) -> Callable[[], Mapping[str, object]]:
    return lambda: names


def _of_error(api: Api, error: ErrorCode, area: ErrorArea | None, commands: Iterable[Command]) -> Mapping[str, object]:
    alone = tuple(replace(command, errors=()) for command in commands)
    return {"api": api, "error": error, "area": area, "commands": alone}


View = Callable[[tuple[str, ...]], Api]
"""Returns what the template of an output sees of `api`: of the shared schemas the envelope's, and those so named."""


def view_of(api: Api) -> View:
    """Return what makes the views of `api` that templates with a placeholder get."""
    unseen: dict[str, Any] = dict(UNSEEN)
    common = replace(api, **unseen)
    by_name = {name: schema.alone for name, schema in api.schemas_by_name.items()}
    always = api.envelope_schemas

    @cache
    def view(names: tuple[str, ...]) -> Api:
        return replace(common, schemas=tuple(by_name[name] for name in sorted(always.union(names))))

    return view


def _seen(commands: Iterable[Command]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[ErrorCode, ...]]:
    """Return what a template sees with `commands`: their files, the shared schemas and the error codes of theirs."""
    files = dict.fromkeys(file for command in commands for file in command.files)
    schemas = {name for command in commands for name in command.schemas}
    errors = {error.code: error for command in commands for error in command.errors}
    return tuple(files), tuple(sorted(schemas)), tuple(errors[code] for code in sorted(errors))


def _fill(path: str, names: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: names.get(match[1], match[0]), path)


def _finding(folder: Path, name: str, error: Exception) -> Diagnostic:
    """Return the finding about what was raised while the template `name` was read or rendered."""
    file, line = name, getattr(error, "lineno", None) or 1
    if isinstance(error, TemplateSyntaxError) and error.name:
        file = error.name
    trace = error.__traceback__
    while trace is not None:
        # Jinja rewrites the traceback so that frames of a template carry its file and line.
        frame_file = Path(trace.tb_frame.f_code.co_filename)
        if not isinstance(error, TemplateSyntaxError) and frame_file.is_relative_to(folder):
            file, line = frame_file.relative_to(folder).as_posix(), trace.tb_lineno
        trace = trace.tb_next
    return at_line(folder, file, line, _message(error))


def _message(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "this calls itself without end, or is nested too deeply"
    if isinstance(error, TemplateNotFound) and len(error.templates if isinstance(error, TemplatesNotFound) else ()) < 2:
        left_out = "; files that are hidden or backups are none" if _is_none(str(error.name)) else ""
        return f"there is no template {error.name}{left_out}"
    if isinstance(error, TemplateError):
        return _MODULES.sub("", error.message or str(error) or type(error).__name__)
    return f"{type(error).__name__}: {error}"


def at_line(folder: Path, file: str, line: int, message: str) -> Diagnostic:
    """Return the finding about a line, at the tag there that it is probably about: Jinja tells no columns."""
    path = folder / file
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    # Lines end for Jinja where they end for Python's files, not at every separator of Unicode.
    lines = re.split(r"\r\n|\r|\n", text)
    line = min(line, len(lines))
    source = lines[line - 1]
    tags = list(_TAG.finditer(source))
    named = [tag for tag in tags if any(re.search(rf"\b{word}\b", tag["inside"]) for word in _QUOTED.findall(message))]
    tag = next(iter(named or tags), None)
    column = tag.start("inside") if tag else len(source) - len(source.lstrip())
    return Diagnostic(f"templates/{file}", line, column + 1, "template", message, "", source)
