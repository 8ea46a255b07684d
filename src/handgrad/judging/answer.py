"""What is judged: a file's name and its bytes, as they lie on disk."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from handgrad.errors import UsageError
from handgrad.languages import Text
from handgrad.sandbox.limits import MAX_SOURCE_BYTES


@dataclass(frozen=True)
class PassedSource:
    """An earlier answer of the same learner, and the classes of it that passed their own level."""

    names: tuple[str, ...]
    source: bytes


@dataclass(frozen=True)
class Answer:
    """An answer. The bytes are decoded where they are run, not here.

    Attributes:
        name: the file's name, as it is told.
        source: its bytes.
        passed: classes of earlier answers that take the place of the level's given ones.
    """

    name: str
    source: bytes
    passed: tuple[PassedSource, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Answer:
        """Read an answer from a file.

        Raises:
            UsageError: the file is not there, is a folder, a pipe or a device, is a link that leads
                out of its folder (what it leads to might be quoted to whoever handed it in),
                cannot be read, or is longer than any answer needs to be.
        """
        _require_plain(path)
        try:
            with path.open("rb") as file:
                source = file.read(MAX_SOURCE_BYTES + 1)
                size = path.stat().st_size if len(source) > MAX_SOURCE_BYTES else len(source)
        except OSError as error:
            raise UsageError(_unreadable(path, error)) from error
        if size > MAX_SOURCE_BYTES or len(source) > MAX_SOURCE_BYTES:
            raise UsageError(
                Text(
                    zh="{path} 有 {size:.1f} MB，太大了：答案最多 1 MB。是不是选错了文件？",
                    en="{path} has {size:.1f} MB; an answer has at most 1 MB. Is it the right file?",
                ).format(path=path, size=size / 1e6)
            )
        return cls(name=str(path), source=source)


def _require_plain(path: Path) -> None:
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError):  # opening it says why
        return
    if path.is_symlink() and not _is_handed_over(path):
        home = path.parent.resolve()
        if home not in real.parents:
            raise UsageError(
                Text(
                    zh="{path} 是一个链接，指向它所在文件夹以外的 {real}。若要评测它，请直接给出那个文件。",
                    en="{path} is a link that leads out of its folder, to {real}. If that is what you "
                    "want judged, name that file itself.",
                ).format(path=path, real=real)
            )
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and not _is_handed_over(path):
        raise UsageError(
            Text(
                zh="{path} 不是普通文件（是管道或设备）。从标准输入读取请用 - 。",
                en="{path} is no ordinary file (a pipe or a device). For standard input, write - .",
            ).format(path=path)
        )


def _is_handed_over(path: Path) -> bool:
    """A descriptor that the shell opened for us, as in ``<(command)``."""
    return path.as_posix().startswith(("/dev/fd/", "/dev/stdin", "/proc/self/fd/"))


def _unreadable(path: Path, error: OSError) -> Text:
    if path.is_dir():
        return Text(
            zh="{path} 是文件夹，请给出答案文件，例如 {path}/answer.py。",
            en="{path} is a folder; name the answer's file, e.g. {path}/answer.py.",
        ).format(path=path)
    if isinstance(error, FileNotFoundError):
        return Text(
            zh="找不到文件 {path}。用 handgrad start 可以得到模板。",
            en="There is no file {path}. `handgrad start` writes a template.",
        ).format(path=path)
    return Text(zh="无法读取 {path}：{reason}。", en="{path} cannot be read: {reason}.").format(
        path=path, reason=error.strerror or error
    )
