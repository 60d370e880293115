"""Arguments, attributes and what elements are made of, under the names that they had before."""

from __future__ import annotations

import asyncio
import inspect
import json
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import create_autospec

import pytest

from golden.conftest import Generated
from golden.support import PACKAGE, Case, make_project
from golden.test_behaviour import Recorder, client, transport

__all__ = ["client", "transport"]

OWNER = "Deprecated since 0.2.0: use owner in place of user_name"
MEMBERS = "Deprecated since 0.3.0: use members in place of people"
FILTER = "Deprecated since 0.2.0: use filter in place of only"


def warned(call: Callable[[], object], *texts: str) -> Any:
    """Return what the call does, which warns of just this, in the name of the line here."""
    with warnings.catch_warnings(record=True, action="always") as caught:
        result = call()
    assert [(str(w.message), w.category, w.filename) for w in caught] == [
        (text, DeprecationWarning, __file__) for text in texts
    ]
    return result


@pytest.fixture
def models(generated: Generated) -> ModuleType:
    return generated.module("models")


def test_methods_take_them(client: Any, transport: Recorder) -> None:
    namespace = client.renamed_arguments
    warned(lambda: namespace.put(user_name="a", members=["b"]), OWNER)
    warned(lambda: namespace.put(user_name="a", people=["b"], note="n"), OWNER, MEMBERS)
    warned(
        lambda: namespace.put(owner="a", members=["b"], certain=True),
        "Deprecated since 0.2.0: use sure in place of certain",
    )
    warned(lambda: namespace.put(owner="a", members=["b"]))
    plain = {"Owner": "a", "Members": ["b"]}
    assert transport.bodies == [plain, {**plain, "Note": "n"}, {**plain, "Sure": 1}, plain]


def test_the_warning_names_the_line_of_the_call(client: Any) -> None:
    with warnings.catch_warnings(record=True, action="always") as caught:
        line = inspect.currentframe().f_lineno + 1  # type: ignore[union-attr]
        client.renamed_arguments.put(user_name="a", members=["b"])
        client.renamed_arguments.invite(friend="b")
    assert [warning.lineno for warning in caught] == [line, line + 1, line + 1]


def test_so_do_those_that_read_pages_and_take_lists(client: Any, transport: Recorder) -> None:
    namespace = client.renamed_arguments
    transport.answer = {"ErrorCode": 0, "Names": ["a"], "Next": ""}
    assert warned(lambda: namespace.list_names(only="new").names, FILTER) == ["a"]
    assert warned(lambda: list(namespace.iter_names(only="new", max_items=5)), FILTER) == ["a"]
    assert [body["Filter"] for body in transport.bodies] == ["new", "new"]
    transport.bodies.clear()
    result = warned(lambda: namespace.put_many(owner="a", people=["b", "c", "d"]), MEMBERS)
    assert len(result.done) == 3
    assert sorted(len(body["Members"]) for body in transport.bodies) == [1, 2]


def test_a_former_name_of_the_method_takes_former_names_of_its_arguments(client: Any, transport: Recorder) -> None:
    namespace = client.renamed_arguments
    transport.answer = {"ErrorCode": 0, "Names": ["a"], "Next": ""}
    warned(lambda: namespace.all_names(only="new"), "Deprecated since 0.2.0: use list_names", FILTER)
    warned(lambda: list(namespace.iter_all_names(only="new")), "Deprecated since 0.2.0: use iter_names", FILTER)
    advice = "Deprecated: use put (client.renamed_arguments.put)"
    warned(lambda: namespace.invite(friend="b"), advice, "Deprecated since 0.2.0: use guest in place of friend")
    assert [body.get("Filter", body.get("Guest")) for body in transport.bodies] == ["new", "new", "b"]


def test_none_is_not_sent_by_any_name(client: Any, transport: Recorder) -> None:
    namespace = client.renamed_arguments
    warned(lambda: namespace.list_names(only=None), FILTER)
    warned(lambda: namespace.list_names(only=None, filter="new"), FILTER)
    warned(lambda: namespace.list_names(only="new", filter=None), FILTER)
    assert transport.bodies == [{}, {"Filter": "new"}, {"Filter": "new"}]


