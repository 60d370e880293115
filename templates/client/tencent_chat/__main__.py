"""Runs the command line: `python -m tencent_chat`, or under whatever name this package was vendored."""

from __future__ import annotations

from ._cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
