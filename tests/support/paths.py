"""Where things are in the repository."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "generated" / "client"
EMULATOR = ROOT / "generated" / "emulator"
MCP = ROOT / "generated" / "mcp"
