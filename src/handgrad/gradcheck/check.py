"""`handgrad.check`: decides whether a backward pass is right, without a reference."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from handgrad.check_context import CheckOutcome, is_strict, record_outcome, seed_for_check
from handgrad.errors import BackwardWrong, HandgradError
from handgrad.gradcheck.adapters.adapter_selection import subject_of
from handgrad.gradcheck.adapters.argument_descriptions import described
from handgrad.gradcheck.engine.input_validation import require_finite_inputs
from handgrad.gradcheck.gradient_check import GradientCheck, reference_report
from handgrad.gradcheck.report.gradient_report import GradientReport
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
        f: an object with ``forward(x…)`` and ``backward(dout)``, its class, or a factory without
            arguments; a `Vjp`; a function of torch or JAX.
        inputs: the arguments of forward. Arrays of floats are varied, also those in dictionaries and
            lists (pytrees in JAX); all other arguments stay fixed.
        parameters: attribute → the attribute that holds its gradient. By default every array of
            floats ``P`` for which backward sets ``dP``.
        reference: another such f, assumed right: `f` is compared with it in float64.
        seed: repeats a check; by default drawn and reported.
        names: the names of the inputs in the report.
        batch_axis: the axis along which samples are independent. Several probes then share one
            forward, and each time it is verified that they are independent. ``"auto"`` tries axis 0.
        state: also check for state that leaks between calls and for in-place writes.
        layouts: also check with arrays that are not contiguous.
        sizes: also check axes of length 0, 1, 31, 33, 127 and 129, if the inputs are small. By default
            every axis of a NumPy layer or function, and only the batch axis (axis 0) of torch and JAX
            code, whose compiled kernels may not verify sizes.
        corners: also check inputs of exactly zero and of about ±1000, for a function that must accept
            every number.
        allow: kinds of findings to accept, for example ``"dout-changed"``.
        locate: search for the wrong entries of a wrong gradient.
        tolerance: the error to accept, relative to the gradient's norm, for a forward that is itself
            approximate (for example an iteration). Zero by default.

    Raises:
        CheckError: the arguments cannot be checked.

    >>> import numpy as np
    >>> from handgrad import Relu
    >>> check(Relu(), np.array([[1.0, -2.0, 3.0]]), seed=1).verdict
    'right'
    """
    chosen = seed_for_check(seed)
    axis = 0 if batch_axis == "auto" else batch_axis
    with _noted_inputs(f, inputs):
        subject = subject_of(f, inputs, parameters=parameters, names=names)
        require_finite_inputs(subject)
        if reference is not None:
            right = subject_of(reference, inputs, parameters=parameters, names=names)
            return _recorded(reference_report(subject, right, chosen))
        gradient_check = GradientCheck(
            subject,
            chosen,
            batch_axis=axis,
            state=state,
            allow=allow,
            locate=locate,
            tolerance=tolerance,
        )
        return _recorded(gradient_check.report(layouts=layouts, sizes=sizes, corners=corners))


def assert_backward(
    f: object, *inputs: Any, strict: bool = False, **options: Any
) -> GradientReport:
    """Raise an error with the report if the backward pass is wrong; otherwise return the report.

    Args:
        f: as for `check`.
        inputs: as for `check`.
        strict: also raise if the verdict is *cannot tell*.
        options: as for `check`.

    Raises:
        BackwardWrong: an AssertionError whose text is the report.
        CheckError: the arguments cannot be checked.
    """
    __tracebackhide__ = True  # pytest ends the traceback at the test's own line
    report = check(f, *inputs, **options)
    must_be_right = strict or is_strict()
    if report.verdict == "wrong" or (must_be_right and report.verdict != "right"):
        raise BackwardWrong(report.words, report)
    return report


@contextmanager
def _noted_inputs(f: object, inputs: Sequence[Any]) -> Iterator[None]:
    """Add a note with the inputs to whatever the code under check raises."""
    try:
        yield
    except HandgradError:
        raise
    except Exception as error:
        name = getattr(f, "__name__", None) or type(f).__name__
        given = ", ".join(map(described, inputs)) or "()"
        error.add_note(_RAISED.format(name=name, given=given)[preferred_language()])
        raise


def _recorded(report: GradientReport) -> GradientReport:
    """The report, its outcome recorded in the test in which the check ran."""
    summary = str(report).partition("\n")[0]
    record_outcome(CheckOutcome(report.subject, report.verdict, report.seed, summary))
    return report


_RAISED = Text(
    zh="handgrad.check 运行 {name} 时出错；输入：{given}。",
    en="Raised while handgrad.check ran {name} with: {given}.",
)
