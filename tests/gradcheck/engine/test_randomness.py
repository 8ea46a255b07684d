from __future__ import annotations

import numpy as np

from handgrad import check


class Dropout:
    def __init__(self, rng=None):
        self.rng = rng

    def forward(self, x):
        draw = np.random if self.rng is None else self.rng
        self.mask = draw.random(x.shape) > 0.5
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class WrongDropout(Dropout):
    def backward(self, dout):
        return 2 * dout * self.mask


def test_global_random_state_is_held_still_and_said(rng):
    x = rng.normal(size=(6, 7))
    report = check(Dropout(), x, seed=1)
    assert report.verdict == "right"
    assert [finding.kind for finding in report.findings] == ["random-state"]
    assert "np.random.seed" in report.text("en") and "np.random.seed" in report.text("zh")
    assert check(WrongDropout(), x, seed=1).verdict == "wrong"


def test_a_generator_that_nobody_can_hold_still_cannot_be_told(rng):
    x = rng.normal(size=(6, 7))
    report = check(lambda: Dropout(np.random.default_rng()), x, seed=1)
    assert report.verdict == "cannot-tell"
    assert "nondeterministic" in [finding.kind for finding in report.findings]
    assert "default_rng(0)" in report.text("en")


def test_a_generator_of_the_layer_s_own_is_copied_with_it(rng):
    x = rng.normal(size=(6, 7))
    for layer in (Dropout(np.random.default_rng(3)), lambda: Dropout(np.random.default_rng(3))):
        assert check(layer, x, seed=1).verdict == "right"
    assert check(WrongDropout(np.random.default_rng(3)), x, seed=1).verdict == "wrong"
