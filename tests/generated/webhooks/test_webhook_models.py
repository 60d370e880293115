"""Webhook examples through the generated models."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tencent_chat import models
from timgen.modelling.model import Webhook, WebhookExample
from timgen.pipeline import load_api
from timgen.reading import project

EXAMPLES = [
    pytest.param(webhook, example, id=f"{webhook.command}-{index}")
    for webhook in load_api(project.packaged().root).webhooks
    for index, example in enumerate(webhook.examples)
]


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


def test_a_reply_takes_snake_case_and_checks_its_fields() -> None:
    reply = models.BeforeSendMessageReply(action_status="OK", error_code=0, error_info="")
    assert json.loads(written(reply)) == {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}
    with pytest.raises(ValueError, match=r"error_code|ErrorCode"):
        models.BeforeSendMessageReply.model_validate({"ActionStatus": "OK", "ErrorInfo": ""})
