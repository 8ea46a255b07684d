from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from support.messages import raises

from handgrad import Relu, check
from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.torch_code import TorchUnderTest
from handgrad.gradcheck.adapters.torch_tensors import array_of, tensor_of
from handgrad.gradcheck.conditions.memory_layouts import laid_out


class Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W):
        ctx.save_for_backward(x, W)
        return x @ W

    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W.T, x.T @ dout


class Apart(torch.autograd.Function):
    @staticmethod
    def forward(x, scale):
        return x * scale

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.scale = inputs[1]

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.scale, None


def gaussian(rng, *shape, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def back(subject, rng):
    instance = subject.new_instance()
    outputs = instance.forward(subject.point)
    douts = tuple(rng.normal(size=y.shape) for y in outputs)
    return outputs, douts, instance.backward(douts)


def test_a_function(rng):
    x, W = gaussian(rng, 4, 5), gaussian(rng, 5, 3)
    subject = TorchUnderTest.of(Product, (x, W))
    assert subject.name == "Product"
    assert subject.gradient_names == {"x": "x.grad", "W": "W.grad"}
    assert subject.dtype == "float64"
    assert subject.source_files == (__file__,)
    (y,), (dout,), gradients = back(subject, rng)
    np.testing.assert_allclose(y, x.numpy() @ W.numpy())
    np.testing.assert_allclose(gradients["x"], dout @ W.numpy().T)
    np.testing.assert_allclose(gradients["W"], x.numpy().T @ dout)


def test_a_function_with_a_context_of_its_own_and_a_number(rng):
    subject = TorchUnderTest.of(Apart, (gaussian(rng, 3), 2.5))
    assert list(subject.point) == ["x"]
    _, (dout,), gradients = back(subject, rng)
    np.testing.assert_allclose(gradients["x"], 2.5 * dout)


def test_a_module_and_its_parameters(rng):
    module = torch.nn.Linear(5, 3)
    subject = TorchUnderTest.of(module, (gaussian(rng, 4, 5, dtype=torch.float32),))
    assert list(subject.point) == ["input", "weight", "bias"]
    assert subject.dtype == "float32"
    _, (dout,), gradients = back(subject, rng)
    np.testing.assert_allclose(gradients["bias"], dout.sum(0), rtol=1e-5)
    assert all(parameter.grad is None for parameter in module.parameters())
    again = subject.computing_in("float64")
    assert back(again, rng)[0][0].dtype == np.float64
    assert module.weight.dtype == torch.float32


def test_the_buffers_of_a_module_do_not_move(rng):
    module = torch.nn.BatchNorm1d(5)
    subject = TorchUnderTest.of(module, (gaussian(rng, 8, 5, dtype=torch.float32),))
    before = module.running_mean.clone()
    back(subject, rng)
    assert torch.equal(module.running_mean, before)


def test_only_what_requires_a_gradient_is_varied(rng):
    x, y = gaussian(rng, 4).requires_grad_(), gaussian(rng, 4)
    assert list(TorchUnderTest.of(torch.mul, (x, y)).point) == ["x0"]
    assert list(TorchUnderTest.of(torch.mul, (x.detach(), y)).point) == ["x0", "x1"]
    assert list(TorchUnderTest.of(torch.mul, (x, y), ["a", "b"]).point) == ["a"]


def test_several_outputs_and_one_that_is_whole_numbers(rng):
    subject = TorchUnderTest.of(lambda x: torch.max(x, dim=1), (gaussian(rng, 4, 5),))
    outputs, _, gradients = back(subject, rng)
    assert len(outputs) == 1
    assert np.count_nonzero(gradients["x"]) == 4


def test_a_gradient_that_is_not_there_is_none(rng):
    subject = TorchUnderTest.of(lambda x, y: x * 2, (gaussian(rng, 4), gaussian(rng, 4)))
    assert back(subject, rng)[2]["y"] is None


def test_other_types(rng):
    x, W = gaussian(rng, 4, 5, dtype=torch.bfloat16), gaussian(rng, 5, 3, dtype=torch.bfloat16)
    subject = TorchUnderTest.of(torch.matmul, (x, W))
    assert subject.dtype == "bfloat16"
    assert subject.point["x0"].dtype == np.float32
    fine = subject.computing_in("float64")
    assert back(fine, rng)[0][0].dtype == np.float64
    step = subject.computing_in("complex128")
    (y,) = step.new_instance().forward({name: array + 1e-20j for name, array in fine.point.items()})
    assert y.dtype == np.complex128
    assert subject.computing_in("float1000") is None
    picky = TorchUnderTest.of(lambda x: x.to(torch.float32) * 2, (x,))
    assert picky.computing_in("float64") is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_tensor_lies_in_memory_as_its_array_does(rng, dtype):
    array = rng.normal(size=(3, 4, 2)).astype(dtype)
    for layout, placed, twin in laid_out(array):
        tensor = tensor_of(placed, torch.zeros(1, dtype=torch.float64))
        assert tensor.stride() == tuple(s // placed.itemsize for s in placed.strides), layout.name
        np.testing.assert_array_equal(array_of(tensor), twin)
    assert tensor_of(array[::-1], torch.zeros(1)).stride() == (8, 2, 1)


def test_bad_input():
    with raises(CheckError, "int"):
        TorchUnderTest.of(torch.relu, (3,))
    with raises(CheckError, "int"):
        TorchUnderTest.of(lambda x: 3, (torch.ones(2),)).new_instance().forward({"x": np.ones(2)})
    with raises(CheckError, "forward"):
        TorchUnderTest.of(torch.relu, (torch.ones(2),)).new_instance().backward((np.ones(2),))


def test_a_device_is_kept():
    subject = TorchUnderTest.of(torch.relu, (torch.ones(2),))
    assert {leaf.device.type for leaf in subject.leaves(subject.point).values()} == {"cpu"}


def refused(returned):
    class Refused(Product):
        @staticmethod
        def backward(ctx, dout):
            return returned(*Product.backward(ctx, dout))

    return Refused


def drawn(rng, *shape):
    return torch.from_numpy(rng.normal(size=shape))


def test_a_gradient_of_another_shape_is_wrong_and_the_other_is_judged(rng):
    report = check(refused(lambda dx, dW: (dx, dW.T)), drawn(rng, 4, 3), drawn(rng, 3, 5), seed=1)
    assert [array.verdict for array in report.arrays] == ["right", "wrong"]
    assert "must have the shape of the array it belongs to, (3, 5); got (5, 3)" in report.text("en")


def test_what_is_not_one_tensor_for_each_argument(rng):
    x, W = drawn(rng, 4, 3), drawn(rng, 3, 5)
    with raises(CheckError, "x, W", "None", "array (4, 3) of float64"):
        check(refused(lambda dx, dW: dx), x, W)
    with raises(CheckError, "W", "array (3, 5) of float64"):
        check(refused(lambda dx, dW: (dx, dW.detach().numpy())), x, W)


def test_a_function_by_any_name(rng):
    x, W = drawn(rng, 4, 3), drawn(rng, 3, 5)
    report = check(Product.apply, x, W, seed=1)
    assert [array.name for array in report.arrays] == ["x.grad", "W.grad"]
    assert report.subject == "Product"


def test_tensors_in_dictionaries_and_lists(rng):
    class Module(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.W = torch.nn.Parameter(drawn(rng, 3, 2))

        def forward(self, batch, scales):
            return {"y": batch["x"] @ self.W * scales[0]}

    report = check(Module(), {"x": drawn(rng, 4, 3), "n": 3}, [drawn(rng, 2), None], seed=1)
    assert [array.name for array in report.arrays] == [
        "batch['x'].grad",
        "scales[0].grad",
        "W.grad",
    ]
    assert report.verdict == "right"


def test_tensors_and_what_does_not_take_them(rng):
    with raises(CheckError, "Relu", "x.numpy()", "torch.autograd.Function"):
        check(Relu(), drawn(rng, 3))
    with raises(CheckError, "int"):
        check(3, drawn(rng, 3))
