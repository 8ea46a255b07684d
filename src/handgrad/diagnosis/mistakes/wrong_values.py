"""Mistakes of scale: the right gradient times something that does not belong there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handgrad.diagnosis.case import Array, Trial
from handgrad.diagnosis.mistakes.mistake import Compute, Explanation, Fit, Mistake
from handgrad.languages import Text


def _negated(trial: Trial, compute: Compute) -> Array:
    return np.asarray(-compute(trial))


def _divided_by_batch(trial: Trial, compute: Compute) -> Array | None:
    batch = trial.case.batch_size
    return np.asarray(compute(trial) / batch) if batch else None


def _multiplied_by_batch(trial: Trial, compute: Compute) -> Array | None:
    batch = trial.case.batch_size
    return np.asarray(compute(trial) * batch) if batch else None


def _times_constant(trial: Trial, array: str) -> Fit | None:
    expected = np.asarray(trial.expected[array])
    return Fit(base=np.zeros_like(expected), direction=expected)


def _only_sample(place: int) -> Callable[[Trial, Compute], Array | None]:
    """One sample as it is, zeros in all others."""

    def change(trial: Trial, compute: Compute) -> Array | None:
        whole = compute(trial)
        if whole.ndim == 0 or len(whole) != trial.case.batch_size:
            return None
        kept = np.zeros_like(whole)
        kept[place] = whole[place]
        return kept

    return change


def _zeros(trial: Trial, array: str) -> Array:
    return np.zeros_like(trial.expected[array])


WRONG_VALUES: tuple[Mistake, ...] = (
    Mistake(
        "sign-flipped",
        Explanation(
            shows=Text(
                zh="{array} 的每个数都反了号。", en="Every entry of {array} has the opposite sign."
            ),
            because=Text(
                zh="backward 求的是梯度本身；减号属于优化器的更新 W ← W − 学习率·dW。",
                en="backward computes the gradient itself; the minus belongs to the optimizer's "
                "update W ← W − learning_rate·dW.",
            ),
            look_at=Text(
                zh="看看公式里多出来的负号。",
                en="Look for a minus sign that does not belong there.",
            ),
        ),
        change=_negated,
    ),
    Mistake(
        "divided-by-batch",
        Explanation(
            shows=Text(
                zh="{array} 是正确结果除以批大小 B。",
                en="{array} is the right result divided by the batch size B.",
            ),
            because=Text(
                zh="层只按链式法则对样本求和；取平均属于损失函数，dout 里已经含有 1/B。",
                en="By the chain rule a layer sums over the samples; the mean belongs to the loss, "
                "and dout already contains its 1/B.",
            ),
            look_at=Text(
                zh="看看有没有 mean 或除以 B 的地方。", en="Look for a mean, or a division by B."
            ),
        ),
        change=_divided_by_batch,
    ),
    Mistake(
        "multiplied-by-batch",
        Explanation(
            shows=Text(
                zh="{array} 是正确结果乘以批大小 B。",
                en="{array} is the right result times the batch size B.",
            ),
            because=Text(
                zh="每个样本在链式法则的求和里只出现一次。",
                en="Every sample appears exactly once in the chain rule's sum.",
            ),
            look_at=Text(
                zh="看看有没有多乘了一次 B，或重复求和的地方。",
                en="Look for an extra factor B, or a sum computed twice.",
            ),
        ),
        change=_multiplied_by_batch,
    ),
    Mistake(
        "times-constant",
        Explanation(
            shows=Text(
                zh="{array} 是正确结果的 {factor} 倍。",
                en="{array} is {factor} times the right result.",
            ),
            because=Text(
                zh="在所有测试里倍数都相同，所以公式的形式是对的，只多了一个常数因子。",
                en="The factor is the same in every case, so the formula is right up to one extra "
                "constant.",
            ),
            look_at=Text(
                zh="看看公式里的常数：学习率、1/2 或 2？",
                en="Check the constants in the formula: a learning rate, a 1/2, a 2?",
            ),
        ),
        fit=_times_constant,
    ),
    Mistake(
        "first-sample-only",
        Explanation(
            shows=Text(
                zh="{array} 只有第一个样本有梯度，其余全是 0。",
                en="Only the first sample of {array} has a gradient; the others are zero.",
            ),
            because=Text(
                zh="批里的每个样本都有自己的梯度。",
                en="Each sample of the batch has a gradient of its own.",
            ),
            look_at=Text(
                zh="检查循环和下标：return 是不是写在了循环里面？",
                en="Check loops and indices: is a return inside the loop?",
            ),
        ),
        change=_only_sample(0),
    ),
    Mistake(
        "last-sample-only",
        Explanation(
            shows=Text(
                zh="{array} 只有最后一个样本有梯度，其余全是 0。",
                en="Only the last sample of {array} has a gradient; the others are zero.",
            ),
            because=Text(
                zh="批里的每个样本都有自己的梯度。",
                en="Each sample of the batch has a gradient of its own.",
            ),
            look_at=Text(
                zh="检查循环写入的是哪一行：是不是每一轮都写同一行？",
                en="Check which row the loop writes: is it the same one in every iteration?",
            ),
        ),
        change=_only_sample(-1),
    ),
    Mistake(
        "all-zeros",
        Explanation(
            shows=Text(zh="{array} 全是 0。", en="{array} is zero everywhere."),
            because=Text(
                zh="这些输入的正确梯度不是 0：算出的数没有写进这个数组。",
                en="For these inputs the right gradient is not zero: the computed numbers were "
                "never written into this array.",
            ),
            look_at=Text(
                zh="检查数组用 np.zeros 创建之后，有没有真的往里写过数。",
                en="Check that something is written into the array after it is created (np.zeros).",
            ),
        ),
        predict=_zeros,
    ),
)
