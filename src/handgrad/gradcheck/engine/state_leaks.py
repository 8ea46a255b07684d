"""State that leaks: from one call to the next, from one backward to the next, between instances."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, Instance
from handgrad.gradcheck.engine.gradient_defects import defect_of
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs, copies, flat
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text

Given = Mapping[str, object]


class StateLeaks:
    """Runs the code as a training loop and its like would, and compares with one clean pass.

    Args:
        runs: of the subject.
        base: what forward gives at the point.
        u: the upstream gradient of the clean pass.
        clean: its gradients.
        noise: what a change of the last digit does to each.
        rng: where the other inputs come from.
    """

    def __init__(
        self,
        runs: Runs,
        base: Array,
        u: Array,
        clean: Given,
        noise: Mapping[str, Array],
        rng: np.random.Generator,
    ) -> None:
        self.runs = runs
        self.base = base
        self.u = u
        self.clean = clean
        self.noise = noise
        self.other = {
            name: (
                array + 0.25 * root_mean_square(array) * rng.standard_normal(array.shape)
            ).astype(array.dtype)
            for name, array in copies(runs.subject.point).items()
        }

    def findings(self) -> list[Finding]:
        """Everything that was seen: at most one finding for each way of leaking."""
        repeated = self._repeated()
        steps = (self._second_call, self._two_forwards, self._two_instances)
        others = [finding for step in steps for finding in step()]
        if any(finding.kind == "accumulates-over-calls" for finding in others):
            repeated = []  # the same, said more exactly
        return [*repeated, *others]

    def _repeated(self) -> list[Finding]:
        """Backward again after one forward; first for a dout of zeros, whose gradient is zero.

        What it gives there is what the backward before it left behind. Parameters may be meant to
        add up until the next forward; the gradient of an input is the caller's.
        """
        instance, _ = self.runs.start()
        self.runs.backward(instance, self.u)
        try:
            left = self.runs.backward(instance, np.zeros(len(self.u)))
            again = self.runs.backward(instance, self.u)
        except Exception as error:  # noqa: BLE001  (the code's own: a second backward may be refused)
            return [Finding("second-backward-differs", "note", _REFUSED.format(error=error))]
        added = [
            self.runs.subject.gradient_names[name]
            for name in self.noise
            if name not in self.runs.subject.parameters and np.any(_finite(left.get(name)))
        ]
        if added:
            told = _ADDS_UP.format(arrays=", ".join(added))
            return [Finding("accumulates-over-backwards", "wrong", told, added[0])]
        off = self._differing(again)
        if not off:
            return []
        return [Finding("second-backward-differs", "note", _REPEATED.format(arrays=", ".join(off)))]

    def _second_call(self) -> list[Finding]:
        """Forward, backward, forward, backward: what every training loop does."""
        instance, _ = self.runs.start(self.other)
        before = self.runs.backward(instance, self.u)
        if not self._gives_the_same(instance):
            return [Finding("output-depends-on-calls", "note", _OUTPUT_DIFFERS)]
        after = self.runs.backward(instance, self.u)
        off = self._differing(after)
        if not off:
            return []
        names = ", ".join(off)
        if all(self._is_sum(name, after, before) for name in off):
            return [
                Finding(
                    "accumulates-over-calls", "wrong", _ACCUMULATES.format(arrays=names), off[0]
                )
            ]
        return [Finding("stale-state", "wrong", _SECOND_CALL.format(arrays=names), off[0])]

    def _two_forwards(self) -> list[Finding]:
        """Two forwards, then one backward, which belongs to the second."""
        instance, _ = self.runs.start(self.other)
        if not self._gives_the_same(instance):
            return []  # told by the second call
        off = self._differing(self.runs.backward(instance, self.u))
        if not off:
            return []
        return [
            Finding("stale-state", "wrong", _TWO_FORWARDS.format(arrays=", ".join(off)), off[0])
        ]

    def _two_instances(self) -> list[Finding]:
        """A second instance runs between forward and backward of the first."""
        instance, _ = self.runs.start()
        self.runs.start(self.other)
        off = self._differing(self.runs.backward(instance, self.u))
        if not off:
            return []
        return [
            Finding(
                "shared-between-instances", "wrong", _SHARED.format(arrays=", ".join(off)), off[0]
            )
        ]

    def _gives_the_same(self, instance: Instance) -> bool:
        """Whether a used instance computes at the point what a fresh one does."""
        with np.errstate(all="ignore"):
            outputs = flat(instance.forward(copies(self.runs.subject.point)))
        self.runs.forwards += 1
        if outputs.shape != self.base.shape:
            return False
        off = np.abs(outputs - self.base)
        return bool((off <= 1e4 * self.runs.epsilon * root_mean_square(self.base)).all())

    def _differing(self, given: Given) -> list[str]:
        """Names of gradients that are not those of the clean pass."""
        return [
            self.runs.subject.gradient_names[name]
            for name in self.clean
            if name in self.noise
            and not self._is(name, given.get(name), self._of(self.clean, name))
        ]

    def _is_sum(self, called: str, given: Given, before: Given) -> bool:
        [name] = [n for n, c in self.runs.subject.gradient_names.items() if c == called]
        if defect_of(before.get(name), self.runs.subject.point[name]) is not None:
            return False
        return self._is(name, given.get(name), self._of(self.clean, name) + self._of(before, name))

    def _is(self, name: str, value: object, expected: Array) -> bool:
        if defect_of(value, expected) is not None:
            return False
        off = np.abs(np.asarray(value, dtype=np.float64) - expected)
        size = np.abs(expected) + root_mean_square(expected)
        return bool((off <= 1e3 * self.runs.epsilon * size + 16 * self.noise[name]).all())

    @staticmethod
    def _of(given: Given, name: str) -> Array:
        return np.asarray(given[name], dtype=np.float64)


def _finite(value: object) -> Array:
    """The numbers of a gradient, those that are none left out; nothing where it is no array."""
    array = np.asarray(value if isinstance(value, (np.ndarray, float)) else 0.0, dtype=np.float64)
    return np.where(np.isfinite(array), array, 0.0)


_ADDS_UP = Text(
    zh="{arrays}：跨 backward 累加。一次 forward 之后第二次 backward，即使 dout 全是 0，{arrays} 也不是 0："
    "上一次 backward 的梯度还留在里面。每次 backward 都要从零开始；若是有意为之，"
    '请加 allow=["accumulates-over-backwards"]。',
    en="{arrays} accumulates: after a second backward without a new forward it is not zero though dout "
    "is, and holds what the backward before it left behind. Begin every backward from zero; if it is "
    'meant so, pass allow=["accumulates-over-backwards"].',
)
_REFUSED = Text(
    zh="注意：不重新 forward、连续两次 backward 会报错：{error}",
    en="Note: a second backward without a new forward raises: {error}",
)
_REPEATED = Text(
    zh="注意：不重新 forward、连续两次 backward，{arrays} 不同。",
    en="Note: a second backward without a new forward gives another {arrays}.",
)
_ACCUMULATES = Text(
    zh="{arrays}：跨调用累加。第二次 forward、backward 之后，它是两次梯度之和。"
    '每次 backward 都应当重新赋值（= 而不是 +=）；若是有意为之，请加 allow=["accumulates-over-calls"]。',
    en="{arrays} accumulates: after a second forward and backward it is the sum of both gradients. "
    'Assign at every backward (=, not +=); if it is meant so, pass allow=["accumulates-over-calls"].',
)
_OUTPUT_DIFFERS = Text(
    zh="注意：同一个实例第二次 forward，同样的输入给出不同的输出（随机数发生器、计数器、滑动平均……），"
    "因此没有检查跨调用的状态。",
    en="Note: a second forward on one instance gives another output for the same inputs (a generator, a "
    "counter, a moving average): state between calls was not looked at.",
)
_SECOND_CALL = Text(
    zh="同一个实例第二次 forward、backward 之后，{arrays} 与全新实例算出的不同：上一次调用留下的东西混了进来。",
    en="after a second forward and backward on one instance, {arrays} is not what a fresh instance "
    "gives: something of the earlier call is used.",
)
_TWO_FORWARDS = Text(
    zh="两次 forward 之后的 backward 应当属于第二次；{arrays} 却不是：forward 没有更新它留给 backward 的东西。",
    en="a backward after two forwards belongs to the second; {arrays} does not: forward does not renew "
    "what it keeps for backward.",
)
_SHARED = Text(
    zh="两个实例之间共享了状态：在 forward 和 backward 之间让另一个实例 forward 一次，{arrays} 就变了。"
    "检查类属性和全局变量，它们应当是 self 的属性。",
    en="two instances share state: {arrays} changes when another instance runs forward in between. "
    "Look for class attributes and globals that should be attributes of self.",
)