def test_both_names_are_refused(generated: Generated, client: Any, transport: Recorder) -> None:
    with pytest.warns(DeprecationWarning, match=OWNER), pytest.raises(generated.package.RequestError) as caught:
        client.renamed_arguments.put(user_name="a", owner="a", members=["b"])
    assert [(p.path, p.name, p.text) for p in caught.value.problems] == [
        ("Owner", "owner", "is given under both of its names")
    ]
    assert caught.value.command == "renamed_arguments/put"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert not transport.bodies


def test_neither_name_is_a_mistake_of_the_program(client: Any, transport: Recorder) -> None:
    with pytest.raises(TypeError, match=r"RenamedArguments\.put\(\) lacks the argument 'owner'"):
        client.renamed_arguments.put(members=["b"])
    with pytest.raises(TypeError, match="usr_name"):
        client.renamed_arguments.put(usr_name="a", owner="a", members=["b"])
    assert not transport.bodies


def test_extra_and_the_names_on_the_wire_are_as_before(client: Any, transport: Recorder) -> None:
    warned(lambda: client.call("renamed_arguments/put", {"UserName": "a", "Members": ["b"]}))
    # What this is in Python, no body has.
    warned(lambda: client.call("renamed_arguments/put", {"Owner": "a", "Members": ["b"], "people": ["c"]}))
    assert transport.bodies[0] == {"Owner": "a", "Members": ["b"]}
    assert transport.bodies[1] == {"Owner": "a", "Members": ["b"], "people": ["c"]}


def test_constructors_take_them(client: Any, transport: Recorder, models: ModuleType, generated: Generated) -> None:
    part = warned(
        lambda: models.RenamedPart(length=3, load="x"),
        "Deprecated since 0.2.0: use size in place of length",
        "Deprecated since 0.2.0: use overload in place of load",
    )
    assert part == models.RenamedPart(size=3, overload="x")
    wide = warned(lambda: models.RenamedPart(width=3), "Deprecated since 0.3.0: use size in place of width")
    assert wide.model_dump(by_alias=True, exclude_unset=True) == {"Size": 3}
    lamp = generated.module("models.renamed_arguments.put").PutRenamedArgumentsLamp
    client.renamed_arguments.put(
        owner="a",
        members=["b"],
        part=wide,
        lamp=warned(lambda: lamp(power=9), "Deprecated since 0.2.0: use watt in place of power"),
    )
    assert transport.bodies == [{"Owner": "a", "Members": ["b"], "Part": {"Size": 3}, "Lamp": {"Watt": 9}}]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_constructors_refuse_what_does_not_fit_by_any_name(generated: Generated, models: ModuleType) -> None:
    def problems(**fields: object) -> list[tuple[str, str]]:
        with pytest.raises(generated.package.RequestError) as caught:
            models.RenamedPart(**fields)
        assert caught.value.model == "RenamedPart"
        return [(problem.path, problem.text) for problem in caught.value.problems]

    twice = [("Size", "is given under both of its names")]
    assert problems(length=1, size=1) == problems(length=1, Size=1) == problems(length=1, width=1) == twice
    assert problems(length=-1) == [("Size", "at least 0")]
    assert models.RenamedPart(length=None, size=2).size == 2


def test_elements_take_them(models: ModuleType) -> None:
    words, tint = (
        f"Deprecated since 0.2.0: use {new} in place of {old}" for old, new in (("words", "text"), ("tint", "colour"))
    )
    present = models.RenamedNote("t", "w", colour="c")
    assert warned(lambda: models.RenamedNote("t", words="w", tint="c"), words, tint) == present
    assert warned(lambda: models.RenamedNote(title="t", words="w", colour="c"), words) == present
    assert warned(lambda: models.RenamedNote("t", "w", tint="c"), tint) == present


