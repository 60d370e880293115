"""What a user must not write: a strict type checker refuses every marked line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import tencent_chat
from tencent_chat import AsyncChatClient, ChatClient
from tencent_chat.models import (
    CreateGroupMember,
    CustomElem,
    GroupMember,
    ImageElem,
    MsgElement,
    OfflinePushInfo,
    ProfileItem,
    SoundElem,
    TextContent,
    TextElem,
    UnknownElement,
)
from tencent_chat.models.group import MemberRole
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


def closed_sets(client: ChatClient, text: str, number: int, role: MemberRole) -> None:
    client.groups.create(type="Pubic", name="n")  # bad: misspelt
    client.groups.create(type="public", name="n")  # bad: misspelt
    client.groups.create(type="Live", name="n")  # bad: of webhooks only
    client.groups.create(type=text, name="n")  # bad: any text
    client.groups.create(type="Public", name="n", apply_join_option="Free")  # bad: no such value
    CreateGroupMember(member_account="a", role="Owner")  # bad: none for a new member
    CreateGroupMember(member_account="a", role=role)  # bad: not each of them
    client.messages.send(to_account="b", msg_body=[TextElem("x")], sync_other_machine=3)  # bad: 1 or 2
    client.messages.send(to_account="b", msg_body=[TextElem("x")], sync_other_machine=number)  # bad: 1 or 2
    client.messages.send(to_account="b", msg_body=[TextElem("x")], sync_other_machine="1")  # bad: 1 or 2
    client.messages.send(to_account="b", msg_body=[TextElem("x")], send_msg_control=["NoUnraed"])  # bad: misspelt
    client.messages.send(to_account="b", msg_body=[TextElem("x")], send_msg_control="NoUnread")  # bad: a list is due
    client.groups.list_members(group_id="g", member_role_filter=["NotMember"])  # bad: no filter
    SoundElem(download_flag=1)  # bad: 2 is the only value


def yes_and_no(client: ChatClient, number: int) -> None:
    client.groups.send_message(group_id="g", msg_body=[TextElem("x")], online_only_flag=7)  # bad: yes or no
    client.groups.send_message(group_id="g", msg_body=[TextElem("x")], online_only_flag=1)  # bad: yes or no
    client.groups.send_message(group_id="g", msg_body=[TextElem("x")], online_only_flag=number)  # bad: yes or no
    client.groups.send_message(group_id="g", msg_body=[TextElem("x")], online_only_flag="1")  # bad: yes or no
    OfflinePushInfo(push_flag=2)  # bad: 0 or 1


def times(client: ChatClient, member: GroupMember) -> None:
    client.messages.send(to_account="b", msg_body=[TextElem("x")], msg_life_time="1d")  # bad: a number or a timedelta
    client.messages.send(to_account="b", msg_body=[TextElem("x")], msg_life_time=1.5)  # bad: a whole number
    client.messages.send(to_account="b", msg_body=[TextElem("x")], msg_life_time=datetime.now(UTC))  # bad: no span
    CreateGroupMember(member_account="a", mute_until=timedelta(hours=1))  # bad: no instant
    CreateGroupMember(member_account="a", mute_until=date(2024, 1, 1))  # bad: no instant
    CreateGroupMember(member_account="a", mute_until="2024-01-01")  # bad: no instant
    CreateGroupMember(member_account="a", msg_seq=timedelta(1))  # bad: just a number
    CreateGroupMember(member_account="a", name_card=datetime.now(UTC))  # bad: a text
    print(member.join_time_utc.year)  # bad: may be None
    print(member.join_time + 1)  # bad: may be None
    print(member.join_time_uct)  # bad: misspelt
    print(member.name_card_utc)  # bad: no instant
    member.join_time = datetime.now(UTC)  # bad: a number
    member.join_time_utc = datetime.now(UTC)  # bad: it follows from the number


def lists(client: ChatClient) -> None:
    client.accounts.get_online_status(to_account=[7])  # bad: not a text
    client.accounts.get_online_status(to_account=7)  # bad: no list
    client.accounts.get_online_status(to_account=range(3))  # bad: not texts
    client.messages.send(to_account=["b"], msg_body=[TextElem("x")])  # bad: one account
    client.messages.send(to_account="b", msg_body=TextElem("x"))  # bad: a list is due
    client.messages.send(to_account="b", msg_body="hi")  # bad: a list of elements is due
    client.messages.send(to_account="b", msg_body=["hi"])  # bad: elements are due
    client.messages.send(to_account="b", msg_body=[TextContent(text="x")])  # bad: the content of an element
    client.groups.create(type="Public", name="n", member_list="bob")  # bad: a list of members is due
    client.groups.create(type="Public", name="n", member_list={"bob"})  # bad: members are due
    client.groups.create(type="Public", name="n", member_list=[TextElem("x")])  # bad: members are due
    ImageElem(image_info_array="x")  # bad: a list of objects is due
    client.groups.iter_all(max_items="5")  # bad: a number is due
    client.groups.list_all(max_items=5)  # bad: one page has no such thing


def constructors() -> None:
    ProfileItem(tag="Tag_Profile_IM_Nick")  # bad: the value is missing
    ProfileItem(value="x")  # bad: the tag is missing
    ProfileItem(tag="Tag_Profile_IM_Nick", value=1.5)  # bad: a text or a whole number
    ProfileItem(tag="Tag_Profile_IM_Nick", value=None)  # bad: nothing
    ProfileItem("Tag_Profile_IM_Nick", "x")  # bad: by name only
    CreateGroupMember()  # bad: the account is missing
    CreateGroupMember(member_acount="a")  # bad: misspelt
    CreateGroupMember(member_account=7)  # bad: not a text
    TextContent()  # bad: the text is missing
    TextElem(None)  # bad: nothing
    UnknownElement()  # bad: the type is missing


def what_may_be_none(client: ChatClient, event: AfterSendMessageEvent) -> None:
    print(TextElem("hi").msg_content.text.upper())  # bad: may be None
    print(event.msg_body[0])  # bad: may be None
    for element in event.msg_body:  # bad: may be None
        print(element)
    for item in client.profiles.get(to_account=["b"], tag_list=["Tag_Profile_IM_Nick"]).user_profile_item or ():
        print(item.to_account.upper())  # bad: may be None
        print([one.value.upper() for one in item.profile_item or ()])  # bad: may be None or a number
    print(event.from_account.upper())  # bad: may be None


def narrowed(element: MsgElement) -> None:
    print(element.msg_content.text)  # bad: not of each
    if element.msg_type == "TIMTextElement":  # bad: no such type
        print(element)
    if element.msg_type == "TIMTextElem":
        print(element.msg_content.data)  # bad: a text has none
        print(element.msg_content.text.upper())  # bad: may be None
    if isinstance(element, UnknownElement):
        print(element.msg_content["A"])  # bad: may be None
        print(element.msg_content.text)  # bad: a mapping


async def not_awaited(client: AsyncChatClient) -> None:
    print(client.groups.create(type="Public", name="n").group_id)  # bad: to be awaited
    for _ in client.groups.iter_all():  # bad: async for
        pass
    await client.groups.iter_all()  # bad: async for
    with AsyncChatClient(1, "key", region="china"):  # bad: async with
        pass
    await client.groups.create(type="Pubic", name="n")  # bad: misspelt
    await client.messages.send(to_account="b", msg_body=[TextElem("x")], sync_other_machine=3)  # bad: 1 or 2


def batches(client: ChatClient) -> None:
    result = client.messages.send_batch_many(to_account=["a"], msg_body=[TextElem("x")])
    print(result[0])  # bad: it iterates
    print(result.items[0].item + 1)  # bad: a text
    print(result.items[0].outcome == "sent")  # bad: no such outcome
    print(result.ok())  # bad: no method
    client.messages.send_many(to_account="a", msg_body=[TextElem("x")])  # bad: no such method
    client.with_options(timeuot=3)  # bad: misspelt
    client.with_options(identifier="a")  # bad: that is as_identifier
