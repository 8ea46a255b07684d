"""A cheap check of all arrays together along one direction.

If it finds nothing, one measurement of four forwards has checked every array. If it finds an error,
the judge measures again, array by array.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Instance, Outputs, Point
from handgrad.gradcheck.engine.code_wrappers import CodeWrapper
from handgrad.gradcheck.engine.gradient_judge import GradientJudge
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs

ALL = "all"


@dataclass(frozen=True, eq=False)
class JoinedArrays(CodeWrapper):
    """A subject whose arrays are joined into one vector, each divided by its own size.

    Attributes:
        names: the arrays that are joined; the others stay fixed.
        sizes: for each a power of two near its root mean square.
    """

    names: tuple[str, ...]
    sizes: Mapping[str, float]

    @classmethod
    def of(cls, subject: CodeUnderTest, names: Sequence[str]) -> JoinedArrays:
        """The named arrays of a subject, joined."""
        point = subject.point
        sizes = {n: root_mean_square(np.asarray(point[n], np.float64)) or 1.0 for n in names}
        powers = {n: 2.0 ** round(math.log2(size)) for n, size in sizes.items()}
        return cls(subject, tuple(names), powers)

    @property
    def point(self) -> Point:
        """One vector of float64."""
        return {ALL: self._joined(self.inner.point)}

    @property
    def gradient_names(self) -> Mapping[str, str]:
        """One gradient."""
        return {ALL: ALL}

    @property
    def parameters(self) -> tuple[str, ...]:
        """None: they are part of the vector."""
        return ()

    def new_instance(self) -> Instance:
        """A fresh instance."""
        return _JoinedInstance(self, self.inner.new_instance())

    def computing_in(self, dtype: str) -> None:
        """None: it is measured only in real numbers of its own type."""

    def _joined(self, point: Point) -> Array:
        return np.concatenate(
            [np.asarray(point[n], np.float64).ravel() / self.sizes[n] for n in self.names]
        )

    def split(self, vector: Array) -> dict[str, Array]:
        """The arrays in a vector."""
        point, at = dict(self.inner.point), 0
        for name in self.names:
            like = point[name]
            part = vector[at : at + like.size] * self.sizes[name]
            point[name] = part.reshape(like.shape).astype(like.dtype)
            at += like.size
        return {name: np.array(array) for name, array in point.items()}

    def joined_gradient(self, given: Mapping[str, object]) -> object:
        """The gradient of the vector; None if a part is missing or has a wrong shape or type."""
        parts = []
        for name in self.names:
            array = np.asarray(given.get(name))
            if array.shape != self.inner.point[name].shape or array.dtype.kind != "f":
                return None
            parts.append(array.astype(np.float64).ravel() * self.sizes[name])
        return np.concatenate(parts)


class _JoinedInstance:
    def __init__(self, joined: JoinedArrays, inner: Instance) -> None:
        self._joined, self._inner = joined, inner

    def forward(self, point: Point) -> Outputs:
        return self._inner.forward(self._joined.split(point[ALL]))

    def backward(self, dout: Outputs) -> Mapping[str, object]:
        return {ALL: self._joined.joined_gradient(self._inner.backward(dout))}


def passes_joint_check(
    subject: CodeUnderTest, names: Sequence[str], rng: np.random.Generator, share: float
) -> bool:
    """Whether no error exceeds both its bound and a share of the gradient.

    Args:
        subject: the code at an input point.
        names: the arrays for which backward gives a gradient.
        rng: draws the direction and the upstream gradient.
        share: a smaller error, relative to the gradient's size, is accepted.
    """
    judge = GradientJudge(Runs(JoinedArrays.of(subject, names)), rng, subject.dtype, is_joint=True)
    if not np.isfinite(judge.base).all():
        return False
    judge.measure()
    seen = judge.verdict(ALL)
    return seen.verdict != "wrong" or seen.error <= share * seen.size
