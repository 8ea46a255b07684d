"""Chooses the adapter for what `check` was given, and the conditions that its library adds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, assert_never

import numpy as np

from handgrad.gradcheck.adapters.nested_arrays import holds
from handgrad.gradcheck.adapters.numpy_function import FunctionUnderTest, Vjp
from handgrad.gradcheck.adapters.numpy_layer import LayerUnderTest
from handgrad.gradcheck.conditions.axis_lengths import AxisGroup
from handgrad.gradcheck.conditions.layout_check import layout_findings
from handgrad.gradcheck.conditions.uninitialised_memory import memory_findings
from handgrad.gradcheck.engine.code_under_test import CodeUnderTest
from handgrad.gradcheck.engine.code_wrappers import CodeWrapper
from handgrad.gradcheck.findings import Finding


def subject_of(
    f: object,
    inputs: Sequence[Any],
    *,
    parameters: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
) -> CodeUnderTest:
    """The code given to `check`, behind the adapter of its library.

    A function of torch or JAX is recognised by its inputs; a module or Function of torch, and what JAX
    decorates (``custom_vjp``, ``jit``), by itself. Their adapters are imported only then.

    Raises:
        CheckError: it has no forward and backward.
    """
    if _is_of_torch(f, inputs):
        from handgrad.gradcheck.adapters.torch_code import TorchUnderTest

        return TorchUnderTest.of(f, inputs, names)
    if _is_of_jax(f, inputs):
        from handgrad.gradcheck.adapters.jax_code import JaxUnderTest

        return JaxUnderTest.of(f, inputs, names)
    if isinstance(f, Vjp):
        return FunctionUnderTest.of(f, inputs, names)
    return LayerUnderTest.of(f, inputs, parameters=parameters, names=names)


def condition_findings(
    subject: CodeUnderTest, rng: np.random.Generator, *, state: bool, layouts: bool
) -> Iterator[Finding]:
    """The findings under the conditions that exist in the subject's library.

    Args:
        subject: made by `subject_of`.
        rng: draws upstream gradients.
        state: try what may change between forward and backward.
        layouts: try arrays that are not contiguous.
    """
    inner = _unwrapped(subject)
    is_repeatable = inner is subject  # code that draws random numbers is wrapped
    match subject.library:
        case "jax":
            if state and is_repeatable:
                from handgrad.gradcheck.adapters.jax_code import JaxUnderTest
                from handgrad.gradcheck.adapters.jax_conditions import jax_findings

                assert isinstance(inner, JaxUnderTest)
                yield from jax_findings(inner, rng)
            return  # JAX arrays have no memory layout
        case "torch":
            if state:
                from handgrad.gradcheck.adapters.torch_code import TorchUnderTest
                from handgrad.gradcheck.adapters.torch_conditions import torch_findings

                assert isinstance(inner, TorchUnderTest)
                yield from torch_findings(inner, rng, is_repeatable=is_repeatable)
        case "numpy":
            if state and is_repeatable:
                yield from memory_findings(subject, rng)
        case _:
            assert_never(subject.library)
    if layouts and is_repeatable:  # random numbers are drawn in the order of memory
        yield from layout_findings(subject, rng)


def axes_that_may_change(subject: CodeUnderTest, *, every: bool) -> Callable[[AxisGroup], bool]:
    """Which axes may be given another length.

    NumPy verifies the shapes of its arrays; a compiled kernel may read past their end. The parameters
    of a torch module never change their shapes: the module stores its sizes elsewhere too.

    Args:
        subject: made by `subject_of`.
        every: all axes except those of a module's parameters; otherwise only the first axis of inputs.
    """
    if subject.library == "numpy":
        return lambda group: True
    fixed = subject.parameters

    def may_change(group: AxisGroup) -> bool:
        is_fixed = any(name in fixed for name, _ in group.axes)
        return not is_fixed and (every or all(axis == 0 for _, axis in group.axes))

    return may_change


def for_new_shapes(subject: CodeUnderTest) -> CodeUnderTest:
    """The subject in the form that runs fastest at new shapes: JAX compiles once for each."""
    if subject.library != "jax":
        return subject
    from handgrad.gradcheck.adapters.jax_code import JaxUnderTest

    inner = _unwrapped(subject)
    assert isinstance(inner, JaxUnderTest)
    compiled = inner.compiled()
    if compiled is None:
        return subject
    return replace(subject, inner=compiled) if isinstance(subject, CodeWrapper) else compiled


def can_be_shrunk(subject: CodeUnderTest) -> bool:
    """Whether the code can run at smaller sizes; a torch module has fixed sizes."""
    return subject.library == "numpy" or not subject.parameters


def _unwrapped(subject: CodeUnderTest) -> CodeUnderTest:
    return subject.inner if isinstance(subject, CodeWrapper) else subject


def _is_of_torch(f: object, inputs: Sequence[Any]) -> bool:
    torch = sys.modules.get("torch")  # whoever passes a tensor has imported it
    if torch is None:
        return False
    is_function = isinstance(f, type) and issubclass(f, torch.autograd.Function)
    return (
        is_function
        or isinstance(f, torch.nn.Module)
        or any(holds([one], lambda leaf: isinstance(leaf, torch.Tensor)) for one in inputs)
    )


def _is_of_jax(f: object, inputs: Sequence[Any]) -> bool:
    jax = sys.modules.get("jax")  # whoever passes one of its functions or arrays has imported it
    if jax is None:
        return False
    is_function = type(f).__module__.partition(".")[0] in ("jax", "jaxlib")
    leaves = jax.tree_util.tree_leaves(list(inputs))
    return is_function or any(isinstance(one, jax.Array) for one in leaves)
