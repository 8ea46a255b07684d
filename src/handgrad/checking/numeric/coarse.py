"""Code that computes in fewer digits than float64: compared with itself, or with a reference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from handgrad.checking.numeric import words
from handgrad.checking.numeric.judge import SCALED_BY, Judge
from handgrad.checking.numeric.precision import allowed, compared, in_last_digit, one_pass, shifted
from handgrad.checking.numeric.report import ArrayReport
from handgrad.checking.numeric.runs import Runs, rounded_to
from handgrad.checking.numeric.size import root_mean_square
from handgrad.checking.numeric.subject import Array, Outputs, Point, Subject
from handgrad.checking.numeric.weigh import LEAST_ROUNDING, SATURATED
from handgrad.errors import CheckError
from handgrad.languages import Text

NEARBY = 2.0**-9
"""How far the point moves for a second look: a kink that rounding crossed is not met again."""
SAMPLES = 8
"""Of rounding, entry by entry, before a gradient is called wrong."""


def finer(subject: Subject) -> Subject | None:
    """The same code in float64; None where it is that already, or does not compute in it."""
    if subject.dtype == "float64":
        return None
    twin = subject.computing_in("float64")
    if twin is None:
        return None
    try:
        outputs = twin.live().forward({n: np.array(a) for n, a in twin.point.items()})
    except Exception:  # noqa: BLE001  (it was not written for float64: anything may come)
        return None
    return twin if _is_fine(outputs) else None


def _is_fine(outputs: Outputs) -> bool:
    return all(str(y.dtype) == "float64" for y in outputs)


class InFewerDigits:
    """Gradients in the code's own type against those of the same code in float64.

    Args:
        native: runs in the code's own type.
        judge: of the same code in float64; has measured.
    """

    def __init__(self, native: Runs, judge: Judge) -> None:
        self.native = native
        self.judge = judge
        self.exact: Mapping[str, object] = judge.claim.given
        self.at_point = self._reports(native.subject.point, self.exact, 1)

    def verdict(self, fine: ArrayReport) -> ArrayReport:
        """The verdict on an array that is judged in float64: wrong only if it is wrong twice."""
        if fine.verdict == "wrong" or fine.of not in self.at_point:
            return fine
        here = self.at_point[fine.of]
        if here.verdict == "right":
            return fine
        # One sample of rounding may be small where it matters.
        again = self._reports(self.native.subject.point, self.exact, SAMPLES)
        here = again.get(fine.of, fine)
        if here.verdict == "right":
            return fine
        if here.verdict == "wrong":  # a kink that rounding crossed would be wrong, too
            moved = shifted(self.native.subject.point, NEARBY, self.judge.rng)
            there = self._reports(moved, self._exact_at(moved), SAMPLES).get(fine.of)
            if there is not None and there.verdict != "wrong":
                return fine
        return here

    def _reports(
        self, point: Point, exact: Mapping[str, object], samples: int
    ) -> dict[str, ArrayReport]:
        u, claim = self.judge.claim.u, self.judge.claim
        came = one_pass(self.native, point, u)
        epsilon = self.native.epsilon
        again = [
            in_last_digit(self.native, point, SCALED_BY * u, self.judge.rng).given
            for _ in range(samples)
        ]
        reports = {}
        why = words.FEWER_DIGITS.format(dtype=self.native.subject.dtype)
        for name, called in self.native.subject.gradient_names.items():
            if name in claim.defects or name in claim.nonlinear or not _is_array(exact, name):
                continue
            right = np.asarray(exact[name], dtype=np.float64)
            seen = [_rounding(came.given.get(name), one.get(name), right) for one in again]
            rounding = np.sqrt(np.mean(np.square(seen), axis=0))
            tolerance = allowed(right, rounding, epsilon)
            value, saturated = came.given.get(name), _saturated(u, epsilon)
            reports[name] = compared(name, called, value, right, tolerance, why, saturated)
        return reports

    def _exact_at(self, point: Point) -> Mapping[str, object]:
        wide = {n: a.astype(np.float64) for n, a in point.items()}
        return one_pass(self.judge.runs, wide, self.judge.claim.u).given


def _saturated(u: Array, epsilon: float) -> float:
    """What a slope formed from numbers of order one may err by, times the largest of u."""
    return SATURATED * epsilon * float(np.abs(u).max(initial=0.0))


def _is_array(given: Mapping[str, object], name: str) -> bool:
    return isinstance(given.get(name), (np.ndarray, np.generic, float))


def _rounding(came: object, again: object, right: Array) -> Array:
    """What a change of the last digit does to a gradient; nothing where there is none."""
    if not all(isinstance(one, np.ndarray) and one.shape == right.shape for one in (came, again)):
        return np.zeros(right.shape)
    with np.errstate(invalid="ignore"):
        seen = np.abs(np.asarray(again, np.float64) / SCALED_BY - np.asarray(came, np.float64))
    return np.where(np.isfinite(seen), seen, 0.0)


class AgainstReference:
    """Outputs and gradients of one subject against those of another, which is right by assumption.

    The bound rests on what the reference itself loses in the code's type; where it cannot compute
    in it, on what a change of the last digit does to the code.
    """

    def __init__(self, runs: Runs, reference: Subject, rng: np.random.Generator) -> None:
        self.runs = runs
        self.rng = rng
        self.subject = runs.subject
        wide = reference.computing_in("float64") or reference
        self.exact_runs = Runs(wide)
        self.names = _paired(self.subject, wide)
        coarse = (
            None if self.subject.dtype == "float64" else reference.computing_in(self.subject.dtype)
        )
        self.coarse_runs = None if coarse is None else Runs(coarse)
        self.u: Array = np.zeros(0)

    def reports(self) -> tuple[ArrayReport, ...]:
        """The verdict on forward's output, then on every gradient."""
        live, outputs = self.runs.start()
        self.u = rounded_to(self.rng.standard_normal(len(outputs)), self.subject.dtype)
        given = self.runs.backward(live, self.u)
        exact_live, exact = self.exact_runs.start(self._for(self.exact_runs.subject))
        if len(exact) != len(outputs):
            raise CheckError(
                _OTHER_SHAPE.format(
                    shapes=", ".join(map(str, self.runs.layout.shapes)),
                    expected=", ".join(map(str, self.exact_runs.layout.shapes)),
                )
            )
        right = self.exact_runs.backward(exact_live, self.u)
        rounding, of_outputs = self._rounding(outputs, exact, given, right)
        epsilon = self.runs.epsilon
        why = words.NOT_AS_REFERENCE
        reports = [compared("y", "y", outputs, exact, allowed(exact, of_outputs, epsilon), why)]
        for name, other in self.names.items():
            called = self.subject.gradient_names[name]
            value = np.asarray(right[other], dtype=np.float64)
            tolerance = allowed(value, rounding[name], epsilon)
            saturated = _saturated(self.u, epsilon)
            reports.append(
                compared(name, called, given.get(name), value, tolerance, why, saturated)
            )
        return tuple(reports)

    def _for(self, other: Subject) -> dict[str, Array]:
        """The code's own point, given to another subject under its own names."""
        point = {name: np.array(array) for name, array in other.point.items()}
        for name, its in self.names.items():
            point[its] = self.subject.point[name].astype(other.point[its].dtype)
        return point

    def _rounding(
        self, outputs: Array, exact: Array, given: Mapping[str, object], right: Mapping[str, object]
    ) -> tuple[dict[str, Array], Array]:
        if self.coarse_runs is not None:
            live, coarse = self.coarse_runs.start(self._for(self.coarse_runs.subject))
            lost = self.coarse_runs.backward(live, self.u)
            return {
                name: _distance(lost.get(its), right[its]) for name, its in self.names.items()
            }, np.abs(coarse - exact)
        epsilon = self.runs.epsilon
        again = in_last_digit(self.runs, self.subject.point, SCALED_BY * self.u, self.rng)
        floor = LEAST_ROUNDING * epsilon
        return {
            name: _rounding(given.get(name), again.given.get(name), np.asarray(right[its]))
            + floor * root_mean_square(np.asarray(right[its]))
            for name, its in self.names.items()
        }, np.abs(again.outputs - outputs)


