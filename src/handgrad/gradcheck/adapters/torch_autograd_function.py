"""A ``torch.autograd.Function`` by itself: which is meant, and what its backward returns.

torch looks at the number of gradients and at their shapes before anybody sees a number, and ends the
whole backward. Called by itself, its gradients are judged like those of any other code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.argument_descriptions import described
from handgrad.languages import Text

REFUSALS = ("invalid gradient", "incorrect number of gradients", "expected Variable or None")
"""In what torch says of gradients that it does not take."""
NOT_ONE_EACH = Text(
    zh="backward 必须为 forward 的每个参数返回一个梯度（{names}），不需要梯度的写 None；收到的是 {received}。",
    en="backward must return one gradient for each argument of forward ({names}), None where none is "
    "needed; got {received}.",
)
NO_FUNCTION = Text(
    zh="输入是张量时，要检查的必须是 torch.autograd.Function、模块或函数；收到的是 {received}。",
    en="With tensors as inputs, what is checked must be a torch.autograd.Function, a module or a "
    "function; got {received}.",
)
NUMPY_LAYER = Text(
    zh="{kind} 自己有 forward 和 backward，这样的对象要用 NumPy 数组来检查：传入 x.numpy()。"
    "用张量计算的代码请写成 torch.autograd.Function。",
    en="{kind} has forward and backward of its own, and such an object is checked with arrays of "
    "NumPy: pass x.numpy(). What computes with tensors is checked as a torch.autograd.Function.",
)
NO_TENSOR = Text(
    zh="{name} 的梯度必须是张量，收到的是 {received}。",
    en="the gradient of {name} must be a tensor; got {received}.",
)


def is_autograd_function(f: Any) -> bool:
    """Whether it is a Function of torch's, the class."""
    return isinstance(f, type) and issubclass(f, torch.autograd.Function)


def unwrapped(f: Any) -> Any:
    """A Function by whatever name: ``F.apply`` and ``F()`` are F.

    Raises:
        CheckError: it cannot be called with tensors.
    """
    if isinstance(f, torch.autograd.Function):
        return type(f)
    owner = getattr(f, "__self__", None)
    if is_autograd_function(owner) and getattr(f, "__name__", "") == "apply":
        return owner
    if not callable(f):
        kind = type(f).__name__
        if callable(getattr(f, "forward", None)) and callable(getattr(f, "backward", None)):
            raise CheckError(NUMPY_LAYER.format(kind=kind))
        raise CheckError(NO_FUNCTION.format(received=described(f)))
    return f


def is_rejected_gradient(error: Exception) -> bool:
    """Whether torch ended a backward for what a Function returned."""
    return any(words in str(error) for words in REFUSALS)


def gradients_of_function(
    f: type[torch.autograd.Function],
    output: torch.Tensor,
    douts: Sequence[torch.Tensor],
    names: Sequence[str],
) -> dict[str, torch.Tensor | None]:
    """The gradient of every argument as the Function's own backward returns it.

    Args:
        f: the Function.
        output: one of its outputs: the node of the graph that made it is the ``ctx``.
        douts: the upstream gradients.
        names: of forward's arguments.

    Raises:
        CheckError: there is not one tensor or None for each argument.
    """
    context: Any = output.grad_fn
    with torch.no_grad():  # as in any backward
        returned: Any = f.backward(context, *douts)
    parts = returned if isinstance(returned, tuple) else (returned,)
    if len(parts) != len(names):
        received = described(returned)
        raise CheckError(NOT_ONE_EACH.format(names=", ".join(names), received=received))
    for name, part in zip(names, parts, strict=True):
        if part is not None and not isinstance(part, torch.Tensor):
            raise CheckError(NO_TENSOR.format(name=name, received=described(part)))
    return dict(zip(names, parts, strict=True))
