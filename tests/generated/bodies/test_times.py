"""Instants and spans of time: datetimes and timedeltas to the caller, numbers on the wire."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated.recording import OK, Recorder, client_of, problems
from tencent_chat import ChatClient
from tencent_chat.models import CreateGroupMember, GroupInfo, RelayElem, SoundContent, TextElem
from tencent_chat.models._times import delta, from_instant, from_span, utc
from tencent_chat.webhooks import WEBHOOKS

BODY = [TextElem("hi")]
NAIVE = "a datetime needs a time zone: it is not said which instant is meant"
UNITS = {
    "milliseconds": timedelta(milliseconds=1),
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFSETS = st.integers(-24 * 60 + 1, 24 * 60 - 1).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ZONES = OFFSETS | st.sampled_from([ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai"), ZoneInfo("America/St_Johns")])
# Not so near to the ends that the instant in UTC is none.
TIMES = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)


class Stamp(datetime):
    """A datetime of another library."""


class Moment(datetime):
    """A datetime of another library, as pendulum's are: it counts with spans of its own alone."""

    def __sub__(self, other: object) -> Any:
        raise AttributeError("no such span")

    __rsub__ = __sub__


class Missing(datetime):
    """What stands for no time at all, as pandas' NaT does."""

    def utcoffset(self) -> timedelta:
        raise ValueError("no time has no offset")


class Length(timedelta):
    """A timedelta of another library."""

    nanoseconds = 0

    def __floordiv__(self, other: object) -> Any:
        raise AttributeError("no such span")

    __divmod__ = __truediv__ = __mod__ = __neg__ = __floordiv__

    def __gt__(self, other: timedelta) -> bool:
        return timedelta.__gt__(self, other) or (timedelta.__eq__(self, other) and self.nanoseconds > 0)


class Long(Length):
    nanoseconds = 1


class NoOffset(tzinfo):
    def utcoffset(self, _: datetime | None) -> None:
        return None


def history(client: ChatClient, **arguments: Any) -> object:
    return client.messages.get_history(
        **{"operator_account": "a", "peer_account": "b", "max_cnt": 1, "min_time": 0, "max_time": 1, **arguments}
    )


def send(client: ChatClient, **arguments: Any) -> object:
    return client.messages.send(**{"to_account": "b", "msg_body": BODY, **arguments})


