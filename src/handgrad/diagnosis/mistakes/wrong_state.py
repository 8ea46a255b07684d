"""Mistakes of state: what one call leaves behind disturbs another call, instance or caller."""

from __future__ import annotations

import numpy as np

from handgrad.diagnosis.case import Array, Trial
from handgrad.diagnosis.mistakes.mistake import Compute, Explanation, Mistake
from handgrad.diagnosis.mistakes.single_calls import call_before, call_of_other_instance
from handgrad.languages import Text


def _accumulated(trial: Trial, compute: Compute) -> Array | None:
    earlier = call_before(trial)
    if earlier is None:
        return None
    before, now = compute(earlier), compute(trial)
    return np.asarray(now + before) if before.shape == now.shape else None


def _earlier(trial: Trial, compute: Compute) -> Array | None:
    earlier = call_before(trial)
    return None if earlier is None else compute(earlier)


def _of_other_instance(trial: Trial, compute: Compute) -> Array | None:
    other = call_of_other_instance(trial)
    return None if other is None else compute(other)


WRONG_STATE: tuple[Mistake, ...] = (
    Mistake(
        "accumulates-over-calls",
        Explanation(
            shows=Text(
                zh="第一次调用是对的，第二次的 {array} 里还加着第一次的梯度。",
                en="The first call is right, but in the second one {array} still includes the "
                "gradient of the first.",
            ),
            because=Text(
                zh="每次 backward 得到的是当前这一批的梯度，训练循环每步都会调用它。",
                en="Each backward computes the gradient of the current batch only, and a training "
                "loop calls it at every step.",
            ),
            look_at=Text(
                zh="检查赋值用的是 = 还是 +=。", en="Check whether the assignment is `=` or `+=`."
            ),
        ),
        change=_accumulated,
    ),
    Mistake(
        "stale-state",
        Explanation(
            shows=Text(
                zh="第二次调用之后，{array} 还是第一次的结果。",
                en="After the second call {array} is still the result of the first.",
            ),
            because=Text(
                zh="backward 要用最近一次 forward 保存的数组。",
                en="backward must use the arrays that the latest forward stored.",
            ),
            look_at=Text(
                zh="看看有没有「只在第一次时保存」的判断，或没有更新的属性。",
                en="Look for an attribute that is set only once.",
            ),
        ),
        change=_earlier,
    ),
    Mistake(
        "shared-between-instances",
        Explanation(
            shows=Text(
                zh="有两个实例时，第一个实例的 {array} 被第二个的覆盖了。",
                en="With two instances, {array} of the first is overwritten by that of the second.",
            ),
            because=Text(
                zh="网络里有好几个同类的层，每个都要有自己的数组。",
                en="A network has several layers of one class, and each needs arrays of its own.",
            ),
            look_at=Text(
                zh="检查数组存在哪里：类属性和全局变量是所有实例共用的。",
                en="Check where the array is stored: class attributes and globals are shared by "
                "all instances.",
            ),
        ),
        change=_of_other_instance,
    ),
)

PARAMETERS_CHANGED = Mistake(
    "parameters-changed",
    Explanation(
        shows=Text(
            zh="backward 之后，参数 {array} 的值变了。",
            en="backward changed the values of {array}.",
        ),
        because=Text(
            zh="backward 只求梯度，更新参数是优化器的事；在这里更新会让参数被更新两次。",
            en="backward only computes gradients; the optimizer updates the parameters, and "
            "updating them here as well does it twice.",
        ),
        look_at=Text(
            zh="看看 backward 里对 {array} 的赋值，尤其是 -= 和 +=。",
            en="Look for assignments to {array} in backward, especially `-=` and `+=`.",
        ),
    ),
)

INPUT_CHANGED = Mistake(
    "input-changed",
    Explanation(
        shows=Text(
            zh="调用者传进来的 {array} 被改动了。", en="The caller's array {array} was modified."
        ),
        because=Text(
            zh="{array} 属于调用者，别的层也许还要用它的原值。",
            en="{array} belongs to the caller, and another layer may still need its values.",
        ),
        look_at=Text(
            zh="看看有没有 *=、+=、{array}[…] = … 或给 {array}.shape 赋值这类原地修改。",
            en="Look for in-place writes: `*=`, `+=`, `{array}[…] = …`, or an assignment to "
            "`{array}.shape`.",
        ),
    ),
)
