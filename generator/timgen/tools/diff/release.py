"""What `timgen check` says of the version: whether it moved enough since the latest tag of a release."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from timgen.tools.diff.revisions import RevisionError, git, opened

if TYPE_CHECKING:
    from timgen.reading.diagnostics import Diagnostic

_TAG = re.compile(r"v?([0-9]+)\.([0-9]+)\.([0-9]+)")


def undeclared(project: Path) -> list[Diagnostic]:
    """Return a finding at `version` in `spec/api.yaml` when it moved by less than the changes since the latest tag ask.

    Nothing without git, a repository or a tag (`v1.2.0` or `1.2.0`) that leads to the present commit, and nothing when
    the spec of that tag cannot be read any longer.
    """
    try:
        tag = latest_tag(project)
        if tag is None or _is_same(project, tag):
            return []
        # Imported here, because a run without a tag needs none of it.
        from timgen.pipeline import load
        from timgen.tools.diff.compare import compare
        from timgen.tools.diff.report import summary

        with opened(tag, None, project) as (before, after):
            old, new = load(before.root)[0], load(after.root)[0]
            if old is None or new is None:
                return []
            comparison = compare(old, new)
    except RevisionError:
        return []
    if comparison.is_declared:
        return []
    hint = f"`timgen diff {tag}` lists them"
    return [new.spec.api.at(("version",), "version", summary(comparison, tag), hint)]


def latest_tag(project: Path) -> str | None:
    """Return the tag with the highest version of those that lead to the present commit. Raises RevisionError."""
    listed = git(project, "tag", "--merged", "HEAD")
    tags = [match for name in listed.stdout.decode(errors="replace").split("\n") if (match := _TAG.fullmatch(name))]
    best = max(tags, key=lambda match: tuple(int(part) for part in match.groups()), default=None)
    return best and best[0]


def _is_same(project: Path, tag: str) -> bool:
    """Whether no file of the spec is another one than in `tag`."""
    changed = git(project, "diff", "--quiet", tag, "--", "spec").returncode
    return not changed and not git(project, "ls-files", "--others", "--", "spec").stdout
