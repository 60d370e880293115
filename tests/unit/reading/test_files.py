"""Reading files that anybody may have put there."""

import hashlib
import os
import socket
from pathlib import Path

import pytest

from timgen.reading.files import hash_file, read_file, with_line_feeds


def test_a_file_and_a_link_to_one_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\r\nb")
    (tmp_path / "link").symlink_to("file")
    assert read_file(tmp_path / "file") == read_file(tmp_path / "link", 4) == b"a\r\nb"


def test_a_file_of_several_pieces_has_the_hash_of_all_its_bytes(tmp_path: Path) -> None:
    for size in (0, 1, 2**16, 2**18 + 3):
        data = os.urandom(size)
        (tmp_path / "file").write_bytes(data)
        assert hash_file(tmp_path / "file") == hashlib.sha256(data).hexdigest()


def test_what_is_no_file_is_told_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link to pipe").symlink_to("pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    for name, message in {
        "pipe": "neither a file nor a folder",
        "link to pipe": "neither a file nor a folder",
        "folder": "a folder, not a file",
        "link": "a link to a folder, which is not followed",
        "nothing": "No such file or directory",
    }.items():
        with pytest.raises(OSError, match=message) as error:
            read_file(tmp_path / name)
        assert error.value.filename == str(tmp_path / name)
    with pytest.raises(OSError, match="neither a file nor a folder"):
        read_file(Path("/dev/zero"))


def test_a_socket_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
        with pytest.raises(OSError):  # noqa: PT011 - the words are the system's
            read_file(Path("socket"))


def test_a_file_beyond_the_limit_is_told(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(2**20 + 1)
    with pytest.raises(OSError, match="larger than 1 MiB"):
        read_file(tmp_path / "file", 2**20)


def test_nothing_stays_open(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with pytest.raises(OSError, match="neither"):
            read_file(tmp_path / "pipe")
    assert len(os.listdir("/proc/self/fd")) == before


def test_line_ends() -> None:
    assert with_line_feeds(b"a\r\nb\rc\n\r\r\n") == b"a\nb\rc\n\r\n"
