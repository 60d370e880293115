"""What the spec covers, and what its entries lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from timgen.model import Api, Command, Webhook


@dataclass(frozen=True)
class Coverage:
    """Counts and gaps. Entries are named by their path or CallbackCommand, sorted."""

    commands: int
    commands_by_product: Mapping[str, int]
    webhooks: int
    error_codes: int
    shared_schemas: int
    partial: Mapping[str, str]
    """Entries whose source was not complete, with what is missing."""
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


def measure(api: Api) -> Coverage:
    """Return the coverage of `api`."""
    products = {service.name: service.product for service in api.services}
    entries: list[tuple[str, Command | Webhook]] = [(command.path, command) for command in api.commands]
    entries += [(webhook.command, webhook) for webhook in api.webhooks]
    return Coverage(
        commands=len(api.commands),
        commands_by_product=dict(sorted(Counter(products[command.service] for command in api.commands).items())),
        webhooks=len(api.webhooks),
        error_codes=len(api.errors),
        shared_schemas=len(api.schemas),
        partial={name: entry.partial for name, entry in entries if entry.partial},
        repeat=_repeat(api),
        without_repeat_evidence=tuple(command.path for command in api.commands if not command.repeat_evidence),
        without_example=tuple(
            command.path
            for command in api.commands
            if not any(example.response.get("ErrorCode", 0) == 0 for example in command.examples)
        ),
        without_rate_limit=tuple(command.path for command in api.commands if not command.rate_limits),
        without_date=tuple(name for name, entry in entries if not entry.date),
        without_errors=tuple(command.path for command in api.commands if not command.errors),
    )


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
        yield f"{len(names):5} {label}"
        yield from (f"        {name}" for name in names)
