"""Arguments that hold arrays, through `check` itself."""

from __future__ import annotations

import pytest

import handgrad


class Affine:
    """y = x W + b of a dictionary, and its gradient as one."""

    def forward(self, p):
        self.p = p
        return p["x"] @ p["W"] + p["b"]

    def backward(self, dout):
        return {"x": dout @ self.p["W"].T, "W": self.p["x"].T @ dout, "b": dout.sum(axis=0)}


class MeanBias(Affine):
    def backward(self, dout):
        return {**super().backward(dout), "b": dout.mean(axis=0)}


class NoBias(Affine):
    def backward(self, dout):
        gradients = super().backward(dout)
        del gradients["b"]
        return gradients


@pytest.fixture
def p(rng):
    m, n, k = (int(one) for one in rng.permutation([2, 3, 4, 5])[:3])
    return {"x": rng.normal(size=(m, n)), "W": rng.normal(size=(n, k)), "b": rng.normal(size=k)}


def test_each_array_of_a_dictionary_is_checked(p):
    report = handgrad.check(Affine(), p, seed=1)
    assert [array.name for array in report.arrays] == ["dp['x']", "dp['W']", "dp['b']"]
    assert report.verdict == "right"


def test_the_wrong_one_is_named(p):
    report = handgrad.check(MeanBias(), p, seed=1)
    assert [array.name for array in report.arrays if array.verdict == "wrong"] == ["dp['b']"]


def test_one_without_a_gradient_is_said_to_be_unchecked(p):
    """As a target among the inputs of a loss is."""
    report = handgrad.check(NoBias(), p, seed=1)
    assert [array.name for array in report.arrays] == ["dp['x']", "dp['W']"]
    assert "no gradient was found for p['b'], so it was not checked" in report.text("en")


def test_lists_beside_other_arguments(rng):
    xs = [rng.normal(size=n) for n in rng.integers(2, 6, 3)]
    right = handgrad.Vjp(
        lambda xs, a: a * sum((x**2).sum() for x in xs),
        lambda dout, xs, a: ([2 * a * x * dout for x in xs], dout * sum((x**2).sum() for x in xs)),
    )
    report = handgrad.check(right, xs, 1.5, seed=1)
    assert [array.name for array in report.arrays] == ["dxs[0]", "dxs[1]", "dxs[2]", "da"]
    assert report.verdict == "right"
    reversed_ = handgrad.Vjp(right.forward, lambda dout, xs, a: right.backward(dout, xs[::-1], a))
    assert handgrad.check(reversed_, xs, 1.5, seed=1).verdict == "wrong"


def test_a_list_of_numbers_is_one_array(rng):
    [array] = handgrad.check(handgrad.Relu(), rng.normal(size=(2, 3)).tolist(), seed=1).arrays
    assert array.shape == (2, 3)
