"""The MCP server as its clients start it: in a process of its own, for an app of the emulator."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent, Tool

from support.paths import CLIENT, MCP
from tencent_chat_emulator import Emulator

COMMAND = [sys.executable, "-m", "tencent_chat_mcp"]


def surroundings(emulator: Emulator | None, **more: str) -> dict[str, str]:
    """Return the environment of a server: that of the app, or none."""
    found = {"PYTHONPATH": os.pathsep.join([str(CLIENT), str(MCP)]), **more}
    if emulator:
        found |= {
            "TENCENT_CHAT_SDKAPPID": str(emulator.sdkappid),
            "TENCENT_CHAT_SECRET_KEY": emulator.secret_key,
            "TENCENT_CHAT_BASE_URL": emulator.url,
        }
    return found


class Server:
    """A running server, by a client of the SDK."""

    def __init__(self, client: Client, portal: BlockingPortal) -> None:
        self.client = client
        self.portal = portal

    def tools(self) -> list[Tool]:
        return self.portal.call(self.client.list_tools).tools

    def result(self, tool: str, **arguments: object) -> CallToolResult:
        return self.portal.call(self.client.call_tool, tool, arguments)

    def text(self, tool: str, **arguments: object) -> str:
        """Return the text of a result that is no error."""
        result = self.result(tool, **arguments)
        (content,) = result.content
        assert isinstance(content, TextContent)
        assert not result.is_error, content.text
        return content.text

    def called(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a call that succeeds gives back."""
        result = self.result("call_command", name=name, body=body)
        assert not result.is_error, result
        assert result.structured_content is not None
        return result.structured_content

    def problem(self, tool: str, **arguments: object) -> dict[str, Any]:
        """Return the error of a call that fails."""
        result = self.result(tool, **arguments)
        assert result.is_error, result
        assert result.structured_content is not None, result
        return result.structured_content


@contextmanager
def serving(*arguments: str, environment: dict[str, str], errors: Path) -> Iterator[Server]:
    """Start a server; what it says on standard error goes into a file."""
    program, *start = COMMAND
    parameters = StdioServerParameters(command=program, args=[*start, *arguments], env=environment)
    with errors.open("w", encoding="utf-8") as log, start_blocking_portal() as portal:
        client = Client(stdio_client(parameters, errlog=log))
        with portal.wrap_async_context_manager(client):
            yield Server(client, portal)
