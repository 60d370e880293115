"""One call after the other over a kept connection: async_call.py URL."""

from __future__ import annotations

import asyncio
import json
import sys

import aiohttp
from calling import BODY, TARGET, in_turn_async

from tencent_chat import AsyncChatClient


async def main(url: str) -> None:
    async with AsyncChatClient(1400000000, "dummy", base_url=url) as client, aiohttp.ClientSession() as session:

        async def ours() -> object:
            return await client.groups.create(type="Public", name="TestGroup", member_list=[{"Member_Account": "bob"}])

        async def theirs() -> object:
            async with session.post(url + TARGET, json=BODY) as response:
                return json.loads(await response.read())

        await in_turn_async({"ours": ours, "theirs": theirs}, 200)


asyncio.run(main(sys.argv[1]))
