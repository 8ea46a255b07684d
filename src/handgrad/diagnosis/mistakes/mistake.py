"""What a mistake of the catalogue is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from handgrad.diagnosis.case import Array, Received, Trial
from handgrad.languages import Text


@dataclass(frozen=True)
class Explanation:
    """The explanation for a learner; never the finished line of code.

    ``{array}`` in a text is replaced by the array's name, ``{factor}`` by a fitted constant.

    Attributes:
        shows: what the array shows ("db has one row a sample").
        because: why that is wrong, one line of maths with shapes.
        look_at: what to check.
    """

    shows: Text
    because: Text
    look_at: Text


@dataclass(frozen=True)
class Fit:
    """A prediction with one unknown constant: ``base + factor · direction``."""

    base: Array
    direction: Array

    def at(self, factor: float) -> Array:
        """The prediction with this constant."""
        return np.asarray(self.base + factor * self.direction)


Compute: TypeAlias = Callable[[Trial], Array]
"""What a line of code makes of the arrays of a call: the right array, or a wrong one."""


@dataclass(frozen=True)
class Mistake:
    """One known mistake: its name, what it predicts, and its explanation.

    One of `predict`, `change`, `fit` and `recognise` is given (none for a side effect, which shows
    in no array). The first three may raise, as the wrong code would, and return None where the
    mistake makes no difference (the array must then be right).

    Attributes:
        name: of the mistake, e.g. ``"db-not-summed"``.
        explanation: the words.
        arrays: the compared names it can be about; empty means any.
        predict: the array that the wrong code gives.
        change: what the mistake makes of a computation, right or wrong: ``-compute(trial)`` for a
            sign that was flipped. Only such a mistake can be combined with another one.
        fit: the array up to one constant, which is fitted to all cases at once.
        recognise: for mistakes of form rather than of value: does what was received have it?
        sample: for those, something that has it, for the proof that the cases expose it.
        sees: for a mistake in what a formula is applied to: the trial as the wrong code sees it.
        refines: names of more general mistakes that this one makes superfluous.
        is_last_resort: named only when nothing else explains the array.
    """

    name: str
    explanation: Explanation
    arrays: tuple[str, ...] = ()
    predict: Callable[[Trial, str], Array | None] | None = None
    change: Callable[[Trial, Compute], Array | None] | None = None
    fit: Callable[[Trial, str], Fit | None] | None = None
    recognise: Callable[[Trial, str, Received], bool] | None = None
    sample: Callable[[Trial, str], Received] | None = None
    sees: Callable[[Trial], Trial] | None = None
    refines: tuple[str, ...] = ()
    is_last_resort: bool = False

    def is_about(self, array: str) -> bool:
        """Whether the mistake can show in this array."""
        return not self.arrays or array in self.arrays

    def predicted(self, trial: Trial, array: str) -> Array | None:
        """The array that the wrong code gives, from `predict` or `change`; it may raise."""
        if self.predict is not None:
            return self.predict(trial, array)
        if self.change is not None:
            return self.change(trial, lambda seen: np.asarray(seen.expected[array]))
        return None

    @property
    def predicts(self) -> bool:
        """Whether it predicts the array without any constant."""
        return self.predict is not None or self.change is not None


Parts: TypeAlias = tuple[Mistake, ...]
"""A single mistake, or two combined in an array, the inner one first."""
