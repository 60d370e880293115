"""Drafts on disk: a page read, its drafts written, nothing overwritten."""

from __future__ import annotations

from pathlib import Path

from timgen.importing.bodies import Known
from timgen.importing.draft import Draft, drafts_of
from timgen.importing.page import PageError


def read_drafts(page: Path, known: Known) -> list[Draft]:
    """Return the drafts for the file `page`, that of its command or webhook first.

    Raises PageError when it cannot be read or no draft can be made from it.
    """
    try:
        source = page.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise PageError(f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise PageError(f"no Markdown: byte {error.start + 1} is not UTF-8") from error
    if "\0" in source:
        raise PageError("no Markdown: it has a null character")
    return drafts_of(source, known)


def write_drafts(root: Path, drafts: list[Draft]) -> list[str]:
    """Write the drafts into the project `root` and return the paths that were written.

    An existing file of the service stays as it is. Raises PageError when the first draft's file exists,
    OSError when a file cannot be written.
    """
    first, *others = drafts
    write_new(root / first.path, first.text, first.path)
    written = [first.path]
    for draft in others:
        if not (root / draft.path).exists():
            write_new(root / draft.path, draft.text, draft.path)
            written.append(draft.path)
    return written


def write_new(path: Path, text: str, name: str) -> None:
    """Write a file that must not exist yet, called `name` in the PageError otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise PageError(f"{name} exists and is not overwritten") from error
