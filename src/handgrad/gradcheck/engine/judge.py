"""The verdict on the values: every gradient against slopes measured by forward alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from handgrad.gradcheck.engine.gaussian import complementary
from handgrad.gradcheck.engine.gradients import Defect, defect_of
from handgrad.gradcheck.engine.probing import Probed, Prober
from handgrad.gradcheck.engine.runs import EPSILON, Runs, copies, rounded_to
from handgrad.gradcheck.engine.second_look import SecondLook
from handgrad.gradcheck.engine.size import root_mean_square
from handgrad.gradcheck.engine.slopes import Slope
from handgrad.gradcheck.engine.subject import Array, Live
from handgrad.gradcheck.engine.weigh import Conditions, Discrepancy, discrepancy, rounding_of
from handgrad.gradcheck.report import words
from handgrad.gradcheck.report.report import ArrayReport, VerdictWord
from handgrad.languages import Text

COARSEST = {True: 1e-3, False: 1e-2}
"""The bound, in proportion to the gradient, up to which *right* means something (float64, coarser)."""
SCALED_BY = -0.5
"""How dout is scaled the second time: backward is linear in it."""
SAMPLES = 6
"""More runs in which rounding is seen before a gradient is called wrong."""


def hidden_type(outputs: Array) -> str:
    """The type in which forward computes inside, where its numbers give it away; else nothing.

    Numbers that are all exact in a narrower type, and not all whole, are no accident where the inputs
    were changed in their last digit.

    >>> hidden_type(np.tanh(np.array([0.1, 3.0], np.float32)).astype(np.float64))
    'float32'
    >>> hidden_type(np.array([0.1, 3.0])), hidden_type(np.array([1.0, 0.0]))
    ('', '')
    """
    if (outputs == np.round(outputs)).all():
        return ""
    with np.errstate(over="ignore", invalid="ignore"):
        for dtype in ("float16", "float32"):
            if (outputs.astype(dtype).astype(np.float64) == outputs).all():
                return dtype
    return ""


@dataclass(frozen=True, eq=False)
class Claim:
    """What backward claims, and what was learned by running it twice.

    Attributes:
        u: the upstream gradient as one vector; zero where an output is next to a kink.
        given: gradients for u, just as they came.
        noise: by how much each entry changes when all inputs change in their last digit.
        defects: what is wrong with a gradient before its values are looked at.
        nonlinear: gradients that are not linear in dout.
    """

    u: Array
    given: Mapping[str, object]
    noise: Mapping[str, Array]
    defects: Mapping[str, Defect]
    nonlinear: Mapping[str, float]


class Judge:
    """Judges the gradients of one subject at one point.

    Args:
        runs: of the subject.
        rng: where directions and the upstream gradient come from.
        dtype: the type in which the upstream gradient must be a number; by default the subject's.
        tolerance: an error in proportion to the gradient's norm that is still right.
        at_a_glance: one direction, by real differences, whatever the function.
    """

    def __init__(
        self,
        runs: Runs,
        rng: np.random.Generator,
        dtype: str = "",
        tolerance: float = 0.0,
        *,
        at_a_glance: bool = False,
    ) -> None:
        self.runs = runs
        self.rng = rng
        self.dtype = dtype or runs.subject.dtype
        self.tolerance = tolerance
        self._live, self.base = runs.start()
        self._again_live, self.again = runs.start(self._in_last_digit())
        hidden = hidden_type(self.again)
        if hidden and runs.epsilon < EPSILON[hidden]:
            runs.epsilon = EPSILON[hidden]
            self._again_live, self.again = runs.start(self._in_last_digit())
        self.forward_rounding = rounding_of(self.base, self.again, runs.epsilon)
        directions = 1 if at_a_glance or self.dtype != "float64" else 2
        self.prober = Prober(
            runs, self.base, rng, self.forward_rounding, directions, only_real=at_a_glance
        )
        self.probed: dict[str, Probed] = {}
        self.claims: list[Claim] = []
        self._chosen: dict[str, int] = {}
        self._is_sampled = False
        self._bends_known: set[str] = set()

    def _in_last_digit(self) -> dict[str, Array]:
        """The point with every number changed by one unit of rounding, up or down."""
        point = copies(self.runs.subject.point)
        return {
            name: (a * (1 + self.runs.epsilon * self.rng.choice((-1.0, 1.0), a.shape))).astype(
                a.dtype
            )
            for name, a in point.items()
        }

    def measure(self) -> None:
        """Measure slopes, then choose the upstream gradient and run backward for it."""
        for name, primal in self.runs.subject.point.items():
            if name in self.runs.subject.gradient_names and primal.size:
                self.probed[name] = self.prober.probe(name)
        self._claim()

    def _claim(self) -> None:
        """Ask backward about every output that has a slope."""
        u = rounded_to(self.rng.standard_normal(len(self.base)), self.dtype)
        for probed in self.probed.values():
            u[probed.unresolved] = 0.0
        self.claims = [self._claimed(u)]
        self._is_sampled = False
        other = self._other_claim(self.claims[0])
        if other is not None:
            self.claims.append(other)

    @property
    def claim(self) -> Claim:
        """What backward claims for the first upstream gradient."""
        return self.claims[0]

    def _other_claim(self, first: Claim) -> Claim | None:
        """What a second backward claims for another upstream gradient; None where it refuses.

        Not every code allows it without a new forward: what it accuses of is looked at afresh.
        """
        u = rounded_to(complementary(first.u, self.rng), self.dtype)
        u[first.u == 0] = 0.0
        try:
            given = self.runs.backward(self._live, u)
        except Exception:  # noqa: BLE001  (a second backward may raise anything)
            return None
        point = self.runs.subject.point
        if any(defect_of(given.get(n), point[n]) is not None for n in first.noise):
            return None
        return replace(first, u=u, given=given)

    def _afresh(self, claim: Claim) -> Claim:
        """The same claim after a forward of its own."""
        return replace(claim, given=self.runs.backward(self.runs.start()[0], claim.u))

    def _claimed(self, u: Array) -> Claim:
        given = self.runs.backward(self._live, u)
        again = self._in_last_digit_of(u, self._again_live)
        noise, defects, nonlinear = {}, {}, {}
        exact: Mapping[str, object] | None = None
        for name, primal in self.runs.subject.point.items():
            if name not in self.runs.subject.gradient_names:
                continue
            defect = defect_of(given.get(name), primal)
            if defect is not None:
                defects[name] = defect
                continue
            first, second = _wide(given[name]), again.get(name)
            if defect_of(second, primal) is not None:
                nonlinear[name] = np.inf
                continue
            seen = np.abs(_wide(second) / SCALED_BY - first)
            noise[name] = np.maximum(seen, 0.5 * root_mean_square(seen))  # one sample may be zero
            if root_mean_square(seen) > 1e5 * self.runs.epsilon * root_mean_square(first):
                exact = exact or self.runs.backward(self.runs.start()[0], SCALED_BY * u)
                off = _scaled_back(exact.get(name), primal) - first
                if root_mean_square(off) > 1e5 * self.runs.epsilon * root_mean_square(first):
                    nonlinear[name] = root_mean_square(off) / root_mean_square(first)
                    noise[name] = np.zeros(primal.shape)
        return Claim(u, given, noise, defects, nonlinear)

    def claim_about(self, name: str) -> Claim:
        """The claim that decides about an array: the first, unless only the other one is wrong."""
        return self.claims[self._chosen.get(name, 0)]

    def gradient(self, name: str) -> Array:
        """A gradient as it was claimed."""
        return _wide(self.claim_about(name).given[name])

    def compared(self, name: str, slope: Slope) -> Discrepancy:
        """The claim about one array against one slope."""
        claim = self.claim_about(name)
        conditions = Conditions(self.forward_rounding, claim.noise[name], self.runs.epsilon)
        gradient = self.gradient(name)
        seen = discrepancy(slope, claim.u, gradient, conditions)
        granted = self.tolerance * root_mean_square(gradient) * math.sqrt(gradient.size)
        return replace(seen, bound=seen.bound + granted)

    def verdict(self, name: str) -> ArrayReport:
        """The verdict on one array. A suspicion counts only if another measurement shares it."""
        subject, claim = self.runs.subject, self.claim
        called, shape = subject.gradient_names[name], subject.point[name].shape
        if name in claim.defects:
            reason: Text | None = claim.defects[name].text.format(name=called)
            return ArrayReport(called, name, shape, "wrong", "none", reason=reason)
        if name in claim.nonlinear:
            reason = words.NOT_LINEAR.format(name=called)
            return ArrayReport(called, name, shape, "wrong", "none", reason=reason)
        if name not in self.probed:
            return ArrayReport(called, name, shape, "right", "none", reason=words.EMPTY)
        probed = self.probed[name]
        worst = self._weighed(name)
        size = root_mean_square(self.gradient(name)) * np.sqrt(self.gradient(name).size)
        word, reason = self._decided(name, worst, float(size))
        return ArrayReport(
            called,
            name,
            shape,
            word,
            probed.method,
            abs(worst.error),
            worst.bound,
            float(size),
            reason,
            evidence=tuple(self._evidence(probed)),
            undecided=tuple(
                self.runs.layout.place(int(at)) for at in np.flatnonzero(probed.at_kink)[:10_000]
            ),
        )

    def _weighed(self, name: str) -> Discrepancy:
        """The discrepancy that decides: of all slopes and claims the worst, if a second look agrees."""
        usable = self.probed[name].usable
        all_seen: list[Discrepancy] = []
        for number in range(len(self.claims)):
            self._chosen[name] = number
            seen = [self.compared(name, slope) for slope in usable]
            worst = max(seen, key=lambda one: one.excess)
            if worst.is_wrong:
                self._sample_rounding()
                if number > 0:
                    self.claims[number] = self._afresh(self.claims[number])
                seen = [self.compared(name, slope) for slope in usable]
                worst = max(seen, key=lambda one: one.excess)
            if worst.is_wrong:
                slope = usable[seen.index(worst)]
                u, probed = self.claim_about(name).u, self.probed[name]
                again = SecondLook(self.prober, name, probed, u, partial(self.compared, name))
                worst = again.at(slope, worst)
                if worst.is_wrong and self._leave_out_bends(name):
                    return self._weighed(name)
                if worst.is_wrong:
                    return worst
                seen = [worst]
            all_seen += seen
        self._chosen[name] = 0
        if self._hides_behind_kinks(name, min(all_seen, key=lambda one: one.bound)):
            return self._weighed(name)
        unsteady = [one for one in all_seen if not math.isfinite(one.error + one.bound)]
        if unsteady:
            return unsteady[0]
        doubtful = [one for one in all_seen if one.is_doubtful]
        if doubtful:
            return max(doubtful, key=lambda one: one.excess)
        return min(all_seen, key=lambda one: one.bound)

    def _hides_behind_kinks(self, name: str, best: Discrepancy) -> bool:
        """Whether more outputs had to be left out before the rest can be told.

        Next to a kink gradients change with the last digit of an input: an output there that shows
        no kink of its own spoils the bound of all the others.
        """
        has_kinks = bool(self.probed[name].at_kink.any())
        size = root_mean_square(self.gradient(name)) * math.sqrt(self.gradient(name).size)
        return has_kinks and self._is_too_coarse(name, best, size) and self._leave_out_bends(name)

    def _leave_out_bends(self, name: str) -> bool:
        """Leave out outputs whose slopes do not add up; whether there are any, looked at once.

        Where three numbers are equal their median goes straight through the point in every
        direction, with no kink to be seen, and yet has no gradient.
        """
        if name in self._bends_known:
            return False
        self._bends_known.add(name)
        probed = self.probed[name]
        bent = self.prober.bends(name, probed)
        if not bent.any():
            return False
        probed.slopes = [
            replace(one, at_kink=one.at_kink | bent, near_kink=one.near_kink | bent)
            for one in probed.slopes
        ]
        self._claim()
        return True

    def _sample_rounding(self) -> None:
        """See rounding in more runs: one sample may be small just where an entry is ill-conditioned."""
        if self._is_sampled:
            return
        self._is_sampled = True
        first, point = self.claims[0], self.runs.subject.point
        squares = {name: noise**2 for name, noise in first.noise.items()}
        for _ in range(SAMPLES):
            live, again = self.runs.start(self._in_last_digit())
            self.forward_rounding = max(
                self.forward_rounding, rounding_of(self.base, again, self.runs.epsilon)
            )
            given = self._in_last_digit_of(first.u, live)
            for name, square in squares.items():
                if defect_of(given.get(name), point[name]) is None:
                    off = _wide(given[name]) / SCALED_BY - _wide(first.given[name])
                    squares[name] = np.maximum(square, off**2)
        noise = {name: np.sqrt(square) for name, square in squares.items()}
        self.claims = [replace(claim, noise=noise) for claim in self.claims]

    def _in_last_digit_of(self, u: Array, live: Live) -> Mapping[str, object]:
        """Backward for u scaled and changed in its last digits."""
        jitter = self.runs.epsilon * self.rng.choice((-1.0, 1.0), u.shape)
        return self.runs.backward(live, SCALED_BY * u * (1 + jitter))

    def _decided(
        self, name: str, worst: Discrepancy, size: float
    ) -> tuple[VerdictWord, Text | None]:
        probed = self.probed[name]
        if not np.isfinite(worst.error) or not np.isfinite(worst.bound):
            return "cannot-tell", words.NO_SLOPE
        if worst.is_wrong:
            return "wrong", None
        if worst.is_doubtful:
            return "cannot-tell", words.SATURATED
        if not self.claim.u.any():
            place = self.runs.layout.place(int(np.argmax(probed.unresolved)))
            return "cannot-tell", words.kinks(len(self.base), len(self.base), place)
        kinks = np.flatnonzero(probed.at_kink)
        if len(kinks):
            place = self.runs.layout.place(int(kinks[0]))
            return "cannot-tell", words.kinks(len(kinks), len(self.base), place)
        if self._is_too_coarse(name, worst, size):
            return "cannot-tell", words.TOO_COARSE.format(
                bound=f"{worst.bound:.1e}", size=f"{size:.1e}"
            )
        return "right", None

    def _is_too_coarse(self, name: str, worst: Discrepancy, size: float) -> bool:
        """Whether a wrong gradient might well hide below the bound."""
        coarsest = COARSEST[self.runs.epsilon < 1e-10] + 2 * self.tolerance
        if worst.bound <= max(coarsest * size, 1e-200):
            return False
        if size > 2 * worst.bound:
            return True
        # A gradient of zero: then the bound must be small beside what a relative change could do.
        natural = root_mean_square(self.claim.u * self.base) * np.sqrt(len(self.base))
        scale = min(slope.scale for slope in self.probed[name].usable)
        return bool(worst.bound > coarsest * natural / scale)

    def _evidence(self, probed: Probed) -> list[Text]:
        near = int(np.count_nonzero(probed.unresolved & ~probed.at_kink))
        told = [words.measured(probed.method, len(probed.usable)), *probed.remarks]
        if near:
            told.append(words.LEFT_OUT.format(near=near, outputs=len(self.base)))
        return told


def _wide(value: object) -> Array:
    return np.asarray(value, dtype=np.float64)


def _scaled_back(value: object, primal: Array) -> Array:
    if defect_of(value, primal) is not None:
        return np.full(primal.shape, np.inf)
    return _wide(value) / SCALED_BY
