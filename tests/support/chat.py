"""One-to-one messages in few words, for tests about something else."""

from __future__ import annotations

from typing import Any

from tencent_chat import ChatClient
from tencent_chat.models.messages.get_history import GetMessageHistoryResultMessage

LAST = 2**31


def text(words: str) -> list[dict[str, Any]]:
    """Return the body of a message."""
    return [{"MsgType": "TIMTextElem", "MsgContent": {"Text": words}}]


class Chat:
    """What accounts say to each other."""

    def __init__(self, client: ChatClient) -> None:
        self.client = client

    def send(self, sender: str, receiver: str, words: str, **fields: Any) -> str:
        """Send a message, and return its MsgKey."""
        answer = self.client.messages.send(from_account=sender, to_account=receiver, msg_body=text(words), **fields)
        assert answer.msg_key
        return answer.msg_key

    def history(self, account: str, peer: str) -> list[GetMessageHistoryResultMessage]:
        """Return the history that an account sees, in order."""
        answer = self.client.messages.get_history(
            operator_account=account, peer_account=peer, max_cnt=100, min_time=0, max_time=LAST
        )
        return list(answer.msg_list or ())

    def texts(self, account: str, peer: str) -> list[str]:
        """Return the texts of that history."""
        return [words_of(message) for message in self.history(account, peer)]

    def unread(self, account: str, *peers: str) -> int | list[int]:
        """Return how much is unread: in all, or with each of `peers`."""
        answer = self.client.messages.get_unread_counts(to_account=account, peer_account=peers or None)
        if not peers:
            assert answer.all_c2c_unread_msg_num is not None
            return answer.all_c2c_unread_msg_num
        return [count.c2c_unread_msg_num or 0 for count in answer.c2c_unread_msg_num_list or ()]

    def listed(self, account: str, flags: int = 7) -> list[str]:
        """Return the names of an account's conversations, in order."""
        answer = self.client.conversations.list_all(
            from_account=account,
            time_stamp=0,
            start_index=0,
            top_time_stamp=0,
            top_start_index=0,
            assist_flags=flags,
        )
        return [item.to_account or item.group_id or "" for item in answer.session_item or ()]


def words_of(message: GetMessageHistoryResultMessage) -> str:
    """Return the texts of a message, joined."""
    elements: list[Any] = list(message.msg_body or ())
    return "".join(element.msg_content.text for element in elements)
