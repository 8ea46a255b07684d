from __future__ import annotations

import numpy as np
import pytest

from handgrad.sandbox.protocol.buffers import Payload, trusted_array, untrusted_array
from handgrad.sandbox.protocol.wire import BrokenFrame


def layouts(rng):
    base = rng.normal(size=(4, 5, 6))
    yield base
    yield base[:, ::2, ::-1]
    yield base.transpose(2, 0, 1)
    yield np.broadcast_to(base[0], (3, 5, 6))
    yield base[:, :0]
    yield np.asfortranarray(base)
    yield np.array(3.5)
    yield rng.integers(9, size=(2, 3))


def test_strides_survive_the_way_to_the_child(rng):
    payload = Payload()
    arrays = list(layouts(rng))
    descriptors = [payload.add_with_strides(array) for array in arrays]
    room = bytearray(b"".join(payload.buffers))
    for array, descriptor in zip(arrays, descriptors, strict=True):
        received = trusted_array(descriptor, room)
        assert received.shape == array.shape
        assert received.dtype == array.dtype
        assert (received == array).all()
        assert received.flags.writeable
        if array.size:
            assert received.strides == array.strides


def test_values_survive_the_way_back(rng):
    payload = Payload()
    arrays = list(layouts(rng))
    descriptors = [payload.add(array) for array in arrays]
    room = bytearray(b"".join(payload.buffers))
    for array, descriptor in zip(arrays, descriptors, strict=True):
        assert (untrusted_array(descriptor, room) == array).all()


def test_an_array_too_large_to_carry_keeps_its_shape_and_takes_no_memory():
    array = untrusted_array({"dtype": "float64", "shape": [10**5, 10**5], "at": None}, bytearray())
    assert array.shape == (10**5, 10**5)
    assert array.strides == (0, 0)
    assert np.isnan(array[0, 0])


GOOD = {"dtype": "float64", "shape": [2], "at": 0, "nbytes": 16}


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "object"}, {"dtype": "O"}, {"dtype": ["<f8"]}, {"dtype": None}, {"dtype": "float128"},
        {"shape": [-2]}, {"shape": [2.0]}, {"shape": "2"}, {"shape": [True, 2]}, {"shape": [3]},
        {"shape": [1] * 40}, {"shape": [2**40, 2**40], "at": None}, {"shape": [2**63]},
        {"at": -8}, {"at": 8}, {"at": "0"}, {"at": 2**70}, {"nbytes": 8}, {"nbytes": None},
        {"nbytes": 2**63},
    ],
)  # fmt: skip
def test_a_forged_descriptor_is_refused(change):
    with pytest.raises(BrokenFrame):
        untrusted_array(GOOD | change, bytearray(16))


@pytest.mark.parametrize("descriptor", [None, 3, [], "x", {}])
def test_what_is_no_descriptor_is_refused(descriptor):
    with pytest.raises(BrokenFrame):
        untrusted_array(descriptor, bytearray(16))
