"""The command line, run in this process over the spec of this release."""

from click.testing import CliRunner, Result

from timgen.cli.main import main
from timgen.reading.project import packaged

PACKAGED = packaged().root


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(PACKAGED), *arguments])
