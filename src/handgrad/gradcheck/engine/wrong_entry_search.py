"""Which entries of a gradient are wrong: found by cutting in two, never by looking at each.

The discrepancy of the whole array along v is the sum of those of its two parts, ``v`` cut to each.
One part is measured, the other is what remains, and only parts in which something is wrong are cut
again. So s wrong entries of n take at most ``s·log₂(2n/s)`` measurements, wherever they are: of one
forward where forward is affine or takes complex numbers, of four where it takes real differences.

Cuts are at the largest power of two. An array then is a chain of parts whose lengths are powers of
two, the longest first, and the bound holds for every n and s. Cut in the middle, 5 entries of 1100
may take 47 measurements where 43.9 are allowed: all of them may lie one cut deeper than log₂ n.
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
"""In an array of so few entries every wrong one is found."""
MOST_ENTRIES = 64
"""Wrong entries that are searched in a larger one; where there are more, samples tell as much."""
SAMPLES = 8
CLEAR = 8.0
"""A remainder this many times its bound needs no measurement of its own."""
ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Segment:
    """Entries ``start … stop − 1`` of an array, and the discrepancy along v cut to them.

    Attributes:
        error: the sum of (right − received) · v over the part.
        bound: how much of it rounding may explain.
    """

    start: int
    stop: int
    error: float
    bound: float

    @property
    def is_wrong(self) -> bool:
        """Whether something in it is wrong."""
        return abs(self.error) > self.bound

    @property
    def size(self) -> int:
        """How many entries it has."""
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
        count: how many are wrong; None where only samples were looked at.
        measured: the whole gradient, where the array is small.
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
        """Search along one direction, then see whether the others have anything left to explain."""
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
        """What the entries found so far leave unexplained along a direction."""
        seen = self.judge.compared(self.name, slope)
        error, bound = seen.error * slope.scale, (seen.bound + seen.saturated) * slope.scale
        along = slope.direction.ravel()
        for at, leaf in self.found.items():
            error -= leaf.error * along[at]
            bound += leaf.bound * abs(along[at])
        return Segment(0, self.gradient.size, error, bound)

    def _wrong_in(self, root: Segment) -> list[Segment]:
        """The single entries in which something is wrong; a few of them where they are too many."""
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
        """Those of its two parts in which something is wrong."""
        middle = whole.start + largest_power_below(whole.size)
        left = self._measured(whole.start, middle)
        right = Segment(middle, whole.stop, whole.error - left.error, whole.bound + left.bound)
        doubtful = right.excess < CLEAR and not left.is_wrong
        doubtful |= right.size == 1 and 1 < right.excess < CLEAR
        if doubtful:
            right = self._measured(middle, whole.stop)
        return [part for part in (left, right) if part.is_wrong]

    def _one_in(self, part: Segment) -> Segment | None:
        """One wrong entry of a part; None where cutting loses it.

        Where most entries are wrong, the one in which an error would be seen best is.
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
        """The part of what saturation may explain that belongs to a part of the array."""
        whole = self.judge.compared(self.name, self.measured.usable[0]).saturated
        return whole * float(np.sqrt(np.count_nonzero(cut) / cut.size))

    def _slope(self, cut: Array, method: Method) -> Slope | None:
        step = self.measured.step or self.judge.measurer.wide
        return self.judge.measurer.measure(
            self.name, cut.reshape(self.gradient.shape), method, step
        )

    def _keep(self, leaf: Segment) -> None:
        """An entry's error per unit of v, added to what an earlier round found."""
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
        """The whole gradient with its wrong entries put right, of an array of few."""
        if self.gradient.size > FEW:
            return None
        right = self.gradient.ravel().copy()
        for at, leaf in self.found.items():
            right[at] += leaf.error
        return right.reshape(self.gradient.shape)


def largest_power_below(size: int) -> int:
    """Where a part is cut: the largest power of two that is less than its length.

    >>> [largest_power_below(n) for n in (2, 3, 4, 5, 1024, 1025)]
    [1, 2, 2, 4, 512, 1024]
    """
    return 1 << ((size - 1).bit_length() - 1)
