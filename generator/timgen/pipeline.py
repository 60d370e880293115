"""The pipeline: read, check, model, render, format. Publishing is the caller's decision.

What happens in which order stands here and nowhere else; each stage hands its result to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timgen.publishing.manifest import Manifest
from timgen.publishing.memory import Memory, Run
from timgen.reading.diagnostics import Diagnostic, errors
from timgen.reading.inputs import Inputs, are_still, sha256
from timgen.reading.kept import Kept
from timgen.reading.project import Project
from timgen.reading.shelf import Shelf

if TYPE_CHECKING:
    from timgen.modelling.build import Built
    from timgen.modelling.model import Api
    from timgen.rendering.codegen import Codegen
    from timgen.rendering.datamodels import Module
    from timgen.rendering.render import IsCurrent, Output, Stamp, Workshop

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Tree:
    """The whole output, and the manifest that describes it."""

    files: Mapping[str, Path]
    """Where what was made anew is, by path; the output folder holds the rest."""
    manifest: Manifest


class SpecError(Exception):
    """The spec has errors; nothing can be built from it."""

    def __init__(self, findings: Iterable[Diagnostic]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(finding.headline for finding in self.findings))


def load_api(root: Path) -> Api:
    """Read, check and model the spec in `root`. Raises SpecError when it has errors."""
    built, findings = load(root)
    if built is None:
        raise SpecError(errors(findings))
    return built.api


def load(
    root: Path, inputs: Inputs | None = None, memory: Memory | None = None
) -> tuple[Built | None, list[Diagnostic]]:
    """Read, check and model the spec in `root`; return the model, and everything that was found, sorted.

    There is no model when there are errors. With `inputs` and a memory, files in which an earlier run found nothing
    are taken from its shelf, and the others put there.
    """
    return _Loading(root, inputs, memory).result()


class _Loading:
    """The work of `load`, with a model to begin with before everything is checked."""

    def __init__(self, root: Path, inputs: Inputs | None = None, memory: Memory | None = None) -> None:
        # Imported here, because a run that finds nothing to do needs none of it.
        from timgen.checking.check import Checking
        from timgen.modelling.build import build
        from timgen.reading.spec import read_spec

        self._root, self._inputs, self._memory = root, inputs, memory
        known, settled = _known(inputs, memory.shelf) if inputs and memory else ({}, frozenset[str]())
        self._spec, unreadable = read_spec(root, known, settled)
        self._checking = Checking(self._spec, root, unreadable)
        self._kept = Kept("outline", inputs, memory.shelf, self._spec.trusted_parts) if inputs and memory else None
        self._outlines = self._kept.take() if self._kept else {}
        self.built: Built | None = None
        """The model, unless there is none; what it only shows, such as examples, may still be wrong."""
        self._collisions: list[Diagnostic] = []
        if self._checking.is_sound():
            self.built, self._collisions = build(self._spec, self._outlines)
        self.is_still = False
        """Whether the spec is without errors, and as it was when the inputs were read: known with the result."""

    def result(self) -> tuple[Built | None, list[Diagnostic]]:
        """Check what is left; see `load`."""
        from timgen.reading.spec import remember

        findings, inputs, memory = self._checking.findings(), self._inputs, self._memory
        if errors(findings):
            return None, findings
        if self.built and self._kept and inputs and memory and are_still(inputs, Project(self._root), memory.index):
            self.is_still = True
            files = (document.file for _, document in self._spec.documents())
            memory.shelf.put({inputs.key(file): text for file, text in remember(self._spec).items()})
            memory.shelf.put({inputs.common_key: "\n".join(map(inputs.key, files))})
            new = (part for part in self.built.parts if part.file not in self._outlines)
            self._kept.put({part.file: part.outline.to_json() for part in new})
        return self.built, sorted([*findings, *self._collisions])


def lint(project: Project, inputs: Inputs, memory: Memory) -> tuple[int, list[Diagnostic]]:
    """Return how many files the spec has, and everything that is wrong with it, sorted."""
    import json
    from dataclasses import asdict

    key, shelf = f"findings {inputs.spec_hash}", memory.shelf
    if inputs.spec_hash and (text := shelf.take([key]).get(key)):
        with suppress(ValueError, TypeError):
            count, told = json.loads(text)
            return int(count), [Diagnostic(**finding) for finding in told]
    built, findings = load(project.root, inputs, memory)
    count = sum(1 for _ in built.spec.documents()) if built else 0
    if inputs.spec_hash and are_still(inputs, project, memory.index):
        shelf.put({key: json.dumps([count, [asdict(finding) for finding in findings]])})
    shelf.save()
    return count, findings


def _known(inputs: Inputs, shelf: Shelf) -> tuple[dict[str, str], frozenset[str]]:
    """Return what earlier runs kept of the files of the spec, by path, and which of them are settled."""
    keys = {inputs.key(file): file for file in inputs.spec}
    found = shelf.take([*keys, inputs.common_key])
    settled = found.pop(inputs.common_key, "").split("\n")
    return {keys[key]: text for key, text in found.items()}, frozenset(keys[key] for key in settled if key in keys)


def make_tree(
    project: Project,
    inputs: Inputs,
    memory: Memory,
    existing: Mapping[str, str],
    folder: Path,
    progress: Progress = lambda _stage: None,
) -> tuple[Tree | None, list[Diagnostic]]:
    """Make the whole output in an empty folder; no tree when there are errors, which are all that is told of the spec.

    Of what is `existing` in the output folder, by path and hash, is taken from there what was made of the same source,
    as far as the memory knows. The memory keeps the run, unless the spec or the templates changed meanwhile.
    """
    from timgen.rendering.codegen import Codegen

    with Codegen() as codegen:
        if memory.is_blank:
            codegen.start()
        progress("Checking the spec")
        loading = _Loading(project.root, inputs, memory)
        reusable = _Reusable(existing, memory.earlier())
        # They take longest of all, so that the rest of the check is done meanwhile; where it finds errors, for nothing.
        models = _Models(loading.built, codegen, folder, memory.shelf, reusable.has) if loading.built else None
        built, findings = loading.result()
        if built is None or models is None:
            return None, errors(findings)
        # Imported here, because the models are on their way before all that renders is loaded.
        from timgen.publishing.stamps import stamper

        kept = Kept("openapi", inputs, memory.shelf, built.spec.trusted_parts, is_still=loading.is_still)
        stamp = stamper(built, inputs)
        rendered, findings = _render(project, built, models, stamp, reusable.has, folder, progress, kept=kept)
    if rendered is None:
        return None, findings
    hashes = {path: rendered.hashes.get(path) or existing[path] for path in rendered.sources}
    # What was edited meanwhile went into some of it, which nobody can tell from the rest.
    if are_still(inputs, project, memory.index, with_templates=True):
        memory.keep(Run(hashes, rendered.sources))
    return Tree(rendered.files, Manifest(hashes)), []


def make_client(
    project: Project, built: Built, progress: Progress = lambda _stage: None
) -> tuple[Mapping[str, bytes] | None, list[Diagnostic]]:
    """Make the package of the client alone, in memory and anew: the content of its files by path below its folder.

    None when there are findings.
    """
    import tempfile

    from timgen.rendering.codegen import Codegen

    with tempfile.TemporaryDirectory(prefix="timgen-") as name, Codegen() as codegen:
        models = _Models(built, codegen, Path(name), Shelf(), _never)
        rendered, findings = _render(
            project, built, models, lambda _place: "", _never, Path(name), progress, below="client/"
        )
        if rendered is None:
            return None, findings
        prefix = f"client/{built.api.client.package}/"
        files = {path: file for path, file in rendered.files.items() if path.startswith(prefix)}
        return {path.removeprefix(prefix): file.read_bytes() for path, file in files.items()}, []


@dataclass(frozen=True)
class _Rendered:
    """What was made anew, formatted: where it is and its hash; and the hash of the source of every file."""

    files: Mapping[str, Path]
    hashes: Mapping[str, str]
    sources: Mapping[str, str]


def _never(_path: str, _source: str) -> bool:
    """Whether a file is current, where everything is made anew."""
    return False


class _Models:
    """The modules of models that are not current: ordered at once, but for those that are kept on the shelf."""

    def __init__(self, built: Built, codegen: Codegen, folder: Path, shelf: Shelf, is_current: IsCurrent) -> None:
        from timgen.rendering import datamodels

        self.modules = datamodels.modules(built)
        self._codegen = codegen
        self._shelf = shelf
        changed = [module for module in self.modules if not is_current(module.path, module.fingerprint)]
        self._models = datamodels.Models(built, changed)
        self._kept: list[tuple[Module, str]] = []
        self._ordered: dict[str, tuple[str, Module]] = {}
        place = folder / "ordered"
        place.mkdir(parents=True)
        for part in self._models.parts():
            keys = {self._models.key(module): module for module in part}
            kept = shelf.take(keys)
            self._kept += [(keys[key], source) for key, source in kept.items()]
            ordered = {module.name: (key, module) for key, module in keys.items() if key not in kept}
            if ordered:
                codegen.send(self._models.order(module for _, module in ordered.values()), place)
                self._ordered.update(ordered)

    def kept(self) -> Iterator[tuple[str, str]]:
        """Yield path and unformatted source of the modules that are kept."""
        for module, source in self._kept:
            yield module.path, self._models.finish(module, source)

    def receive(self) -> Iterator[Iterator[tuple[str, str]]]:
        """Yield those of each order as it comes. Raises CodegenError."""
        for sources in self._codegen.receive():
            yield self._finished(sources)

    def _finished(self, sources: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, source in sources.items():
            key, module = self._ordered[name]
            self._shelf.put({key: source})
            yield module.path, self._models.finish(module, source)


def _render(
    project: Project,
    built: Built,
    models: _Models,
    stamp: Stamp,
    is_current: IsCurrent,
    folder: Path,
    progress: Progress,
    *,
    below: str = "",
    kept: Kept | None = None,
) -> tuple[_Rendered | None, list[Diagnostic]]:
    """Render, make models and format in an empty folder: what is `below` a folder of the output, and not current."""
    from timgen.rendering.codegen import CodegenError
    from timgen.rendering.formatting import FormattingError
    from timgen.rendering.render import Workshop, render
    from timgen.rendering.tracing import trace

    progress("Rendering templates")
    from_templates = Workshop(folder / "templates")
    outputs, findings = render(project.templates, built.api, stamp, is_current, from_templates, below=below, kept=kept)
    # A template that fails leaves its output out, so that the folders say nothing then.
    findings = findings or _misnamed_package(built, outputs, is_needed=bool(below))
    if findings:
        return None, findings
    sources = {output.path: output.source for output in outputs}
    sources.update({module.path: module.fingerprint for module in models.modules})
    hashes = {output.path: output.sha256 for output in outputs if output.sha256}
    packages = [path.rpartition("/")[0] for path in sources if path.endswith("/__init__.py")]
    try:
        progress("Formatting")
        _format(models.kept(), from_templates, packages)
        files = from_templates.files
        progress("Generating models")
        for number, made in enumerate(models.receive()):
            # While others are made.
            workshop = Workshop(folder / f"models-{number}")
            _format(made, workshop, packages)
            files.update(workshop.files)
    except CodegenError as error:
        return None, [Diagnostic("spec", 1, 1, "models", f"datamodel-code-generator refuses the bodies: {error}")]
    except FormattingError as error:
        findings = trace(project.templates, built.api, outputs, from_templates.python, error.mistakes)
        # Models have no template; that they are broken is a mistake of timgen's own.
        return None, findings or [Diagnostic("spec", 1, 1, "models", f"the models are not Python: {error}")]
    hashes.update({path: sha256(file.read_bytes()) for path, file in files.items() if path.endswith(".py")})
    return _Rendered(files, hashes, sources), []


def _format(made: Iterable[tuple[str, str]], workshop: Workshop, packages: Iterable[str]) -> None:
    """Put what was made into the workshop, and format all that is there. Raises FormattingError.

    `packages` are those of the whole output: what a package's modules import from it stands apart.
    """
    from timgen.rendering.formatting import format_python

    for path, text in made:
        workshop.put(path, text.encode())
    format_python(workshop.python, packages)


def _misnamed_package(built: Built, outputs: Iterable[Output], *, is_needed: bool) -> list[Diagnostic]:
    """Find that the models would not stand where the templates of the client are, which need not be there."""
    package = built.api.client.package
    folders = {parts[1] for output in outputs if len(parts := output.path.split("/")) > 2 and parts[0] == "client"}
    if package in folders or not (folders or is_needed):
        return []
    message = f"templates/client has no folder {package}"
    hint = f"it has {', '.join(sorted(folders))}; the models go into the folder of this name" if folders else ""
    return [built.spec.api.at(("client", "package"), "client-package", message, hint)]


class _Reusable:
    """Files of the output folder that an earlier run made from the same source."""

    def __init__(self, existing: Mapping[str, str], earlier: Iterable[Run]) -> None:
        self._existing = existing
        self._runs: list[Run] = []
        unexplained = list(existing)
        for run in earlier:
            self._runs.append(run)
            unexplained = [path for path in unexplained if run.files.get(path) != existing[path]]
            if not unexplained:
                break

    def has(self, path: str, source: str) -> bool:
        digest = self._existing.get(path, "")
        return any(run.files.get(path) == digest and run.sources.get(path) == source for run in self._runs)
