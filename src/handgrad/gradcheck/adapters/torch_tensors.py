"""Converts between torch tensors and NumPy arrays, keeping the memory layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.argument_descriptions import described
from handgrad.gradcheck.conditions.memory_layouts import span
from handgrad.languages import Text

NO_OUTPUT = Text(
    zh="forward 必须返回浮点张量，收到的是 {received}。",
    en="forward must return one or more tensors of floats; got {received}.",
)


def tensor_of(array: NDArray[Any], like: torch.Tensor) -> torch.Tensor:
    """A new tensor of `like`'s dtype and device with the memory layout of `array`.

    >>> rows = np.broadcast_to(np.array([1.0, 2.0]), (3, 2))
    >>> tensor_of(rows, torch.zeros(1)).stride()
    (0, 1)
    """
    if any(stride < 0 or stride % array.dtype.itemsize for stride in array.strides):
        array = np.ascontiguousarray(array)  # torch does not support such strides
    vector, strides = span(array)
    memory = torch.from_numpy(np.array(vector)).to(device=like.device, dtype=like.dtype)
    return torch.as_strided(memory, array.shape, strides)


def array_of(tensor: torch.Tensor) -> NDArray[Any]:
    """A tensor as a NumPy array; bfloat16, which NumPy lacks, becomes float32."""
    plain = tensor.detach().cpu().resolve_conj().resolve_neg()
    if plain.dtype == torch.bfloat16:
        plain = plain.float()
    return np.array(plain.numpy())


def dtype_name(dtype: torch.dtype) -> str:
    """The name of a dtype in the report.

    >>> dtype_name(torch.bfloat16)
    'bfloat16'
    """
    return str(dtype).removeprefix("torch.")


def is_real(value: object) -> bool:
    """Whether it is a tensor of floats."""
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
    """The tensors of floats in a result.

    Raises:
        CheckError: there are none.
    """
    found = tuple(
        one
        for one in _leaves_of(result)
        if isinstance(one, torch.Tensor) and (one.is_floating_point() or one.is_complex())
    )
    if not found:
        raise CheckError(NO_OUTPUT.format(received=described(result)))
    return found


def is_tensor(value: object) -> bool:
    """Whether it is a tensor of any type."""
    return isinstance(value, torch.Tensor)
