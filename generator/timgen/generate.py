"""The pipeline: read, check, build, render, format. Publishing is the caller's decision."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from timgen import publish
from timgen.diagnostics import Diagnostic
from timgen.listing import spec_files, template_files
from timgen.project import NoProjectError, Project
from timgen.publish import Entry, Manifest, sha256

# Packages whose version shapes the bytes.
_TOOLS = ("datamodel-code-generator", "jinja2", "pydantic", "ruff")

# Modules and packages of timgen that do not.
_NO_PART = ("_data", "__main__.py", "cli.py", "coverage.py", "explain.py", "importing", "mock")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Tree:
    """The whole output, and the manifest that describes it."""

    files: Mapping[str, bytes]
    manifest: Manifest


@dataclass(frozen=True)
class Inputs:
    """Hashes of everything that an output is made from."""

    tools: Mapping[str, str]
    spec: Mapping[str, str]
    templates: str

    @property
    def spec_hash(self) -> str:
        return _digest(f"{path} {digest}" for path, digest in sorted(self.spec.items()))

    def stamp(self, files: Sequence[str]) -> str:
        """Hash files of commands or webhooks together with all that their outputs may build on."""
        services = (str(PurePosixPath(file).with_name("_service.yaml")) for file in files)
        own = (f"{path} {self.spec.get(path, '')}" for path in sorted({*files, *services}))
        return _digest([self.templates, self._common, *own])

    @cached_property
    def _common(self) -> str:
        names = ("spec/api.yaml", "spec/errors.yaml", "spec/schemas/")
        return _digest(f"{path} {digest}" for path, digest in sorted(self.spec.items()) if path.startswith(names))


def read_inputs(project: Project) -> Inputs:
    """Hash the spec, the templates, the generator itself and the versions of its tools.

    Raises NoProjectError when there are no templates.
    """
    if not project.templates.is_dir():
        raise NoProjectError(f"{project.root} has no templates/ folder, and this installation brings none")
    package = Path(__file__).parent
    own = [path for path in sorted(package.glob("**/*.py")) if path.relative_to(package).parts[0] not in _NO_PART]
    return Inputs(
        tools={"timgen": _hash_files(package, own)[:16], **{name: version(name) for name in _TOOLS}},
        spec={path.relative_to(project.root).as_posix(): _hash(path) for path in spec_files(project.spec)},
        templates=_hash_files(project.templates, template_files(project.templates)),
    )


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
    # Imported here, because a run that finds nothing to do needs none of it.
    from timgen import datamodels
    from timgen.check import check
    from timgen.codegen import Codegen, CodegenError
    from timgen.formatting import FormattingError, format_python
    from timgen.render import render

    with Codegen() as codegen:
        progress("Checking the spec")
        built, findings = check(project.root, _trusted(inputs, old))
        if built is None:
            return None, findings
        reusable = _Reusable(project.output, old if old.tools == inputs.tools else Manifest())
        fingerprints = datamodels.fingerprints(built.definitions)
        paths = {f"client/{datamodels.path_of(module)}": module for module in fingerprints}
        changed = {module for path, module in paths.items() if not reusable.has(path, fingerprints[module])}
        order = datamodels.order(built.definitions, changed)
        if order is not None:
            codegen.send(order)
        progress("Rendering templates")
        outputs, findings = render(project.templates, built.api, inputs.stamp, reusable.has)
        if findings:
            return None, findings
        sources = {output.path: output.source for output in outputs}
        sources.update({path: fingerprints[module] for path, module in paths.items()})
        texts = {output.path: output.content for output in outputs if output.content is not None}
        progress("Generating models")
        if order is not None:
            try:
                models = datamodels.finish(built.definitions, changed, codegen.receive())
            except CodegenError as error:
                message = f"datamodel-code-generator refuses the bodies: {error}"
                return None, [Diagnostic("spec", 1, 1, "models", message)]
            texts.update({f"client/{path}": text for path, text in models.items()})
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


def _hash(path: Path) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError:
        # Reading the spec reports it.
        return "unreadable"


def _hash_files(folder: Path, files: Iterable[Path]) -> str:
    return _digest(f"{path.relative_to(folder).as_posix()} {sha256(path.read_bytes())}" for path in files)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
