"""Scheduled pushes: adding, changing, deleting and reading them."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from ..._core.behaviours import Answer, behaviour
from ..._core.context import Context, Refused
from ..._memory.push import Scheduled
from .conditions import check_condition
from .pushing import check_sender
from .scheduling import is_due, run_due_tasks

_WRONG, _SENT = 90104, 90106
_TIME = "%Y-%m-%d %H:%M:%S"


@behaviour(
    "timpush/add_sched_task",
    guesses=(
        "A time that has passed is answered with 90104, as is content that does not go with the type, a sender that was "
        "never imported, and a condition that is wrong.",
        "A scheduled push is sent, as of its time, when the next command on pushes comes.",
    ),
)
def add_sched_task(call: Context) -> Answer:
    _check_app(call, TaskID=0)
    at = _time_to_come(call)
    content = deepcopy(call.body["Content"])
    _check_content(call, call.body["Type"], content)
    run_due_tasks(call)
    push = call.memory.push
    push.last_task += 1
    task = Scheduled(push.last_task, call.body["Type"], at, call.now, content)
    push.tasks[task.id] = task
    return {"TaskID": task.id}


@behaviour(
    "timpush/modify_sched_task",
    guesses=(
        "Fields of Content that are left out stay as they are.",
        "A task that is not there, or is of another type, is answered with 90104.",
    ),
)
def modify_sched_task(call: Context) -> Answer:
    task = _pending_task(call)
    at = _time_to_come(call) if "SchedAt" in call.body else task.at
    content = task.content | deepcopy(call.body.get("Content", {}))
    _check_content(call, task.type, content)
    run_due_tasks(call)
    task.at, task.content = at, content
    return {"TaskID": task.id}


@behaviour(
    "timpush/delete_sched_task",
    guesses=("A task that is not there, or is of another type, is answered with 90104.",),
)
def delete_sched_task(call: Context) -> Answer:
    task = _pending_task(call)
    run_due_tasks(call)
    del call.memory.push.tasks[task.id]
    return {"TaskID": task.id}


# Reading them may send what is due.
@behaviour(
    "timpush/get_sched_task",
    guesses=(
        "A task that is not there is answered with 90104.",
        "Status is dispatched once the push went out, failed where it could not, and DispatchSuccess 1 or 0.",
    ),
)
def get_sched_task(call: Context) -> Answer:
    _check_app(call)
    task = _task(call)
    run_due_tasks(call)
    return {"TaskInfo": _in_answer(call, task)}


@behaviour(
    "timpush/list_sched_task",
    guesses=(
        "BeginTime and EndTime are about the time by which the tasks are ordered, and belong to it.",
        "Keyword is looked for in the title and the text of the push, capital letters as they are.",
        "There is no limit on the days from BeginTime to EndTime.",
    ),
)
def list_sched_task(call: Context) -> Answer:
    _check_app(call)
    body = call.body
    start, end = _time(call, "BeginTime"), _time(call, "EndTime")
    if end < start:
        raise Refused(_WRONG, "EndTime: is before BeginTime")
    run_due_tasks(call)
    by_creation = body["OrderBy"].lower() == "createat"

    def moment(task: Scheduled) -> tuple[int, int]:
        return (task.created if by_creation else task.at), task.id

    found = [
        task
        for task in call.memory.push.tasks.values()
        if start <= moment(task)[0] <= end and _has_word(task, body.get("Keyword", ""))
    ]
    found.sort(key=moment, reverse=not body["Asc"])
    page = found[body["Offset"] : body["Offset"] + body["Want"]]
    return {"Total": len(found), "Tasks": [_in_answer(call, task) for task in page]}


def _check_app(call: Context, **fields: object) -> None:
    if call.body["Sdkappid"] != call.sdkappid:
        raise Refused(_WRONG, "sdkappid mismatch", **fields)


def _task(call: Context) -> Scheduled:
    task = call.memory.push.tasks.get(call.body["TaskID"])
    if task is None:
        raise Refused(_WRONG, f"There is no task {call.body['TaskID']}.")
    return task


def _pending_task(call: Context) -> Scheduled:
    """Return the task that is to be changed. Refused with 90106 for one that was sent."""
    _check_app(call, TaskID=0)
    task = call.memory.push.tasks.get(call.body["TaskID"])
    if task is None or task.type != call.body["Type"]:
        raise Refused(_WRONG, "There is no such task of that type.", TaskID=0)
    if is_due(call, task):
        raise Refused(_SENT, None, TaskID=0)
    return task


def _time(call: Context, field: str) -> int:
    try:
        parsed = datetime.strptime(call.body[field], _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise Refused(_WRONG, f"{field}: is not YYYY-MM-DD HH:MM:SS") from None
    return int(parsed.timestamp())


def _time_to_come(call: Context) -> int:
    at = _time(call, "SchedAt")
    if at <= call.now:
        raise Refused(_WRONG, "SchedAt: has passed", TaskID=0)
    return at


def _check_content(call: Context, type_: str, content: dict[str, Any]) -> None:
    condition = content.get("Condition", {})
    problem = ""
    if type_ == "User" and not content.get("To_Account"):
        problem = "Content.To_Account: is missing"
    elif type_ != "User" and "To_Account" in content:
        problem = "Content.To_Account: is for the type User"
    elif type_ == "Tag" and not condition:
        problem = "Content.Condition: is missing"
    elif type_ != "Tag" and condition:
        problem = "Content.Condition: is for the type Tag"
    elif not (content.keys() & {"OfflinePushInfo", "MsgBody"}):
        problem = "Content.OfflinePushInfo: is missing"
    if problem:
        raise Refused(_WRONG, problem, TaskID=0)
    try:
        check_sender(call, content)
        check_condition(call, condition)
    except Refused as refusal:
        info = refusal.info or call.catalogue.message(call.command.service, refusal.code)
        raise Refused(_WRONG, info, TaskID=0) from None


def _notification(task: Scheduled) -> tuple[str, str]:
    """Return title and text."""
    info: dict[str, Any] = task.content.get("OfflinePushInfo", {})
    return info.get("Title", ""), info.get("Desc", "")


def _has_word(task: Scheduled, word: str) -> bool:
    return any(word in text for text in _notification(task))


def _in_answer(call: Context, task: Scheduled) -> dict[str, Any]:
    title, text = _notification(task)
    status = "pending" if task.is_pending else "failed" if task.error else "dispatched"
    return {
        "TaskID": task.id,
        "Sdkappid": call.sdkappid,
        "CreateAt": _written(task.created),
        "Type": task.type,
        "SchedAt": _written(task.at),
        "Content": task.content,
        "Title": title,
        "Desc": text,
        "Status": status,
        "DispatchSuccess": int(bool(task.push_id)),
        "DispatchErr": task.error,
        "PushTaskID": task.push_id,
    }


def _written(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(_TIME)
