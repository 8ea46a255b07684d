"""The catalogue of mistakes: what each known mistake would give, and how it is explained.

A mistake *predicts*: from the inputs of a case and the reference's arrays it computes what the
wrong code would give, or raises where the wrong code would raise. An answer that every case agrees
with is explained by it; nothing else is. Generic mistakes live here, by what they are about; a
level's own live in its folder.
"""

from handgrad.diagnosis.mistakes.fixed_shape import FIXED_SHAPE
from handgrad.diagnosis.mistakes.mistake import Explanation, Fit, Mistake, Parts
from handgrad.diagnosis.mistakes.wrong_state import INPUT_CHANGED, PARAMETERS_CHANGED, WRONG_STATE
from handgrad.diagnosis.mistakes.wrong_type_or_shape import WRONG_TYPE_OR_SHAPE
from handgrad.diagnosis.mistakes.wrong_values import WRONG_VALUES

GENERIC: tuple[Mistake, ...] = (*WRONG_TYPE_OR_SHAPE, *WRONG_VALUES, *WRONG_STATE)
"""Every generic mistake that an array can show."""

TIMES_CONSTANT = next(entry for entry in WRONG_VALUES if entry.name == "times-constant")
"""The right gradient, or another mistake's, times a constant."""

SIDE_EFFECTS: tuple[Mistake, ...] = (FIXED_SHAPE, PARAMETERS_CHANGED, INPUT_CHANGED)
"""Mistakes that show across cases or in side effects, and in no single array."""

__all__ = ["GENERIC", "SIDE_EFFECTS", "TIMES_CONSTANT", "Explanation", "Fit", "Mistake", "Parts"]
