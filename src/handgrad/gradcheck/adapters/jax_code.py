"""A JAX function as a subject: a ``custom_vjp``, or any function with its vjp.

JAX computes in float32 unless ``jax_enable_x64`` is set, so a float64 array given without it comes
back as float32, and the report says so. Arguments may be pytrees: each of their leaves is an array
with a gradient of its own. JAX arrays have no strides and cannot be written in place:
those conditions do not arise.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    zh="没有可以求导的输入：至少要有一个浮点类型的数组，收到的是 {received}。",
    en="There is nothing to differentiate: at least one input must be an array of floating point; "
    "got {received}. Try jnp.asarray(x, dtype=float).",
)
NO_FUNCTION = Text(
    zh="输入是 JAX 数组时，要检查的必须是函数，收到的是 {received}。",
    en="With JAX arrays as inputs, what is checked must be a function; got {received}.",
)
NO_OUTPUT = Text(
    zh="函数必须返回浮点类型的数组，收到的是 {received}。",
    en="The function must return an array of floating point, or several; got {received}.",
)
Arrays = dict[str, NDArray[Any]]


def array_of(value: Any) -> NDArray[Any]:
    """The numbers of a JAX array; what NumPy has no type for (bfloat16) becomes float32."""
    if jnp.issubdtype(value.dtype, jnp.floating) and value.dtype.itemsize < 4:
        value = value.astype(jnp.float32)
    return np.array(value)


def is_real(value: object) -> bool:
    """Whether it is a JAX or NumPy array of floating point."""
    return isinstance(value, (jax.Array, np.ndarray)) and bool(
        jnp.issubdtype(value.dtype, jnp.floating)
    )


def is_inexact(value: object) -> bool:
    """Whether it is an array of floating point, or of complex numbers, as a complex step gives."""
    return isinstance(value, (jax.Array, np.ndarray)) and bool(
        jnp.issubdtype(value.dtype, jnp.inexact)
    )


def is_numbers(value: object) -> bool:
    """Whether it is an array of numbers or of truth values."""
    return isinstance(value, (jax.Array, np.ndarray)) and bool(
        jnp.issubdtype(value.dtype, jnp.number) or jnp.issubdtype(value.dtype, jnp.bool_)
    )


@dataclass(frozen=True, eq=False)
class JaxUnderTest:
    """A differentiable JAX function, at a point.

    Attributes:
        f: the function.
        arguments: name → what it is called with, in order: an array, or a leaf of a pytree, which is
            called as one gets at it (``params['W']``).
        structure: how its arguments are built of these leaves.
        labels: what the arguments themselves are called.
        models: name → the array that is varied, of the dtype to compute in.
        kept_in: the dtype of every other array of floating point, None to leave it as it is.
        is_compiled: whether forward and its pull-back are each compiled as one: for shapes that are new
            that takes less time than compiling every operation by itself.
    """

    f: Callable[..., Any]
    arguments: Mapping[str, Any]
    structure: Any
    labels: tuple[str, ...]
    varied: Mapping[str, Any]
    other_dtype: str | None = None
    is_compiled: bool = False

    @classmethod
    def of(
        cls, f: object, inputs: Sequence[Any], names: Sequence[str] | None = None
    ) -> JaxUnderTest:
        """The subject of a function and its arguments; arrays of floating point are varied.

        An argument may be a pytree: a dictionary of parameters, a list of them.

        Raises:
            CheckError: it is no function, or nothing can be varied.
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
        """How a report calls it."""
        return str(getattr(self.f, "__name__", None) or type(self.f).__name__)

    @property
    def point(self) -> Arrays:
        """The arrays at which it was given."""
        return {name: array_of(value) for name, value in self.varied.items()}

    @property
    def gradient_names(self) -> dict[str, str]:
        """The gradient of x is called dx."""
        return {name: f"d{name}" for name in self.varied}

    @property
    def parameters(self) -> tuple[str, ...]:
        """A function owns none."""
        return ()

    @property
    def fixed_arrays(self) -> Arrays:
        """The other arrays of numbers it is called with; a random key is none."""
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
    def library(self) -> Library:
        """JAX."""
        return "jax"

    @property
    def stateful(self) -> bool:
        """A JAX function keeps nothing between its calls."""
        return False

    @property
    def source_files(self) -> tuple[str, ...]:
        """Where it is written, if in Python."""
        try:
            file = inspect.getsourcefile(inspect.unwrap(self.f))
        except TypeError:
            file = None
        return () if file is None else (file,)

    def new_instance(self) -> JaxInstance:
        """A fresh pull-back."""
        return JaxInstance(self)

    def computing_in(self, dtype: str) -> JaxUnderTest | None:
        """The same code given arrays of another dtype; None where JAX or the function refuses it.

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
        """What the function returns, as far as it is of floating point, as a flat tuple."""
        result = self.f(*self._arguments_with(values))
        found = tuple(y for y in jax.tree_util.tree_leaves(result) if is_inexact(y))
        if not found:
            raise CheckError(NO_OUTPUT.format(received=described(result)))
        return found

    def compiled(self) -> JaxUnderTest | None:
        """The same function compiled as one; None where it cannot be."""
        other = replace(self, is_compiled=True)
        try:
            other.forward(self.point)
        except (TypeError, ValueError, NotImplementedError):  # it asks what its numbers are
            return None
        return other

    def forward(self, arrays: Point) -> Outputs:
        """What the function gives."""
        return tuple(map(array_of, self._forward(self.values(arrays))))

    def gradients_at(self, arrays: Point, douts: Outputs) -> Arrays:
        """The gradients by name, through the function's own vjp.

        Raises:
            CheckError: JAX refuses a rule, and its gradients cannot be had without JAX.
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
        """What the rule of a ``custom_vjp`` returns, whatever JAX makes of it."""
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
        """What the function is called with, these arrays in the place of those given."""
        leaves = [values.get(name, self._kept(leaf)) for name, leaf in self.arguments.items()]
        arguments: tuple[Any, ...] = jax.tree_util.tree_unflatten(self.structure, leaves)
        return arguments

    def _kept(self, value: Any) -> Any:
        return value.astype(self.other_dtype) if self.other_dtype and is_real(value) else value


class JaxInstance:
    """One forward of a `JaxUnderTest`, and its pull-back."""

    def __init__(self, subject: JaxUnderTest) -> None:
        self._subject = subject
        self._point: Point | None = None

    def forward(self, point: Point) -> Outputs:
        """Run the function; its vjp is made when backward is asked for."""
        self._point = point
        return self._subject.forward(point)

    def backward(self, dout: Outputs) -> Arrays:
        """Through the function's own vjp at the point of the last forward."""
        assert self._point is not None, "backward goes back through a forward"
        return self._subject.gradients_at(self._point, dout)
