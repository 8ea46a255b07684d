"""Warnings about how a right answer computes: in slow loops, or by numerical differentiation.

Both are checked only where the first run gives a reason to, in a follow-up run of the same child, so
that an ordinary pass costs nothing.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handgrad.diagnosis.case import Case, Observation, Trial
from handgrad.diagnosis.verdict_names import WarningName
from handgrad.errors import SandboxError
from handgrad.sandbox.child.answer.backward_analysis import HELPERS
from handgrad.sandbox.protocol.script import compile_script, run_script

SUSPICIOUS_SECONDS = 2.5e-4
"""For an ordinary case, on average; array expressions take a fifth of it. Only a reason to measure."""
TIMES_SLOWER = 20
LEAST_SECONDS = 1e-3
"""A backward that takes less than this on the large case is never called slow."""
REPETITIONS = 3
CLEARLY = 3
"""So many times the threshold is slow without measuring again."""
OVERHEAD_SECONDS = 0.02
"""Of processor time: what a child may need for everything but the backward."""
COUNTING_SECONDS = 0.5
"""Of processor time, for one ordinary case in which calls of forward are counted."""
FEWEST_FORWARDS = 2
"""A difference quotient needs two points."""

RunTimed = Callable[[Sequence[Case], float], list[Observation]]
"""Runs the answer on cases, with at most so many seconds of processor time."""
FORWARD = re.compile(r"(\w+) = (\w+)\.forward\(.*\)")
BACKWARD = re.compile(r"\w+ = (\w+)\.backward\((.*)\)")
RESULT = "result"


def style_warnings(
    trials: Sequence[Trial],
    large_case: Case | None,
    reference: Mapping[str, Any],
    run: RunTimed,
    *,
    loops: bool,
    calls_forward: bool,
) -> tuple[WarningName, ...]:
    """The warnings ``slow`` and ``numerical`` of an answer that passes.

    Args:
        trials: those of the verdict.
        large_case: a case large enough to show a loop over entries; None where the level has none.
        reference: the reference classes by name.
        run: runs the answer on further cases; raises `SandboxError` when it exceeds a limit.
        loops: whether the code has a loop.
        calls_forward: whether a method other than forward seems to call it.
    """
    found: list[WarningName] = []
    if (
        large_case is not None
        and (loops or _seems_slow(trials))
        and _is_slow(large_case, reference, run)
    ):
        found.append("slow")
    if calls_forward and _is_numerical(trials, run):
        found.append("numerical")
    return tuple(found)


def _seems_slow(trials: Sequence[Trial]) -> bool:
    seconds = [trial.observed.seconds for trial in trials]
    return sum(seconds) > SUSPICIOUS_SECONDS * len(seconds)


def _is_slow(large_case: Case, reference: Mapping[str, Any], run: RunTimed) -> bool:
    case = _with_helper(large_case, "seconds_of_backward({layer}, {arguments})")
    if case is None:
        return False
    ours = min(_seconds_of_reference(case, reference) for _ in range(REPETITIONS))
    threshold = max(TIMES_SLOWER * ours, LEAST_SECONDS)
    # Just long enough to know: a pass must not wait for the end of a slow loop.
    allowed = OVERHEAD_SECONDS + CLEARLY * threshold

    def fastest(times: int) -> float:
        return min(_results(run([case] * times, times * allowed)), default=0.0)

    try:
        seconds = fastest(1)
        if threshold < seconds < CLEARLY * threshold:  # another process may have slowed it down
            seconds = min(seconds, fastest(REPETITIONS - 1))
    except SandboxError:  # it did not end within the time allowed
        return True
    return seconds > threshold


def _seconds_of_reference(case: Case, reference: Mapping[str, Any]) -> float:
    names = {**HELPERS, **reference, **case.inputs}
    outcome = run_script(compile_script(case.script), names, [RESULT])
    result = outcome.values.get(RESULT)
    return float("inf") if result is None or result.array is None else float(result.array)


def _is_numerical(trials: Sequence[Trial], run: RunTimed) -> bool:
    call = "forwards_that_differ({layer}, {output}, {arguments})"
    one_call = (trial.case for trial in trials if trial.case.situation == "one-call")
    case = next((c for c in (_with_helper(case, call) for case in one_call) if c), None)
    if case is None:
        return False
    try:
        return any(count >= FEWEST_FORWARDS for count in _results(run([case], COUNTING_SECONDS)))
    except SandboxError:
        return False


def _with_helper(case: Case, call: str) -> Case | None:
    """The case up to its first backward, which a helper runs; None where it has none."""
    lines: list[str] = []
    outputs: dict[str, str] = {}
    for line in filter(None, case.script.splitlines()):
        if found := FORWARD.fullmatch(line):
            outputs[found[2]] = found[1]
        if (found := BACKWARD.fullmatch(line)) and found[1] in outputs:
            layer, arguments = found.groups()
            helper = call.format(layer=layer, output=outputs[layer], arguments=arguments)
            lines.append(f"{RESULT} = {helper}")
            return dataclasses.replace(
                case,
                script="\n".join(lines),
                compared=(RESULT,),
                guarded={},
                kept={},
                outputs=(),
                companions={},
            )
        lines.append(line)
    return None


def _results(observations: Sequence[Observation]) -> list[float]:
    received = [one.values[RESULT].array for one in observations if RESULT in one.values]
    return [float(array.real) for array in received if array is not None and array.size == 1]
