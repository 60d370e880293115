"""From a page to the draft of a spec file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from timgen.checking.rules.registry import mapping, shared_schemas
from timgen.importing.alike import repeated
from timgen.importing.bodies import BodyWriter, JsonObject, Known
from timgen.importing.facts import date_of, rate_limit_of, reply_codes_of
from timgen.importing.fields import Field, Placer, read_samples
from timgen.importing.page import Page, PageError, parse
from timgen.importing.placeholders import placeholder
from timgen.importing.sections import FieldTable, Sample, Sections, sort
from timgen.importing.writing import dump
from timgen.language.naming import pascal
from timgen.language.schema import JsonValue, ref_name
from timgen.language.todo import TODO
from timgen.reading.spec import Spec

_PATH_PART = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WEBHOOK = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)+")
# Fields of items that failed or did not.
_CODE_OF_ITEM = re.compile(r"ResultCode|ErrorCode|ErrCode|Result|Code")
_NAME_OF_ITEM = re.compile(r"\w*Account|User_?I[Dd]|\w+I[Dd]")
_INFO_OF_ITEM = re.compile(r"ResultInfo|ErrorInfo|ErrorMsg|ErrMsg|Info")
_PRODUCTS = ("push", "callkit", "live", "room", "desk")


@dataclass(frozen=True)
class Draft:
    """A file of the spec, still to be completed by a person."""

    path: str
    """Relative to the project, with forward slashes."""
    text: str
    warnings: tuple[tuple[int, str], ...] = ()
    """Line of the page and what could not be taken from there."""


def known_in(spec: Spec) -> Known:
    """Return what a draft can refer to in the project's spec."""
    return Known(
        shared=shared_schemas(spec),
        codes=frozenset(int(code) for code in spec.errors.mapping),
        envelope=frozenset(mapping(mapping(spec.api.mapping.get("envelope")).get("properties"))),
        services=frozenset(spec.services),
    )


def drafts_of(source: str, known: Known) -> list[Draft]:
    """Return the drafts for the Markdown page `source`: its command or webhook, and a new service's own file.

    Raises PageError when the page names no command or describes nothing.
    """
    page = parse(source)
    sections = sort(page)
    callback = page.front_matter.get("callback_command") or sections.callback
    command = None if callback else _command(page, sections)
    if not (sections.request_tables or sections.response_tables or sections.requests or sections.responses):
        raise PageError("nothing to import: no table with the columns field and type, and no JSON sample")
    if callback:
        if not _WEBHOOK.fullmatch(callback):
            raise PageError(f"`{callback}` is no webhook's name, such as Group.CallbackAfterSendMsg")
        text = dump(_webhook(callback, page, sections, known), first_line=_first_line("..", "webhook"))
        return [Draft(f"spec/webhooks/{callback}.yaml", text, sections.unread)]
    assert command is not None  # noqa: S101 - a page without a callback has a command
    service, name = command
    text = dump(_command_file(page, sections, known), first_line=_first_line("../..", "command"))
    drafts = [Draft(f"spec/v4/{service}/{name}.yaml", text, sections.unread)]
    if service not in known.services:
        drafts.append(Draft(f"spec/v4/{service}/_service.yaml", _service(page)))
    return drafts


def _first_line(to_spec: str, kind: str) -> str:
    return f"yaml-language-server: $schema={to_spec}/meta/{kind}.schema.json"


def _command(page: Page, sections: Sections) -> tuple[str, str]:
    service, command = page.front_matter.get("service", ""), page.front_matter.get("command", "")
    if not (service and command) and sections.command:
        service, command = sections.command
    if not (service and command):
        raise PageError(
            "no command: the front matter has no `service` and `command`, no `callback_command`, "
            "and no URL with /v4/<service>/<command> is on the page"
        )
    for key, text in (("service", service), ("command", command)):
        if not _PATH_PART.fullmatch(text):
            raise PageError(f"the {key} `{text}` is no part of a path: letters, digits and _ are")
    return service, command


def _service(page: Page) -> str:
    product = page.front_matter.get("product")
    content: JsonObject = {"summary": TODO, **({"product": product} if product in _PRODUCTS else {})}
    return dump(content, first_line=_first_line("../..", "service"))


