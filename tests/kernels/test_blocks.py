from __future__ import annotations

import threading

import numpy as np
import pytest

from handgrad.kernels.blocks import BLOCK, scratch, sigmoid_block


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


def test_sigmoid_block_writes_in_place():
    y = np.array([-1e4, 0.0, 1e4])
    sigmoid_block(y)
    assert y.tolist() == [0, 0.5, 1]
