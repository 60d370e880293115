"""Queries of webhooks, signed as the service signs them."""

from __future__ import annotations

import hashlib
import time

TOKEN = "a-token-that-opens-nothing"


def signed(command: str, token: str = TOKEN, at: int | None = None, **parameters: str) -> dict[str, str]:
    moment = str(int(time.time()) if at is None else at)
    sign = hashlib.sha256((token + moment).encode()).hexdigest()
    return {
        "SdkAppid": "1400000000", "CallbackCommand": command, "contenttype": "json", "ClientIP": "192.0.2.7",
        "OptPlatform": "Android", "Sign": sign, "RequestTime": moment, **parameters,
    }  # fmt: skip
