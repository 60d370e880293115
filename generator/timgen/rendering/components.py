"""Component schemas of the OpenAPI document: what commands and webhooks add to those that they share.

What one of them adds follows from its file and the common ones, but for the names of shared schemas: that of one whose
two forms differ, since some bodies are written and others sent, and that of one which is but another name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from timgen.language.schema import REF_PREFIX, Schema, ref_name, references
from timgen.modelling.definitions import Definitions
from timgen.modelling.model import Api, Body
from timgen.rendering.forms import Form, Json, map_subschemas, renamed


@dataclass(frozen=True)
class Classes:
    """The class of a body and those of the objects inside of it, all in one form, by name."""

    forms: Mapping[str, Json]
    shared: frozenset[str]
    """The shared schemas that they refer to."""

    def named(self, names: Mapping[str, str]) -> dict[str, Json]:
        """Make components of them beside shared ones that have these `names`; what is another name is none."""
        others = _others(self.forms)
        targets = {name: names.get(target, target) for name, target in others.items()}
        return {name: renamed(form, {**names, **targets}) for name, form in self.forms.items() if name not in others}


@dataclass(frozen=True)
class Shared:
    """The components of shared schemas."""

    components: Mapping[str, Json]
    received: Mapping[str, str]
    """Those of schemas whose two forms differ."""
    written: Mapping[str, str]
    """The components that they are in what apps write, where these have other names."""
    sent: Mapping[str, str]
    """Those that they are in what the service sends."""


class Components:
    """Makes components of the bodies of an API."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._definitions = Definitions({name: shared.module for name, shared in api.schemas_by_name.items()})
        for name, shared in api.schemas_by_name.items():
            self._add(self._definitions, shared.schema, name, shared.module, name)
        self._add_body(self._definitions, api.envelope)
        self._schemas = _by_class_name(self._definitions)

    def classes(self, body: Body, *, is_written: bool) -> Classes:
        """Return the classes that a body is made of, in the form of what apps write, or of what the service sends."""
        definitions = self._definitions.within()
        self._add_body(definitions, body)
        own = _by_class_name(definitions)
        form = Form({**self._schemas, **own}, closed=is_written)
        forms = _reached([body.class_name], form, own)
        return Classes(forms, frozenset(name for one in forms.values() for name in references(one)) - forms.keys())

    def shared(self, written: Iterable[str], sent: Iterable[str]) -> Shared:
        """Return the components of what is `written` and `sent`, of the envelope, and of what that leads to.

        The form of what apps write keeps the name of the schema; where that of the service differs, it is called
        `Received...`. What is but another name of a component is none.
        """
        to_service = _reached(written, Form(self._schemas, closed=True), self._schemas)
        from_service = _reached(
            [*sent, self._api.envelope.class_name], Form(self._schemas, closed=False), self._schemas
        )
        received = self.received(_differing(to_service, from_service))
        apart = {received.get(name, name): renamed(form, received) for name, form in from_service.items()}
        components = {**apart, **to_service}
        others = _others(components)
        of_sent = {name: others.get(other, other) for name, other in received.items()}
        return Shared(
            {name: renamed(form, others) for name, form in components.items() if name not in others},
            received,
            {name: target for name, target in others.items() if name in to_service},
            {**{name: target for name, target in others.items() if name in from_service}, **of_sent},
        )

    def received(self, differing: Iterable[str]) -> dict[str, str]:
        """Return names for the form of what the service sends, where it differs."""
        taken = {*self._api.schemas_by_name, *self._api.classes}
        found: dict[str, str] = {}
        for name in sorted(differing):
            other = f"Received{name}"
            while other in taken:
                other = f"Received{other}"
            taken.add(other)
            found[name] = other
        return found

    def _add_body(self, definitions: Definitions, body: Body) -> None:
        self._add(definitions, body.schema, body.class_name, body.module, body.prefix)

    def _add(self, definitions: Definitions, schema: Schema, name: str, module: str, prefix: str) -> None:
        definitions.add(schema, name, module, "shared", origin="", prefix=prefix)


def _by_class_name(definitions: Definitions) -> dict[str, Schema]:
    """Return schemas that refer to each other by the names of classes alone, which are unique without modules."""
    return {definition.name: _by_name(definition.schema) for definition in definitions.by_key.values()}


def _by_name(schema: Schema) -> Json:
    if key := ref_name(schema):
        return {**schema, "$ref": REF_PREFIX + key.rpartition(".")[2]}
    return map_subschemas(dict(schema), _by_name)


def _reached(roots: Iterable[str], form: Form, within: Mapping[str, Schema]) -> dict[str, Json]:
    """Return those schemas of `within` that `roots` lead to in a form, each in that form."""
    found: dict[str, Json] = {}
    queue = list(roots)
    while queue:
        name = queue.pop()
        if name not in found and name in within:
            found[name] = form.of(within[name])
            queue += references(found[name])
    return found


def _differing(one: Mapping[str, Json], other: Mapping[str, Json]) -> set[str]:
    """Return the names in both of what is not the same in both, or leads to what is not."""
    both = one.keys() & other.keys()
    found = {name for name in both if one[name] != other[name]}
    while more := {name for name in both - found if references(one[name]) & found}:
        found |= more
    return found


def _others(components: Mapping[str, Json]) -> dict[str, str]:
    """Return what is but another name, with the name that it stands for in the end."""
    refs = {name: ref for name, form in components.items() if (ref := ref_name(form))}

    def last(name: str) -> str:
        return last(refs[name]) if name in refs else name

    return {name: last(ref) for name, ref in refs.items()}
