"""Starting the server: its arguments, its environment, and that no secret leaves it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.mcp_servers import COMMAND, serving, surroundings
from tencent_chat import COMMANDS
from tencent_chat.usersig import generate
from tencent_chat_emulator import Emulator
from tencent_chat_mcp.allowing import Allowed

INITIALIZE = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "by hand", "version": "1"},
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=surroundings(None, **environment),
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_help_and_version_load_nothing() -> None:
    shown = run("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "--allow NAME" in shown.stdout
    assert "TENCENT_CHAT_SECRET_KEY" in shown.stdout
    code = (
        "import sys; from tencent_chat_mcp.__main__ import main\n"
        "try: main(['--version'])\n"
        "finally: print([name for name in ('mcp', 'pydantic', 'tencent_chat') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=surroundings(None)
    )
    version, loaded = done.stdout.splitlines()
    assert version.startswith("tencent-chat-mcp 0.")
    assert loaded == "[]"


@pytest.mark.parametrize(
    ("arguments", "variable", "meant"),
    [(("--allow", "groups.cretae"), "", "groups.create"), ((), "openim/sendmsgs", "messages.send")],
)
def test_what_cannot_be_allowed_ends_it(arguments: tuple[str, ...], variable: str, meant: str) -> None:
    ended = run(*arguments, TENCENT_CHAT_MCP_ALLOW=variable)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("tencent-chat-mcp: no command is called ")
    assert f"did you mean {meant}" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("secret", ["--secret-key=abc", "abc"])
def test_secrets_are_no_arguments(secret: str) -> None:
    assert run(secret).returncode == 2


def test_without_an_app_it_starts_and_says_what_is_missing(tmp_path: Path) -> None:
    with serving(environment=surroundings(None), errors=tmp_path / "log") as server:
        assert "messages.send" in server.text("find_commands", query="sendmsg")
        problem = server.problem("call_command", name="accounts.check", body={"CheckItem": [{"UserID": "a"}]})
        assert problem["problem"] == "not_configured"
        assert "TENCENT_CHAT_SDKAPPID" in problem["message"]


@pytest.mark.parametrize(
    ("name", "permitted", "not_permitted"),
    [
        ("*", "groups.delete", ""),
        ("groups", "groups.delete", "live_groups.send_broadcast"),
        ("groups.*", "groups.delete", "live_groups.send_broadcast"),
        ("groups.create", "groups.create", "groups.delete"),
        ("openim", "messages.send", "groups.create"),
        ("openim/*", "messages.send", "groups.create"),
        ("group_open_http_svc/create_*", "groups.create", "groups.delete"),
        ("live_rooms.get_webhook_token", "live_rooms.get_webhook_token", "live_rooms.create"),
    ],
)
def test_names_allow_what_they_fit(name: str, permitted: str, not_permitted: str) -> None:
    allowed = Allowed([name])
    by_method = {command.method: command for command in COMMANDS.values()}
    assert allowed.permits(by_method[permitted])
    assert not not_permitted or not allowed.permits(by_method[not_permitted])
    assert allowed.permits(by_method["groups.get"])


def test_nothing_is_allowed_but_reading() -> None:
    assert not Allowed(["groups.get"])
    permitted = {command.path for command in COMMANDS.values() if Allowed([]).permits(command)}
    assert permitted == {path for path, command in COMMANDS.items() if command.reads} - {
        "live_config/get_callback_token"
    }


def test_no_secret_leaves_it(emulator: Emulator) -> None:
    """By hand, without the SDK: every byte of both streams, through failures of all kinds."""
    emulator.fail("sns/friend_get", code=30001)
    emulator.fail("sns/black_list_get", reset=True, times=9)
    emulator.fail("profile/portrait_get", html=True, times=9)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("find_commands", {"query": "usersig secret key"}),
        ("describe_command", {"name": "accounts.kick"}),
        ("call_command", {"name": "accounts.check", "body": {"CheckItem": [{"UserID": "bob"}]}}),
        ("call_command", {"name": "accounts.check", "body": {"secret_key": "?"}}),
        ("call_command", {"name": "friends.list_all", "body": {"From_Account": "bob", "StartIndex": 0}}),
        (
            "call_command",
            {
                "name": "blocklist.list_all",
                "body": {"From_Account": "bob", "StartIndex": 0, "MaxLimited": 9, "LastSequence": 0},
            },
        ),
        ("call_command", {"name": "profiles.get", "body": {"To_Account": ["bob"], "TagList": ["Tag_Profile_IM_Nick"]}}),
        ("call_command", {"name": "groups.create", "body": {}}),
        ("call_command", {"name": "groups.create"}),
        ("explain_error", {"code": "70001"}),
    ]
    messages: list[dict[str, Any]] = [
        {"id": 0, "method": "initialize", "params": INITIALIZE},
        {"method": "notifications/initialized"},
        {"id": 1, "method": "tools/list"},
        *(
            {"id": number, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
            for number, (name, arguments) in enumerate(calls, 2)
        ),
    ]
    process = subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=surroundings(emulator, PYTHONDEVMODE="1"),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    answers: dict[int, Any] = {}
    raw = ""
    for message in messages:
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        process.stdin.flush()
        while "id" in message and message["id"] not in answers:
            line = process.stdout.readline()
            raw += line
            answer = json.loads(line)
            answers[answer["id"]] = answer
    rest, errors = process.communicate(timeout=30)
    problems = [
        answers[number]["result"].get("structuredContent", {}).get("problem") for number in range(2, len(calls) + 2)
    ]
    assert problems == [
        None,
        None,
        None,
        "body_refused",
        "service_refused",
        "outcome_unknown",
        "outcome_unknown",
        "not_allowed",
        None,
        None,
    ]
    assert len(emulator.calls) > 4
    said = raw + rest + errors
    assert emulator.secret_key not in said
    usersig = generate(emulator.sdkappid, emulator.secret_key, emulator.identifier)
    # What all of them begin with.
    assert usersig[:8] not in said
    assert not re.search(r"eJ[A-Za-z0-9*_-]{40}", said)
    assert "Traceback" not in errors
