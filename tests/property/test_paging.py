"""Reading lists on: nothing lost, nothing doubled, in order, from wherever it is taken up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.effort import cases
from support.listings import LISTINGS, Listing, Service, method, numbered
from tencent_chat import AsyncChatClient, ChatClient

# Sizes of the pages; some are empty.
sizes = st.lists(st.integers(0, 3), max_size=6)
steps = st.integers(0, 20)
listings = pytest.mark.parametrize("listing", LISTINGS, ids=str)
few = settings(max_examples=cases(12), suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    service = Service()
    with service.server:
        yield service


def read(url: str, listing: Listing, cursor: Mapping[str, object] | None, most: int) -> tuple[list[int], Any]:
    with ChatClient(1400000000, "dummy", base_url=url, retry=False) as client:
        pages = method(client, listing.method)(**listing.arguments, cursor=cursor, max_items=most)
        return [listing.item(item) for item in pages], pages.cursor


async def read_async(
    url: str, listing: Listing, cursor: Mapping[str, object] | None, most: int
) -> tuple[list[int], Any]:
    async with AsyncChatClient(1400000000, "dummy", base_url=url, retry=False) as client:
        pages = method(client, listing.method)(**listing.arguments, cursor=cursor, max_items=most)
        return [listing.item(item) async for item in pages], pages.cursor


def check(service: Service, listing: Listing, sizes: list[int], stop: int, *, in_tasks: bool) -> None:
    pages, items = numbered([size for size in sizes if size or not listing.whole], listing)
    service.serve(listing, pages)

    def some(cursor: Mapping[str, object] | None, most: int) -> tuple[list[int], Any]:
        if in_tasks:
            return asyncio.run(read_async(service.server.url, listing, cursor, most))
        return read(service.server.url, listing, cursor, most)

    begun, cursor = some(None, stop)
    assert begun == items[:stop]
    if cursor is None:
        assert begun == items
        return
    rest, end = some(json.loads(json.dumps(cursor)), len(items) + 9)
    assert end is None
    # The page that was not read to its end comes whole.
    assert rest == items[len(items) - len(rest) :]
    again = stop + len(rest) - len(items)
    assert again >= 0 or len(begun) < stop
    assert again <= max([3, *map(len, pages)])
    for call in service.calls:
        assert listing.kept.items() <= call.json.items()


@listings
@few
@given(sizes=sizes, stop=steps)
def test_a_list_is_read_from_anywhere(service: Service, listing: Listing, sizes: list[int], stop: int) -> None:
    check(service, listing, sizes, stop, in_tasks=False)


@listings
@settings(few, max_examples=cases(5))
@given(sizes=sizes, stop=steps)
def test_a_list_is_read_in_tasks(service: Service, listing: Listing, sizes: list[int], stop: int) -> None:
    check(service, listing, sizes, stop, in_tasks=True)