def test_attributes_go_on(models: ModuleType) -> None:
    part = models.RenamedPart(size=3)
    assert warned(lambda: part.length, "Deprecated since 0.2.0: use size in place of length") == 3
    warned(lambda: setattr(part, "length", 4), "Deprecated since 0.2.0: use size in place of length")
    assert part.size == 4
    assert part.model_dump(by_alias=True, exclude_unset=True) == {"Size": 4}
    # Nobody asks for them by looking at the object.
    warned(lambda: (repr(part), pickle.loads(pickle.dumps(part)), part.model_copy(deep=True), part == part))


def test_in_an_answer_the_former_name_is_an_unknown_field(client: Any, transport: Recorder) -> None:
    transport.answer = {"ErrorCode": 0, "Part": {"Size": 1, "length": 5}}
    answer = warned(lambda: client.renamed_arguments.put(owner="a", members=["b"]))
    assert (answer.part.size, answer.part.model_extra) == (1, {"length": 5})
    assert answer.part.model_dump(by_alias=True, exclude_unset=True) == {"Size": 1, "length": 5}


def test_awaited_methods_take_them(generated: Generated) -> None:
    bodies: list[Any] = []

    class Transport:
        async def send(self, request: Any) -> object:
            bodies.append(json.loads(request.body))
            return generated.package.Received(200, {}, b'{"ErrorCode": 0, "Names": ["a"], "Next": ""}')

    async def use() -> None:
        client = generated.package.AsyncChatClient(1, "dummy", base_url="https://localhost", transport=Transport())
        namespace = client.renamed_arguments
        with pytest.warns(DeprecationWarning, match=OWNER) as caught:
            await namespace.put(user_name="a", members=["b"])
        with pytest.warns(DeprecationWarning, match=MEMBERS) as many:
            await namespace.put_many(owner="a", people=["b", "c"])
        with pytest.warns(DeprecationWarning, match=FILTER) as pages:
            assert [name async for name in namespace.iter_names(only="new")] == ["a"]
        assert [w.filename for w in (*caught, *many, *pages)] == [__file__] * 3
        refused = pytest.raises(generated.package.RequestError, match="both of its names")
        with pytest.warns(DeprecationWarning, match=FILTER), refused:
            await namespace.list_names(only="new", filter="new")

    asyncio.run(use())
    assert bodies == [
        {"Owner": "a", "Members": ["b"]},
        {"Owner": "a", "Members": ["b", "c"]},
        {"Filter": "new", "Next": ""},
    ]


def test_signatures_and_doubles_have_them(generated: Generated) -> None:
    double = create_autospec(generated.package.ChatClient, instance=True)
    for method in (double.renamed_arguments.put, double.renamed_arguments.put_many):
        method(user_name="a", people=["b"])
        method(owner="a", members=["b"])
        with pytest.raises(TypeError):
            method(usr_name="a", members=["b"])
    for folder, prefix in (("namespaces", ""), ("async_namespaces", "Async")):
        cls = getattr(generated.module(f"{folder}.renamed_arguments"), f"{prefix}RenamedArguments")
        assert inspect.iscoroutinefunction(cls.put) == bool(prefix)
        assert {"owner", "user_name"} < set(inspect.signature(cls.put).parameters)


def test_a_program_without_them_loads_no_more(generated: Generated) -> None:
    program = f"""
import sys
sys.path.insert(0, {str(generated.folder)!r})
import {PACKAGE}.namespaces.renamed_arguments
print(*(name for name in ("inspect", "pydantic", "requests", "aiohttp") if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_pages_say_so(tmp_path: Path) -> None:
    mini = make_project(tmp_path, [Case("renamed_arguments")], "docs")
    result = mini.timgen("generate")
    assert result.returncode == 0, result.stdout + result.stderr
    text = (tmp_path / "generated/docs/commands/renamed_arguments/put.md").read_text(encoding="utf-8")
    assert r"Who owns it. Formerly \`UserName\`; called \`user_name\` in Python until 0.2.0. |" in text