def _distance(value: object, right: object) -> Array:
    exact = np.asarray(right, dtype=np.float64)
    if not isinstance(value, np.ndarray) or value.shape != exact.shape:
        return np.zeros(exact.shape)
    off = np.abs(np.asarray(value, dtype=np.float64) - exact)
    return np.where(np.isfinite(off), off, 0.0)


def _paired(subject: Subject, reference: Subject) -> dict[str, str]:
    """Whose array is whose: inputs in their order, parameters by name, else in their order.

    Raises:
        CheckError: there are not as many, or shapes differ.
    """
    pairs: dict[str, str] = {}
    for own in (False, True):
        mine = [n for n in subject.gradient_names if (n in subject.parameters) == own]
        theirs = [n for n in reference.gradient_names if (n in reference.parameters) == own]
        same = set(mine) == set(theirs)
        pairs |= {a: (a if same else b) for a, b in zip(mine, theirs, strict=False)}
    for name in subject.gradient_names:
        its = pairs.get(name, "")
        if not its or reference.point[its].shape != subject.point[name].shape:
            raise CheckError(
                _UNPAIRED.format(
                    name=name,
                    shape=subject.point[name].shape,
                    others={n: reference.point[n].shape for n in reference.gradient_names},
                )
            )
    return pairs


_OTHER_SHAPE = Text(
    zh="forward 的输出形状是 {shapes}，参考实现的是 {expected}：两者必须计算同样的东西。",
    en="forward's output has shape {shapes}, the reference's {expected}: both must compute the same.",
)
_UNPAIRED = Text(
    zh="参考实现里没有与 {name}（形状 {shape}）对应的数组；它有：{others}。",
    en="the reference has nothing that corresponds to {name} of shape {shape}; it has {others}.",
)
