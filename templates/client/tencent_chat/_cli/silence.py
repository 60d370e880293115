"""Keeping the package's log off the terminal: the command line says itself what went wrong."""

from __future__ import annotations

from .arguments import PACKAGE


def silence() -> None:
    """Keep Python from printing the package's warnings, unless a handler was set up for them."""
    import logging

    logging.getLogger(PACKAGE).addHandler(logging.NullHandler())
