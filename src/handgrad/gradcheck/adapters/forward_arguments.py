"""The arguments of forward: their names, and which of them are varied."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.argument_descriptions import described
from handgrad.gradcheck.adapters.nested_arrays import gradients, holds, leaves, rebuilt
from handgrad.gradcheck.engine.code_under_test import Array, Point
from handgrad.languages import Text

NUMPY_TYPES = ("float16", "float32", "float64", "complex128")
"""Types in which NumPy code may be asked to compute."""


@dataclass(frozen=True, eq=False)
class ForwardArguments:
    """The positional arguments of forward. One may hold several arrays: a dictionary, a list.

    Attributes:
        names: one for each argument.
        values: as given; floats and lists of floats become arrays.
        varied: the names of the arrays of real numbers among them; labels, flags and other arguments
            stay as they are.
    """

    names: tuple[str, ...]
    values: tuple[Any, ...]
    varied: tuple[str, ...]

    @classmethod
    def of(
        cls, forward: Callable[..., Any], inputs: Sequence[Any], names: Sequence[str] | None
    ) -> ForwardArguments:
        """The arguments `inputs` of `forward`, under the given names or those of its signature.

        Raises:
            CheckError: an input is complex, or there are more or fewer names than inputs.
        """
        chosen = tuple(names) if names is not None else _names_in_signature(forward, len(inputs))
        if len(chosen) != len(inputs) or len(set(chosen)) != len(chosen):
            raise CheckError(
                Text(
                    zh="names 必须给每个输入一个不同的名字：有 {inputs} 个输入，收到的名字是 {names}。",
                    en="names must give each input a name of its own: there are {inputs} inputs; "
                    "got {names}.",
                ).format(inputs=len(inputs), names=list(chosen))
            )
        values = tuple(_as_numbers(v, name) for v, name in zip(inputs, chosen, strict=True))
        arguments = cls(chosen, values, ())
        varied = tuple(n for n, v in arguments._leaves.items() if is_real(v))
        return replace(arguments, varied=varied)

    @property
    def _leaves(self) -> dict[str, Any]:
        """Every array by name, also inside containers, and every argument without arrays."""
        both = zip(self.values, self.names, strict=True)
        return dict(leaf for value, name in both for leaf in leaves(value, name, _is_array))

    def point(self) -> dict[str, Array]:
        """The varied arrays by name."""
        return {name: value for name, value in self._leaves.items() if name in self.varied}

    def fixed_arrays(self) -> dict[str, Array]:
        """The other arrays by name."""
        return {
            name: value
            for name, value in self._leaves.items()
            if name not in self.varied and _is_array(value) and value.ndim
        }

    def with_fixed_arrays(self, arrays: Point) -> ForwardArguments:
        """The same arguments with other arrays instead of those that are not varied."""
        return replace(self, values=tuple(self.at(arrays)))

    def at(self, point: Point) -> list[Any]:
        """All arguments in order, the varied arrays taken from `point`."""
        both = zip(self.values, self.names, strict=True)
        return [rebuilt(value, name, point) for value, name in both]

    def gradients(self, returned: object) -> dict[str, object]:
        """What backward returned for each varied array; None if there is nothing.

        A single array is the gradient of the first argument: a loss returns none for its targets.
        """
        values = dict(zip(self.names, self.values, strict=True))
        found: dict[str, object] = {}
        for name, part in self._parts(returned, tuple(filter(self._is_varied, values))).items():
            found |= gradients(part, values[name], name)
        return {name: found.get(name) for name in self.varied}

    def _parts(self, returned: object, asked: tuple[str, ...]) -> dict[str, object]:
        """The part that belongs to each argument with varied arrays."""
        several = isinstance(returned, (tuple, list))
        parts = list(returned) if isinstance(returned, (tuple, list)) else [returned]
        if len(asked) == 1 and not (several and len(parts) == len(self.names) > 1):
            return {asked[0]: returned}
        order = self.names if len(parts) == len(self.names) else asked
        return dict(zip(order, parts, strict=False))

    def _is_varied(self, name: str) -> bool:
        return any(one == name or one.startswith(f"{name}[") for one in self.varied)


def _is_array(value: object) -> bool:
    return isinstance(value, np.ndarray)


def is_real(value: object) -> bool:
    """Whether a value is an array of real floating-point numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def outputs_of(returned: object) -> tuple[Array, ...]:
    """What forward returned, as arrays.

    Raises:
        CheckError: it is nothing, or not an array of numbers.
    """
    if returned is None:
        raise CheckError(
            Text(
                zh="forward 必须返回数组或数组的元组，但它什么也没有返回。是不是忘了写 return？",
                en="forward must return an array or a tuple of arrays; it returned nothing. Check that "
                "it has a return statement.",
            )
        )
    parts = returned if isinstance(returned, (tuple, list)) else (returned,)
    arrays = tuple(np.asarray(part) for part in parts)
    if not arrays or any(array.dtype.kind not in "fciub" for array in arrays):
        raise CheckError(
            Text(
                zh="forward 必须返回数组，或数组的元组；收到的是 {kind}。",
                en="forward must return an array, or a tuple of arrays; got {kind}.",
            ).format(kind=described(returned))
        )
    return arrays


def _names_in_signature(forward: Callable[..., Any], count: int) -> tuple[str, ...]:
    try:
        parameters = list(inspect.signature(forward).parameters.values())
    except (TypeError, ValueError):  # a function of C has none
        parameters = []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [parameter.name for parameter in parameters if parameter.kind in kinds][:count]
    spare = ["x"] if count == 1 else [f"x{number}" for number in range(count)]
    return tuple(names + spare[len(names) :])


def _as_numbers(value: Any, name: str) -> Any:
    """Numbers as an array; containers of arrays and other values stay as they are."""
    if isinstance(value, (float, np.floating)):
        return np.asarray(value)
    if isinstance(value, (list, tuple)) and not holds(value, _is_array):
        try:
            array = np.asarray(value)
        except ValueError:  # lists of different lengths
            return value
        return array if array.dtype.kind in "fiub" else value
    if isinstance(value, (np.ma.MaskedArray, np.matrix)):
        raise CheckError(
            Text(
                zh="{name} 必须是普通的 NumPy 数组，收到的是 {kind}。请先转换，例如 np.asarray({name})，"
                "把掩码作为单独的参数传入。",
                en="{name} must be a plain NumPy array; got {kind}. Convert it first, for example with "
                "np.asarray({name}), and pass a mask as a separate argument.",
            ).format(name=name, kind=type(value).__name__)
        )
    if isinstance(value, np.ndarray) and value.dtype.kind == "c":
        raise CheckError(
            Text(
                zh="{name} 必须是实数数组，收到的是 {dtype}。复数函数的梯度没有统一的约定，因此不检查。",
                en="{name} must hold real numbers; got {dtype}. Gradients of complex arrays follow no "
                "single convention, and are not checked.",
            ).format(name=name, dtype=value.dtype)
        )
    return value


def common_dtype(point: Point) -> str:
    """The type in which code computes with these arrays."""
    return str(np.result_type(*point.values())) if point else "float64"


def converted(point: Point, dtype: str) -> dict[str, Array]:
    """The same arrays in another type."""
    return {name: array.astype(dtype) for name, array in point.items()}
