"""The real YAML language server, as editors run it: it is installed once, started, and spoken to over LSP."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

from support import node

_PACKAGES = Path(__file__).parent / "editor"
"""package.json and package-lock.json: which server it is, with everything that it needs."""

_TIMEOUT = 60


@dataclass
class Editor:
    """An editor with a folder open, and the language server behind it."""

    folder: Path
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """As in the editor's settings file: `{"yaml.schemas": {…}}`."""

    def __enter__(self) -> Editor:
        folder = node.install(_PACKAGES, "yaml-language-server")
        server = folder / "node_modules/yaml-language-server/bin/yaml-language-server"
        self._process = subprocess.Popen(
            [str(node.NODE), str(server), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._ids = count(1)
        self._open: dict[str, str] = {}
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._diagnostics: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        markdown = ["markdown", "plaintext"]
        self._request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": self.folder.as_uri(),
                "workspaceFolders": [{"uri": self.folder.as_uri(), "name": self.folder.name}],
                "capabilities": {
                    "workspace": {"configuration": True, "workspaceFolders": True},
                    "textDocument": {
                        "completion": {"completionItem": {"documentationFormat": markdown, "snippetSupport": True}},
                        "hover": {"contentFormat": markdown},
                        "publishDiagnostics": {"relatedInformation": True},
                    },
                },
            },
        )
        self._notify("initialized", {})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def open(self, file: str, text: str) -> Opened:
        """Open a file with this text, which need not be what is on the disk; wait until it has been looked at."""
        return self.open_all({file: text})[file]

    def open_all(self, texts: Mapping[str, str]) -> dict[str, Opened]:
        """Open many files at once; wait until all of them have been looked at."""
        self._close()
        for file, text in texts.items():
            # The server keeps what it knows of a version.
            document = {"uri": self._uri(file), "languageId": "yaml", "version": next(self._ids), "text": text}
            self._notify("textDocument/didOpen", {"textDocument": document})
        self._open = {self._uri(file): file for file in texts}
        found = self._published()
        return {file: Opened(self, self._uri(file), text, found[file]) for file, text in texts.items()}

    def changed(self, file: str) -> None:
        """Tell the server that a file on the disk has changed, and wait until it has looked at what is open again."""
        change = {"uri": self._uri(file), "type": 2}
        self._notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        self._published()

    def _close(self) -> None:
        """Close what is open; the server takes back its marks."""
        for uri in self._open:
            self._notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        self._published()
        self._open = {}

    def _published(self) -> dict[str, tuple[Mapping[str, Any], ...]]:
        """Wait until the server has said something of every file that is open, and return its last word, by file."""
        found: dict[str, tuple[Mapping[str, Any], ...]] = {}
        while found.keys() != set(self._open.values()):
            published = self._diagnostics.get(timeout=_TIMEOUT)
            if published["uri"] in self._open:
                found[self._open[published["uri"]]] = tuple(published["diagnostics"])
        return found

    def _uri(self, file: str) -> str:
        return (self.folder / file).as_uri()

    def ask(self, method: str, parameters: Mapping[str, Any]) -> Any:
        """Send a request, and return its result."""
        return self._request(method, parameters)

    def _request(self, method: str, parameters: Mapping[str, Any]) -> Any:
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            answer = self._answers.get(timeout=_TIMEOUT)
            if answer["id"] == number:
                assert "error" not in answer, answer
                return answer["result"]

    def _notify(self, method: str, parameters: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> None:
        """Sort what the server sends, and answer what it asks: it wants to know the settings."""
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            if message.get("method") == "textDocument/publishDiagnostics":
                self._diagnostics.put(message["params"])
            elif "method" in message and "id" in message:
                self._send({"id": message["id"], "result": self._reply(message)})
            elif "id" in message:
                self._answers.put(message)

    def _reply(self, message: Mapping[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        return [self._section(str(item.get("section", ""))) for item in message["params"]["items"]]

    def _section(self, name: str) -> dict[str, Any]:
        """Return a section of the settings as a tree: `{"schemas": {…}}` for yaml."""
        tree: dict[str, Any] = {}
        for key, value in self.settings.items():
            if key.startswith(f"{name}."):
                *parents, last = key.removeprefix(f"{name}.").split(".")
                inner = tree
                for parent in parents:
                    inner = inner.setdefault(parent, {})
                inner[last] = value
        return tree


@dataclass(frozen=True)
class Opened:
    """A file that an editor has open."""

    editor: Editor
    uri: str
    text: str
    diagnostics: tuple[Mapping[str, Any], ...]

    @property
    def messages(self) -> list[str]:
        """What the editor marks: the text and what is said about it."""
        return [f"{self._marked(found['range'])}: {found['message']}" for found in self.diagnostics]

    def complete(self, before: str = "") -> dict[str, Mapping[str, Any]]:
        """Return what is offered at the end of the text, or before how it ends, by label."""
        assert self.text.endswith(before)
        found = self.editor.ask("textDocument/completion", self._at(len(self.text) - len(before)))
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: item for item in items}

    def hover(self, word: str) -> str:
        """Return what is shown over the last occurrence of `word`."""
        found = self.editor.ask("textDocument/hover", self._at(self.text.rindex(word) + 1))
        return str(found["contents"]["value"]) if found else ""

    def _at(self, offset: int) -> dict[str, Any]:
        before = self.text[:offset]
        place = {"line": before.count("\n"), "character": len(before) - (before.rfind("\n") + 1)}
        return {"textDocument": {"uri": self.uri}, "position": place}

    def _marked(self, span: Mapping[str, Any]) -> str:
        lines = self.text.split("\n")
        start, end = span["start"], span["end"]
        last = end["character"] if end["line"] == start["line"] else None
        return str(lines[start["line"]][start["character"] : last])
