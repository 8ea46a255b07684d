from __future__ import annotations

import numpy as np
import pytest
from support import right_layers

from handgrad import CheckError, Vjp, check

tanh64 = Vjp(np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2))


def tanh_in(dtype, factor=1.0):
    def forward(x):
        return np.tanh(x.astype(dtype)).astype(dtype)

    def backward(dout, x):
        return (factor * dout * (1 - forward(x) ** 2)).astype(dtype)

    return Vjp(forward, backward, f"tanh in {dtype}")


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_against_a_reference(rng, dtype):
    x = rng.normal(size=(9, 8)).astype(dtype)
    assert check(tanh_in(dtype), x, reference=tanh64, seed=1).verdict == "right"
    wrong = check(tanh_in(dtype, 1.05), x, reference=tanh64, seed=1)
    assert wrong.verdict == "wrong"
    assert wrong.arrays[0].name == "y" and wrong.arrays[0].verdict == "right"
    assert wrong.arrays[1].method == "reference"
    assert wrong.arrays[1].wrong_entries


def test_a_forward_that_is_not_the_reference_s(rng):
    x = rng.normal(size=(9, 8)).astype(np.float32)
    perturbed = Vjp(lambda x: np.tanh(x) + x.dtype.type(1e-3), tanh64.backward)
    report = check(perturbed, x, reference=tanh64, seed=1)
    assert [array.verdict for array in report.arrays] == ["wrong", "right"]


def test_a_reference_of_another_kind_is_refused(rng):
    x = rng.normal(size=(4, 3))
    total = Vjp(lambda x: x.sum(), lambda dout, x: dout * np.ones_like(x))
    with pytest.raises(CheckError, match="must compute the same"):
        check(tanh64, x, reference=total)


def test_wrong_only_in_float32_is_wrong(rng):
    def backward(dout, x):
        slope = 1 - np.tanh(x) ** 2
        return dout * (np.round(slope, 3) if x.dtype == np.float32 else slope)

    x = rng.normal(size=(9, 8))
    assert check(Vjp(np.tanh, backward), x, seed=1).verdict == "right"
    report = check(Vjp(np.tanh, backward), x.astype(np.float32), seed=1)
    assert report.verdict == "wrong"
    assert "float32" in report.text("en")


def test_long_sums_in_float32_are_right(rng):
    """A sum over the batch in order errs by far more than its last digit."""

    def backward(dout, x, b):
        total = np.zeros_like(b)
        for row in dout:
            total += row
        return dout, total

    x, b = rng.normal(size=(3000, 3)).astype(np.float32), np.zeros(3, np.float32)
    report = check(Vjp(lambda x, b: x + b, backward), x, b, seed=1, state=False)
    assert report.verdict == "right", str(report)


def test_kinks_that_float32_rounds_to_the_other_side(rng):
    for seed in range(5):
        layer = right_layers.draw(rng, most=60, name="two-layers", dtype="float32", scale=1.0)
        assert check(layer.f, *layer.inputs, seed=seed).verdict == "right"


def test_a_slope_that_saturates_in_float32_is_not_called_wrong():
    """GELU near −5.4: x·(1 − tanh²) errs by nine units of rounding, in one entry of 2,542."""
    layer = right_layers.draw(np.random.default_rng(29955), most=64)
    report = check(layer.f, *layer.inputs, seed=29955, state=False, layouts=False, sizes=False)
    assert report.verdict == "cannot-tell"
    assert not report.arrays[0].wrong_entries


@pytest.mark.parametrize("units", [20, 50])
def test_an_error_of_few_units_that_persists_is_wrong(rng, units):
    """Though it is no larger than what saturates may err by."""
    off = units * 2.0**-23

    def backward(dout, x):
        slope = 1 - np.tanh(x) ** 2
        return dout * (slope + np.float32(off) if x.dtype == np.float32 else slope)

    x = np.full(int(rng.integers(3, 9)), 9.0, np.float32)  # where the slope is nothing
    report = check(Vjp(np.tanh, backward), x, seed=1, state=False, layouts=False, sizes=False)
    assert report.verdict == "wrong"
