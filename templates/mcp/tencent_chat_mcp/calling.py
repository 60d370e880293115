"""Calling a command: what is said of its answer, and of its failure."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from tencent_chat import (
    AsyncChatClient,
    ChatAPIError,
    ChatError,
    ConfigurationError,
    RequestError,
    ResponseError,
    TransportError,
)
from tencent_chat.commands import Command

from .cutting import cut
from .pages import page

_FIELDS_SHOWN = 20
# Characters of the service's own words.
_WORDS_SHOWN = 1000


class Failed(Exception):  # noqa: N818 - it is an answer, too
    """What a call failed with, as JSON: `problem`, `message`, and what else is known."""

    def __init__(self, problem: str, message: str, **more: object) -> None:
        known = {name: value for name, value in more.items() if value is not None}
        self.value: dict[str, Any] = {"problem": problem, "message": message, **known}
        super().__init__(message)


class Caller:
    """Calls commands as the app that the environment names. Its client is made with the first call."""

    def __init__(self) -> None:
        self._client: AsyncChatClient | None = None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def call(self, command: Command, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return `answer`, with `failed_items` and `note` where there are any. Raises Failed."""
        if unknown := _unknown_fields(command, body):
            raise _refused(unknown)
        try:
            response = await self._connected().call(command.path, body)
        except ChatError as error:
            raise _failure(error, command, body) from None
        failed = [failure._asdict() for failure in response.failures]
        told = {"answer": dict(response.raw)} | ({"failed_items": failed} if failed else {})
        told, left_out = cut(told)
        notes = [f"Cut: {'; '.join(left_out)}. {_less(command)}"] if left_out else []
        if response.done_before:
            notes.append("An earlier attempt of this call had been carried out already.")
        return told | ({"note": " ".join(notes)} if notes else {})

    def _connected(self) -> AsyncChatClient:
        if self._client is None:
            self._client = AsyncChatClient.from_env()
        return self._client


def _unknown_fields(command: Command, body: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the names of fields that the command does not take.

    The client would send them: it may be older than the service. A model has misread a name.
    """
    known: dict[str, Any] = page(command.path).schema.get("properties", {})
    found: dict[str, str] = {}
    for name in body:
        if name not in known and name not in command.former:
            near = get_close_matches(name, known, n=1)
            found[name] = f"is no field; did you mean {near[0]}?" if near else "is no field"
    return found


def _refused(problems: Mapping[str, str]) -> Failed:
    shown = dict(list(problems.items())[:_FIELDS_SHOWN])
    return Failed(
        "body_refused",
        "The body does not fit, and nothing was sent. describe_command says what it takes.",
        fields=shown,
        more_fields=len(problems) - len(shown) or None,
    )


def _less(command: Command) -> str:
    sizes = [paging.size for paging in command.paging if paging.size]
    if sizes:
        return f"Call again with a smaller {sizes[0]}: a next page begins behind what was cut, too."
    if command.paging:
        return "Do not read on from here: a next page begins behind what was cut, too."
    return "Ask for fewer things, or fewer fields of them, in one call."


def _failure(error: ChatError, command: Command, body: Mapping[str, Any]) -> Failed:
    match error:
        case RequestError():
            return _refused({problem.path or "(body)": problem.text for problem in error.problems})
        case ChatAPIError():
            return Failed(
                "service_refused",
                error.message,
                code=None if error.code is None else int(error.code),
                name=error.name,
                category=error.category,
                fix=error.fix,
                retryable=error.retryable,
                service_says=error.info[:_WORDS_SHOWN] or None,
                request_id=error.request_id,
            )
        case TransportError(outcome="not_sent"):
            return Failed("not_sent", f"{error.reason}; nothing was sent.", retryable=True)
        case TransportError() | ResponseError():
            return _unknown(error.reason, command, body)
        case ConfigurationError():
            return Failed(
                "not_configured",
                f"{error}. Whoever starts this server sets its environment; it is nothing to ask for in a conversation.",
            )
        case _:
            return Failed("failed", str(error))


def _unknown(reason: str, command: Command, body: Mapping[str, Any]) -> Failed:
    harmless = command.repeat_of(body) == "safe"
    if command.reads:
        advice = "It only reads, so call again."
    elif harmless:
        advice = "It is unknown whether it was carried out. Calling again with the same body does no harm."
    else:
        advice = "It is unknown whether it was carried out. Called again it may take effect twice: look first what became of it."
    return Failed("outcome_unknown", f"{reason}. {advice}", retryable=harmless)
