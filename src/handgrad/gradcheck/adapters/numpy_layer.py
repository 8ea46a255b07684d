"""Adapter for a NumPy layer: an object with forward, backward, parameters and their gradients."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.forward_arguments import (
    NUMPY_TYPES,
    ForwardArguments,
    common_dtype,
    converted,
    outputs_of,
)
from handgrad.gradcheck.adapters.layer_parameters import (
    ParameterSlot,
    discovered,
    named_by_user,
    without_gradient,
)
from handgrad.gradcheck.adapters.numpy_function import file_of
from handgrad.gradcheck.engine.code_under_test import Library, Outputs, Point
from handgrad.languages import Text, name_list

Make = Callable[[], Any]


@dataclass(frozen=True, eq=False)
class LayerUnderTest:
    """A layer at an input point, which includes its parameters.

    Every run uses a fresh instance: made by the factory, or a deep copy of the given object, which
    itself is never run.
    """

    make: Make
    arguments: ForwardArguments
    slots: Mapping[str, ParameterSlot]
    point: Point
    name: str
    source_files: tuple[str, ...]
    without_gradient: tuple[str, ...] = ()
    stateful: bool = field(default=True, init=False)
    library: Library = field(default="numpy", init=False)

    @classmethod
    def of(
        cls,
        layer: object,
        inputs: Sequence[Any],
        *,
        parameters: Mapping[str, str] | None = None,
        names: Sequence[str] | None = None,
    ) -> LayerUnderTest:
        """The layer at the given inputs. Its parameters are found by running it once.

        Args:
            layer: an object with forward and backward, its class, or a factory without arguments.
            inputs: the arguments of forward.
            parameters: attribute → the attribute that holds its gradient; None: every array of
                floats ``P`` that forward does not set, for which backward sets ``dP``, and what
                attributes ``params`` and ``grads`` hold.
            names: of the inputs; None: as in forward's signature.

        Raises:
            CheckError: forward or backward is missing, the object cannot be copied, or a parameter
                does not exist.
        """
        make, one = _maker(layer)
        arguments = ForwardArguments.of(one.forward, inputs, names)
        point = arguments.point()
        instance = make()
        if parameters is None:
            found = discovered(instance, lambda: _run(instance, arguments))
        else:
            found = named_by_user(instance, parameters)
        slots = {
            (f"self.{name}" if name in arguments.names else name): slot
            for name, slot in found.items()
        }
        fresh = make()
        point |= {name: np.array(slot.read(fresh)) for name, slot in slots.items()}
        of_class = type(one)
        unclaimed = tuple(without_gradient(fresh, found, arguments.names))
        files = (file_of(of_class),)
        return cls(make, arguments, slots, point, of_class.__name__, files, unclaimed)

    @property
    def gradient_names(self) -> Mapping[str, str]:
        """``x`` → ``dx``, ``W`` → ``dW``."""
        given = {name: f"d{name}" for name in self.arguments.varied}
        return given | {name: slot.gradient_name for name, slot in self.slots.items()}

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of the layer."""
        return tuple(self.slots)

    @property
    def fixed_arrays(self) -> Point:
        """The other arrays that forward is called with."""
        return self.arguments.fixed_arrays()

    def with_arrays(self, point: Point, fixed_arrays: Point) -> LayerUnderTest:
        """The same layer with other arrays."""
        return replace(self, point=point, arguments=self.arguments.with_fixed_arrays(fixed_arrays))

    @property
    def dtype(self) -> str:
        """The type that NumPy's promotion rules give."""
        return common_dtype(self.point)

    def new_instance(self) -> LayerInstance:
        """A fresh instance."""
        return LayerInstance(self.make(), self.arguments, self.slots)

    def computing_in(self, dtype: str) -> LayerUnderTest | None:
        """The same layer with inputs and parameters of another type; None if NumPy lacks it."""
        if dtype not in NUMPY_TYPES:
            return None
        return replace(self, point=converted(self.point, dtype))


