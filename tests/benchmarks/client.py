"""What the client costs beside the libraries that it is made of."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import Case, environment, in_turn
from benchmarks.table import Checkout, Pairs, Row

PROBES = Path(__file__).parent / "probes"


def measure(checkouts: Sequence[Checkout], rounds: int) -> Iterator[Row]:
    yield from _first_calls(checkouts, rounds)
    with _echo_server() as url:
        calls = _probe(checkouts, rounds, "sync_call", url)
        yield _row("a call: processor", calls, ("ours", "theirs"), "requests.Session.post, json.loads")
        yield _row("a call: processor", calls, ("ours", "bare"), "http.client, json.loads")
        calls = _probe(checkouts, rounds, "async_call", url)
        yield _row("an async call: processor", calls, ("ours", "theirs"), "aiohttp, json.loads")
        answers = _probe(checkouts, rounds, "long_answer")
        yield _row("an answer of 5,000 members", answers, ("ours", "theirs"), "json.loads")
        yield _row("an answer of 5,000 members, each looked at", answers, ("read", "theirs"), "json.loads")
        rates = _probe(checkouts, rounds, "many_at_once", url)
        yield _row("32 threads", rates, ("threads", "requests"), "requests.Session", "calls/s")
        yield _row("32 tasks", rates, ("tasks", "aiohttp"), "aiohttp", "calls/s")


def _first_calls(checkouts: Sequence[Checkout], rounds: int) -> Iterator[Row]:
    names = "from tencent_chat import ChatClient, AsyncChatClient, ErrorCode, COMMANDS"
    cases = {"python": Case([sys.executable, "-c", "pass"])}
    cases["libraries"] = Case([sys.executable, "-c", "import requests; from pydantic import BaseModel"])
    for checkout in checkouts:
        cases[f"import {checkout.name}"] = Case([sys.executable, "-c", names], _environment(checkout))
        cases[f"call {checkout.name}"] = Case([sys.executable, str(PROBES / "first_call.py")], _environment(checkout))
    costs = {name: [cost.wall * 1000 for cost in taken] for name, taken in in_turn(cases, 3 * rounds).items()}
    imports = [Pairs(costs[f"import {checkout.name}"], costs["python"]) for checkout in checkouts]
    yield Row("import of the client", "ms", imports, "python -c pass", difference=True)
    calls = [Pairs(costs[f"call {checkout.name}"], costs["libraries"]) for checkout in checkouts]
    yield Row("first call", "ms", calls, "import requests; from pydantic import BaseModel", difference=True)


def _row(
    what: str,
    measured: Sequence[Sequence[Mapping[str, float]]],
    names: tuple[str, str],
    against: str,
    unit: str = "µs",
) -> Row:
    ours, theirs = names
    pairs = [Pairs([one[ours] for one in taken], [one[theirs] for one in taken]) for taken in measured]
    return Row(what, unit, pairs, against)


def _probe(checkouts: Sequence[Checkout], rounds: int, name: str, *arguments: str) -> list[list[Mapping[str, float]]]:
    """Run a probe for every checkout in turn; return the figures by checkout, then by round."""
    command = [sys.executable, str(PROBES / f"{name}.py"), *arguments]
    measured: list[list[Mapping[str, float]]] = [[] for _ in checkouts]
    for _ in range(rounds):
        for checkout, figures in zip(checkouts, measured, strict=True):
            output = subprocess.run(
                command, env=environment(_environment(checkout)), stdout=subprocess.PIPE, check=True
            ).stdout
            figures.append(json.loads(output))
    return measured


def _environment(checkout: Checkout) -> dict[str, str]:
    return {"PYTHONPATH": str(checkout.root / "generated" / "client")}


@contextmanager
def _echo_server() -> Iterator[str]:
    command = [sys.executable, str(PROBES / "echo_server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
