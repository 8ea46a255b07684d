"""What can be said of a wrong array that no known mistake explains: where it is right, where not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handgrad.checking.case import Trial
from handgrad.checking.compare import TOLERANCE, compare
from handgrad.languages import Text, joined


def structure_of(array: str, trials: Sequence[Trial]) -> Text | None:
    """A sentence that holds in every case, or None when there is nothing to say.

    Looked for, in this order: only where x is zero; only in the batch of one, or everywhere but
    there; the right shape in some kinds of case only; right in these kinds of case, wrong in those.
    """
    judged = [
        trial
        for trial in trials
        if trial.case.warning is None and array in trial.case.compared
    ]
    wrong = [t for t in judged if compare(t.observed.values.get(array), t.expected[array])]
    right = [t for t in judged if t not in wrong]
    if not wrong:
        return None
    if all(_wrong_only_at_zero(array, trial) for trial in wrong):
        return Text(zh="只在 x = 0 的位置出错", en="wrong only where x = 0")
    if not right:
        return Text(
            zh="{count} 个测试全部出错", en="wrong in every one of the {count} cases"
        ).format(count=len(judged))
    batch_of_one = [trial for trial in judged if trial.case.batch_size == 1]
    if batch_of_one and right == batch_of_one:
        return Text(zh="B = 1 时正确，其余都错", en="right for B = 1, wrong otherwise")
    kinds = list({trial.case.kind: trial.case.title for trial in wrong}.values())
    return Text(
        zh="{judged} 个测试中有 {right} 个正确；出错的是：{kinds}",
        en="right in {right} of {judged} cases; wrong in: {kinds}",
    ).format(
        right=len(right), judged=len(judged), kinds=joined(kinds, Text(zh="、", en=", "))
    )


def _wrong_only_at_zero(array: str, trial: Trial) -> bool:
    x, received = trial.case.inputs.get("x"), trial.observed.values.get(array)
    got, expected = received.array if received else None, trial.expected[array]
    if x is None or got is None or np.shape(x) != got.shape or got.shape != expected.shape:
        return False
    if got.dtype.kind != "f":
        return False
    off = ~(np.abs(got - expected) <= TOLERANCE)
    return bool(off.any()) and not np.asarray(x)[off].any()
