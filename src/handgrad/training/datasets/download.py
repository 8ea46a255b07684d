"""Downloads: several mirrors, checksums of the content, no partial files."""

from __future__ import annotations

import hashlib
import http.client
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from handgrad.errors import DownloadError, FileError
from handgrad.languages import Text
from handgrad.training.atomic_file import write_atomically
from handgrad.training.datasets.idx import decompressed, read_bytes

TIMEOUT = 20.0
"""Seconds without a byte after which the next mirror is tried."""
CHUNK = 1 << 16
LARGEST = 1 << 28
"""More bytes than any of these files has: a download that exceeds it is aborted."""

Tell = Callable[[Text], None]


@dataclass(frozen=True)
class RemoteFile:
    """A file, and what its decompressed bytes must be.

    Attributes:
        name: its name on the mirrors and in the folder.
        sha256: of the bytes after gzip; mirrors compress anew, so the compressed bytes may differ.
    """

    name: str
    sha256: str


def data_folder() -> Path:
    """The folder of downloaded data sets.

    ``HANDGRAD_DATA`` if set, else a folder in the user's cache folder.
    """
    asked = os.environ.get("HANDGRAD_DATA")
    if asked:
        return Path(asked).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "handgrad" / "data"


def fetched(
    remote: RemoteFile, mirrors: Sequence[str], folder: Path, tell: Tell | None = None
) -> Path:
    """The file in `folder`, downloaded from the first mirror that has it complete.

    The bytes are checked first and written atomically.

    Args:
        remote: what to fetch.
        mirrors: addresses that end in a slash, tried in turn.
        folder: made where it is missing.
        tell: called with a message for each download.

    Raises:
        DownloadError: no mirror gave it; the message names each with its reason.
    """
    reasons: list[str] = []
    for mirror in mirrors:
        address = mirror + remote.name
        if tell is not None:
            tell(Text(zh="正在下载 {a}", en="Downloading {a}").format(a=address))
        try:
            held = _get(address)
            _require(remote, decompressed(held, address), address)
        except (OSError, http.client.HTTPException, FileError) as error:
            reasons.append(f"{address}: {_reason(error)}")
            continue
        path = folder / remote.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, held)
        except OSError as error:
            raise DownloadError(
                Text(
                    zh="无法写入 {path}：{error}。请用环境变量 HANDGRAD_DATA 或 --data 指定另一个文件夹。",
                    en="{path} cannot be written: {error}. Name another folder with the environment "
                    "variable HANDGRAD_DATA or --data.",
                ).format(path=path, error=error.strerror or error)
            ) from error
        return path
    raise DownloadError(
        Text(
            zh="无法下载 {name}：\n{reasons}\n没有网络时，请把这个文件放进 {folder}，"
            "或者用 --data（环境变量 HANDGRAD_DATA）指定已有文件的文件夹。",
            en="{name} could not be downloaded:\n{reasons}\nWithout a network, put the file into {folder}, "
            "or name a folder that has it with --data (environment variable HANDGRAD_DATA).",
        ).format(name=remote.name, folder=folder, reasons="\n".join(f"  {r}" for r in reasons))
    )


def checked(remote: RemoteFile, path: Path) -> bytes:
    """The decompressed bytes of a file that should be `remote`.

    Raises:
        FileError: it is damaged, or another file.
    """
    held = read_bytes(path)
    _require(remote, held, str(path))
    return held


def _get(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"User-Agent": "handgrad"})
    held = bytearray()
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        while chunk := answer.read(CHUNK):
            held += chunk
            if len(held) > LARGEST:
                raise OSError("more bytes than the file has")
        length = answer.headers.get("Content-Length")
    if length is not None and length.isdecimal() and int(length) != len(held):
        raise OSError(f"the connection ended after {len(held)} of {length} bytes")
    return bytes(held)


def _require(remote: RemoteFile, held: bytes, name: str) -> None:
    found = hashlib.sha256(held).hexdigest()
    if found != remote.sha256:
        raise FileError(
            Text(
                zh="{name} 的内容不对：解压后的 SHA-256 应为 {expected}…，实际是 {found}…（{count} 字节）。"
                "文件已损坏，或是同名的另一个文件；请重新下载。",
                en="{name} has the wrong content: the SHA-256 of its decompressed bytes should "
                "be {expected}…; it is {found}… ({count} bytes). It is damaged, or another file of that "
                "name; download it again.",
            ).format(name=name, expected=remote.sha256[:12], found=found[:12], count=len(held))
        )


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__
