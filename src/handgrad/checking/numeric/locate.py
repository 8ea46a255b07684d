"""Which entries of a gradient are wrong: found by halving, never by looking at each.

The discrepancy of the whole array along v is the sum of those of its halves, ``v`` cut to each. One
half is measured, the other is what remains. Only halves in which something is wrong are cut again,
so that s wrong entries of n take at most ``s·log₂(2n/s)`` measurements: of one forward where forward
is affine or takes complex numbers, of four where it takes real differences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handgrad.checking.numeric.judge import Judge
from handgrad.checking.numeric.report import Method, WrongEntry
from handgrad.checking.numeric.slopes import Slope
from handgrad.checking.numeric.subject import Array

MOST_ENTRIES = 64
"""Wrong entries that are searched; where there are more, samples tell as much."""
SAMPLES = 8
FEW = 512
"""An array of so few entries is measured entry by entry where many of them are wrong."""
CLEAR = 8.0
"""A remainder this many times its bound needs no measurement of its own."""
ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Part:
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
    def excess(self) -> float:
        """The error as a multiple of its bound."""
        return abs(self.error) / self.bound if self.bound else 0.0


@dataclass(frozen=True, eq=False)
class Located:
    """The wrong entries of one array.

    Attributes:
        entries: the largest errors first.
        count: how many are wrong; None where only samples were looked at.
        measured: the whole gradient, where every entry was measured.
    """

    entries: tuple[WrongEntry, ...]
    count: int | None
    measured: Array | None = None


class Locator:
    """Finds the wrong entries of one array that was judged wrong."""

    def __init__(self, judge: Judge, name: str) -> None:
        self.judge = judge
        self.name = name
        self.probed = judge.probed[name]
        self.gradient = judge.gradient(name)
        self.found: dict[int, Part] = {}
        self.v = np.zeros(self.gradient.size)

    def locate(self) -> Located:
        """Search along one direction, then see whether the others have anything left to explain."""
        for _ in range(ROUNDS):
            left = [(part, slope) for slope in self.probed.usable if (part := self._rest(slope))]
            left = [(part, slope) for part, slope in left if part.is_wrong]
            if not left:
                break
            root, slope = max(left, key=lambda one: one[0].excess)
            self.v = slope.direction.ravel()
            leaves = self._halved(root)
            if leaves is None:
                return self._crowded()
            if not leaves:
                break
            for leaf in leaves:
                self._keep(leaf)
        entries = self._entries()
        return Located(entries, len(entries) if entries else None)

    def _rest(self, slope: Slope) -> Part:
        """What the entries found so far leave unexplained along a direction."""
        seen = self.judge.compared(self.name, slope)
        error, bound = seen.error * slope.scale, (seen.bound + seen.saturated) * slope.scale
        along = slope.direction.ravel()
        for at, leaf in self.found.items():
            error -= leaf.error * along[at]
            bound += leaf.bound * abs(along[at])
        return Part(0, self.gradient.size, error, bound)

    def _halved(self, root: Part) -> list[Part] | None:
        """The single entries in which something is wrong; None where there are too many."""
        level, leaves = [root], []
        while level:
            below: list[Part] = []
            for part in level:
                below += self._halves(part)
            leaves += [part for part in below if part.stop - part.start == 1]
            level = [part for part in below if part.stop - part.start > 1]
            if len(level) + len(leaves) > MOST_ENTRIES or self._is_crowded(root, level):
                return None
        return leaves if root.stop > 1 else [root]

    def _is_crowded(self, root: Part, level: list[Part]) -> bool:
        """Whether nearly every part of one size is wrong."""
        if not level or len(level) < min(32, root.stop // 4):
            return False
        size = min(part.stop - part.start for part in level)
        return len(level) * size * 4 >= 3 * root.stop

    def _halves(self, part: Part) -> list[Part]:
        """Those of the two halves in which something is wrong."""
        if part.stop - part.start == 1:
            return [part]
        middle = (part.start + part.stop) // 2
        left = self._measured(part.start, middle)
        right = Part(middle, part.stop, part.error - left.error, part.bound + left.bound)
        doubtful = right.excess < CLEAR and not left.is_wrong
        doubtful |= right.stop - right.start == 1 and 1 < right.excess < CLEAR
        if doubtful:
            right = self._measured(middle, part.stop)
        return [half for half in (left, right) if half.is_wrong]

    def _measured(self, start: int, stop: int) -> Part:
        cut = np.zeros(self.gradient.size)
        cut[start:stop] = self.v[start:stop]
        slope = self._slope(cut, self.probed.method)
        if slope is None:
            return Part(start, stop, 0.0, np.inf)
        seen = self.judge.compared(self.name, slope)
        error = seen.error * slope.scale
        for at, leaf in self.found.items():
            if start <= at < stop:
                error -= leaf.error * cut[at]
        return Part(start, stop, error, (seen.bound + self._saturated(cut)) * slope.scale)

    def _saturated(self, cut: Array) -> float:
        """The part of what saturation may explain that belongs to a part of the array."""
        whole = self.judge.compared(self.name, self.probed.usable[0]).saturated
        return whole * float(np.sqrt(np.count_nonzero(cut) / cut.size))

    def _slope(self, cut: Array, method: Method) -> Slope | None:
        step = self.probed.step or self.judge.prober.wide
        return self.judge.prober.measure(self.name, cut.reshape(self.gradient.shape), method, step)

    def _keep(self, leaf: Part) -> None:
        """An entry's error per unit of v, added to what an earlier round found."""
        size = self.v[leaf.start]
        before = self.found.get(leaf.start)
        error = leaf.error / size + (before.error if before else 0.0)
        self.found[leaf.start] = Part(leaf.start, leaf.stop, error, abs(leaf.bound / size))

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

    def _crowded(self) -> Located:
        """Most entries are wrong: each of few is measured, and samples of many."""
        size = self.gradient.size
        is_small = size <= FEW
        places = range(size) if is_small else self._sampled()
        measured = self.gradient.ravel().copy()
        for at in places:
            self.found.pop(at, None)
            part = self._measured(at, at + 1)
            measured[at] += part.error / self.v[at]
            if part.is_wrong:
                self._keep(part)
        entries = self._entries()
        if not is_small:
            return Located(entries, None)
        return Located(entries, len(entries), measured.reshape(self.gradient.shape))

    def _sampled(self) -> list[int]:
        """Entries at random among those in which an error would be seen best."""
        best = np.argsort(-np.abs(self.v))[: max(SAMPLES, self.gradient.size // 4)]
        return [int(i) for i in self.judge.rng.choice(best, SAMPLES, replace=False)]
