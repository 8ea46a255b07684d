"""Adapter for torch: an ``autograd.Function``, an ``nn.Module`` or any callable of tensors.

Arrays are passed in and out as NumPy arrays. In between they are tensors of the given device and dtype,
with the memory layout of the array, including strides, gaps and shared entries.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.argument_descriptions import argument_names, described
from handgrad.gradcheck.adapters.nested_arrays import leaves as nested
from handgrad.gradcheck.adapters.nested_arrays import rebuilt
from handgrad.gradcheck.adapters.torch_autograd_function import (
    gradients_of_function,
    is_autograd_function,
    is_rejected_gradient,
    unwrapped,
)
from handgrad.gradcheck.adapters.torch_tensors import (
    array_of,
    dtype_name,
    is_real,
    is_tensor,
    outputs_of,
    tensor_of,
)
from handgrad.gradcheck.engine.code_under_test import Library, Outputs, Point
from handgrad.languages import Text

NO_TENSOR = Text(
    zh="没有可以求导的输入：至少要有一个浮点张量，收到的是 {received}。",
    en="There is nothing to differentiate: at least one input must be a tensor of floats; "
    "got {received}. Try torch.randn(4, 5, dtype=torch.float64).",
)
IN_PLACE = Text(
    zh="forward 原地改写了输入，而 torch 不允许改写叶张量。请传入副本：handgrad.check(lambda x: f(x.clone()), x)。",
    en="forward writes into its input, which torch does not allow for a leaf tensor. Pass a copy: "
    "handgrad.check(lambda x: f(x.clone()), x).",
)
NO_BACKWARD = Text(
    zh="要检查的 torch.autograd.Function 必须有静态方法 backward(ctx, dout)，但它没有。",
    en="The torch.autograd.Function to check must have a static method backward(ctx, dout); it has none.",
)


@dataclass
class ForwardGraph:
    """One forward, with its graph.

    Attributes:
        leaves: the tensors with a gradient, by name.
        outputs: the tensors of floats that forward returned.
    """

    leaves: dict[str, torch.Tensor]
    outputs: tuple[torch.Tensor, ...]

    def backward(
        self,
        douts: Sequence[torch.Tensor | None],
        *,
        keeps_graph: bool = False,
    ) -> dict[str, torch.Tensor | None]:
        """The gradients by name; None if the graph does not reach the leaf.

        Args:
            douts: the upstream gradient of each output, None for an unused output.
            keeps_graph: whether another backward follows.
        """
        used = [
            (y, dout)
            for y, dout in zip(self.outputs, douts, strict=True)
            if dout is not None and y.requires_grad
        ]
        if not used or not self.leaves:
            return dict.fromkeys(self.leaves)
        try:
            found = torch.autograd.grad(
                [y for y, _ in used],
                list(self.leaves.values()),
                grad_outputs=[dout for _, dout in used],
                allow_unused=True,
                retain_graph=keeps_graph,
            )
        except NotImplementedError as error:
            if "custom autograd.Function" not in str(error):
                raise
            raise CheckError(NO_BACKWARD) from error
        return dict(zip(self.leaves, found, strict=True))


@dataclass(frozen=True, eq=False)
class TorchUnderTest:
    """Differentiable torch code at an input point.

    Attributes:
        f: a subclass of ``torch.autograd.Function``, a module, or any callable of tensors.
        arguments: name → argument of f, in order; each tensor in a dictionary or list is one
            (``batch['x']``).
        given: name → the arguments themselves.
        varied: name → the tensor that is varied, with the dtype and device to compute in.
        parameter_names: name of a parameter in the report → its name in the module.
        other_dtype: the dtype of all other tensors and buffers; None leaves them as they are.
    """

    f: Any
    arguments: Mapping[str, Any]
    given: Mapping[str, Any]
    varied: Mapping[str, torch.Tensor]
    parameter_names: Mapping[str, str] = field(default_factory=dict)
    other_dtype: torch.dtype | None = None
    stateful: bool = field(
        default=False, init=False
    )  # torch keeps the data for backward in its graph
    library: Library = field(default="torch", init=False)

    @classmethod
    def of(
        cls, f: Any, inputs: Sequence[Any], names: Sequence[str] | None = None
    ) -> TorchUnderTest:
        """The code with its arguments.

        Tensors of floats are varied: if any requires a gradient, only those that do. All other
        arguments stay fixed. The parameters of a module are varied too.

        Raises:
            CheckError: nothing can be varied.
        """
        f = unwrapped(f)
        labels = (
            tuple(names) if names else argument_names(_signature_of(f), len(inputs), _skipped(f))
        )
        given = dict(zip(labels, inputs, strict=True))
        # torch differentiates a Function only by its direct tensor arguments, not by tensors in a list.
        arguments = given if is_autograd_function(f) else _leaves_in(given)
        floating = {name: value for name, value in arguments.items() if is_real(value)}
        asked = {name: value for name, value in floating.items() if value.requires_grad}
        varied = {name: value.detach() for name, value in (asked or floating).items()}
        parameter_names: dict[str, str] = {}
        if isinstance(f, torch.nn.Module):
            for name, value in f.named_parameters():
                if value.requires_grad:
                    label = name if name not in arguments else f"{name} (parameter)"
                    parameter_names[label] = name
                    varied[label] = value.detach()
        if not varied:
            received = ", ".join(map(described, inputs)) or "nothing"
            raise CheckError(NO_TENSOR.format(received=received))
        return cls(f, arguments, given, varied, parameter_names)

    @property
    def name(self) -> str:
        """Its name in the report."""
        return str(getattr(self.f, "__name__", None) or type(self.f).__name__)

    @property
    def point(self) -> dict[str, NDArray[Any]]:
        """The varied arrays."""
        return {name: array_of(value) for name, value in self.varied.items()}

    @property
    def gradient_names(self) -> dict[str, str]:
        """Gradients have the names of torch: ``x.grad``."""
        return {name: f"{name}.grad" for name in self.varied}

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of a module."""
        return tuple(self.parameter_names)

    @property
    def fixed_arrays(self) -> dict[str, NDArray[Any]]:
        """The other tensors among the arguments."""
        return {
            name: array_of(value)
            for name, value in self.arguments.items()
            if name not in self.varied and isinstance(value, torch.Tensor) and value.ndim
        }

    def with_arrays(self, point: Point, fixed_arrays: Point) -> TorchUnderTest:
        """The same code with other tensors."""
        varied = {name: tensor_of(point[name], like) for name, like in self.varied.items()}
        others = {
            name: torch.from_numpy(np.array(array)).to(self.arguments[name])
            for name, array in fixed_arrays.items()
        }
        return replace(self, varied=varied, arguments={**self.arguments, **others})

    @property
    def dtype(self) -> str:
        """The coarsest dtype of what is varied."""
        coarsest = max(self.varied.values(), key=lambda value: torch.finfo(value.dtype).eps)
        return dtype_name(coarsest.dtype)

    @property
    def source_files(self) -> tuple[str, ...]:
        """The file in which it is written, if in Python."""
        target = self.f if isinstance(self.f, type) else _signature_of(self.f)
        try:
            file = inspect.getsourcefile(target)
        except (OSError, TypeError):  # typed at a prompt; built in
            file = None
        return () if file is None else (file,)

    def new_instance(self) -> TorchInstance:
        """The code with a new graph."""
        return TorchInstance(self)

    def computing_in(self, dtype: str) -> TorchUnderTest | None:
        """The same code with tensors of another dtype; None if forward refuses them."""
        kind = getattr(torch, dtype, None)
        if not isinstance(kind, torch.dtype):
            return None
        varied = {name: value.to(kind) for name, value in self.varied.items()}
        other = replace(self, varied=varied, other_dtype=kind)
        try:
            with torch.no_grad():
                outputs = outputs_of(other.called_with(varied))
        except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError, CheckError):
            return None
        return other if all(y.dtype == kind for y in outputs) else None

    def leaves(self, point: Point) -> dict[str, torch.Tensor]:
        """New tensors of these arrays, with the given dtypes and devices."""
        return {name: tensor_of(point[name], like) for name, like in self.varied.items()}

    def run(
        self, leaves: Mapping[str, torch.Tensor], wanted: Sequence[str] | None = None
    ) -> ForwardGraph:
        """Run forward, with a graph for the wanted leaves (all by default)."""
        asked = set(leaves if wanted is None else wanted)
        for name, leaf in leaves.items():
            leaf.requires_grad_(name in asked)
        try:
            with torch.enable_grad():
                result = self.called_with(leaves)
        except RuntimeError as error:
            if "leaf Variable" not in str(error):
                raise
            raise CheckError(IN_PLACE) from error
        return ForwardGraph(
            {name: leaves[name] for name in leaves if name in asked}, outputs_of(result)
        )

    def called_with(self, leaves: Mapping[str, torch.Tensor]) -> Any:
        """What f returns for these tensors instead of the given ones."""
        kept = {name: self._kept(value) for name, value in self.arguments.items()} | dict(leaves)
        arguments = [rebuilt(value, name, kept) for name, value in self.given.items()]
        if is_autograd_function(self.f):
            return self.f.apply(*arguments)
        if not isinstance(self.f, torch.nn.Module):
            return self.f(*arguments)
        # The buffers of a module (running means) are copied, so that calls do not affect each other.
        state = {name: self._kept(buffer.clone()) for name, buffer in self.f.named_buffers()}
        state |= {name: self._kept(value.detach()) for name, value in self.f.named_parameters()}
        state |= {name: leaves[label] for label, name in self.parameter_names.items()}
        return torch.func.functional_call(self.f, state, tuple(arguments))

    def _kept(self, value: Any) -> Any:
        return (
            value.to(self.other_dtype) if self.other_dtype is not None and is_real(value) else value
        )


