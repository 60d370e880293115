"""What several test modules share."""

import pytest

# Before anything imports it, so that what it asserts is told in full.
pytest.register_assert_rewrite("support.rules")
