"""The idx format, whole and damaged."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from support.messages import raises

from handgrad.errors import FileError
from handgrad.training.datasets.idx import TYPES, read_idx


def idx_of(array, code):
    lengths = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, code, array.ndim]) + lengths + array.astype(TYPES[code]).tobytes()


@pytest.mark.parametrize("code", TYPES)
@pytest.mark.parametrize("compressed", [False, True])
def test_every_type_of_number(tmp_path, rng, code, compressed):
    array = rng.integers(0, 100, size=rng.integers(1, 5, size=rng.integers(1, 4)))
    held = idx_of(array, code)
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(held) if compressed else held)
    read = read_idx(path)
    assert read.dtype.isnative
    assert read.flags.writeable
    np.testing.assert_array_equal(read, array)
    assert read.dtype.itemsize == np.dtype(TYPES[code]).itemsize


@pytest.mark.parametrize("keep", [0, 3, 9, 20, -1])
def test_cut_short(tmp_path, keep):
    path = tmp_path / "file"
    path.write_bytes(idx_of(np.arange(24).reshape(4, 6), 8)[:keep])
    with raises(FileError, str(path)):
        read_idx(path)


def test_bytes_too_many_are_told(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(idx_of(np.arange(24).reshape(4, 6), 8) + b"x")
    with raises(FileError, "36", "37", "(4, 6)"):
        read_idx(path)


def test_other_files(tmp_path):
    with raises(FileError, "nowhere"):
        read_idx(tmp_path / "nowhere")
    path = tmp_path / "page.gz"
    path.write_bytes(gzip.compress(b"<html></html>"))
    with raises(FileError, "3c 68 74 6d"):
        read_idx(path)
    whole = gzip.compress(idx_of(np.arange(2400).reshape(40, 60), 8))
    for damaged in (whole[:-4], whole[:40], whole[:30] + b"xxxxxxxx" + whole[38:]):
        path.write_bytes(damaged)
        with raises(FileError, "gzip"):
            read_idx(path)
