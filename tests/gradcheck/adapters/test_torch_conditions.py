"""Each condition finds the mistake it is for, names it, and leaves the right twin alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from handgrad.gradcheck.adapters.torch_code import TorchUnderTest
from handgrad.gradcheck.adapters.torch_conditions import torch_findings


def kinds(f, *inputs, rng):
    found = list(torch_findings(TorchUnderTest.of(f, inputs), rng))
    for finding in found:
        assert finding.message.zh != finding.message.en
    return [finding.kind for finding in found], found


def gaussian(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


class Product(torch.autograd.Function):
    """Right: x W, which computes only what is asked for."""

    @staticmethod
    def forward(ctx, x, W):
        ctx.save_for_backward(x, W)
        return x @ W

    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        dx = dout @ W.T if ctx.needs_input_grad[0] else None
        dW = x.T @ dout if ctx.needs_input_grad[1] else None
        return dx, dW


class GivesInOrderOfNeed(Product):
    """Wrong: when only W needs a gradient, dx is what it gets for it."""

    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        grads = [dout @ W.T, x.T @ dout]
        asked = [g for g, need in zip(grads, ctx.needs_input_grad, strict=True) if need]
        return tuple(asked + [None] * (2 - len(asked)))[:2]


class HalfZero(torch.autograd.Function):
    """Wrong: only the positive half of fresh memory is written."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        dx = torch.empty_like(x)
        dx[x > 0] = dout[x > 0]
        return dx


class KeepsOnContext(torch.autograd.Function):
    """Fragile: a tensor kept as an attribute is not guarded against changes."""

    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x * x

    @staticmethod
    def backward(ctx, dout):
        return 2 * ctx.x * dout


class SpoilsWhatItKept(torch.autograd.Function):
    """Wrong: the second backward meets a changed tensor."""

    @staticmethod
    def forward(ctx, x):
        ctx.square = (x * x).clone()
        return x * x * x

    @staticmethod
    def backward(ctx, dout):
        return ctx.square.mul_(3) * dout


class WritesIntoDout(torch.autograd.Function):
    """Wrong for every caller that uses dout again."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        dout[x <= 0] = 0  # the guilty line
        return dout


class SumAndProduct(torch.autograd.Function):
    """Right: two outputs, either of which may be unused."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x + y, x * y

    @staticmethod
    def backward(ctx, d_sum, d_product):
        x, y = ctx.saved_tensors
        return d_sum + y * d_product, d_sum + x * d_product


class NeedsBothOutputs(SumAndProduct):
    """Wrong: an unused output has no dout at all, and that raises."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(x, y)
        return x + y, x * y


class Noisy(torch.autograd.Function):
    """Cannot be told: random numbers in backward."""

    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, dout):
        return dout * 2 + 0.1 * torch.rand_like(dout)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_right_functions_have_no_finding(rng, dtype):
    x, W, y = (gaussian(rng, *shape, dtype=dtype) for shape in ((4, 5), (5, 3), (4, 5)))
    assert kinds(Product, x, W, rng=rng)[0] == []
    assert kinds(SumAndProduct, x, y, rng=rng)[0] == []
    assert kinds(torch.relu, x, rng=rng)[0] == []
    assert kinds(torch.nn.Linear(5, 2, dtype=dtype), x, rng=rng)[0] == []
    assert kinds(torch.nn.BatchNorm1d(5, dtype=dtype), x, rng=rng)[0] == []


@pytest.mark.parametrize(
    ("f", "kind", "severity"),
    [
        (HalfZero, "uninitialised-memory", "wrong"),
        (KeepsOnContext, "changed-after-forward", "note"),
        (SpoilsWhatItKept, "second-backward", "wrong"),
        (WritesIntoDout, "dout-changed", "wrong"),
        (Noisy, "nondeterministic", "cannot-tell"),
    ],
)
def test_each_mistake_has_its_finding(rng, f, kind, severity):
    found, findings = kinds(f, gaussian(rng, 6, 7), rng=rng)
    assert kind in found
    assert next(one for one in findings if one.kind == kind).severity == severity


def test_gradients_in_the_order_of_need(rng):
    x, W = gaussian(rng, 4, 5), gaussian(rng, 5, 3)
    assert "partial-gradients" in kinds(GivesInOrderOfNeed, x, W, rng=rng)[0]


def test_an_unused_output(rng):
    x, y = gaussian(rng, 4, 5), gaussian(rng, 4, 5)
    assert kinds(NeedsBothOutputs, x, y, rng=rng)[0] == ["unused-outputs"]


def test_the_line_that_writes_is_quoted(rng):
    _, findings = kinds(WritesIntoDout, gaussian(rng, 6, 7), rng=rng)
    write = next(one for one in findings if one.kind == "dout-changed")
    assert write.array == "dout"
    assert Path(write.file) == Path(__file__)
    assert write.source.endswith("# the guilty line")


def test_dropout_is_random_and_says_so(rng):
    found, _ = kinds(torch.nn.Dropout(0.5), gaussian(rng, 20, 7), rng=rng)
    assert "nondeterministic" in found
    assert kinds(torch.nn.Dropout(0.5).eval(), gaussian(rng, 20, 7), rng=rng)[0] == []


def test_settings_of_torch_are_left_as_they_were(rng):
    before = torch.are_deterministic_algorithms_enabled()
    kinds(Product, gaussian(rng, 4, 5), gaussian(rng, 5, 3), rng=rng)
    assert torch.are_deterministic_algorithms_enabled() == before
    assert np.isfinite(torch.zeros(3).numpy()).all()
