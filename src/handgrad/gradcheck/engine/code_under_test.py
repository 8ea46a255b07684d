"""What is checked: something that computes outputs from named arrays, and claims their gradients.

NumPy layers, functions, torch and JAX all become a `CodeUnderTest`, so that one engine serves them.
Arrays cross this border as NumPy arrays; where the code computes in a type that NumPy lacks
(bfloat16), they cross as float32, which holds every such number.
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
        """Run forward at a point; arrays are handed over as they are, not copied."""
        ...

    def backward(self, dout: Outputs) -> Mapping[str, object]:
        """Run backward after forward: name of the primal → gradient as given (None: none)."""
        ...


class CodeUnderTest(Protocol):
    """The code under check."""

    @property
    def name(self) -> str:
        """What it is called in a report."""
        ...

    @property
    def point(self) -> Point:
        """Where it is checked: every array that is varied, by name. Never written to."""
        ...

    @property
    def gradient_names(self) -> Mapping[str, str]:
        """Name of the primal → what its gradient is called (``x`` → ``dx``), as in the report."""
        ...

    @property
    def parameters(self) -> tuple[str, ...]:
        """Those of the point's arrays that belong to the code, not to its caller."""
        ...

    @property
    def fixed_arrays(self) -> Point:
        """Arrays that forward is given besides and that are not varied: labels, indices, masks."""
        ...

    def with_arrays(self, point: Point, fixed_arrays: Point) -> CodeUnderTest:
        """The same code at another point, of other shapes too, given other arrays besides."""
        ...

    @property
    def dtype(self) -> str:
        """The type it computes in: ``float64``, ``float32``, ``bfloat16``, …."""
        ...

    @property
    def library(self) -> Library:
        """The array library that the code is written for."""
        ...

    @property
    def stateful(self) -> bool:
        """Whether an instance keeps something between calls, so that state is checked."""
        ...

    @property
    def source_files(self) -> tuple[str, ...]:
        """Files whose lines are the author's own, for quoting the guilty line."""
        ...

    def new_instance(self) -> Instance:
        """A fresh instance, which has seen no call."""
        ...

    def computing_in(self, dtype: str) -> CodeUnderTest | None:
        """The same code given arrays of another type, its `point` converted; None where it cannot.

        Asked for ``float64`` (forward is measured more finely), ``complex128`` (complex step) and,
        of a reference, the type of the code it is compared with.
        """
        ...
