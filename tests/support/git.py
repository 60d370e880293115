"""Real git repositories of tests."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_EDITOR": "true",
    **{f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(
    folder: Path, *arguments: str, fails: bool = False, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run git in a folder, which succeeds or `fails`, whatever the machine's own settings are."""
    environment = {**ENVIRONMENT, **(env or {})}
    command = ["git", *arguments]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode != 0) == fails, (arguments, result.stdout, result.stderr)
    return result


def commit(folder: Path, message: str = "A change", *, tag: str = "") -> None:
    """Commit all that is in a folder, which becomes a repository if it is none yet, and tag the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--allow-empty", "--message", message)
    if tag:
        git(folder, "tag", tag)
