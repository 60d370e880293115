"""Reading files that anybody may have put there: pipes do not hang, links to folders do not lead away."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

# A pipe that nobody writes to would wait for ever; Windows has neither.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_PIECE = 2**16


def read_file(path: Path, limit: int | None = None) -> bytes:
    """Return the bytes of a regular file, or of the one that a link leads to.

    Raises OSError when it is none, cannot be read, or has more than `limit` bytes.
    """
    with _opened(path) as file:
        data = file.read() if limit is None else file.read(limit + 1)
    if limit is not None and len(data) > limit:
        raise OSError(errno.EFBIG, f"larger than {limit // 2**20} MiB", str(path))
    return data


def hash_file(path: Path) -> str:
    """Return the SHA-256 of what `read_file` returns, of a file of any size; raises OSError as it does."""
    digest = hashlib.sha256()
    with _opened(path) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def with_line_feeds(data: bytes) -> bytes:
    """Return a text with the line ends that Windows gives it taken away."""
    return data.replace(b"\r\n", b"\n")


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    descriptor = os.open(path, os.O_RDONLY | _AT_ONCE)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            message = "a link to a folder, which is not followed" if path.is_symlink() else "a folder, not a file"
            raise OSError(errno.EISDIR, message, str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "neither a file nor a folder", str(path))
        with open(descriptor, "rb", closefd=False) as file:
            yield file
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        os.close(descriptor)
