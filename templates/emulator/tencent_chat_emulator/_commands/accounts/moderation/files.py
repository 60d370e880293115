"""Files of messages: ban, lift the ban, sign."""

from __future__ import annotations

from hashlib import blake2b

from ...._core.behaviours import Answer, behaviour
from ...._core.context import Context

_SIGNED_FOR = 15 * 60
"""Seconds."""


@behaviour("im_cos_msg/forbid_illegal_object", guesses=("Any URL is taken for that of a file.",))
def forbid_illegal_object(call: Context) -> Answer:
    call.memory.settings.banned_files.setdefault(call.body["RawURL"], call.now)
    return {}


@behaviour(
    "im_cos_msg/allow_banned_object",
    guesses=("Lifting the ban of a file that is not banned succeeds.",),
)
def allow_banned_object(call: Context) -> Answer:
    call.memory.settings.banned_files.pop(call.body["RawURL"], None)
    return {}


@behaviour(
    "im_cos_msg/get_cos_sig",
    reads=True,
    guesses=("A file is there (Status 0) or banned (1), never gone (2).",),
)
def get_cos_sig(call: Context) -> Answer:
    return {
        "PreSigURLs": [
            _signed(call, item.get("ResourceID", 0), item.get("RawURL", ""))
            for item in call.body["RawURLs"]
        ]
    }


def _signed(call: Context, resource: int, url: str) -> Answer:
    until = call.now + _SIGNED_FOR
    signature = blake2b(f"{url} {until}".encode("utf-8", "backslashreplace"), digest_size=8)
    joint = "&" if "?" in url else "?"
    return {
        "Code": 0,
        "Desc": "",
        "ResourceID": resource,
        "PreSigURL": f"{url}{joint}sign={signature.hexdigest()}&expires={until}",
        "Status": int(url in call.memory.settings.banned_files),
    }
