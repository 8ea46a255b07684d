"""The idx format of MNIST: a short head and then the bytes of one array, compressed by gzip or not.

::

    0  0  type  axes | the length of each axis, 32 bits, the first byte the highest | the numbers

Source: Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*, "File
formats for the MNIST database".
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.errors import FileError
from handgrad.languages import Text
from handgrad.training.atomic_file import read_file

TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
GZIP = b"\x1f\x8b"


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, decompressed where gzip compressed them.

    Raises:
        FileError: it cannot be read, or its compressed part is damaged or cut short.
    """
    return decompressed(read_file(path), str(path))


def decompressed(held: bytes, name: str) -> bytes:
    """The bytes themselves, or what gzip made them of.

    Raises:
        FileError: damaged or cut short.

    >>> decompressed(gzip.compress(b"abc"), "a file")
    b'abc'
    """
    if not held.startswith(GZIP):
        return held
    try:
        return gzip.decompress(held)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(
            Text(
                zh="{name} 的 gzip 数据已损坏或不完整（{error}）。请重新下载这个文件。",
                en="the gzip data of {name} are damaged or cut short ({error}). Download the file again.",
            ).format(name=name, error=error)
        ) from error


def read_idx(path: Path | str) -> NDArray[Any]:
    """The array in an idx file, compressed or not.

    Raises:
        FileError: no such file, no idx file, or one that is damaged or cut short; the message says
            how many bytes there should be.
    """
    return array_of(read_bytes(Path(path)), str(path))


def array_of(held: bytes, name: str) -> NDArray[Any]:
    """The array that the bytes of an idx file hold; `name` is what an error calls it.

    >>> array_of(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]), "two bytes")
    array([7, 9], dtype=uint8)
    """
    axes = held[3] if len(held) > 3 else 0
    start = 4 + 4 * axes
    if held[:2] != b"\0\0" or len(held) < start or held[2] not in TYPES:
        raise FileError(
            Text(
                zh="{name} 不是 idx 文件：idx 文件以两个零字节开头，然后是类型和轴数；收到的开头是 {head}。"
                "请检查是不是另一个文件，或重新下载。",
                en="{name} is not an idx file: an idx file begins with two zero bytes, the type and the "
                "number of axes; this one begins with {head}. Check whether it is another file, or download it again.",
            ).format(name=name, head=held[:4].hex(" ") or "—")
        )
    shape = tuple(int.from_bytes(held[4 + 4 * i : 8 + 4 * i], "big") for i in range(axes))
    dtype = np.dtype(TYPES[held[2]])
    expected = start + math.prod(shape) * dtype.itemsize
    if len(held) != expected:
        raise FileError(
            Text(
                zh="{name} 已损坏：按开头所写的形状 {shape}，它应有 {expected} 个字节，实际有 {got} 个。请重新下载。",
                en="{name} is damaged: by the shape {shape} in its head it should have {expected} bytes; "
                "it has {got}. Download it again.",
            ).format(name=name, shape=shape, expected=expected, got=len(held))
        )
    return np.frombuffer(held, dtype, offset=start).astype(dtype.newbyteorder("=")).reshape(shape)
