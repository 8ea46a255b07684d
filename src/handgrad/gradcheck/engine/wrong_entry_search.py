"""Finds the wrong entries of a gradient by bisection, without measuring each entry.

The discrepancy of the whole array along v is the sum of those of its two segments, with ``v`` set to
zero outside of each. One segment is measured, the other is the rest, and only segments with an error
are split again. So s wrong entries of n take at most ``s·log₂(2n/s)`` measurements, wherever they are.
A measurement is one forward where forward is affine or accepts complex numbers, and four forwards by
real differences.

Segments are split at the largest power of two. The array is then a chain of segments whose lengths
are powers of two, the longest first, and the bound holds for every n and s. Split in the middle, 5
entries of 1100 may take 47 measurements where 43.9 are allowed, since each may lie one level deeper
than log₂ n.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array
from handgrad.gradcheck.engine.gradient_judge import GradientJudge
from handgrad.gradcheck.engine.slopes import Slope
from handgrad.gradcheck.findings import Method, WrongEntry

FEW = 512
"""In an array of at most so many entries, every wrong entry is found."""
MOST_ENTRIES = 64
"""The most wrong entries that are searched in a larger array; of more, samples are shown."""
SAMPLES = 8
CLEAR = 8.0
"""A rest this many times larger than its bound is not measured separately."""
ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Segment:
    """Entries ``start … stop − 1`` of an array, and the discrepancy along v within them.

    Attributes:
        error: the sum of (right − received) · v over the segment.
        bound: the part that rounding may explain.
    """

    start: int
    stop: int
    error: float
    bound: float

    @property
    def is_wrong(self) -> bool:
        """Whether an entry in it is wrong."""
        return abs(self.error) > self.bound

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.stop - self.start

    @property
    def excess(self) -> float:
        """The error as a multiple of its bound."""
        return abs(self.error) / self.bound if self.bound else 0.0


@dataclass(frozen=True, eq=False)
class FoundEntries:
    """The wrong entries of one array.

    Attributes:
        entries: the largest errors first.
        count: how many are wrong; None if only samples were examined.
        measured: the whole gradient, if the array is small.
    """

    entries: tuple[WrongEntry, ...]
    count: int | None
    measured: Array | None = None


class WrongEntrySearch:
    """Finds the wrong entries of one array that was judged wrong."""

    def __init__(self, judge: GradientJudge, name: str) -> None:
        self.judge = judge
        self.name = name
        self.measured = judge.measured[name]
        self.gradient = judge.gradient(name)
        self.found: dict[int, Segment] = {}
        self.v = np.zeros(self.gradient.size)
        self.is_sampled = False

    def search(self) -> FoundEntries:
        """Search along one direction, then along the others for errors that are not yet explained."""
        for _ in range(ROUNDS):
            left = [(part, slope) for slope in self.measured.usable if (part := self._rest(slope))]
            left = [(part, slope) for part, slope in left if part.is_wrong]
            if not left:
                break
            root, slope = max(left, key=lambda one: one[0].excess)
            self.v = slope.direction.ravel()
            leaves = self._wrong_in(root)
            if not leaves:
                break
            for leaf in leaves:
                self._keep(leaf)
            if self.is_sampled:
                break
        entries = self._entries()
        if self.is_sampled or not entries:
            return FoundEntries(entries, None)
        return FoundEntries(entries, len(entries), self._measured_whole())

    def _rest(self, slope: Slope) -> Segment:
        """The discrepancy along a direction that the entries found so far do not explain."""
        seen = self.judge.compared(self.name, slope)
        error, bound = seen.error * slope.scale, (seen.bound + seen.saturated) * slope.scale
        along = slope.direction.ravel()
        for at, leaf in self.found.items():
            error -= leaf.error * along[at]
            bound += leaf.bound * abs(along[at])
        return Segment(0, self.gradient.size, error, bound)

    def _wrong_in(self, root: Segment) -> list[Segment]:
        """The wrong entries; a few samples if there are too many."""
        waiting, leaves = deque([root]), list[Segment]()
        while waiting:
            part = waiting.popleft()
            if part.size == 1:
                leaves.append(part)
            else:
                waiting += self._parts(part)
            if len(waiting) + len(leaves) > MOST_ENTRIES and root.size > FEW:
                self.is_sampled = True
                few = self.judge.rng.choice(len(waiting), min(SAMPLES, len(waiting)), replace=False)
                return [found for at in few if (found := self._one_in(waiting[int(at)]))]
        return leaves

    def _parts(self, whole: Segment) -> list[Segment]:
        """Those of the two halves in which an entry is wrong."""
        middle = whole.start + largest_power_below(whole.size)
        left = self._measured(whole.start, middle)
        right = Segment(middle, whole.stop, whole.error - left.error, whole.bound + left.bound)
        doubtful = right.excess < CLEAR and not left.is_wrong
        doubtful |= right.size == 1 and 1 < right.excess < CLEAR
        if doubtful:
            right = self._measured(middle, whole.stop)
        return [part for part in (left, right) if part.is_wrong]

    def _one_in(self, part: Segment) -> Segment | None:
        """One wrong entry of a segment; None if bisection loses it.

        If most entries are wrong, so is the one in which an error would show most.
        """
        best = part.start + int(np.argmax(np.abs(self.v[part.start : part.stop])))
        entry = self._measured(best, best + 1)
        if entry.is_wrong:
            return entry
        while part.size > 1:
            parts = self._parts(part)
            if not parts:
                return None
            part = max(parts, key=lambda one: one.excess)
        return part

    def _measured(self, start: int, stop: int) -> Segment:
        cut = np.zeros(self.gradient.size)
        cut[start:stop] = self.v[start:stop]
        slope = self._slope(cut, self.measured.method)
        if slope is None:
            return Segment(start, stop, 0.0, np.inf)
        seen = self.judge.compared(self.name, slope)
        error = seen.error * slope.scale
        for at, leaf in self.found.items():
            if start <= at < stop:
                error -= leaf.error * cut[at]
        return Segment(start, stop, error, (seen.bound + self._saturated(cut)) * slope.scale)

    def _saturated(self, cut: Array) -> float:
        """The share of what saturation may explain that belongs to a segment."""
        whole = self.judge.compared(self.name, self.measured.usable[0]).saturated
        return whole * float(np.sqrt(np.count_nonzero(cut) / cut.size))

    def _slope(self, cut: Array, method: Method) -> Slope | None:
        step = self.measured.step or self.judge.measurer.wide
        return self.judge.measurer.measure(
            self.name, cut.reshape(self.gradient.shape), method, step
        )

    def _keep(self, leaf: Segment) -> None:
        """Store an entry's error per unit of v, added to that of earlier rounds."""
        size = self.v[leaf.start]
        before = self.found.get(leaf.start)
        error = leaf.error / size + (before.error if before else 0.0)
        self.found[leaf.start] = Segment(leaf.start, leaf.stop, error, abs(leaf.bound / size))

    def _entries(self) -> tuple[WrongEntry, ...]:
        flat = self.gradient.ravel()
        ordered = sorted(self.found.values(), key=lambda leaf: -abs(leaf.error))
        return tuple(
            WrongEntry(
                tuple(int(i) for i in np.unravel_index(leaf.start, self.gradient.shape)),
                float(flat[leaf.start]),
                float(flat[leaf.start] + leaf.error),
                leaf.bound,
            )
            for leaf in ordered
        )

    def _measured_whole(self) -> Array | None:
        """The whole gradient with its wrong entries corrected, of a small array."""
        if self.gradient.size > FEW:
            return None
        right = self.gradient.ravel().copy()
        for at, leaf in self.found.items():
            right[at] += leaf.error
        return right.reshape(self.gradient.shape)


def largest_power_below(size: int) -> int:
    """Where a segment is split: the largest power of two below its length.

    >>> [largest_power_below(n) for n in (2, 3, 4, 5, 1024, 1025)]
    [1, 2, 2, 4, 512, 1024]
    """
    return 1 << ((size - 1).bit_length() - 1)
