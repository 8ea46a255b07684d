"""What can be said of a wrong array that no known mistake explains: where it is right, where not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handgrad.diagnosis.compare import TOLERANCE
from handgrad.diagnosis.evidence import Sighting
from handgrad.languages import Text, joined


def structure_of(evidence: Sequence[Sighting]) -> Text | None:
    """A sentence that holds in every case, or None when nothing is wrong.

    Looked for, in this order: wrong only where x is zero; wrong everywhere; right for a batch of
    one only; right in these kinds of case, wrong in those (whichever are fewer).

    Args:
        evidence: one array's sightings in every trial.
    """
    wrong = [sighting for sighting in evidence if sighting.is_wrong]
    right = [sighting for sighting in evidence if not sighting.is_wrong]
    if not wrong:
        return None
    if all(_is_wrong_only_at_zero(sighting) for sighting in wrong):
        return Text(zh="只在 x = 0 的位置出错", en="wrong only where x = 0")
    if not right:
        return Text(
            zh="{count} 个测试全部出错", en="wrong in every one of the {count} cases"
        ).format(count=len(evidence))
    if all(sighting.trial.case.batch_size == 1 for sighting in right):
        return Text(zh="只有 B = 1 时正确，其余都错", en="right for B = 1, wrong otherwise")
    kinds, others = (
        {sighting.trial.case.kind: sighting.trial.case.title for sighting in some}
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


def _is_wrong_only_at_zero(sighting: Sighting) -> bool:
    x, got = sighting.trial.case.inputs.get("x"), sighting.received.array
    expected = np.asarray(sighting.trial.expected[sighting.array])
    if x is None or got is None or np.shape(x) != got.shape or got.shape != expected.shape:
        return False
    if got.dtype.kind != "f":
        return False
    with np.errstate(all="ignore"):
        off = ~(np.abs(got - expected) <= TOLERANCE)
    return bool(off.any()) and not np.asarray(x)[off].any()
