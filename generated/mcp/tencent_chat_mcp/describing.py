"""What a command takes and answers, in few words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tencent_chat import COMMANDS, ErrorCode
from tencent_chat.commands import Command, RateLimit

from .allowing import Allowed
from .pages import SharedSchema, needed, page, schemas

if TYPE_CHECKING:
    from tencent_chat.error_codes import Meaning

# Characters. Schemas beyond it are named, and described when they are asked for.
_ENOUGH = 7000
# Commands that name an error code; find_commands lists them all.
_NAMED = 10


def listed(command: Command, allowed: Allowed) -> str:
    """Return a command on a line."""
    return f"{command.method} ({command.path}): {command.summary} [{_effect(command, allowed)}]"


def described(command: Command, allowed: Allowed) -> str:
    """Return all that a caller needs to know of a command."""
    more = page(command.path)
    lines = [listed(command, allowed)]
    if command.deprecated:
        since, use = command.deprecated
        lines.append(f"Deprecated{f' since {since}' if since else ''}: {use}.")
    lines += [more.description] if more.description else []
    if not allowed.permits(command):
        lines.append(f"Not allowed here: {allowed.reason(command)}")
    lines.append(f"Rate limit: {'; '.join(map(_limit, command.rate_limits)) or 'not documented'}")
    lines += more.facts
    lines += ["", "Body (* is required):", *(more.request or ("{} (it takes nothing)",))]
    lines += _schemas(more.schema, sum(map(len, lines)))
    lines += [
        "",
        "Answer, beside ActionStatus, ErrorCode and ErrorInfo:",
        *(more.answer or ("nothing",)),
    ]
    lines += ["", "Example body:", _compact(more.example["body"])]
    lines += ["Its answer:", _compact(more.example["answer"])]
    if command.errors:
        lines += ["", "Errors beside the common ones (explain_error tells more):"]
        lines.append(", ".join(f"{int(code)} {code.name}" for code in command.errors))
    lines.append(f"Vendor's page: {command.docs}")
    return "\n".join(lines)


def described_schema(schema: SharedSchema) -> str:
    """Return what a shared schema is, and those that it leads to."""
    lines = [schema.head, *schema.fields]
    return "\n".join([*lines, *_schemas(schema.schema, sum(map(len, lines)))])


def explained(code: ErrorCode) -> str:
    """Return what an error code means, in single services as well, and which commands name it."""
    lines = [f"{int(code)} {code.name}"]
    if code.deprecated:
        since, use = code.deprecated
        lines.append(f"Deprecated{f' since {since}' if since else ''}: {use}.")
    lines.append(_meaning(code))
    lines += [f"In {service}: {_meaning(of)}" for service, of in code.services.items()]
    naming = [command.method for command in COMMANDS.values() if code in command.errors]
    if naming:
        more = ", ..." if len(naming) > _NAMED else ""
        lines.append(f"Named by {len(naming)} commands: {', '.join(naming[:_NAMED])}{more}")
    return "\n".join(lines)


def _meaning(of: ErrorCode | Meaning) -> str:
    return f"{of.message} {of.fix} [{of.category}; retry: {of.retry}]"


def _schemas(schema: dict[str, object], used: int) -> list[str]:
    lines: list[str] = []
    left: list[str] = []
    for name in needed(schema):
        known = schemas()[name]
        part = [known.head, *(f"  {line}" for line in known.fields)]
        used += sum(map(len, part))
        if used > _ENOUGH:
            left.append(name)
        else:
            lines += part
    more = [f"Described when asked for by name: {', '.join(left)}"] if left else []
    return ["", "Types in the body:", *lines, *more] if lines or more else []


def _effect(command: Command, allowed: Allowed) -> str:
    effect = "reads" if command.reads else "changes something"
    return effect if allowed.permits(command) else f"{effect}; not allowed"


def _limit(limit: RateLimit) -> str:
    more: Iterable[str] = filter(None, [limit.plan, limit.note])
    text = f"{limit.calls} calls per {limit.per}"
    return f"{text} ({'; '.join(more)})" if limit.plan or limit.note else text


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
