"""Wrong entries of an array that was judged wrong; and whether what only a complex step saw is true."""

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
"""Two measurements that accuse of errors this close to each other accuse of the same."""
LONGEST = 0.05
"""A step along a single entry, in units of the array's size, is no longer than this."""
MOST_CONFIRMED = 3
"""Wrong entries that a real difference looks at where only a complex step saw them."""


def with_wrong_entries(
    judge: GradientJudge, array: ArrayReport, *, show: bool = True
) -> ArrayReport:
    """The report on an array, its wrong entries found.

    What only a complex step saw must be seen by real differences, too, at least in single entries:
    for that they are searched even where they are not to be shown.
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
    """Whether real differences see what a complex step saw: in all entries, else in one of them.

    Along a single entry a real difference is many times finer than along the whole array: nothing
    else is rounded, and the step may be longer.
    """
    measurer, whole = judge.measurer, judge.measured[name].usable[0].direction
    if judge.compared(name, measurer.real(name, whole, measurer.wide)).is_wrong:
        return True
    longest = LONGEST / measurer.wide
    for entry in entries[:MOST_CONFIRMED]:
        for factor in (1.0, np.sqrt(longest), longest):  # short of truncation, if rounding allows
            said = confirmed_at(judge, name, whole, entry, factor)
            if said:
                return True
            if said is not None:
                break
    return False


def confirmed_at(
    judge: GradientJudge, name: str, whole: Array, entry: WrongEntry, factor: float
) -> bool | None:
    """Whether a real difference along one entry, a multiple of the usual step long, sees it wrong.

    None where it is too coarse to tell the error that the complex step suspects from none.
    """
    measurer, one = judge.measurer, np.zeros(whole.shape)
    one[entry.index] = factor * whole[entry.index]
    real = measurer.real(name, one, measurer.wide)
    imaginary = measurer.measure(name, one, "complex-step", 0.0)
    if imaginary is None:
        return False
    # It tells which outputs depend on the entry, however little.
    rounding = np.where(imaginary.values == 0, 0.0, real.rounding)
    seen = judge.compared(name, replace(real, rounding=rounding))
    suspected = judge.compared(name, imaginary).error
    off = abs(seen.error - suspected)
    if not seen.is_wrong:
        return False if off > seen.bound else None
    # Both must accuse of the same: a step too long for the function accuses of something else.
    return off <= SHARED * abs(suspected)
