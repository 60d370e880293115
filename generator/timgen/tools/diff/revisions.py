"""Where the two specs are: folders, or revisions of the project's git repository, whose files go to a temporary one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from timgen.reading.listing import meta_schema_files
from timgen.reading.project import NoProjectError

_REGULAR = ("100644", "100755")
"""Modes of files in git's trees."""
_OF_HOOKS = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"}
    | {"GIT_NAMESPACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES"}
)


class RevisionError(NoProjectError):
    """There is no spec where one was named."""


@dataclass(frozen=True)
class Side:
    """One of the two specs."""

    name: str
    """As it was asked for; `the working tree` for the project at hand."""
    root: Path
    """The folder that has its `spec/`."""
    before: str = ""
    """What stands before the paths of its files: `v1.2.0:`, as in git, or `../old/`; empty for the working tree."""


@contextmanager
def opened(old: str, new: str | None, project: Path | None) -> Generator[tuple[Side, Side]]:
    """Give both sides, for as long as the context lasts; `new` is the working tree of `project` when it is None.

    Meta-schemas that OLD lacks are those of NEW. Raises RevisionError for what is neither a folder with a spec nor a
    revision that has one.
    """
    with ExitStack() as stack:
        after = _working_tree(project) if new is None else _side(new, project, stack)
        before = _side(old, project, stack)
        yield _completed(before, after, stack), after


def _working_tree(project: Path | None) -> Side:
    if project is None:
        raise RevisionError("no spec/api.yaml here or above; name both specs, or the project's folder with --root")
    return Side("the working tree", project)


def _side(name: str, project: Path | None, stack: ExitStack) -> Side:
    folder = Path(name)
    if folder.is_dir():
        return _of_folder(name, folder, stack)
    if project is None:
        raise RevisionError(f"{name} is no folder, and there is no project whose repository could have it")
    root = Path(stack.enter_context(TemporaryDirectory(prefix="timgen-")))
    extract(project, commit(project, name), name, root)
    return Side(name, root, f"{name}:")


def _of_folder(name: str, folder: Path, stack: ExitStack) -> Side:
    before = "" if name == "." else f"{name.rstrip('/')}/"
    if (folder / "spec").is_dir():
        return Side(name, folder.resolve(), before)
    if not (folder / "api.yaml").is_file():
        raise RevisionError(f"{name} has neither a spec/ folder nor an api.yaml")
    if folder.resolve().name == "spec":
        return Side(name, folder.resolve().parent, before.removesuffix("spec/"))
    # The rest of the generator looks for a folder of that name.
    root = Path(stack.enter_context(TemporaryDirectory(prefix="timgen-")))
    shutil.copytree(folder, root / "spec")
    return Side(name, root, before)


def _completed(old: Side, new: Side, stack: ExitStack) -> Side:
    """Return the older side with the meta-schemas of the newer one where it has none of its own."""
    metas = [path.relative_to(new.root) for path in meta_schema_files(new.root)]
    missing = [path for path in metas if not (old.root / path).is_file()]
    if not missing:
        return old
    root = Path(stack.enter_context(TemporaryDirectory(prefix="timgen-")))
    shutil.copytree(old.root / "spec", root / "spec")
    for path in missing:
        (root / path).parent.mkdir(exist_ok=True)
        shutil.copyfile(new.root / path, root / path)
    return Side(old.name, root, old.before)


def commit(project: Path, revision: str) -> str:
    """Return the hash of the commit that `revision` names in the repository of `project`. Raises RevisionError."""
    inside = git(project, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        reason = inside.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise RevisionError(f"{revision} is no folder, and no revision either: {reason}")
    found = git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        raise RevisionError(f"{revision} is neither a folder nor a revision of the repository")
    return found.stdout.decode().strip()


def extract(project: Path, commit: str, name: str, root: Path) -> None:
    """Write the spec of a commit, called `name` in messages, below `root`. Raises RevisionError when it has none."""
    found = 0
    for path, data in _files(project, commit):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        found += path == "spec/api.yaml"
    if not found:
        raise RevisionError(f"{name} has no spec/api.yaml in the project's folder")


def _files(project: Path, commit: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of `spec/` in a commit; links and submodules are none."""
    listed = git(project, "ls-tree", "-r", "-z", commit, "--", "spec")
    if listed.returncode:
        raise RevisionError(listed.stderr.decode(errors="replace").strip())
    entries = [entry.partition(b"\t") for entry in listed.stdout.split(b"\0") if entry]
    blobs = [
        (path.decode(errors="surrogateescape"), head.split()[2])
        for head, _, path in entries
        if head.split()[0].decode() in _REGULAR
    ]
    blobs = [(path, blob) for path, blob in blobs if ".." not in path.split("/")]
    answer = git(project, "cat-file", "--batch", given=b"".join(blob + b"\n" for _, blob in blobs))
    if answer.returncode:
        raise RevisionError(answer.stderr.decode(errors="replace").strip())
    data, start = answer.stdout, 0
    for path, _ in blobs:
        # A line "hash type size", the file, a line end.
        end = data.index(b"\n", start)
        size = int(data[start:end].split()[2])
        yield path, data[end + 1 : end + 1 + size]
        start = end + size + 2


def git(project: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git in the folder of `project`. Raises RevisionError where there is no git."""
    program = shutil.which("git")
    if program is None:
        raise RevisionError("git, which knows revisions, is not installed")
    # A hook's variables name the repository that it runs for, which need not be that of the project.
    environment = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    command = [program, "-C", str(project), *arguments]
    return subprocess.run(command, input=given, capture_output=True, env=environment, check=False)  # noqa: S603
