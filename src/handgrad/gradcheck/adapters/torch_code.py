"""A torch ``autograd.Function``, ``nn.Module`` or plain callable as a subject.

Arrays go in and out as NumPy; between, they are tensors of the device and dtype that were given, and
lie in memory as the array does: strides, gaps and shared entries included.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from handgrad.gradcheck.conditions.memory_layouts import span
from handgrad.gradcheck.engine.code_under_test import Library, Outputs, Point
from handgrad.languages import Text

NO_TENSOR = Text(
    zh="没有可以求导的输入：至少要有一个浮点类型的张量，收到的是 {received}。",
    en="There is nothing to differentiate: at least one input must be a tensor of floating point; "
    "got {received}. Try torch.randn(4, 5, dtype=torch.float64).",
)
IN_PLACE = Text(
    zh="forward 就地改写了它的输入，而 torch 不许改写叶张量。请先复制：handgrad.check(lambda x: f(x.clone()), x)。",
    en="forward writes into its input, which torch does not allow for a leaf. Give it a copy: "
    "handgrad.check(lambda x: f(x.clone()), x).",
)
NO_BACKWARD = Text(
    zh="要检查的 torch.autograd.Function 必须有静态方法 backward(ctx, dout)，这里没有。",
    en="A torch.autograd.Function that is checked must have a static method backward(ctx, dout); this one "
    "has none.",
)
NO_OUTPUT = Text(
    zh="forward 必须返回浮点类型的张量，收到的是 {received}。",
    en="forward must return a tensor of floating point, or several; got {received}.",
)


def tensor_of(array: NDArray[Any], like: torch.Tensor) -> torch.Tensor:
    """A new tensor of `like`'s dtype and device that lies in memory as `array` does.

    >>> rows = np.broadcast_to(np.array([1.0, 2.0]), (3, 2))
    >>> tensor_of(rows, torch.zeros(1)).stride()
    (0, 1)
    """
    if any(stride < 0 or stride % array.dtype.itemsize for stride in array.strides):
        array = np.ascontiguousarray(array)  # torch has no such strides
    vector, strides = span(array)
    memory = torch.from_numpy(np.array(vector)).to(device=like.device, dtype=like.dtype)
    return torch.as_strided(memory, array.shape, strides)


def array_of(tensor: torch.Tensor) -> NDArray[Any]:
    """The numbers of a tensor; what NumPy has no type for (bfloat16) becomes float32."""
    plain = tensor.detach().cpu().resolve_conj().resolve_neg()
    if plain.dtype == torch.bfloat16:
        plain = plain.float()
    return np.array(plain.numpy())


def dtype_name(dtype: torch.dtype) -> str:
    """How a report calls a dtype.

    >>> dtype_name(torch.bfloat16)
    'bfloat16'
    """
    return str(dtype).removeprefix("torch.")


def is_real(value: object) -> bool:
    """Whether it is a tensor of floating point."""
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _leaves_of(result: Any) -> Iterator[Any]:
    if isinstance(result, Mapping):
        result = list(result.values())
    if isinstance(result, (tuple, list)):
        for one in result:
            yield from _leaves_of(one)
    else:
        yield result


def outputs_of(result: Any) -> tuple[torch.Tensor, ...]:
    """The tensors of a result that a gradient can flow back from.

    Raises:
        CheckError: there is none.
    """
    found = tuple(
        one
        for one in _leaves_of(result)
        if isinstance(one, torch.Tensor) and (one.is_floating_point() or one.is_complex())
    )
    if not found:
        raise CheckError(NO_OUTPUT.format(received=described(result)))
    return found


@dataclass
class ForwardGraph:
    """One forward with the graph it left.

    Attributes:
        leaves: by name, the tensors that gradients are asked for.
        outputs: what forward returned, as far as it is of floating point.
    """

    leaves: dict[str, torch.Tensor]
    outputs: tuple[torch.Tensor, ...]

    def backward(
        self,
        douts: Sequence[torch.Tensor | None],
        *,
        keeps_graph: bool = False,
    ) -> dict[str, torch.Tensor | None]:
        """The gradients by name; None where the graph does not reach the leaf.

        Args:
            douts: for each output its upstream gradient, None for an output that nobody uses.
            keeps_graph: whether another backward is to follow.
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
    """A differentiable piece of torch, at a point.

    Attributes:
        f: a subclass of ``torch.autograd.Function``, a module, or any callable of tensors.
        arguments: name → what f is called with, in order; of a dictionary or a list that holds
            tensors each of them (``batch['x']``).
        given: name → the arguments themselves.
        models: name → the tensor that is varied, of the dtype and device to compute in.
        owned: name of a parameter → the module's own name of it.
        kept_in: the dtype of every other tensor and buffer, None to leave them as they are.
    """

    f: Any
    arguments: Mapping[str, Any]
    given: Mapping[str, Any]
    varied: Mapping[str, torch.Tensor]
    parameter_names: Mapping[str, str] = field(default_factory=dict)
    other_dtype: torch.dtype | None = None

    @classmethod
    def of(
        cls, f: Any, inputs: Sequence[Any], names: Sequence[str] | None = None
    ) -> TorchUnderTest:
        """The subject of a function and its arguments.

        Tensors of floating point are varied: only those that require a gradient, if any does. All
        else is passed on as it is. A module's parameters are varied too.

        Raises:
            CheckError: nothing can be varied.
        """
        f = unwrapped(f)
        labels = (
            tuple(names) if names else argument_names(_signature_of(f), len(inputs), _skipped(f))
        )
        given = dict(zip(labels, inputs, strict=True))
        # A Function is told of the tensors that it is called with, and not of what a list holds.
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
        """How a report calls it."""
        return str(getattr(self.f, "__name__", None) or type(self.f).__name__)

    @property
    def point(self) -> dict[str, NDArray[Any]]:
        """The arrays at which it was given."""
        return {name: array_of(value) for name, value in self.varied.items()}

    @property
    def gradient_names(self) -> dict[str, str]:
        """A gradient is called as torch calls it: ``x.grad``."""
        return {name: f"{name}.grad" for name in self.varied}

    @property
    def parameters(self) -> tuple[str, ...]:
        """The module's own."""
        return tuple(self.parameter_names)

    @property
    def fixed_arrays(self) -> dict[str, NDArray[Any]]:
        """The other tensors it is called with."""
        return {
            name: array_of(value)
            for name, value in self.arguments.items()
            if name not in self.varied and isinstance(value, torch.Tensor) and value.ndim
        }

    def with_arrays(self, point: Point, fixed_arrays: Point) -> TorchUnderTest:
        """The same code called with other tensors."""
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
    def library(self) -> Library:
        """Torch."""
        return "torch"

    @property
    def stateful(self) -> bool:
        """Torch keeps what a backward needs in the graph of its own forward."""
        return False

    @property
    def source_files(self) -> tuple[str, ...]:
        """Where it is written, if in Python."""
        target = self.f if isinstance(self.f, type) else _signature_of(self.f)
        try:
            file = inspect.getsourcefile(target)
        except TypeError:
            file = None
        return () if file is None else (file,)

    def new_instance(self) -> TorchInstance:
        """A fresh graph."""
        return TorchInstance(self)

    def computing_in(self, dtype: str) -> TorchUnderTest | None:
        """The same code given tensors of another dtype; None where its forward refuses them."""
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
        """New tensors of these arrays, of the right dtype and device."""
        return {name: tensor_of(point[name], like) for name, like in self.varied.items()}

    def run(
        self, leaves: Mapping[str, torch.Tensor], wanted: Sequence[str] | None = None
    ) -> ForwardGraph:
        """Forward, with a graph for the leaves wanted (all by default)."""
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
        """What f returns for these tensors in the place of the given ones."""
        kept = {name: self._kept(value) for name, value in self.arguments.items()} | dict(leaves)
        arguments = [rebuilt(value, name, kept) for name, value in self.given.items()]
        if is_autograd_function(self.f):
            return self.f.apply(*arguments)
        if not isinstance(self.f, torch.nn.Module):
            return self.f(*arguments)
        # A module's buffers (running means) are copied, so that no call sees what another left.
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
        """Run forward and keep its graph; of complex numbers, which only forward meets, there is none."""
        leaves = self._subject.leaves(point)
        if any(leaf.is_complex() for leaf in leaves.values()):
            with torch.no_grad():
                return tuple(map(array_of, outputs_of(self._subject.called_with(leaves))))
        self._run = self._subject.run(leaves)
        return tuple(array_of(y) for y in self._run.outputs)

    def backward(self, dout: Outputs) -> dict[str, NDArray[Any] | None]:
        """Back through the last forward."""
        if self._run is None:
            raise CheckError(
                Text(
                    zh="backward 之前必须先调用 forward。",
                    en="backward goes back through a forward: call forward first.",
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


def is_tensor(value: object) -> bool:
    """Whether it is a tensor, of whatever."""
    return isinstance(value, torch.Tensor)


def _signature_of(f: Any) -> Callable[..., Any]:
    target: Callable[..., Any] = (
        f.forward if is_autograd_function(f) or isinstance(f, torch.nn.Module) else f
    )
    return target


def _skipped(f: Any) -> int:
    """How many arguments of forward are not the caller's: ctx, where forward keeps things itself."""
    combined = is_autograd_function(f) and f.setup_context is torch.autograd.Function.setup_context
    return 1 if combined else 0
