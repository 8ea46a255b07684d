"""Is this backward pass right? The one function that everything here serves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from handgrad.arrays import seeded
from handgrad.checking.adapters.choice import conditions_of, subject_of
from handgrad.checking.numeric.judge import Judge
from handgrad.checking.numeric.report import ArrayReport, Finding, GradientReport, VerdictWord
from handgrad.checking.numeric.runs import Runs
from handgrad.checking.numeric.subject import Subject
from handgrad.checking.stress.circumstances import size_findings
from handgrad.checking.stress.corners import corner_findings
from handgrad.errors import BackwardWrong
from handgrad.surroundings import Heard, heard_here, is_strict_here, seed_here


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
    sizes: bool = True,
    corners: bool = False,
    allow: Collection[str] = (),
    locate: bool = True,
) -> GradientReport:
    """Decide whether a backward pass is right, without a reference.

    Args:
        f: an object with ``forward(x…)`` and ``backward(dout)``, its class or a factory without
            arguments; a `Vjp`.
        inputs: what forward is called with. Arrays of floats are varied; anything else is passed on.
        parameters: attribute → the attribute that holds its gradient. By default every array of
            floats ``P`` for which backward sets ``dP``.
        reference: another such f, right by assumption: `f` is compared with it in float64.
        seed: gives the same check again; drawn and reported by default.
        names: what the inputs are called in the report.
        batch_axis: the axis along which samples are independent: several probes then go through one
            forward; ``"auto"`` finds out whether axis 0 is one.
        state: also look for state that leaks between calls and for writes in place.
        layouts: also hand over arrays that are not contiguous.
        corners: also look where inputs are exactly zero, and where they are about ±1000: for a
            function that is meant for every number.
        sizes: also look at axes of 0, 1, 31, 33, 127 and 129 entries, where the point is small.
        allow: kinds of findings that are not held against f, like ``"dout-changed"``.
        locate: on a wrong gradient, search the wrong entries.

    Raises:
        CheckError: what was given cannot be checked.

    >>> import numpy as np
    >>> from handgrad import Relu
    >>> check(Relu(), np.array([[1.0, -2.0, 3.0]]), seed=1).verdict
    'right'
    """
    chosen = seed_here(seed)
    rng = seeded(chosen)
    subject = subject_of(f, inputs, parameters=parameters, names=names)
    runs = Runs(subject)
    judge = Judge(runs, rng)
    judge.measure()
    forwards, backwards = runs.forwards, runs.backwards
    arrays = tuple(judge.verdict(name) for name in subject.gradient_names)
    findings = list(conditions_of(subject, rng, state=state, layouts=layouts))
    if sizes and overall(arrays, findings, allow) == "right":
        findings += size_findings(subject, rng, lambda other: _values(other, rng))
    if corners and overall(arrays, findings, allow) == "right":
        findings += corner_findings(subject, rng, lambda other: _values(other, rng))
    report = GradientReport(
        subject.name,
        overall(arrays, findings, allow),
        arrays,
        tuple(findings),
        seed=chosen,
        dtype=subject.dtype,
        forwards=forwards,
        backwards=backwards,
        further_forwards=runs.forwards - forwards,
        further_backwards=runs.backwards - backwards,
    )
    heard_here(Heard(report.subject, report.verdict, report.seed, str(report).split("\n")[0]))
    return report


def _values(subject: Subject, rng: np.random.Generator) -> tuple[ArrayReport, ...]:
    judge = Judge(Runs(subject), rng)
    judge.measure()
    return tuple(judge.verdict(name) for name in subject.gradient_names)


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
    is_strict = strict or is_strict_here()
    if report.verdict == "wrong" or (is_strict and report.verdict != "right"):
        raise BackwardWrong(report.words, report)
    return report