class LayerInstance:
    """One instance of a layer."""

    def __init__(
        self, instance: Any, arguments: ForwardArguments, slots: Mapping[str, ParameterSlot]
    ) -> None:
        self.instance = instance
        self._arguments = arguments
        self._slots = slots
        self._set: dict[str, Any] = {}
        self._gave_one = True
        self._gave_numbers = False

    def forward(self, point: Point) -> Outputs:
        """Set the parameters, then run forward."""
        for name, slot in self._slots.items():
            if self._set.get(name) is not point[name]:
                slot.write(self.instance, point[name])
                self._set[name] = point[name]
        returned = self.instance.forward(*self._arguments.at(point))
        self._gave_one = not isinstance(returned, (tuple, list))
        self._gave_numbers = self._gave_one and not isinstance(returned, np.ndarray)
        return outputs_of(returned)

    def backward(self, dout: Outputs) -> Mapping[str, object]:
        """Run backward, and read the gradients of the parameters."""
        if _takes_no_upstream(self.instance.backward):
            return {name: _times(g, dout[0]) for name, g in self._gradients(()).items()}
        if not self._gave_one and len(dout) == _required(self.instance.backward) > 1:
            return self._gradients(tuple(dout))
        given: Any = dout[0] if self._gave_one else tuple(dout)
        if self._gave_numbers:
            given = given[()]
        return self._gradients((given,))

    def _gradients(self, given: tuple[Any, ...]) -> dict[str, object]:
        returned = self.instance.backward(*given)
        found = self._arguments.gradients(returned) if self._arguments.varied else {}
        return found | {name: slot.gradient(self.instance) for name, slot in self._slots.items()}


def _times(gradient: object, factor: Any) -> object:
    """The backward of a loss without an upstream gradient counts as called with 1."""
    return gradient * factor if isinstance(gradient, np.ndarray) else gradient


def _takes_no_upstream(backward: Callable[..., Any]) -> bool:
    try:
        return not inspect.signature(backward).parameters
    except (TypeError, ValueError):  # written in C
        return False


def _required(function: Callable[..., Any]) -> int:
    """The number of required arguments: backward may take one dout for each output."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # written in C
        return 1
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in kinds and one.default is one.empty for one in parameters)


def _run(instance: Any, arguments: ForwardArguments) -> None:
    """Run forward and backward once, to find the attributes that hold gradients."""
    instance = LayerInstance(instance, arguments, {})
    outputs = instance.forward({name: np.array(v) for name, v in arguments.point().items()})
    instance.backward(tuple(np.ones_like(y, dtype=np.result_type(y, np.float32)) for y in outputs))


def _maker(layer: object) -> tuple[Make, Any]:
    """A factory of fresh instances, and one instance to inspect."""
    if isinstance(layer, type) or (callable(layer) and not hasattr(layer, "backward")):
        _require_no_arguments(layer)
        one = layer()
        _require_methods(one)
        return layer, one
    _require_methods(layer)
    try:
        copy.deepcopy(layer)
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise CheckError(
            Text(
                zh="每次运行都需要一个新的 {name}，但这个对象不能复制：{error}。请传入一个创建它的函数："
                "handgrad.check(lambda: {name}(…), x)。",
                en="Every run needs a fresh {name}, and this one cannot be copied: {error}. Pass a "
                "function that makes one: handgrad.check(lambda: {name}(…), x).",
            ).format(name=type(layer).__name__, error=error)
        ) from error
    return (lambda: copy.deepcopy(layer)), layer


def _require_no_arguments(factory: Callable[..., Any]) -> None:
    """Require that a factory takes no arguments; a function of x is not a factory."""
    try:
        inspect.signature(factory).bind()
    except TypeError as error:
        name = getattr(factory, "__name__", type(factory).__name__)
        text = _CLASS_WITH_ARGUMENTS if isinstance(factory, type) else _PLAIN_FUNCTION
        raise CheckError(text.format(name=name)) from error
    except ValueError:  # written in C
        return


_CLASS_WITH_ARGUMENTS = Text(
    zh="创建 {name} 需要参数。请传入一个对象，或一个创建它的函数：handgrad.check(lambda: {name}(…), x)。",
    en="{name} cannot be made without arguments. Pass an object, or a function that makes one: "
    "handgrad.check(lambda: {name}(…), x).",
)
_PLAIN_FUNCTION = Text(
    zh="{name} 是普通函数，没有 backward。NumPy 代码请写成 handgrad.Vjp({name}, backward)；"
    "torch 或 JAX 的函数，请用相应库的数组作为输入。",
    en="{name} is a plain function and has no backward. Wrap NumPy code as handgrad.Vjp({name}, "
    "backward); call a function of torch or JAX with arrays of that library.",
)


def _require_methods(one: object) -> None:
    missing = [name for name in ("forward", "backward") if not callable(getattr(one, name, None))]
    if missing:
        raise CheckError(
            Text(
                zh="要检查的对象必须有 forward 和 backward 两个方法；{kind} 没有 {missing}。"
                "普通函数请写成 handgrad.Vjp(forward, backward)。",
                en="The object to check must have the methods forward and backward; {kind} has no "
                "{missing}. Wrap plain functions as handgrad.Vjp(forward, backward).",
            ).format(kind=type(one).__name__, missing=name_list(missing))
        )
