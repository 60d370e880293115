"""Host names: their addresses, and who tells them."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

_RESOLVERS = Path("/etc/resolv.conf")
_HOSTS = Path("/etc/hosts")


def looked_up(host: str, timeout: float) -> list[str]:
    """Return the addresses of `host`. Raises OSError or UnicodeError."""
    answers: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))

    # The system's own patience may be longer, and no Ctrl-C ends it.
    Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=timeout)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def hints_for(host: str, error: OSError | UnicodeError) -> tuple[str, ...]:
    """Return what is wrong, and what to do, when `host` could not be looked up."""
    resolvers = ", ".join(_resolvers()) or "the DNS server of this machine"
    if isinstance(error, TimeoutError) or (
        isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
    ):
        wrong = f"No DNS server answered: asked {resolvers}."
    else:
        wrong = f"There is no such name: asked {resolvers}."
    return (
        wrong,
        "Check the name, and the network and the DNS servers in /etc/resolv.conf.",
        f"Another DNS server's answer: nslookup {host} 1.1.1.1",
    )


def _resolvers() -> list[str]:
    """Return the machine's DNS servers, where that is known."""
    servers = [words[1] for words in _entries(_RESOLVERS) if words[0] == "nameserver" and words[1:]]
    return [f"{server} ({_scope(server)})" for server in servers if is_address(server)]


def told_by(host: str) -> str:
    """Say where the addresses of `host` come from, nothing where that is not known."""
    if any(host.lower() in words[1:] for words in _entries(_HOSTS)):
        return f"from {_HOSTS}"
    resolvers = _resolvers()
    return f"asked {', '.join(resolvers)}" if resolvers else ""


def _entries(file: Path) -> list[list[str]]:
    """Return the words of each line in lower case, without comments; nothing when the file cannot be read."""
    try:
        lines = file.read_text("utf-8", "replace").lower().splitlines()
    except OSError:
        return []
    return [words for line in lines if (words := line.partition("#")[0].split())]


def _scope(server: str) -> str:
    address = ip_address(server)
    return "this machine" if address.is_loopback else "private" if address.is_private else "public"


def authority(host: str, port: int) -> str:
    """Return host and port as a URL has them: `[::1]:443`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
