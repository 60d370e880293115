"""The templates of the docs and guides name only what the spec has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.paths import ROOT
from tencent_chat import COMMANDS, ErrorCode, webhooks
from timgen.modelling.model import Api
from timgen.pipeline import load_api

PAGES = [
    ROOT / "README.md",
    ROOT / "templates/client/README.md.j2",
    *sorted(path for path in (ROOT / "templates/docs").rglob("*") if path.name.endswith((".md", ".j2"))),
]


@pytest.fixture(scope="module")
def api() -> Api:
    return load_api(ROOT)


@pytest.fixture(scope="module")
def methods(api: Api) -> set[str]:
    found: set[str] = set()
    for command in api.commands:
        derived = (command.iterator, command.batch)
        functions = [command.function, *(part.function for part in derived if part)]
        found |= {f"{command.namespace}.{function}" for function in functions}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_names_only_what_the_spec_has(page: Path, api: Api, methods: set[str]) -> None:
    text = page.read_text(encoding="utf-8")
    namespaces = "|".join(namespace.name for namespace in api.namespaces)
    services = "|".join(service.name for service in api.services)
    groups = "|".join(sorted({webhook.command.split(".")[0] for webhook in api.webhooks}))
    named = set(re.findall(rf"\bclient\.((?:{namespaces})\.[a-z_]+)", text))
    assert named <= methods
    assert set(re.findall(rf"(?<![\w/.-])((?:{services})/[a-z_0-9]+)", text)) <= COMMANDS.keys()
    assert set(re.findall(rf"\b((?:{groups})\.Callback\w+)", text)) <= webhooks.WEBHOOKS.keys()
    assert set(re.findall(r"\bErrorCode\.([A-Z][A-Z_0-9]+)\b", text)) <= ErrorCode.__members__.keys()


def test_the_pages_name_something() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert len(set(re.findall(r"\bclient\.[a-z_]+\.[a-z_]+", text))) > 15
    assert sum(path in text for path in COMMANDS) > 3
