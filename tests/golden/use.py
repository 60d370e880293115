"""What users of the client write. Type-checked strictly together with it; each function runs as a test."""

# Where an error is ignored, there is one: methods that are not to be used any more.
# pyright: reportUnnecessaryTypeIgnoreComment=error

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any
from warnings import catch_warnings

from awkward_client import ChatClient, Received, Request, RequestError
from awkward_client.models import (
    Chapter,
    Circle,
    LongListMember,
    OtherShape,
    Parcel,
    RenamedNote,
    RenamedPart,
    Section,
    Square,
    Tree,
    Visitor,
)
from awkward_client.models.field_names.put import PutFieldNamesField2Fast, PutFieldNamesRequest
from awkward_client.models.fill.send import SendFillList
from awkward_client.models.inline_objects.create import (
    CreateInlineObjectsMember,
    CreateInlineObjectsMemberRole,
    CreateInlineObjectsOwner,
    CreateInlineObjectsOwnerAddress,
    CreateInlineObjectsOwnerAddressCity,
    CreateInlineObjectsRow,
)
from awkward_client.models.maps.put import PutMapsObject
from awkward_client.models.renamed_arguments.put import PutRenamedArgumentsRequest
from awkward_client.models.unions.send import SendUnionsContent3, SendUnionsList2
from awkward_client.models.unions_schemas import TargetPerson, TargetRoom


