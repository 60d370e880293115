"""Outlines: what a run has to know of the bodies of a command or a webhook that nobody looks into.

They are kept from run to run, so that an edit costs the definitions of what was edited only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from timgen.language.schema import Schema, references
from timgen.modelling.definitions import Definitions
from timgen.modelling.model import Former, Later, TextLimit
from timgen.reading.kept import as_text, as_texts


@dataclass(frozen=True)
class Outline:
    """What follows from the bodies in a file of a command or a webhook; beside it depends on the common files only."""

    module: str
    """Of its classes."""
    names: tuple[str, ...]
    """Of its classes and aliases, in the order in which they were made; one twice that two of them have."""
    digest: str
    """Hash of all that they say."""
    written: tuple[str, ...]
    """The shared schemas that its request or reply refers to, sorted."""
    read: tuple[str, ...]
    """Those that its answer or event refers to, sorted."""
    limits: tuple[TextLimit, ...]
    """Types of texts that its classes need."""
    former: tuple[Former, ...] = ()
    """As those of a command."""
    fill: tuple[str, ...] = ()
    """As those of a command."""
    rising: tuple[str, ...] = ()
    """As those of a command."""

    def to_json(self) -> str:
        return json.dumps(vars(self), default=vars)


@dataclass(frozen=True)
class Part:
    """What a command or a webhook adds to the definitions of a run."""

    file: str
    """Its file in the spec."""
    outline: Outline
    definitions: Later[Definitions]
    """Its own, which refer to the shared ones."""


def outline(
    module: str,
    definitions: Definitions,
    written: Schema,
    read: Schema,
    former: tuple[Former, ...] = (),
    fill: tuple[str, ...] = (),
    rising: tuple[str, ...] = (),
) -> Outline:
    """Return the outline of bodies that became `definitions`; `written` and `read` are their schemas."""
    texts = "\n".join(definition.text for definition in definitions.by_key.values())
    return Outline(
        module,
        tuple(name for name, _ in definitions.made),
        hashlib.sha256(texts.encode()).hexdigest(),
        tuple(sorted(references(written))),
        tuple(sorted(references(read))),
        definitions.text_limits,
        former,
        fill,
        rising,
    )


def kept_outline(text: str, shared: Collection[str]) -> Outline | None:
    """Return the outline that became a text by `to_json`; None when none did that refers to `shared` schemas only."""
    try:
        raw = json.loads(text)
        found = Outline(
            module=as_text(raw["module"]),
            names=as_texts(raw["names"]),
            digest=as_text(raw["digest"]),
            written=as_texts(raw["written"]),
            read=as_texts(raw["read"]),
            limits=tuple(
                TextLimit(as_text(one["name"]), _number(one["max_bytes"]), as_texts(one["excluded"]))
                for one in raw["limits"]
            ),
            former=tuple(
                Former(as_text(one["path"]), as_text(one["name"]), as_text(one["since"])) for one in raw["former"]
            ),
            fill=as_texts(raw["fill"]),
            rising=as_texts(raw["rising"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if all(name in shared for name in (*found.written, *found.read)) else None


def _number(value: object) -> int | None:
    if value is not None and not isinstance(value, int):
        raise TypeError
    return value
