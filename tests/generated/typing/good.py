"""What a user may write: a strict type checker accepts all of it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

from tencent_chat import COMMANDS, AsyncChatClient, ChatAPIError, ChatClient, ErrorCode, Region, usersig
from tencent_chat.async_pages import AsyncPages
from tencent_chat.batches import BatchProgress, BatchResult
from tencent_chat.failures import Failure
from tencent_chat.models import (
    CheckAccountItem,
    CreateGroupMember,
    CustomContent,
    CustomElem,
    ImageElem,
    ImageInfo,
    LocationElem,
    MsgElement,
    OfflinePushInfo,
    TextContent,
    TextElem,
)
from tencent_chat.models.accounts.check import CheckAccountResponse
from tencent_chat.models.groups.list_all import ListAllGroupsResponse
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
