"""The catalogue of mistakes: what each known mistake would give, and how it is explained.

A mistake *predicts*: from the inputs of a case and the reference's arrays it computes what the
wrong code would give, or raises where the wrong code would raise. An answer that every case agrees
with is explained by it; nothing else is. Generic mistakes live here, by what they are about; a
level's own live in its folder.
"""

from handgrad.checking.mistakes.entry import Explanation, Fit, Mistake
from handgrad.checking.mistakes.forms import FORMS
from handgrad.checking.mistakes.scales import SCALES
from handgrad.checking.mistakes.states import SIDE_EFFECTS, STATES

GENERIC: tuple[Mistake, ...] = (*FORMS, *SCALES, *STATES)
"""Every generic mistake that an array can show."""

__all__ = ["GENERIC", "SIDE_EFFECTS", "Explanation", "Fit", "Mistake"]
