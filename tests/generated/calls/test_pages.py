"""Reading on when the service errs, and what every page is asked with. Lists as they should be: tests/property."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Iterator
from typing import Any

import pytest

from generated.loopback import http
from support.listings import LISTINGS, Listing, Service, method, numbered
from tencent_chat import (
    AsyncChatClient,
    ChatAPIError,
    ChatClient,
    ConfigurationError,
    RequestError,
    ResponseError,
    Retry,
    TransportError,
)

KINDS = ["sync", "async"]
SIZES = [2, 0, 3, 1]


def listing_of(path: str, number: int = 0) -> Listing:
    return [listing for listing in LISTINGS if listing.path == path][number]


ALL_GROUPS = listing_of("group_open_http_svc/get_appid_group_list")
JOINED = listing_of("group_open_http_svc/get_joined_group_list")
FRIENDS = listing_of("sns/friend_get")
MEMBERS = listing_of("group_open_http_svc/get_group_member_info", 1)
RECORDS = listing_of("call_record_http_srv/get_record_by_filter")
COMMUNITY = listing_of("group_open_http_svc/get_group_member_info", 0)
HISTORY = listing_of("group_open_http_svc/group_msg_get_simple")
listings = pytest.mark.parametrize("listing", LISTINGS, ids=str)


@pytest.fixture(scope="module")
def running() -> Iterator[Service]:
    service = Service()
    with service.server:
        yield service


class Reading:
    """A listing read item by item with a client of either kind."""

    def __init__(self, kind: str, service: Service, options: dict[str, Any]) -> None:
        settings: dict[str, Any] = {"base_url": service.server.url, "retry": False, "timeout": 2.0, **options}
        self._runner = asyncio.Runner() if kind == "async" else None
        self.client: Any = (ChatClient if self._runner is None else AsyncChatClient)(1400000000, "dummy", **settings)
        self.pages: Any = None

    def start(self, listing: Listing, **arguments: object) -> Reading:
        self.pages = method(self.client, listing.method)(**listing.arguments, **arguments)
        return self

    def next(self) -> Any:
        if self._runner is None:
            return next(self.pages)
        return self._runner.run(self._anext())

    async def _anext(self) -> Any:
        try:
            return await anext(self.pages)
        except StopAsyncIteration:
            # A task cannot end with it.
            return StopIteration

    def some(self, most: int = 100) -> list[Any]:
        found: list[Any] = []
        while len(found) < most:
            try:
                item = self.next()
            except StopIteration:
                break
            if item is StopIteration:
                break
            found.append(item)
        return found

    def close(self) -> None:
        if self._runner is None:
            self.client.close()
        else:
            self._runner.run(self.client.close())
            self._runner.close()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reading(running: Service, kind: str) -> Iterator[Any]:
    opened: list[Reading] = []

    def make(listing: Listing, sizes: list[int], *, options: dict[str, Any] | None = None, **arguments: object) -> Any:
        pages, _ = numbered(sizes, listing)
        running.serve(listing, pages)
        opened.append(Reading(kind, running, options or {}))
        return opened[-1].start(listing, **arguments)

    yield make
    for one in opened:
        one.close()


def numbers(listing: Listing, items: list[Any]) -> list[int]:
    return [listing.item(item) for item in items]


@listings
def test_a_page_that_fails_can_be_asked_for_again(running: Service, reading: Any, listing: Listing) -> None:
    _, items = numbered([size for size in SIZES if size], listing)
    found = reading(listing, [size for size in SIZES if size])
    running.change = lambda call, answer: answer if call % 2 else {"ActionStatus": "FAIL", "ErrorCode": 60002}
    read: list[Any] = []
    failed = 0
    while (part := _until_error(found)) is not None:
        read += part[0]
        failed += part[1]
        if not part[1]:
            break
    assert numbers(listing, read) == items
    assert failed == len(running.calls) // 2
    assert found.pages.cursor is None
    assert found.some() == []


def _until_error(found: Reading) -> tuple[list[Any], int]:
    read: list[Any] = []
    try:
        while (more := found.some(1)) != []:
            read += more
    except ChatAPIError:
        return read, 1
    return read, 0


@listings
def test_every_page_is_asked_for_in_the_same_way(running: Service, reading: Any, listing: Listing) -> None:
    seen: list[Any] = []

    def hook(attempt: Any) -> Any:
        seen.append(attempt.identifier)
        return pytest.MonkeyPatch.context()

    sizes = [1, 3, 2]
    found = reading(
        listing, sizes, options={"hooks": [hook]}, identifier="deputy", extra={"New": {"x": 1}}, timeout=2.5
    )
    assert numbers(listing, found.some()) == numbered(sizes, listing)[1]
    assert len(running.calls) > 1
    assert seen == ["deputy"] * len(running.calls)
    for call in running.calls:
        assert call.json["New"] == {"x": 1}
        assert "identifier=deputy&" in call.line


def test_every_page_has_the_retries_and_the_timeout_of_the_call(running: Service, reading: Any) -> None:
    def slow_or_failing(call: int, answer: Any) -> Any:
        if call in (2, 3):
            return http({}, 502)
        if call == 5:
            time.sleep(1.2)
        return answer

    found = reading(ALL_GROUPS, [1, 1, 1], timeout=1.0, retry=Retry(attempts=3, first_pause=0))
    running.change = slow_or_failing
    assert found.some() == ["n1", "n2", "n3"]
    found = reading(ALL_GROUPS, [1, 1], timeout=0.5, retry=False)
    running.change = lambda call, answer: time.sleep(0.7) or answer if call == 2 else answer
    assert found.some(1) == ["n1"]
    with pytest.raises(TransportError):
        found.some()
    assert found.some() == ["n2"]


def test_group_ids_are_texts(reading: Any) -> None:
    assert reading(ALL_GROUPS, [2, 1]).some() == ["n1", "n2", "n3"]


A, B, C = ({"GroupIdList": [{"GroupId": name}]} for name in "abc")
NOBODY: dict[str, object] = {"UserDataItem": []}
FRIEND = {"UserDataItem": [{"To_Account": "n1"}]}
GROUP = {"GroupIdList": [{"GroupId": "n1"}]}


def script(service: Service, *answers: dict[str, Any]) -> None:
    """Answer the calls one by one; a call too many fails."""
    service.calls.clear()
    service.script = answers


@pytest.mark.parametrize(
    ("listing", "answers"),
    [
        (ALL_GROUPS, [A | {"Next": 5}, B | {"Next": 5}]),
        (ALL_GROUPS, [A | {"Next": 5}, B | {"Next": 6}, C | {"Next": 5}]),
        (FRIENDS, [FRIEND | {"CompleteFlag": 0, "NextStartIndex": 0}]),
        (FRIENDS, [FRIEND | {"CompleteFlag": 0}]),
        (FRIENDS, [FRIEND | {"CompleteFlag": 0, "NextStartIndex": None}]),
        (COMMUNITY, [{"MemberList": [{"Member_Account": "a"}], "Next": "1"}] * 2),
        (HISTORY, [{"RspMsgList": [{"MsgSeq": 9}]}, {"RspMsgList": [{"MsgSeq": 9}]}]),
        (RECORDS, [{"Response": {"Page": 1, "CallRecordList": [{"CallId": "a"}]}}] * 2),
    ],
    ids=str,
)
def test_a_list_that_leads_back_ends_with_an_error(
    running: Service, reading: Any, listing: Listing, answers: list[dict[str, Any]]
) -> None:
    found = reading(listing, [])
    script(running, *answers)
    # What the answers hold is not lost.
    assert len(found.some(len(answers))) == len(answers)
    for _ in range(2):
        with pytest.raises(ResponseError, match="leads back") as caught:
            found.some(1)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert caught.value.command == listing.path
    assert len(running.calls) == len(answers)


@pytest.mark.parametrize("end", [{}, {"Next": None}, {"Next": 0}, {"Next": ""}, {"Next": "0"}, {"Next": 0.0}], ids=str)
def test_a_cursor_ends_in_many_ways(running: Service, reading: Any, end: dict[str, Any]) -> None:
    found = reading(ALL_GROUPS, [])
    script(running, A | {"Next": 5}, B | end)
    assert found.some() == ["a", "b"]
    assert found.pages.cursor is None


@pytest.mark.parametrize("end", [1, "1", True, 2, None], ids=repr)
@pytest.mark.parametrize("more", [0, "0", False, ""], ids=repr)
def test_a_flag_ends_in_many_ways(running: Service, reading: Any, more: object, end: object) -> None:
    found = reading(FRIENDS, [])
    script(
        running,
        FRIEND | {"CompleteFlag": more, "NextStartIndex": 30},
        FRIEND | {"CompleteFlag": end, "NextStartIndex": 0},
    )
    assert len(found.some()) == 2


@pytest.mark.parametrize("cursor", ["5", 5.5, "a:b", True, {"a": 1}], ids=repr)
def test_a_cursor_of_another_type_goes_back_as_it_came(running: Service, reading: Any, cursor: object) -> None:
    found = reading(ALL_GROUPS, [])
    script(running, A | {"Next": cursor}, B | {"Next": 0})
    assert found.some(1) == ["a"]
    assert found.pages.cursor == {"Next": cursor}
    assert found.some() == ["b"]
    assert running.calls[1].json["Next"] == cursor
    script(running, B)
    assert found.start(ALL_GROUPS, cursor={"Next": cursor}).some() == ["b"]


@pytest.mark.parametrize("total", [2, "2", 2.0], ids=repr)
def test_a_total_may_be_a_text(running: Service, reading: Any, total: object) -> None:
    found = reading(JOINED, [])
    script(running, GROUP | {"TotalCount": total}, GROUP | {"TotalCount": total})
    assert len(found.some()) == 2
    assert [call.json.get("Offset") for call in running.calls] == [None, 1]


@pytest.mark.parametrize("total", [{}, {"TotalCount": None}, {"TotalCount": "many"}, {"TotalCount": {}}], ids=repr)
def test_without_a_total_an_empty_page_is_the_last(running: Service, reading: Any, total: dict[str, Any]) -> None:
    found = reading(JOINED, [])
    script(running, GROUP | total, GROUP | total, {"GroupIdList": []} | total)
    assert len(found.some()) == 2


def test_an_empty_page_that_leads_to_itself_is_asked_for_once_more(running: Service, reading: Any) -> None:
    found = reading(FRIENDS, [])
    more = {"CompleteFlag": 0, "NextStartIndex": 30}
    script(running, FRIEND | more, NOBODY | more, FRIEND | {"CompleteFlag": 1})
    assert len(found.some()) == 2
    found = reading(FRIENDS, [])
    script(running, FRIEND | more, NOBODY | more, NOBODY | more)
    assert len(found.some()) == 1
    assert found.pages.cursor is None


def test_an_empty_answer_before_the_total_is_asked_for_again_and_then_skipped(running: Service, reading: Any) -> None:
    found = reading(MEMBERS, [])
    member = {"MemberList": [{"Member_Account": "n1"}], "MemberNum": 6}
    script(running, member, {"MemberNum": 6}, {"MemberNum": 6}, member)
    assert len(found.some(2)) == 2
    assert [call.json.get("Offset") for call in running.calls] == [None, 1, 1, 5]


def test_sequence_numbers_may_be_texts(running: Service, reading: Any) -> None:
    found = reading(HISTORY, [])
    script(running, {"RspMsgList": [{"MsgSeq": "3"}, {"MsgSeq": "2"}]}, {"RspMsgList": [{"MsgSeq": 1}]})
    assert len(found.some()) == 3
    assert running.calls[1].json["ReqMsgSeq"] == 1


def test_pages_are_whole_answers(running: Service) -> None:
    running.serve(ALL_GROUPS, [[1, 2], [], [3]])
    with ChatClient(1400000000, "dummy", base_url=running.server.url, retry=False) as client:
        pages = client.groups.iter_all(group_type="Public")
        sizes = [len(page.group_id_list or ()) for page in pages.by_page()]
        assert pages.cursor is None
    assert sizes == [2, 0, 1]
    assert {call.json["GroupType"] for call in running.calls} == {"Public"}

    async def read() -> list[int]:
        async with AsyncChatClient(1400000000, "dummy", base_url=running.server.url, retry=False) as client:
            return [len(page.group_id_list or ()) async for page in client.groups.iter_all().by_page()]

    assert asyncio.run(read()) == sizes


def test_a_page_by_page_reading_goes_on_after_an_error(running: Service) -> None:
    running.serve(ALL_GROUPS, [[1], [2]])
    running.change = lambda call, answer: http({}, 502) if call == 2 else answer
    with ChatClient(1400000000, "dummy", base_url=running.server.url, retry=False) as client:
        pages = client.groups.iter_all()
        seen = [next(pages.by_page()).group_id_list]
        with pytest.raises(ResponseError):
            next(pages.by_page())
        seen += [page.group_id_list for page in pages.by_page()]
    assert [[group.group_id for group in groups or ()] for groups in seen] == [["n1"], ["n2"]]


def test_a_start_of_ones_own_is_kept(reading: Any) -> None:
    for given in ({"next": 4454685362}, {"extra": {"Next": 4454685362}}):
        assert reading(ALL_GROUPS, [1, 1, 1], **given).some() == ["n2", "n3"]


@pytest.mark.parametrize("cursor", ["abc", 5, [("Next", 1)]], ids=repr)
def test_a_cursor_must_be_one(reading: Any, cursor: object) -> None:
    with pytest.raises(RequestError, match="cursor: expected the cursor of an earlier reading"):
        reading(ALL_GROUPS, [1], cursor=cursor)


def test_a_cursor_of_another_list_is_refused(running: Service, reading: Any) -> None:
    with pytest.raises(RequestError, match=r"cursor\.Offset: is no field that moves"):
        reading(ALL_GROUPS, [1], cursor={"Offset": 5})
    assert running.calls == []


def test_arguments_are_checked_on_the_first_page(running: Service, reading: Any) -> None:
    found = reading(ALL_GROUPS, [1])
    found.pages = found.client.groups.iter_all(limit="many")
    with pytest.raises(RequestError, match="Limit"):
        found.some()
    assert running.calls == []


@pytest.mark.parametrize("kind", KINDS)
def test_whole_pages_end_with_the_one_that_has_enough(running: Service, kind: str) -> None:
    pages, items = numbered([2, 2, 2], ALL_GROUPS)
    running.serve(ALL_GROUPS, pages)
    reading = Reading(kind, running, {}).start(ALL_GROUPS, max_items=3)

    async def pages_of() -> list[Any]:
        return [page async for page in reading.pages.by_page()]

    found = list(reading.pages.by_page()) if kind == "sync" else asyncio.run(pages_of())
    assert len(found) == 2
    assert len(items) == 6


def test_the_size_of_a_page_need_not_be_given(running: Service) -> None:
    roaming = listing_of("openim/admin_getroammsg")
    pages, items = numbered([2, 1], roaming)
    running.serve(roaming, pages)
    arguments = {name: value for name, value in roaming.arguments.items() if name != "max_cnt"}
    with ChatClient(1400000000, "dummy", base_url=running.server.url, retry=False) as client:
        found = list(client.messages.iter_history(**arguments))  # type: ignore[arg-type]
    assert len(found) == len(items)
    assert {call.json["MaxCnt"] for call in running.calls} == {100}


@pytest.mark.parametrize("value", [-1, True, 1.5, "3"])
def test_most_items_are_a_number(running: Service, value: Any) -> None:
    with ChatClient(1400000000, "dummy", base_url=running.server.url) as client, pytest.raises(ConfigurationError):
        client.groups.iter_all(max_items=value)
    with ChatClient(1400000000, "dummy", base_url=running.server.url) as client:
        assert list(client.groups.iter_all(max_items=0)) == []
