"""Two specs compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from timgen.language.naming import ENVELOPE_CLASS, ENVELOPE_MODULE
from timgen.modelling.build import Built
from timgen.modelling.model import Api, Body
from timgen.tools.diff import commands, surface, versions
from timgen.tools.diff.bodies import Bodies
from timgen.tools.diff.changes import Change, Level, arranged, gravest
from timgen.tools.diff.versions import Step

_FIRST = re.compile(r"[.\[]")


@dataclass(frozen=True)
class Comparison:
    """What changed from one spec to another."""

    old_version: str
    new_version: str
    changes: tuple[Change, ...]
    """The gravest first."""

    @property
    def level(self) -> Level:
        return gravest(change.level for change in self.changes)

    @property
    def step(self) -> Step:
        """What the version must go up by."""
        return versions.step(self.old_version, self.level)

    @property
    def needed(self) -> str:
        """The lowest version that is enough."""
        return versions.least(self.old_version, self.step)

    @property
    def is_declared(self) -> bool:
        """Whether the version went up by enough."""
        return versions.is_enough(self.old_version, self.new_version, self.step)


def compare(old: Built, new: Built) -> Comparison:
    """Compare two specs without findings."""
    return Comparison(old.api.version, new.api.version, arranged(_changes(old, new)))


def _changes(old: Built, new: Built) -> Iterator[Change]:
    found = [*_of_surface(old, new), *_of_bodies(old, new)]
    yield from found
    before, after = (
        {document.file: document.mapping for _, document in built.spec.documents()} for built in (old, new)
    )
    yield from surface.written_otherwise(before, after, (change.file for change in found))


def _of_surface(old: Built, new: Built) -> Iterator[Change]:
    yield from commands.commands(old.api, new.api)
    yield from surface.webhooks(old.api, new.api)
    yield from surface.errors(old.api, new.api)
    yield from surface.regions(old.api, new.api)
    yield from surface.client(old.api, new.api)
    before, after = (
        {definition.name: definition.origin for definition in built.definitions.by_key.values()} for built in (old, new)
    )
    kept = {one.location.file for one, _ in commands.pairs(old.api, new.api)}
    kept |= {webhook.location.file for webhook in new.api.webhooks}
    gone = {command.location.file for command in old.api.commands}
    gone |= {webhook.location.file for webhook in old.api.webhooks}
    yield from surface.classes(before, after, gone - kept)


def _of_bodies(old: Built, new: Built) -> list[Change]:
    bodies = Bodies(old.definitions, new.definitions)
    bodies.compare_shared()
    envelope = f"{ENVELOPE_MODULE}.{ENVELOPE_CLASS}"
    bodies.compare(envelope, envelope, ENVELOPE_CLASS)
    for one, other in commands.pairs(old.api, new.api):
        for part in ("request", "response"):
            before, after = (getattr(command, part) for command in (one, other))
            bodies.compare(_key(before), _key(after), f"{other.path}.{part}")
    webhooks = {webhook.command: webhook for webhook in old.api.webhooks}
    for webhook in new.api.webhooks:
        if earlier := webhooks.get(webhook.command):
            bodies.compare(_key(earlier.request), _key(webhook.request), f"{webhook.command}.event")
            bodies.compare(_key(earlier.reply), _key(webhook.reply), f"{webhook.command}.reply")
    return list(_told_once(bodies.found, old.api, new.api))


def _told_once(changes: Iterable[Change], old: Api, new: Api) -> Iterator[Change]:
    """Yield changes, those of what all replies to webhooks have as one of `spec/api.yaml`."""
    own = {(hook.command, change.wire_name) for api in (old, new) for hook in api.webhooks for change in hook.changes}
    names = {webhook.command for webhook in new.webhooks}
    for change in changes:
        webhook, _, path = change.subject.partition(".reply.")
        if webhook in names and path and (webhook, _FIRST.split(path)[0]) not in own:
            yield replace(change, subject=f"webhooks.reply.{path}", file=commands.API)
        else:
            yield change


def _key(body: Body) -> str:
    return f"{body.module}.{body.class_name}"
