"""Code that works for one shape only, which shows across cases and in no single array."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from handgrad.diagnosis.case import Trial
from handgrad.diagnosis.mistakes.mistake import Explanation, Mistake
from handgrad.languages import Text

FEWEST_RIGHT = 2
"""With a single right case, what it has in common with itself proves nothing."""

NUMBERS = {
    1: Text(zh="一", en="one axis"),
    2: Text(zh="二", en="two axes"),
    3: Text(zh="三", en="three axes"),
    4: Text(zh="四", en="four axes"),
}


def only_with_axes(axes: int) -> Mistake:
    """Right where x has that many axes, and nowhere else."""
    number = NUMBERS.get(axes, Text(zh=f" {axes} ", en=f"{axes} axes"))
    return Mistake(
        "fixed-shape",
        Explanation(
            shows=Text(
                zh="只有当 x 是{number}维数组时才对。", en="It works only when x has {number}."
            ).format(number=number),
            because=Text(
                zh="x 可以有任意多个轴，例如一批图片是四维的。",
                en="x may have any number of axes: a batch of images has four.",
            ),
            look_at=Text(
                zh="看看哪一行默认了 x 恰好是{number}维的。",
                en="Look for the line that assumes that x has {number}.",
            ).format(number=number),
        ),
    )


ONLY_ONE_SAMPLE = Mistake(
    "fixed-shape",
    Explanation(
        shows=Text(
            zh="只有当批里只有一个样本（B = 1）时才对。",
            en="It works only for a batch of one sample (B = 1).",
        ),
        because=Text(
            zh="批里的每个样本都有自己的 dx，参数的梯度则要对所有样本求和。",
            en="Every sample of a batch has its own dx, and parameter gradients are summed over "
            "all samples.",
        ),
        look_at=Text(
            zh="看看哪一行把整批数据当成了一个样本（np.outer、下标 [0]、flatten 之类）。",
            en="Look for the line that treats the whole batch as one sample (np.outer, an index "
            "[0], flatten or similar).",
        ),
    ),
)

FIXED_SHAPE = only_with_axes(2)


def fixed_shape_mistake(
    trials: Sequence[Trial], failing: Collection[int], breaking: Collection[int]
) -> Mistake | None:
    """The one shape for which code works, if that is what tells right from failing trials apart.

    A wrong formula may be right for a single sample (a mean is a sum there) or for a single axis (a
    row is an entry there). So code is said to be made for one of these only if it breaks for every
    other: it raises, or gives another shape.

    Args:
        trials: those that may make a verdict wrong.
        failing: the numbers of those that fail for no other known reason.
        breaking: the numbers of those that raised or gave an array of another shape.
    """
    right = [trial for trial in trials if trial.number not in failing]
    wrong = [trial for trial in trials if trial.number in failing]
    if not right or not wrong:
        return None
    breaks = all(trial.number in breaking for trial in wrong)
    if breaks and _all_right_and_none_wrong(right, wrong, _is_one_sample):
        return ONLY_ONE_SAMPLE
    axes = _axes(right[0])
    if (
        len(right) >= FEWEST_RIGHT
        and (axes > 1 or breaks)
        and _all_right_and_none_wrong(right, wrong, lambda trial: _axes(trial) == axes)
    ):
        return only_with_axes(axes)
    return None


def _all_right_and_none_wrong(
    right: Sequence[Trial], wrong: Sequence[Trial], holds: Callable[[Trial], bool]
) -> bool:
    return all(map(holds, right)) and not any(map(holds, wrong))


def _is_one_sample(trial: Trial) -> bool:
    return trial.case.batch_size == 1


def _axes(trial: Trial) -> int:
    return np.ndim(trial.case.inputs.get("x", 0))
