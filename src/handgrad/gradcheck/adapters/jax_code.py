"""Adapter for a JAX function: a ``custom_vjp``, or any function with its vjp.

JAX computes in float32 unless ``jax_enable_x64`` is set. Without it a float64 array becomes float32, and
the report says so. Arguments may be pytrees; each leaf is an array with its own gradient. JAX arrays
have no strides and cannot be written in place, so those conditions are not checked.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.argument_descriptions import argument_names, described
from handgrad.gradcheck.adapters.jax_custom_vjp import (
    gradients_of_rule,
    rejection_error,
    require_backward_rule,
)
from handgrad.gradcheck.engine.code_under_test import Library, Outputs, Point
from handgrad.languages import Text

NO_ARRAY = Text(
    zh="没有可以求导的输入：至少要有一个浮点数组，收到的是 {received}。",
    en="There is nothing to differentiate: at least one input must be an array of floats; "
    "got {received}. Try jnp.asarray(x, dtype=float).",
)
NO_FUNCTION = Text(
    zh="输入是 JAX 数组时，要检查的代码必须是函数，收到的是 {received}。",
    en="With JAX arrays as inputs, the code to check must be a function; got {received}.",
)
NO_OUTPUT = Text(
    zh="函数必须返回浮点数组，收到的是 {received}。",
    en="The function must return one or more arrays of floats; got {received}.",
)
Arrays = dict[str, NDArray[Any]]


def array_of(value: Any) -> NDArray[Any]:
    """A JAX array as a NumPy array; bfloat16, which NumPy lacks, becomes float32."""
    if jnp.issubdtype(value.dtype, jnp.floating) and value.dtype.itemsize < 4:
        value = value.astype(jnp.float32)
    return np.array(value)


def is_real(value: object) -> bool:
    """Whether it is a JAX or NumPy array of floats."""
    return _is_array_of(value, jnp.floating)


def is_inexact(value: object) -> bool:
    """Whether it is an array of floats, or of complex numbers as in a complex step."""
    return _is_array_of(value, jnp.inexact)


def is_numbers(value: object) -> bool:
    """Whether it is an array of numbers or booleans."""
    return _is_array_of(value, jnp.number, jnp.bool_)


def _is_array_of(value: object, *kinds: Any) -> bool:
    return isinstance(value, (jax.Array, np.ndarray)) and any(
        jnp.issubdtype(value.dtype, kind) for kind in kinds
    )


@dataclass(frozen=True, eq=False)
class JaxUnderTest:
    """A differentiable JAX function at an input point.

    Attributes:
        f: the function.
        arguments: name → argument, in order; each leaf of a pytree is one, named by the expression
            that reads it (``params['W']``).
        structure: how the arguments are built from these leaves.
        labels: the names of the arguments themselves.
        varied: name → the array that is varied, with the dtype to compute in.
        other_dtype: the dtype of all other arrays of floats; None leaves them as they are.
        is_compiled: whether forward and its vjp are each compiled as a whole, which is faster at new
            shapes than compiling every operation separately.
    """

    f: Callable[..., Any]
    arguments: Mapping[str, Any]
    structure: Any
    labels: tuple[str, ...]
    varied: Mapping[str, Any]
    other_dtype: str | None = None
    is_compiled: bool = False
    parameters: tuple[str, ...] = field(default=(), init=False)
    stateful: bool = field(default=False, init=False)
    library: Library = field(default="jax", init=False)

    @classmethod
    def of(
        cls, f: object, inputs: Sequence[Any], names: Sequence[str] | None = None
    ) -> JaxUnderTest:
        """The function with its arguments; arrays of floats are varied.

        An argument may be a pytree: a dictionary of parameters, a list of them.

        Raises:
            CheckError: it is not a function, or nothing can be varied.
        """
        if not callable(f):
            raise CheckError(NO_FUNCTION.format(received=type(f).__name__))
        require_backward_rule(f)
        labels = tuple(names) if names else argument_names(f, len(inputs))
        leaves, structure = jax.tree_util.tree_flatten_with_path(tuple(inputs))
        arguments = {
            labels[path[0].idx] + jax.tree_util.keystr(path[1:]): leaf for path, leaf in leaves
        }
        varied = {name: jnp.asarray(one) for name, one in arguments.items() if is_real(one)}
        if not varied:
            received = ", ".join(map(described, inputs)) or "nothing"
            raise CheckError(NO_ARRAY.format(received=received))
        return cls(f, arguments, structure, labels, varied)

    @property
    def name(self) -> str:
        """Its name in the report."""
        return str(getattr(self.f, "__name__", None) or type(self.f).__name__)

    @property
    def point(self) -> Arrays:
        """The varied arrays."""
        return {name: array_of(value) for name, value in self.varied.items()}

    @property
    def gradient_names(self) -> dict[str, str]:
        """The gradient of x is called dx."""
        return {name: f"d{name}" for name in self.varied}

    @property
    def fixed_arrays(self) -> Arrays:
        """The other arrays of numbers among the arguments, without random keys."""
        return {
            name: array_of(value)
            for name, value in self.arguments.items()
            if name not in self.varied and is_numbers(value) and value.ndim
        }

    def with_arrays(self, point: Point, fixed_arrays: Point) -> JaxUnderTest:
        """The same function called with other arrays."""
        others = {
            name: jnp.asarray(array, dtype=self.arguments[name].dtype)
            for name, array in fixed_arrays.items()
        }
        return replace(self, varied=self.values(point), arguments={**self.arguments, **others})

    @property
    def dtype(self) -> str:
        """The coarsest dtype of what is varied."""
        return str(max(self.varied.values(), key=lambda one: float(jnp.finfo(one.dtype).eps)).dtype)

    @property
    def source_files(self) -> tuple[str, ...]:
        """The file in which it is written, if in Python."""
        try:
            file = inspect.getsourcefile(inspect.unwrap(self.f))
        except (OSError, TypeError):  # typed at a prompt; built in
            file = None
        return () if file is None else (file,)

    def new_instance(self) -> JaxInstance:
        """The function, not yet called."""
        return JaxInstance(self)

    def computing_in(self, dtype: str) -> JaxUnderTest | None:
        """The same code with arrays of another dtype; None if JAX or the function refuses it.

        Without ``jax_enable_x64`` JAX has no float64, and no complex128.
        """
        if jax.dtypes.canonicalize_dtype(dtype) != jnp.dtype(dtype):
            return None
        varied = {name: value.astype(dtype) for name, value in self.varied.items()}
        other = replace(self, varied=varied, other_dtype=dtype)
        try:
            outputs = other.outputs(varied)
        except (TypeError, ValueError, NotImplementedError, CheckError):
            return None
        return other if all(y.dtype == jnp.dtype(dtype) for y in outputs) else None

    def values(self, arrays: Point) -> dict[str, Any]:
        """JAX arrays of the dtypes that were given."""
        return {
            name: jnp.asarray(arrays[name], dtype=like.dtype) for name, like in self.varied.items()
        }

    def outputs(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arrays of floats that the function returns, as a flat tuple."""
        result = self.f(*self._arguments_with(values))
        found = tuple(y for y in jax.tree_util.tree_leaves(result) if is_inexact(y))
        if not found:
            raise CheckError(NO_OUTPUT.format(received=described(result)))
        return found

    def compiled(self) -> JaxUnderTest | None:
        """The same function compiled as a whole; None if that is not possible."""
        other = replace(self, is_compiled=True)
        try:
            other.forward(self.point)
        except (TypeError, ValueError, NotImplementedError):  # its control flow depends on values
            return None
        return other

    def forward(self, arrays: Point) -> Outputs:
        """The outputs of the function."""
        return tuple(map(array_of, self._forward(self.values(arrays))))

    def gradients_at(self, arrays: Point, douts: Outputs) -> Arrays:
        """The gradients by name, by the function's own vjp.

        Raises:
            CheckError: JAX rejects a rule, and the gradients cannot be computed without JAX.
        """
        values, upstream = self.values(arrays), tuple(jnp.asarray(dout) for dout in douts)
        try:
            found = self._gradients(values, upstream)
        except (TypeError, ValueError) as error:
            refused = rejection_error(self.name, error)
            if refused is None:
                raise
            if not isinstance(self.f, jax.custom_vjp):
                raise refused from error
            found = self._gradients_of_rule(values, upstream)
        return {name: array_of(gradient) for name, gradient in found.items()}

    def _gradients_of_rule(
        self, values: Mapping[str, Any], upstream: Sequence[Any]
    ) -> dict[str, Any]:
        """The gradients that the rule of a ``custom_vjp`` returns, without JAX's verification."""
        given = gradients_of_rule(self.f, self._arguments_with(values), self.labels, upstream)
        by_name = dict(zip(self.arguments, given, strict=True))
        return {
            name: jnp.zeros_like(like) if by_name[name] is None else jnp.asarray(by_name[name])
            for name, like in values.items()
        }

    @cached_property
    def _forward(self) -> Callable[..., Any]:
        return jax.jit(self.outputs) if self.is_compiled else self.outputs

    @cached_property
    def _gradients(self) -> Callable[..., Any]:
        def gradients(values: dict[str, Any], upstream: tuple[Any, ...]) -> dict[str, Any]:
            outputs, vjp = jax.vjp(self.outputs, values)
            given = tuple(d.astype(y.dtype) for d, y in zip(upstream, outputs, strict=True))
            found: dict[str, Any] = vjp(given)[0]
            return found

        return jax.jit(gradients) if self.is_compiled else gradients

    def _arguments_with(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments of the function, with these arrays instead of those given."""
        leaves = [values.get(name, self._kept(leaf)) for name, leaf in self.arguments.items()]
        arguments: tuple[Any, ...] = jax.tree_util.tree_unflatten(self.structure, leaves)
        return arguments

    def _kept(self, value: Any) -> Any:
        return value.astype(self.other_dtype) if self.other_dtype and is_real(value) else value


class JaxInstance:
    """One forward of a `JaxUnderTest`, and its vjp."""

    def __init__(self, subject: JaxUnderTest) -> None:
        self._subject = subject
        self._point: Point | None = None

    def forward(self, point: Point) -> Outputs:
        """Run the function; its vjp is computed in backward."""
        self._point = point
        return self._subject.forward(point)

    def backward(self, dout: Outputs) -> Arrays:
        """Run the function's own vjp at the point of the last forward."""
        assert self._point is not None, "call forward before backward"
        return self._subject.gradients_at(self._point, dout)
