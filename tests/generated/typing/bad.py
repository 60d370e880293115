"""What a user must not write: a strict type checker refuses every marked line."""

from __future__ import annotations

import tencent_chat
from tencent_chat import AsyncChatClient, ChatClient
from tencent_chat.models import CreateGroupMember, CustomElem, TextContent, TextElem
from tencent_chat.webhooks import (
    AfterSendMessageEvent,
    BeforeAddFriendEvent,
    BeforeAddFriendReply,
    BeforeSendGroupMessageReply,
    BeforeSendMessageEvent,
    BeforeSendMessageReply,
    Router,
    allow,
    drop,
    reject,
)


def use(client: ChatClient) -> None:
    client.groups.create(type="Public")  # bad: name is missing
    client.groups.create("Public", "n")  # bad: keyword-only
    client.groups.create(type="Public", name=7)  # bad: not a text
    client.groups.create(type="Public", name="n", nmae="n")  # bad: no such argument
    client.groups.create(type="Public", name="n", member_list=[7])  # bad: not a member
    client.groops.list_all()  # bad: no such namespace
    client.groups.craete(type="Public", name="n")  # bad: no such method
    CreateGroupMember(Member_Account="bob")  # bad: wire name in a constructor
    TextElem(msg_type="TIMFaceElem", msg_content=TextContent(text="x"))  # bad: another element's type
    client.groups.create(type="Public", name="n").group_id.upper()  # bad: may be None
    print(client.groups.create(type="Public", name="n").groop_id)  # bad: no such field
    ChatClient(sdkappid="1", secret_key="k", region="china")  # bad: a number is due


def imports() -> None:
    from tencent_chat import ChatClent  # bad: misspelt
    from tencent_chat.models import VideoFileElem  # bad: no such class
    from tencent_chat.webhooks import AfterSendMesageEvent  # bad: misspelt

    del ChatClent, VideoFileElem, AfterSendMesageEvent


print(tencent_chat.ErorCode)  # bad: misspelt
print(tencent_chat.models.TextElm)  # bad: misspelt
router = Router()  # bad: whether requests are signed must be said


def wrong_reply(event: BeforeSendMessageEvent) -> BeforeSendGroupMessageReply | None: ...
def wrong_event(event: AfterSendMessageEvent) -> BeforeSendMessageReply | None: ...
def no_decision(event: BeforeAddFriendEvent) -> BeforeAddFriendReply | None: ...
def says_something(event: AfterSendMessageEvent) -> BeforeSendMessageReply:
    raise NotImplementedError


router.on(BeforeSendMessageEvent)(wrong_reply)  # bad: another event's reply
router.on(BeforeSendMessageEvent)(wrong_event)  # bad: another event
router.on(BeforeAddFriendEvent)(no_decision)  # bad: this reply must decide
router.on(AfterSendMessageEvent)(says_something)  # bad: there is nothing to decide
router.on(BeforeSendMessageReply)  # bad: not an event


def decide(message: BeforeSendMessageEvent, friend: BeforeAddFriendEvent, sent: AfterSendMessageEvent) -> None:
    drop(friend)  # bad: not documented for it
    reject(sent)  # bad: it has happened
    allow(friend)  # bad: each request must be decided
    allow(message, result_item=[])  # bad: another event's change
    reject(message, "no")  # bad: the code comes first
    print(message.contxt)  # bad: no such field


def long_lists(client: ChatClient) -> None:
    for group_id in client.groups.iter_all():
        print(group_id + 1)  # bad: a text
    for member in client.groups.iter_members(group_id="g"):
        print(member.member_acount)  # bad: no such field
    client.groups.iter_members()  # bad: group_id is missing
    client.groups.iter_all(cursor="abc")  # bad: no text
    client.groups.iter_create(type="Public", name="n")  # bad: reads no list
    client.messages.iter_history(operator_account="a", peer_account="b", max_cnt=1, min_time=0)  # bad: no max_time
    client.accounts.check_many()  # bad: the list is missing
    client.accounts.get_online_status_many(to_account=[7])  # bad: not a text
    client.accounts.get_online_status_many(to_account=["a"], concurrency="4")  # bad: not a number
    result = client.accounts.get_online_status_many(to_account=["a"])
    print(result.items[0].outcome == "done", result.responses[0].query_results)  # bad: no such field
    print(result.failures[0].reason)  # bad: no such field


async def in_tasks(client: AsyncChatClient) -> None:
    list(client.groups.iter_all())  # bad: to be awaited
    print(client.groups.create(type="Public", name="n").group_id)  # bad: to be awaited
    print((await client.accounts.get_online_status_many(to_account=["a"])).finished)  # bad: no such field


def messages() -> None:
    TextElem()  # bad: the text is missing
    TextElem(7)  # bad: not a text
    TextElem("hi", "there")  # bad: one text only
    CustomElem("data")  # bad: by name only
    CustomElem(dta="{}")  # bad: no such field
    TextElem(msg_type="TIMCustomElem", msg_content=TextContent(text="hi"))  # bad: another type's name
