"""Former names of fields and of methods, and commands that are not to be used any more."""

from __future__ import annotations

import asyncio
import inspect
import json
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest

from golden.conftest import Generated
from golden.support import Case, make_project
from golden.test_behaviour import Recorder, client, transport

__all__ = ["client", "transport"]

PUT = "former_names/put"
BODY = {"Owner": "a", "Entries": [{"Account": "b"}]}
UNFILLED = {**BODY, "Random": 1}


def problems(package: Any, call: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(package.RequestError) as caught:
        call()
    return [(problem.path, problem.text) for problem in caught.value.problems]


def test_the_registry_has_them_by_their_paths(generated: Generated) -> None:
    former = generated.package.COMMANDS[PUT].former
    assert former["Identifier"] == former["UserName"] == "Owner"
    assert former["Entries[].Member"] == "Account"
    assert former["Part.Length"] == former["ByName.*.Length"] == "Size"
    assert {path for path in former if path.startswith("Notes")} == {"Notes[].Content", "Notes[].Link"}
    assert generated.package.COMMANDS["renamed_methods/add"].former == {}


@pytest.mark.parametrize("validate", [True, False])
def test_a_body_may_have_them(client: Any, transport: Recorder, validate: bool) -> None:
    body = {
        "Identifier": "a",
        "Begin": 5,
        "Number": 7,
        "Entries": ({"Member": "b", "Time": 3},),
        "Piece": {"Length": 1},
        "ByName": {"x": {"Length": 2}, "Length": {"Size": 3}},
        "Notes": [{"Kind": "text", "Content": "hi"}, {"Kind": "link", "Link": "y"}],
    }
    before = json.dumps(body)
    client.call(PUT, body, validate=validate)
    assert transport.bodies == [
        {
            "Owner": "a",
            "Start": 5,
            "Random": 7,
            "Entries": [{"Account": "b", "Span": 3}],
            "Part": {"Size": 1},
            "ByName": {"x": {"Size": 2}, "Length": {"Size": 3}},
            "Notes": [{"Kind": "text", "Text": "hi"}, {"Kind": "link", "Url": "y"}],
        }
    ]
    assert json.dumps(body) == before


def test_so_may_mappings_among_the_arguments(client: Any, transport: Recorder) -> None:
    client.former_names.put(owner="a", random=1, entries=[{"Member": "b"}], part={"Length": 1})
    assert transport.bodies == [{**UNFILLED, "Part": {"Size": 1}}]


def test_values_have_the_forms_of_the_field(generated: Generated, client: Any, transport: Recorder) -> None:
    begin, span = datetime(2024, 1, 1, tzinfo=UTC), timedelta(minutes=1)
    client.call(PUT, {**UNFILLED, "Certain": True, "Begin": begin, "Entries": [{"Member": "b", "Time": span}]})
    (body,) = transport.bodies
    assert (body["Sure"], body["Start"], body["Entries"]) == (1, 1704067200, [{"Account": "b", "Span": 60}])
    wrong = {**UNFILLED, "Piece": {"Length": -1}}
    assert problems(generated.package, lambda: client.call(PUT, wrong)) == [("Part.Size", "at least 0")]


def test_both_names_are_one_too_many(generated: Generated, client: Any, transport: Recorder) -> None:
    def found(body: dict[str, object]) -> list[tuple[str, str]]:
        return problems(generated.package, lambda: client.call(PUT, body, validate=False))

    assert found({"UserName": "a", "Owner": "b"}) == [("UserName", "is a former name of Owner, which is given too")]
    assert found({"UserName": "a", "Identifier": "a"}) == [
        ("Identifier", "is a former name of Owner, which is given too")
    ]
    assert found({"Entries": [{}, {"Account": "a", "Member": "b"}]}) == [
        ("Entries[1].Member", "is a former name of Account, which is given too")
    ]
    assert not transport.bodies


def test_extra_is_sent_as_it_is(generated: Generated, client: Any, transport: Recorder) -> None:
    entries = [{"Account": "b"}]
    client.call(PUT, BODY)
    client.former_names.put(owner="a", entries=entries, extra={"Number": 3, "Begin": 4})
    assert transport.bodies[1] == {**BODY, "Number": 3, "Begin": 4}
    call = lambda: client.former_names.put(owner="a", entries=entries, extra={"UserName": "c"})  # noqa: E731
    text = "is a former name of Owner, which is given as an argument; it cannot be in extra too"
    assert problems(generated.package, call) == [("UserName", text)]


def test_a_condition_of_safety_holds_by_any_name(generated: Generated, client: Any) -> None:
    package = generated.package
    command = package.COMMANDS[PUT]
    options = generated.module("_support.settings").CallOptions
    prepare = generated.module("_calls.preparing").prepare

    def repeat(body: object, extra: object = None) -> str:
        given = options(extra, None, None, None, None)
        model = command.response_model
        return prepare(client._caller.core, PUT, command, model, body, given, unknown_fields=True).repeat

    assert repeat(BODY) == "unsafe"
    assert repeat({**BODY, "Certain": 1}) == "safe"
    assert repeat(BODY, {"Certain": 1}) == "safe"


def test_a_batch_knows_its_items_by_them(client: Any, transport: Recorder) -> None:
    transport.answer = {"ErrorCode": 0, "Failed": [{"Account": "c"}]}
    result = client.former_names.put_many(owner="a", entries=[{"Member": "b"}, {"Account": "c"}, {"Member": "d"}])
    assert sorted(len(body["Entries"]) for body in transport.bodies) == [1, 2]
    assert [item.name for item in result] == ["b", "c", "d"]
    assert [item.name for item in result if item.outcome == "failed"] == ["c"]


def test_in_an_answer_they_are_unknown_fields(client: Any, transport: Recorder) -> None:
    transport.answer = {"ErrorCode": 0, "Part": {"Length": 1}}
    answer = client.call(PUT, BODY)
    assert answer.part.size is None
    assert answer.part.model_extra == {"Length": 1}
    # Given back it means what it did.
    client.call(PUT, {**UNFILLED, "Part": answer.part})
    assert transport.bodies[-1]["Part"] == {"Size": 1}


def test_a_renamed_method_works_under_its_former_name(client: Any, transport: Recorder) -> None:
    namespace = client.renamed_methods
    transport.answer = {"ErrorCode": 0, "Members": ["a"], "Next": ""}
    calls: list[tuple[str, Callable[[], object]]] = [
        ("list_members", lambda: namespace.get_members(next="x").members),
        ("list_members", lambda: namespace.everyone(next="x").members),
        ("iter_members", lambda: list(namespace.iter_everyone(next="x"))),
        ("add", lambda: namespace.deprecated(members=["a"]).error_code),
        ("add_many", lambda: [item.name for item in namespace.deprecated_many(members=["a"])]),
    ]
    for present, call in calls:
        with pytest.warns(DeprecationWarning, match=rf"Deprecated since 0\.[89]\.0: use {present}$") as caught:
            call()
        assert [warning.filename for warning in caught] == [__file__]
    assert transport.bodies == [{"Next": "x"}] * 3 + [{"Members": ["a"]}] * 2
    assert not hasattr(namespace, "iter_get_members")


def test_the_former_name_has_the_same_signature(generated: Generated) -> None:
    for folder in ("namespaces", "async_namespaces"):
        module = generated.module(f"{folder}.renamed_methods")
        cls = module.RenamedMethods if folder == "namespaces" else module.AsyncRenamedMethods
        for old, new in (("everyone", "list_members"), ("iter_everyone", "iter_members"), ("deprecated", "add")):
            before, now = getattr(cls, old), getattr(cls, new)
            assert inspect.signature(before) == inspect.signature(now)
            assert inspect.iscoroutinefunction(before) == inspect.iscoroutinefunction(now)
            assert (before.__name__, before.__qualname__) == (old, f"{cls.__name__}.{old}")
            assert f"use {new}." in before.__doc__
            assert before.__deprecated__ == before.__doc__.removesuffix(".")


def test_the_registry_knows_the_former_names(generated: Generated) -> None:
    commands = generated.package.COMMANDS
    names = ("renamed_methods.deprecated", "renamed_methods.deprecated_many")
    assert commands["renamed_methods/add"].aliases == names
    assert commands[PUT].aliases == ()
    lookup, registry = generated.module("_cli.lookup"), generated.module("commands")
    assert registry.named("client.renamed_methods.Get_Members").path == "renamed_methods/list_members"
    assert [command.path for command in lookup.having(["everyone"])] == ["renamed_methods/list_members"]
    call = generated.module("_cli.call")
    path = "renamed_methods/list_members"
    text = "renamed_methods.everyone is called renamed_methods.list_members now"
    assert call._deprecation(path, "client.renamed_methods.everyone") == text
    assert call._deprecation(path, "renamed_methods.list_members") is None
    assert call._deprecation("renamed_methods/invite", "x").startswith("renamed_methods/invite is deprecated since")


def test_a_deprecated_command_warns_at_the_line_that_calls_it(generated: Generated, client: Any) -> None:
    namespace = client.renamed_methods
    text = r"^Deprecated since 2023-01-04: use add \(client\.renamed_methods\.add\)$"
    calls: list[tuple[str, Callable[[], object]]] = [
        (text, lambda: namespace.invite(members=["a"])),
        (text, lambda: namespace.invite_many(members=["a"])),
        ('^Deprecated: read the "pages"$', namespace.read_all),
        ('^Deprecated: read the "pages"$', namespace.iter_read_all),
        (
            "^renamed_methods/invite is deprecated since 2023-01-04: use add$",
            lambda: client.call("renamed_methods/invite", {"Members": ["a"]}),
        ),
        (
            '^renamed_methods/read_all is deprecated: read the "pages"$',
            lambda: client.call("renamed_methods/read_all"),
        ),
    ]
    for match, call in calls:
        with pytest.warns(DeprecationWarning, match=match) as caught:
            call()
        assert [warning.filename for warning in caught] == [__file__]
    assert generated.package.COMMANDS["renamed_methods/invite"].deprecated == ("2023-01-04", "use add")
    assert generated.package.COMMANDS["renamed_methods/add"].deprecated is None


def test_each_line_is_warned_about_once(client: Any) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            client.renamed_methods.read_all()
        client.renamed_methods.read_all()
    assert len(caught) == 2


def test_awaited_methods_warn_too(generated: Generated) -> None:
    class Transport:
        async def send(self, _request: object) -> object:
            return generated.package.Received(200, {}, b'{"ErrorCode": 0}')

    async def use() -> None:
        client = generated.package.AsyncChatClient(1, "dummy", base_url="https://localhost", transport=Transport())
        namespace = client.renamed_methods
        for call in (
            lambda: namespace.everyone(),
            lambda: namespace.invite(members=["a"]),
            lambda: namespace.invite_many(members=["a"]),
            lambda: client.call("renamed_methods/read_all"),
        ):
            with pytest.warns(DeprecationWarning, match="[Dd]eprecated") as caught:
                await call()
            assert [warning.filename for warning in caught] == [__file__]
        with pytest.warns(DeprecationWarning, match="use iter_members"):
            assert [item async for item in namespace.iter_everyone()] == []

    asyncio.run(use())


def test_doubles_have_them(generated: Generated) -> None:
    client = create_autospec(generated.package.AsyncChatClient, instance=True)
    client.renamed_methods.deprecated.return_value = "done"
    assert asyncio.run(client.renamed_methods.deprecated(members=["a"])) == "done"
    with pytest.raises(TypeError):
        client.renamed_methods.deprecated(people=["a"])
    client = create_autospec(generated.package.ChatClient, instance=True)
    client.renamed_methods.invite.return_value = "done"
    assert client.renamed_methods.invite(members=["a"]) == "done"


def test_pages_say_what_is_old(tmp_path: Path) -> None:
    mini = make_project(tmp_path, [Case("renamed_methods"), Case("former_names")], "docs")
    result = mini.timgen("generate")
    assert result.returncode == 0, result.stdout + result.stderr

    def page(name: str) -> str:
        return (tmp_path / f"generated/docs/commands/{name}.md").read_text(encoding="utf-8")

    text = page("renamed_methods/list_members")
    assert "| Once called | `everyone` and `iter_everyone` until 0\\.8.0; `get_members` until 0\\.9.0. They" in text
    text = page("renamed_methods/invite")
    link = "[`renamed_methods/add`](../../commands/renamed_methods/add.md)"
    assert f"use add. That is `client.renamed_methods.add`, {link}.\n" in text
    assert '> Deprecated: read the "pages".\n' in page("renamed_methods/read_all")
    text = page("former_names/put")
    assert "- `Entries[].Member` is `Account` since 2022-01-14\n" in text
    assert "In `entries[]`, `Entries[]` in JSON.\n" in text
    assert "| `account`<br>`Account` |" in text


def test_a_page_follows_the_method_that_it_names(tmp_path: Path) -> None:
    mini = make_project(tmp_path, [Case("renamed_methods")], "docs")
    assert mini.timgen("generate").returncode == 0
    mini.patch("spec/v4/renamed_methods/add.yaml", "method: renamed_methods.add", "method: renamed_methods.include")
    assert mini.timgen("generate").returncode == 0
    text = (tmp_path / "generated/docs/commands/renamed_methods/invite.md").read_text(encoding="utf-8")
    assert "`client.renamed_methods.include`" in text
