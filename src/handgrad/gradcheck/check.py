"""Is this backward pass right? The one function that everything here serves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from handgrad.arrays import seeded
from handgrad.check_context import CheckOutcome, is_strict, record_outcome, seed_for_check
from handgrad.errors import BackwardWrong, HandgradError
from handgrad.gradcheck.adapters.arguments import described
from handgrad.gradcheck.adapters.choice import (
    axes_that_may_change,
    conditions_of,
    for_many_sizes,
    sizes_can_be_cut,
    subject_of,
)
from handgrad.gradcheck.conditions.corners import corner_findings
from handgrad.gradcheck.conditions.sizes_examined import size_findings
from handgrad.gradcheck.engine.against_reference import AgainstReference
from handgrad.gradcheck.engine.coarse import InFewerDigits, agree_in_half, finer
from handgrad.gradcheck.engine.confirm import located
from handgrad.gradcheck.engine.explain import Explanation, explained
from handgrad.gradcheck.engine.glance import looks_right
from handgrad.gradcheck.engine.inputs import not_finite, require_numbers, require_outputs
from handgrad.gradcheck.engine.judge import Judge
from handgrad.gradcheck.engine.randomness import Seeded, held_still
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.engine.states import States
from handgrad.gradcheck.engine.subject import Subject
from handgrad.gradcheck.engine.writes import writes
from handgrad.gradcheck.report.report import (
    ArrayReport,
    Finding,
    GradientReport,
    VerdictWord,
)
from handgrad.gradcheck.report.words import NO_GRADIENT, RAISED, UNSTEADY
from handgrad.languages import Text, preferred_language


def check(
    f: object,
    *inputs: Any,
    parameters: Mapping[str, str] | None = None,
    reference: object | None = None,
    seed: int | None = None,
    names: Sequence[str] | None = None,
    batch_axis: int | Literal["auto"] | None = None,
    state: bool = True,
    layouts: bool = True,
    sizes: bool | Literal["auto"] = "auto",
    corners: bool = False,
    allow: Collection[str] = (),
    locate: bool = True,
    tolerance: float = 0.0,
) -> GradientReport:
    """Decide whether a backward pass is right, without a reference.

    Args:
        f: an object with ``forward(x…)`` and ``backward(dout)``, its class or a factory without
            arguments; a `Vjp`.
        inputs: what forward is called with. Arrays of floats are varied, those in dictionaries and
            lists (pytrees of JAX) too; anything else is passed on.
        parameters: attribute → the attribute that holds its gradient. By default every array of
            floats ``P`` for which backward sets ``dP``.
        reference: another such f, right by assumption: `f` is compared with it in float64.
        seed: gives the same check again; drawn and reported by default.
        names: what the inputs are called in the report.
        batch_axis: the axis along which samples are independent: several probes then go through one
            forward, which shows every time whether they are; ``"auto"`` tries axis 0.
        state: also look for state that leaks between calls and for writes in place.
        layouts: also hand over arrays that are not contiguous.
        sizes: also look at axes of 0, 1, 31, 33, 127 and 129 entries, where the point is small. By
            default every axis of a NumPy layer or function, and the batch axis (axis 0) of others,
            whose compiled kernels may trust their callers to give sizes that fit.
        corners: also look where inputs are exactly zero, and where they are about ±1000: for a
            function that is meant for every number.
        allow: kinds of findings that are not held against f, like ``"dout-changed"``.
        locate: on a wrong gradient, search the wrong entries.
        tolerance: an error, in proportion to the gradient's norm, that is still right: for a forward
            that is itself approximate, like an iteration. Nothing by default.

    Raises:
        CheckError: what was given cannot be checked.

    >>> import numpy as np
    >>> from handgrad import Relu
    >>> check(Relu(), np.array([[1.0, -2.0, 3.0]]), seed=1).verdict
    'right'
    """
    chosen = seed_for_check(seed)
    axis = 0 if batch_axis == "auto" else batch_axis
    with _told_what_was_run(f, inputs):
        subject = subject_of(f, inputs, parameters=parameters, names=names)
        require_numbers(subject)
        if reference is not None:
            other = subject_of(reference, inputs, parameters=parameters, names=names)
            return _recorded(_against(subject, other, chosen))
        examination = Examination(
            subject,
            chosen,
            batch_axis=axis,
            state=state,
            allow=allow,
            locate=locate,
            tolerance=tolerance,
        )
        return _recorded(examination.report(layouts=layouts, sizes=sizes, corners=corners))


@contextmanager
def _told_what_was_run(f: object, inputs: Sequence[Any]) -> Iterator[None]:
    """What the code under check raises is its author's own, with a note of what it was given."""
    try:
        yield
    except HandgradError:
        raise
    except Exception as error:
        name = getattr(f, "__name__", None) or type(f).__name__
        given = ", ".join(map(described, inputs)) or "()"
        error.add_note(RAISED.format(name=name, given=given)[preferred_language()])
        raise


