"""A project as it stands at the start of a run: looked at once, and read only where that is not enough."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from timgen.publishing.outputs import MANIFEST, hashes, is_interrupted, look_at_output, without_manifest
from timgen.reading.index import FOLDER, Index
from timgen.reading.inputs import Inputs, look_around, read_inputs, sha256
from timgen.reading.listing import size
from timgen.reading.project import Project
from timgen.reading.seal import Seal

if TYPE_CHECKING:
    from timgen.publishing.memory import Memory


class Standing:
    """What a run starts from. Raises as `look_around` does; what it has may raise as `read_inputs` does."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.index = Index(project.root / FOLDER)
        self._sources = look_around(project)
        self._found = look_at_output(project.output)

    @cached_property
    def inputs(self) -> Inputs:
        return read_inputs(self.project, self.index, self._sources)

    @cached_property
    def memory(self) -> Memory:
        """What is remembered of earlier runs."""
        from timgen.publishing.memory import recall

        return recall(self.project.root, self.inputs, self.index)

    @cached_property
    def existing(self) -> Mapping[str, str]:
        """Hashes of the files in the output folder, by path, but the manifest's."""
        return hashes(self.project.output, without_manifest(self._found), self.index)

    @cached_property
    def count(self) -> int | None:
        """How many files the output has, if it is what the spec says and nobody touched it; None when it is not."""
        if is_interrupted(self.project.output):
            return None
        sources = self._sources
        folders = (sources.own, sources.metas, sources.spec, sources.templates, self._found)
        seal = Seal(self.project.root / FOLDER, sources.versions, folders)
        if (count := seal.read()) is not None:
            return count
        if not self._is_current():
            return None
        self.index.save()
        if self.index.is_complete:
            seal.keep(len(self.existing))
        return len(self.existing)

    def _is_current(self) -> bool:
        """Whether the output is what a run of these inputs made."""
        from timgen.publishing.manifest import Manifest

        same = self.memory.same
        if same is None:
            return False
        manifest = Manifest(same.files).to_json().encode()
        there = self._found.get(MANIFEST, "")
        if size(there) != len(manifest) or self.existing != same.files:
            return False
        return hashes(self.project.output, {MANIFEST: there}, self.index) == {MANIFEST: sha256(manifest)}
