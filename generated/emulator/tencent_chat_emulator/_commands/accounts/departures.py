"""What goes with an account that is deleted. The modules of other domains say here what that is for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..._memory.memory import Memory

Forget: TypeAlias = Callable[[Memory, str], None]
"""Drops what belongs to the account with that UserID."""

_FORGETTING: list[Forget] = []


def when_deleted(forget: Forget) -> Forget:
    """Call `forget` for every account that is deleted."""
    _FORGETTING.append(forget)
    return forget


def delete_account(memory: Memory, user_id: str) -> None:
    """Delete an account with all that belongs to it."""
    for forget in _FORGETTING:
        forget(memory, user_id)
    del memory.accounts[user_id]


@when_deleted
def _forget_relations(memory: Memory, user_id: str) -> None:
    memory.relations.forget(user_id)


@when_deleted
def _forget_settings(memory: Memory, user_id: str) -> None:
    memory.settings.mutes.pop(user_id, None)
    memory.settings.robots.pop(user_id, None)
