from __future__ import annotations

import numpy as np
import pytest
from support import right_layers
from support.planted import Affine, planted
from support.tier import repeats

from handgrad import BackwardWrong, FullyConnected, Relu, Sigmoid, Vjp, assert_backward, check


@pytest.mark.parametrize("name", right_layers.NAMES)
def test_right_layers_are_never_wrong(rng, name):
    for scale in (1e-6, 1.0, 1e6):
        for dtype in ("float64", "float32"):
            layer = right_layers.draw(rng, most=24, name=name, dtype=dtype, scale=scale)
            report = check(layer.f, *layer.inputs, seed=int(rng.integers(2**31)))
            assert report.verdict != "wrong", (scale, dtype, str(report))
            if scale == 1.0 and dtype == "float64":
                assert report.verdict == "right" or "kink" in str(report), (dtype, str(report))


@pytest.mark.parametrize("size", [100, 10_000, 1_000_000])
@pytest.mark.parametrize("kind", ["affine", "complex", "real"])
def test_the_cost_does_not_grow(rng, kind, size):
    f, x = planted(kind, rng, size, {})
    report = check(f, x, seed=1, state=False)
    assert report.verdict == "right", str(report)
    assert report.forwards <= 12
    assert report.backwards <= 4
    method = {"affine": "affine", "complex": "complex-step", "real": "real-difference"}[kind]
    assert report.arrays[0].method == method


def test_the_cost_is_counted_by_array(rng):
    layer = FullyConnected(rng.normal(size=(40, 30)), rng.normal(size=30))
    report = check(layer, rng.normal(size=(20, 40)), seed=1)
    assert report.verdict == "right"
    assert report.forwards <= 12 * 3
    assert report.backwards <= 4


@pytest.mark.parametrize(("kind", "error"), [("affine", 1e-9), ("complex", 1e-9), ("real", 1e-6)])
def test_one_wrong_entry_of_many_is_seen(rng, kind, error):
    for seed in range(repeats(everyday=4, whole=40)):
        at = int(rng.integers(65_536))
        f, x = planted(kind, rng, 65_536, {at: 1 + error})
        report = check(f, x, seed=seed, locate=False, state=False)
        assert report.verdict == "wrong", at


WRONG = {
    "sign": lambda dout, x: -dout * (1 - np.tanh(x) ** 2),
    "factor": lambda dout, x: 2 * dout * (1 - np.tanh(x) ** 2),
    "formula": lambda dout, x: dout * (1 + np.tanh(x) ** 2),
    "dout dropped": lambda dout, x: 1 - np.tanh(x) ** 2,
    "zeros": lambda dout, x: np.zeros_like(x),
    "permuted": lambda dout, x: (dout * (1 - np.tanh(x) ** 2))[::-1].copy(),
    "gates on dout": lambda dout, x: np.maximum(dout, 0) * (1 - np.tanh(x) ** 2),
    "rounded": lambda dout, x: np.round(dout * (1 - np.tanh(x) ** 2), 6),
}


@pytest.mark.parametrize("mistake", WRONG)
@pytest.mark.parametrize("scale", [1e-3, 1.0])
def test_mistakes_are_wrong(rng, mistake, scale):
    x = scale * rng.normal(size=(7, 5))
    assert check(Vjp(np.tanh, WRONG[mistake]), x, seed=2).verdict == "wrong"


@pytest.mark.parametrize(
    "forward",
    [
        np.abs,
        lambda x: x * np.sign(x),
        lambda x: np.linalg.norm(x, axis=1),
        lambda x: x.var(axis=1),
        lambda x: np.hypot(x.real, 1.0),
    ],
    ids=["abs", "sign", "norm", "var", "real"],
)
def test_where_a_complex_step_is_silently_wrong_it_is_caught(rng, forward):
    """A gradient made by the wrong complex step would agree with it: it must not pass."""

    def by_complex_step(dout, x):
        gradient = np.zeros_like(x)
        for at in np.ndindex(x.shape):
            moved = x.astype(complex)
            moved[at] += 1e-30j
            gradient[at] = (dout * np.imag(forward(moved))).sum() / 1e-30
        return gradient

    report = check(Vjp(forward, by_complex_step), rng.normal(size=(4, 6)), seed=3)
    assert report.verdict == "wrong"


def test_a_kink_at_the_point_cannot_be_told_and_its_place_is(rng):
    x = rng.normal(size=(4, 6))
    x[2, 3] = 0
    report = check(Relu(), x, seed=4)
    assert report.verdict == "cannot-tell"
    [array] = report.arrays
    assert array.undecided == ((0, (2, 3)),)
    assert "[2, 3]" in report.text("en") and "[2, 3]" in report.text("zh")


def test_a_mistake_beside_a_kink_is_still_wrong(rng):
    x = rng.normal(size=(4, 6))
    x[2, 3] = 0
    leaks = Vjp(lambda x: np.maximum(x, 0), lambda dout, x: np.where(x > 0, dout, 0.01 * dout))
    assert check(leaks, x, seed=4).verdict == "wrong"


def test_a_deep_kink_that_reaches_every_output(rng):
    for seed in range(10):
        layer = right_layers.draw(rng, most=40, name="two-layers", dtype="float64", scale=1.0)
        assert check(layer.f, *layer.inputs, seed=seed).verdict == "right"


