"""Scheduled pushes whose time has come."""

from __future__ import annotations

from ..._core.context import Context, Refused
from ..._memory.push import Scheduled
from .conditions import check_condition
from .pushing import check_sender, push_to_all, push_to_users, wants_offline


def run_due_tasks(call: Context) -> None:
    """Send the scheduled pushes whose time has come. To be called when nothing can be refused any more."""
    tasks = call.memory.push.tasks.values()
    due = [task for task in tasks if task.is_pending and task.at <= call.now]
    for task in sorted(due, key=lambda task: (task.at, task.id)):
        _run(call, task)


def is_due(call: Context, task: Scheduled) -> bool:
    """Whether a scheduled push was sent, or will be before anything else happens."""
    return not task.is_pending or task.at <= call.now


def _run(call: Context, task: Scheduled) -> None:
    content = task.content
    try:
        check_sender(call, content)
        check_condition(call, content.get("Condition", {}))
    except Refused as refusal:
        task.error = refusal.info or call.catalogue.message(call.command.service, refusal.code)
        return
    if task.type == "User":
        task.push_id = push_to_users(call, content, task.at).id
    else:
        offline = wants_offline(content)
        task.push_id = push_to_all(call, content, task.at, offline=offline).id
