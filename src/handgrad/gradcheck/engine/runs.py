"""Runs the code under test on copies of the inputs, and counts the runs."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.engine.batched_forwards import BatchedForwards
from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Instance, Outputs, Point

EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
"""The distance from 1 to the next number, by type."""


@dataclass(frozen=True)
class OutputLayout:
    """How the entries of all outputs are arranged in one vector."""

    shapes: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """The length of the vector."""
        return sum(math.prod(shape) for shape in self.shapes)

    def split(self, vector: Array) -> Outputs:
        """The vector as arrays of the outputs' shapes."""
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])[:-1]
        parts = np.split(vector, ends)
        return tuple(p.reshape(shape) for p, shape in zip(parts, self.shapes, strict=True))

    def place(self, position: int) -> tuple[int, tuple[int, ...]]:
        """The number of the output and the index in it of one entry of the vector."""
        for number, shape in enumerate(self.shapes):
            size = math.prod(shape)
            if position < size:
                return number, tuple(int(i) for i in np.unravel_index(position, shape))
            position -= size
        raise IndexError(position)


def flat(outputs: Outputs) -> Array:
    """All outputs as one vector of float64, or of complex128 where one is complex."""
    kind = np.complex128 if any(y.dtype.kind == "c" for y in outputs) else np.float64
    return np.concatenate([np.asarray(y, dtype=kind).ravel() for y in outputs])


class Runs:
    """Runs of one subject. Each gets its own copies of the arrays, so in-place writes affect no other.

    Attributes:
        subject: the code.
        epsilon: relative distance of neighbouring numbers in its arithmetic.
        forwards, backwards: how many were completed.
    """

    def __init__(self, subject: CodeUnderTest) -> None:
        self.subject = subject
        self.epsilon = EPSILON.get(subject.dtype, 2.0**-52)
        self.forwards = 0
        self.backwards = 0
        self.layout = OutputLayout(())
        self.batched_forwards: BatchedForwards | None = None

    def start(self, point: Point | None = None) -> tuple[Instance, Array]:
        """Run forward on a fresh instance; the instance and the outputs as one vector.

        At a displaced point the code may overflow, so warnings are suppressed.
        """
        instance = self.subject.new_instance()
        with np.errstate(all="ignore"):
            outputs = instance.forward(copies(self.subject.point if point is None else point))
        self.forwards += 1
        if not self.layout.shapes:
            self.layout = OutputLayout(tuple(y.shape for y in outputs))
            narrow = [EPSILON.get(str(y.dtype), 0.0) for y in outputs]
            self.epsilon = max([self.epsilon, *narrow])
        return instance, flat(outputs)

    def forward_and_backward(
        self, point: Point | None, u: Array
    ) -> tuple[Array, Mapping[str, object]]:
        """The outputs and the gradients at a point, from a fresh instance."""
        instance, outputs = self.start(point)
        return outputs, self.backward(instance, u)

    def displaced_outputs(self, name: str, displacements: Sequence[Array]) -> list[Array]:
        """The outputs with one array displaced, for each displacement."""
        point = self.subject.point
        displaced_array = [self.displaced_array(name, d) for d in displacements]
        batched = self._batched(name, displaced_array)
        if batched is not None:
            return batched
        return [self.start({**point, name: array})[1] for array in displaced_array]

    def _batched(self, name: str, displaced_array: Sequence[Array]) -> list[Array] | None:
        """All of them through one forward; None if samples are not independent."""
        batched_forwards = self.batched_forwards
        if (
            batched_forwards is None
            or not batched_forwards.is_valid
            or name not in batched_forwards.inputs
            or len(displaced_array) < 2
        ):
            return None
        try:
            with np.errstate(all="ignore"):
                instance = self.subject.new_instance()
                outputs = instance.forward(
                    copies(
                        batched_forwards.batched_point(self.subject.point, name, displaced_array)
                    )
                )
        except Exception:  # noqa: BLE001  (code made for one batch size may raise anything)
            batched_forwards.is_valid = False
            return None
        self.forwards += 1
        found = batched_forwards.split_outputs(outputs, len(displaced_array))
        batched_forwards.is_valid = found is not None
        return found

    def batch_along(self, axis: int, base: Array) -> None:
        """Let several probes of an input share one forward from now on, if possible."""
        self.batched_forwards = BatchedForwards(
            self.subject, axis, base, self.layout.shapes, self.epsilon
        )

    def displaced_array(self, name: str, displacement: Array) -> Array:
        """One array, displaced, in its own type."""
        origin = self.subject.point[name]
        return np.asarray(origin + displacement.astype(origin.dtype))

    def along_imaginary(self, name: str, direction: Array) -> Array | None:
        """The outputs with one array displaced by i·direction; None if forward does not support it.

        Code may refuse complex numbers or cast them to real ones.
        """
        twin = self.subject.computing_in("complex128")
        if twin is None:
            return None
        point = {n: a.copy() for n, a in twin.point.items()}
        point[name] = point[name] + 1j * direction
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("error", np.exceptions.ComplexWarning)
                outputs = twin.new_instance().forward(point)
        except Exception:  # noqa: BLE001  (code that was not written for complex numbers may raise anything)
            return None
        self.forwards += 1
        if any(y.dtype.kind != "c" for y in outputs):
            return None
        values = flat(outputs)
        return values if len(values) == self.layout.size else None

    def backward(self, instance: Instance, u: Array) -> Mapping[str, object]:
        """Run backward on an instance that has run forward; u is the upstream gradient as one vector."""
        dout = tuple(part.astype(self.dout_dtype) for part in self.layout.split(u))
        with np.errstate(all="ignore"):
            given = instance.backward(dout)
        self.backwards += 1
        return {
            name: value.copy() if isinstance(value, np.ndarray) else value
            for name, value in given.items()
        }

    @property
    def dout_dtype(self) -> str:
        """The type of upstream gradients; bfloat16, which NumPy lacks, is passed as float32."""
        dtype = self.subject.dtype
        if dtype in ("float16", "float32"):
            return dtype
        return "float32" if dtype == "bfloat16" else "float64"


def copies(point: Point) -> dict[str, Array]:
    """A copy of every array."""
    return {name: np.array(array) for name, array in point.items()}


def perturbed(point: Point, by: float, rng: np.random.Generator) -> dict[str, Array]:
    """The point with every number changed by a relative amount, up or down."""
    return {
        name: (array * (1 + by * rng.choice((-1.0, 1.0), array.shape))).astype(array.dtype)
        for name, array in copies(point).items()
    }


def rounded_to(values: Array, dtype: str) -> Array:
    """The numbers rounded to the given type, as float64.

    >>> rounded_to(np.array([1.0039, 3.0]), "bfloat16").tolist()
    [1.0, 3.0]
    """
    if dtype != "bfloat16":
        return values.astype(dtype).astype(np.float64)
    mantissa, exponent = np.frexp(values)
    return np.ldexp(np.round(mantissa * 2.0**8) / 2.0**8, exponent)
