"""The pipeline: read, check, model, render, format. Publishing is the caller's decision.

What happens in which order stands here and nowhere else; each stage hands its result to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
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
    from timgen.rendering.render import IsCurrent, Output, Stamp

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Tree:
    """The whole output, and the manifest that describes it."""

    files: Mapping[str, bytes]
    """What was made anew; the output folder holds the rest."""
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
    built, findings, _ = _load(root, inputs, memory)
    return built, findings


def _load(root: Path, inputs: Inputs | None, memory: Memory | None) -> tuple[Built | None, list[Diagnostic], bool]:
    """Do what `load` does; and return whether the spec is as it was when the inputs were read."""
    # Imported here, because a run that finds nothing to do needs none of it.
    from timgen.checking.check import check
    from timgen.modelling.build import build
    from timgen.reading.spec import read_spec, remember

    known, settled = _known(inputs, memory.shelf) if inputs and memory else ({}, frozenset[str]())
    spec, unreadable = read_spec(root, known, settled)
    findings = check(spec, root, unreadable)
    if errors(findings):
        return None, findings, False
    kept = Kept("outline", inputs, memory.shelf, spec.settled_parts) if inputs and memory else None
    outlines = kept.take() if kept else {}
    built, collisions = build(spec, outlines)
    is_still = bool(built and inputs and memory and are_still(inputs, Project(root), memory.index))
    if built and kept and inputs and memory and is_still:
        memory.shelf.put({inputs.key(file): text for file, text in remember(spec).items()})
        memory.shelf.put({inputs.common_key: "\n".join(inputs.key(document.file) for _, document in spec.documents())})
        kept.put({one.file: one.outline.to_json() for one in built.parts if one.file not in outlines})
    return built, sorted([*findings, *collisions]), is_still


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
    progress: Progress = lambda _stage: None,
) -> tuple[Tree | None, list[Diagnostic]]:
    """Make the whole output in memory; no tree when there are errors, which are all that is told of the spec.

    Of what is `existing` in the output folder, by path and hash, is taken from there what was made of the same source,
    as far as the memory knows. The memory keeps the run.
    """
    from timgen.rendering.codegen import Codegen

    with Codegen() as codegen:
        if memory.is_blank:
            codegen.start()
        progress("Checking the spec")
        built, findings, is_still = _load(project.root, inputs, memory)
        if built is None:
            return None, errors(findings)
        kept = Kept("openapi", inputs, memory.shelf, built.spec.settled_parts, is_still=is_still)
        reusable = _Reusable(existing, memory.earlier())
        rendered, findings = _render(
            project, built, codegen, memory.shelf, cache(inputs.stamp), reusable.has, progress, kept=kept
        )
    if rendered is None:
        return None, findings
    sources = rendered.sources
    files = {path: text.encode() for path, text in rendered.texts.items()}
    hashes = {path: sha256(files[path]) if path in files else existing[path] for path in sources}
    memory.keep(Run(hashes, sources))
    return Tree(files, Manifest(hashes)), []


def make_client(
    project: Project, built: Built, progress: Progress = lambda _stage: None
) -> tuple[Mapping[str, bytes] | None, list[Diagnostic]]:
    """Make the package of the client alone, in memory and anew: the content of its files by path below its folder.

    None when there are findings.
    """
    from timgen.rendering.codegen import Codegen

    with Codegen() as codegen:
        rendered, findings = _render(
            project, built, codegen, Shelf(), lambda _files: "", lambda _path, _source: False, progress, below="client/"
        )
    if rendered is None:
        return None, findings
    prefix = f"client/{built.api.client.package}/"
    texts = {path.removeprefix(prefix): text for path, text in rendered.texts.items() if path.startswith(prefix)}
    return {path: text.encode() for path, text in texts.items()}, []


@dataclass(frozen=True)
class _Rendered:
    """What was made anew, formatted, and the hash of the source of every file."""

    texts: Mapping[str, str]
    sources: Mapping[str, str]


def _render(
    project: Project,
    built: Built,
    codegen: Codegen,
    shelf: Shelf,
    stamp: Stamp,
    is_current: IsCurrent,
    progress: Progress,
    *,
    below: str = "",
    kept: Kept | None = None,
) -> tuple[_Rendered | None, list[Diagnostic]]:
    """Render, make models and format: what is `below` a folder of the output, and not current."""
    from timgen.rendering import datamodels
    from timgen.rendering.codegen import CodegenError
    from timgen.rendering.formatting import FormattingError, format_python
    from timgen.rendering.render import render
    from timgen.rendering.tracing import trace

    modules = datamodels.modules(built)
    changed = [module for module in modules if not is_current(module.path, module.fingerprint)]
    models = datamodels.Models(built, changed)
    keys = {models.key(module): module for module in changed}
    delivered = shelf.take(keys)
    ordered = {key: module for key, module in keys.items() if key not in delivered}
    if ordered:
        codegen.send(models.order(ordered.values()))
    progress("Rendering templates")
    outputs, findings = render(project.templates, built.api, stamp, is_current, below=below, kept=kept)
    # A template that fails leaves its output out, so that the folders say nothing then.
    findings = findings or _misnamed_package(built, outputs, is_needed=bool(below))
    if findings:
        return None, findings
    sources = {output.path: output.source for output in outputs}
    sources.update({module.path: module.fingerprint for module in modules})
    texts = {output.path: output.content for output in outputs if output.content is not None}
    progress("Generating models")
    if ordered:
        try:
            received = codegen.receive()
        except CodegenError as error:
            message = f"datamodel-code-generator refuses the bodies: {error}"
            return None, [Diagnostic("spec", 1, 1, "models", message)]
        new = {key: received[module.name] for key, module in ordered.items()}
        shelf.put(new)
        delivered.update(new)
    texts.update({module.path: models.finish(module, delivered[key]) for key, module in keys.items()})
    progress("Formatting")
    try:
        texts.update(format_python({path: text for path, text in texts.items() if path.endswith(".py")}))
    except FormattingError as error:
        findings = trace(project.templates, built.api, outputs, error.mistakes)
        # Models have no template; that they are broken is a mistake of timgen's own.
        return None, findings or [Diagnostic("spec", 1, 1, "models", f"the models are not Python: {error}")]
    return _Rendered(texts, sources), []


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
