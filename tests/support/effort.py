"""How many cases of a property a run tries."""

from __future__ import annotations

from hypothesis import settings

THOROUGHNESS = 10
_thorough = False


def be_thorough() -> None:
    """Try many more cases from now on; called before the tests are loaded."""
    global _thorough
    _thorough = True
    settings.register_profile("thorough", max_examples=100 * THOROUGHNESS, deadline=None)
    settings.load_profile("thorough")


def cases(usual: int) -> int:
    """Return how many cases to try of a property for which `usual` are enough in daily work."""
    return usual * THOROUGHNESS if _thorough else usual
