"""What the client costs: imports, a first call, a call against bare libraries. Prints medians.

.venv/bin/python tests/benchmarks/client.py [rounds]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "generated" / "client"))

FIRST_CALL = """
from tencent_chat import ChatClient
client = ChatClient(1400000000, "dummy", base_url="http://127.0.0.1:9")
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


def compare_calls(rounds: int) -> None:
    import requests

    from tencent_chat import ChatClient

    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "echo_server.py")], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    body = {"Type": "Public", "Name": "TestGroup", "MemberList": [{"Member_Account": "bob"}]}
    query = "sdkappid=1400000000&identifier=administrator&usersig=x&random=1&contenttype=json"
    target = f"{url}/v4/group_open_http_svc/create_group?{query}"
    try:
        with ChatClient(1400000000, "dummy", base_url=url) as client, requests.Session() as session:
            actions: dict[str, Callable[[], object]] = {
                "requests.Session.post + json.loads": lambda: json.loads(session.post(target, json=body).content),
                "client.groups.create": lambda: client.groups.create(
                    type="Public", name="TestGroup", member_list=[{"Member_Account": "bob"}]
                ),
                "client.call": lambda: client.call("group_open_http_svc/create_group", body),
            }
            figures: dict[str, list[tuple[float, float]]] = {label: [] for label in actions}
            for _ in range(rounds):
                for label, action in actions.items():
                    figures[label].append(per_call(action, 300))
    finally:
        server.terminate()
    for label, taken in figures.items():
        cpu, wall = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"{label:38} {cpu:7.0f} µs CPU {wall:7.0f} µs")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    compare_imports(number)
    compare_calls(number)