def _command_file(page: Page, sections: Sections, known: Known) -> JsonObject:
    request_tree = _tree(sections.requests, sections.request_tables, known, frozenset())
    answers = [sample for sample in sections.responses if not _failed(sample)]
    response_tree = _tree(answers or sections.responses, sections.response_tables, known, known.envelope)
    _ask_about_wrapper(response_tree, sections)
    request = BodyWriter(known, is_request=True).body(request_tree)
    response = BodyWriter(known, is_request=False).body(response_tree, known.envelope)
    _ask_about_repeated(request=request, response=response)
    command: JsonObject = {"summary": TODO, "method": TODO, **_head(page)}
    if (rate_limit := rate_limit_of(sections.frequency)) is not None:
        command["rate_limit"] = rate_limit
    command["reads"] = TODO
    command["repeat"] = TODO
    failures = list(_failures(response or {}, known))
    if failures:
        limited = _limited_lists(request or {})
        if len(limited) == 1:
            command["batch"] = {"field": limited[0][0], "max": limited[0][1]}
        command["failures"] = failures
    command.update(_evidence(sections, known))
    if request:
        command["request"] = request
    if response:
        command["response"] = response
    command["errors"] = _errors(sections.codes, known) or [f"{TODO}: the page has no table of error codes"]
    command["examples"] = list(_command_examples(sections, request, response, known))
    return command


def _failures(response: JsonObject, known: Known) -> Iterator[JsonObject]:
    """Yield where an answer lists items each with a code of its own."""
    for name, schema in mapping(response.get("properties")).items():
        items = mapping(mapping(schema).get("items"))
        items = known.shared.get(ref_name(items) or "", items)
        fields = list(mapping(items.get("properties")))
        code, item, info = (
            next((field for field in fields if form.fullmatch(field)), None)
            for form in (_CODE_OF_ITEM, _NAME_OF_ITEM, _INFO_OF_ITEM)
        )
        if code and item:
            yield {"items": name, "item": item, "code": code, **({"info": info} if info else {})}


def _limited_lists(request: JsonObject) -> list[tuple[str, int]]:
    """Return the lists of a request that have a maximum, with it."""
    limits = {name: mapping(field).get("maxItems") for name, field in mapping(request.get("properties")).items()}
    return [(name, limit) for name, limit in limits.items() if isinstance(limit, int)]


def _webhook(callback: str, page: Page, sections: Sections, known: Known) -> JsonObject:
    writer = BodyWriter(known, is_request=False)
    request = writer.body(_tree(sections.requests, sections.request_tables, known, frozenset()))
    reply_tree = _tree(sections.responses, sections.response_tables, known, known.envelope)
    reply = writer.body(reply_tree, known.envelope)
    _ask_about_repeated(request=request, reply=reply)
    webhook: JsonObject = {"summary": TODO, "event": _event(callback), "phase": _phase(callback), **_head(page)}
    webhook.update(_evidence(sections, known))
    webhook["request"] = request or {"type": "object", "properties": {}}
    if reply:
        webhook["reply"] = reply
    if codes := _reply_codes(reply_tree, callback):
        webhook["reply_codes"] = codes
    webhook["examples"] = list(_webhook_examples(callback, sections, request, known))
    return webhook


def _head(page: Page) -> JsonObject:
    docs = page.front_matter.get("doc_url", "")
    return {
        "docs": docs if docs.startswith("https://") else TODO,
        "date": date_of(page.front_matter.get("doc_date", "")) or TODO,
    }


def _evidence(sections: Sections, known: Known) -> JsonObject:
    missing = list(_missing(sections, known))
    return {"evidence": {"partial": f"{TODO}: {'; '.join(missing)}"}} if missing else {}


def _missing(sections: Sections, known: Known) -> Iterator[str]:
    """Yield what a page lacks of what a draft is made of."""
    for body, tables, samples, elsewhere in (
        ("request", sections.request_tables, sections.requests, frozenset[str]()),
        ("response", sections.response_tables, sections.responses, known.envelope),
    ):
        if not tables and not samples:
            yield f"the page shows no {body}"
        elif not tables and any(sample.body.keys() - elsewhere for sample in samples):
            yield f"the page has no table of the fields of the {body}"
    if not sections.requests and not sections.responses:
        yield "the page has no sample"


def _tree(samples: Iterable[Sample], tables: Iterable[FieldTable], known: Known, top: frozenset[str]) -> Field:
    root = read_samples(sample.body for sample in samples)
    placer = Placer(root, known.shared, top)
    for table in tables:
        placer.add(table)
    return root


def _ask_about_repeated(**bodies: JsonObject | None) -> None:
    """Ask whether objects with the same fields are one shared schema."""
    for field, place in repeated({name: body for name, body in bodies.items() if body}):
        question = f"the same fields as {place}; a shared schema?"
        asked = str(field.get("description", TODO))
        cast(JsonObject, field)["description"] = f"{asked}; {question}" if ": " in asked else f"{asked}: {question}"