class Recorder:
    """A transport that answers every call with `answer`."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.bodies: list[Any] = []

    def send(self, request: Request) -> Received:
        self.bodies.append(json.loads(request.body))
        return Received(200, {}, json.dumps(self.answer).encode())


def connected(answer: dict[str, object] | None = None) -> tuple[ChatClient, list[Any]]:
    transport = Recorder({"ErrorCode": 0, **(answer or {})})
    return ChatClient(1400000000, "dummy", base_url="https://localhost", transport=transport), transport.bodies


@contextmanager
def refused(*problems: str) -> Generator[None]:
    try:
        yield
    except RequestError as error:
        found = [str(problem.path) for problem in error.problems]
        assert found == list(problems), found
    else:
        raise AssertionError("it was not refused")


def recursive_objects() -> None:
    client, bodies = connected({"Tree": {"Name": "a", "Parent": {"Name": "b"}}})
    tree = Tree(name="oak", children=[Tree(name="twig")], grafts={"left": Tree(name="pear")})
    answer = client.recursion.plant(tree=tree, forest=[tree, {"Name": "elm"}], nested=["a", ["b"]], rows=[1, [2]])
    wire = {"Name": "oak", "Children": [{"Name": "twig"}], "Grafts": {"left": {"Name": "pear"}}}
    assert bodies == [{"Tree": wire, "Forest": [wire, {"Name": "elm"}], "Nested": ["a", ["b"]], "Rows": [1, [2]]}]
    assert answer.tree
    assert answer.tree.parent
    assert answer.tree.parent.name == "b"
    with refused("Tree.Children[0].Grafts.a", "Tree.Children[0].Name"):
        client.recursion.plant(tree={"Name": "oak", "Children": [{"Grafts": {"a": "b"}}]})


def a_cycle_of_schemas() -> None:
    client, bodies = connected()
    client.ref_cycle.write(
        chapter=Chapter(title="One", sections=[Section(chapter=Chapter(title="Two"))]), see={"Title": "Three"}
    )
    assert bodies == [
        {"Chapter": {"Title": "One", "Sections": [{"Chapter": {"Title": "Two"}}]}, "See": {"Title": "Three"}}
    ]


def a_schema_is_strict_in_requests_and_lenient_in_answers() -> None:
    client, bodies = connected({"Parcel": {"Weight": "heavy", "New": 1}, "Fragile": True})
    with refused("Parcel.Weight"):
        client.both_ways.send(parcel=Parcel.model_construct(label="a", weight="heavy"))
    with refused("Parcel.Label", "Parcel.Weight"):
        client.both_ways.send(parcel={"Label": "longer than ten", "Weight": 0})
    with refused("Parcel.New"):
        client.both_ways.send(parcel={"Label": "a", "New": 1})
    wrong: Any = True
    with refused("Fragile"):
        client.both_ways.send(parcel=Parcel(label="a"), fragile=wrong)
    wrong = 7
    with refused("Fragile"):
        client.both_ways.send(parcel=Parcel(label="a"), fragile=wrong)
    answer = client.both_ways.send(parcel=Parcel(label="a"), extra={"Fragile": 7})
    assert bodies == [{"Parcel": {"Label": "a"}, "Fragile": 7}]
    assert answer.parcel is not None
    received: object = answer.parcel.weight
    assert received == "heavy"
    assert answer.parcel.label is None
    assert answer.parcel.model_extra == {"New": 1}
    assert answer.fragile is True


def sets_are_closed_in_requests_and_open_in_answers() -> None:
    client, bodies = connected({"Odd": "of tomorrow", "Numbers": 9, "Switch": False})
    answer = client.enums.set(odd="None", numbers=-1, mixed=-7, shade="Dark", switch=True)
    assert bodies == [{"Odd": "None", "Numbers": -1, "Mixed": -7, "Shade": "Dark", "Switch": True}]
    assert (answer.odd, answer.numbers, answer.switch) == ("of tomorrow", 9, False)
    assert answer.switch is False
    wrong: Any = "of tomorrow"
    with refused("Odd"):
        client.enums.set(odd=wrong)
    with refused("Shade"):
        client.enums.set(odd="None", shade=wrong)
    client.enums.set(odd=wrong, validate=False)
    client.enums.set(odd="None", extra={"Shade": "Dim"})
    assert bodies[1:] == [{"Odd": "of tomorrow"}, {"Odd": "None", "Shade": "Dim"}]
    wrong = True
    with refused("Numbers"):
        client.enums.set(odd="", numbers=wrong)
    with refused("Mixed"):
        client.enums.set(odd="", mixed=wrong)
    with refused("Odd"):
        client.enums.set(odd=wrong)


def integers_beyond_64_bits() -> None:
    client, bodies = connected({"Total": 2**128})
    answer = client.big_integers.count(id=2**64 - 1, kind=2**64, limit=2**128)
    assert bodies == [{"Id": 2**64 - 1, "Kind": 2**64, "Limit": 2**128}]
    assert answer.total == 2**128
    with refused("Id"):
        client.big_integers.count(id=2**64)
    with refused("Id", "Limit"):
        client.big_integers.count(id=2**64, limit=-(2**128))
    with refused("Galaxy.Kind"):
        client.big_integers.count(id=1, galaxy={"Kind": 2**64})


def names_that_python_needs() -> None:
    client, bodies = connected({"class": "a", "type": 1, "None": "b", "self": "c"})
    answer = client.field_names.put(
        class_="a", self_="b", json_="c", type=1, none="d", timeout_=5, timeout=6, extra_="e", extra={"More": 1},
        field_2fa="f", größe="g", 名字="h", with_space="i", field_2_fast=PutFieldNamesField2Fast(none="j"),
    )  # fmt: skip
    assert bodies == [
        {"class": "a", "self": "b", "json": "c", "type": 1, "None": "d", "timeout": 5, "extra": "e", "More": 1,
         "2fa": "f", "Größe": "g", "名字": "h", "with space": "i", "2 Fast": {"None": "j"}}
    ]  # fmt: skip
    assert (answer.class_, answer.type, answer.none, answer.self_) == ("a", 1, "b", "c")
    body = PutFieldNamesRequest(class_="a", model_config_="b", init="c", copy_="d", identifier_="e")
    assert body.model_dump(mode="json", by_alias=True, exclude_unset=True) == {
        "class": "a", "model_config": "b", "__init__": "c", "copy": "d", "identifier": "e",
    }  # fmt: skip


def inline_objects_have_names() -> None:
    client, bodies = connected({"MemberList": [{"Member_Account": "ann"}]})
    city = CreateInlineObjectsOwnerAddressCity(name="Ulm")
    answer = client.inline_objects.create(
        owner=CreateInlineObjectsOwner(name="ann", address=CreateInlineObjectsOwnerAddress(city=city)),
        member_list=[CreateInlineObjectsMember(roles=[CreateInlineObjectsMemberRole(name="cook")])],
        entries=[CreateInlineObjectsRow(id=1)],
    )
    assert bodies == [
        {
            "Owner": {"Name": "ann", "Address": {"City": {"Name": "Ulm"}}},
            "MemberList": [{"Roles": [{"Name": "cook"}]}],
            "Entries": [{"Id": 1}],
        }
    ]
    assert answer.member_list
    assert answer.member_list[0].member_account == "ann"


def maps_of_objects() -> None:
    client, bodies = connected({"Objects": {"a": {"Name": "b"}}, "Patterns": {"Tag_1": {"Value": "c"}}})
    answer = client.maps.put(
        objects={"x": PutMapsObject(name="y"), "z": {"Name": "y"}}, lists={"l": [{"Id": 1}]}, patterns={"Tag_1": {}}
    )
    assert bodies == [
        {"Objects": {"x": {"Name": "y"}, "z": {"Name": "y"}}, "Lists": {"l": [{"Id": 1}]}, "Patterns": {"Tag_1": {}}}
    ]
    assert answer.objects
    assert answer.objects["a"].name == "b"
    assert answer.patterns
    assert answer.patterns["Tag_1"].value == "c"
    with refused("Objects.x.Name"):
        client.maps.put(objects={"x": {}})


def unions_of_inline_objects() -> None:
    client, bodies = connected({"Targets": [{"Floor": 3, "Door": 4}, {"Name": "a"}, {"Neither": 1}]})
    answer = client.unions.send(
        target=TargetPerson(name="ann"), targets=[TargetRoom(floor=1), {"Name": "bob"}],
        content=SendUnionsContent3(data="d"), list_=[SendUnionsList2(b=1), None],
    )  # fmt: skip
    assert bodies == [
        {"Target": {"Name": "ann"}, "Targets": [{"Floor": 1}, {"Name": "bob"}], "Content": {"Data": "d"},
         "List": [{"B": 1}, None]}
    ]  # fmt: skip
    assert answer.targets
    assert isinstance(answer.targets[0], TargetRoom)
    assert answer.targets[0].model_extra == {"Door": 4}
    assert isinstance(answer.targets[1], TargetPerson)


def an_open_union_keeps_what_it_does_not_know() -> None:
    unknown = {"Kind": "hexagon", "Corners": [1, {"x": 2}]}
    client, bodies = connected({"Shapes": [{"Kind": "square\\", "Side": 1}, unknown]})
    circle = Circle(kind='the "circle"', radius=1)
    answer = client.open_union.draw(shape=circle, shapes=[Square(kind="square\\"), unknown])
    assert bodies == [{"Shape": {"Kind": 'the "circle"', "Radius": 1}, "Shapes": [{"Kind": "square\\"}, unknown]}]
    assert answer.shapes
    assert isinstance(answer.shapes[0], Square)
    assert isinstance(answer.shapes[1], OtherShape)
    assert answer.shapes[1].model_dump(by_alias=True, exclude_unset=True) == unknown
    with refused("Shape.Radius"):
        client.open_union.draw(shape={"Kind": 'the "circle"'})


def limits_are_kept_before_sending() -> None:
    client, bodies = connected({"Name": "longer than six", "Rate": 0})
    with refused("Name"):
        client.limits.put(name="éééé")
    with refused("Id"):
        client.limits.put(name="", id="éééé")
    with refused("Id"):
        client.limits.put(name="", id=10)
    too_long: Any = "too long"
    with refused("Code", "Short", "Rate", "Level", "Tag"):
        client.limits.put(name="", code="x", short="日本語語", rate=1.0, level=0, tag=too_long)
    with refused("Names"):
        client.limits.put(name="", names=[])
    with refused("Names[0]"):
        client.limits.put(name="", names=["éé"])
    assert not bodies
    answer = client.limits.put(name="é" * 9, validate=False)
    assert bodies == [{"Name": "é" * 9}]
    assert (answer.name, answer.rate) == ("longer than six", 0)


def numbers_are_filled_in_everywhere() -> None:
    client, bodies = connected()
    client.fill.send(list_=[SendFillList(text="a"), {"Text": "b", "Random": 7, "Inner": {}}])
    client.fill.send(list_=[{"Text": "c", "Inner": {}}, {"Text": "d", "Inner": {}}], random=5)
    first, second = bodies
    assert 0 <= first["Random"] < 2**32
    assert 0 <= first["List"][0]["Random"] < 2**32
    assert first["List"][1]["Random"] == 7
    rising = [first["List"][1]["Inner"]["Seq"], *(item["Inner"]["Seq"] for item in second["List"])]
    assert 0 <= rising[0] < rising[1] < rising[2] < 2**32
    assert "Inner" not in first["List"][0]
    assert second["Random"] == 5


def defaults_are_not_sent() -> None:
    client, bodies = connected()
    answer = client.defaults.put()
    assert bodies == [{}]
    assert answer.number is None


def commands_without_arguments() -> None:
    client, bodies = connected()
    client.no_request.ping()
    client.no_request.pong(extra={"More": 1})
    assert bodies == [{}, {"More": 1}]


def an_answer_inside_an_answer() -> None:
    client, _ = connected({"Response": {"Name": "a", "Response": {"Id": 1}}})
    answer = client.wrapped.get(id="x")
    assert answer.response
    assert answer.response.response
    assert answer.response.response.id == 1
    assert answer.error_code == 0


def other_names_of_schemas() -> None:
    client, bodies = connected({"Guests": [{"Name": "ann"}]})
    answer = client.aliases.invite(guest=Visitor(name="ann"), guests=[Visitor(name="bob"), {"Name": "carl"}])
    assert bodies == [{"Guest": {"Name": "ann"}, "Guests": [{"Name": "bob"}, {"Name": "carl"}]}]
    assert answer.guests
    assert answer.guests[0].name == "ann"
    with refused("Name"):
        client.aliases.invite(name="longer than nine")


def methods_with_odd_names() -> None:
    client, bodies = connected()
    client.method_names.list(names=["a"])
    client.method_names.self(names=["b"])
    client.method_names.typing(names=["c"])
    client.method_names.models(names=["d"])
    assert [body["Names"] for body in bodies] == [["a"], ["b"], ["c"], ["d"]]


def methods_of_before() -> None:
    client, bodies = connected({"Members": ["ann"], "Next": ""})
    with catch_warnings(record=True, action="always") as caught:
        client.renamed_methods.get_members()  # type: ignore[deprecated]
        names: list[str] = list(client.renamed_methods.iter_everyone())  # type: ignore[deprecated]
        client.renamed_methods.deprecated_many(members=names)  # type: ignore[deprecated]
        client.renamed_methods.invite(members=names)  # type: ignore[deprecated]
    assert bodies == [{}, {"Next": ""}, {"Members": ["ann"]}, {"Members": ["ann"]}]
    assert [warning.category for warning in caught] == [DeprecationWarning] * 4


def arguments_of_before() -> None:
    client, bodies = connected({"Names": ["ann"], "Next": ""})
    with catch_warnings(record=True, action="always") as caught:
        client.renamed_arguments.put(user_name="a", members=["b"])  # type: ignore[deprecated]
        client.renamed_arguments.put(user_name="a", people=["b"], certain=True)  # type: ignore[deprecated]
        client.renamed_arguments.put_many(owner="a", people=["b"])  # type: ignore[deprecated]
        names: list[str] = list(client.renamed_arguments.iter_names(only="new"))  # type: ignore[deprecated]
        part = RenamedPart(length=1, load="x")  # type: ignore[deprecated]
        # mypy does not see those that can be set.
        size: int | None = part.length  # pyright: ignore[reportDeprecated]
        part.width = 5  # type: ignore[deprecated]
        note = RenamedNote("t", words="w")  # type: ignore[deprecated]
        request = PutRenamedArgumentsRequest(user_name="a", people=["b"])  # type: ignore[deprecated]
        people: list[str] = request.people  # pyright: ignore[reportDeprecated]
    assert (names, size, part.size, people) == (["ann"], 1, 5, ["b"])
    assert {warning.category for warning in caught} == {DeprecationWarning}
    assert {warning.filename for warning in caught} == {__file__}
    client.renamed_arguments.put(owner="a", members=["b"], part=part, body=note)
    assert bodies[-1]["Body"]["Content"] == {"Title": "t", "Text": "w"}


def arguments_that_never_were() -> None:
    client, bodies = connected()
    mistakes: list[Callable[[], object]] = [
        lambda: client.renamed_arguments.put(usr_name="a", members=["b"]),  # type: ignore[call-overload]
        lambda: client.renamed_arguments.put(members=["b"]),  # type: ignore[call-overload]
        lambda: client.renamed_arguments.list_names(only="old"),  # type: ignore[call-overload]
    ]
    for mistake in mistakes:
        try:
            with catch_warnings(action="ignore"):
                mistake()
        except (TypeError, RequestError):
            continue
        raise AssertionError("it was not refused")
    assert bodies == []


def long_lists() -> None:
    client, bodies = connected({"Names": [{"Name": "ann"}], "Cursor": ""})
    names: list[str | LongListMember] = list(client.long_lists.iter_members(kind=1))
    assert names == ["ann"]
    assert bodies == [{"Cursor": "", "Kind": 1}]
    client, bodies = connected({"Members": [{"Account": "ann"}], "Finished": 1})
    pages = client.long_lists.iter_members(kind=0, cursor={"Cursor": "x"})
    assert [member.account for member in pages if isinstance(member, LongListMember)] == ["ann"]
    assert bodies == [{"Cursor": "x", "Kind": 0}]
    client, bodies = connected({"Messages": [{"Seq": 1}]})
    assert [message.seq for message in client.long_lists.iter_history(count=2)] == [1]
    client, bodies = connected({"Results": [{"Account": "b", "Result": 0}]})
    result = client.long_lists.add_many(
        members=[LongListMember(account="a"), {"Account": "b"}, {"Account": "c"}], concurrency=1
    )
    assert [len(body["Members"]) for body in bodies] == [2, 1]
    assert [item.outcome for item in result.items] == ["done", "failed", "done"]
    assert [failure.item for failure in result.responses[0].failures] == ["b"]
