"""`python -m timgen`."""

from timgen.cli.main import main

main()
