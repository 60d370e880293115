"""The package's log, which is silent until a program sets logging up."""

from __future__ import annotations

import logging

logger = logging.getLogger(__package__)
logger.addHandler(logging.NullHandler())
