"""The small cases that a draft runs on, drawn once for each level, and the job for its process."""

from __future__ import annotations

import threading
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from handgrad.course import JudgedClass, Level
from handgrad.diagnosis.case import Case
from handgrad.judging.prepared_class import run_reference
from handgrad.languages import Text, joined
from handgrad.sandbox.limits import Limits
from handgrad.sandbox.protocol.buffers import Payload
from handgrad.sandbox.protocol.wire import frame

STREAM = 23
"""A random stream of its own, so that no draft sees a judged case."""
DECIMALS = 1
SEMICOLON = Text(zh="；", en="; ")


@dataclass(frozen=True)
class DraftCases:
    """The cases of a level's classes: the part of the job that is the same for every draft.

    Attributes:
        level: the level.
        header: of the job's frame.
        payload: the arrays of the cases.
        sizes_text: the sizes, such as ``B = 4, N = 3``.
    """

    level: Level
    header: dict[str, Any]
    payload: Payload
    sizes_text: Text

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes that a draft must define."""
        return tuple(judged.name for judged in self.level.classes)

    def job(self, source: bytes, limits: Limits) -> bytes:
        """The job for one draft: one frame."""
        place = {"at": self.payload.size, "nbytes": len(source)}
        header = self.header | {"source": place, "limits": limits.for_child()}
        return frame(header, [*self.payload.buffers, source])


_prepared: dict[tuple[str, str], DraftCases] = {}
_preparing = threading.Lock()


def draft_cases(level: Level) -> DraftCases:
    """The level's small cases, drawn once and kept, so that the numbers stay the same while typing."""
    key = (str(level.folder), level.revision)
    with _preparing:
        if key not in _prepared:
            _prepared[key] = _prepare(level)
        return _prepared[key]


def _prepare(level: Level) -> DraftCases:
    payload = Payload()
    classes, sizes = [], {}
    for judged in level.classes:
        case = _short_numbers(_small_case(level, judged))
        classes.append(_class_job(judged, case, payload))
        sizes[judged.name] = _sizes(level, judged, case)
    header = {
        "frame": "draft",
        "name": level.answer_file,
        "given": level.given_source,
        "classes": classes,
    }
    return DraftCases(level, header, payload, _sizes_text(sizes))


def _small_case(level: Level, judged: JudgedClass) -> Case:
    """The level's own case for drafts, else one whose sizes all differ."""
    label = zlib.crc32(level.name.encode())
    rng = np.random.Generator(np.random.PCG64([STREAM, label, STREAM]))
    own = level.draft_case(judged.name, rng)
    if own is not None:
        return own
    cases = level.cases(judged.name, rng)
    different = [case for case in cases if case.kind == "different-sizes"]
    return (different or cases)[0]


def _short_numbers(case: Case) -> Case:
    """The same case with its numbers rounded to one decimal."""
    inputs = {
        name: np.round(value, DECIMALS)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        else value
        for name, value in case.inputs.items()
    }
    return Case(case.kind, case.title, inputs, case.script, case.compared)


def _class_job(judged: JudgedClass, case: Case, payload: Payload) -> dict[str, Any]:
    return {
        "name": judged.name,
        "constructor": list(judged.constructor),
        "methods": {name: list(arguments) for name, arguments in judged.methods.items()},
        "script": case.script,
        "inputs": payload.add_inputs(case.inputs),
    }


def _sizes(level: Level, judged: JudgedClass, case: Case) -> dict[str, int]:
    """The values of B, N, M, … in a case, from the shapes of the reference's arrays."""
    outcome = run_reference(level, case)
    sizes: dict[str, int] = {}
    for name, declared in judged.arrays.items():
        value = outcome.values.get(name)
        array = None if value is None else value.array
        if array is not None and array.ndim == len(declared.axes):
            sizes |= dict(zip(declared.axes, array.shape, strict=True))
    return sizes


def _sizes_text(sizes: dict[str, dict[str, int]]) -> Text:
    """``B = 4, N = 3, M = 5``; one class after the other where they differ."""
    by_class = {
        name: ", ".join(f"{axis} = {ours[axis]}" for axis in sorted(ours, key=_axis_order))
        for name, ours in sizes.items()
    }
    if len(set(by_class.values())) == 1:
        text = next(iter(by_class.values()))
        return Text(zh=text.replace(", ", "，"), en=text)
    each = [
        Text(zh=f"{name}：{text.replace(', ', '，')}", en=f"{name}: {text}")
        for name, text in by_class.items()
        if text
    ]
    return joined(each, SEMICOLON)


def _axis_order(axis: str) -> tuple[int, str]:
    """The batch first, then the inputs, the hidden sizes, the outputs."""
    return {"B": 0, "N": 1, "M": 3}.get(axis, 2), axis
