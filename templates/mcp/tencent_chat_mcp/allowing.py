"""Which commands may be called: those that only read, and those that were allowed by name."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from tencent_chat.commands import COMMANDS, Command, similar

# Who knows the token of webhooks can forge them: it is nothing for a conversation to keep.
_ANSWERS_WITH_A_SECRET = frozenset({"live_config/get_callback_token"})


class UnknownNameError(ValueError):
    """What was to be allowed is no command."""


class Allowed:
    """The commands that may be called beside those that only read."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take methods, wire names and namespaces, with `*` for any part. Raises UnknownNameError."""
        self._paths: set[str] = set()
        for name in names:
            found = [command.path for command in COMMANDS.values() if _fits(command, name)]
            if not found:
                near = ", ".join(command.method for command in similar(name))
                meant = f"; did you mean {near}?" if near else ""
                raise UnknownNameError(
                    f"no command is called {name}, which was to be allowed{meant}"
                )
            self._paths.update(found)

    def __bool__(self) -> bool:
        """Whether anything that changes something is allowed."""
        return not all(COMMANDS[path].reads for path in self._paths)

    def permits(self, command: Command) -> bool:
        """Whether the command may be called."""
        return command.path in self._paths or (
            command.reads and command.path not in _ANSWERS_WITH_A_SECRET
        )

    def reason(self, command: Command) -> str:
        """Say why a command may not be called, and what would allow it."""
        why = "Its answer is a secret" if command.reads else "It changes something"
        return (
            f"{why}. Only who starts the server can allow it, with --allow {command.method} or with "
            f"TENCENT_CHAT_MCP_ALLOW={command.method}."
        )


def _fits(command: Command, name: str) -> bool:
    return any(
        fnmatchcase(known, pattern)
        for known in (command.method, command.path, *command.aliases)
        for pattern in (name, f"{name}.*", f"{name}/*")
    )
