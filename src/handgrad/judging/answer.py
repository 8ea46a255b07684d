"""An answer to be judged: a file's name and its bytes, read safely from disk."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from handgrad.errors import UsageError
from handgrad.languages import Text
from handgrad.sandbox.limits import MAX_SOURCE_BYTES


@dataclass(frozen=True)
class OwnLayers:
    """Layers of the learner's own: an earlier answer, and its classes that passed their own level."""

    names: tuple[str, ...]
    source: bytes


@dataclass(frozen=True)
class Answer:
    """An answer. Its bytes are decoded in the child that runs it, not here.

    Attributes:
        name: the file's name, as messages show it.
        source: its bytes.
        own_layers: classes of the learner's earlier answers, which replace the level's given ones.
    """

    name: str
    source: bytes
    own_layers: tuple[OwnLayers, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Answer:
        """Read an answer from a file.

        Raises:
            UsageError: the file is not there, is a folder, a pipe or a device, is a link that leads
                out of its folder (messages might quote its target to whoever handed it in),
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
                    zh="{path} 有 {size:.1f} MB，而答案最多 1 MB。是不是选错了文件？",
                    en="{path} has {size:.1f} MB, and an answer may have at most 1 MB. Is it the right file?",
                ).format(path=path, size=size / 1e6)
            )
        return cls(name=str(path), source=source)


def _require_plain(path: Path) -> None:
    try:
        real = path.resolve(strict=True)
        mode = real.stat().st_mode
    except (OSError, RuntimeError):  # opening the file gives the reason
        return
    if path.is_symlink() and not _is_handed_over(path):
        home = path.parent.resolve()
        if home not in real.parents:
            raise UsageError(
                Text(
                    zh="{path} 是一个链接，指向所在文件夹之外的 {real}。要评测它，请直接给出 {real}。",
                    en="{path} is a link to {real}, outside its own folder. To judge that file, name it "
                    "directly.",
                ).format(path=path, real=real)
            )
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and not _is_handed_over(path):
        raise UsageError(
            Text(
                zh="{path} 是管道或设备，不是普通文件。要从标准输入读取，请写 -。",
                en="{path} is a pipe or a device, not a regular file. To read standard input, write -.",
            ).format(path=path)
        )


def _is_handed_over(path: Path) -> bool:
    """A file descriptor that the shell opened, as in ``<(command)``."""
    return path.as_posix().startswith(("/dev/fd/", "/dev/stdin", "/proc/self/fd/"))


def _unreadable(path: Path, error: OSError) -> Text:
    if path.is_dir():
        return Text(
            zh="{path} 是文件夹。请给出答案文件，例如 {path}/answer.py。",
            en="{path} is a folder. Name the answer's file, e.g. {path}/answer.py.",
        ).format(path=path)
    if isinstance(error, FileNotFoundError):
        return Text(
            zh="找不到文件 {path}。handgrad start 会生成模板。",
            en="There is no file {path}. `handgrad start` writes a template.",
        ).format(path=path)
    return Text(zh="无法读取 {path}：{reason}。", en="{path} cannot be read: {reason}.").format(
        path=path, reason=error.strerror or error
    )
