"""The pattern of an error that no known mistake explains: in which cases, or entries, an array is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handgrad.diagnosis.array_difference import TOLERANCE
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.languages import Text, joined


def error_pattern(everywhere: Sequence[ComparedArray]) -> Text:
    """A sentence that holds in every case.

    The first that applies: wrong only where x is zero; wrong in every case; right only for a batch
    of one; the kinds of case in which it is right, or in which it is wrong (whichever are fewer).

    Args:
        everywhere: one array in every trial, wrong in at least one.
    """
    wrong = [compared for compared in everywhere if compared.is_wrong]
    right = [compared for compared in everywhere if not compared.is_wrong]
    if all(_is_wrong_only_at_zero(compared) for compared in wrong):
        return ONLY_AT_ZERO
    if not right:
        return IN_EVERY_CASE.format(count=len(everywhere))
    if all(compared.trial.case.batch_size == 1 for compared in right):
        return ONLY_RIGHT_FOR_ONE_SAMPLE
    right_kinds, wrong_kinds = _kinds(right), _kinds(wrong)
    is_rarely_right = len(right_kinds) < len(wrong_kinds)
    return (RARELY_RIGHT if is_rarely_right else MOSTLY_RIGHT).format(
        right=len(right),
        count=len(everywhere),
        kinds=joined(right_kinds if is_rarely_right else wrong_kinds, Text(zh="、", en=", ")),
    )


ONLY_AT_ZERO = Text(zh="只在 x = 0 的位置出错。", en="The error occurs only where x = 0.")
IN_EVERY_CASE = Text(zh="{count} 个测试全部出错。", en="The error occurs in all {count} cases.")
ONLY_RIGHT_FOR_ONE_SAMPLE = Text(
    zh="只有 B = 1 时正确，其余都错。", en="The result is right for B = 1 and wrong otherwise."
)
RARELY_RIGHT = Text(
    zh="{count} 个测试中只有 {right} 个正确：{kinds}。",
    en="The result is right in only {right} of {count} cases: {kinds}.",
)
MOSTLY_RIGHT = Text(
    zh="{count} 个测试中有 {right} 个正确；出错的是：{kinds}。",
    en="The result is right in {right} of {count} cases; it is wrong in: {kinds}.",
)


def _kinds(some: Sequence[ComparedArray]) -> list[Text]:
    """The titles of their kinds of case, each once."""
    titles = {compared.trial.case.kind: compared.trial.case.title for compared in some}
    return list(titles.values())


def _is_wrong_only_at_zero(compared: ComparedArray) -> bool:
    x, got = compared.trial.case.inputs.get("x"), compared.received.array
    expected = np.asarray(compared.trial.expected[compared.array])
    if x is None or got is None or np.shape(x) != got.shape or got.shape != expected.shape:
        return False
    if got.dtype.kind != "f":
        return False
    with np.errstate(all="ignore"):
        off = ~(np.abs(got - expected) <= TOLERANCE)
    return bool(off.any()) and not np.asarray(x)[off].any()
