"""Names of what a copy shall hold."""

import pytest

from support.minispec import Mini
from timgen.modelling.build import Built
from timgen.pipeline import load_api
from timgen.tools.vendor.selection import Selection, UnknownNamesError, everything, select

ADD, LIST, SEND = "room_svc/add_members", "room_svc/list_members", "note_svc/send"


@pytest.mark.parametrize(
    ("given", "names", "commands", "webhooks"),
    [
        (["rooms"], ("rooms",), {ADD, LIST}, False),
        (["rooms.add_members"], ("rooms.add_members",), {ADD}, False),
        (["webhooks"], ("webhooks",), set(), True),
        (["webhooks", "notes.send", "rooms"], ("notes.send", "rooms", "webhooks"), {ADD, LIST, SEND}, True),
        # Methods that are made of others stand for them.
        (["rooms.iter_members"], ("rooms.list_members",), {LIST}, False),
        (["rooms.add_members_many"], ("rooms.add_members",), {ADD}, False),
        # What is part of something else, or named twice, is not named again.
        (["rooms.add_members", "rooms", "rooms"], ("rooms",), {ADD, LIST}, False),
    ],
)
def test_names_stand_for_commands(
    built: Built, given: list[str], names: tuple[str, ...], commands: set[str], webhooks: bool
) -> None:
    assert select(built.api, given) == Selection(names, frozenset(commands), webhooks)


def test_everything_is_all_there_is(built: Built) -> None:
    assert everything(built.api) == Selection((), frozenset({ADD, LIST, SEND}), webhooks=True)


def test_a_former_name_stands_for_the_present_one(mini: Mini) -> None:
    mini.patch("spec/v4/note_svc/send.yaml", "method: notes.send", "method: notes.post\naliases: {send: 0.1.0}")
    assert select(load_api(mini.root), ["notes.send"]).names == ("notes.post",)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("room", "; did you mean rooms?"),
        ("webhook", "; did you mean webhooks?"),
        ("rooms.add_member", "; did you mean rooms.add_members"),
        ("note_svc/send", "; did you mean notes.send?"),
        ("zzz", ""),
    ],
)
def test_an_unknown_name_says_what_was_meant(built: Built, name: str, hint: str) -> None:
    with pytest.raises(UnknownNamesError) as caught:
        select(built.api, ["rooms", name])
    assert caught.value.names == (name,)
    assert str(caught.value).startswith(f"there is no namespace or method {name}{hint}")


def test_webhooks_are_unknown_where_there_are_none(mini: Mini) -> None:
    mini.remove("spec/webhooks/Note.BeforeSend.yaml")
    with pytest.raises(UnknownNamesError, match="webhooks"):
        select(load_api(mini.root), ["webhooks"])
