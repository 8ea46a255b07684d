from __future__ import annotations

import numpy as np

from handgrad.gradcheck.adapters.argument_descriptions import argument_names, described


def test_names_come_from_the_signature_unless_there_are_too_few():
    assert argument_names(lambda x, W, *, bias=0: x, 2) == ("x", "W")
    assert argument_names(lambda ctx, x: x, 1, skipped=1) == ("x",)
    assert argument_names(lambda *arrays: arrays, 2) == ("x0", "x1")
    assert argument_names(lambda: 0, 1) == ("x",)


def test_containers_are_described_by_their_items(rng):
    shape = tuple(map(int, rng.integers(1, 9, size=3)))
    array = np.zeros(shape, np.float32)
    assert described(array) == f"array {shape} of float32"
    assert described((array,)) == f"(array {shape} of float32,)"
    assert (
        described([{"W": array}, None, 3.0]) == f"[{{'W': array {shape} of float32}}, None, float]"
    )
