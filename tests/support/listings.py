"""Paged commands as the vendor's pages describe them, and a service that answers so.

Written from the vendor's pages, not from `spec/`: it shares nothing with the client that it tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generated.loopback import OK, Received, Server, http

Wire = dict[str, Any]
Pages = Sequence[Sequence[int]]
"""The items of a list, as numbers, by page."""


@dataclass(frozen=True)
class Listing:
    """A command that reads a list in pages."""

    path: str
    method: str
    """Of the client, without the arguments that move from page to page."""
    arguments: Wire
    answer: Callable[[Wire, Pages], Wire]
    """What the service answers to a body."""
    item: Callable[[Any], int]
    """The number of an item that the client yields."""
    whole: bool = False
    """Whether pages have no gaps: an empty page is the last."""
    kept: Wire = field(default_factory=dict)
    """Fields that every request carries unchanged."""

    def __str__(self) -> str:
        return f"{self.path}-{self.kept}" if self.kept else self.path


class Service:
    """Answers over a socket for one listing after another."""

    def __init__(self) -> None:
        self.server = Server(self._answer)
        self.calls: list[Received] = []
        self.change: Callable[[int, Wire], Wire | bytes] = lambda _, answer: answer
        self.listing = LISTINGS[0]
        self.pages: Pages = []
        self.script: Sequence[Wire] | None = None
        """What to answer in place of what the pages say, call by call."""

    def serve(self, listing: Listing, pages: Pages) -> None:
        self.listing, self.pages = listing, pages
        self.calls.clear()
        self.change = lambda _, answer: answer
        self.script = None

    def _answer(self, request: Received, _: object) -> bytes:
        self.calls.append(request)
        try:
            assert request.line.split()[1].startswith(f"/v4/{self.listing.path}?"), request.line
            if self.script is not None:
                return http(OK | self.script[len(self.calls) - 1])
            answer = self.change(len(self.calls), OK | self.listing.answer(request.json, self.pages))
        except Exception as error:
            # No client may take it for an answer, or wait for one.
            return http(repr(error).encode(), 500)
        return answer if isinstance(answer, bytes) else http(answer)


def _cursor(
    requests: Sequence[str],
    first: Sequence[Any],
    token: Callable[[int, int], Any],
    answers: Sequence[str],
    wrap: Callable[[Sequence[int]], Wire],
    *,
    last: Sequence[Any] | None = None,
    flag: str | None = None,
) -> Callable[[Wire, Pages], Wire]:
    """A service whose pages are told apart by `requests`, and that tells the next ones in `answers`.

    `token(page, field)` makes out a page; None in `first` stands for a field that is left out. The last page says
    `last` in place of the next one's values, or has the `flag` 1, or both.
    """

    def values(page: int) -> list[Any]:
        return [token(page, number) for number in range(len(requests))]

    def answer(body: Wire, pages: Pages) -> Wire:
        given = [body.get(name) for name in requests]
        known = {repr(values(page)): page for page in range(1, len(pages))} | {repr(list(first)): 0}
        page = known[repr(given)]
        ends = page + 1 >= len(pages)
        following = list(last) if ends and last is not None else values(page + 1)
        result = wrap(pages[page] if pages else []) | dict(zip(answers, following, strict=True))
        return result | ({flag: int(ends)} if flag else {})

    return answer


def _offset(total: str, wrap: Callable[[Sequence[int]], Wire]) -> Callable[[Wire, Pages], Wire]:
    """A service that skips Offset items and returns as many as the page there has, up to Limit."""

    def answer(body: Wire, pages: Pages) -> Wire:
        items = [item for page in pages for item in page]
        start, ends = body.get("Offset", 0), [sum(map(len, pages[: n + 1])) for n in range(len(pages))]
        end = min([end for end in ends if end > start] + [start + body.get("Limit", len(items))])
        return wrap(items[start:end]) | {total: len(items)}

    return answer


def _objects(name: str, key: str) -> Callable[[Sequence[int]], Wire]:
    return lambda numbers: {name: [{key: f"n{number}"} for number in numbers]}


def _number(attribute: str) -> Callable[[Any], int]:
    return lambda item: int(getattr(item, attribute)[1:])


def _record_pages(body: Wire, pages: Pages) -> Wire:
    size, page = body.get("NumberPerPage", 10), body.get("Page", 1)
    items = [item for page in pages for item in page]
    found = items[(page - 1) * size : page * size]
    records = [{"CallId": f"n{number}"} for number in found]
    return {"Response": {"TotalNum": len(items), "Page": page if found else 0, "CallRecordList": records}}


def _group_messages(body: Wire, pages: Pages) -> Wire:
    """Newest first, ReqMsgNumber at a time from ReqMsgSeq down; every second one has expired."""
    total = sum(map(len, pages))
    newest = min(body.get("ReqMsgSeq", total), total)
    shown = range(newest, max(newest - body["ReqMsgNumber"], 0), -1)
    return {
        "GroupId": body["GroupId"],
        "IsFinished": 1 if len(shown) == body["ReqMsgNumber"] else 0,
        "RspMsgList": [{"MsgSeq": seq, "IsPlaceMsg": seq % 2, "From_Account": "a"} for seq in shown],
    }


def _roaming(body: Wire, pages: Pages) -> Wire:
    """Blocks of messages from MaxTime back, each block in the order of time; many have the same time."""
    keys = [f"{page}_1_{1000 - page // 2}" for page in range(len(pages))]
    page = keys.index(body["LastMsgKey"]) + 1 if "LastMsgKey" in body else 0
    if page:
        assert body["MaxTime"] == 1000 - (page - 1) // 2
    numbers = pages[page] if pages else []
    return {
        "Complete": int(page + 1 >= len(pages)),
        "MsgCnt": len(numbers),
        "LastMsgTime": 1000 - page // 2,
        "LastMsgKey": keys[page] if keys else "",
        "MsgList": [{"MsgKey": f"n{number}", "MsgTimeStamp": 900} for number in numbers],
    }


def _receipts(name: str, key: str) -> Callable[[Wire, Pages], Wire]:
    return _cursor(
        ["Cursor"], [""], lambda page, _: f"position {page}", ["Cursor"], _objects(name, key), flag="IsFinished"
    )


_TEXT = lambda page, _: f"144115265295{page}"  # noqa: E731
_NUMBER = lambda page, _: 4454685361 + page  # noqa: E731

LISTINGS: Sequence[Listing] = (
    Listing(
        "group_open_http_svc/get_appid_group_list", "groups.iter_all", {"limit": 10},
        _cursor(["Next"], [0], _NUMBER, ["Next"], _objects("GroupIdList", "GroupId"), last=[0]),
        lambda item: int(item[1:]), kept={"Limit": 10},
    ),
    Listing(
        "follow/follow_get", "follows.iter_all", {"from_account": "a", "follow_type": 1, "want_num": 5},
        _cursor(["StartCursor"], [""], _TEXT, ["NextCursor"], _objects("FollowItem", "To_Account"), last=[""]),
        _number("to_account"), kept={"From_Account": "a", "FollowType": 1, "WantNum": 5},
    ),
    Listing(
        "group_open_avchatroom_http_svc/get_members", "live_groups.iter_members", {"group_id": "g"},
        _cursor(
            ["Timestamp"], [0], _NUMBER, ["NextTimestamp"], _objects("MemberList", "Member_Account"), last=[0]
        ),
        _number("member_account"), kept={"GroupId": "g"},
    ),
    Listing(
        "group_open_http_svc/get_group_ban_member", "groups.iter_banned_members", {"group_id": "g", "limit": 7},
        _cursor(
            ["Offset"], [0], lambda page, _: page * 7, ["NextOffset"],
            _objects("BannedAccountList", "Member_Account"), last=[0],
        ),
        _number("member_account"), kept={"GroupId": "g", "Limit": 7},
    ),
    Listing(
        "group_open_http_svc/get_group_member_info", "groups.iter_members", {"group_id": "g", "next": "", "limit": 9},
        _cursor(["Next", "Offset"], ["", None], lambda page, number: None if number else _TEXT(page, 0),
                ["Next", "Offset"], _objects("MemberList", "Member_Account"), last=["", None]),
        _number("member_account"), kept={"GroupId": "g", "Limit": 9},
    ),
    Listing(
        "group_open_http_svc/get_group_member_info", "groups.iter_members", {"group_id": "g", "limit": 4},
        _offset("MemberNum", _objects("MemberList", "Member_Account")),
        _number("member_account"), kept={"GroupId": "g", "Limit": 4},
    ),
    Listing(
        "group_open_http_svc/get_group_msg_receipt_detail", "groups.iter_receipt_members",
        {"group_id": "g", "msg_seq": 1, "filter": 0, "count": 3}, _receipts("ReadList", "Read_Account"),
        _number("read_account"), kept={"GroupId": "g", "MsgSeq": 1, "Filter": 0, "Count": 3},
    ),
    Listing(
        "group_open_http_svc/get_group_msg_receipt_detail", "groups.iter_receipt_members",
        {"group_id": "g", "msg_seq": 1, "filter": 1, "count": 3}, _receipts("UnreadList", "Unread_Account"),
        _number("unread_account"), kept={"GroupId": "g", "MsgSeq": 1, "Filter": 1, "Count": 3},
    ),
    Listing(
        "group_open_http_svc/get_joined_group_list", "groups.iter_joined", {"member_account": "a"},
        _offset("TotalCount", _objects("GroupIdList", "GroupId")), _number("group_id"),
        kept={"Member_Account": "a"},
    ),
    Listing(
        "group_open_http_svc/get_permission_group_member_list", "permission_groups.iter_members",
        {"group_id": "g", "permission_group_id": "p"},
        _cursor(["Next"], [""], _TEXT, ["Next"], _objects("MemberList", "Member_Account"), last=[""]),
        _number("member_account"), kept={"GroupId": "g", "PermissionGroupId": "p"},
    ),
    Listing(
        "group_open_http_svc/group_msg_get_simple", "groups.iter_history", {"group_id": "g", "req_msg_number": 3},
        _group_messages, lambda item: item.msg_seq, whole=True, kept={"GroupId": "g", "ReqMsgNumber": 3},
    ),
    Listing(
        "im_msg_audit_mgr/get_cloud_audit_keywords", "moderation.iter_keywords",
        {"sdk_app_id": 1, "limit": 3, "lib_id": "l"}, _offset("TotalCount", _objects("Infos", "ID")), _number("id"),
        kept={"SdkAppId": 1, "Limit": 3, "LibID": "l"},
    ),
    Listing(
        "im_msg_audit_mgr/get_cloud_audit_keywords_ids", "moderation.iter_libraries", {"sdk_app_id": 1, "limit": 3},
        _offset("TotalCount", _objects("Infos", "ID")), _number("id"), kept={"SdkAppId": 1, "Limit": 3},
    ),
    Listing(
        "im_msg_audit_mgr/get_local_audit_keywords", "moderation.iter_local_keywords", {"sdk_app_id": 1},
        # TotalCount is that of the whole app, whatever the filter.
        lambda body, pages: _offset("CurCount", _objects("LocalAuditWords", "Keyword"))(body, pages)
        | {"TotalCount": 99999},
        _number("keyword"), kept={"SdkAppId": 1},
    ),
    Listing(
        "official_account_open_http_svc/get_subscribed_official_account_list", "official_accounts.iter_subscribed",
        {"subscriber_account": "a", "limit": 200},
        _cursor(
            ["Offset"], [None], lambda page, _: page * 200, ["Next"],
            _objects("OfficialAccountInfoList", "Official_Account"), flag="CompleteFlag",
        ),
        _number("official_account"), kept={"Subscriber_Account": "a", "Limit": 200},
    ),
    Listing(
        "official_account_open_http_svc/get_subscriber_info", "official_accounts.iter_subscribers",
        {"official_account": "o"},
        _cursor(["Next"], [""], _TEXT, ["Next"], _objects("SubscriberList", "Subscriber_Account"), last=[""]),
        _number("subscriber_account"), kept={"Official_Account": "o"},
    ),
    Listing(
        "official_account_open_http_svc/official_account_msg_get_simple", "official_accounts.iter_history",
        {"official_account": "o", "req_msg_number": 2},
        _cursor(
            ["LastMsgKey"], [None], lambda page, _: f"{page}_1_1698741698", ["LastMsgKey"],
            _objects("RspMsgList", "MsgKey"), last=[""],
        ),
        _number("msg_key"), kept={"Official_Account": "o", "ReqMsgNumber": 2},
    ),
    Listing(
        "openim/admin_getroammsg", "messages.iter_history",
        {"operator_account": "a", "peer_account": "b", "max_cnt": 100, "min_time": 1, "max_time": 5000},
        _roaming, _number("msg_key"),
        kept={"Operator_Account": "a", "Peer_Account": "b", "MaxCnt": 100, "MinTime": 1},
    ),
    Listing(
        "recentcontact/get_contact_group", "conversations.iter_groups", {"from_account": "a"},
        _cursor(
            ["StartIndex"], [0], _NUMBER, ["NextStartIndex"], _objects("ContactItem", "To_Account"), last=[0],
            flag="CompleteFlag",
        ),
        _number("to_account"), kept={"From_Account": "a"},
    ),
    Listing(
        "recentcontact/get_list", "conversations.iter_all", {"from_account": "a", "assist_flags": 63},
        _cursor(
            ["TimeStamp", "StartIndex", "TopTimeStamp", "TopStartIndex"], [0, 0, 0, 0],
            # Pages may differ in one field only.
            lambda page, number: (1631012800, page % 2, 1631012800, page // 2)[number],
            ["TimeStamp", "StartIndex", "TopTimeStamp", "TopStartIndex"], _objects("SessionItem", "To_Account"),
            flag="CompleteFlag",
        ),
        _number("to_account"), kept={"From_Account": "a", "AssistFlags": 63},
    ),
    Listing(
        "sns/black_list_get", "blocklist.iter_all", {"from_account": "a", "max_limited": 30},
        _cursor(
            ["StartIndex", "LastSequence"], [0, 0], lambda page, number: 13 if number else page * 30,
            ["StartIndex", "CurruentSequence"], _objects("BlackListItem", "To_Account"), last=[0, 13],
        ),
        _number("to_account"), kept={"From_Account": "a", "MaxLimited": 30},
    ),
    Listing(
        "sns/friend_get", "friends.iter_all",
        {"from_account": "a", "standard_sequence": 7, "custom_sequence": 8},
        lambda body, pages: _cursor(
            ["StartIndex"], [0], _NUMBER, ["NextStartIndex"], _objects("UserDataItem", "To_Account"), last=[0],
            flag="CompleteFlag",
        )(body, pages) | {"StandardSequence": 88, "CustomSequence": 46},
        _number("to_account"), kept={"From_Account": "a", "StandardSequence": 7, "CustomSequence": 8},
    ),
    Listing(
        "call_record_http_srv/get_record_by_filter", "calls.iter_records", {"number_per_page": 2},
        _record_pages, _number("call_id"), whole=True, kept={"NumberPerPage": 2},
    ),
)  # fmt: skip


def numbered(sizes: Sequence[int], listing: Listing) -> tuple[Pages, list[int]]:
    """Return pages of these sizes, and all their items in the order in which they are to be read."""
    numbers = iter(range(1, sum(sizes) + 1))
    pages = [[next(numbers) for _ in range(size)] for size in sizes]
    items = [number for page in pages for number in page]
    return pages, items[::-1] if listing.answer is _group_messages else items


def method(client: object, name: str) -> Callable[..., Any]:
    """Return a client's method by its dotted name."""
    found: Any = client
    for part in name.split("."):
        found = getattr(found, part)
    return found


def wire_of(calls: Sequence[Received]) -> list[Mapping[str, Any]]:
    return [call.json for call in calls]
