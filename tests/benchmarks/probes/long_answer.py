"""A whole call, but for the network, whose answer has 5,000 members."""

from __future__ import annotations

import json

from calling import in_turn

from tencent_chat import ChatClient, Received, Request

MEMBER = {
    "Member_Account": "account0001",
    "Role": "Member",
    "JoinTime": 1425976500,
    "MsgSeq": 1233,
    "MsgFlag": "AcceptAndNotify",
    "LastSendMsgTime": 1425976500,
    "MuteUntil": 0,
    "AppMemberDefinedData": [{"Key": "MemberDefined1", "Value": "ModifyDefined1"}],
}
ANSWER = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0, "MemberNum": 5000, "MemberList": [MEMBER] * 5000}


class Canned:
    body = json.dumps(ANSWER).encode()

    def send(self, _request: Request) -> Received:
        return Received(200, {}, self.body)


def main() -> None:
    client = ChatClient(1400000000, "dummy", region="singapore", transport=Canned())

    def ours() -> object:
        return client.groups.list_members(group_id="@TGS#1")

    def read() -> object:
        members = client.groups.list_members(group_id="@TGS#1").member_list or []
        return [member.member_account for member in members]

    def theirs() -> object:
        return json.loads(Canned.body)

    in_turn({"ours": ours, "read": read, "theirs": theirs}, 5)


main()
