"""A data set of one's own, and files that are none."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from support.messages import raises

from handgrad.errors import FileError
from handgrad.training.datasets import from_npz


def write(path, **arrays):
    np.savez(path, **arrays)
    return path


def test_classes_and_bytes(tmp_path, rng):
    x, t = (
        rng.integers(256, size=(6, 4, 4)).astype(np.uint8),
        np.array([0, 2, 1, 0, 2, 1], np.uint8),
    )
    data = from_npz(write(tmp_path / "a.npz", x=x, t=t, x_test=x[:2], t_test=t[:2], other=t))
    np.testing.assert_allclose(data.x, x / 255, rtol=1e-6)
    assert (data.x.dtype, data.t.dtype, data.classes, data.inputs) == (np.float32, np.int64, 3, 16)
    assert data.t_test.tolist() == [0, 2]


def test_numbers_to_predict(tmp_path, rng):
    x, t = rng.normal(size=(6, 3)), rng.normal(size=6)
    data = from_npz(write(tmp_path / "a.npz", x=x, t=t))
    np.testing.assert_array_equal(data.t, t[:, None])
    assert (data.classes, data.x_test, data.t_test, data.x.dtype) == (None, None, None, np.float64)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": np.ones((2, 3))}, ["x"]),
        ({"X": np.ones((2, 3)), "t": np.ones(2, int)}, ["np.savez"]),
        ({"x": np.ones((2, 3)), "t": np.ones(3, int)}, ["(2, 3)", "(3,)"]),
        ({"x": np.ones((0, 3)), "t": np.ones(0, int)}, ["(0, 3)"]),
        ({"x": np.ones((2, 3), complex), "t": np.ones(2, int)}, ["complex128"]),
        ({"x": np.array(["a", "b"]), "t": np.ones(2, int)}, ["<U1"]),
        ({"x": np.float64(3), "t": np.ones(2, int)}, ["()"]),
    ],
)
def test_arrays_that_do_not_fit(tmp_path, arrays, words):
    path = write(tmp_path / "a.npz", **arrays)
    with raises(FileError, str(path), *words):
        from_npz(path)


def test_files_that_are_none(tmp_path, rng):
    path = write(tmp_path / "a.npz", x=rng.normal(size=(50, 3)), t=np.ones(50, int))
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[200] ^= 255
    single = tmp_path / "single.npy"
    np.save(single, np.ones(3))
    for held in (whole[:-30], bytes(damaged), b"", b"text", pickle.dumps([1]), single.read_bytes()):
        path.write_bytes(held)
        with raises(FileError, str(path)):
            from_npz(path)
    with raises(FileError, "nowhere"):
        from_npz(tmp_path / "nowhere.npz")


def test_a_pickle_is_refused_and_not_run(tmp_path):
    path = write(tmp_path / "a.npz", x=np.array([object()]), t=np.ones(1, int))
    with raises(FileError, str(path), "Python"):
        from_npz(path)