class TorchInstance:
    """One forward of a `TorchUnderTest`, and backward through its graph as often as asked."""

    def __init__(self, subject: TorchUnderTest) -> None:
        self._subject = subject
        self._run: ForwardGraph | None = None

    def forward(self, point: Point) -> Outputs:
        """Run forward and keep its graph; complex numbers are used only in forward and need none."""
        leaves = self._subject.leaves(point)
        if any(leaf.is_complex() for leaf in leaves.values()):
            with torch.no_grad():
                return tuple(map(array_of, outputs_of(self._subject.called_with(leaves))))
        self._run = self._subject.run(leaves)
        return tuple(array_of(y) for y in self._run.outputs)

    def backward(self, dout: Outputs) -> dict[str, NDArray[Any] | None]:
        """Run backward through the graph of the last forward."""
        if self._run is None:
            raise CheckError(
                Text(
                    zh="调用 backward 之前必须先调用 forward。",
                    en="forward must be called before backward.",
                )
            )
        douts = [tensor_of(d, y) for d, y in zip(dout, self._run.outputs, strict=True)]
        try:
            found = self._run.backward(douts, keeps_graph=True)
        except (RuntimeError, TypeError) as error:
            f, given = self._subject.f, self._subject.given
            if not (is_autograd_function(f) and is_rejected_gradient(error)):
                raise
            every = gradients_of_function(f, self._run.outputs[0], douts, tuple(given))
            found = {name: every[name] for name in self._run.leaves}
        return {name: None if g is None else array_of(g) for name, g in found.items()}


def _leaves_in(given: Mapping[str, Any]) -> dict[str, Any]:
    return dict(leaf for name, value in given.items() for leaf in nested(value, name, is_tensor))


def _signature_of(f: Any) -> Callable[..., Any]:
    target: Callable[..., Any] = (
        f.forward if is_autograd_function(f) or isinstance(f, torch.nn.Module) else f
    )
    return target


def _skipped(f: Any) -> int:
    """How many arguments of forward are not the caller's: one if forward takes ctx."""
    combined = is_autograd_function(f) and f.setup_context is torch.autograd.Function.setup_context
    return 1 if combined else 0
