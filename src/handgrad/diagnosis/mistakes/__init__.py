"""The catalogue of mistakes: what each known mistake would give, and how it is explained.

A mistake *predicts*: from the inputs of a case and the reference's arrays it computes what the
wrong code would give, or raises where the wrong code would raise. An answer that every case agrees
with is explained by it; nothing else is. Generic mistakes live here, by what they are about; a
level's own live in its folder.
"""

from handgrad.diagnosis.mistakes.entry import Explanation, Fit, Mistake, Parts
from handgrad.diagnosis.mistakes.forms import FORMS
from handgrad.diagnosis.mistakes.scales import SCALES
from handgrad.diagnosis.mistakes.shapes import FIXED_SHAPE
from handgrad.diagnosis.mistakes.states import INPUT_CHANGED, PARAMETERS_CHANGED, STATES

GENERIC: tuple[Mistake, ...] = (*FORMS, *SCALES, *STATES)
"""Every generic mistake that an array can show."""

TIMES_CONSTANT = next(entry for entry in SCALES if entry.name == "times-constant")
"""The right gradient, or another mistake's, times a constant."""

SIDE_EFFECTS: tuple[Mistake, ...] = (FIXED_SHAPE, PARAMETERS_CHANGED, INPUT_CHANGED)
"""Mistakes that are seen across cases, or in what a run leaves behind, and in no single array."""

__all__ = ["GENERIC", "SIDE_EFFECTS", "TIMES_CONSTANT", "Explanation", "Fit", "Mistake", "Parts"]
