"""Reading files that anybody may have put there: pipes do not hang, links to folders do not lead away."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# A pipe that nobody writes to would wait for ever; Windows has neither.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def read_file(path: Path, limit: int | None = None) -> bytes:
    """Return the bytes of a regular file, or of the one that a link leads to.

    Raises OSError when it is none, cannot be read, or has more than `limit` bytes.
    """
    descriptor = os.open(path, os.O_RDONLY | _AT_ONCE)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            message = "a link to a folder, which is not followed" if path.is_symlink() else "a folder, not a file"
            raise OSError(errno.EISDIR, message, str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "neither a file nor a folder", str(path))
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read() if limit is None else file.read(limit + 1)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        os.close(descriptor)
    if limit is not None and len(data) > limit:
        raise OSError(errno.EFBIG, f"larger than {limit // 2**20} MiB", str(path))
    return data


def with_line_feeds(data: bytes) -> bytes:
    """Return a text with the line ends that Windows gives it taken away."""
    return data.replace(b"\r\n", b"\n")
