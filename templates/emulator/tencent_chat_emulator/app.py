"""An app that the emulator serves, as a test sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from ._apps.application import Application, OwnAnswer
from ._apps.records import Call
from ._core.context import Event, Refused
from ._http.server import Server
from ._memory.memory import Memory
from ._webhooks.deliveries import Delivery
from .faults import Fault

T = TypeVar("T")


class App:
    """One app: what it remembers, what it received, and what shall happen to it.

    Apps of one emulator share nothing but its address.
    """

    def __init__(self, application: Application, server: Callable[[], Server | None]) -> None:
        self._application = application
        self._link = Link(server)
        self.clock = ClockControl(application, self._link)
        """The time of the app."""
        self.webhooks = Webhooks(application, self._link)
        """Calls back."""

    @property
    def url(self) -> str:
        """Where it is served: `http://127.0.0.1:49152`. Raises RuntimeError while the emulator does not run."""
        return self._link.running.url

    @property
    def sdkappid(self) -> int:
        """Its ID."""
        return self._application.credentials.sdkappid

    @property
    def secret_key(self) -> str:
        """What its UserSigs are signed with."""
        return self._application.credentials.secret_key

    @property
    def identifier(self) -> str:
        """An administrator of it."""
        return self._application.credentials.administrators[0]

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls received, oldest first; at most the last 10,000."""
        return self._link.do(lambda: tuple(self._application.received))

    @property
    def state(self) -> Memory:
        """What it remembers. To be looked at: calls change it."""
        return self._application.memory

    def answer(self, command: str, answer: OwnAnswer, times: int | None = None) -> None:
        """Answer `command` (`openim/sendmsg`) with a body, or with what a function makes of the body received.

        That is for the next `times` calls that pass the checks, or for good. The envelope of success is added
        where the body lacks it. Raises ValueError for an unknown command.
        """
        self._application.check_command(command)
        _check_times(times)
        self._link.do(lambda: self._application.answer(command, answer, times))

    def fail(
        self,
        command: str | None = None,
        *,
        code: int | None = None,
        status: int | None = None,
        html: bool = False,
        half: bool = False,
        reset: bool = False,
        latency: float = 0.0,
        after: bool = False,
        times: int = 1,
    ) -> None:
        """Let a fault meet the next `times` calls, those of `command` when it is given.

        | argument | what the caller sees |
        | --- | --- |
        | `code=60008` | HTTP 200 with that error code |
        | `status=502` | that HTTP status, 400 to 599, with a gateway's page |
        | `html=True` | HTTP 200 with an HTML page |
        | `half=True` | half of the proper answer, then the end of the connection; the call takes effect |
        | `reset=True` | the connection is reset once the request was read |
        | `latency=2.5` | any of these, or the proper answer, that many seconds later |

        A fault strikes before the call is checked, and the call takes no effect; with `after=True` it
        takes effect first. Of several that wait, the oldest strikes. Raises ValueError for an unknown command
        and for what is no fault.
        """
        if command is not None:
            self._application.check_command(command)
        _check_times(times)
        fault = Fault(code, status, html, half, reset, latency, after)
        self._link.do(lambda: self._application.faults.add(fault, command, times))

    def come_online(self, user_id: str, platform: str = "iPhone") -> None:
        """Let an account log in on `platform`: iPhone, Android, Web, PC, iPad or Mac.

        Another device on the same platform is kicked out. State.StateChange is sent. Raises ValueError for an
        unknown account or platform.
        """
        self._act("come_online", user_id, platform=platform)

    def go_offline(
        self, user_id: str, platform: str | None = None, *, is_lost: bool = False
    ) -> None:
        """Let an account log out on `platform`, or wherever it is online.

        With `is_lost` it loses its connection instead: on phones and tablets it is PushOnline for seven days.
        State.StateChange is sent where it was online. Raises ValueError for an unknown account or platform.
        """
        self._act("go_offline", user_id, platform=platform, is_lost=is_lost)

    def request_friend(
        self, user_id: str, other: str, *, wording: str = "", is_both: bool = True
    ) -> int:
        """Let a user ask another to become a friend; return the code, as sns/friend_add has it.

        Sns.CallbackPrevFriendAdd is asked first, which sns/friend_add itself does not. 0: they are friends now,
        30539: the request waits for its answer. Without `is_both` only `user_id` gets a friend. Raises
        ValueError for an unknown `user_id`.
        """
        answer = self._act("request_friend", user_id, other=other, wording=wording, is_both=is_both)
        return int(answer["ResultCode"])

    def answer_friend(
        self, user_id: str, asking: str, action: str = "Response_Action_AgreeAndAdd"
    ) -> int:
        """Let a user answer the friend request of `asking`; return the code, 0 for success.

        `action` is Response_Action_AgreeAndAdd, Response_Action_Agree (only `asking` gets a friend) or
        Response_Action_Reject. Sns.CallbackPrevFriendResponse is asked first. Raises ValueError for another
        action, for an unknown `user_id`, and without such a request.
        """
        answer = self._act("answer_friend", user_id, asking=asking, action=action)
        return int(answer["ResultCode"])

    def join(
        self, group_id: str, user_id: str, *, approved: bool = False, opt_platform: str = "Web"
    ) -> bool:
        """Let a user join a group, and return whether the user is in it then.

        Else the owner or an admin has to approve first, as they do with `approved`, which also follows an
        invitation. It is the only way into an AVChatRoom. Webhooks are sent with that OptPlatform. Raises Refused.
        """
        order = {"approved": approved, "opt_platform": opt_platform}
        return bool(self._act_in_group("join_group", group_id, user_id, **order)["Joined"])

    def leave(self, group_id: str, user_id: str, *, opt_platform: str = "Web") -> None:
        """Let a member leave a group. Raises Refused."""
        self._act_in_group("leave_group", group_id, user_id, opt_platform=opt_platform)

    def disconnect(self, group_id: str, user_id: str) -> None:
        """Let somebody in an AVChatRoom lose the connection, which a webhook tells of. Raises Refused."""
        self._act_in_group("disconnect_from_group", group_id, user_id)

    def reconnect(self, group_id: str, user_id: str) -> None:
        """Let somebody who lost the connection to an AVChatRoom come back. Raises Refused."""
        self._act_in_group("reconnect_to_group", group_id, user_id)

    def subscribe(self, official_account: str, user_id: str, *, opt_platform: str = "Web") -> None:
        """Let a user subscribe to an official account. Raises Refused."""
        order = {"Official_Account": official_account, "opt_platform": opt_platform}
        self._try("subscribe", user_id, **order)

    def unsubscribe(
        self, official_account: str, user_id: str, *, opt_platform: str = "Web"
    ) -> None:
        """Let a subscriber of an official account go. Raises Refused."""
        order = {"Official_Account": official_account, "opt_platform": opt_platform}
        self._try("unsubscribe", user_id, **order)

    def click_push(self, user_id: str, push: str) -> None:
        """Let a user click on the notification of a push, named by its TaskId, or by the MsgId of a chat message.

        It counts in the statistics once, and a webhook tells of it. Raises ValueError where the user has none.
        """
        self._act("click_push", user_id, push=push)

    def enter_room(
        self,
        room_id: str,
        user_id: str,
        *,
        password: str | None = None,
        opt_platform: str = "Web",
    ) -> None:
        """Let a user enter a live room or a conference; nothing happens where the user is in it. Raises Refused.

        Who lost the connection to a live room comes back so. Webhooks are sent with that OptPlatform.
        """
        order = {"opt_platform": opt_platform} | (
            {} if password is None else {"password": password}
        )
        self._try("enter_room", user_id, room_id=room_id, **order)

    def leave_room(
        self, room_id: str, user_id: str, *, is_lost: bool = False, opt_platform: str = "Web"
    ) -> None:
        """Let a user leave a live room or a conference, or with `is_lost` lose the connection. Raises Refused."""
        order = {"is_lost": is_lost, "opt_platform": opt_platform}
        self._try("leave_room", user_id, room_id=room_id, **order)

    def start_call(
        self, user_id: str, callees: Sequence[str], media_type: str = "Video", *, group_id: str = ""
    ) -> str:
        """Let a user call others, who have 30 seconds to answer; return the CallId. `media_type` is Video or Audio.

        Raises ValueError for unknown accounts, for no callee, and for another `media_type`.
        """
        order = {"callees": list(callees), "media_type": media_type, "group_id": group_id}
        return str(self._try("start_call", user_id, **order)["CallId"])

    def take_call(self, call_id: str, user_id: str) -> None:
        """Let a user take a call that waits for an answer. Raises Refused."""
        self._try("take_call", user_id, call_id=call_id)

    def hang_up(self, call_id: str, user_id: str) -> None:
        """Let a user hang up, or decline a call that waits for an answer. Raises Refused."""
        self._try("hang_up", user_id, call_id=call_id)

    def snapshot(self) -> dict[str, Any]:
        """Return what it remembers, as JSON; the clock's being ahead belongs to it."""
        return self._link.do(self._application.snapshot)

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Remember what `snapshot` holds, and nothing else. Raises ValueError for what is none."""
        self._link.do(lambda: self._application.restore(snapshot))

    def reset(self) -> None:
        """Forget everything: memory, calls, faults, answers of one's own, webhooks. The clock goes on."""
        self._link.do(self._application.reset)

    def _act(self, name: str, user_id: str, **order: object) -> dict[str, Any]:
        return self._link.running.run(self._application.act(name, user_id, order))

    def _act_in_group(
        self, name: str, group_id: str, user_id: str, **order: object
    ) -> dict[str, Any]:
        return self._try(name, user_id, group_id=group_id, **order)

    def _try(self, name: str, user_id: str, **order: object) -> dict[str, Any]:
        """Let a user do something that can be refused."""
        answer = self._act(name, user_id, **order)
        if answer["ErrorCode"]:
            raise Refused(answer["ErrorCode"], answer["ErrorInfo"])
        return answer