def _ask_about_wrapper(response: Field, sections: Sections) -> None:
    """Ask whether the fields stand under Response, as in services whose answers have a RequestId.

    Tables leave that wrapper out; only samples show it.
    """
    if "RequestId" in response.children and not sections.responses:
        for part in response.children.values():
            part.ask("inside Response or beside it")


def _failed(sample: Sample) -> bool:
    code = sample.body.get("ErrorCode")
    return sample.body.get("ActionStatus") == "FAIL" or (isinstance(code, int) and code != 0)


def _errors(codes: tuple[int, ...], known: Known) -> list[JsonValue]:
    found: list[JsonValue] = [code for code in codes if code in known.codes]
    unknown = [str(code) for code in codes if code not in known.codes]
    # In parts that fit in a line.
    parts = [unknown[start : start + 12] for start in range(0, len(unknown), 12)]
    return [*found, *(f"{TODO}: errors.yaml lacks {', '.join(part)}" for part in parts)]


def _command_examples(
    sections: Sections, request: JsonObject | None, response: JsonObject | None, known: Known
) -> Iterator[JsonValue]:
    requests = list(sections.requests)
    answers = [sample for sample in sections.responses if not _failed(sample)]
    failures = [sample for sample in sections.responses if _failed(sample)]
    if not requests:
        requests = [Sample(_object(placeholder(request or {}, known.shared)), "")]
    if not answers:
        envelope: JsonObject = {"ActionStatus": "OK", "ErrorInfo": "", "ErrorCode": 0}
        answers = [Sample({**envelope, **_object(placeholder(response or {}, known.shared))}, "")]
    pairs: list[tuple[Sample, Sample]] = []
    by_label = {answer.label: answer for answer in answers if answer.label}
    for index, sample in enumerate(requests):
        pairs.append((sample, by_label.get(sample.label) or answers[min(index, len(answers) - 1)]))
    shown = [answer for _, answer in pairs]
    pairs += [(requests[-1], answer) for answer in answers if answer not in shown]
    pairs += [(requests[0], failure) for failure in failures]
    seen: list[JsonValue] = []
    for sent, answer in pairs:
        example: JsonObject = {
            "summary": TODO,
            **({"request": sent.body} if sent.body else {}),
            "response": _answer(answer.body, known),
        }
        if example not in seen:
            seen.append(example)
            yield example


def _answer(body: JsonObject, known: Known) -> JsonObject:
    """Return the answer of a sample, with a question where it does not tell how the call went."""
    code = body.get("ErrorCode")
    if code is None and "ActionStatus" not in body:
        return {"ErrorCode": f"{TODO}: the sample has none", **body}
    if isinstance(code, int) and code != 0 and code not in known.codes:
        return {**body, "ErrorCode": f"{TODO}: errors.yaml lacks {code}"}
    return body


def _webhook_examples(
    callback: str, sections: Sections, request: JsonObject | None, known: Known
) -> Iterator[JsonValue]:
    requests = [{**sample.body} for sample in sections.requests]
    for body in requests:
        if "CallbackCommand" in body:
            body["CallbackCommand"] = callback
    if not requests:
        body = _object(placeholder(request or {}, known.shared))
        requests = [{**body, **({"CallbackCommand": callback} if "CallbackCommand" in body else {})}]
    replies = [sample.body for sample in sections.responses]
    for index in range(max(len(requests), len(replies))):
        example: JsonObject = {"summary": TODO, "request": requests[min(index, len(requests) - 1)]}
        if replies:
            example["reply"] = replies[min(index, len(replies) - 1)]
        yield example


def _reply_codes(reply: Field, callback: str) -> list[JsonValue]:
    part = reply.children.get("ErrorCode")
    if part is None:
        return []
    codes = list(reply_codes_of(part.description))
    codes += [{"code": value} for value in part.values if isinstance(value, int)]
    unique = {tuple(code.items()): code for code in codes}
    decides: JsonObject = {"outcome": TODO} if _phase(callback) == "before" else {}
    return [{**code, **decides, "meaning": TODO} for code in unique.values()]


def _event(callback: str) -> str:
    """Return the class name of a webhook: `Group.CallbackAfterSendMsg` → `GroupAfterSendMsg`."""
    *groups, name = callback.split(".")
    name = name.removeprefix("Callback")
    group = "".join(pascal(part) for part in groups)
    return pascal(name) if name.startswith(group) else group + pascal(name)


def _phase(callback: str) -> str:
    return "before" if re.search(r"Before|Prev", callback) else "after"


def _object(value: JsonValue) -> JsonObject:
    return cast(JsonObject, value) if isinstance(value, Mapping) else {}
