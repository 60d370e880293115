"""What a vendored copy knows of itself: `timgen.json` in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from timgen.reading.files import read_file

T = TypeVar("T")

RECORD = "timgen.json"

_COMMENT = "Written by `timgen vendor`, which keeps this copy up to date. Edits go into the spec, not into its files."


@dataclass(frozen=True)
class Options:
    """What somebody wants of a copy."""

    only: tuple[str, ...] = ()
    """Namespaces, methods and `webhooks`; empty for everything."""
    has_async: bool = True
    has_cli: bool = True


@dataclass(frozen=True)
class Record:
    """What a copy is made of."""

    distribution: str
    """What it is a copy of: the name of the client on package indexes."""
    version: str
    """Of the spec, and so of the client."""
    timgen: str
    """Version of the generator."""
    options: Options
    files: Mapping[str, str]
    """Hash of each file by its path below the copy's folder."""

    def to_json(self) -> str:
        document = {
            "comment": _COMMENT,
            "client": self.distribution,
            "version": self.version,
            "timgen": self.timgen,
            "options": {
                "only": list(self.options.only) or None,
                "async": self.options.has_async,
                "cli": self.options.has_cli,
            },
            "files": dict(sorted(self.files.items())),
        }
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


class RecordError(Exception):
    """The record of a copy cannot be read."""


def read_record(folder: Path) -> Record | None:
    """Return the record of the copy in `folder`, None when there is none. Raises RecordError when it is damaged."""
    path = folder / RECORD
    try:
        return _record(json.loads(read_file(path).decode("utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RecordError(f"{path} is damaged") from error


def _record(raw: Any) -> Record:
    options, files = raw["options"], raw["files"]
    return Record(
        distribution=_checked(raw["client"], str),
        version=_checked(raw["version"], str),
        timgen=_checked(raw["timgen"], str),
        options=Options(
            only=tuple(_checked(name, str) for name in cast(list[object], options["only"] or ())),
            has_async=_checked(options["async"], bool),
            has_cli=_checked(options["cli"], bool),
        ),
        files={path: _checked(digest, str) for path, digest in files.items()},
    )


def _checked(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
