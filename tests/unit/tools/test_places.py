"""Places of a spec, and what nobody has decided about them."""

from __future__ import annotations

from typing import Any

import pytest

from support.paths import ROOT
from timgen.pipeline import load_api
from timgen.tools.places import Place, is_time_name, places, undecided


@pytest.mark.parametrize(
    ("name", "speaks_of_time"),
    [
        ("Time", True),
        ("MuteUntil", True),
        ("TimeStamp", True),
        ("Timestamp", True),
        ("msgTime", True),
        ("SendMSGTime", True),
        ("last_time_ms", True),
        ("MsgLifeTime", True),
        ("Timeout", True),
        ("ExpireTimeV2", True),
        ("VideoSecond", True),
        ("Timeline", False),
        ("ReqTimes", False),
        ("Sometimes", False),
        ("UpdateType", False),
        ("", False),
    ],
)
def test_words_of_time(name: str, speaks_of_time: bool) -> None:
    assert is_time_name(name) is speaks_of_time


SHARED: dict[str, Any] = {
    "Number": {"type": "integer"},
    "Also": {"$ref": "#/components/schemas/Number"},
    "JoinTime": {"type": "integer"},
    "Instant": {"type": "integer", "x-time": "unix"},
}


@pytest.mark.parametrize(
    ("name", "schema", "is_undecided"),
    [
        ("Silence", {"type": "integer", "enum": [0, 1]}, True),
        ("Silence", {"type": "integer", "enum": [1, 0]}, True),
        ("Silence", {"type": "integer", "enum": [0, 1], "x-flag": False}, False),
        ("Silence", {"type": "integer", "x-flag": True}, False),
        ("Silence", {"type": "integer", "enum": [0, 1, 2]}, False),
        ("Silence", {"type": "integer", "enum": [1]}, False),
        ("Silence", {"type": "boolean", "enum": [False, True]}, False),
        ("JoinTime", {"type": "integer"}, True),
        ("JoinTime", {"type": ["string", "number"]}, True),
        ("JoinTime", {"type": "integer", "x-time": False}, False),
        ("JoinTime", {"type": "integer", "x-time": "unix-ms"}, False),
        ("JoinTime", {"type": "integer", "x-unit": "days"}, False),
        ("JoinTime", {"type": "string"}, False),
        ("TimeType", {"type": "integer", "enum": [1, 2]}, False),
        ("ShowTime", {"type": "integer", "x-flag": True}, False),
        ("TimeKind", {"const": 1}, False),
        ("Size", {"type": "integer"}, False),
        ("EndTime", {"$ref": "#/components/schemas/Also"}, True),
        ("EndTime", {"$ref": "#/components/schemas/JoinTime"}, False),
        ("EndTime", {"$ref": "#/components/schemas/Instant"}, False),
    ],
)
def test_what_is_undecided(name: str, schema: Any, is_undecided: bool) -> None:
    assert bool(undecided(Place(f"a/b.request.{name}", name, schema, True), SHARED)) is is_undecided


def test_every_place_stands_once_under_a_name_that_leads_to_it() -> None:
    found = list(places(load_api(ROOT)))
    by_subject = {place.subject: place for place in found}
    assert len(by_subject) == len(found)
    place = by_subject["group_open_http_svc/create_group.request.MemberList[].JoinTime"]
    assert (place.name, place.written) == ("JoinTime", True)
    assert by_subject["GroupMember.JoinTime"].written is False
    assert by_subject["group_open_http_svc/create_group.request.MemberList[]"].name == "MemberList"
    assert by_subject["MsgElement"].name == "MsgElement"
    assert by_subject["MsgElement(2)"].schema == {"$ref": "#/components/schemas/UnknownElement"}
