"""Commands by words."""

from __future__ import annotations

from collections.abc import Sequence

from ..commands import COMMANDS, Command


def having(words: Sequence[str]) -> list[Command]:
    """Return the commands in whose path, method or summary all `words` occur, in any case."""
    wanted = [word.lower() for word in words]
    return [
        command
        for command in COMMANDS.values()
        if all(word in " ".join(_texts(command)).lower() for word in wanted)
    ]


def _texts(command: Command) -> tuple[str, ...]:
    return command.path, command.method, *command.aliases, command.summary
