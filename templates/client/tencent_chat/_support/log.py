"""The package's log, which is silent until a program sets logging up."""

from __future__ import annotations

import logging

from .loading import PACKAGE

logger = logging.getLogger(PACKAGE)
logger.addHandler(logging.NullHandler())
