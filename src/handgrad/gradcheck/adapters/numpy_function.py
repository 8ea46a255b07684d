"""A forward function and its vector-Jacobian product, written by hand."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from handgrad.gradcheck.adapters.forward_arguments import (
    NUMPY_TYPES,
    ForwardArguments,
    common_dtype,
    converted,
    outputs_of,
)
from handgrad.gradcheck.engine.code_under_test import Library, Outputs, Point


@dataclass(frozen=True)
class Vjp:
    """A function and its gradient, to check code without classes by `handgrad.check`.

    Args:
        forward: ``forward(*inputs) → y``, or a tuple of outputs.
        backward: ``backward(dout, *inputs) → dx``, or a tuple with a gradient for each input. With
            several outputs `dout` is a tuple.
        name: its name in the report; by default forward's own name.

    >>> import numpy as np
    >>> square = Vjp(lambda x: x * x, lambda dout, x: 2 * x * dout, name="square")
    >>> square.forward(np.array([3.0]))
    array([9.])
    """

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    name: str = ""


@dataclass(frozen=True, eq=False)
class FunctionUnderTest:
    """A `Vjp` at an input point."""

    function: Vjp
    arguments: ForwardArguments
    point: Point
    parameters: tuple[str, ...] = field(default=(), init=False)
    stateful: bool = field(default=False, init=False)
    library: Library = field(default="numpy", init=False)

    @classmethod
    def of(
        cls, function: Vjp, inputs: Sequence[Any], names: Sequence[str] | None = None
    ) -> FunctionUnderTest:
        """The function at the given inputs."""
        arguments = ForwardArguments.of(function.forward, inputs, names)
        return cls(function, arguments, arguments.point())

    @property
    def name(self) -> str:
        """The name given, else that of the forward function."""
        return self.function.name or getattr(self.function.forward, "__name__", "function")

    @property
    def gradient_names(self) -> Mapping[str, str]:
        """``x`` → ``dx``."""
        return {name: f"d{name}" for name in self.arguments.varied}

    @property
    def fixed_arrays(self) -> Point:
        """The other arrays it is called with."""
        return self.arguments.fixed_arrays()

    def with_arrays(self, point: Point, fixed_arrays: Point) -> FunctionUnderTest:
        """The same function called with other arrays."""
        return replace(self, point=point, arguments=self.arguments.with_fixed_arrays(fixed_arrays))

    @property
    def dtype(self) -> str:
        """The type that NumPy's promotion rules give."""
        return common_dtype(self.point)

    @property
    def source_files(self) -> tuple[str, ...]:
        """The files of the two functions."""
        return tuple(dict.fromkeys(map(file_of, (self.function.forward, self.function.backward))))

    def new_instance(self) -> FunctionInstance:
        """The function, not yet called."""
        return FunctionInstance(self.function, self.arguments)

    def computing_in(self, dtype: str) -> FunctionUnderTest | None:
        """The same function with arrays of another type; None if NumPy has no such type."""
        if dtype not in NUMPY_TYPES:
            return None
        return replace(self, point=converted(self.point, dtype))


class FunctionInstance:
    """A function and the inputs it was last called with."""

    def __init__(self, function: Vjp, arguments: ForwardArguments) -> None:
        self._function = function
        self._arguments = arguments
        self._given: list[Any] = []
        self._gave_one = True

    def forward(self, point: Point) -> Outputs:
        """Call forward."""
        self._given = self._arguments.at(point)
        returned = self._function.forward(*self._given)
        self._gave_one = not isinstance(returned, (tuple, list))
        return outputs_of(returned)

    def backward(self, dout: Outputs) -> Mapping[str, object]:
        """Call backward with the inputs of the last forward."""
        upstream = dout[0] if self._gave_one else tuple(dout)
        return self._arguments.gradients(self._function.backward(upstream, *self._given))


def file_of(thing: object) -> str:
    """The file in which a function or class is written; empty if unknown."""
    try:
        return inspect.getsourcefile(inspect.unwrap(thing)) or ""  # type: ignore[arg-type]
    except (OSError, TypeError):  # typed at a prompt; built in, or an instance
        return ""
