from __future__ import annotations

import threading

import numpy as np
import pytest

from handgrad.kernels.scratch_arrays import BLOCK, scratch, zeros


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scratch_is_kept_and_grows(dtype):
    a, b, c = scratch(np.dtype(dtype), 5)
    assert a.size == b.size == c.size == 5
    assert a.dtype == b.dtype == dtype
    assert not np.shares_memory(a, b)
    assert np.shares_memory(a, scratch(np.dtype(dtype), BLOCK)[0])
    assert scratch(np.dtype(dtype), BLOCK + 1)[0].size == BLOCK + 1


def test_every_thread_has_its_own():
    mine, theirs = scratch(np.dtype(float), 3)[0], []
    thread = threading.Thread(target=lambda: theirs.append(scratch(np.dtype(float), 3)[0]))
    thread.start()
    thread.join()
    assert not np.shares_memory(mine, theirs[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_zeros_grow_and_cannot_be_written(dtype):
    for count in (3, BLOCK + 1):
        array = zeros(np.dtype(dtype), count)
        assert array.shape == (count,)
        assert array.dtype == dtype
        assert not array.any()
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
