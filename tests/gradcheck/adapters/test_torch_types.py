"""A torch Function from end to end in every type that torch computes in on a CPU."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from support.messages import raises

from handgrad import CheckError, check

TYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]


class Swish(torch.autograd.Function):
    """y = x σ(x); `off` times the right gradient."""

    off = 1.0

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @classmethod
    def gradient(cls, ctx, dout):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return dout * (s + x * s * (1 - s)) * cls.off

    @staticmethod
    def backward(ctx, dout):
        return Swish.gradient(ctx, dout)


class TenPercentOff(Swish):
    off = 1.1

    @staticmethod
    def backward(ctx, dout):
        return TenPercentOff.gradient(ctx, dout)


class WrongInBfloat16(Swish):
    """Right in float32 and float64, as a kernel with a path of its own for each type may be."""

    @staticmethod
    def backward(ctx, dout):
        right = Swish.gradient(ctx, dout)
        return right * 1.5 if dout.dtype == torch.bfloat16 else right


def drawn(rng, dtype, *shape):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_a_right_function_is_right_and_a_wrong_one_wrong(rng, dtype):
    x = drawn(rng, dtype, 6, 7)
    report = check(Swish, x, seed=int(rng.integers(2**31)))
    assert report.verdict == "right", report.text("en")
    assert report.dtype == str(dtype).removeprefix("torch.")
    assert check(TenPercentOff, x, seed=int(rng.integers(2**31))).verdict == "wrong"


def test_what_is_wrong_in_its_own_type_alone_is_wrong(rng):
    x = drawn(rng, torch.bfloat16, 6, 7)
    report = check(WrongInBfloat16, x, seed=int(rng.integers(2**31)))
    assert report.verdict == "wrong"
    assert "bfloat16" in report.arrays[0].reason.en
    assert "float64" in report.arrays[0].reason.en
    assert check(WrongInBfloat16, x.float(), seed=1).verdict == "right"


def test_against_a_reference_in_float64(rng):
    x = drawn(rng, torch.bfloat16, 9, 8)
    reference = torch.nn.functional.silu
    assert check(Swish, x, reference=reference, seed=1).verdict == "right"
    assert check(TenPercentOff, x, reference=reference, seed=1).verdict == "wrong"


def test_a_module_in_bfloat16_is_never_called_wrong(rng):
    module = torch.nn.LayerNorm(16).to(torch.bfloat16)
    report = check(module, drawn(rng, torch.bfloat16, 8, 16), seed=int(rng.integers(2**31)))
    assert report.verdict != "wrong", report.text("en")


class Overwrites(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(2)

    @staticmethod
    def backward(ctx, dout):
        return 2 * dout


class NoBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 2 * x


class PicksLabels(torch.autograd.Function):
    """Minus the mean log-probability of the labels, which are whole numbers."""

    @staticmethod
    def forward(ctx, x, labels):
        p = x.softmax(1)
        ctx.save_for_backward(p, labels)
        return -p[torch.arange(len(p)), labels].log().mean()

    @staticmethod
    def backward(ctx, dout):
        p, labels = ctx.saved_tensors
        dx = p.clone()
        dx[torch.arange(len(p)), labels] -= 1
        return dx * dout / len(p), None


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
def test_labels_change_their_length_with_the_batch(rng, dtype):
    labels = torch.from_numpy(rng.integers(5, size=8))
    report = check(PicksLabels, drawn(rng, dtype, 8, 5), labels, seed=1)
    assert report.verdict == "right", report.text("en")


@pytest.mark.parametrize(
    ("function", "words"), [(NoBackward, "backward(ctx, dout)"), (Overwrites, "x.clone()")]
)
def test_what_torch_itself_refuses_is_told(rng, function, words):
    with raises(CheckError, words):
        check(function, drawn(rng, torch.float64, 3, 4))
