"""The list of what is modelled, in the guides."""

from __future__ import annotations

import pytest

from support.paths import ROOT
from tencent_chat_emulator.__main__ import main


def test_the_guide_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """Made anew with `tencent-chat-emulator --list`."""
    assert main(["--list"]) == 0
    guide = ROOT / "generated" / "docs" / "guides" / "emulator.md"
    assert capsys.readouterr().out == guide.read_text(encoding="utf-8")
