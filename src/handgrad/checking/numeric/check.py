"""Is this backward pass right? The one function that everything here serves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from handgrad.arrays import seeded
from handgrad.checking.adapters.choice import conditions_of, subject_of
from handgrad.checking.numeric.report import ArrayReport, GradientReport
from handgrad.checking.numeric.subject import forward, gradients
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
    u = tuple(rng.standard_normal(y.shape) for y in forward(subject, subject.point))
    given = gradients(subject, subject.point, u)
    arrays = []
    for of, name in subject.gradient_names.items():
        v, h = rng.standard_normal(subject.point[of].shape), 1e-6
        after, before = (
            forward(subject, {**subject.point, of: subject.point[of] + s * v}) for s in (h, -h)
        )
        left = sum(
            float(np.vdot(a, (b - c) / (2 * h))) for a, b, c in zip(u, after, before, strict=True)
        )
        error = abs(left - float(np.vdot(np.asarray(given.of[of]), v)))
        bound = 1e-6 * max(1.0, abs(left))
        shape = subject.point[of].shape
        verdict: Literal["right", "wrong"] = "right" if error <= bound else "wrong"
        arrays.append(ArrayReport(name, of, shape, verdict, "real-difference", error, bound))
    findings = tuple(conditions_of(subject, rng, state=state, layouts=layouts))
    held = [one for one in findings if one.kind not in allow]
    word: Literal["right", "wrong"] = (
        "wrong"
        if any(a.verdict == "wrong" for a in arrays) or any(f.severity == "wrong" for f in held)
        else "right"
    )
    report = GradientReport(
        subject.name, word, tuple(arrays), findings, seed=chosen, dtype=subject.dtype
    )
    heard_here(Heard(report.subject, report.verdict, report.seed, str(report).split("\n")[0]))
    return report


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
