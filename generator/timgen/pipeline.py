"""The pipeline: read, check, model, render, format. Publishing is the caller's decision.

What happens in which order stands here and nowhere else; each stage hands its result to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timgen.publishing import publish
from timgen.publishing.manifest import Entry, Manifest
from timgen.reading.diagnostics import Diagnostic
from timgen.reading.inputs import Inputs, sha256
from timgen.reading.project import Project

if TYPE_CHECKING:
    from timgen.modelling.build import Built
    from timgen.modelling.model import Api
    from timgen.rendering.render import Output

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Tree:
    """The whole output, and the manifest that describes it."""

    files: Mapping[str, bytes]
    manifest: Manifest


class SpecError(Exception):
    """The spec has findings; nothing can be built from it."""

    def __init__(self, findings: Iterable[Diagnostic]) -> None:
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(finding.headline for finding in self.findings))


def load_api(root: Path) -> Api:
    """Read, check and model the spec in `root`. Raises SpecError when it has findings."""
    built, findings = load(root)
    if built is None:
        raise SpecError(findings)
    return built.api


def load(root: Path, trusted: frozenset[str] = frozenset()) -> tuple[Built | None, list[Diagnostic]]:
    """Read, check and model the spec in `root`; return the model, or everything that is wrong, sorted.

    `trusted` files are as they were when an earlier run found nothing.
    """
    # Imported here, because a run that finds nothing to do needs none of it.
    from timgen.checking.check import check
    from timgen.modelling.build import build
    from timgen.reading.spec import read_spec

    spec, unreadable = read_spec(root, trusted)
    findings = check(spec, root, unreadable)
    return (None, findings) if findings else build(spec)


def is_current(project: Project, inputs: Inputs, manifest: Manifest) -> bool:
    """Whether the output was made from exactly these inputs and nobody touched it since."""
    if (manifest.tools, manifest.spec, manifest.templates) != (inputs.tools, inputs.spec_hash, inputs.templates):
        return False
    if publish.is_interrupted(project.output):
        return False
    return not publish.compare(project.output, _hashes(manifest), manifest)


def make_tree(
    project: Project, inputs: Inputs, old: Manifest, progress: Progress = lambda _stage: None
) -> tuple[Tree | None, list[Diagnostic]]:
    """Make the whole output in memory; no tree when there are findings.

    What did not change since the manifest `old` is taken from the output folder as it is.
    """
    from timgen.rendering import datamodels
    from timgen.rendering.codegen import Codegen, CodegenError
    from timgen.rendering.formatting import FormattingError, format_python
    from timgen.rendering.render import render

    with Codegen() as codegen:
        progress("Checking the spec")
        built, findings = load(project.root, _trusted(inputs, old))
        if built is None:
            return None, findings
        reusable = _Reusable(project.output, old if old.tools == inputs.tools else Manifest())
        modules = datamodels.modules(built.definitions, built.api.client.package)
        changed = [module for module in modules if not reusable.has(module.path, module.fingerprint)]
        order = datamodels.order(built.definitions, changed)
        if order is not None:
            codegen.send(order)
        progress("Rendering templates")
        outputs, findings = render(project.templates, built.api, inputs.stamp, reusable.has)
        findings += _misnamed_package(built, outputs)
        if findings:
            return None, findings
        sources = {output.path: output.source for output in outputs}
        sources.update({module.path: module.fingerprint for module in modules})
        texts = {output.path: output.content for output in outputs if output.content is not None}
        progress("Generating models")
        if order is not None:
            try:
                texts.update(datamodels.finish(built.definitions, changed, codegen.receive()))
            except CodegenError as error:
                message = f"datamodel-code-generator refuses the bodies: {error}"
                return None, [Diagnostic("spec", 1, 1, "models", message)]
    progress("Formatting")
    try:
        formatted = format_python({path: text for path, text in texts.items() if path.endswith(".py")})
    except FormattingError as error:
        return None, [Diagnostic("templates", 1, 1, "template", f"the rendered code is not Python: {error}")]
    files = {path: formatted.get(path, text).encode() for path, text in texts.items()}
    files.update({path: reusable.read(path) for path in sources if path not in files})
    manifest = Manifest(
        tools=inputs.tools,
        spec=inputs.spec_hash,
        templates=inputs.templates,
        inputs=inputs.spec,
        files={path: Entry(sha256(files[path]), sources[path][:16]) for path in sources},
    )
    return Tree(files, manifest), []


def make_client(
    project: Project, built: Built, progress: Progress = lambda _stage: None
) -> tuple[Mapping[str, bytes] | None, list[Diagnostic]]:
    """Make the package of the client alone, in memory and anew: the content of its files by path below its folder.

    None when there are findings.
    """
    from timgen.rendering import datamodels
    from timgen.rendering.codegen import Codegen, CodegenError
    from timgen.rendering.formatting import FormattingError, format_python
    from timgen.rendering.render import render

    package = built.api.client.package
    with Codegen() as codegen:
        modules = datamodels.modules(built.definitions, package)
        if (order := datamodels.order(built.definitions, modules)) is not None:
            codegen.send(order)
        progress("Rendering templates")
        outputs, findings = render(
            project.templates, built.api, lambda _files: "", lambda _path, _source: False, below="client/"
        )
        prefix = f"client/{package}/"
        texts = {output.path: output.content or "" for output in outputs if output.path.startswith(prefix)}
        if not findings and not texts:
            message = f"templates/client has no folder {package}"
            findings = [built.spec.api.at(("client", "package"), "client-package", message)]
        if findings:
            return None, findings
        progress("Generating models")
        try:
            texts.update(datamodels.finish(built.definitions, modules, codegen.receive()))
        except CodegenError as error:
            message = f"datamodel-code-generator refuses the bodies: {error}"
            return None, [Diagnostic("spec", 1, 1, "models", message)]
    progress("Formatting")
    try:
        texts.update(format_python({path: text for path, text in texts.items() if path.endswith(".py")}))
    except FormattingError as error:
        return None, [Diagnostic("templates", 1, 1, "template", f"the rendered code is not Python: {error}")]
    return {path.removeprefix(prefix): text.encode() for path, text in texts.items()}, []


def _misnamed_package(built: Built, outputs: Iterable[Output]) -> list[Diagnostic]:
    """Find that the models would not stand where the templates of the client are."""
    package = built.api.client.package
    folders = {parts[1] for output in outputs if len(parts := output.path.split("/")) > 2 and parts[0] == "client"}
    if not folders or package in folders:
        return []
    message = f"templates/client has no folder {package}"
    hint = f"it has {', '.join(sorted(folders))}; the models go into the folder of this name"
    return [built.spec.api.at(("client", "package"), "client-package", message, hint)]


def _trusted(inputs: Inputs, old: Manifest) -> frozenset[str]:
    """Return the files of the spec that have not changed since a run that found nothing."""
    metas = {path: digest for path, digest in inputs.spec.items() if path.startswith("spec/meta/")}
    if old.tools != inputs.tools or any(old.inputs.get(path) != digest for path, digest in metas.items()):
        return frozenset()
    return frozenset(path for path, digest in inputs.spec.items() if old.inputs.get(path) == digest)


class _Reusable:
    """Files of the output folder that an earlier run made from the same source."""

    def __init__(self, output: Path, manifest: Manifest) -> None:
        self.output = output
        self.entries = manifest.files
        self.existing = publish.existing_files(output)

    def has(self, path: str, source: str) -> bool:
        entry = self.entries.get(path)
        return entry is not None and entry.source == source[:16] and self.existing.get(path) == entry.sha256

    def read(self, path: str) -> bytes:
        return (self.output / path).read_bytes()


def _hashes(manifest: Manifest) -> dict[str, str]:
    return {path: entry.sha256 for path, entry in manifest.files.items()}
