"""A constant is fitted to all cases at once; a mistake that has one may meet another."""

from __future__ import annotations

import pytest
from support.made_trials import diagnose
from support.trials import trials

from handgrad.course import load_course
from handgrad.diagnosis.diagnose import Diagnosis

RELU = """
import numpy as np


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)

    def backward(self, dout):
        return {dx}
"""
FULLY_CONNECTED = """
class FullyConnected:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.shape = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(0)
        dx = {dx}
        return dx.reshape(self.shape)
"""


def examined(rng, level, class_name, source) -> Diagnosis:
    made = trials(level, class_name, source, rng)
    return diagnose(made, load_course().level(level).mistakes)


def named(diagnosis: Diagnosis) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in diagnosis.matches:
        found.setdefault(match.array, set()).update(m.mistake for m in match.named())
    return found


def test_a_slope_is_fitted(rng):
    slope = round(float(rng.uniform(0.01, 0.6)), 3)
    source = RELU.format(dx=f"np.where(self.mask, {slope}, 1.0) * dout")
    [match] = examined(rng, "activations", "Relu", source).matches
    assert [m.name for m in match.mistakes] == ["leaky-slope"]
    assert match.factor == pytest.approx(slope)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("{} / len(dout)", "divided-by-batch"),
        ("-({})", "sign-flipped"),
    ],
)
def test_a_fitted_slope_meets_another_mistake(rng, change, name):
    slope = round(float(rng.uniform(0.01, 0.6)), 3)
    dx = change.format(f"(np.where(self.mask, {slope}, 1.0) * dout)")
    diagnosis = examined(rng, "activations", "Relu", RELU.format(dx=dx))
    assert named(diagnosis) == {"dx": {"leaky-slope", name}}
    [match] = diagnosis.matches
    assert match.factor == pytest.approx(slope)
    assert all(match.agrees_with(s) for s in diagnosis.wrong if s.array == "dx")


def test_two_slopes_are_no_leak(rng):
    """A constant that differs between the cases is none."""
    dx = "np.where(self.mask, 0.1 * dout.shape[-1], 1.0) * dout / len(dout)"
    diagnosis = examined(rng, "activations", "Relu", RELU.format(dx=dx))
    assert "leaky-slope" not in named(diagnosis).get("dx", set())


def test_a_known_multiple_of_a_known_mistake(rng):
    factor = round(float(rng.uniform(1.5, 9.0)), 2)
    dx = f"{factor} * (dout @ self.W.T) / len(dout)"
    source = FULLY_CONNECTED.format(dx=dx)
    diagnosis = examined(rng, "fully-connected", "FullyConnected", source)
    assert named(diagnosis) == {"dx": {"divided-by-batch", "times-constant"}}


def test_a_slope_above_one_meets_nothing(rng):
    """-dout and -2·dout come of ~ on a mask of integers: no leak with its sign flipped."""
    dx = "np.where(self.mask, -2.0, -1.0) * dout"
    diagnosis = examined(rng, "activations", "Relu", RELU.format(dx=dx))
    assert named(diagnosis) == {}
    assert "dx" in diagnosis.computed
