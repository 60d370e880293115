"""A model with a part of its commands: nothing that is needed is gone, nothing else is left."""

from __future__ import annotations

from dataclasses import fields

import pytest

from support.minispec import Mini
from timgen.language.schema import references
from timgen.modelling.build import Built
from timgen.pipeline import load, load_api
from timgen.reading import project
from timgen.tools.vendor.pruning import prune
from timgen.tools.vendor.selection import everything, select

NAMESPACES = [namespace.name for namespace in load_api(project.packaged().root).namespaces]


def pruned(built: Built, *names: str) -> Built:
    return prune(built, select(built.api, names), ())


def test_all_of_it_is_the_model_itself(whole: Built) -> None:
    same = prune(whole, everything(whole.api), ())
    for field in fields(whole.api):
        assert getattr(same.api, field.name) == getattr(whole.api, field.name)
    assert same.definitions.by_key == whole.definitions.by_key


def test_what_is_left_of_one_method(built: Built) -> None:
    api = pruned(built, "rooms.list_members").api
    assert [command.path for command in api.commands] == ["room_svc/list_members"]
    assert [service.name for service in api.services] == ["room_svc"]
    assert [(namespace.name, [command.function for command in namespace.commands]) for namespace in api.namespaces] == [
        ("rooms", ["list_members"])
    ]
    assert set(api.classes) == {"Response", "Person", "ListRoomMembersRequest", "ListRoomMembersResponse"}
    assert [schema.name for schema in api.schemas] == ["Person"]
    assert (api.webhooks, api.webhook_imports, api.text_limits) == ((), (), ())
    assert [(error.code, error.commands) for error in api.errors] == [(10002, ("room_svc/list_members",))]


def test_what_is_left_of_webhooks(built: Built) -> None:
    api = pruned(built, "webhooks").api
    assert (api.commands, api.services, api.namespaces) == ((), (), ())
    assert api.webhooks == built.api.webhooks
    assert api.webhook_imports == built.api.webhook_imports
    assert {"TextNote", "BeforeNoteEvent", "BeforeNoteReply"} <= set(api.classes)
    assert "Person" not in api.classes


def test_a_code_goes_with_the_commands_that_answer_with_it(mini: Mini) -> None:
    mini.patch(
        "spec/errors.yaml",
        "-7:\n",
        "70001: {name: EXPIRED, message: It is too old., fix: Sign again., category: server, retry: resign}\n-7:\n",
    )
    found, findings = load(mini.root)
    assert found is not None, findings
    # No command names 70001; 10002 is what the service says of bodies that do not fit.
    assert [error.code for error in pruned(found, "rooms.list_members").api.errors] == [10002, 70001]
    assert [error.code for error in pruned(found, "rooms.add_members").api.errors] == [-7, 10002, 70001]
    assert [error.code for error in pruned(found, "webhooks").api.errors] == [70001]


def test_with_a_code_goes_the_one_that_comes_in_its_place(mini: Mini) -> None:
    mini.patch(
        "spec/errors.yaml",
        "  name: TOO_LONG\n",
        "  name: TOO_LONG\n  deprecated: {use: -8}\n",
    )
    text = "{name: TOO_LARGE, message: It is too large., fix: Cut it., category: limit, retry: never}"
    mini.write("spec/errors.yaml", mini.read("spec/errors.yaml") + f"-8: {text}\n")
    mini.patch("spec/v4/note_svc/send.yaml", "examples:", "errors: [-8]\nexamples:")
    found, findings = load(mini.root)
    assert found is not None, findings
    assert [error.code for error in pruned(found, "rooms.list_members").api.errors] == [10002]
    errors = pruned(found, "rooms.add_members").api.errors
    assert [(error.code, error.commands) for error in errors] == [
        (-8, ()),
        (-7, ("room_svc/add_members",)),
        (10002, ("room_svc/add_members",)),
    ]


def test_a_deprecated_command_names_no_method_that_is_not_there(mini: Mini) -> None:
    mini.patch(
        "spec/v4/room_svc/list_members.yaml",
        "repeat: safe",
        "deprecated: {since: '2024-03-01', use: use rooms.add_members}\nrepeat: safe",
    )
    found, findings = load(mini.root)
    assert found is not None, findings
    for names, is_there in ((("rooms",), True), (("rooms.list_members",), False)):
        api = pruned(found, *names).api
        (command,) = (command for command in api.commands if command.function == "list_members")
        assert command.deprecated is not None
        assert (command.deprecated.replacement is not None) is is_there


@pytest.mark.parametrize("name", [*NAMESPACES, "webhooks"])
def test_nothing_names_what_is_gone(whole: Built, name: str) -> None:
    part = pruned(whole, name)
    api, keys = part.api, part.definitions.by_key
    for definition in keys.values():
        assert set(references(definition.schema)) <= set(keys)
        assert whole.definitions.by_key[definition.key] == definition
    named = [found for namespace in api.namespaces for found in namespace.imports] + list(api.webhook_imports)
    assert {f"{found.module}.{name}" for found in named for name in found.names} <= set(keys)
    assert {error.code for command in api.commands for error in command.errors} <= {error.code for error in api.errors}
    assert {error.category for error in api.errors} <= {category.name for category in api.categories}
    assert {limit.name for limit in api.text_limits} <= {limit.name for limit in whole.api.text_limits}
