"""Where in the newer spec a change stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from timgen.language.naming import ENVELOPE_CLASS
from timgen.reading.source import Document, KeyPath
from timgen.reading.spec import Spec
from timgen.tools.diff.changes import Change

_BODIES = {"request": "request", "response": "response", "event": "request", "reply": "reply"}
"""Keys of bodies in files, by how subjects call them."""
_BODY = re.compile(r"(?P<owner>.+?)\.(?P<body>request|response|event|reply)(?P<steps>[.\[].*)?")
_NAME = re.compile(r"[^.\[]+")
_REPLY = "webhooks.reply"
_STEP = re.compile(r"\.(?P<field>[^.\[]+)|\[\]")
_SECTIONS = {"namespaces": "namespace-", "categories": "category", "regions": "region"}
"""Parts of `spec/api.yaml` that hold what subjects name, and how kinds of their changes begin."""
_KEYS: Mapping[str, KeyPath] = {
    "text": ("summary",),
    "link": ("docs",),
    "rate-limit": ("rate_limit",),
    "codes": ("errors",),
    "outcome": ("reply_codes",),
    "reply-code": ("reply_codes",),
    "alias": ("method",),
    "class": ("method",),
    "code-renamed": ("name",),
    "code-category": ("category",),
    "code-retry": ("retry",),
    "protocol": ("protocol", "version"),
    "timeout": ("protocol", "backend_timeout"),
    "webhook-parameter": ("webhooks", "command"),
}
"""What changes of a kind are about below what their subject names, where it is not called as the kind is."""
_WHAT_BECAME = re.compile(r"-(added|moved|removed|renamed)$")


def position(spec: Spec, change: Change) -> tuple[int, int]:
    """Return line and column, from 1, of what changed in its file, or of what held it where it is gone.

    What the newer spec has no file of is in the first line.
    """
    for kind, document in spec.documents():
        if document.file == change.file:
            path = _existing(document.mapping, _path(kind, document, change))
            return document.position(path, key=True)
    return 1, 1


def _path(kind: str, document: Document, change: Change) -> KeyPath:
    """Return the keys that lead to what a change is about; some may not be there."""
    subject = change.subject
    if subject == change.file:
        return ()
    if kind == "schemas":
        name = _NAME.match(subject)
        return _below(document, (name[0],), subject[name.end() :]) if name else ()
    if kind == "errors":
        return (subject, *_key(change))
    if kind == "api":
        return _in_api(document, change)
    body = _BODY.fullmatch(subject)
    # Methods have no slash, and no bodies.
    if body and (kind == "webhook" or "/" in body["owner"]):
        return _below(document, (_BODIES[body["body"]],), body["steps"])
    return _key(change)


def _in_api(document: Document, change: Change) -> KeyPath:
    subject = change.subject
    if subject.startswith(_REPLY):
        return _below(document, ("webhooks", "reply"), subject.removeprefix(_REPLY))
    if body := re.fullmatch(rf"{ENVELOPE_CLASS}(?P<steps>[.\[].*)?", subject):
        return _below(document, ("envelope",), body["steps"] or "")
    first, _, rest = subject.partition(".")
    if first == "client" and rest:
        return first, rest
    for section in _SECTIONS:
        if change.kind.startswith(_SECTIONS[section]) or subject in cast(
            Mapping[str, object], document.mapping[section]
        ):
            return (section, subject, *_key(change))
    return _key(change)


def _key(change: Change) -> KeyPath:
    base = _WHAT_BECAME.sub("", change.kind)
    return _KEYS.get(change.kind) or _KEYS.get(base, (base,))


def _below(document: Document, start: KeyPath, steps: str) -> KeyPath:
    """Return the keys that lead from a body to one of its parts, as far as it is there."""
    path = start
    for match in _STEP.finditer(steps):
        found = _step(_at(document.mapping, path), match["field"])
        if found is None:
            break
        path += found
    return path


def _step(schema: object, field: str | None) -> KeyPath | None:
    """Return the keys that lead from a schema to its `field`, to its items when that is None; None when it has none."""
    if not isinstance(schema, Mapping):
        return None
    keywords = cast(Mapping[str, object], schema)
    if field is None or field == "*":
        key = "items" if field is None else "additionalProperties"
        return (key,) if key in keywords else _in_members(keywords, field)
    if field in cast(Mapping[str, object], keywords.get("properties", {})):
        return "properties", field
    return _in_members(keywords, field)


def _in_members(keywords: Mapping[str, object], field: str | None) -> KeyPath | None:
    for key in ("anyOf", "oneOf"):
        for index, member in enumerate(cast(list[object], keywords.get(key, []))):
            if found := _step(member, field):
                return key, index, *found
    return None


def _existing(value: object, path: KeyPath) -> KeyPath:
    """Return the part of a path that leads to something."""
    for length, step in enumerate(path):
        try:
            value = cast(Mapping[object, object], value)[step]
        except (KeyError, IndexError, TypeError):
            return path[:length]
    return path


def _at(value: object, path: KeyPath) -> object:
    for step in path:
        value = cast(Mapping[object, object], value).get(step) if isinstance(value, Mapping) else None
    return value
