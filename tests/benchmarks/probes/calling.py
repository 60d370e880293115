"""What the probes share: a call, made by the client and by bare libraries, and how it is timed.

A probe is a program; the client that it measures is the one on PYTHONPATH. Each prints a JSON object: what was
measured, and its figure.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping

TURNS = 3
BODY = {"Type": "Public", "Name": "TestGroup", "MemberList": [{"Member_Account": "bob"}]}
TARGET = (
    "/v4/group_open_http_svc/create_group"
    "?sdkappid=1400000000&identifier=administrator&usersig=x&random=1&contenttype=json"
)


def in_turn(actions: Mapping[str, Callable[[], object]], calls: int) -> None:
    """Print the processor's microseconds of a call: the median of several turns."""
    for name in _timed(actions, calls):
        actions[name]()


async def in_turn_async(actions: Mapping[str, Callable[[], Awaitable[object]]], calls: int) -> None:
    """Print the processor's microseconds of a call: the median of several turns."""
    for name in _timed(actions, calls):
        await actions[name]()


def _timed(names: Collection[str], calls: int) -> Iterator[str]:
    """Yield the name of each call that is to be made; print what they took."""
    taken: dict[str, list[float]] = {name: [] for name in names}
    yield from names
    for _ in range(TURNS):
        for name in names:
            start = time.thread_time()
            for _ in range(calls):
                yield name
            taken[name].append((time.thread_time() - start) / calls * 1e6)
    print(json.dumps({name: statistics.median(figures) for name, figures in taken.items()}))
