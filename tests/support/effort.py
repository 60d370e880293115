"""How many cases of a property a run tries, however long they take."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

THOROUGHNESS = 10
_thorough = False


def set_up(*, thorough: bool) -> None:
    """Set how properties are tried from now on; called before the tests are loaded."""
    global _thorough
    _thorough = thorough
    settings.register_profile(
        "timgen",
        max_examples=cases(100),
        # How long a case takes says only what else the machine is doing.
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("timgen")


def cases(usual: int) -> int:
    """Return how many cases to try of a property for which `usual` are enough in daily work."""
    return usual * THOROUGHNESS if _thorough else usual
