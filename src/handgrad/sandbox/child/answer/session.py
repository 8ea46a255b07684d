"""An answer in a child: its classes run on the cases of a job, and what they gave sent frame by frame.

Frames of a job, in order (``printed`` and ``output-limit`` may come between any two):

``loaded`` (or its problem); for each class ``class`` (or its problem), one ``case`` for each case,
and ``class-end``; ``end``.
"""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Iterable
from typing import Any, Protocol, TextIO

import numpy as np
from numpy.typing import NDArray

from ...protocol.buffers import Payload, dtype_name, trusted_array
from ...protocol.script import Script, Value, compile_script, run_script
from ...protocol.wire import Buffer
from . import exception_report
from .backward_analysis import HELPERS, calls_forward, loops
from .learner_layers import passed_classes, passed_sources
from .loaded_answer import Answer
from .source import Problem, Source, read_source

MAX_NUMPY_WARNINGS = 16


class Sender(Protocol):
    """Where the frames go: held, so that several go at once, and flushed before the answer runs,
    which may end the process.
    """

    def hold(self, header: dict[str, Any], buffers: Iterable[Buffer] = ()) -> None:
        """Send one frame at the next flush."""

    def flush(self) -> None:
        """Send what is held."""


class Session:
    """One answer, and the cases that its classes are run on: those of a job, then of the next."""

    def __init__(self, channel: Sender, job: dict[str, Any], payload: bytearray) -> None:
        self.channel = channel
        self.answer: Answer | None = None
        self.warned: list[dict[str, Any]] = []
        self.scripts: dict[str, Script] = {}
        self.passed: list[tuple[list[str], Source]] = []
        self.take(job, payload)

    def take(self, job: dict[str, Any], payload: bytearray) -> None:
        """A job to be run: the first with the answer's source, a further one for the same answer.

        Either may bring layers that its learner wrote earlier; they serve from then on.
        """
        self.job = job
        self.payload = payload
        if "passed" in job:
            self.passed = passed_sources(job, payload)
        self.room: int = job["limits"]["carried_bytes"]

    def run(self) -> None:
        """Load the answer afresh, run its classes, say that it is over."""
        try:
            if self.answer is None:
                start, size = self.job["source"]["at"], self.job["source"]["nbytes"]
                source = read_source(bytes(self.payload[start : start + size]))
                self.answer = Answer(self.job["name"], source)
        except Problem as problem:
            self.channel.hold({"frame": "loaded", "problem": _told(problem)})
        else:
            self._run_answer(self.answer)
        self.channel.hold({"frame": "end"})
        self.channel.flush()

    def _run_answer(self, answer: Answer) -> None:
        unanswered = [c["name"] for c in self.job["classes"] if answer.is_unanswered(c)]
        facts = {"frame": "loaded", "guessed_encoding": answer.source.guessed_encoding}
        if len(unanswered) == len(self.job["classes"]):
            self.channel.hold(facts | {"problem": None})
        else:
            self._listen_to_warnings(answer)
            if "random" in answer.source.text:
                _seed(self.job.get("seed", 0))
            try:
                answer.run()
                self.channel.hold(facts | {"problem": None, "defines": answer.class_names[:100]})
            except Problem as problem:
                self.channel.hold(facts | {"problem": _told(problem)})
                return
        for wanted in self.job["classes"]:
            try:
                if wanted["name"] in unanswered:
                    raise Problem("unanswered")
                answer.check_class(wanted)
            except Problem as problem:
                told = _told(problem)
                self.channel.hold({"frame": "class", "name": wanted["name"], "problem": told})
            else:
                self._run_class(answer, wanted)

    def _run_class(self, answer: Answer, wanted: dict[str, Any]) -> None:
        name = wanted["name"]
        judged = answer.names[name]
        told = {"frame": "class", "name": name, "problem": None}
        told |= {"calls_forward": calls_forward(judged), "loops": loops(answer.names, judged)}
        self.channel.hold(told)
        regions = answer.region_lines(name)
        given = self._given_names(answer)
        for number, case in enumerate(wanted["cases"]):
            self._run_case(number, case, answer, regions, given | {name: answer.names[name]})
        self.channel.hold({"frame": "class-end", "name": name})

    def _given_names(self, answer: Answer) -> dict[str, Any]:
        """The level's given classes, run afresh; the learner's own where the judge says so: of the
        answer itself, else of an earlier answer that passed.
        """
        names: dict[str, Any] = {"__name__": "given"}
        exec(compile(self.job["given"], "<given>", "exec"), names)
        own = {name: answer.names[name] for name in self.job["own"]}
        return names | passed_classes(self.passed) | own

    def _run_case(
        self,
        number: int,
        case: dict[str, Any],
        answer: Answer,
        regions: list[list[int]],
        names: dict[str, Any],
    ) -> None:
        self.channel.flush()
        self.warned.clear()
        inputs = {
            name: given["plain"] if "plain" in given else trusted_array(given, self.payload)
            for name, given in case["inputs"].items()
        }
        for name in case.get("read_only", ()):
            if isinstance(inputs[name], np.ndarray):
                inputs[name].flags.writeable = False
        script = self._script(case["script"])
        before = time.perf_counter()
        with np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"):
            outcome = run_script(script, HELPERS | names | inputs, case["returned"], answer.file)
        seconds = time.perf_counter() - before
        parts = Payload()
        header = {
            "frame": "case",
            "number": number,
            "values": {name: self._told(value, parts) for name, value in outcome.values.items()},
            "inputs_after": {name: self._array(inputs[name], parts) for name in case["guarded"]},
            "overwritten": outcome.overwritten,
            "seconds": seconds,
            "raised": None,
            "warned": [
                warning | {"in_region": any(a <= warning["line"] <= b for a, b in regions)}
                for warning in self.warned
            ],
        }
        if outcome.error is not None:
            report = exception_report.report_of(outcome.error, answer.file)
            header["raised"] = exception_report.columns_as_seen(report, answer.lines)
        self.channel.hold(header, parts.buffers)

    def _script(self, number: int) -> Script:
        """A script, compiled when the first case that runs it comes: the judge has others to read."""
        text = self.job["scripts"][number]
        if text not in self.scripts:
            self.scripts[text] = compile_script(text)
        return self.scripts[text]

    def _told(self, value: Value, parts: Payload) -> dict[str, Any]:
        return {
            "kind": value.kind,
            "type": value.type_name,
            "array": None if value.array is None else self._array(value.array, parts),
            "others": {
                name[:200]: self._array(array, parts)
                for name, array in (value.other_attributes or {}).items()
            },
            "is_local_variable": value.is_local_variable,
        }

    def _array(self, array: NDArray[Any], parts: Payload) -> dict[str, Any]:
        if array.nbytes > min(self.job["limits"]["array_bytes"], self.room):
            return {"dtype": dtype_name(array.dtype), "shape": list(array.shape), "at": None}
        self.room -= array.nbytes
        return parts.add(array)

    def _listen_to_warnings(self, answer: Answer) -> None:
        """Keep NumPy's warnings that a line of the answer caused."""

        def heard(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            is_numeric = filename == answer.file and issubclass(category, RuntimeWarning)
            if is_numeric and len(self.warned) < MAX_NUMPY_WARNINGS:
                self.warned.append({"message": str(message)[:500], "line": lineno})

        warnings.simplefilter("always")
        warnings.showwarning = heard


def _seed(seed: int) -> None:
    """An answer that draws random numbers draws the same ones when its verdict is repeated."""
    for name in ("random", "numpy.random"):
        importlib.import_module(name).seed(seed % 2**32)


def _told(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "line": problem.line,
        "column": problem.column,
        "facts": problem.facts,
    }
