"""The rules that a spec obeys: one function each, with a stable id, in one registry.

A rule takes the spec as it was read, broken parts included, and yields what it finds. Reading
itself reports under the ids of `READING`, the rule `schema` also under those of `FORM`.
"""

from __future__ import annotations

from timgen.checking.rules import advice, bodies, examples, files, keywords, names, references, unused, wording
from timgen.checking.rules.registry import Rule

READING = {
    "alias": "an alias expands without end or to too many values",
    "duplicate-key": "a key stands twice in a mapping",
    "empty-file": "a file holds nothing",
    "encoding": "a file is not UTF-8",
    "file-name": "a file's name is none that a spec has",
    "key-type": "a key is something else than text",
    "merge-conflict": "a merge left a conflict in a file",
    "meta-schema": "a meta-schema of the project cannot be used",
    "missing-file": "a file that others need does not exist",
    "scalar": "YAML reads an unquoted scalar as something else than it looks like",
    "tag": "a YAML tag is used",
    "unreadable": "a file cannot be read",
    "yaml-syntax": "a file is not YAML",
}

FORM = {
    "missing-key": "a key that must be there is not",
    "unknown-key": "a key is not known at its place",
}

RULES: tuple[Rule, ...] = (
    *files.RULES,
    *references.RULES,
    *names.RULES,
    *bodies.RULES,
    *keywords.RULES,
    *examples.RULES,
    *wording.RULES,
    *unused.RULES,
    *advice.RULES,
)
