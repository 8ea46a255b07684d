"""Files that are read whole, and written completely or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from handgrad.errors import FileError
from handgrad.languages import Text


def write_atomically(path: Path, held: bytes) -> None:
    """Write the bytes to a temporary file and rename it: `path` is always the old file or the new one.

    Raises:
        OSError: it cannot be written; what was there before is left.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(held)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def write_file(path: Path, held: bytes) -> None:
    """`write_atomically` for a file that the user named.

    Raises:
        FileError: it cannot be written.
    """
    try:
        write_atomically(path, held)
    except OSError as error:
        raise FileError(
            Text(
                zh="无法写入 {path}：{error}。请换一个位置。",
                en="{path} cannot be written: {error}. Choose another place.",
            ).format(path=path, error=error.strerror or error)
        ) from error


def read_file(path: Path) -> bytes:
    """The bytes of a file that the user named.

    Raises:
        FileError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(
            Text(zh="无法读取文件 {path}：{error}。", en="{path} cannot be read: {error}.").format(
                path=path, error=error.strerror or error
            )
        ) from error
