"""Making the files of a vendored copy, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version

from timgen.modelling.model import Api
from timgen.pipeline import Progress, load, make_client
from timgen.reading.diagnostics import Diagnostic, errors
from timgen.reading.inputs import sha256
from timgen.reading.project import NoProjectError, Project
from timgen.tools.vendor.parts import read_parts
from timgen.tools.vendor.pruning import prune
from timgen.tools.vendor.record import RECORD, Options, Record
from timgen.tools.vendor.selection import Selection, everything, select


@dataclass(frozen=True)
class Made:
    """A copy as it should be."""

    files: Mapping[str, bytes]
    """Content of each file by its path below the copy's folder, the record left out."""
    record: Record

    @property
    def all_files(self) -> Mapping[str, bytes]:
        """The files and the record."""
        return {**self.files, RECORD: self.record.to_json().encode()}


def make(
    project: Project, options: Options, progress: Progress = lambda _stage: None
) -> tuple[Made | None, list[Diagnostic]]:
    """Make the files of a copy of the project's client; None when spec or templates have findings.

    Raises UnknownNamesError when `options.only` has names that the spec lacks, NoProjectError without templates.
    """
    if not project.templates.is_dir():
        raise NoProjectError(f"{project.root} has no templates/ folder, and this installation brings none")
    progress("Checking the spec")
    built, findings = load(project.root)
    if built is None:
        return None, errors(findings)
    parts, findings = read_parts(project)
    if findings:
        return None, findings
    selection = select(built.api, options.only) if options.only else everything(built.api)
    without = tuple(_without(options, selection))
    files, findings = make_client(project, prune(built, selection, without), progress)
    if files is None:
        return None, findings
    kept = {path: data for path, data in files.items() if not parts.unneeded(path, without)}
    return Made(kept, _record(built.api, replace(options, only=selection.names), kept)), []


def _without(options: Options, selection: Selection) -> list[str]:
    wanted = {"async": options.has_async, "cli": options.has_cli, "webhooks": selection.webhooks}
    return [part for part, is_wanted in wanted.items() if not is_wanted]


def _record(api: Api, options: Options, files: Mapping[str, bytes]) -> Record:
    return Record(
        distribution=api.client.distribution,
        version=api.version,
        timgen=version("timgen"),
        options=options,
        files={path: sha256(data) for path, data in files.items()},
    )
