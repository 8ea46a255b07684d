"""Snapshots of values: arrays of every kind, numbers, shapes, and other objects."""

from __future__ import annotations

import numpy as np
import pytest

from handgrad.sandbox.child.draft.value_snapshot import snapshot_of
from handgrad.sandbox.protocol.buffers import CARRIED_DTYPES, Payload, untrusted_array


@pytest.mark.parametrize("dtype", sorted(CARRIED_DTYPES))
def test_arrays_of_every_carried_dtype(dtype, rng):
    array = rng.integers(0, 2, (3, 4)).astype(dtype)
    one = snapshot_of(array)
    assert (one.kind, one.shape, one.dtype, one.is_cut) == ("array", (3, 4), dtype, False)
    payload = Payload()
    fields = one.fields(payload)
    assert np.array_equal(
        untrusted_array(fields["entries"], bytearray(b"".join(payload.buffers))), array
    )
    array[...] = 0
    assert not np.shares_memory(one.entries, array)


@pytest.mark.parametrize(
    ("value", "kind", "shape", "dtype"),
    [
        (3, "number", (), "int64"),
        (True, "number", (), "bool"),
        (0.5, "number", (), "float64"),
        (np.float32(0.5), "number", (), "float32"),
        ((4, 3), "sizes", (4, 3), "tuple"),
        ([4, -1], "sizes", (4, -1), "list"),
        (np.ones((2, 0)), "array", (2, 0), "float64"),
        (np.array(2.0), "array", (), "float64"),
        (np.ones(3, dtype=np.longdouble), "array", (3,), np.dtype(np.longdouble).name),
        (np.ones(3)[::-1], "array", (3,), "float64"),
        (np.array([None, "a"]), "array", (2,), "object"),
        (np.zeros(2, dtype=[("a", "f8")]), "array", (2,), "void64"),
        (None, "nothing", (), "NoneType"),
        ((), "object", (), "tuple"),
        ((1, 2.0), "object", (), "tuple"),
        (list(range(9)), "object", (), "list"),
        (2**70, "object", (), "int"),
        ((2**70,), "object", (), "tuple"),
        ("text", "object", (), "str"),
        (np, "object", (), "module"),
        (np.datetime64("2026-01-01"), "object", (), "datetime64"),
    ],
)  # fmt: skip
def test_kinds(value, kind, shape, dtype):
    one = snapshot_of(value)
    assert (one.kind, one.shape) == (kind, shape)
    if dtype != "int64" or np.dtype(int).name == "int64":
        assert one.dtype == dtype


def test_lists_of_arrays():
    one = snapshot_of([np.ones((4, 5)), np.ones(5)])
    assert (one.kind, one.shapes) == ("several", ((4, 5), (5,)))


def test_what_is_shown_of_large_arrays():
    assert snapshot_of(np.ones((8, 8))).entries.shape == (8, 8)
    assert snapshot_of(np.ones((9, 9))).entries.shape == (8, 8)
    assert snapshot_of(np.ones(1000)).entries.shape == (8,)
    assert snapshot_of(np.ones((9, 9, 9, 9))).entries is None
    assert all(snapshot_of(np.ones(shape)).is_cut for shape in ((9, 9), (65,), (9, 9, 9, 9)))
    huge = np.broadcast_to(1.0, (2**20, 2**20))
    assert snapshot_of(huge).entries.nbytes == 512