def _recorded(report: GradientReport) -> GradientReport:
    """The report, its outcome recorded in the test in which the check ran."""
    first = str(report).partition("\n")[0]
    record_outcome(CheckOutcome(report.subject, report.verdict, report.seed, first))
    return report


def _against(subject: Subject, reference: Subject, seed: int) -> GradientReport:
    """The report of a comparison with a reference."""
    runs = Runs(subject)
    arrays = AgainstReference(runs, reference, seeded(seed)).reports()
    return GradientReport(
        subject.name,
        overall(arrays, ()),
        arrays,
        seed=seed,
        forwards=runs.forwards,
        backwards=runs.backwards,
        dtype=subject.dtype,
    )


class Examination:
    """One check: of the values first, then of state and side effects.

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
        subject: Subject,
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
        self.locating = 0
        self.native = Runs(subject)
        twin = finer(subject)
        self.runs = self.native if twin is None else Runs(twin)
        self.tolerance = tolerance
        self.judge = Judge(self.runs, seeded(seed), subject.dtype, tolerance)
        self._hold_still(subject)

    def _hold_still(self, subject: Subject) -> None:
        """Go on with the same random numbers in every run where the code draws any."""
        judge, runs = self.judge, self.runs
        held = held_still(runs.subject, runs, judge.base, judge.again, self.seed)
        if held is None:
            return
        self.findings.append(held[1])
        if held[0] is runs.subject:
            return
        self.native = Runs(Seeded(subject, self.seed))
        self.runs = self.native if runs.subject is subject else Runs(held[0])
        self.judge = Judge(self.runs, seeded(self.seed), subject.dtype, self.tolerance)

    def report(
        self,
        *,
        layouts: bool = False,
        sizes: bool | Literal["auto"] = False,
        corners: bool = False,
    ) -> GradientReport:
        """Everything that is found; the circumstances of a network only where they are asked for."""
        judge = self.judge
        require_outputs(judge.base, self.runs.layout)
        reason = not_finite(judge.base, self.runs.layout)
        if reason is None and any(f.severity == "cannot-tell" for f in self.findings):
            reason = UNSTEADY
        if reason is not None:
            return self._report(tuple(self._untold(name, reason) for name in self._names))
        if self.batch_axis is not None:
            self.runs.stack(self.batch_axis, judge.base)
        judge.measure()
        fewer = None if self.native is self.runs else InFewerDigits(self.native, judge)
        forwards, backwards = self._calls
        arrays = tuple(judge.verdict(name) for name in self._names if name not in self._untaught)
        self._note_untaught()
        if fewer is not None:
            arrays = tuple(fewer.verdict(array) for array in arrays)
        before = self.runs.forwards
        arrays = tuple(located(judge, array, show=self.locate) for array in arrays)
        self.locating = self.runs.forwards - before
        wrong = [a.of for a in arrays if a.verdict == "wrong" and a.method != "reference"]
        explanation = Explanation()
        if self.locate and sizes_can_be_cut(self.native.subject):
            explanation = explained(self.runs.subject, wrong, judge.rng)
        if self.state:
            self._look_beside()
        if overall(arrays, self.findings, self.allow) != "wrong":
            writes_there = any(finding.kind.endswith("-changed") for finding in self.findings)
            self.findings += conditions_of(
                self.native.subject,
                seeded(self.seed),
                state=self.state,
                layouts=layouts and not writes_there,  # a write into rows that overlap is another
            )
        if sizes and overall(arrays, self.findings, self.allow) == "right":
            may_change = axes_that_may_change(self.native.subject, every=sizes is True)
            self.findings += size_findings(
                for_many_sizes(self.native.subject),
                seeded(self.seed),
                self._values_of,
                glance=self._looks_right,
                may_change=may_change,
            )
        if corners and overall(arrays, self.findings, self.allow) == "right":
            self.findings += corner_findings(
                self.native.subject, seeded(self.seed), self._values_of
            )
        return self._report(arrays, forwards, backwards, explanation)

    def _values_of(self, subject: Subject) -> tuple[ArrayReport, ...]:
        """The verdicts on the values alone, of the same code elsewhere."""
        there = Examination(subject, self.seed, state=False, locate=False, tolerance=self.tolerance)
        return there.report().arrays

    def _looks_right(self, subject: Subject, names: Sequence[str], share: float) -> bool:
        """Whether a glance at the same code elsewhere finds nothing suspicious."""
        rng, twin = seeded(self.seed), finer(subject)
        if twin is None:
            return looks_right(subject, names, rng, share)
        return agree_in_half(subject, twin, names, rng) and looks_right(twin, names, rng, share)

    @property
    def _untaught(self) -> list[str]:
        """Inputs without a gradient beside inputs with one: a loss has none for its targets."""
        subject, claim = self.runs.subject, self.judge.claim
        inputs = [name for name in self._names if name not in subject.parameters]
        without = [name for name in inputs if claim.given.get(name) is None]
        return without if len(without) < len(inputs) else []

    def _note_untaught(self) -> None:
        names = [*self._untaught, *getattr(self.native.subject, "without_gradient", ())]
        if names:
            told = NO_GRADIENT.format(arrays=", ".join(names))
            self.findings.append(Finding("no-gradient", "note", told, names[0]))

    def _look_beside(self) -> None:
        """State that leaks, and writes into arrays of others."""
        claim = self.judge.claim
        self.findings += writes(self.runs, claim.u)
        if self.runs.subject.stateful:
            states = States(
                self.runs, self.judge.base, claim.u, claim.given, claim.noise, self.judge.rng
            )
            self.findings += states.findings()

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.runs.subject.gradient_names)

    @property
    def _calls(self) -> tuple[int, int]:
        both = {id(runs): runs for runs in (self.runs, self.native)}.values()
        return sum(runs.forwards for runs in both), sum(runs.backwards for runs in both)

    def _untold(self, name: str, reason: Text) -> ArrayReport:
        subject = self.runs.subject
        return ArrayReport(
            subject.gradient_names[name],
            name,
            subject.point[name].shape,
            "cannot-tell",
            "none",
            reason=reason,
        )

    def _report(
        self,
        arrays: tuple[ArrayReport, ...],
        forwards: int = 0,
        backwards: int = 0,
        explanation: Explanation | None = None,
    ) -> GradientReport:
        all_forwards, all_backwards = self._calls
        return GradientReport(
            self.native.subject.name,
            overall(arrays, self.findings, self.allow),
            arrays,
            tuple(self.findings),
            computed=explanation.computed if explanation else {},
            counterexample=explanation.counterexample if explanation else None,
            seed=self.seed,
            forwards=forwards or all_forwards,
            backwards=backwards or all_backwards,
            locating_forwards=self.locating,
            further_forwards=all_forwards - forwards if forwards else 0,
            further_backwards=all_backwards - backwards if backwards else 0,
            dtype=self.native.subject.dtype,
        )


def overall(
    arrays: Collection[ArrayReport], findings: Collection[Finding], allow: Collection[str] = ()
) -> VerdictWord:
    """The verdict that arrays and findings make together: the worst of them."""
    words: set[str] = {array.verdict for array in arrays}
    words |= {finding.severity for finding in findings if finding.kind not in allow}
    if "wrong" in words:
        return "wrong"
    return "cannot-tell" if "cannot-tell" in words else "right"


def assert_backward(
    f: object, *inputs: Any, strict: bool = False, **options: Any
) -> GradientReport:
    """Do nothing where the backward pass is right; raise the report where it is wrong.

    Args:
        f: as for `check`.
        inputs: as for `check`.
        strict: raise, too, where nothing can be told.
        options: as for `check`.

    Raises:
        BackwardWrong: an AssertionError whose text is the report.
        CheckError: what was given cannot be checked.
    """
    __tracebackhide__ = True  # pytest ends the traceback at the test's own line
    report = check(f, *inputs, **options)
    must_be_right = strict or is_strict()
    if report.verdict == "wrong" or (must_be_right and report.verdict != "right"):
        raise BackwardWrong(report.words, report)
    return report
