"""What the client costs: imports, a first call, calls against bare libraries, a long answer, throughput.

Prints medians.

.venv/bin/python tests/benchmarks/client.py [rounds]
"""

from __future__ import annotations

import asyncio
import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "generated" / "client"))

FIRST_CALL = """
from tencent_chat import ChatClient
client = ChatClient(1400000000, "dummy", base_url="http://127.0.0.1:9", retry=False)
try:
    client.groups.list_all()
except Exception as error:
    assert type(error).__name__ == "TransportError"
"""


def process(program: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": str(ROOT / "generated" / "client")})
    return (time.perf_counter() - start) * 1000


def compare_imports(rounds: int) -> None:
    programs = {
        "python": "pass",
        "from tencent_chat import ChatClient": "from tencent_chat import ChatClient",
        "import requests": "import requests",
        "import pydantic": "import pydantic.main",
        "first call (refused at once)": FIRST_CALL,
    }
    # Interleaved, so that whatever else the machine does falls on all alike.
    figures: dict[str, list[float]] = {label: [] for label in programs}
    for _ in range(rounds):
        for label, program in programs.items():
            figures[label].append(process(program))
    bare = statistics.median(figures["python"])
    for label, taken in figures.items():
        median = statistics.median(taken)
        print(f"{label:38} {median:7.1f} ms   {median - bare:+7.1f} ms over python")


def per_call(action: Callable[[], object], calls: int) -> tuple[float, float]:
    """CPU and wall time of a call in microseconds."""
    action()
    cpu, wall = time.thread_time(), time.perf_counter()
    for _ in range(calls):
        action()
    return (time.thread_time() - cpu) / calls * 1e6, (time.perf_counter() - wall) / calls * 1e6


async def per_async_call(action: Callable[[], Awaitable[object]], calls: int) -> tuple[float, float]:
    await action()
    cpu, wall = time.thread_time(), time.perf_counter()
    for _ in range(calls):
        await action()
    return (time.thread_time() - cpu) / calls * 1e6, (time.perf_counter() - wall) / calls * 1e6


@contextmanager
def echo_server() -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "echo_server.py")], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()


BODY = {"Type": "Public", "Name": "TestGroup", "MemberList": [{"Member_Account": "bob"}]}
TARGET = (
    "/v4/group_open_http_svc/create_group"
    "?sdkappid=1400000000&identifier=administrator&usersig=x&random=1&contenttype=json"
)


def report(figures: dict[str, list[tuple[float, float]]]) -> None:
    """Print medians, and the CPU time in proportion to that of the first entry."""
    first = 0.0
    for label, taken in figures.items():
        cpu, wall = (statistics.median(column) for column in zip(*taken, strict=True))
        first = first or cpu
        print(f"{label:38} {cpu:7.0f} µs CPU {wall:7.0f} µs   {cpu / first:5.2f} of the CPU")


def compare_calls(url: str, rounds: int) -> None:
    import requests

    from tencent_chat import ChatClient

    connection = http.client.HTTPConnection(urlsplit(url).netloc)

    def raw() -> object:
        connection.request("POST", TARGET, json.dumps(BODY), {"Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())

    with ChatClient(1400000000, "dummy", base_url=url) as client, requests.Session() as session:
        actions: dict[str, Callable[[], object]] = {
            "requests.Session.post + json.loads": lambda: json.loads(session.post(url + TARGET, json=BODY).content),
            "client.groups.create": lambda: client.groups.create(
                type="Public", name="TestGroup", member_list=[{"Member_Account": "bob"}]
            ),
            "client.call": lambda: client.call("group_open_http_svc/create_group", BODY),
            "http.client + json": raw,
        }
        figures: dict[str, list[tuple[float, float]]] = {label: [] for label in actions}
        for _ in range(rounds):
            for label, action in actions.items():
                figures[label].append(per_call(action, 300))
    report(figures)


async def compare_async_calls(url: str, rounds: int) -> None:
    import aiohttp
    import httpx

    from tencent_chat import AsyncChatClient

    async with (
        AsyncChatClient(1400000000, "dummy", base_url=url) as client,
        aiohttp.ClientSession() as session,
        httpx.AsyncClient() as other,
    ):

        async def bare() -> object:
            async with session.post(url + TARGET, json=BODY) as response:
                return json.loads(await response.read())

        async def bare_httpx() -> object:
            return json.loads((await other.post(url + TARGET, json=BODY)).content)

        actions: dict[str, Callable[[], Awaitable[object]]] = {
            "aiohttp post + json.loads": bare,
            "async client.groups.create": lambda: client.groups.create(
                type="Public", name="TestGroup", member_list=[{"Member_Account": "bob"}]
            ),
            "httpx post + json.loads": bare_httpx,
        }
        figures: dict[str, list[tuple[float, float]]] = {label: [] for label in actions}
        for _ in range(rounds):
            for label, action in actions.items():
                figures[label].append(await per_async_call(action, 300))
    report(figures)


def compare_decoding(rounds: int) -> None:
    from tencent_chat import ChatClient, Received, Request

    member = {
        "Member_Account": "account0001",
        "Role": "Member",
        "JoinTime": 1425976500,
        "MsgSeq": 1233,
        "MsgFlag": "AcceptAndNotify",
        "LastSendMsgTime": 1425976500,
        "MuteUntil": 0,
        "AppMemberDefinedData": [{"Key": "MemberDefined1", "Value": "ModifyDefined1"}],
    }
    answer = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0, "MemberNum": 5000, "MemberList": [member] * 5000}
    body = json.dumps(answer).encode()

    class Canned:
        def send(self, _request: Request) -> Received:
            return Received(200, {}, body)

    client = ChatClient(1400000000, "dummy", region="singapore", transport=Canned())
    actions: dict[str, Callable[[], object]] = {
        "json.loads of 5,000 members": lambda: json.loads(body),
        "a call with that answer, no network": lambda: client.groups.list_members(group_id="@TGS#1"),
    }
    figures: dict[str, list[tuple[float, float]]] = {label: [] for label in actions}
    for _ in range(rounds):
        for label, action in actions.items():
            figures[label].append(per_call(action, 5))
    report(figures)


def measure_throughput(url: str) -> None:
    from tencent_chat import AsyncChatClient, ChatClient

    calls = 2000
    with ChatClient(1400000000, "dummy", base_url=url) as client, ThreadPoolExecutor(32) as pool:
        client.groups.list_all()
        start = time.perf_counter()
        for _ in pool.map(lambda _: client.groups.list_all(), range(calls)):
            pass
        print(f"{'32 threads':38} {calls / (time.perf_counter() - start):7.0f} calls/s")

    async def tasks() -> None:
        async with AsyncChatClient(1400000000, "dummy", base_url=url) as client:
            await client.groups.list_all()
            free = asyncio.Semaphore(32)

            async def one() -> None:
                async with free:
                    await client.groups.list_all()

            start = time.perf_counter()
            await asyncio.gather(*(one() for _ in range(calls)))
            print(f"{'32 tasks':38} {calls / (time.perf_counter() - start):7.0f} calls/s")

    asyncio.run(tasks())


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    compare_imports(number)
    with echo_server() as where:
        compare_calls(where, number)
        asyncio.run(compare_async_calls(where, number))
        compare_decoding(number)
        measure_throughput(where)
