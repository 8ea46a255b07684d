"""Calls the backward of a ``torch.autograd.Function`` directly.

Torch verifies the number of gradients and their shapes, and aborts the whole backward. Called directly,
the gradients are judged like those of any other code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.argument_descriptions import described
from handgrad.languages import Text

REFUSALS = ("invalid gradient", "incorrect number of gradients", "expected Variable or None")
"""Parts of torch's messages about gradients that it rejects."""
NOT_ONE_EACH = Text(
    zh="backward 必须为 forward 的每个参数返回一个梯度（{names}），不需要梯度的写 None；收到的是 {received}。",
    en="backward must return one gradient for each argument of forward ({names}), None where none is "
    "needed; got {received}.",
)
NO_FUNCTION = Text(
    zh="输入是张量时，要检查的代码必须是 torch.autograd.Function、模块或函数；收到的是 {received}。",
    en="With tensors as inputs, the code to check must be a torch.autograd.Function, a module or a "
    "function; got {received}.",
)
NUMPY_LAYER = Text(
    zh="{kind} 有自己的 forward 和 backward，这样的对象要用 NumPy 数组检查：请传入 x.numpy()。"
    "用张量计算的代码请写成 torch.autograd.Function。",
    en="{kind} has its own forward and backward; such an object is checked with NumPy arrays: pass "
    "x.numpy(). Write code that computes with tensors as a torch.autograd.Function.",
)
NO_TENSOR = Text(
    zh="{name} 的梯度必须是张量，收到的是 {received}。",
    en="The gradient of {name} must be a tensor; got {received}.",
)


def is_autograd_function(f: Any) -> bool:
    """Whether it is a subclass of ``torch.autograd.Function``."""
    return isinstance(f, type) and issubclass(f, torch.autograd.Function)


def unwrapped(f: Any) -> Any:
    """The Function itself, given ``F``, ``F.apply`` or ``F()``; other callables as they are.

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
    """Whether torch rejected the gradients that a Function returned."""
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
        output: one of its outputs; the graph node that made it is the ``ctx``.
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
