"""The models: datamodel-code-generator on one combined document.

On a partial run it sees the definitions of the modules whose form changed and
what those refer to; the result for a module is the same as that of a full run. Words it never sees.
"""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil

from timgen.language.naming import ENVELOPE_KEY, python_name
from timgen.modelling.build import Built, together
from timgen.modelling.definitions import Definition
from timgen.modelling.marks import MARKS
from timgen.modelling.outlines import Part
from timgen.reading.inputs import digest
from timgen.rendering.codegen import ROOT, Order
from timgen.rendering.members import with_members
from timgen.rendering.translation import translate

# Beside a text there is no need of it.
_NOT_OF_TEXTS = re.compile(r"""\bLiteral\[[^'"]""")
_FUTURE = "from __future__ import annotations"
_MOST_AT_ONCE = 1500
"""Definitions in an order, about: those of a catalogue of some hundred commands. They take 150 MiB."""

# Only needed for types that pydantic does not know; those of `_limits` it does.
_CONFIG = "    model_config = ConfigDict(\n        arbitrary_types_allowed=True,\n    )\n"


@dataclass(frozen=True)
class Module:
    """A module of the generated models."""

    name: str
    """Dotted, below the models package: `groups.create`."""
    path: str
    """Below the output folder."""
    fingerprint: str
    """Hash over everything that its source depends on."""
    part: Part | None
    """What it is made of; None for a file of shared schemas, or the envelope."""


def modules(built: Built) -> tuple[Module, ...]:
    """Return the modules of the models."""
    folder = f"client/{built.api.client.package}/models"
    shared = built.shared
    texts = {key: definition.text for key, definition in shared.by_key.items()}
    reached = {key: shared.closure([key]) for key in texts}

    def module(name: str, own: Iterable[str], keys: Iterable[str], part: Part | None) -> Module:
        said = [*own, *(texts[key] for key in sorted({other for key in keys for other in reached[key]}))]
        fingerprint = digest(said)
        return Module(name, f"{folder}/{name.replace('.', '/')}.py", fingerprint, part)

    by_module: dict[str, list[str]] = {}
    for key, definition in shared.by_key.items():
        by_module.setdefault(definition.module, []).append(key)
    of_shared = (module(name, keys, keys, None) for name, keys in by_module.items())
    own = (
        module(
            part.outline.module,
            [part.outline.digest],
            [ENVELOPE_KEY, *(f"{shared.modules[name]}.{name}" for name in (*part.outline.written, *part.outline.read))],
            part,
        )
        for part in built.parts
    )
    return (*of_shared, *own)


class Models:
    """What is ordered from datamodel-code-generator, and what becomes of what it delivers."""

    def __init__(self, built: Built, modules: Sequence[Module]) -> None:
        """Take the modules that are made anew."""
        self._modules = modules
        parts = [module.part for module in modules if module.part]
        self._definitions = together(built.shared, parts)
        self._positions = {key: position for position, key in enumerate(self._definitions.by_key)}
        self._held: dict[str, list[Definition]] = {}
        for definition in self._definitions.by_key.values():
            self._held.setdefault(definition.module, []).append(definition)
        self._forms: dict[str, str] = {}

    def parts(self) -> Iterator[list[Module]]:
        """Yield the modules in parts of about the same size, each of which makes an order."""
        sizes = [len(self._held[module.name]) for module in self._modules]
        several = ceil(sum(sizes) / _MOST_AT_ONCE)
        parts: list[list[Module]] = [[] for _ in range(several)]
        for module, end in zip(self._modules, accumulate(sizes), strict=True):
            parts[(end - 1) * several // sum(sizes)].append(module)
        yield from filter(None, parts)

    def key(self, module: Module) -> str:
        """Return under what the delivery for a module is kept: names and forms of bodies count, words do not."""
        forms = digest(f"{definition.key} {self._form(definition)}" for definition in self._needed([module]))
        return f"model {module.name} {forms}"

    def order(self, modules: Iterable[Module]) -> Order:
        """Return what to order for `modules`."""
        modules = list(modules)
        wanted = self._needed(modules)
        return Order(
            modules=tuple(module.name for module in modules),
            schemas={definition.key: self._form(definition) for definition in wanted},
            names={name: python_name(name) for definition in wanted for name in definition.fields},
            base_class=f"{ROOT}._base.Model",
            field_keys=MARKS,
        )

    def finish(self, module: Module, delivered: str) -> str:
        """Return the unformatted source of a module from what was delivered for it."""
        held = self._held[module.name]
        source = with_members(_open_enums(delivered), held, self._definitions)
        return _finish(source, module.name.count(".") + 1, held[-1].origin)

    def _needed(self, modules: Iterable[Module]) -> list[Definition]:
        """Return the definitions of `modules` and what they refer to."""
        keys = self._definitions.closure(one.key for module in modules for one in self._held[module.name])
        # In the order of all definitions, so that a partial run orders classes as a full one does.
        return [self._definitions.by_key[key] for key in sorted(keys, key=self._positions.__getitem__)]

    def _form(self, definition: Definition) -> str:
        if definition.key not in self._forms:
            self._forms[definition.key] = json.dumps(translate(definition, self._definitions))
        return self._forms[definition.key]


def _finish(source: str, depth: int, origin: str) -> str:
    """Return the module with our header and imports relative to its place."""
    lines = source.split("\n")
    while lines and (lines[0].startswith("#") or not lines[0]):
        del lines[0]
    body = "\n".join(lines).replace(f"from {ROOT}.", f"from {'.' * depth}").replace(_CONFIG, "")
    return f"# Generated by timgen from {origin}; do not edit.\n\n{body}"


def _open_enums(source: str) -> str:
    """Return `source` with `Known[0, 1]` in place of `Literal[0, 1]`, where it is a set of values.

    Where a Literal takes 1, pydantic takes true and 1.0 for it; for `Known` the types of its values decide.
    Texts have no such doubles, and a linter would take those in `Known` for forward references.
    """
    if not _NOT_OF_TEXTS.search(source):
        return source
    lines = source.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    starts = [
        token.start for index, token in enumerate(tokens) if token.string == "Literal" and _is_open(tokens[index + 1 :])
    ]
    for line, column in reversed(starts):
        text = lines[line - 1]
        lines[line - 1] = f"{text[:column]}Known{text[column + len('Literal') :]}"
    if starts:
        lines.insert(lines.index(_FUTURE) + 1, f"from {ROOT}._constraints import Known")
    return "\n".join(lines)


def _is_open(tokens: Sequence[tokenize.TokenInfo]) -> bool:
    """Whether the brackets that `tokens` start with hold no text, and nothing or another type than None follows."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.type == tokenize.STRING:
            return False
        depth += {"[": 1, "]": -1}.get(token.string, 0) if token.type == tokenize.OP else 0
        if depth == 0:
            following = [other.string for other in tokens[index + 1 : index + 3]]
            return index > 0 and (following[:1] == [")"] or (following[:1] == ["|"] and following != ["|", "None"]))
    return False