@pytest.mark.parametrize(
    "inside",
    [
        lambda x: np.tanh(x.astype(np.float32)).astype(np.float64),
        lambda x: np.pi * np.tanh(x.astype(np.float32)).astype(np.float64) / np.pi,
        lambda x: np.tanh(x.astype(np.float16)).astype(np.float64) * (np.pi / np.pi),
        lambda x: np.round(np.tanh(x), 6),
    ],
)
def test_a_forward_with_fewer_digits_than_it_seems_is_never_called_wrong(rng, inside):
    f = Vjp(lambda x: inside(x.real), lambda dout, x: dout * (1 - np.tanh(x) ** 2))
    assert check(f, rng.normal(size=(6, 6)), seed=1).verdict != "wrong"
    off = Vjp(f.forward, lambda dout, x: dout * (1 + np.tanh(x) ** 2))
    assert check(off, rng.normal(size=(6, 6)), seed=1).verdict != "right"


def test_a_forward_that_is_itself_approximate_is_granted_a_tolerance(rng):
    def root(x):
        y = np.ones_like(x)
        for _ in range(4):
            y = (y + x / y) / 2
        return y

    f = Vjp(lambda x: root(x.real), lambda dout, x: dout / (2 * np.sqrt(x)))
    x = 3 + np.abs(rng.normal(size=(6, 6)))
    assert check(f, x, seed=1).verdict == "wrong"
    assert check(f, x, seed=1, tolerance=0.05).verdict == "right"


class NoMask(right_layers.TwoLayers):
    def backward(self, dout):
        dy = dout * self.y / self.y.size
        self.dW, dh = self.h.T @ dy, dy @ self.W.T
        self.dV = self.x.T @ dh
        return dh @ self.V.T


class OffByLittle(right_layers.TwoLayers):
    def backward(self, dout):
        dx = super().backward(dout)
        self.dV *= 1.001
        return dx


@pytest.mark.parametrize("layer", [NoMask, OffByLittle])
@pytest.mark.parametrize("complex_too", [True, False])
def test_mistakes_behind_kinks_that_reach_every_output(rng, layer, complex_too):
    class Chosen(layer):
        def forward(self, x):
            loss = super().forward(x)
            return loss if complex_too else float(loss)

    f = Chosen(rng.normal(size=(50, 60)) / 7, rng.normal(size=(60, 3)) / 7)
    assert check(f, rng.normal(size=(40, 50)), seed=1, state=False).verdict == "wrong"


def test_gradients_that_are_zero_are_right(rng):
    shift = Vjp(lambda x, b: x + b - (x + b).mean(), lambda d, x, b: (d - d.mean(), 0.0 * b))
    assert check(shift, rng.normal(size=(4, 3)), np.zeros(3), seed=1).arrays[0].verdict == "right"
    blind = Vjp(lambda x: 0 * x, lambda dout, x: np.zeros_like(x))
    assert check(blind, rng.normal(size=5), seed=1).verdict == "right"


@pytest.mark.parametrize("start", [0.0, 1e6])
def test_parameters_of_zeros_and_inputs_far_from_zero(rng, start):
    x = start + rng.normal(size=(6, 4))
    assert check(FullyConnected(np.zeros((4, 3)), np.zeros(3)), x, seed=1).verdict == "right"
    norm = right_layers.BatchNorm(np.ones(4), np.zeros(4))
    assert check(norm, x, seed=1).verdict == "right"


def test_the_same_seed_gives_the_same_report(rng):
    x = rng.normal(size=(4, 3))
    first, second = (check(Sigmoid(), x, seed=11).to_json() for _ in range(2))
    assert first == second
    assert check(Sigmoid(), x).seed != check(Sigmoid(), x).seed


def test_several_inputs_and_outputs(rng):
    def forward(x, z):
        return x @ z, (x * x).sum()

    def backward(dout, x, z):
        one, two = dout
        return one @ z.T + 2 * two * x, x.T @ one

    x, z = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    report = check(Vjp(forward, backward), x, z, seed=1)
    assert report.verdict == "right", str(report)
    assert [array.name for array in report.arrays] == ["dx", "dz"]
    swapped = Vjp(forward, lambda dout, x, z: backward(dout, x, z)[::-1])
    assert check(swapped, x, z, seed=1).verdict == "wrong"


def test_assert_backward_raises_the_report(rng):
    x = rng.normal(size=(4, 5))
    assert assert_backward(Affine.drawn(rng), x).verdict == "right"
    with pytest.raises(BackwardWrong, match=r"wrong \(dx\)") as caught:
        assert_backward(Vjp(np.tanh, WRONG["sign"], "tanh"), x, seed=1)
    assert isinstance(caught.value, AssertionError)
    assert caught.value.report.verdict == "wrong"
    kink = np.zeros((2, 2))
    assert assert_backward(Relu(), kink).verdict == "cannot-tell"
    with pytest.raises(BackwardWrong, match="cannot tell"):
        assert_backward(Relu(), kink, strict=True)


def test_what_the_code_raises_is_noted_with_its_inputs(rng):
    x, W = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    with pytest.raises(ValueError, match="matmul") as caught:
        check(Vjp(np.matmul, lambda dout, x, W: (dout @ W.T, x.T @ dout)), x, W)
    [note] = caught.value.__notes__
    assert "array (3, 4) of float64, array (3, 4) of float64" in note
