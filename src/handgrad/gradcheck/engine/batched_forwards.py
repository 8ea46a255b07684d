"""Several probes share one forward where the samples of a batch are independent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Outputs, Point
from handgrad.gradcheck.engine.root_mean_square import root_mean_square


class BatchedForwards:
    """Concatenates displaced inputs along the batch axis, with the input point before and after them.

    In every run, both copies of the input point must give the outputs of the input point. This shows
    that samples do not affect each other and that their position does not matter. If it fails, each
    probe has its own forward again.

    Args:
        subject: the code.
        axis: the axis of samples.
        base: what forward gives at the point.
        shapes: of the outputs.
        epsilon: relative distance of neighbouring numbers.
    """

    def __init__(
        self,
        subject: CodeUnderTest,
        axis: int,
        base: Array,
        shapes: Sequence[tuple[int, ...]],
        epsilon: float,
    ) -> None:
        self.axis = axis
        self.base = base
        self.shapes = shapes
        self.epsilon = epsilon
        self.inputs = [n for n in subject.point if n not in subject.parameters]
        lengths = {_length(subject.point[name].shape, axis) for name in self.inputs}
        lengths |= {_length(shape, axis) for shape in shapes}
        self.length = lengths.pop() if len(lengths) == 1 else 0
        self.is_valid = self.length > 0

    def batched_point(self, point: Point, name: str, moved: Sequence[Array]) -> dict[str, Array]:
        """The input point, the input point with one input replaced by each of `moved`, and itself again."""
        copies = len(moved) + 2
        several = {
            n: np.concatenate([array] * copies, axis=self.axis) if n in self.inputs else array
            for n, array in point.items()
        }
        several[name] = np.concatenate([point[name], *moved, point[name]], axis=self.axis)
        return several

    def split_outputs(self, outputs: Outputs, count: int) -> list[Array] | None:
        """The outputs of each displaced input; None if samples affect each other."""
        parts: list[list[Array]] = [[] for _ in range(count + 2)]
        for output, shape in zip(outputs, self.shapes, strict=True):
            expected = list(shape)
            expected[self.axis] *= count + 2
            if output.shape != tuple(expected):
                return None
            for part, piece in zip(parts, np.split(output, count + 2, axis=self.axis), strict=True):
                part.append(np.asarray(piece, dtype=np.float64).ravel())
        first, *between, last = (np.concatenate(part) for part in parts)
        tolerance = 64 * self.epsilon * (np.abs(self.base) + root_mean_square(self.base))
        for again in (first, last):
            if not (np.abs(again - self.base) <= tolerance).all():
                return None
        return between


def _length(shape: tuple[int, ...], axis: int) -> int:
    return shape[axis] if -len(shape) <= axis < len(shape) else 0
