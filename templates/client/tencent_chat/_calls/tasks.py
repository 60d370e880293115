"""Several calls at a time, in tasks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TypeVar

from .._support.settings import checked_concurrency

T = TypeVar("T")


async def run_all(
    jobs: Sequence[Callable[[], Awaitable[T]]], concurrency: int
) -> AsyncGenerator[tuple[int, T]]:
    """Run `jobs`, at most `concurrency` at a time; yield the number and the result of each as it ends.

    When the iteration is given up, all are cancelled. Raises ConfigurationError.
    """
    free = asyncio.Semaphore(checked_concurrency(concurrency))

    async def run(index: int, job: Callable[[], Awaitable[T]]) -> tuple[int, T]:
        async with free:
            return index, await job()

    tasks = [asyncio.create_task(run(index, job)) for index, job in enumerate(jobs)]
    try:
        for ended in asyncio.as_completed(tasks):
            yield await ended
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
