"""The surface beside commands: webhooks, codes, regions, classes, and the names of the client.

Rules beside the table in the design:

- A code is a member of an enum and a class of exceptions: its name and its category break, its meaning is a text. So
  does `retry` when it becomes never, since apps rely on calls that are sent again.
- A webhook is what a reply can decide: an outcome and a code that are gone break.
- Where calls go (a domain, a parameter with a constant value) is the client's affair: another one is additive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from timgen.modelling.model import Api, ErrorCode, Webhook
from timgen.tools.diff.changes import Change, Level
from timgen.tools.diff.commands import API, WORDS
from timgen.tools.diff.keywords import advice, shown

ERRORS = "spec/errors.yaml"

_TEXTS_OF_WEBHOOKS: Mapping[str, Callable[[Webhook], object]] = {
    "text": lambda w: (w.summary, w.description, w.partial, [c.meaning for c in w.reply_codes]),
    "link": lambda w: w.docs,
    "date": lambda w: w.date,
    "examples": lambda w: w.examples,
    "plans": lambda w: w.plans,
}


def webhooks(old: Api, new: Api) -> Iterator[Change]:
    """Yield which webhooks came and went, and what replies to those that stay can decide."""
    before, after = ({webhook.command: webhook for webhook in api.webhooks} for api in (old, new))
    for name in before.keys() - after.keys():
        file = before[name].location.file
        yield Change("breaking", "webhook-removed", name, file, "the webhook is gone; its calls are unknown events")
    for name in after.keys() - before.keys():
        yield Change("additive", "webhook-added", name, after[name].location.file, "a new webhook")
    for name in before.keys() & after.keys():
        yield from _webhook(before[name], after[name])


def _webhook(old: Webhook, new: Webhook) -> Iterator[Change]:
    def change(level: Level, kind: str, message: str) -> Change:
        return Change(level, kind, new.command, new.location.file, message)

    if old.phase != new.phase:
        words = f"it is called {new.phase} the event, and was {old.phase} it"
        yield change("breaking", "phase", f"{words}; its class has other methods")
    before, after = ({outcome.name: outcome for outcome in webhook.outcomes} for webhook in (old, new))
    for name in sorted({*before, *after}):
        if name not in after:
            yield change("breaking", "outcome-removed", f"a reply can no longer {name}")
        elif name not in before:
            yield change("additive", "outcome-added", f"a reply can {name}")
        elif before[name].default is not None and after[name].default is None:
            yield change("breaking", "outcome", f"who wants to {name} must name a code")
        elif before[name].default != after[name].default:
            words = f"{name} without a code: {before[name].default} -> {after[name].default}"
            yield change("additive", "outcome", words)
    codes, others = ({(c.first, c.last): c for c in webhook.reply_codes} for webhook in (old, new))
    for key in sorted({*codes, *others}):
        if key not in others:
            yield change("breaking", "reply-code-removed", f"the reply code {codes[key].codes} is gone")
        elif key not in codes:
            yield change("additive", "reply-code-added", f"a new reply code: {others[key].codes}")
        elif codes[key].outcome != others[key].outcome:
            words = f"the reply code {codes[key].codes}: {codes[key].outcome} -> {others[key].outcome}"
            yield change("breaking", "reply-code", words)
    for kind, of in _TEXTS_OF_WEBHOOKS.items():
        if of(old) != of(new):
            yield change("docs", kind, WORDS[kind])


def errors(old: Api, new: Api) -> Iterator[Change]:
    """Yield which codes and kinds of errors came and went, and what else is said of those that stay."""
    before, after = ({error.code: error for error in api.errors} for api in (old, new))
    exceptions = [{category.name: category.exception for category in api.categories} for api in (old, new)]
    for code in before.keys() - after.keys():
        words = f"the code is gone; ErrorCode has no {before[code].name}"
        yield Change("breaking", "code-removed", str(code), ERRORS, words)
    for code in after.keys() - before.keys():
        yield Change("additive", "code-added", str(code), ERRORS, f"a new code: {after[code].name}")
    for code in before.keys() & after.keys():
        yield from _error(before[code], after[code], *exceptions)
    former, present = ({category.name: category for category in api.categories} for api in (old, new))
    for name in sorted({*former, *present}):
        if name not in present:
            words = f"the category is gone; there is no {former[name].exception}"
            yield Change("breaking", "category-removed", name, API, words)
        elif name not in former:
            yield Change("additive", "category-added", name, API, f"a new category: {present[name].exception}")
        elif former[name].exception != present[name].exception:
            words = f"exception: {former[name].exception} -> {present[name].exception}"
            yield Change("breaking", "exception", name, API, f"{words}; handlers of the former one fail")
        elif former[name].summary != present[name].summary:
            yield Change("docs", "text", name, API, "other words")
        elif former[name] != present[name]:
            yield Change("additive", "category", name, API, "it says something else of calls that are refused so")


def _error(old: ErrorCode, new: ErrorCode, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    def change(level: Level, kind: str, message: str) -> Change:
        return Change(level, kind, str(new.code), new.location.file, message)

    if old.name != new.name:
        yield change("breaking", "code-renamed", f"ErrorCode.{old.name} is called {new.name} now")
    for service in ("", *sorted({*old.services, *new.services})):
        one, other = old.meaning(service), new.meaning(service)
        where = f" in {service}" if service else ""
        if one.category != other.category:
            words = f"category{where}: {one.category} -> {other.category}"
            caught = f"it is raised as {after[other.category]}, and was as {before[one.category]}"
            yield change("breaking", "code-category", f"{words}; {caught}")
        if one.retry != other.retry:
            words = f"retry{where}: {one.retry} -> {other.retry}"
            level: Level = "breaking" if other.retry == "never" else "additive"
            lost = "; calls that are refused so are no longer sent again" if level == "breaking" else ""
            yield change(level, "code-retry", words + lost)
        if (one.message, one.fix) != (other.message, other.fix):
            yield change("docs", "text", f"other words{where}")
    before_use, use = (error.deprecated.as_written if error.deprecated else None for error in (old, new))
    for difference in advice(before_use, use, "the code"):
        if effect := difference.effect(written=False, read=True):
            yield change(effect.level, difference.kind, difference.words)
    if old.editions != new.editions:
        yield change("docs", "editions", "other editions of the common table name it")


def regions(old: Api, new: Api) -> Iterator[Change]:
    """Yield which regions came and went, and where their calls go."""
    before, after = ({region.key: region for region in api.regions} for api in (old, new))
    for key in sorted({*before, *after}):
        if key not in after:
            yield Change("breaking", "region-removed", key, API, "the region is gone")
            continue
        if key not in before:
            yield Change("additive", "region-added", key, API, f"a new region: {after[key].domain}")
            continue
        for name in ("domain", "backup"):
            one, other = getattr(before[key], name), getattr(after[key], name)
            if one != other:
                words = f"{name}: {one or 'none'} -> {other or 'none'}; calls go elsewhere"
                yield Change("additive", "region", key, API, words)
        if (before[key].name, before[key].evidence) != (after[key].name, after[key].evidence):
            yield Change("docs", "text", key, API, "other words")


def client(old: Api, new: Api) -> Iterator[Change]:
    """Yield what is called otherwise of the client itself, and how it calls."""
    for name in ("distribution", "package", "class_name", "error", "environment"):
        one, other = getattr(old.client, name), getattr(new.client, name)
        if one != other:
            key = "class" if name == "class_name" else name
            yield Change("breaking", "client-name", f"client.{key}", API, f"{one} -> {other}; apps name it")
    roles, others = ({p.role: p.name for p in api.query if p.role} for api in (old, new))
    for role in sorted({*roles, *others}):
        if roles.get(role) != others.get(role):
            words = f"the query parameter of the role {role}: {roles.get(role, 'none')} -> {others.get(role, 'none')}"
            yield Change("breaking", "query", f"query.{role}", API, words)
    for kind, level, one, other in (
        ("verdict", "breaking", old.verdict, new.verdict),
        ("protocol", "breaking", old.protocol_version, new.protocol_version),
        ("webhook-parameter", "breaking", old.webhook_parameter, new.webhook_parameter),
        ("timeout", "additive", old.backend_timeout, new.backend_timeout),
    ):
        if one != other:
            words = "it is another one" if kind == "verdict" else f"{shown(one)} -> {shown(other)}"
            yield Change(cast(Level, level), kind, kind, API, words)
    constants, changed = ([(p.name, p.schema) for p in api.query] for api in (old, new))
    if constants != changed and roles == others:
        yield Change("additive", "query", "query", API, "calls have other parameters in their query")


def classes(old: Mapping[str, str], new: Mapping[str, str], gone: Iterable[str]) -> Iterator[Change]:
    """Yield the classes that are no more: `old` and `new` are their files by name, `gone` files with all they made."""
    for name in old.keys() - new.keys():
        if old[name] not in {*gone}:
            words = "the class is gone, or is called otherwise; apps that import it fail"
            yield Change("breaking", "class-removed", name, old[name], words)


def written_otherwise(old: Mapping[str, Any], new: Mapping[str, Any], told: Iterable[str]) -> Iterator[Change]:
    """Yield files that say something else about which nothing was `told`: in another order, or in other words."""
    for file in old.keys() & new.keys() - {*told}:
        one, other = (dict(value) for value in (old[file], new[file]))
        if file == API:
            one.pop("version", None)
            other.pop("version", None)
        if shown(one) != shown(other):
            yield Change("docs", "text", file, file, "it says something else")
        elif repr(one) != repr(other):
            yield Change("docs", "order", file, file, "it stands in another order")
