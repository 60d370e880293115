"""Several calls at a time, in threads."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from typing import TypeVar

from .._support.settings import checked_concurrency

T = TypeVar("T")


def run_all(jobs: Sequence[Callable[[], T]], concurrency: int) -> Generator[tuple[int, T]]:
    """Run `jobs`, at most `concurrency` at a time; yield the number and the result of each as it ends.

    When the iteration is given up, those that have not begun are dropped, and the others waited for.
    Raises ConfigurationError.
    """
    workers = min(checked_concurrency(concurrency), max(len(jobs), 1))
    with ThreadPoolExecutor(workers, thread_name_prefix="tencent_chat") as pool:
        futures = {pool.submit(_in_this_context(job)): index for index, job in enumerate(jobs)}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_this_context(job: Callable[[], T]) -> Callable[[], T]:
    context = copy_context()
    return lambda: context.run(job)
