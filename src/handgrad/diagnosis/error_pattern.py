"""What can be said of a wrong array that no known mistake explains: where it is right, where not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handgrad.diagnosis.array_difference import TOLERANCE
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.languages import Text, joined


def error_pattern(evidence: Sequence[ComparedArray]) -> Text | None:
    """A sentence that holds in every case, or None when nothing is wrong.

    Looked for, in this order: wrong only where x is zero; wrong everywhere; right for a batch of
    one only; right in these kinds of case, wrong in those (whichever are fewer).

    Args:
        evidence: one array's compared_arrays in every trial.
    """
    wrong = [compared for compared in evidence if compared.is_wrong]
    right = [compared for compared in evidence if not compared.is_wrong]
    if not wrong:
        return None
    if all(_is_wrong_only_at_zero(compared) for compared in wrong):
        return Text(zh="只在 x = 0 的位置出错", en="wrong only where x = 0")
    if not right:
        return Text(
            zh="{count} 个测试全部出错", en="wrong in every one of the {count} cases"
        ).format(count=len(evidence))
    if all(compared.trial.case.batch_size == 1 for compared in right):
        return Text(zh="只有 B = 1 时正确，其余都错", en="right for B = 1, wrong otherwise")
    kinds, others = (
        {compared.trial.case.kind: compared.trial.case.title for compared in some}
        for some in (wrong, right)
    )
    if len(others) < len(kinds):
        return Text(
            zh="{judged} 个测试中只有 {right} 个正确：{kinds}",
            en="right in {right} of {judged} cases only: {kinds}",
        ).format(
            right=len(right),
            judged=len(evidence),
            kinds=joined(list(others.values()), Text(zh="、", en=", ")),
        )
    return Text(
        zh="{judged} 个测试中有 {right} 个正确；出错的是：{kinds}",
        en="right in {right} of {judged} cases; wrong in: {kinds}",
    ).format(
        right=len(right),
        judged=len(evidence),
        kinds=joined(list(kinds.values()), Text(zh="、", en=", ")),
    )


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
