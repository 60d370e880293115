"""What several test modules share."""

import pytest

# Before anything imports them, so that what they assert is told in full.
pytest.register_assert_rewrite("support.mock", "support.rules")
