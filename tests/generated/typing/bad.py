"""What a user must not write: a strict type checker refuses every marked line."""

from __future__ import annotations

from tencent_chat import ChatClient
from tencent_chat.models import CreateGroupMember, TextContent, TextElem


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
