"""Calls a second with 32 threads, or tasks, on one client: many_at_once.py URL."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import requests
from calling import TARGET
from requests.adapters import HTTPAdapter

from tencent_chat import AsyncChatClient, ChatClient

AT_ONCE, CALLS = 32, 2000


def threads(call: Callable[[], object]) -> float:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda _: call(), range(AT_ONCE)))
        start = time.perf_counter()
        list(pool.map(lambda _: call(), range(CALLS)))
        return CALLS / (time.perf_counter() - start)


async def tasks(call: Callable[[], Awaitable[object]]) -> float:
    left = iter(range(CALLS))

    async def work() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*(call() for _ in range(AT_ONCE)))
    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return CALLS / (time.perf_counter() - start)


async def main(url: str) -> None:
    figures: dict[str, float] = {}
    with ChatClient(1400000000, "dummy", base_url=url) as client, requests.Session() as session:
        session.mount("http://", HTTPAdapter(pool_maxsize=AT_ONCE))
        figures["threads"] = threads(client.groups.list_all)
        figures["requests"] = threads(lambda: json.loads(session.post(url + TARGET, json={}).content))
    async with (
        AsyncChatClient(1400000000, "dummy", base_url=url) as async_client,
        aiohttp.ClientSession() as async_session,
    ):

        async def bare() -> object:
            async with async_session.post(url + TARGET, json={}) as response:
                return json.loads(await response.read())

        figures["tasks"] = await tasks(async_client.groups.list_all)
        figures["aiohttp"] = await tasks(bare)
    print(json.dumps(figures))


asyncio.run(main(sys.argv[1]))
