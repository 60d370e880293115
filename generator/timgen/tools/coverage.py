"""What the spec covers, and what its entries lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from timgen.language.keywords import instant, is_flag, is_open, is_set, span
from timgen.modelling.describe import deprecation
from timgen.modelling.model import Api, Command, Webhook
from timgen.tools.places import Place, places, undecided


@dataclass(frozen=True)
class Coverage:
    """Counts and gaps. Entries are named by their path, or the name of the webhook; sorted."""

    commands: int
    commands_by_product: Mapping[str, int]
    webhooks: int
    error_codes: int
    shared_schemas: int
    partial: Mapping[str, str]
    """Entries whose source was not complete, with what is missing."""
    reads: tuple[str, ...]
    """Commands that change nothing."""
    repeat: Mapping[str, Mapping[str, str]]
    """May a call be sent again when its outcome is unknown: commands by answer (safe, `safe with MsgSeq` ...), each
    with the evidence."""
    without_repeat_evidence: tuple[str, ...]
    without_example: tuple[str, ...]
    """Entries without an example of a success: an answer, or an event."""
    without_rate_limit: tuple[str, ...]
    without_date: tuple[str, ...]
    without_errors: tuple[str, ...]
    """Commands whose page names no error code."""
    unnamed_codes: tuple[int, ...]
    """Codes that no command names and that stand in no common table: the vendor's lists have them alone."""
    closed_sets: tuple[str, ...]
    """Places in requests, replies and what they lead to whose values are all that there are."""
    open_sets: Mapping[str, str]
    """Places whose sets are open wherever they are used, each with the reason."""
    sets_of_the_service: int
    """Sets that only the service sends: open."""
    flags: tuple[str, ...]
    instants: Mapping[str, str]
    """By place: unix, unix-ms."""
    spans: Mapping[str, str]
    """By place: seconds, milliseconds ..."""
    limited: int
    """Places in requests and replies with a limit."""
    former: Mapping[str, Mapping[str, str]]
    """Former names by place, each with the date from which the present one stands."""
    deprecated: Mapping[str, str]
    """What is deprecated, commands, codes and values of sets among it, with what to do instead."""
    undecided: Mapping[str, str]
    """Places, and commands, of which the spec must still say something: what."""


_LIMITS = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems"}
    | {"pattern", "contains", "x-max-bytes"}
)


def measure(api: Api) -> Coverage:
    """Return the coverage of `api`."""
    products = {service.name: service.product for service in api.services}
    entries: list[tuple[str, Command | Webhook]] = [(command.path, command) for command in api.commands]
    entries += [(webhook.command, webhook) for webhook in api.webhooks]
    shared = {name: schema.schema for name, schema in api.schemas_by_name.items()}
    all_places = sorted(places(api), key=lambda place: place.subject)
    sets = [place for place in all_places if is_set(place.schema)]
    return Coverage(
        commands=len(api.commands),
        commands_by_product=dict(sorted(Counter(products[command.service] for command in api.commands).items())),
        webhooks=len(api.webhooks),
        error_codes=len(api.errors),
        shared_schemas=len(api.schemas),
        partial={name: entry.partial for name, entry in entries if entry.partial},
        reads=tuple(command.path for command in api.commands if command.reads),
        repeat=_repeat(api),
        without_repeat_evidence=tuple(command.path for command in api.commands if not command.repeat_evidence),
        without_example=tuple(
            command.path
            for command in api.commands
            if not any(api.verdict.is_success(example.response) for example in command.examples)
        ),
        without_rate_limit=tuple(command.path for command in api.commands if not command.rate_limits),
        without_date=tuple(name for name, entry in entries if not entry.date),
        without_errors=tuple(command.path for command in api.commands if not command.errors),
        unnamed_codes=tuple(error.code for error in api.errors if not (error.commands or error.editions)),
        closed_sets=tuple(place.subject for place in sets if place.written and not is_open(place.schema)),
        open_sets={place.subject: str(place.schema["x-open"]) for place in all_places if is_open(place.schema)},
        sets_of_the_service=sum(not (place.written or is_open(place.schema)) for place in sets),
        flags=tuple(place.subject for place in all_places if is_flag(place.schema)),
        instants={place.subject: form for place in all_places if (form := instant(place.schema))},
        spans={place.subject: unit for place in all_places if (unit := span(place.schema))},
        limited=sum(place.written and not _LIMITS.isdisjoint(place.schema) for place in all_places),
        former={
            place.subject: cast(Mapping[str, str], place.schema["former"])
            for place in all_places
            if "former" in place.schema
        },
        deprecated={
            **{command.path: deprecation(of.as_written) for command in api.commands if (of := command.deprecated)},
            **{str(error.code): deprecation(of.as_written) for error in api.errors if (of := error.deprecated)},
            **{name: text for place in all_places for name, text in _deprecated(place)},
        },
        undecided={
            **{command.path: "does it only read (reads)?" for command in api.commands if command.reads is None},
            **{place.subject: question for place in all_places if (question := undecided(place, shared))},
        },
    )


