"""An answer in a child: runs its classes on the cases of each job and sends the results frame by frame.

Frames of a job, in order (``printed`` and ``output-limit`` may come between any two): ``loaded``; for
each class ``class``, one ``case`` for each case and ``class-end``, or ``class`` alone with its problem;
``end``.
"""

from __future__ import annotations

import importlib
import time
import warnings
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from ...protocol.buffers import Payload, dtype_name, trusted_bytes, trusted_inputs
from ...protocol.script import Script, ScriptValue, compile_script, run_script
from . import exception_report
from .backward_analysis import HELPERS, calls_forward, loops
from .learner_layers import LearnerSource, learner_classes, learner_sources
from .loaded_answer import LoadedAnswer
from .source import AnswerProblem, read_source

if TYPE_CHECKING:
    from ...protocol.frames import (
        AnswerJob,
        ArrayFields,
        CaseFields,
        CaseFrame,
        ClassFrame,
        JudgedClassFields,
        LoadedFrame,
        ValueFields,
    )
    from ..channel import Channel

MAX_NUMPY_WARNINGS = 16
MAX_DEFINES = 100


class AnswerSession:
    """One answer, run on the cases of one job after another."""

    def __init__(self, channel: Channel, job: AnswerJob, payload: bytearray) -> None:
        self.channel = channel
        self.answer: LoadedAnswer | None = None
        self.numpy_warnings: list[tuple[str, int]] = []
        self.scripts: dict[str, Script] = {}
        self.learner_sources: list[LearnerSource] = []
        self.take(job, payload)

    def take(self, job: AnswerJob, payload: bytearray) -> None:
        """Take a job: the first brings the answer's source, a later one is for the same answer.

        Any job may bring layers that the learner wrote earlier; they are used from then on.
        """
        self.job = job
        self.payload = payload
        if "passed" in job:
            self.learner_sources = learner_sources(job, payload)
        self.room = job["limits"]["carried_bytes"]

    def run(self) -> None:
        """Load the answer in a new module, run its classes, send the end."""
        loaded: LoadedFrame = {
            "frame": "loaded",
            "problem": None,
            "guessed_encoding": None,
            "defines": [],
        }
        classes = self.job["classes"]
        try:
            if self.answer is None:
                source = read_source(trusted_bytes(self.job["source"], self.payload))
                self.answer = LoadedAnswer(self.job["name"], source)
            answer = self.answer
            loaded["guessed_encoding"] = answer.source.guessed_encoding
            unanswered = [c["name"] for c in classes if answer.is_unanswered(c)]
            if len(unanswered) < len(classes):
                self._run_module(answer)
            loaded["defines"] = answer.class_names[:MAX_DEFINES]
        except AnswerProblem as problem:
            loaded["problem"], classes = problem.fields(), []
        self.channel.hold(loaded)
        for wanted in classes:
            self._run_class(answer, wanted, wanted["name"] in unanswered)
        self.channel.send({"frame": "end"})

    def _run_module(self, answer: LoadedAnswer) -> None:
        self._collect_numpy_warnings(answer)
        if "random" in answer.source.text:
            _seed(self.job["seed"])
        answer.run()

    def _run_class(
        self, answer: LoadedAnswer, wanted: JudgedClassFields, is_unanswered: bool
    ) -> None:
        name = wanted["name"]
        begin: ClassFrame = {
            "frame": "class",
            "name": name,
            "problem": None,
            "calls_forward": False,
            "loops": False,
        }
        try:
            if is_unanswered:
                raise AnswerProblem("unanswered")
            answer.check_class(wanted)
        except AnswerProblem as problem:
            begin["problem"] = problem.fields()
            self.channel.hold(begin)
            return
        judged = answer.names[name]
        begin["calls_forward"] = calls_forward(judged)
        begin["loops"] = loops(answer.names, judged)
        self.channel.hold(begin)
        regions = answer.region_lines(name)
        given = self._given_names(answer)
        for number, case in enumerate(wanted["cases"]):
            self._run_case(number, case, answer, regions, given | {name: answer.names[name]})
        self.channel.hold({"frame": "class-end"})

    def _given_names(self, answer: LoadedAnswer) -> dict[str, Any]:
        """The level's given classes, from a new run; replaced by the learner's own where the job says so:
        by those of the answer itself, else of an earlier answer that passed.
        """
        names: dict[str, Any] = {"__name__": "given"}
        exec(compile(self.job["given"], "<given>", "exec"), names)
        own = {name: answer.names[name] for name in self.job["own"]}
        return names | learner_classes(self.learner_sources) | own

    def _run_case(
        self,
        number: int,
        case: CaseFields,
        answer: LoadedAnswer,
        regions: list[list[int]],
        names: dict[str, Any],
    ) -> None:
        self.channel.flush()  # the answer may end the process
        self.numpy_warnings.clear()
        inputs = trusted_inputs(case["inputs"], self.payload)
        for name in case.get("read_only", ()):
            if isinstance(inputs[name], np.ndarray):
                inputs[name].flags.writeable = False
        text = self.job["scripts"][case["script"]]
        # Compiled when the first case that runs it comes: the judge is reading the earlier ones.
        script = self.scripts.get(text) or self.scripts.setdefault(text, compile_script(text))
        before = time.perf_counter()
        with np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"):
            outcome = run_script(script, HELPERS | names | inputs, case["returned"], answer.file)
        seconds = time.perf_counter() - before
        parts = Payload()
        header: CaseFrame = {
            "frame": "case",
            "number": number,
            "values": {name: self._value(value, parts) for name, value in outcome.values.items()},
            "inputs_after": {name: self._array(inputs[name], parts) for name in case["guarded"]},
            "overwritten": outcome.overwritten,
            "seconds": seconds,
            "raised": None
            if outcome.error is None
            else exception_report.report_of(outcome.error, answer.file, answer.lines),
            "warned": [
                {
                    "message": message,
                    "line": line,
                    "in_region": any(first <= line <= last for first, last in regions),
                }
                for message, line in self.numpy_warnings
            ],
        }
        self.channel.hold(header, parts.buffers)

    def _value(self, value: ScriptValue, parts: Payload) -> ValueFields:
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

    def _array(self, array: NDArray[Any], parts: Payload) -> ArrayFields:
        if array.nbytes > min(self.job["limits"]["array_bytes"], self.room):
            return {"dtype": dtype_name(array.dtype), "shape": list(array.shape), "at": None}
        self.room -= array.nbytes
        return parts.add(array)

    def _collect_numpy_warnings(self, answer: LoadedAnswer) -> None:
        """Keep message and line of NumPy's warnings that a line of the answer causes."""

        def keep(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            is_numeric = filename == answer.file and issubclass(category, RuntimeWarning)
            if is_numeric and len(self.numpy_warnings) < MAX_NUMPY_WARNINGS:
                self.numpy_warnings.append((str(message)[:500], lineno))

        warnings.simplefilter("always")
        warnings.showwarning = keep


def _seed(seed: int) -> None:
    """An answer that draws random numbers draws the same ones when its verdict is repeated."""
    for name in ("random", "numpy.random"):
        importlib.import_module(name).seed(seed % 2**32)
