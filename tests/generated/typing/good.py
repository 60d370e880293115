"""What a user may write: a strict type checker accepts all of it."""

from __future__ import annotations

from tencent_chat import COMMANDS, ChatAPIError, ChatClient, ErrorCode, Region, usersig
from tencent_chat.models import CreateGroupMember, CustomContent, CustomElem, OfflinePushInfo, TextContent, TextElem


def use(client: ChatClient) -> str | None:
    group = client.groups.create(
        type="Public",
        name="TestGroup",
        member_list=[CreateGroupMember(member_account="bob", role="Admin"), {"Member_Account": "peter"}],
    )
    client.groups.create(type="AKindOfTomorrow", name="n")
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
