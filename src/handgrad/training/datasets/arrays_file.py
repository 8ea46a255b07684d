"""A data set in an ``.npz`` file of the user."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handgrad.arrays import COMPUTED_DTYPES, Array, Labels
from handgrad.errors import FileError
from handgrad.languages import Text, name_list
from handgrad.training.datasets.data_set import DataSet

NAMES = ("x", "t", "x_test", "t_test")


def from_npz(path: Path | str) -> DataSet:
    """The arrays ``x`` and ``t`` of an ``.npz`` file, and ``x_test`` and ``t_test`` where it has them.

    Made by ``np.savez("data.npz", x=x, t=t)``. Integer targets of one axis are class numbers; any
    others are numbers to predict, a row for each sample. Samples of bytes are grey values from 0
    to 255 and become numbers from 0 to 1; other numbers keep their value, as float32 or float64.
    Nothing in the file is run: arrays of objects (pickles) are refused.

    Raises:
        FileError: no such file, no ``.npz``, damaged, without x or t, or not as many x as t.
    """
    path = Path(path)
    held = _arrays(path)
    if "x" not in held or "t" not in held:
        raise _wrong(
            path,
            Text(
                zh="其中必须有数组 x 和 t，实际有 {names}。请用 np.savez({path!r}, x=x, t=t) 写出。",
                en="it must hold the arrays x and t; it holds {names}. "
                "Write it with np.savez({path!r}, x=x, t=t).",
            ).format(names=name_list(held or "—"), path=str(path)),
        )
    x, t = _numbers(path, "x", held["x"]), _targets(path, "t", held["t"])
    _require_pairs(path, "x", x, "t", t)
    x_test = t_test = None
    if "x_test" in held and "t_test" in held:
        x_test = _numbers(path, "x_test", held["x_test"])
        t_test = _targets(path, "t_test", held["t_test"])
        _require_pairs(path, "x_test", x_test, "t_test", t_test)
    classes = int(t.max()) + 1 if t.dtype.kind == "i" and t.size else None
    return DataSet(path.name, x, t, x_test, t_test, classes, str(path))


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        # NumPy leaves a file that it opened itself open where it is damaged.
        with path.open("rb") as file:
            held = np.load(file, allow_pickle=False)
            if not isinstance(held, np.lib.npyio.NpzFile):
                raise _wrong(
                    path,
                    Text(
                        zh="这是单个数组的 .npy，需要 .npz。",
                        en="it is the .npy of one array, where an .npz is needed.",
                    ),
                )
            return {name: held[name] for name in held.files if name in NAMES}
    except FileError:
        raise
    except OSError as error:
        raise _wrong(
            path, Text(zh="无法读取（{e}）。", en="it cannot be read ({e}).").format(e=error)
        ) from error
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise _wrong(
            path,
            Text(
                zh="已损坏、不完整，或含有 Python 对象。请用 np.savez 保存数的数组。",
                en="it is damaged, incomplete, or holds Python objects. Save arrays of numbers with "
                "np.savez.",
            ),
        ) from error


def _numbers(path: Path, name: str, array: NDArray[Any]) -> Array:
    if array.dtype == np.uint8:
        return array.astype(np.float32) / 255
    if array.dtype in COMPUTED_DTYPES:
        return array
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    raise _wrong(
        path,
        Text(
            zh="{name} 必须是数的数组，收到的是 {dtype}。",
            en="{name} must be an array of numbers; got {dtype}.",
        ).format(name=name, dtype=array.dtype),
    )


def _targets(path: Path, name: str, array: NDArray[Any]) -> Labels:
    if array.dtype.kind in "iub" and array.ndim == 1:
        return array.astype(np.int64)
    numbers = _numbers(path, name, array) if array.dtype != np.uint8 else array.astype(np.float64)
    return numbers.reshape(len(numbers), -1) if numbers.ndim else numbers


def _require_pairs(path: Path, x_name: str, x: Array, t_name: str, t: Labels) -> None:
    if x.ndim < 1 or t.ndim < 1 or len(x) != len(t) or not x.size:
        raise _wrong(
            path,
            Text(
                zh="{x_name} 和 {t_name} 的样本数必须相同且不为零；形状是 {x} 和 {t}。",
                en="{x_name} and {t_name} must have equally many samples, at least one; "
                "their shapes are {x} and {t}.",
            ).format(x_name=x_name, t_name=t_name, x=x.shape, t=t.shape),
        )


def _wrong(path: Path, what: Text) -> FileError:
    return FileError(
        Text(zh="不能用 {path} 训练：{what}", en="{path} cannot be trained on: {what}").format(
            path=path, what=what
        )
    )
