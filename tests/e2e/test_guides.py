"""The guides: their snippets are run, each by itself. Those of the other guides have tests of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from timgen.mock import MockService

ROOT = Path(__file__).parents[2]
SNIPPETS = [
    pytest.param(snippet, id=f"{guide.stem}-{number}")
    for guide in [ROOT / "generated" / "docs" / "guides" / f"{name}.md" for name in ("messages", "paging-and-batches")]
    for number, snippet in enumerate(
        re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), flags=re.DOTALL), 1
    )
]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_runs(tencent_chat_mock: MockService, tmp_path: Path, snippet: str) -> None:
    for old, new in {
        'region="singapore"': f"base_url={tencent_chat_mock.url!r}",
        "<your secret key>": tencent_chat_mock.secret_key,
        "1400000000": str(tencent_chat_mock.sdkappid),
    }.items():
        assert old in snippet
        snippet = snippet.replace(old, new)
    file = tmp_path / "snippet.py"
    file.write_text(snippet, encoding="utf-8")
    environment = {"PYTHONPATH": str(ROOT / "generated" / "client"), "PATH": ""}
    result = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False, env=environment)
    assert result.returncode == 0, result.stderr
    assert tencent_chat_mock.calls


def test_there_are_guides() -> None:
    assert len(SNIPPETS) >= 5
