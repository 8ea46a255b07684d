"""The interface of the code under test: outputs from named arrays, and their gradients.

Each adapter presents its code as a `CodeUnderTest`, so that one engine checks NumPy layers, functions,
torch and JAX. Arrays are passed as NumPy arrays; bfloat16, which NumPy lacks, is passed as float32,
which holds every such number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, TypeAlias

from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Point: TypeAlias = Mapping[str, Array]
"""The arrays that are varied, inputs and parameters, by name."""
Outputs: TypeAlias = tuple[Array, ...]
"""What forward gave: one array, or as many as it returned."""
Library: TypeAlias = Literal["numpy", "torch", "jax"]


class Instance(Protocol):
    """One instance of the code, which may keep state between its calls."""

    def forward(self, point: Point) -> Outputs:
        """Run forward; the arrays are passed as they are, not copied."""
        ...

    def backward(self, dout: Outputs) -> Mapping[str, object]:
        """Run backward after forward: name of the primal → gradient as given, None if there is none."""
        ...


class CodeUnderTest(Protocol):
    """The code under test, at an input point."""

    @property
    def name(self) -> str:
        """Its name in the report."""
        ...

    @property
    def point(self) -> Point:
        """The input point: every array that is varied, by name. Never written to."""
        ...

    @property
    def gradient_names(self) -> Mapping[str, str]:
        """Name of the primal → name of its gradient in the report (``x`` → ``dx``)."""
        ...

    @property
    def parameters(self) -> tuple[str, ...]:
        """The varied arrays that belong to the code, not to its caller."""
        ...

    @property
    def fixed_arrays(self) -> Point:
        """Further arguments of forward that are not varied: labels, indices, masks."""
        ...

    def with_arrays(self, point: Point, fixed_arrays: Point) -> CodeUnderTest:
        """The same code with other arrays, which may have other shapes."""
        ...

    @property
    def dtype(self) -> str:
        """The type in which it computes: ``float64``, ``float32``, ``bfloat16``, …."""
        ...

    @property
    def library(self) -> Library:
        """The array library that the code is written for."""
        ...

    @property
    def stateful(self) -> bool:
        """Whether an instance stores anything between calls, so that state must be checked."""
        ...

    @property
    def source_files(self) -> tuple[str, ...]:
        """The files that hold the code, to quote the line that caused a finding."""
        ...

    def new_instance(self) -> Instance:
        """A fresh instance on which nothing was called."""
        ...

    def computing_in(self, dtype: str) -> CodeUnderTest | None:
        """The same code with arrays of another type, its `point` converted; None if it does not support it.

        Used with ``float64`` (to measure forward more precisely), with ``complex128`` (for complex
        steps) and, for a reference, with the type of the code it is compared with.
        """
        ...