def _check_times(times: int | None) -> None:
    if times is not None and (type(times) is not int or times < 1):
        raise ValueError(f"times: {times!r} is not a positive integer")


class Link:
    """The way from a test's thread to the server's."""

    def __init__(self, server: Callable[[], Server | None]) -> None:
        self._server = server

    @property
    def running(self) -> Server:
        """The server. Raises RuntimeError when there is none."""
        server = self._server()
        if server is None:
            raise RuntimeError("the emulator is not running; use it in a with block")
        return server

    def do(self, function: Callable[[], T]) -> T:
        """Run `function` where calls are carried out, and return its result."""
        server = self._server()
        return function() if server is None else server.do(function)


class ClockControl:
    """The time of an app."""

    def __init__(self, application: Application, link: Link) -> None:
        self._application = application
        self._link = link

    def now(self) -> float:
        """Return Unix seconds."""
        return self._application.clock.now()

    def advance(self, seconds: float) -> None:
        """Let that much time pass at once. Raises ValueError for less than nothing."""
        self._link.do(lambda: self._application.advance(seconds))


class Webhooks:
    """Calls from the emulator to the code under test."""

    def __init__(self, application: Application, link: Link) -> None:
        self._application = application
        self._link = link

    def send_to(
        self, url: str, token: str | None = None, only: Collection[str] | None = None
    ) -> None:
        """Send webhooks to `url` from now on, those named in `only` (`C2C.CallbackBeforeSendMsg`), or all.

        With a `token` they are signed. Raises ValueError for what is no URL, or no webhook.
        """
        self._link.do(lambda: self._application.webhooks.send_to(url, token, only))

    @property
    def delivered(self) -> tuple[Delivery, ...]:
        """What was sent and what came back, oldest first; waits for what is on its way, two seconds at most each."""
        self._link.running.run(self._application.webhooks.settle())
        return self._link.do(lambda: tuple(self._application.webhooks.done))

    def send(self, command: str, body: Mapping[str, Any], **query: str) -> Delivery:
        """Send webhook `command` with `body`, and return what came back.

        `query` are further parameters of the URL: `OptPlatform="iOS"`. Raises ValueError for an unknown
        webhook, or when nobody receives webhooks.
        """
        return self._link.running.run(
            self._application.webhooks.send(Event(command, dict(body), query))
        )
