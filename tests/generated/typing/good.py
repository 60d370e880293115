"""What a user may write: a strict type checker accepts all of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from tencent_chat import (
    COMMANDS,
    AsyncChatClient,
    ChatAPIError,
    ChatClient,
    ErrorCode,
    Region,
    RequestError,
    Retry,
    usersig,
)
from tencent_chat.async_pages import AsyncPages
from tencent_chat.batches import BatchProgress, BatchResult
from tencent_chat.failures import Failure
from tencent_chat.models import (
    CheckAccountItem,
    CreateGroupMember,
    CustomContent,
    CustomElem,
    FaceElem,
    GroupInfo,
    GroupMember,
    GroupType,
    ImageElem,
    ImageInfo,
    LocationElem,
    MsgElement,
    OfflinePushInfo,
    ProfileItem,
    SoundElem,
    TextContent,
    TextElem,
    UnknownElement,
)
from tencent_chat.models.accounts.check import CheckAccountResponse
from tencent_chat.models.group import MemberRole, MsgPriority
from tencent_chat.models.groups.list_all import ListAllGroupsResponse
from tencent_chat.models.message import SyncOtherMachine
from tencent_chat.pages import Pages
from tencent_chat.webhooks import (
    WEBHOOKS,
    AfterSendMessageEvent,
    Answer,
    BeforeAddFriendEvent,
    BeforeAddFriendReply,
    BeforeInviteToGroupEvent,
    BeforeInviteToGroupReply,
    BeforeSendMessageEvent,
    BeforeSendMessageReply,
    Event,
    Reply,
    Router,
    UnknownEvent,
    allow,
    drop,
    parse,
    reject,
    verify,
)


def use(client: ChatClient) -> str | None:
    group = client.groups.create(
        type="Public",
        name="TestGroup",
        member_list=[CreateGroupMember(member_account="bob", role="Admin"), {"Member_Account": "peter"}],
    )
    client.call("group_open_http_svc/create_group", {"Type": "AKindOfTomorrow", "Name": "n"}, validate=False)
    client.messages.send(
        to_account="bob",
        msg_body=[
            TextElem(msg_type="TIMTextElem", msg_content=TextContent(text="hi")),
            CustomElem(msg_type="TIMCustomElem", msg_content=CustomContent(data="d")),
            {"MsgType": "TIMFutureElem", "MsgContent": {}},
        ],
        offline_push_info=OfflinePushInfo(title="t", desc="d"),
        timeout=(5, 12.5),
    )
    client.messages.send(
        to_account="bob", msg_body=(TextElem(msg_type="TIMTextElem", msg_content=TextContent(text="x")),)
    )
    elements = [TextElem(msg_type="TIMTextElem", msg_content=TextContent(text="one"))]
    client.messages.send(to_account="bob", msg_body=elements)
    try:
        client.call("openim/sendmsg", {"To_Account": "bob"})
    except ChatAPIError as error:
        if error.code == ErrorCode.INVALID_SDKAPPID:
            return error.fix
        number: int | None = error.code
        return str(number)
    command = COMMANDS["openim/sendmsg"]
    _: str = usersig.generate(1, "key", "bob")
    with ChatClient(1, "key", region=Region.SINGAPORE) as other, ChatClient(1, usersig="s", region="china"):
        other.groups.list_all()
    return group.group_id or command.summary


router = Router(token="t", sdkappid=1, max_age=None)


@router.on(BeforeSendMessageEvent)
def check(event: BeforeSendMessageEvent) -> BeforeSendMessageReply | None:
    if event.from_account == "mallory":
        return reject(event, 120001, "no")
    if event.context.platform == "Web":
        return drop(event)
    hidden = TextElem(msg_type="TIMTextElem", msg_content=TextContent(text="***"))
    return allow(event, msg_body=[hidden, {"MsgType": "TIMFaceElem"}]) if event.msg_body else None


@router.on(BeforeInviteToGroupEvent)
async def invite(event: BeforeInviteToGroupEvent) -> BeforeInviteToGroupReply:
    return allow(event, refused_members_account=["mallory"])


@router.on(BeforeAddFriendEvent)
def befriend(event: BeforeAddFriendEvent) -> BeforeAddFriendReply:
    return allow(event, result_item=[{"To_Account": "bob", "ResultCode": 0, "ResultInfo": ""}])


@router.on(AfterSendMessageEvent)
def count(event: AfterSendMessageEvent) -> None:
    print(event.msg_key, event.raw)


@router.on(UnknownEvent)
async def unknown(event: UnknownEvent) -> None:
    print(event.context.command)


@router.fallback
def other(event: Event) -> Reply | None:
    return reject(event, info="no") if isinstance(event, BeforeSendMessageEvent) else None


async def receive(query: Mapping[str, str], body: bytes) -> Answer:
    verify(query, "t", sdkappid=1, max_age=30, now=0.5)
    event = parse(parse_qs("a=b"), body)
    if isinstance(event, BeforeInviteToGroupEvent):
        reply: BeforeInviteToGroupReply = await invite(event)
        print(reply.error_code, befriend, check, WEBHOOKS["State.StateChange"].event_model)
    with ThreadPoolExecutor() as pool:
        router.handle(parse_qs("a=b"), body, defer=pool.submit)
    return await router.handle_async(query, body)


def read_on(client: ChatClient, kept: dict[str, object] | None) -> Pages[str, ListAllGroupsResponse]:
    pages = client.groups.iter_all(limit=100, cursor=kept)
    first: str = next(pages)
    rest: list[str] = [group_id.upper() for group_id in pages]
    totals: list[int | None] = [page.total_count for page in pages.by_page()]
    position: dict[str, object] | None = pages.cursor
    accounts: list[str | None] = [member.member_account for member in client.groups.iter_members(group_id=first)]
    print(rest, totals, position, accounts)
    return pages


def in_batches(client: ChatClient) -> tuple[Failure, ...]:
    def progress(told: BatchProgress) -> None:
        print(told.done, told.total, [item.outcome for item in told.items])

    result = client.accounts.check_many(
        check_item=[CheckAccountItem(user_id="ann"), {"UserID": "bob"}], concurrency=2, progress=progress, timeout=5
    )
    again: BatchResult[CheckAccountItem | Mapping[str, object], CheckAccountResponse] = result
    client.accounts.check_many(check_item=result.again)
    names: list[str] = [item.user_id for item in result.done if isinstance(item, CheckAccountItem)]
    print(
        names,
        len(result),
        result.ok,
        {code: [entry.info for entry in failed] for code, failed in result.failed.items()},
    )
    statuses = [found.account_status for answer in result.responses for found in answer.result_item or ()]
    codes: list[int | str | bool | None] = [item.code for item in result.items if item.outcome == "failed"]
    print(statuses, codes, [error.attempts for error in again.errors])
    result.raise_for_failures()
    answer = client.groups.add_members(group_id="g", member_list=[{"Member_Account": "ann"}])
    answer.raise_for_failures()
    return (*result.failures, *answer.failures)


async def in_tasks(client: AsyncChatClient) -> AsyncPages[str, ListAllGroupsResponse]:
    pages = client.groups.iter_all()
    first: str = await anext(pages)
    rest: list[str] = [group_id async for group_id in pages]
    async for page in pages.by_page():
        print(page.total_count)
    result = await client.accounts.get_online_status_many(to_account=["ann"], progress=print)
    states = [found.state for answer in result.responses for found in answer.query_result or ()]
    async with AsyncChatClient(1, "key", region="china") as other:
        group = await other.groups.create(type="Public", name="n")
    print(first, rest, states, group.group_id)
    return pages


def messages(client: ChatClient, text: TextElem) -> list[MsgElement]:
    body: list[MsgElement] = [
        TextElem("hi"),
        TextElem(text="hi"),
        TextElem(msg_type="TIMTextElem", msg_content=TextContent(text="hi")),
        CustomElem(data="{}", desc="d"),
        LocationElem(desc="d", latitude=1, longitude=2.5),
        ImageElem(uuid="u", image_info_array=[ImageInfo(type=1), {"Type": 2}]),
        text,
    ]
    client.messages.send(to_account="bob", msg_body=body)
    client.messages.send(to_account="bob", msg_body=[TextElem("hi"), CustomElem(data="{}"), {"MsgType": "x"}])
    return body


def closed_sets(client: ChatClient, kind: GroupType, on_all: bool) -> None:
    role: Literal["Admin"] = "Admin"
    client.groups.create(type="AVChatRoom", name="n", member_list=[CreateGroupMember(member_account="a", role=role)])
    name: Literal["Public", "Work"] = "Public" if on_all else "Work"
    client.groups.create(type=name, name="n", apply_join_option="NeedPermission")
    machine: SyncOtherMachine = 2
    client.messages.send(to_account="b", msg_body=[TextElem("x")], sync_other_machine=machine)
    client.messages.send(
        to_account="b", msg_body=[TextElem("x")], sync_other_machine=1, send_msg_control=["NoUnread", "NoLastMsg"]
    )
    priority: MsgPriority = "High"
    client.groups.send_message(group_id="g", msg_body=[TextElem("x")], msg_priority=priority)
    client.groups.list_members(group_id="g", member_role_filter=("Owner", "Admin"))
    # What the spec leaves open.
    client.groups.create(type="Public", name="n", invite_join_option="OfTomorrow")
    client.groups.list_members(group_id="g", member_info_filter=["Role", "OfTomorrow"])
    print(kind == "Community", SoundElem(download_flag=2))


def custom_tags(client: ChatClient, field: str) -> None:
    items = [
        ProfileItem(tag="Tag_Profile_IM_Nick", value="Bob"),
        ProfileItem(tag="Tag_Profile_Custom_X", value=1),
        ProfileItem(tag=f"Tag_Profile_Custom_{field}", value="x"),
    ]
    client.profiles.update(from_account="bob", profile_item=items)
    client.profiles.update(from_account="bob", profile_item=[{"Tag": "Tag_Profile_Custom_X", "Value": 1}])
    client.profiles.get(to_account=["bob"], tag_list=["Tag_Profile_IM_Nick", "Tag_Profile_Custom_X"])


def ways_out(client: ChatClient) -> None:
    client.groups.create(type="Public", name="n", extra={"Type": "AKindOfTomorrow", "Future": 1}, validate=False)
    client.with_options(validate=False).call("openim/sendmsg", {"SyncOtherMachine": 3})
    client.with_options(timeout=(1, 2), retry=Retry(attempts=2)).as_identifier("admin2").groups.list_all()
    try:
        CreateGroupMember(member_account="")
    except RequestError as error:
        print(error.model, error.command, [(problem.path, problem.name, problem.text) for problem in error.problems])
    except ValueError:
        raise


def yes_and_no(client: ChatClient, event: BeforeSendMessageEvent, quiet: bool) -> bool:
    client.groups.send_message(group_id="g", msg_body=[TextElem("x")], online_only_flag=True, need_read_receipt=False)
    client.groups.send_message(group_id="g", msg_body=[TextElem("x")], online_only_flag=quiet)
    OfflinePushInfo(push_flag=1)
    flag: bool | None = event.online_only_flag
    group = client.groups.get(group_id_list=["g"])
    permissions: list[bool | None] = [found.enable_permission for found in group.group_info or ()]
    return flag is True or any(permissions)


def times(client: ChatClient, member: GroupMember, group: GroupInfo, event: AfterSendMessageEvent) -> datetime | None:
    now = datetime.now(UTC)
    client.messages.get_history(
        operator_account="a",
        peer_account="b",
        max_cnt=10,
        min_time=datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
        max_time=now,
    )
    client.messages.iter_history(operator_account="a", peer_account="b", min_time=now - timedelta(1), max_time=now)
    client.messages.send(to_account="b", msg_body=[TextElem("x")], msg_life_time=timedelta(days=1))
    client.messages.send(to_account="b", msg_body=[TextElem("x")], msg_life_time=86400)
    client.groups.mute_members(group_id="g", members_account=["b"], mute_time=timedelta(hours=1))
    CreateGroupMember(member_account="a", join_time=now, mute_until=0)
    SoundElem(second=timedelta(seconds=3))
    number: int | None = member.join_time
    joined: datetime | None = member.join_time_utc
    if joined is not None and group.create_time_utc is not None and joined < group.create_time_utc:
        print(number, joined.astimezone(ZoneInfo("Europe/Berlin")))
    sound = SoundElem(second=3)
    length: timedelta | None = sound.msg_content.second_timedelta
    print(length)
    return event.msg_time_utc


def any_iterable(client: ChatClient, accounts: set[str], by_name: dict[str, CreateGroupMember]) -> None:
    client.accounts.get_online_status(to_account=accounts)
    client.accounts.get_online_status(to_account=by_name.keys())
    client.accounts.get_online_status(to_account=(account for account in accounts if account))
    client.accounts.get_online_status(to_account=frozenset(accounts))
    client.groups.add_members(group_id="g", member_list=({"Member_Account": account} for account in accounts))
    client.groups.import_members(group_id="g", member_list=deque([{"Member_Account": "a"}]))
    client.groups.create(type="Public", name="n", member_list=by_name.values())

    def elements() -> Iterator[TextElem | CustomElem]:
        yield TextElem("a")
        yield CustomElem(data="b")

    client.messages.send(to_account="b", msg_body=elements())
    ImageElem(uuid="u", image_info_array=iter([ImageInfo(type=1)]))


def what_may_be_none(client: ChatClient) -> list[str]:
    profile = client.profiles.get(to_account=["bob"], tag_list=["Tag_Profile_IM_Nick"])
    found: list[str] = []
    for user in profile.user_profile_item or ():
        for item in user.profile_item or ():
            value: str | int | None = item.value
            if isinstance(item.value, str):
                found.append(item.value.upper())
            elif item.value is not None:
                found.append(str(value))
    text = TextElem("hi").msg_content.text
    if text:
        found.append(text.upper())
    found.append((TextContent(text="x").text or "").upper())
    role: MemberRole | str | None = GroupMember.model_validate({"Role": "OfTomorrow"}).role
    return [*found, role or "none"]


def by_comparison(element: MsgElement) -> str | None:
    if element.msg_type == "TIMTextElem":
        return element.msg_content.text
    if element.msg_type == "TIMCustomElem":
        return element.msg_content.data
    if element.msg_type == "TIMFaceElem":
        return str(element.msg_content.index)
    if isinstance(element, UnknownElement):
        content: dict[str, object] | None = element.msg_content
        return f"{element.msg_type!s} {content}"
    return str(element.msg_type)


def by_match(element: MsgElement) -> str | None:
    match element:
        case TextElem():
            return element.msg_content.text
        case FaceElem() | CustomElem():
            return element.msg_content.data
        case UnknownElement():
            return str(element.msg_type)
        case _:
            return None


def by_match_of_types(element: MsgElement) -> float | None:
    match element.msg_type:
        case "TIMLocationElem":
            return 0.0
        case "TIMTextElem" | "TIMFaceElem":
            return 1.0
        case _:
            return None


def by_class(event: AfterSendMessageEvent) -> Iterator[str]:
    for element in event.msg_body or ():
        if isinstance(element, LocationElem):
            place: float | None = element.msg_content.latitude
            yield str(place)
        elif element.msg_type == "TIMSoundElem" and element.msg_content.url:
            yield element.msg_content.url.upper()


def read_a_part(client: ChatClient) -> list[str]:
    groups: list[str] = list(client.groups.iter_all(max_items=5, limit=2))
    history = client.messages.iter_history(
        operator_account="a", peer_account="b", min_time=0, max_time=1, max_cnt=20, max_items=100
    )
    return [*groups, *(message.from_account or "" for message in history)]


def what_became_of_it(client: ChatClient) -> None:
    result = client.messages.send_batch_many(to_account={"ann", "bob"}, msg_body=[TextElem("x")])
    for entry in result:
        account: str = entry.item
        outcome: Literal["done", "failed", "not_sent", "unknown"] = entry.outcome
        print(account, outcome, entry.code, entry.info)
    done: tuple[str, ...] = result.done
    again: tuple[str, ...] = result.again
    print(len(result), done, [failed.item.upper() for failed in result.failed.get(90048, ())])
    client.messages.send_batch_many(to_account=again, msg_body=[TextElem("x")], concurrency=1)


async def awaited(client: AsyncChatClient) -> None:
    now = datetime.now(UTC)
    async for message in client.messages.iter_history(
        operator_account="a", peer_account="b", min_time=now - timedelta(days=1), max_time=now, max_items=10
    ):
        time: datetime | None = message.msg_time_stamp_utc
        print(time, [element.msg_type for element in message.msg_body or ()])
    await client.with_options(timeout=3).groups.create(type="Work", name="n", validate=False)
    await client.groups.send_message(group_id="g", msg_body=(TextElem(text) for text in "ab"), online_only_flag=True)
