"""The proxies that the environment names, as requests understands it."""

from __future__ import annotations


def environment_proxy(url: str) -> str | None:
    """Return the URL of the proxy for calls to `url`, None when they go directly."""
    from urllib.request import getproxies

    # Most environments name none; requests takes its time to load.
    if not getproxies():
        return None
    from requests.utils import get_environ_proxies, select_proxy

    proxy = select_proxy(url, get_environ_proxies(url))
    if not proxy:
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
