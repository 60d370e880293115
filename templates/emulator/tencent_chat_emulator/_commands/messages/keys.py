"""Names of one-to-one messages: MsgKey for the service, MsgId for clients."""

from __future__ import annotations

import re
from hashlib import blake2b

from ..._memory.direct_messages import Rank

_KEY = re.compile(r"([0-9]{1,10})_([0-9]{1,10})_([0-9]{1,10})")
_FIRST_NUMBER = 144115188075855872
"""The numbers of accounts on clients begin here."""


def rank_of(key: str) -> Rank | None:
    """Return what a MsgKey says; None for what is no MsgKey."""
    match = _KEY.fullmatch(key)
    if match is None:
        return None
    seq, random, time = (int(number) for number in match.groups())
    return time, seq, random


def client_id(sender: str, time: int, random: int) -> str:
    """Return the name of a message on clients: number of the sender, time, random number."""
    digest = blake2b(sender.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return f"{_FIRST_NUMBER + int.from_bytes(digest, 'big')}-{time}-{random}"
