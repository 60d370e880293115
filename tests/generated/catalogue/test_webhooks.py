"""Every webhook of the catalogue with its examples: models, parsing, replies, the registry and the router."""

from __future__ import annotations

import json
import pickle
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from generated.catalogue.spec import API
from generated.signing import TOKEN, signed
from tencent_chat import models, webhooks
from tencent_chat.webhooks import WEBHOOKS, Router, WebhookError
from timgen.modelling.model import Webhook, WebhookExample

EXAMPLES = [
    pytest.param(webhook, example, id=f"{webhook.command}-{index}")
    for webhook in API.webhooks
    for index, example in enumerate(webhook.examples)
]
BEFORE = "C2C.CallbackBeforeSendMsg"
OK = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}


def written(instance: Any) -> str:
    return json.dumps(instance.model_dump(mode="json", by_alias=True, exclude_unset=True), sort_keys=True)


@pytest.mark.parametrize(("webhook", "example"), EXAMPLES)
def test_every_event_is_read_and_written_back(webhook: Webhook, example: WebhookExample) -> None:
    event = getattr(models, webhook.request.class_name).model_validate(example.request)
    assert written(event) == json.dumps(example.request, sort_keys=True)
    assert not event.model_extra, "the example shows no field that the schema lacks"


@pytest.mark.parametrize(("webhook", "example"), EXAMPLES)
def test_every_reply_is_written(webhook: Webhook, example: WebhookExample) -> None:
    if example.reply is not None:
        reply = getattr(models, webhook.reply.class_name).model_validate(example.reply)
        assert written(reply) == json.dumps(example.reply, sort_keys=True)


@pytest.mark.parametrize(("webhook", "example"), EXAMPLES)
def test_every_example_is_parsed(webhook: Webhook, example: WebhookExample) -> None:
    query = {**example.query, "CallbackCommand": webhook.command}
    for shape in (query, parse_qs(urlencode(query))):
        event = webhooks.parse(shape, json.dumps(example.request).encode())
        assert type(event).__name__ == webhook.request.class_name
        assert type(event) is WEBHOOKS[webhook.command].event_model
        assert event.raw == example.request
        assert event.context.command == webhook.command
        assert event.context.sdkappid == int(example.query["SdkAppid"])
        assert event.context.client_ip == example.query.get("ClientIP")


@pytest.mark.parametrize("webhook", API.webhooks, ids=lambda webhook: webhook.command)
def test_every_example_that_names_its_command_is_parsed_without_query(webhook: Webhook) -> None:
    for example in webhook.examples:
        body = json.dumps(example.request)
        if '"CallbackCommand"' in body:
            assert type(webhooks.parse({}, body.encode())) is WEBHOOKS[webhook.command].event_model


def test_the_example_in_the_spec_is_signed() -> None:
    (query,) = [e.query for w in API.webhooks for e in w.examples if "Sign" in e.query]
    webhooks.verify(query, "xxxxyyyy", now=int(query["RequestTime"]) + 60)


@pytest.mark.parametrize("webhook", API.webhooks, ids=lambda webhook: webhook.command)
def test_only_what_is_documented_is_offered(webhook: Webhook) -> None:
    event = webhooks.parse({"CallbackCommand": webhook.command}, b"{}")
    offered = {outcome.name for outcome in webhook.outcomes}
    required = {argument.name: [] for argument in webhook.changes if argument.required}
    for name in ("allow", "reject", "drop"):
        decide = getattr(webhooks, name)
        if name in offered:
            assert isinstance(decide(event, **required), WEBHOOKS[webhook.command].reply_model)
        else:
            with pytest.raises(WebhookError, match=f"documents no reply that means {name}"):
                decide(event, **required)
    for code in webhook.reply_codes if webhook.phase == "before" else ():
        for number in (code.first, code.last):
            if code.outcome == "reject":
                assert webhooks.reject(event, number).error_code == number
            else:
                with pytest.raises(WebhookError, match=r"is no code for reject|documents no reply"):
                    webhooks.reject(event, number)


def test_the_registry_knows_every_webhook() -> None:
    assert list(WEBHOOKS) == [webhook.command for webhook in API.webhooks]
    for webhook in API.webhooks:
        entry = WEBHOOKS[webhook.command]
        assert (entry.phase, entry.docs, entry.summary, entry.date) == (
            webhook.phase, webhook.docs, webhook.summary, webhook.date,
        )  # fmt: skip
        assert entry.event_model is getattr(webhooks, webhook.request.class_name)
        assert entry.reply_model is getattr(webhooks, webhook.reply.class_name)
        assert len(entry.reply_codes) == len(webhook.reply_codes)
    assert pickle.loads(pickle.dumps(WEBHOOKS[BEFORE])) is WEBHOOKS[BEFORE]
    with pytest.raises(KeyError, match=r"did you mean C2C\.CallbackBeforeSendMsg"):
        WEBHOOKS["C2C.CallbackBeforeSendMessage"]


@pytest.mark.parametrize(("webhook", "example"), EXAMPLES)
def test_every_example_is_routed_and_its_reply_answered(webhook: Webhook, example: WebhookExample) -> None:
    router = Router(token=TOKEN, sdkappid=1400000000)
    entry = WEBHOOKS[webhook.command]
    seen: list[object] = []

    @router.on(entry.event_model)
    def handler(event: webhooks.Event) -> webhooks.Reply | None:
        seen.append(event.raw)
        return None if example.reply is None else entry.reply_model.model_validate(example.reply)

    answer = router.handle(signed(webhook.command), json.dumps(example.request).encode())
    assert seen == [example.request]
    assert (answer.status, answer.headers) == (200, {"Content-Type": "application/json"})
    assert json.loads(answer.body) == (example.reply or OK)
