"""Finding and describing commands, and what the tools say of themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support.mcp_servers import Server
from tencent_chat import COMMANDS
from tencent_chat_mcp.allowing import Allowed
from tencent_chat_mcp.describing import described
from tencent_chat_mcp.pages import page, standalone

TOOLS = ["call_command", "describe_command", "explain_error", "find_commands"]
MOST_OF_TOOLS = 2_400
"""Characters that the tools may take of a conversation, before anything is asked."""
MOST_OF_A_PAGE = 14_000


def test_four_tools_take_little_room(reader: Server) -> None:
    tools = reader.tools()
    assert sorted(tool.name for tool in tools) == TOOLS
    size = len(json.dumps([tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]))
    assert size <= MOST_OF_TOOLS


def test_the_tools_say_whether_they_change_something(reader: Server, writer: Server) -> None:
    for server, reads in ((reader, True), (writer, False)):
        hints = {tool.name: tool.annotations for tool in server.tools()}
        call = hints.pop("call_command")
        assert call is not None
        assert (call.read_only_hint, call.destructive_hint) == (reads, not reads)
        assert all(hint is not None and hint.read_only_hint for hint in hints.values())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("openim/sendmsg", "messages.send"),
        ("sendmsg", "messages.send"),
        ("Messages.Send", "messages.send"),
        ("send message", "messages.send"),
        ("mute a member in a group", "groups.mute_members"),
        ("history of a conversation", "messages.get_history"),
        ("MsgLifeTime", "messages.send"),
        ("is somebody blocked", "blocklist.check"),
        ("delete accounts", "accounts.delete"),
        ("who is in a group: list of members", "groups.list_members"),
        ("push statistics", "push.get_statistics"),
        ("export all messages", "operations.export_messages"),
        ("online status of users", "accounts.get_online_status"),
    ],
)
def test_the_first_hit_is_the_one_that_was_meant(reader: Server, query: str, first: str) -> None:
    assert reader.text("find_commands", query=query).startswith(f"{first} ({path_of(first)}): ")


@pytest.mark.parametrize("query", ["10010", "GROUP_NOT_FOUND", "group_not_found"])
def test_an_error_code_finds_the_commands_that_name_it(reader: Server, query: str) -> None:
    naming = [command.method for command in COMMANDS.values() if 10010 in command.errors]
    assert naming
    found = reader.text("find_commands", query=query, limit=50).splitlines()
    assert [line.split(" ")[0] for line in found] == naming


def path_of(method: str) -> str:
    return next(path for path, command in COMMANDS.items() if command.method == method)


def test_a_hit_says_what_it_does_and_whether_it_may_be_called(reader: Server, writer: Server) -> None:
    found = reader.text("find_commands", query="messages.send")
    line = "messages.send (openim/sendmsg): Send a one-to-one message to an account"
    assert found == f"{line} [changes something; not allowed]"
    assert writer.text("find_commands", query="messages.send") == f"{line} [changes something]"
    assert reader.text("find_commands", query="messages.get_history").endswith(" [reads]")


def test_hits_are_few_and_the_rest_is_counted(reader: Server) -> None:
    *lines, more = reader.text("find_commands", query="group", limit=3).splitlines()
    assert len(lines) == 3
    assert more.endswith(" more: raise limit, or add words.")
    assert reader.text("find_commands", query="zebra").startswith("No command has any of these words.")
    # Any command may answer with it, so that no page names it.
    assert "explain_error" in reader.text("find_commands", query="INVALID_SDKAPPID")


def test_a_description_says_what_a_call_needs(reader: Server) -> None:
    text = reader.text("describe_command", name="groups.create")
    assert text.startswith("groups.create (group_open_http_svc/create_group): Create a group [changes something; ")
    lines = text.splitlines()
    assert "Name*: string. Group name. [at most 30 bytes of UTF-8]" in lines
    assert any(line.startswith("Type*: string. Kind of group. One of: Public (") for line in lines)
    assert any(line.startswith("  Member_Account*: string. ") for line in lines)
    assert "Rate limit: 200 calls per second" in lines
    assert "--allow groups.create" in text
    example = json.loads(lines[lines.index("Example body:") + 1])
    assert Draft202012Validator(schema_of(reader, "groups.create")).is_valid(example)


def test_a_description_explains_types_and_leads_on(reader: Server) -> None:
    text = reader.text("describe_command", name="openim/sendmsg")
    assert "\nNewMsgBody: array of MsgElement. " in text
    (more,) = [line for line in text.splitlines() if line.startswith("Described when asked for by name: ")]
    name = more.split(": ")[1].split(", ")[0]
    assert reader.text("describe_command", name=name).startswith(f"{name}: ")


def test_what_the_client_fills_in_is_not_asked_for(reader: Server) -> None:
    text = reader.text("describe_command", name="messages.send")
    assert "\nMsgRandom: integer. " in text
    assert "MsgRandom" not in schema_of(reader, "messages.send")["required"]


def schema_of(server: Server, name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(server.text("describe_command", name=name, json_schema=True))
    return schema


def test_every_command_has_a_page_of_bounded_length() -> None:
    for path, command in COMMANDS.items():
        text = described(command, Allowed([]))
        assert len(text) <= MOST_OF_A_PAGE, path
        assert text.startswith(f"{command.method} ({path}): {command.summary} ["), path
        lines = text.splitlines()
        example = json.loads(lines[lines.index("Example body:") + 1])
        schema = standalone(page(path).schema, filled=command.fill)
        Draft202012Validator.check_schema(schema)
        assert Draft202012Validator(schema).is_valid(example), path


def test_an_unknown_command_has_similar_ones(reader: Server) -> None:
    assert reader.problem("describe_command", name="groups.cretae")["did_you_mean"][0] == "groups.create"
    problem = reader.problem("call_command", name="openim/sendmsgs", body={})
    assert problem["problem"] == "unknown_command"
    assert problem["did_you_mean"][0] == "messages.send"


def test_an_error_code_is_explained_by_number_and_name(reader: Server) -> None:
    text = reader.text("explain_error", code="10010")
    assert text.startswith("10010 GROUP_NOT_FOUND\nThere is no such group")
    assert "\nIn official_account_open_http_svc: There is no such official account." in text
    assert reader.text("explain_error", code="group_not_found") == text
    assert reader.problem("explain_error", code="GROUP_NOT_FOUD")["did_you_mean"][0] == "GROUP_NOT_FOUND"
    assert reader.problem("explain_error", code="123456789")["problem"] == "unknown_code"
