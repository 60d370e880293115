"""Webhooks: parsing, verification, replies and the router."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
from collections.abc import Awaitable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from werkzeug.datastructures import MultiDict

from generated.signing import TOKEN, signed
from tencent_chat import ChatError, ConfigurationError, RequestError, webhooks
from tencent_chat.models import TextContent, TextElem, WebhookFriendResult
from tencent_chat.webhooks import (
    WEBHOOKS,
    AfterSendMessageEvent,
    BeforeAddFriendEvent,
    BeforeAddSubscribersEvent,
    BeforeSendGroupMessageReply,
    BeforeSendMessageEvent,
    BeforeSendMessageReply,
    Router,
    StateChangeEvent,
    UnknownEvent,
    VerificationError,
    WebhookError,
)

TEXT = "meet me at the old mill"
BEFORE = "C2C.CallbackBeforeSendMsg"
AFTER = "C2C.CallbackAfterSendMsg"
OK = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


def message(command: str = BEFORE, text: str = TEXT) -> bytes:
    elements = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}]
    return json.dumps({"CallbackCommand": command, "From_Account": "bob", "MsgBody": elements}).encode()


def before_send(**fields: object) -> BeforeSendMessageEvent:
    event = webhooks.parse({"CallbackCommand": BEFORE}, json.dumps(fields).encode())
    assert isinstance(event, BeforeSendMessageEvent)
    return event


# Parsing


def test_the_query_decides_and_the_body_is_the_fallback() -> None:
    body = message(AFTER)
    assert isinstance(webhooks.parse({"CallbackCommand": BEFORE}, body), BeforeSendMessageEvent)
    for query in ({}, {"CallbackCommand": ""}, {"CallbackCommand": []}):
        assert isinstance(webhooks.parse(query, body), AfterSendMessageEvent)


@pytest.mark.parametrize("events", [None, "text", [], [7], [{}], [{"CallbackCommand": 7}], {"CallbackCommand": BEFORE}])
def test_a_body_that_names_no_command(events: object) -> None:
    assert isinstance(webhooks.parse({}, json.dumps({"Events": events}).encode()), UnknownEvent)


def test_an_unknown_command_is_an_event_too() -> None:
    event = webhooks.parse({"CallbackCommand": "C2C.CallbackOfTomorrow", "SdkAppid": "7"}, b'{"New": {"a": 1}}')
    assert isinstance(event, UnknownEvent)
    assert event.context.command == "C2C.CallbackOfTomorrow"
    assert event.raw == {"New": {"a": 1}}
    assert webhooks.parse({}, b'{"CallbackCommand": 7}').context.command == ""


@pytest.mark.parametrize("name", ["SdkAppid", "SDKAppID", "sdkappid", "SdkAppId"])
def test_names_of_parameters_vary(name: str) -> None:
    context = webhooks.parse({name: "1400000000", "callbackcommand": BEFORE, "clientip": "::1"}, b"{}").context
    assert (context.sdkappid, context.command, context.client_ip) == (1400000000, BEFORE, "::1")


@pytest.mark.parametrize(
    ("sent", "platform"),
    [("IOS", "iOS"), ("iOS", "iOS"), ("Mac", "Mac"), ("macOS", "macOS"), ("Fridge", "Fridge"), ("", None)],
)
def test_platforms_are_spelled_in_one_way(sent: str, platform: str | None) -> None:
    assert webhooks.parse({"OptPlatform": sent}, b"{}").context.platform == platform


@pytest.mark.parametrize("kind", [MultiDict, QueryParams, parse_qs])
def test_of_a_repeated_parameter_the_first_value_counts(kind: type) -> None:
    text = f"CallbackCommand={BEFORE}&CallbackCommand={AFTER}&SdkAppid=1&SdkAppid=2"
    query = kind(text) if kind is not MultiDict else MultiDict([pair.split("=") for pair in text.split("&")])
    event = webhooks.parse(query, b"{}")
    assert (event.context.command, event.context.sdkappid) == (BEFORE, 1)


def test_fields_of_unexpected_types_stay_as_received() -> None:
    event = before_send(From_Account=["bob"], MsgBody="text", MsgTime="later", Brand={"new": True})
    assert (event.from_account, event.msg_body, event.msg_time) == (["bob"], "text", "later")
    assert event.model_dump(mode="json", by_alias=True, exclude_unset=True) == event.raw


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"{", b"\xff\xfe", b"7", b"[" * 100_000])
def test_a_body_that_is_no_object_raises(body: bytes) -> None:
    with pytest.raises(WebhookError, match="no JSON object") as caught:
        webhooks.parse({"CallbackCommand": BEFORE}, body)
    assert isinstance(caught.value, ChatError)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_the_error_does_not_hold_the_body() -> None:
    with pytest.raises(WebhookError) as caught:
        webhooks.parse({}, f'["{TEXT}"]'.encode())
    assert TEXT not in repr(caught.value) + repr(vars(caught.value)) + repr(pickle.dumps(caught.value))


def test_events_can_be_pickled_and_show_no_text() -> None:
    event = webhooks.parse(signed(BEFORE), message())
    again = pickle.loads(pickle.dumps(event))
    assert again == event
    assert (again.context, again.raw) == (event.context, event.raw)
    assert TEXT not in repr(event) + str(event)


# Hostile input

keys = st.sampled_from(["SdkAppid", "sdkappid", "CallbackCommand", "Sign", "RequestTime", "OptPlatform", "x"])
texts = st.text() | st.sampled_from([*WEBHOOKS, "1400000000", "1669872112"])
queries = st.dictionaries(keys | st.text(), texts | st.lists(texts))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts | st.sampled_from(["MsgBody", "MsgContent"]), inner),
)
bodies = st.binary() | json_values.map(lambda value: json.dumps(value).encode())


@given(queries, bodies)
def test_nothing_but_the_documented_errors_is_raised(query: dict[str, str | list[str]], body: bytes) -> None:
    try:
        event = webhooks.parse(query, body)
    except WebhookError:
        assert not isinstance(json_or_none(body), dict)
    else:
        assert event.raw == json_or_none(body)
    with pytest.raises(VerificationError):
        webhooks.verify(query, TOKEN)
    assert Router(token=TOKEN).handle(query, body).status == 403
    assert Router(token=None).handle(query, body).status in (200, 400)


def json_or_none(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def test_deeply_nested_messages_are_parsed() -> None:
    inner: object = "x"
    for _ in range(300):
        inner = [{"MsgType": "TIMRelayElem", "MsgContent": {"MsgBody": inner}}]
    assert isinstance(webhooks.parse({"CallbackCommand": BEFORE}, json.dumps({"MsgBody": inner}).encode()).raw, dict)


# Verification


def test_the_vendors_signatures() -> None:
    # The token that the hash on the vendor's page is made with, and the hash of the token that stands beside it.
    right = {
        "xxxxyyyy": "17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061",
        "xxxyyy": "e78a85473bed2cdc8d6fa8c4d5a4ba4735fd64156e15a99516b9890293e135de",
    }
    for token, sign in right.items():
        webhooks.verify({"Sign": sign, "RequestTime": "1669872112"}, token, now=1669872112)
    with pytest.raises(VerificationError, match="Sign is wrong"):
        webhooks.verify({"Sign": right["xxxxyyyy"], "RequestTime": "1669872112"}, "xxxyyy", now=1669872112)


def reason_of(query: webhooks.Query, token: str = TOKEN, **options: float | None) -> str | None:
    try:
        webhooks.verify(query, token, **options)
    except VerificationError as error:
        return error.reason
    return None


@pytest.mark.parametrize(
    ("age", "max_age", "reason"),
    [(0, 60, None), (60, 60, None), (61, 60, "time"), (-60, 60, None), (-61, 60, "time"),
     (0.5, 0, "time"), (10**9, None, None), (3600, 3600, None)],
)  # fmt: skip
def test_only_fresh_requests_pass(age: float, max_age: float | None, reason: str | None) -> None:
    assert reason_of(signed(BEFORE, at=1_700_000_000), now=1_700_000_000 + age, max_age=max_age) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Sign": None}, "missing"),
        ({"RequestTime": None}, "missing"),
        ({"Sign": []}, "missing"),
        ({"Sign": ""}, "malformed"),
        ({"Sign": "0" * 64}, "signature"),
        ({"Sign": "0" * 63}, "malformed"),
        ({"Sign": "é" * 64}, "malformed"),
        ({"Sign": "\u0660" * 64}, "malformed"),
        ({"RequestTime": "soon"}, "malformed"),
        ({"RequestTime": ""}, "malformed"),
        ({"RequestTime": "-1"}, "malformed"),
        ({"RequestTime": "1669872112.5"}, "malformed"),
        ({"RequestTime": "١٦٦٩٨٧٢١١٢"}, "malformed"),
        ({"RequestTime": " 1700000000"}, "malformed"),
        ({"RequestTime": "9" * 5000}, "malformed"),
        ({"RequestTime": "1700000001"}, "signature"),
        ({"sign": "0" * 64}, "repeated"),
    ],
)
def test_what_is_missing_or_wrong_is_refused(changes: dict[str, str | None], reason: str) -> None:
    query = {**signed(BEFORE, at=1_700_000_000), **changes}
    given_parameters = {name: value for name, value in query.items() if value is not None}
    assert reason_of(given_parameters, now=1_700_000_000) == reason


def test_upper_case_and_other_tokens() -> None:
    query = signed(BEFORE)
    assert reason_of({**query, "Sign": query["Sign"].upper()}) is None
    assert reason_of(query, TOKEN + "x") == "signature"
    assert reason_of(signed(BEFORE, token="令牌-é"), "令牌-é") is None


@pytest.mark.parametrize("name", ["Sign", "RequestTime"])
def test_repeated_parameters_are_refused_whatever_the_framework(name: str) -> None:
    query = signed(BEFORE)
    pairs = [*query.items(), (name, query[name])]
    text = urlencode(pairs)
    from django.conf import settings

    if not settings.configured:
        settings.configure()
    for repeated in (MultiDict(pairs), QueryParams(text), parse_qs(text), QueryDict(text)):
        assert reason_of(repeated) == "repeated"
    assert reason_of(parse_qs(urlencode(query))) is None


def test_the_app_must_match_when_it_is_given() -> None:
    assert reason_of(signed(BEFORE), sdkappid=1400000000) is None
    assert reason_of(signed(BEFORE, SdkAppid="1"), sdkappid=1400000000) == "sdkappid"
    assert reason_of(signed(BEFORE, SdkAppid="1")) is None
    assert reason_of(signed(BEFORE, SdkAppid="١٤٠٠٠٠٠٠٠٠"), sdkappid=1400000000) == "sdkappid"
    without = {name: value for name, value in signed(BEFORE).items() if name != "SdkAppid"}
    assert reason_of(without, sdkappid=1400000000) == "missing"
    assert reason_of({**without, "SDKAppID": "1400000000"}, sdkappid=1400000000) is None


@pytest.mark.parametrize(
    ("token", "options"),
    [("", {}), (None, {}), (b"bytes", {}), (TOKEN, {"sdkappid": 0}), (TOKEN, {"max_age": -1}),
     (TOKEN, {"max_age": float("nan")}), (TOKEN, {"max_age": "60"})],
)  # fmt: skip
def test_settings_that_cannot_be_used(token: str, options: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        webhooks.verify(signed(BEFORE), token, **options)
    assert TOKEN not in str(caught.value)


def test_a_verification_error_holds_no_secret() -> None:
    query = signed(BEFORE, at=1_700_000_000)
    with pytest.raises(VerificationError) as caught:
        webhooks.verify({**query, "Sign": "0" * 64}, TOKEN, now=1_700_000_000)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.reason, str(error)) == (caught.value.reason, str(caught.value))
    held = repr(caught.value) + repr(vars(caught.value)) + repr(pickle.dumps(caught.value))
    assert TOKEN not in held
    assert query["Sign"] not in held
    assert caught.value.__cause__ is caught.value.__context__ is None


# Replies


def written(reply: webhooks.Reply) -> object:
    return reply.model_dump(mode="json", by_alias=True, exclude_unset=True)


def test_replies_are_as_documented() -> None:
    event = before_send(From_Account="bob")
    assert written(webhooks.allow(event)) == OK
    assert written(webhooks.reject(event)) == {**OK, "ErrorCode": 1}
    assert written(webhooks.reject(event, 120001, "No advertising here")) == {
        "ActionStatus": "OK", "ErrorInfo": "No advertising here", "ErrorCode": 120001,
    }  # fmt: skip
    assert written(webhooks.drop(event)) == {**OK, "ErrorCode": 2}
    elements = [
        TextElem(msg_type="TIMTextElem", msg_content=TextContent(text="***")),
        {"MsgType": "TIMFutureElem", "MsgContent": {"Any": 1}},
    ]
    assert written(webhooks.allow(event, msg_body=elements, cloud_custom_data="d")) == {
        **OK,
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "***"}}, elements[1]],
        "CloudCustomData": "d",
    }


def test_friend_requests_are_decided_one_by_one() -> None:
    event = webhooks.parse({"CallbackCommand": "Sns.CallbackPrevFriendAdd"}, b"{}")
    assert isinstance(event, BeforeAddFriendEvent)
    items = [WebhookFriendResult(to_account="alice", result_code=38001, result_info="")]
    assert written(webhooks.allow(event, result_item=items)) == {
        **OK, "ResultItem": [{"To_Account": "alice", "ResultCode": 38001, "ResultInfo": ""}],
    }  # fmt: skip
    with pytest.raises(RequestError, match=r"ResultItem \(result_item\): is required"):
        webhooks.allow(event)


def test_a_reply_takes_snake_case_and_checks_its_fields() -> None:
    reply = BeforeSendMessageReply(action_status="OK", error_code=0, error_info="")
    assert written(reply) == {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}
    with pytest.raises(ValueError, match=r"error_code|ErrorCode"):
        BeforeSendMessageReply.model_validate({"ActionStatus": "OK", "ErrorInfo": ""})


def test_undocumented_codes_and_changes_are_refused() -> None:
    event = before_send()
    with pytest.raises(WebhookError, match="130001 is no code for reject; documented: 1, 120001 to 130000"):
        webhooks.reject(event, 130001)
    with pytest.raises(WebhookError, match="'120001' is no code for reject"):
        webhooks.reject(event, "120001")
    with pytest.raises(RequestError, match="MsgBody") as caught:
        webhooks.allow(event, msg_body=TEXT)
    assert TEXT not in str(caught.value)
    assert caught.value.__context__ is None
    for name in ("msg_boddy", "MsgBody", "error_code", "error_info", "action_status"):
        with pytest.raises(TypeError, match=name):
            webhooks.allow(event, **{name: []})
    with pytest.raises(WebhookError, match="'120001' is no code for reject"):
        webhooks.reject(event, "120001")
    with pytest.raises(WebhookError, match="UnknownEvent is no event that can be replied to"):
        webhooks.drop(webhooks.parse({}, b"{}"))
    only = webhooks.parse({"CallbackCommand": "OfficialAccount.CallbackBeforeAddSubscriber"}, b"{}")
    assert isinstance(only, BeforeAddSubscribersEvent)
    assert webhooks.reject(only, info="Members only").error_info == "Members only"


RECEIVED = [
    {"MsgType": "TIMTextElem", "MsgContent": {"Text": TEXT, "Brand": {"new": True}}, "Newer": 1},
    {"MsgType": "TIMFutureElem", "MsgContent": {"Any": [1]}, "More": {}},
    {"MsgType": "TIMFaceElem", "MsgContent": {"Index": "6"}},
    {"MsgType": "TIMTextElem"},
]


@pytest.mark.parametrize("received", [RECEIVED[:2], RECEIVED[2:], RECEIVED * 6])
def test_elements_of_the_event_go_back_as_they_came(received: list[dict[str, object]]) -> None:
    router = Router(token=None)

    @router.on(BeforeSendMessageEvent)
    def mark(event: BeforeSendMessageEvent) -> BeforeSendMessageReply:
        return webhooks.allow(event, msg_body=[*(event.msg_body or []), TextElem("!"), {"MsgType": "TIMNewElem"}])

    added = [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "!"}}, {"MsgType": "TIMNewElem"}]
    status, reply = answered(router, {"CallbackCommand": BEFORE}, json.dumps({"MsgBody": received}).encode())
    assert (status, reply) == (200, {**OK, "MsgBody": [*received, *added]})


def test_what_the_app_adds_to_the_events_elements_is_checked() -> None:
    event = before_send(MsgBody=[*RECEIVED] * 4)
    for wrong in ({"MsgType": "TIMTextElem", "MsgContent": {"Txt": "!"}}, {"MsgContent": {}}, 7):
        with pytest.raises(RequestError) as caught:
            webhooks.allow(event, msg_body=[TextElem("!"), wrong, *(event.msg_body or [])])
        assert all(problem.path.startswith("MsgBody[1]") for problem in caught.value.problems)
        assert caught.value.__context__ is None


# The router


def answered(router: Router, query: dict[str, str], body: bytes, *, is_async: bool = False) -> tuple[int, dict]:
    answer = asyncio.run(router.handle_async(query, body)) if is_async else router.handle(query, body)
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize("is_async", [False, True])
def test_refused_requests_reach_no_handler(is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    router = Router(token=TOKEN, sdkappid=1400000000)
    router.fallback(lambda _: pytest.fail("a handler was called"))
    wrong = [
        signed(BEFORE, token="another"), signed(BEFORE, at=1_600_000_000), signed(BEFORE, SdkAppid="1"), {},
    ]  # fmt: skip
    for query in wrong:
        status, body = answered(router, query, message(), is_async=is_async)
        assert (status, body["ActionStatus"], body["ErrorCode"]) == (403, "FAIL", 403)
    status, body = answered(router, signed(BEFORE), f'"{TEXT}"'.encode(), is_async=is_async)
    assert (status, body["ActionStatus"]) == (400, "FAIL")
    assert len(caplog.records) == 5
    assert TOKEN not in caplog.text
    assert TEXT not in caplog.text


def test_a_router_without_token_still_checks_the_app() -> None:
    assert answered(Router(token=None, sdkappid=7), {"SdkAppid": "7"}, b"{}")[0] == 200
    assert answered(Router(token=None, sdkappid=7), {"SdkAppid": "8"}, b"{}")[0] == 403
    assert answered(Router(token=None), {}, b"{}") == (200, OK)


@pytest.mark.parametrize("is_async", [False, True])
def test_a_failing_handler_is_a_failed_webhook(is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    router = Router(token=TOKEN)

    @router.on(BeforeSendMessageEvent)
    def fails(_event: BeforeSendMessageEvent) -> None:
        raise ValueError("a reason")

    @router.on(AfterSendMessageEvent)
    def lies(event: AfterSendMessageEvent) -> object:
        return event.raw

    expected = (500, {"ActionStatus": "FAIL", "ErrorInfo": "the handler failed", "ErrorCode": 500})
    assert answered(router, signed(BEFORE), message(), is_async=is_async) == expected
    assert answered(router, signed(AFTER), message(), is_async=is_async) == expected
    raised, returned = [record.getMessage() for record in caplog.records]
    assert "BeforeSendMessageEvent: the handler" in raised
    assert raised.endswith("fails failed")
    assert "ValueError: a reason" in caplog.text
    assert returned.endswith("lies returned dict, not AfterSendMessageReply")
    assert all(record.levelno == logging.ERROR for record in caplog.records)
    assert TEXT not in caplog.text


def test_another_events_reply_is_refused() -> None:
    router = Router(token=TOKEN)
    reply = BeforeSendGroupMessageReply(action_status="OK", error_code=0, error_info="")
    router.on(BeforeSendMessageEvent)(lambda _: reply)
    assert answered(router, signed(BEFORE), message())[0] == 500


def test_events_without_handler_go_to_the_fallback_or_are_acknowledged() -> None:
    router = Router(token=TOKEN)
    seen: list[webhooks.Event] = []
    for command in (AFTER, BEFORE, "Brand.New"):
        assert answered(router, signed(command), message(command)) == (200, OK)

    @router.fallback
    def other(event: webhooks.Event) -> webhooks.Reply | None:
        seen.append(event)
        return webhooks.reject(event, 1) if isinstance(event, BeforeSendMessageEvent) else None

    assert answered(router, signed(AFTER), message(AFTER)) == (200, OK)
    assert answered(router, signed("Brand.New"), message()) == (200, OK)
    assert answered(router, signed(BEFORE), message())[1]["ErrorCode"] == 1
    assert [type(event) for event in seen] == [AfterSendMessageEvent, UnknownEvent, BeforeSendMessageEvent]


def test_handlers_may_be_async() -> None:
    router = Router(token=TOKEN)

    @router.on(BeforeSendMessageEvent)
    async def check(event: BeforeSendMessageEvent) -> BeforeSendMessageReply:
        await asyncio.sleep(0)
        return webhooks.reject(event, 120001, "later")

    assert answered(router, signed(BEFORE), message(), is_async=True)[1]["ErrorCode"] == 120001
    with pytest.raises(ConfigurationError, match=r"check is async: use `await router\.handle_async"):
        router.handle(signed(BEFORE), message())


def test_handlers_of_what_has_happened_can_be_deferred(caplog: pytest.LogCaptureFixture) -> None:
    router = Router(token=TOKEN)
    seen: list[str] = []

    @router.on(AfterSendMessageEvent)
    def store(event: AfterSendMessageEvent) -> None:
        seen.append(str(event.from_account))
        raise ValueError("a reason")

    @router.on(BeforeSendMessageEvent)
    def check(event: BeforeSendMessageEvent) -> BeforeSendMessageReply:
        return webhooks.drop(event)

    later: list[tuple[object, ...]] = []
    answer = router.handle(signed(AFTER), message(AFTER), defer=lambda *call: later.append(call))
    assert (answer.status, json.loads(answer.body), seen) == (200, OK, [])
    with ThreadPoolExecutor(1) as pool:
        (function, *arguments), *_ = later
        pool.submit(function, *arguments).result()
        assert router.handle(signed(AFTER), message(AFTER), defer=pool.submit).status == 200
    assert seen == ["bob", "bob"]
    assert caplog.text.count("store failed") == caplog.text.count("ValueError: a reason") == 2
    assert TEXT not in caplog.text
    answer = router.handle(signed(BEFORE), message(), defer=lambda *_: pytest.fail("the reply decides"))
    assert json.loads(answer.body)["ErrorCode"] == 2


def test_a_deferred_coroutine_that_nobody_awaits_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    router = Router(token=TOKEN)

    async def store(event: AfterSendMessageEvent) -> None: ...

    coroutines: list[Coroutine[object, object, None]] = []

    @router.on(AfterSendMessageEvent)
    def wrapper(event: AfterSendMessageEvent) -> Awaitable[None]:
        coroutines.append(store(event))
        return coroutines[0]

    assert router.handle(signed(AFTER), message(AFTER), defer=lambda run, *call: run(*call)).status == 200
    assert "wrapper returned coroutine, which was not awaited" in caplog.text
    coroutines[0].close()


def test_a_deferral_that_fails_is_a_failed_webhook(caplog: pytest.LogCaptureFixture) -> None:
    router = Router(token=TOKEN)
    router.on(AfterSendMessageEvent)(lambda _: None)
    pool = ThreadPoolExecutor()
    pool.shutdown()
    assert router.handle(signed(AFTER), message(AFTER), defer=pool.submit).status == 500
    assert "RuntimeError" in caplog.text


def test_an_object_may_be_a_handler() -> None:
    class Check:
        async def __call__(self, event: BeforeSendMessageEvent) -> BeforeSendMessageReply:
            return webhooks.drop(event)

    router = Router(token=TOKEN)
    router.on(BeforeSendMessageEvent)(Check())
    assert answered(router, signed(BEFORE), message(), is_async=True)[1]["ErrorCode"] == 2
    with pytest.raises(ConfigurationError, match="the handler Check is async"):
        router.handle(signed(BEFORE), message())


def test_async_handlers_can_be_deferred_to_tasks() -> None:
    router = Router(token=TOKEN)
    seen: list[str] = []

    @router.on(StateChangeEvent)
    async def store(event: StateChangeEvent) -> None:
        await asyncio.sleep(0)
        seen.append(event.context.command)

    async def run() -> None:
        tasks: list[asyncio.Task[None]] = []
        await router.handle_async(
            signed("State.StateChange"), b"{}", defer=lambda call, *args: tasks.append(asyncio.create_task(call(*args)))
        )
        assert seen == []
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert seen == ["State.StateChange"]


def test_wrong_registrations_are_refused() -> None:
    router = Router(token=TOKEN)
    router.on(BeforeSendMessageEvent)(lambda _: None)
    with pytest.raises(ConfigurationError, match="a handler of BeforeSendMessageEvent already"):
        router.on(BeforeSendMessageEvent)
    for wrong in (webhooks.Event, BeforeSendMessageReply, str, "C2C.CallbackBeforeSendMsg", None):
        with pytest.raises(ConfigurationError, match="is no class of events"):
            router.on(wrong)
    for register in (router.on(webhooks.AfterSendMessageEvent), router.fallback):
        with pytest.raises(ConfigurationError, match="a handler must be a function, got NoneType"):
            register(None)
    router.fallback(lambda _: None)
    with pytest.raises(ConfigurationError, match="a fallback handler already"):
        router.fallback(lambda _: None)
    for token in ("", 7):
        with pytest.raises(ConfigurationError, match="token"):
            Router(token=token)
    with pytest.raises(ConfigurationError, match="sdkappid"):
        Router(token=None, sdkappid=-1)


def test_a_router_shows_no_token() -> None:
    router = Router(token=TOKEN)
    assert TOKEN not in repr(router) + repr(vars(router))
    with pytest.raises(TypeError, match="secret"):
        pickle.dumps(router)


def test_a_handler_stays_what_it_is() -> None:
    def check(event: BeforeSendMessageEvent) -> None: ...

    assert Router(token=None).on(BeforeSendMessageEvent)(check) is check
    assert Router(token=None).fallback(check) is check


@pytest.mark.parametrize("is_async", [False, True])
def test_errors_of_handlers_are_told(is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    told: list[tuple[str | None, str]] = []

    def report(event: webhooks.Event, error: Exception) -> None:
        told.append((event.context.command, repr(error)))
        raise RuntimeError("the reporting failed too")

    router = Router(token=TOKEN, on_error=report)
    router.on(BeforeSendMessageEvent)(lambda event: webhooks.reject(event, 5))
    router.on(AfterSendMessageEvent)(lambda event: event.nothing)  # type: ignore[attr-defined]
    assert answered(router, signed(BEFORE), message(), is_async=is_async)[0] == 500
    router.handle(signed(AFTER), message(AFTER), defer=lambda function, *call: function(*call))
    assert [command for command, _ in told] == [BEFORE, AFTER]
    assert "5 is no code for reject" in told[0][1]
    assert "the reporting failed too" in caplog.text


def test_a_query_may_be_the_text_in_the_url() -> None:
    query = signed(BEFORE)
    router = Router(token=TOKEN)
    seen: list[str | None] = []
    router.fallback(lambda event: seen.append(event.context.command))
    for text in (urlencode(query), urlencode(query).encode(), f"?{urlencode(query)}"):
        assert answered(router, text, message())[0] == 200  # type: ignore[arg-type]
        webhooks.verify(text, TOKEN)
        assert webhooks.parse(text, message()).context.command == BEFORE
    assert seen == [BEFORE] * 3


@pytest.mark.parametrize(("query", "body"), [(5, b"{}"), (["a"], b"{}"), (None, b"{}"), ({}, {"a": 1}), ({}, None)])
def test_what_is_no_request_is_refused_by_name(query: Any, body: Any) -> None:
    for use in (Router(token=None).handle, webhooks.parse):
        with pytest.raises(ConfigurationError, match=type(body if query == {} else query).__name__):
            use(query, body)
