"""The catalogue of mistakes: what each known mistake would give, and how it is explained.

A mistake *predicts*: from the inputs of a case and the reference's arrays it
computes what the wrong code would give, or raises where the wrong code would
raise. An answer that every case agrees with is explained by it; nothing else is.
Generic mistakes live here; a level's own live in its folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handgrad.checking.case import Array, Received, Trial
from handgrad.languages import Text


@dataclass(frozen=True)
class Explanation:
    """What a learner is told: never the finished line of code.

    Attributes:
        shows: what the array shows ("your db has one row a sample").
        because: why that is wrong, one line of maths with shapes.
        look_at: what to look at.
    """

    shows: Text
    because: Text
    look_at: Text


@dataclass(frozen=True)
class Mistake:
    """One known mistake: its name, what it predicts, and its explanation.

    Exactly one of `predict` and `recognise` is given.

    Attributes:
        name: as in VOCABULARY, e.g. ``"db-not-summed"``.
        arrays: the compared names it can be about; empty means any.
        predict: ``predict(trial, array_name)`` → the array that the wrong code gives in this
            case. It may raise, as the wrong code would; it returns None where the mistake makes
            no difference or cannot be told.
        recognise: ``recognise(trial, array_name, received)`` → does what was received have this
            mistake's form? For mistakes that are no array: nothing, a tuple, a missing attribute.
        refines: names of more general mistakes that this one makes superfluous.
        explanation: the words.
    """

    name: str
    explanation: Explanation
    arrays: tuple[str, ...] = ()
    predict: Callable[[Trial, str], Array | None] | None = None
    recognise: Callable[[Trial, str, Received], bool] | None = None
    refines: tuple[str, ...] = ()
