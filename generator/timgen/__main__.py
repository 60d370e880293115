"""`python -m timgen`."""

from timgen.cli import main

main()
