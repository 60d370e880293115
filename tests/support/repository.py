"""A git repository around a small project."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.git import git
from support.minispec import Mini


@dataclass(frozen=True)
class Repository(Mini):
    """A project under version control."""

    def git(self, *arguments: str, fails: bool = False) -> str:
        """Run git, which succeeds or `fails`, and return what it says."""
        result = git(self.root, *arguments, fails=fails)
        return result.stdout + result.stderr

    def commit(self, message: str = "work") -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def generate(self) -> str:
        """Bring the output up to date, and return what the command says."""
        result = self.timgen("generate")
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    @contextmanager
    def branch(self, name: str, start: str = "main") -> Iterator[None]:
        """Work on a new branch: what changed is generated and committed."""
        self.git("checkout", "--quiet", "-b", name, start)
        yield
        self.generate()
        self.commit(name)

    def anew(self) -> Mapping[str, bytes]:
        """Return what the spec at hand becomes where nothing is known of any other run."""
        paths = sorted(path for folder in ("spec", "templates") for path in self.path(folder).rglob("*"))
        inputs = tuple((path.relative_to(self.root).as_posix(), path.read_bytes()) for path in paths if path.is_file())
        return _made(inputs)


@cache
def _made(inputs: tuple[tuple[str, bytes], ...]) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        fresh = Mini(Path(name))
        for file, data in inputs:
            fresh.write(file, data)
        result = fresh.timgen("generate")
        assert result.returncode == 0, result.stdout + result.stderr
        return fresh.output()


def make(root: Path, project: Mini) -> Repository:
    """Put a copy of the project in `root`, with its history when it has one, and else begin one on the branch main."""
    repository = Repository(root)
    shutil.copytree(project.root, root, ignore=shutil.ignore_patterns(".timgen"))
    if not repository.path(".git").exists():
        repository.git("init", "--quiet", "--initial-branch", "main")
        repository.commit("start")
    return repository
