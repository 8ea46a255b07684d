"""One check of one subject: the values of its gradients, its state and side effects, other conditions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from handgrad.arrays import seeded
from handgrad.gradcheck.adapters.adapter_selection import (
    axes_that_may_change,
    can_be_shrunk,
    condition_findings,
    for_new_shapes,
)
from handgrad.gradcheck.conditions.size_check import size_findings
from handgrad.gradcheck.conditions.special_points import special_point_findings
from handgrad.gradcheck.engine.code_under_test import CodeUnderTest
from handgrad.gradcheck.engine.gradient_judge import GradientJudge
from handgrad.gradcheck.engine.in_place_writes import writes
from handgrad.gradcheck.engine.input_validation import not_finite_reason, require_outputs
from handgrad.gradcheck.engine.joint_check import passes_joint_check
from handgrad.gradcheck.engine.low_precision import (
    LowPrecisionCheck,
    agree_to_half_the_digits,
    higher_precision_version,
)
from handgrad.gradcheck.engine.randomness import SeededCode, made_repeatable
from handgrad.gradcheck.engine.reference_comparison import ReferenceComparison
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.engine.sentences import UNSTEADY
from handgrad.gradcheck.engine.state_leaks import StateLeaks
from handgrad.gradcheck.engine.wrong_entry_confirmation import with_wrong_entries
from handgrad.gradcheck.engine.wrong_gradient_explanation import (
    GradientExplanation,
    explain_gradients,
)
from handgrad.gradcheck.findings import ArrayReport, Finding, GradientVerdict
from handgrad.gradcheck.report.gradient_report import GradientReport
from handgrad.languages import Text, name_list


class GradientCheck:
    """One check: of the values first, then of state and side effects, then under other conditions.

    Args:
        subject: the code.
        seed: of all random numbers.
        batch_axis: as for `check`.
        state: as for `check`.
        allow: as for `check`.
        locate: as for `check`.
        tolerance: as for `check`.
    """

    def __init__(
        self,
        subject: CodeUnderTest,
        seed: int,
        *,
        batch_axis: int | None = None,
        state: bool = True,
        allow: Collection[str] = (),
        locate: bool = True,
        tolerance: float = 0.0,
    ) -> None:
        self.seed = seed
        self.batch_axis = batch_axis
        self.state = state
        self.allow = allow
        self.locate = locate
        self.findings: list[Finding] = []
        self.locating_forwards = 0
        self.explanation = GradientExplanation()
        self.native = Runs(subject)
        precise = higher_precision_version(subject)
        self.runs = self.native if precise is None else Runs(precise)
        self.tolerance = tolerance
        self.judge = GradientJudge(self.runs, seeded(seed), subject.dtype, tolerance)
        self._make_repeatable(subject)

    def _make_repeatable(self, subject: CodeUnderTest) -> None:
        """Fix the random state before every run, if the code draws random numbers."""
        judge, runs = self.judge, self.runs
        repeatable = made_repeatable(
            runs.subject, runs, judge.base, judge.backward.again, self.seed
        )
        if repeatable is None:
            return
        self.findings.append(repeatable[1])
        if repeatable[0] is runs.subject:
            return
        self.native = Runs(SeededCode(subject, self.seed))
        self.runs = self.native if runs.subject is subject else Runs(repeatable[0])
        self.judge = GradientJudge(self.runs, seeded(self.seed), subject.dtype, self.tolerance)

    def report(
        self,
        *,
        layouts: bool = False,
        sizes: bool | Literal["auto"] = False,
        corners: bool = False,
    ) -> GradientReport:
        """Everything that was found; other conditions are tried only if they are asked for."""
        judge = self.judge
        require_outputs(judge.base, self.runs.layout)
        reason = not_finite_reason(judge.base, self.runs.layout)
        if reason is None and any(f.severity == "cannot-tell" for f in self.findings):
            reason = UNSTEADY
        if reason is not None:
            return self._report(tuple(self._undecided(name, reason) for name in self._names))
        if self.batch_axis is not None:
            self.runs.batch_along(self.batch_axis, judge.base)
        judge.measure()
        low_precision = None if self.native is self.runs else LowPrecisionCheck(self.native, judge)
        forwards, backwards = self._calls
        arrays = self._verdicts(low_precision)
        wrong = [a.of for a in arrays if a.verdict == "wrong" and a.method != "reference"]
        if self.locate and can_be_shrunk(self.native.subject):
            self.explanation = explain_gradients(self.runs.subject, wrong, judge.rng)
        if self.state:
            self._check_state()
        self._check_conditions(arrays, layouts=layouts, sizes=sizes, corners=corners)
        return self._report(arrays, forwards, backwards)

    def _verdicts(self, low_precision: LowPrecisionCheck | None) -> tuple[ArrayReport, ...]:
        """The verdict on every gradient, with the wrong entries of those that are wrong."""
        judge, missing = self.judge, self._inputs_without_gradient
        arrays = tuple(judge.verdict(name) for name in self._names if name not in missing)
        self._note_missing_gradients()
        if low_precision is not None:
            arrays = tuple(low_precision.verdict(array) for array in arrays)
        before = self.runs.forwards
        arrays = tuple(with_wrong_entries(judge, array, show=self.locate) for array in arrays)
        self.locating_forwards = self.runs.forwards - before
        return arrays

    def _check_state(self) -> None:
        """Find in-place writes into arrays of the caller, and state that leaks."""
        self.findings += writes(self.runs, self.judge.result.u)
        if self.runs.subject.stateful:
            self.findings += StateLeaks(self.judge.backward).findings()

    def _check_conditions(
        self,
        arrays: tuple[ArrayReport, ...],
        *,
        layouts: bool,
        sizes: bool | Literal["auto"],
        corners: bool,
    ) -> None:
        """Find what is wrong only in other memory layouts, at other sizes or at special points."""
        subject = self.native.subject
        if overall_verdict(arrays, self.findings, self.allow) != "wrong":
            has_writes = any(finding.kind.endswith("-changed") for finding in self.findings)
            self.findings += condition_findings(
                subject,
                seeded(self.seed),
                state=self.state,
                layouts=layouts and not has_writes,  # rows that overlap would all be written
            )
        if sizes and overall_verdict(arrays, self.findings, self.allow) == "right":
            self.findings += size_findings(
                for_new_shapes(subject),
                seeded(self.seed),
                self._values_of,
                joint_check=self._passes_joint_check,
                may_change=axes_that_may_change(subject, every=sizes is True),
            )
        if corners and overall_verdict(arrays, self.findings, self.allow) == "right":
            self.findings += special_point_findings(subject, seeded(self.seed), self._values_of)

    def _values_of(self, subject: CodeUnderTest) -> tuple[ArrayReport, ...]:
        """The verdicts on the values alone, of the same code at another input point."""
        values = GradientCheck(
            subject, self.seed, state=False, locate=False, tolerance=self.tolerance
        )
        return values.report().arrays

    def _passes_joint_check(
        self, subject: CodeUnderTest, names: Sequence[str], share: float
    ) -> bool:
        """Whether one measurement of all arrays together finds nothing wrong at another input point."""
        rng, precise = seeded(self.seed), higher_precision_version(subject)
        if precise is None:
            return passes_joint_check(subject, names, rng, share)
        return agree_to_half_the_digits(subject, precise, names, rng) and passes_joint_check(
            precise, names, rng, share
        )

    @property
    def _inputs_without_gradient(self) -> list[str]:
        """Inputs without a gradient where other inputs have one: a loss has none for its targets."""
        subject, result = self.runs.subject, self.judge.result
        inputs = [name for name in self._names if name not in subject.parameters]
        without = [name for name in inputs if result.given.get(name) is None]
        return without if len(without) < len(inputs) else []

    def _note_missing_gradients(self) -> None:
        without = getattr(self.native.subject, "without_gradient", ())
        names = [*self._inputs_without_gradient, *without]
        if names:
            message = _NO_GRADIENT.format(arrays=name_list(names))
            self.findings.append(Finding("no-gradient", "note", message, names[0]))

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.runs.subject.gradient_names)

    @property
    def _calls(self) -> tuple[int, int]:
        both = {id(runs): runs for runs in (self.runs, self.native)}.values()
        return sum(runs.forwards for runs in both), sum(runs.backwards for runs in both)

    def _undecided(self, name: str, reason: Text) -> ArrayReport:
        subject = self.runs.subject
        called, shape = subject.gradient_names[name], subject.point[name].shape
        return ArrayReport(called, name, shape, "cannot-tell", "none", reason=reason)

    def _report(
        self,
        arrays: tuple[ArrayReport, ...],
        forwards: int = 0,
        backwards: int = 0,
    ) -> GradientReport:
        all_forwards, all_backwards = self._calls
        return GradientReport(
            self.native.subject.name,
            overall_verdict(arrays, self.findings, self.allow),
            arrays,
            tuple(self.findings),
            computed=self.explanation.computed,
            counterexample=self.explanation.counterexample,
            seed=self.seed,
            forwards=forwards or all_forwards,
            backwards=backwards or all_backwards,
            locating_forwards=self.locating_forwards,
            further_forwards=all_forwards - forwards if forwards else 0,
            further_backwards=all_backwards - backwards if backwards else 0,
            dtype=self.native.subject.dtype,
        )


def reference_report(subject: CodeUnderTest, reference: CodeUnderTest, seed: int) -> GradientReport:
    """The report of a comparison with a reference that is assumed to be right."""
    runs = Runs(subject)
    arrays = ReferenceComparison(runs, reference, seeded(seed)).reports()
    return GradientReport(
        subject.name,
        overall_verdict(arrays, ()),
        arrays,
        seed=seed,
        forwards=runs.forwards,
        backwards=runs.backwards,
        dtype=subject.dtype,
    )


def overall_verdict(
    arrays: Collection[ArrayReport], findings: Collection[Finding], allow: Collection[str] = ()
) -> GradientVerdict:
    """The worst verdict of all arrays and of the findings that are not allowed."""
    verdicts: set[str] = {array.verdict for array in arrays}
    verdicts |= {finding.severity for finding in findings if finding.kind not in allow}
    if "wrong" in verdicts:
        return "wrong"
    return "cannot-tell" if "cannot-tell" in verdicts else "right"


_NO_GRADIENT = Text(
    zh="注意：没有找到 {arrays} 的梯度，因此没有检查。若它应当有梯度：输入的从 backward 返回，"
    "参数 P 的存为 dP，或用 parameters={{…}} 指明。",
    en="Note: no gradient was found for {arrays}, so it was not checked. If it should have one, return it "
    "from backward, store that of a parameter P as dP, or name it in parameters={{…}}.",
)
