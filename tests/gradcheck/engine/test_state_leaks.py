from __future__ import annotations

import numpy as np
import pytest
from support.planted import Accumulates, Affine, KeepsFirst, Shares, Updates

from handgrad import FullyConnected, Relu, Sigmoid, check


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        (Accumulates, "accumulates-over-calls"),
        (KeepsFirst, "stale-state"),
        (Shares, "shared-between-instances"),
    ],
)
def test_state_that_leaks_is_wrong_though_every_value_is_right(rng, layer, kind):
    x = rng.normal(size=(4, 5))
    report = check(layer.drawn(rng), x, seed=1)
    assert report.verdict == "wrong"
    assert {array.verdict for array in report.arrays} == {"right"}
    assert kind in [finding.kind for finding in report.findings]
    assert check(layer.drawn(rng), x, seed=1, state=False).verdict == "right"
    assert check(layer.drawn(rng), x, seed=1, allow=[kind]).verdict == "right"


def test_clean_layers_have_no_findings(rng):
    x = rng.normal(size=(4, 5))
    layers = (
        Affine.drawn(rng),
        Relu(),
        Sigmoid(),
        FullyConnected(rng.normal(size=(5, 2)), np.zeros(2)),
    )
    for layer in layers:
        report = check(layer, x, seed=1)
        assert report.verdict == "right"
        assert report.findings == ()


def test_the_layer_given_is_never_run(rng):
    layer = Affine.drawn(rng)
    before = layer.W.copy()
    check(layer, rng.normal(size=(4, 5)))
    assert set(vars(layer)) == {"W", "b"}
    assert np.array_equal(layer.W, before)


def test_a_second_backward_that_differs_is_only_noted(rng):
    report = check(
        Updates.drawn(rng), rng.normal(size=(4, 5)), seed=1, allow=["parameters-changed"]
    )
    assert [f.kind for f in report.findings if f.severity == "note"] == ["second-backward-differs"]


def test_a_layer_that_counts_its_calls_is_not_accused(rng):
    class Decays:
        def __init__(self):
            self.calls = 0

        def forward(self, x):
            self.calls += 1
            self.factor = 1 / self.calls
            return self.factor * x

        def backward(self, dout):
            return self.factor * dout

    report = check(Decays(), rng.normal(size=(4, 5)), seed=1)
    assert report.verdict == "right"
    assert "output-depends-on-calls" in [finding.kind for finding in report.findings]


class TanhOfProduct(Affine):
    """What is in the middle adds up until the next forward, as in a graph whose nodes are not reset."""

    def forward(self, x):
        self.y = np.tanh(super().forward(x))
        self.dz = np.zeros_like(self.y)
        return self.y.copy()

    def backward(self, dout):
        self.dz += dout * (1 - self.y**2)
        return super().backward(self.dz)


class AddsParameters(Affine):
    """Only the parameters' gradients add up until the next forward."""

    def forward(self, x):
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
        return super().forward(x)

    def backward(self, dout):
        before = self.dW, self.db
        dx = super().backward(dout)
        self.dW, self.db = self.dW + before[0], self.db + before[1]
        return dx


def test_an_inputs_gradient_that_adds_up_in_a_second_backward_is_wrong(rng):
    x = rng.normal(size=(4, 5))
    report = check(TanhOfProduct.drawn(rng), x, seed=1)
    assert report.verdict == "wrong"
    [finding] = [one for one in report.findings if one.severity == "wrong"]
    assert (finding.kind, finding.array) == ("accumulates-over-backwards", "dx")
    allowed = check(TanhOfProduct.drawn(rng), x, seed=1, allow=["accumulates-over-backwards"])
    assert allowed.verdict == "right"


def test_parameters_gradients_may_add_up_until_the_next_forward(rng):
    report = check(AddsParameters.drawn(rng), rng.normal(size=(4, 5)), seed=1)
    assert report.verdict == "right", report.text("en")
    assert [one.kind for one in report.findings] == ["second-backward-differs"]
