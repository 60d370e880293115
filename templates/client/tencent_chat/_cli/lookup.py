"""Commands by what people call them."""

from __future__ import annotations

from collections.abc import Sequence

from ..commands import COMMANDS, Command

_SUGGESTIONS = 5


def named(name: str) -> Command | None:
    """Return the command with this path or method, in any case; `client.` before a method is let pass.

    A former name of the method will do.
    """
    wanted = name.lower().removeprefix("client.")
    return next(
        (
            command
            for command in COMMANDS.values()
            if wanted in (command.path.lower(), command.method.lower(), *command.aliases)
        ),
        None,
    )


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


def similar(name: str) -> list[Command]:
    """Return commands that may have been meant by `name`, the likeliest first."""
    from difflib import SequenceMatcher

    wanted = name.lower().removeprefix("client.")

    def likeness(text: str) -> float:
        text = text.lower()
        parts = (text, text.replace(".", "/").partition("/")[2])
        return max(SequenceMatcher(None, wanted, part).ratio() for part in parts)

    scores = {
        path: max(likeness(path), likeness(command.method)) for path, command in COMMANDS.items()
    }
    best = sorted(scores, key=lambda path: (-scores[path], path))[:_SUGGESTIONS]
    return [COMMANDS[path] for path in best if scores[path] > 0.6]
