"""Schema-driven generator of typed API clients."""
