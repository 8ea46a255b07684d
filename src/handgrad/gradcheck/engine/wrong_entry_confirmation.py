"""Adds the wrong entries to a report, and confirms by real differences what only a complex step shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array
from handgrad.gradcheck.engine.gradient_judge import GradientJudge
from handgrad.gradcheck.engine.sentences import COMPLEX_ALONE
from handgrad.gradcheck.engine.wrong_entry_search import WrongEntrySearch
from handgrad.gradcheck.findings import ArrayReport, WrongEntry

SHARED = 0.25
"""Two measured errors that differ by less than this share are the same error."""
LONGEST = 0.05
"""The largest step size along a single entry, in units of the array's size."""
MOST_CONFIRMED = 3
"""How many wrong entries are measured by real differences if only a complex step shows them."""


def with_wrong_entries(
    judge: GradientJudge, array: ArrayReport, *, show: bool = True
) -> ArrayReport:
    """The report on an array, with its wrong entries.

    What only a complex step shows must be confirmed by real differences, at least in single entries.
    For this, wrong entries are searched even if they are not shown.
    """
    if array.verdict != "wrong" or array.of not in judge.measured or array.method == "none":
        return array
    is_complex = array.method == "complex-step"
    if not show and (not is_complex or confirmed(judge, array.of, ())):
        return array
    found = WrongEntrySearch(judge, array.of).search()
    if is_complex and not confirmed(judge, array.of, found.entries):
        return replace(array, verdict="cannot-tell", reason=COMPLEX_ALONE)
    if not show:
        return array
    return replace(
        array,
        wrong_entries=found.entries,
        wrong_count=found.count,
        measured=found.measured,
    )


def confirmed(judge: GradientJudge, name: str, entries: Sequence[WrongEntry]) -> bool:
    """Whether real differences confirm an error: in all entries together, or in one of them.

    Along a single entry a real difference is much more precise than along the whole array: nothing
    else is rounded, and the step may be larger.
    """
    measurer, whole = judge.measurer, judge.measured[name].usable[0].direction
    if judge.compared(name, measurer.real(name, whole, measurer.wide)).is_wrong:
        return True
    longest = LONGEST / measurer.wide
    for entry in entries[:MOST_CONFIRMED]:
        for factor in (
            1.0,
            np.sqrt(longest),
            longest,
        ):  # the smallest that rounding allows, to keep truncation small
            is_confirmed = confirmed_at(judge, name, whole, entry, factor)
            if is_confirmed:
                return True
            if is_confirmed is not None:
                break
    return False


def confirmed_at(
    judge: GradientJudge, name: str, whole: Array, entry: WrongEntry, factor: float
) -> bool | None:
    """Whether a real difference along one entry, with a multiple of the usual step size, shows an error.

    None if it is too coarse to distinguish the error that the complex step shows from none.
    """
    measurer, one = judge.measurer, np.zeros(whole.shape)
    one[entry.index] = factor * whole[entry.index]
    real = measurer.real(name, one, measurer.wide)
    imaginary = measurer.measure(name, one, "complex-step", 0.0)
    if imaginary is None:
        return False
    # The complex step shows which outputs depend on the entry, however little.
    rounding = np.where(imaginary.values == 0, 0.0, real.rounding)
    seen = judge.compared(name, replace(real, rounding=rounding))
    suspected = judge.compared(name, imaginary).error
    off = abs(seen.error - suspected)
    if not seen.is_wrong:
        return False if off > seen.bound else None
    # Both must show the same error: a step too large for the function shows another one.
    return off <= SHARED * abs(suspected)
