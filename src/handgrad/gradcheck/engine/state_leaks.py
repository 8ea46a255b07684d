"""Finds state that leaks: from call to call, from backward to backward, between instances."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from handgrad.gradcheck.engine.backward_results import BackwardResults, as_float64
from handgrad.gradcheck.engine.code_under_test import Array, Instance
from handgrad.gradcheck.engine.gradient_defects import defect_of
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import copies, flat
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text, name_list

Given = Mapping[str, object]
"""Gradients as backward gave them, by name."""


class StateLeaks:
    """Runs the code as a training loop does, and compares with one pass on a fresh instance.

    Args:
        results: of the subject; the first is the clean pass.
    """

    def __init__(self, results: BackwardResults) -> None:
        self.runs, self.base, rng = results.runs, results.base, results.rng
        first = results.results[0]
        self.u, self.clean, self.noise = first.u, first.given, first.noise
        self.other = {
            name: (
                array + 0.25 * root_mean_square(array) * rng.standard_normal(array.shape)
            ).astype(array.dtype)
            for name, array in copies(self.runs.subject.point).items()
        }

    def findings(self) -> list[Finding]:
        """At most one finding for each kind of leak."""
        repeated = self._repeated()
        steps = (self._second_call, self._two_forwards, self._two_instances)
        others = [finding for step in steps for finding in step()]
        if any(finding.kind == "accumulates-over-calls" for finding in others):
            repeated = []  # the same leak; the other finding is more precise
        return [*repeated, *others]

    def _repeated(self) -> list[Finding]:
        """Run backward again after one forward, first with a dout of zeros, whose gradient is zero.

        Anything else was left by the previous backward. The gradients of parameters may add up until
        the next forward on purpose; the gradients of inputs must not.
        """
        instance, _ = self.runs.start()
        self.runs.backward(instance, self.u)
        try:
            left = self.runs.backward(instance, np.zeros(len(self.u)))
            again = self.runs.backward(instance, self.u)
        except Exception as error:  # noqa: BLE001  (the code may refuse a second backward)
            return [Finding("second-backward-differs", "note", _REFUSED.format(error=error))]
        added = [
            self.runs.subject.gradient_names[name]
            for name in self.noise
            if name not in self.runs.subject.parameters and np.any(_finite(left.get(name)))
        ]
        if added:
            return _wrong("accumulates-over-backwards", _ADDS_UP, added)
        off = self._differing(again)
        if not off:
            return []
        return [Finding("second-backward-differs", "note", _REPEATED.format(arrays=name_list(off)))]

    def _second_call(self) -> list[Finding]:
        """Forward, backward, forward, backward, as in every training loop."""
        instance, _ = self.runs.start(self.other)
        before = self.runs.backward(instance, self.u)
        if not self._gives_the_same(instance):
            return [Finding("output-depends-on-calls", "note", _OUTPUT_DIFFERS)]
        after = self.runs.backward(instance, self.u)
        off = self._differing(after)
        if all(self._is_sum(name, after, before) for name in off):
            return _wrong("accumulates-over-calls", _ACCUMULATES, off)
        return _wrong("stale-state", _SECOND_CALL, off)

    def _two_forwards(self) -> list[Finding]:
        """Two forwards, then one backward, which belongs to the second."""
        instance, _ = self.runs.start(self.other)
        if not self._gives_the_same(instance):
            return []  # the second call has reported it
        off = self._differing(self.runs.backward(instance, self.u))
        return _wrong("stale-state", _TWO_FORWARDS, off)

    def _two_instances(self) -> list[Finding]:
        """Run a second instance between forward and backward of the first."""
        instance, _ = self.runs.start()
        self.runs.start(self.other)
        off = self._differing(self.runs.backward(instance, self.u))
        return _wrong("shared-between-instances", _SHARED, off)

    def _gives_the_same(self, instance: Instance) -> bool:
        """Whether a used instance gives the same outputs as a fresh one."""
        with np.errstate(all="ignore"):
            outputs = flat(instance.forward(copies(self.runs.subject.point)))
        self.runs.forwards += 1
        if outputs.shape != self.base.shape:
            return False
        off = np.abs(outputs - self.base)
        return bool((off <= 1e4 * self.runs.epsilon * root_mean_square(self.base)).all())

    def _differing(self, given: Given) -> list[str]:
        """The names of gradients that differ from those of the clean pass."""
        return [
            self.runs.subject.gradient_names[name]
            for name in self.clean
            if name in self.noise
            and not self._is(name, given.get(name), as_float64(self.clean[name]))
        ]

    def _is_sum(self, called: str, given: Given, before: Given) -> bool:
        [name] = [n for n, c in self.runs.subject.gradient_names.items() if c == called]
        if defect_of(before.get(name), self.runs.subject.point[name]) is not None:
            return False
        expected = as_float64(self.clean[name]) + as_float64(before[name])
        return self._is(name, given.get(name), expected)

    def _is(self, name: str, value: object, expected: Array) -> bool:
        if defect_of(value, expected) is not None:
            return False
        off = np.abs(as_float64(value) - expected)
        size = np.abs(expected) + root_mean_square(expected)
        return bool((off <= 1e3 * self.runs.epsilon * size + 16 * self.noise[name]).all())


def _wrong(kind: str, text: Text, arrays: list[str]) -> list[Finding]:
    """One finding about all these arrays; none if there are none."""
    message = text.format(arrays=name_list(arrays))
    return [Finding(kind, "wrong", message, arrays[0])] if arrays else []


def _finite(value: object) -> Array:
    """The gradient with zeros for entries that are not finite; zero if it is not an array."""
    array = np.asarray(value if isinstance(value, (np.ndarray, float)) else 0.0, dtype=np.float64)
    return np.where(np.isfinite(array), array, 0.0)


_ADDS_UP = Text(
    zh="{arrays} 跨 backward 累加：一次 forward 之后第二次 backward，即使 dout 全是 0，{arrays} 也不是 0，"
    "因为上一次 backward 的梯度还留在里面。每次 backward 都要从零开始；如果是有意为之，"
    '请加 allow=["accumulates-over-backwards"]。',
    en="{arrays} accumulates over backwards: in a second backward without a new forward, dout is zero and "
    "{arrays} still holds the gradient of the previous backward. Start every backward from zero. If this "
    'is intended, pass allow=["accumulates-over-backwards"].',
)
_REFUSED = Text(
    zh="注意：一次 forward 之后连续两次 backward 会报错：{error}",
    en="Note: a second backward without a new forward raises: {error}",
)
_REPEATED = Text(
    zh="注意：一次 forward 之后连续两次 backward，两次的 {arrays} 不同。",
    en="Note: a second backward without a new forward gives a different {arrays}.",
)
_ACCUMULATES = Text(
    zh="{arrays} 跨调用累加：第二次 forward、backward 之后，它是两次梯度之和。"
    '每次 backward 都应当重新赋值（用 =，不用 +=）；如果是有意为之，请加 allow=["accumulates-over-calls"]。',
    en="{arrays} accumulates over calls: after a second forward and backward it is the sum of both "
    "gradients. Assign it in every backward (=, not +=). If this is intended, pass "
    'allow=["accumulates-over-calls"].',
)
_OUTPUT_DIFFERS = Text(
    zh="注意：同一个实例第二次 forward，同样的输入给出不同的输出（随机数生成器、计数器、滑动平均等），"
    "因此没有检查跨调用的状态。",
    en="Note: a second forward on one instance gives a different output for the same inputs (a random "
    "generator, a counter, a moving average), so state between calls was not checked.",
)
_SECOND_CALL = Text(
    zh="同一个实例第二次 forward、backward 之后，{arrays} 与新实例的结果不同：用到了上一次调用留下的数据。",
    en="After a second forward and backward on one instance, {arrays} differs from the result of a fresh "
    "instance: backward uses data of the earlier call. Check that forward stores everything anew.",
)
_TWO_FORWARDS = Text(
    zh="两次 forward 之后的 backward 应当属于第二次 forward，但 {arrays} 不是。请检查 forward 是否每次都更新留给 backward 的数据。",
    en="A backward after two forwards must belong to the second one, but {arrays} does not. Check that "
    "forward stores again everything that backward uses.",
)
_SHARED = Text(
    zh="两个实例共享了状态：在一个实例的 forward 和 backward 之间让另一个实例 forward 一次，{arrays} 就变了。"
    "请检查类属性和全局变量，它们应当是 self 的属性。",
    en="Two instances share state: {arrays} changes when another instance runs forward between forward "
    "and backward. Check for class attributes and globals that must be attributes of self.",
)