@pytest.mark.parametrize(
    ("instant", "number"),
    [
        (datetime(2024, 1, 1, tzinfo=UTC), 1704067200),
        (datetime(2024, 1, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai")), 1704067200),
        (datetime(2024, 1, 1, 0, 0, 0, 999999, tzinfo=UTC), 1704067200),
        (Stamp(2024, 1, 1, tzinfo=UTC), 1704067200),
        (Moment(2024, 1, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai")), 1704067200),
        # Half past two comes twice in this night.
        (datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")), 1729989000),
        (datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")), 1729992600),
        (datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC), -1),
        (EPOCH, 0),
    ],
)
def test_an_instant_travels_as_a_number(instant: datetime, number: int) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    history(client, min_time=instant)
    client.call(
        "openim/admin_getroammsg",
        {"Operator_Account": "a", "Peer_Account": "b", "MaxCnt": 1, "MinTime": instant, "MaxTime": 1},
    )
    member = CreateGroupMember(member_account="a", mute_until=instant)
    assert type(member.mute_until) is int
    client.groups.create(type="Public", name="n", member_list=[member, {"Member_Account": "b", "MuteUntil": instant}])
    send(client, extra={"MsgTimeStamp": instant})
    element = RelayElem(title="t", msg_list=[{"MsgTimeStamp": instant}])
    send(client, msg_body=[element])
    plain = recorder.bodies
    assert [plain[0]["MinTime"], plain[1]["MinTime"], plain[3]["MsgTimeStamp"]] == [number] * 3
    assert [member["MuteUntil"] for member in plain[2]["MemberList"]] == [number] * 2
    assert plain[4]["MsgBody"][0]["MsgContent"]["MsgList"] == [{"MsgTimeStamp": number}]


@pytest.mark.parametrize(
    "naive",
    [
        datetime(2024, 1, 1),
        Stamp(2024, 1, 1),
        Moment(2024, 1, 1),
        Missing(2024, 1, 1),
        datetime(2024, 1, 1, tzinfo=NoOffset()),
    ],
)
def test_a_naive_datetime_is_refused_with_the_reason(naive: datetime) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    assert problems(lambda: history(client, min_time=naive)) == [("MinTime", NAIVE)]
    assert problems(lambda: history(client, min_time=naive, validate=False)) == [("MinTime", NAIVE)]
    assert problems(lambda: CreateGroupMember(member_account="a", mute_until=naive)) == [("MuteUntil", NAIVE)]
    assert problems(lambda: send(client, extra={"MsgTimeStamp": naive})) == [("MsgTimeStamp", NAIVE)]
    members = [{"Member_Account": "a"}, {"Member_Account": "b", "JoinTime": naive}]
    assert problems(lambda: client.groups.create(type="Public", name="n", member_list=members)) == [
        ("MemberList[1].JoinTime", NAIVE)
    ]
    member = CreateGroupMember(member_account="a")
    member.mute_until = naive  # type: ignore[assignment]
    assert problems(lambda: client.groups.create(type="Public", name="n", member_list=[member])) == [
        ("MemberList[0].MuteUntil", NAIVE)
    ]
    assert not recorder.bodies


INSTANT = "JSON has no form for a datetime, and this field is no instant; write "
SPAN = "JSON has no form for a timedelta, and this field is no span of time; write "


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (
            lambda c: send(c, to_account=EPOCH),
            ("To_Account", f"{INSTANT}int(value.timestamp()) or value.isoformat()"),
        ),
        (lambda c: send(c, msg_life_time=EPOCH), ("MsgLifeTime", f"{INSTANT}a timedelta")),
        (lambda c: send(c, msg_life_time=EPOCH.replace(tzinfo=None)), ("MsgLifeTime", f"{INSTANT}a timedelta")),
        (lambda c: history(c, min_time=timedelta(1)), ("MinTime", f"{SPAN}a datetime with a time zone")),
        (lambda c: history(c, max_cnt=timedelta(1)), ("MaxCnt", f"{SPAN}int(value.total_seconds())")),
        (
            lambda c: send(c, extra={"Future": EPOCH}),
            ("Future", f"{INSTANT}int(value.timestamp()) or value.isoformat()"),
        ),
        (
            lambda c: c.call("of_tomorrow/command", {"A": [timedelta(1)]}),
            ("A[0]", f"{SPAN}int(value.total_seconds())"),
        ),
        (
            lambda c: send(c, msg_body=[{"MsgType": "TIMFaceElem", "MsgContent": {"Index": timedelta(1)}}]),
            ("MsgBody[0].MsgContent.Index", f"{SPAN}int(value.total_seconds())"),
        ),
        (
            lambda _: CreateGroupMember(member_account=EPOCH),  # type: ignore[arg-type]
            ("Member_Account", f"{INSTANT}int(value.timestamp()) or value.isoformat()"),
        ),
        (
            lambda c: history(c, min_time=date(2024, 1, 1)),
            ("MinTime", "JSON has no form for date; write a datetime with a time zone"),
        ),
        (lambda c: history(c, min_time=time(1)), ("MinTime", "JSON has no form for time")),
    ],
)
def test_times_where_none_is_due(call: Callable[[ChatClient], object], problem: tuple[str, str]) -> None:
    recorder = Recorder()
    assert problems(lambda: call(client_of(recorder))) == [problem]
    assert not recorder.bodies


@pytest.mark.parametrize(
    ("span", "number"),
    [
        (timedelta(days=1), 86400),
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (timedelta(seconds=1, microseconds=1), 2),
        (timedelta(seconds=59, milliseconds=999), 60),
        (timedelta.max, 86400 * 10**9),
        (Length(days=1), 86400),
        (Length(seconds=1, microseconds=1), 2),
        (Long(), 1),
        (Long(seconds=1), 2),
    ],
)
def test_a_span_travels_as_a_number(span: timedelta, number: int) -> None:
    recorder = Recorder()
    client = client_of(recorder)
    send(client, msg_life_time=span)
    client.call("openim/sendmsg", {"To_Account": "b", "MsgBody": BODY, "MsgLifeTime": span})
    send(client, extra={"MsgLifeTime": span})
    assert [body["MsgLifeTime"] for body in recorder.bodies] == [number] * 3
    assert SoundContent(second=span).second == number


def test_a_span_has_the_limits_of_its_number() -> None:
    client = client_of(Recorder())
    assert problems(lambda: send(client, msg_life_time=timedelta(seconds=-1))) == [("MsgLifeTime", "at least 0")]
    mute: dict[str, Any] = {"group_id": "g", "members_account": ["a"]}
    assert problems(lambda: client.groups.mute_members(**mute, mute_time=timedelta(days=10**6))) == [
        ("MuteTime", "at most 4294967295")
    ]


def test_milliseconds() -> None:
    recorder = Recorder()
    for span, number in [
        (timedelta(seconds=1.5), 1500),
        (timedelta(microseconds=1), 1),
        (timedelta(seconds=30), 30000),
    ]:
        arguments = {"timeout": span, "sdkappid": 1}
        body: dict[str, object] = {"Timeout": span}
        client_of(recorder).call("call_engine_http_srv/start_call_by_robot", body, validate=False)
        assert recorder.bodies[-1] == {"Timeout": number}, arguments


@given(TIMES, st.sampled_from(["unix", "unix-ms"]))
def test_an_instant_comes_back(instant: datetime, form: str) -> None:
    number = from_instant(instant, form)
    unit = timedelta(milliseconds=1) if form == "unix-ms" else timedelta(seconds=1)
    back = EPOCH + number * unit
    assert back <= instant < back + unit
    assert utc(number, form) == (back if number else None)


@given(st.timedeltas(), st.sampled_from(sorted(UNITS)))
def test_a_span_is_rounded_up(span: timedelta, unit: str) -> None:
    number = from_span(span, unit)
    # In microseconds, as the longest timedelta has no room for more.
    exact, one = span // timedelta(microseconds=1), UNITS[unit] // timedelta(microseconds=1)
    assert (number - 1) * one < exact <= number * one
    assert (number > 0) is (span > timedelta(0))


@given(st.integers(-(10**9), 10**9), st.sampled_from(sorted(UNITS)))
def test_a_span_comes_back(number: int, unit: str) -> None:
    span = delta(number, unit)
    if span is not None:
        assert from_span(span, unit) == number
        assert span == number * UNITS[unit]


@pytest.mark.parametrize(
    ("value", "form", "instant"),
    [
        (1500000000, "unix", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        (1500000000123, "unix-ms", datetime(2017, 7, 14, 2, 40, 0, 123000, tzinfo=UTC)),
        ("1500000000", "unix", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        (-1, "unix", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (-1, "unix-ms", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        *(
            (value, "unix", None)
            for value in (0, None, "", "0", "x", "-1", "1.5", "٣", "1" * 99, True, 1.5, [], {}, 10**30, -(10**30))
        ),
        (1500000000123, "unix", None),
        (10**18, "unix-ms", None),
    ],
)
def test_what_is_an_instant(value: object, form: str, instant: datetime | None) -> None:
    assert utc(value, form) == instant


@pytest.mark.parametrize("value", [None, "x", "", True, 1.5, [], 10**30, -(10**30), "9" * 99])
def test_what_is_no_span(value: object) -> None:
    assert [delta(value, unit) for unit in UNITS] == [None] * len(UNITS)


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=25) | st.lists(st.integers()))
def test_nothing_that_came_makes_it_raise(value: object) -> None:
    group = GroupInfo.model_construct(create_time=value)  # type: ignore[arg-type]
    assert group.create_time_utc is None or group.create_time_utc.tzinfo is UTC
    sound = SoundContent.model_construct(second=value)  # type: ignore[arg-type]
    assert sound.second_timedelta is None or isinstance(sound.second_timedelta, timedelta)


def test_answers_and_events_offer_times_beside_numbers() -> None:
    answer = {**OK, "MemberNum": 1, "MemberList": [{"Member_Account": "a", "JoinTime": 1500000000, "MuteUntil": 0}]}
    recorder = Recorder(answer)
    response = client_of(recorder).groups.list_members(group_id="g")
    (member,) = response.member_list or []
    assert (member.join_time, member.mute_until, member.last_send_msg_time) == (1500000000, 0, None)
    assert member.join_time_utc == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert (member.mute_until_utc, member.last_send_msg_time_utc) == (None, None)
    assert response.model_dump(mode="json", by_alias=True, exclude_unset=True) == answer
    assert copy.deepcopy(response) == response == pickle.loads(pickle.dumps(response))
    event: Any = WEBHOOKS["C2C.CallbackBeforeSendMsg"].event_model.model_validate(
        {"CallbackCommand": "C2C.CallbackBeforeSendMsg", "MsgTime": 1500000000}
    )
    assert event.msg_time_utc == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)


def test_what_came_can_be_asked_for() -> None:
    recorder = Recorder()
    member = GroupInfo.model_validate({"CreateTime": 1500000000})
    assert member.create_time_utc is not None
    history(client_of(recorder), min_time=member.create_time_utc, max_time=member.create_time_utc + timedelta(hours=1))
    assert (recorder.body["MinTime"], recorder.body["MaxTime"]) == (1500000000, 1500003600)
