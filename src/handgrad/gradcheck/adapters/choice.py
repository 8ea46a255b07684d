"""Which adapter serves what was given."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from handgrad.gradcheck.adapters.functions import FunctionSubject, Vjp
from handgrad.gradcheck.adapters.nested import holds
from handgrad.gradcheck.adapters.numpy_layer import LayerSubject
from handgrad.gradcheck.conditions.circumstances import layout_findings, memory_findings
from handgrad.gradcheck.conditions.sizes import Family
from handgrad.gradcheck.engine.subject import Subject
from handgrad.gradcheck.engine.wrapped import Wrapped
from handgrad.gradcheck.report.report import Finding


def subject_of(
    f: object,
    inputs: Sequence[Any],
    *,
    parameters: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
) -> Subject:
    """What was given to `check`, as a subject.

    A function of torch or JAX is known by its inputs; a module or Function of torch, and what is
    decorated by JAX (``custom_vjp``, ``jit``), by itself. Both
    adapters are imported only then.

    Raises:
        CheckError: it has no forward and backward.
    """
    if _is_of_torch(f, inputs):
        from handgrad.gradcheck.adapters.torch_function import TorchSubject

        return TorchSubject.of(f, inputs, names)
    if _is_of_jax(f, inputs):
        from handgrad.gradcheck.adapters.jax_function import JaxSubject

        return JaxSubject.of(f, inputs, names)
    if isinstance(f, Vjp):
        return FunctionSubject.of(f, inputs, names)
    return LayerSubject.of(f, inputs, parameters=parameters, names=names)


def conditions_of(
    subject: Subject, rng: np.random.Generator, *, state: bool, layouts: bool
) -> Iterator[Finding]:
    """What the library of a subject can do to a backward pass, beside giving it numbers.

    Args:
        subject: what `subject_of` made.
        rng: draws upstream gradients.
        state: try what else may change between forward and backward.
        layouts: try arrays that are not contiguous.
    """
    inner = subject.inner if isinstance(subject, Wrapped) else subject
    library = type(inner).__module__.rpartition(".")[2]
    is_steady = inner is subject  # what draws random numbers has been held still by a wrapper
    if library == "jax_function":
        from handgrad.gradcheck.adapters import jax_function

        if state and is_steady and isinstance(inner, jax_function.JaxSubject):
            yield from jax_function.conditions(inner, rng)
        return  # JAX arrays have no layout
    if state and library == "torch_function":
        from handgrad.gradcheck.adapters import torch_conditions
        from handgrad.gradcheck.adapters.torch_function import TorchSubject

        if isinstance(inner, TorchSubject):
            yield from torch_conditions.conditions(inner, rng, is_steady=is_steady)
    elif state and is_steady:
        yield from memory_findings(subject, rng)
    if layouts and is_steady:  # random numbers are drawn in the order of memory
        yield from layout_findings(subject, rng)


def axes_that_may_change(subject: Subject, *, every: bool) -> Callable[[Family], bool]:
    """Which axes may be given another length.

    Python checks the shapes of its arrays; a compiled kernel may read past their end. A module of
    torch knows its sizes beside its parameters, so that those never change.

    Args:
        subject: what `subject_of` made.
        every: all that are not a module's own, else the first axis of inputs only.
    """
    inner = subject.inner if isinstance(subject, Wrapped) else subject
    if not _is_compiled(inner):
        return lambda family: True
    fixed = inner.parameters

    def may_change(family: Family) -> bool:
        is_fixed = any(name in fixed for name, _ in family.axes)
        return not is_fixed and (every or all(axis == 0 for _, axis in family.axes))

    return may_change


def for_many_sizes(subject: Subject) -> Subject:
    """The subject in the way in which it is run fastest at sizes that are new: JAX compiles for each."""
    inner = subject.inner if isinstance(subject, Wrapped) else subject
    if type(inner).__module__.rpartition(".")[2] != "jax_function":
        return subject
    from handgrad.gradcheck.adapters.jax_function import JaxSubject

    compiled = inner.compiled() if isinstance(inner, JaxSubject) else None
    if compiled is None:
        return subject
    return replace(subject, inner=compiled) if isinstance(subject, Wrapped) else compiled


def sizes_can_be_cut(subject: Subject) -> bool:
    """Whether the code may be run at smaller sizes: a module of torch has sizes of its own."""
    inner = subject.inner if isinstance(subject, Wrapped) else subject
    return not (_is_compiled(inner) and inner.parameters)


def _is_compiled(subject: Subject) -> bool:
    return type(subject).__module__.rpartition(".")[2] in ("torch_function", "jax_function")


def _is_of_torch(f: object, inputs: Sequence[Any]) -> bool:
    torch = sys.modules.get("torch")  # whoever gives us a tensor has imported it
    if torch is None:
        return False
    is_function = isinstance(f, type) and issubclass(f, torch.autograd.Function)
    return (
        is_function
        or isinstance(f, torch.nn.Module)
        or any(holds([one], lambda leaf: isinstance(leaf, torch.Tensor)) for one in inputs)
    )


def _is_of_jax(f: object, inputs: Sequence[Any]) -> bool:
    jax = sys.modules.get("jax")  # whoever gives us one of its functions or arrays has imported it
    if jax is None:
        return False
    is_function = type(f).__module__.partition(".")[0] in ("jax", "jaxlib")
    leaves = jax.tree_util.tree_leaves(list(inputs))
    return is_function or any(isinstance(one, jax.Array) for one in leaves)
