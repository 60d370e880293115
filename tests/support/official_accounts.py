"""What the emulator's tests of official accounts have in common."""

from __future__ import annotations

from typing import Any

from support.group_messages import text
from tencent_chat import ChatClient

NEWS = "@TOA#_news"


def make(client: ChatClient, user_id: str | None = NEWS, **profile: Any) -> str:
    """Create an official account of alice; return its ID."""
    made = client.official_accounts.create(
        owner_account="alice", official_account_user_id=user_id, **{"name": "News", **profile}
    )
    assert made.official_account_user_id is not None
    return made.official_account_user_id


def subscribe(client: ChatClient, account: str, *names: str) -> list[int | None]:
    """Subscribe accounts; return the results."""
    answer = client.official_accounts.add_subscribers(
        official_account=account, subscriber_list=[{"Subscriber_Account": name} for name in names]
    )
    return [item.result for item in answer.subscriber_list or ()]


def subscribers(client: ChatClient, account: str, **more: Any) -> list[str | None]:
    pages = client.official_accounts.iter_subscribers(official_account=account, **more)
    return [item.subscriber_account for item in pages]


def send(client: ChatClient, account: str, words: str = "hello", **more: Any) -> str:
    """Send a message; return its MsgKey."""
    answer = client.official_accounts.send_message(official_account=account, msg_body=text(words), **more)
    assert answer.msg_key is not None
    return answer.msg_key


def history(client: ChatClient, account: str, **more: Any) -> list[tuple[int, int, str]]:
    """Return sequence numbers, states and texts, the newest first."""
    found: list[tuple[int, int, str]] = []
    for message in client.official_accounts.iter_history(official_account=account, **more):
        raw = message.model_dump(by_alias=True)
        words = "".join(element["MsgContent"]["Text"] for element in raw["MsgBody"])
        found.append((raw["MsgSeq"], raw["IsPlaceMsg"], words))
    return found
