"""Where data lies: the user's data folder by the platform's convention, and what a database is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from handgrad.errors import StoreError
from handgrad.languages import Text

FILE = "lab.sqlite3"


def data_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    r"""The folder in which handgrad keeps what lasts: ``HANDGRAD_DATA``, else the platform's own.

    Linux: ``$XDG_DATA_HOME/handgrad``, by default ``~/.local/share/handgrad`` (XDG Base Directory
    Specification 0.8); macOS: ``~/Library/Application Support/handgrad``; Windows:
    ``%LOCALAPPDATA%\handgrad``.

    >>> data_folder({"XDG_DATA_HOME": "/data"}, "linux").as_posix()
    '/data/handgrad'
    """
    if environment.get("HANDGRAD_DATA"):
        return Path(environment["HANDGRAD_DATA"])
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "handgrad"
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "handgrad"
    share = environment.get("XDG_DATA_HOME", "")
    # the specification: a path that is not absolute is to be ignored
    base = Path(share) if os.path.isabs(share) else Path.home() / ".local" / "share"  # noqa: PTH117
    return base / "handgrad"


def sqlite_address(folder: Path) -> str:
    """The address of the database in a folder, which is made when it is not there.

    Raises:
        StoreError: the folder cannot be made or written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".{FILE}.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StoreError(
            NOT_WRITABLE.format(folder=folder, reason=error.strerror or error)
        ) from error
    return f"sqlite:///{(folder / FILE).absolute().as_posix()}"


def plain_address(address: str) -> str:
    """The address of a database with the driver that handgrad uses.

    Raises:
        StoreError: it is neither SQLite's nor PostgreSQL's.

    >>> plain_address("postgres://ada@localhost/lab")
    'postgresql+psycopg://ada@localhost/lab'
    """
    scheme, mark, rest = address.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and mark:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return address
    raise StoreError(NO_ADDRESS.format(scheme=scheme if mark else "?"))


NOT_WRITABLE = Text(
    zh="无法写入数据文件夹 {folder}：{reason}。请用 --data 换一个可以写入的文件夹。",
    en="The data folder {folder} is not writable: {reason}. Choose another one with --data.",
)
NO_ADDRESS = Text(
    zh="数据库地址的格式不对（{scheme}）。应写成 postgresql://用户:密码@主机/库名，或 sqlite:////绝对路径。",
    en="This is not a database address ({scheme}). Write postgresql://user:password@host/name, "
    "or sqlite:////absolute/path.",
)
