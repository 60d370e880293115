"""The two sides of a one-to-one conversation, and the messages that calls name."""

from __future__ import annotations

from ..._core.context import Context, Refused
from ..._memory.direct_messages import DirectMessage
from ..._memory.memory import Memory
from ..accounts.departures import when_deleted
from .keys import rank_of


def party(call: Context, field: str, code: int) -> str:
    """Return the account in a body field. Raises Refused with `code` when it was never imported."""
    name = call.body[field]
    account = call.memory.accounts.get(name)
    if account is None:
        raise Refused(code, f"The account {name} in {field} does not exist.")
    # The text of the memory: one for all messages.
    return account.user_id


def sender_of(call: Context, code: int) -> str:
    """Return From_Account, or who calls. Raises Refused with `code` when it was never imported."""
    return party(call, "From_Account", code) if "From_Account" in call.body else call.identifier


def named_message(call: Context, sender: str, receiver: str, key: str) -> DirectMessage:
    """Return the message of that MsgKey. Raises Refused when it is malformed, or when there is none."""
    if rank_of(key) is None:
        raise Refused(90054, f"{key} is no MsgKey.")
    message = call.memory.direct_messages.find(sender, receiver, key, call.now)
    if message is None:
        raise Refused(20022, f"There is no message {key} from {sender} to {receiver}.")
    return message


@when_deleted
def _forget(memory: Memory, user_id: str) -> None:
    """Drop what an account has of its conversations; the others keep theirs."""
    memory.direct_messages.forget(user_id)
    memory.conversations.arrangements.pop(user_id, None)
