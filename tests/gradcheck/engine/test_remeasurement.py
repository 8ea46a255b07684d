"""Right gradients that a first look suspects."""

from __future__ import annotations

import numpy as np
import pytest
from support.planted import planted
from support.right_layers import ELEMENTWISE, draw

from handgrad import check

VALUES = {"state": False, "layouts": False, "sizes": False}


@pytest.mark.parametrize("seed", [2379])
def test_right_layers_that_were_once_called_wrong(seed):
    layer = draw(np.random.default_rng(seed), most=64)
    assert check(layer.f, *layer.inputs, seed=seed, **VALUES).verdict != "wrong"


def test_a_jump_of_the_second_derivative_within_the_step_is_no_mistake(rng):
    """ELU has slope 1 on both sides of 0, and curvature on one."""
    said = []
    for _ in range(60):
        x = 1e-6 * rng.normal(size=300)
        x[:3] = 1e-10 * rng.normal(size=3)
        said.append(check(ELEMENTWISE["elu"], x, seed=int(rng.integers(2**31)), **VALUES).verdict)
    assert "wrong" not in said


def test_where_nothing_jumps_a_mistake_is_found(rng):
    """An error in one entry of a function that is as smooth as it seems."""
    for _ in range(5):
        size = int(rng.integers(1_000, 3_000))
        f, x = planted("real", rng, size, {int(rng.integers(size)): 1 + 1e-5})
        assert check(f, x, seed=int(rng.integers(2**31)), **VALUES).verdict == "wrong"
