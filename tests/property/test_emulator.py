"""Whatever calls come in whatever order, the emulator remembers what a simple model of a chat does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support.chat import Chat, text
from support.effort import cases
from tencent_chat import ChatAPIError, ChatClient
from tencent_chat_emulator import Emulator

NAMES = ("ann", "bob", "cleo", "dan")
NAME = st.sampled_from(NAMES)
GROUP = st.sampled_from(("g1", "g2"))


@dataclass
class Room:
    """A group of the model."""

    members: list[str]
    messages: list[tuple[int, str, str]] = field(default_factory=list)
    """Sequence number, sender and text; an empty text where it was recalled."""
    sent: int = 0


class Talk(RuleBasedStateMachine):
    """Calls through the client, and what they must have led to."""

    emulator: Emulator
    client: ChatClient

    def __init__(self) -> None:
        super().__init__()
        self.emulator = Emulator(now=1_800_000_000)
        self.emulator.__enter__()
        self.client = ChatClient(
            self.emulator.sdkappid, self.emulator.secret_key, base_url=self.emulator.url, retry=False
        )
        self.accounts: set[str] = set()
        self.friends: set[frozenset[str]] = set()
        self.groups: dict[str, Room] = {}
        self.direct: list[tuple[str, str, str, str]] = []
        """MsgKey, sender, receiver and text of messages that were not recalled."""
        self.number = 0

    def teardown(self) -> None:
        self.client.close()
        self.emulator.__exit__(None, None, None)

    def does(self, possible: bool, path: str, body: dict[str, Any]) -> Any:
        """Call a command that must succeed exactly when it is possible; return its answer."""
        if possible:
            return self.client.call(path, body).raw
        with pytest.raises(ChatAPIError):
            self.client.call(path, body)
        return None

    def words(self) -> str:
        self.number += 1
        self.emulator.clock.advance(1)
        return f"message {self.number}"

    @initialize(names=st.sets(NAME, min_size=2))
    def begin(self, names: set[str]) -> None:
        for name in sorted(names):
            self.import_account(name)

    @rule(name=NAME)
    def import_account(self, name: str) -> None:
        self.does(True, "im_open_login_svc/account_import", {"UserID": name})
        self.accounts.add(name)

    @rule(one=NAME, other=NAME)
    def add_friend(self, one: str, other: str) -> None:
        body = {"From_Account": one, "AddFriendItem": [{"To_Account": other, "AddSource": "AddSource_Type_Test"}]}
        if one not in self.accounts:
            return
        answer = self.client.call("sns/friend_add", {**body, "AddType": "Add_Type_Both", "ForceAddFlags": 1}).raw
        added = answer["ResultItem"][0]["ResultCode"] == 0
        pair = frozenset((one, other))
        assert added == (other in self.accounts and one != other and pair not in self.friends), answer
        if added:
            self.friends.add(pair)

    @rule(one=NAME, other=NAME)
    def delete_friend(self, one: str, other: str) -> None:
        if not {one, other} <= self.accounts or one == other:
            return
        body = {"From_Account": one, "To_Account": [other], "DeleteType": "Delete_Type_Both"}
        self.client.call("sns/friend_delete", body)
        self.friends.discard(frozenset((one, other)))

    @rule(group_id=GROUP, owner=NAME)
    def create_group(self, group_id: str, owner: str) -> None:
        possible = owner in self.accounts and group_id not in self.groups
        body = {"Type": "Public", "Name": group_id, "GroupId": group_id, "Owner_Account": owner}
        if self.does(possible, "group_open_http_svc/create_group", body):
            self.groups[group_id] = Room([owner])

    @rule(group_id=GROUP)
    def destroy_group(self, group_id: str) -> None:
        self.does(group_id in self.groups, "group_open_http_svc/destroy_group", {"GroupId": group_id})
        self.groups.pop(group_id, None)

    @precondition(lambda self: self.groups)
    @rule(data=st.data(), name=NAME)
    def add_member(self, data: st.DataObject, name: str) -> None:
        group_id = data.draw(st.sampled_from(sorted(self.groups)))
        if name not in self.accounts:
            return
        body = {"GroupId": group_id, "MemberList": [{"Member_Account": name}]}
        (item,) = self.client.call("group_open_http_svc/add_group_member", body).raw["MemberList"]
        members = self.groups[group_id].members
        assert item["Result"] == (2 if name in members else 1)
        if name not in members:
            members.append(name)

    @precondition(lambda self: any(len(room.members) > 1 for room in self.groups.values()))
    @rule(data=st.data())
    def remove_member(self, data: st.DataObject) -> None:
        group_id = data.draw(st.sampled_from(sorted(g for g, room in self.groups.items() if len(room.members) > 1)))
        room = self.groups[group_id]
        name = data.draw(st.sampled_from(room.members[1:]))
        body = {"GroupId": group_id, "MemberToDel_Account": [name]}
        self.does(True, "group_open_http_svc/delete_group_member", body)
        room.members.remove(name)

    @rule(group_id=GROUP, sender=NAME)
    def send_to_group(self, group_id: str, sender: str) -> None:
        words = self.words()
        body = {"GroupId": group_id, "From_Account": sender, "Random": self.number, "MsgBody": text(words)}
        room = self.groups.get(group_id)
        # An administrator may send for those who are no members, too.
        possible = room is not None and sender in self.accounts
        answer = self.does(possible, "group_open_http_svc/send_group_msg", body)
        if room is not None and possible:
            room.sent += 1
            assert answer["MsgSeq"] == room.sent
            room.messages.append((room.sent, sender, words))

    @precondition(lambda self: any(room.messages for room in self.groups.values()))
    @rule(data=st.data())
    def recall_in_group(self, data: st.DataObject) -> None:
        group_id = data.draw(st.sampled_from(sorted(g for g, room in self.groups.items() if room.messages)))
        room = self.groups[group_id]
        place = data.draw(st.integers(0, len(room.messages) - 1))
        seq, sender, words = room.messages[place]
        body = {"GroupId": group_id, "MsgSeqList": [{"MsgSeq": seq}]}
        (item,) = self.client.call("group_open_http_svc/group_msg_recall", body).raw["RecallRetList"]
        assert (item["RetCode"] == 0) == bool(words)
        room.messages[place] = (seq, sender, "")

    @rule(sender=NAME, receiver=NAME)
    def send(self, sender: str, receiver: str) -> None:
        words = self.words()
        body = {"From_Account": sender, "To_Account": receiver, "MsgRandom": self.number, "MsgBody": text(words)}
        if sender == receiver:
            return
        answer = self.does({sender, receiver} <= self.accounts, "openim/sendmsg", body)
        if answer:
            self.direct.append((answer["MsgKey"], sender, receiver, words))

    @precondition(lambda self: self.direct)
    @rule(data=st.data())
    def recall(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.direct) - 1))
        key, sender, receiver, _ = self.direct.pop(place)
        body = {"From_Account": sender, "To_Account": receiver, "MsgKey": key}
        self.does(True, "openim/admin_msgwithdraw", body)
        self.does(False, "openim/admin_msgwithdraw", body)

    @rule()
    def save_and_restore(self) -> None:
        snapshot = self.emulator.snapshot()
        self.emulator.restore(snapshot)
        assert self.emulator.snapshot() == snapshot

    @invariant()
    def groups_are_as_in_the_model(self) -> None:
        found = set(self.client.groups.iter_all(limit=1))
        assert found == set(self.groups)
        for group_id, room in self.groups.items():
            members = [member.member_account for member in self.client.groups.iter_members(group_id=group_id, limit=2)]
            assert members == room.members
            answer = self.client.call(
                "group_open_http_svc/group_msg_get_simple", {"GroupId": group_id, "ReqMsgNumber": 20}
            ).raw
            seen = {m["MsgSeq"]: m["MsgBody"][0]["MsgContent"]["Text"] for m in answer["RspMsgList"] if m["MsgBody"]}
            expected = {seq: words for seq, _, words in room.messages[-20:] if words}
            assert seen == expected

    @invariant()
    def conversations_are_as_in_the_model(self) -> None:
        chat = Chat(self.client)
        for one in sorted(self.accounts):
            for other in sorted(self.accounts - {one}):
                expected = [words for _, sender, receiver, words in self.direct if {sender, receiver} == {one, other}]
                assert chat.texts(one, other)[-len(expected) :] == expected or not expected

    @invariant()
    def friends_are_as_in_the_model(self) -> None:
        for one in self.accounts:
            found = {friend.to_account for friend in self.client.friends.iter_all(from_account=one)}
            assert found == {name for pair in self.friends if one in pair for name in pair - {one}}


TestTalk = Talk.TestCase
TestTalk.settings = settings(max_examples=cases(5), stateful_step_count=12)