def _deprecated(place: Place) -> Iterator[tuple[str, str]]:
    if "deprecated" in place.schema:
        yield place.subject, deprecation(cast(Mapping[str, str], place.schema["deprecated"]))
    for value, entry in cast(Mapping[str, Mapping[str, str]], place.schema.get("x-enum-deprecated", {})).items():
        yield f"{place.subject}: {value}", deprecation(entry)


def _repeat(api: Api) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for command in api.commands:
        answer = command.repeat
        if command.safe_if:
            answer = f"safe {'with' if command.safe_if.given else 'without'} {command.safe_if.field}"
        elif command.dedupe:
            answer = f"{answer} for {command.dedupe.window} s"
        codes = "".join(f" {entry.code}: {entry.evidence}" for entry in command.repeated)
        found.setdefault(answer, {})[command.path] = (command.repeat_evidence or "no evidence.") + codes
    return dict(sorted(found.items()))


def as_text(coverage: Coverage) -> str:
    """Return the coverage for a terminal."""
    return "\n".join(_lines(coverage)) + "\n"


def _lines(coverage: Coverage) -> Iterator[str]:
    products = ", ".join(f"{product} {count}" for product, count in coverage.commands_by_product.items())
    yield f"{coverage.commands:5} commands ({products})"
    yield f"{coverage.webhooks:5} webhooks"
    yield f"{coverage.error_codes:5} error codes"
    yield f"{coverage.shared_schemas:5} shared schemas"
    yield ""
    yield f"{len(coverage.partial):5} with a partial source"
    yield from (f"        {name}: {missing}" for name, missing in coverage.partial.items())
    yield from _listed("that only read", coverage.reads)
    for answer, commands in coverage.repeat.items():
        yield f"{len(commands):5} repeat: {answer}"
        yield from (f"        {path}: {evidence}" for path, evidence in commands.items())
    for label, names in (
        ("without evidence for repeat", coverage.without_repeat_evidence),
        ("without an example of a success", coverage.without_example),
        ("without a rate limit", coverage.without_rate_limit),
        ("without a date", coverage.without_date),
        ("without error codes", coverage.without_errors),
    ):
        yield from _listed(label, names)
    yield f"{len(coverage.unnamed_codes):5} error codes that no command names, beside the common ones"
    yield from _listed("sets closed in requests", coverage.closed_sets)
    yield from _listed("sets open for a reason", coverage.open_sets)
    yield f"{coverage.sets_of_the_service:5} sets of the service alone, open"
    yield from _listed("flags", coverage.flags)
    yield from _listed("instants", coverage.instants)
    yield from _listed("spans of time", coverage.spans)
    yield f"{coverage.limited:5} limits in requests"
    former = {
        place: ", ".join(f"{name} until {date}" for name, date in names.items())
        for place, names in coverage.former.items()
    }
    yield from _listed("fields with former names", former)
    yield from _listed("deprecated", coverage.deprecated)
    yield from _listed("undecided", coverage.undecided)


def _listed(label: str, names: Sequence[str] | Mapping[str, str]) -> Iterator[str]:
    yield f"{len(names):5} {label}"
    for name in names:
        yield f"        {name}: {names[name]}" if isinstance(names, Mapping) else f"        {name}"
