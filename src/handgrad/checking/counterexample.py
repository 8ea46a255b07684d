"""A counterexample for pencil and paper: the smallest case that still fails, and fails alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from handgrad.checking.case import Array, Case, Received, Trial
from handgrad.checking.compare import compare, reproduces
from handgrad.checking.comparison import Comparison
from handgrad.checking.contract import WARNINGS, side_effects
from handgrad.checking.diagnosis import Finding
from handgrad.checking.evidence import Sighting, sightings
from handgrad.checking.examine import Examination
from handgrad.checking.mistakes import GENERIC, Mistake

DIGITS = 6
"""Significant digits of a number that is shown."""


@dataclass(frozen=True)
class Counterexample:
    """The smallest trial that fails as the large ones do.

    Attributes:
        trial: the case, what is right and what came.
        wrong: its wrong arrays; empty where it raised or only a side effect shows.
    """

    trial: Trial
    wrong: tuple[Sighting, ...]

    @property
    def sizes(self) -> dict[str, int]:
        """B, N and M where there are weights; else the batch and the entries of a sample."""
        inputs = self.trial.case.inputs
        weights = inputs.get("W", inputs.get("W1", 0))
        sizes = {"B": self.trial.case.batch_size or len(inputs["x"])}
        if np.ndim(weights) == 2:
            last = max((n for n in inputs if n.startswith("W") and n[1:].isdigit()), default="W")
            return sizes | {"N": len(weights), "M": int(np.shape(inputs[last])[1])}
        return sizes | {"N": int(np.size(inputs["x"]) // max(1, sizes["B"]))}

    @property
    def layouts(self) -> dict[str, str]:
        """Inputs that do not lie in memory row after row, and how they do."""
        layouts = {name: layout_of(value) for name, value in self.trial.case.inputs.items()}
        return {name: layout for name, layout in layouts.items() if layout is not None}

    @property
    def changed(self) -> dict[str, Array]:
        """Inputs and parameters that are not any more what they were, as they are afterwards."""
        case, observed = self.trial.case, self.trial.observed
        changed = {}
        for effect, array in side_effects(self.trial):
            if effect in WARNINGS:
                continue
            later = next((n for n in case.kept if n.partition("_")[0] == array), None)
            kept = observed.values.get(later) if later else None
            value = observed.inputs_after.get(array)
            if kept is not None and kept.array is not None:
                value = kept.array
            if value is not None:
                changed[array] = value
        return changed

    def to_json(self, *, graded: bool = False) -> dict[str, Any]:
        """Plain JSON; nothing that is expected when graded."""
        raised = self.trial.observed.raised
        told = {
            "sizes": self.sizes,
            "inputs": {name: as_plain(v) for name, v in self.trial.case.inputs.items()},
            "layouts": self.layouts,
            "received": {s.array: _received(s) for s in self.wrong},
            "expected": {s.array: _expected(s) for s in self.wrong},
            "dtypes": dict(filter(None, map(_odd_dtype, self.wrong))),
            "changed": {name: as_plain(value) for name, value in self.changed.items()},
            "steps": _steps(self.trial.case),
            "raised": raised and f"{raised.type_name}: {raised.message}"[:300],
        }
        if graded:
            del told["expected"]
        return told


def layout_of(value: Any) -> str | None:
    """How an array lies in memory: ``column-major``, ``reversed``, ``strided``; None row after row.

    >>> layout_of(np.ones((2, 2))), layout_of(np.ones((2, 2)).T), layout_of(np.ones((2, 4))[:, ::2])
    (None, 'column-major', 'strided')
    """
    if not isinstance(value, np.ndarray) or value.flags.c_contiguous:
        return None
    if value.flags.f_contiguous:
        return "column-major"
    return "reversed" if value.strides[0] < 0 else "strided"


def as_plain(value: Any, digits: int = DIGITS) -> Any:
    """An array as nested lists: whole numbers as such, others with six digits or as many as asked for.

    >>> as_plain(np.array([[1.0, 0.12345678], [np.nan, 2.5]]))
    [[1, 0.123457], ['nan', 2.5]]
    """
    if isinstance(value, np.ndarray):
        return as_plain(value.tolist(), digits)
    if isinstance(value, (list, tuple)):
        return [as_plain(one, digits) for one in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.number)):
        number = float(value)
        if not math.isfinite(number):
            return str(number)
        return int(number) if number.is_integer() else float(f"{number:.{digits}g}")
    return str(value)


MOST_SHOWN = 64
MANY_DIGITS = 12


def _received(sighting: Sighting) -> Any:
    """What came: numbers; or in a word what it is instead. None where there was nothing at all."""
    received = sighting.received
    if received.array is not None:
        if received.array.size > MOST_SHOWN:
            return f"array of shape {received.array.shape}"
        return as_plain(received.array, _digits(sighting))
    return {"missing": None, "nothing": "None"}.get(received.kind, received.type_name)


def _expected(sighting: Sighting) -> Any:
    return as_plain(np.asarray(sighting.trial.expected[sighting.array]), _digits(sighting))


def _digits(sighting: Sighting) -> int:
    """So many that what differs looks different."""
    received, expected = sighting.received.array, sighting.trial.expected[sighting.array]
    return MANY_DIGITS if as_plain(received) == as_plain(np.asarray(expected)) else DIGITS


def _odd_dtype(sighting: Sighting) -> tuple[str, str] | None:
    """An array whose type is part of what is wrong with it, and that type."""
    array = sighting.received.array
    if array is None or (array.dtype.kind == "f" and array.dtype.itemsize >= 4):
        return None
    return sighting.array, str(array.dtype)


def that_may_fail(small: Sequence[Trial], shown: Comparison | Examination) -> list[int]:
    """The places of the small trials that may fail as the large ones did, the smallest first.

    What fails in one call needs no second one, and what fails for a matrix needs no more axes.
    """
    failing = [sighting.trial for sighting in shown.wrong]
    failing += [] if shown.raised_in is None else [shown.raised_in]
    by_number = {trial.number: trial for trial in failing}
    kinds = {(t.case.situation, np.ndim(t.case.inputs["x"])) for t in by_number.values()}
    if any(situation == "one-call" for situation, _ in kinds):
        kinds = {kind for kind in kinds if kind[0] == "one-call"}
    situations = {situation for situation, _ in kinds}
    fewest = min((axes for _, axes in kinds), default=0)

    def may_fail(trial: Trial) -> bool:
        if not kinds or shown.side_effects:
            return True
        axes = np.ndim(trial.case.inputs["x"])
        return trial.case.situation in situations and (axes <= 2 if fewest <= 2 else axes > 2)

    order = [place for place in range(len(small)) if may_fail(small[place])]
    return sorted(order, key=lambda place: _entries(small[place]))


def worth_trying(
    places: Sequence[int],
    small: Sequence[Trial],
    examination: Examination,
    level_mistakes: Iterable[Mistake],
) -> list[int]:
    """Those of the places of small trials in which an answer is to be looked at, the best first.

    For a mistake that is known it can be said beforehand where it shows: first the smallest trial in
    which it gives something wrong that no other known mistake gives. For anything else all of them
    are worth a try.
    """
    precise = [f for f in examination.findings if not f.mistakes[0].is_last_resort]
    predicted = [f for f in precise if f.together or f.mistakes[0].predicts]
    chosen: list[int] = []
    others = [entry for entry in (*level_mistakes, *GENERIC) if entry.predicts]
    with np.errstate(all="ignore"):
        shows_all = (p for p in places if all(_tells(f, small[p], others) for f in predicted))
        best = next(shows_all, None) if len(predicted) > 1 else None
        if best is not None:
            chosen.append(best)
        for finding in predicted[:2] if best is None else ():
            shown = [place for place in places if _would_show(finding, small[place])]
            telling = (p for p in shown if _tells(finding, small[p], others))
            best = next(telling, shown[0] if shown else None)
            if best is not None and best not in chosen:
                chosen.append(best)
    is_all = len(predicted) == len(examination.findings) and not examination.computed
    if chosen and is_all and not examination.side_effects:
        return chosen
    return [*chosen, *(place for place in places if place not in chosen)]


def _entries(trial: Trial) -> tuple[int, int]:
    of_x = sum(int(np.size(v)) for name, v in trial.case.inputs.items() if name.startswith("x"))
    return of_x, sum(int(np.size(value)) for value in trial.case.inputs.values())


def _would_show(finding: Finding, trial: Trial) -> bool:
    said = finding.predicted(trial)
    if said is None or isinstance(said, Exception):
        return False
    return compare(Received.of(said), trial.expected[finding.array]) is not None


def _tells(finding: Finding, trial: Trial, others: Sequence[Mistake]) -> bool:
    """Whether a mistake shows here and gives what no other known one does."""
    return _would_show(finding, trial) and not _rivals(finding, trial, others)


def _rivals(finding: Finding, trial: Trial, others: Sequence[Mistake]) -> list[str]:
    """Other known mistakes that would give the same here; of two that met, each alone."""
    said = finding.predicted(trial)
    names = {entry.name for entry in finding.mistakes}
    names |= {name for entry in finding.mistakes for name in entry.refines}
    rivals = [
        part.name
        for part in (finding.mistakes if finding.together else ())
        if _are_alike(said, Finding(finding.array, (part,), finding.factor).predicted(trial))
    ]
    for entry in others:
        if entry.name in names or not entry.is_about(finding.array):
            continue
        parts = (entry, *finding.mistakes[1:]) if finding.together else (entry,)
        alone = Finding(finding.array, parts, finding.factor, together=finding.together)
        if _are_alike(said, alone.predicted(trial)):
            rivals.append(entry.name)
    return rivals


def _are_alike(said: Array | Exception | None, other: Array | Exception | None) -> bool:
    if not isinstance(said, np.ndarray) or not isinstance(other, np.ndarray):
        return False
    return reproduces(Received.of(other), said)


def smallest(trials: Iterable[Trial], examination: Examination) -> Counterexample | None:
    """The first of the small trials that fails in the same way, else the first that fails at all.

    In the same way: its wrong arrays are those of the large trials, and what was found out about
    them holds; or it raises the same exception, or changes what must not be changed. Of the first
    `ENOUGH` the one that shows the most wrong arrays.
    """
    arrays = {sighting.array for sighting in examination.wrong}
    first: Counterexample | None = None
    alike: Counterexample | None = None
    most = -1
    for number, trial in enumerate(trials, start=1):
        one = _failure(trial)
        if one is not None:
            first = first or one
            shown = sum(sighting.array in arrays for sighting in one.wrong)
            if shown > most and _is_alike(one, examination):
                alike, most = one, shown
        if most == len(arrays) or (number >= ENOUGH and first is not None):
            break
    return alike or first


ENOUGH = 6
"""Small trials that are looked at, though one has failed already."""


def _failure(trial: Trial) -> Counterexample | None:
    wrong = tuple(sighting for sighting in sightings([trial]) if sighting.is_wrong)
    changed = any(name not in WARNINGS for name, _ in side_effects(trial))
    if wrong or changed or trial.observed.raised is not None:
        return Counterexample(trial, wrong)
    return None


def _is_alike(one: Counterexample, examination: Examination) -> bool:
    effects = {(name, array) for name, array in side_effects(one.trial) if name not in WARNINGS}
    if {(mistake.name, array) for mistake, array in examination.side_effects} & effects:
        return True
    raised = one.trial.observed.raised
    arrays = {sighting.array for sighting in examination.wrong}
    if not arrays:
        return raised is not None and examination.raised is not None
    if not any(sighting.array in arrays for sighting in one.wrong):
        return False
    return all(_holds(sighting, examination) for sighting in one.wrong)


def _holds(sighting: Sighting, examination: Examination) -> bool:
    """Whether what was found out about an array holds for it in one more trial."""
    for finding in examination.findings:
        if finding.array == sighting.array:
            return finding.agrees_with(sighting)
    if sighting.array in examination.computed:
        return examination.computed[sighting.array].reproduces(sighting)
    reasons = {
        wrong.difference.reason
        for wrong in examination.wrong
        if wrong.array == sighting.array and wrong.difference is not None
    }
    return sighting.difference is not None and (
        not reasons or sighting.difference.reason in reasons
    )


def script_of(
    counterexample: Counterexample, class_name: str, given: str = "", *, graded: bool = False
) -> str:
    """A Python program that shows the failure with NumPy alone: ``python FILE answer.py``.

    It ends with 1 where it does.
    """
    case, wrong = counterexample.trial.case, counterexample.wrong
    lines = [
        '"""A counterexample: python counterexample.py answer.py"""',
        "import sys",
        "",
        "import numpy as np",
        "",
        *([given.strip(), ""] if given else []),
        *LOADING,
        f'{class_name} = names["{class_name}"]',
        "",
        *(f"{name} = {_literal(value)}" for name, value in case.inputs.items()),
        "",
        *_steps(case),
        "",
        "differs = False",
    ]
    for sighting in wrong:
        right = None if graded else np.asarray(counterexample.trial.expected[sighting.array])
        lines += _compared(sighting.array, right)
    for name in counterexample.changed:
        lines += _unchanged(name, case)
    return "\n".join([*lines, "sys.exit(differs)"]) + "\n"


LOADING = """\
path = sys.argv[1] if len(sys.argv) > 1 else "answer.py"
with open(path, "rb") as file:
    source = file.read()
for encoding in ("utf-8-sig", "utf-16", "gb18030"):
    try:
        text = source.decode(encoding)
        break
    except UnicodeError:
        pass
names = {"__name__": "answer"}
exec(compile(text, path, "exec"), names)\
""".splitlines()


def _compared(array: str, right: Array | None) -> list[str]:
    """Lines that print an array, and what it should be where that may be told."""
    lines = [
        f'print("{array} received:", getattr({array}, "shape", type({array})))',
        f"print({array})",
    ]
    if right is None:
        return [*lines, "differs = True"]
    return [
        *lines,
        f"right = {_literal(right)}",
        f'print("{array} expected:", right.shape)',
        "print(right)",
        f"if getattr({array}, 'shape', None) != right.shape or getattr({array}, 'dtype', right.dtype).kind != 'f':",
        "    differs = True",
        f"elif not np.allclose({array}, right, rtol=0, atol=1e-5):",
        "    differs = True",
    ]


def _unchanged(name: str, case: Case) -> list[str]:
    """Lines that compare an input or a parameter with what was given."""
    reading = (line.split(" = ", 1) for line in case.script.splitlines() if " = " in line)
    where = next((code for target, code in reading if target == f"{name}_after"), name)
    return [
        f"given = {_literal(case.inputs[name])}",
        f'print("{name} given:")',
        "print(given)",
        f'print("{name} afterwards:")',
        f"print({where})",
        f"differs = differs or not np.array_equal({where}, given)",
    ]


def _steps(case: Case) -> list[str]:
    """The lines of the script, without those that read a parameter for the judge alone."""
    watching = ("_before", "_after")
    lines = case.script.splitlines()
    return [line for line in lines if line and not line.split(" = ")[0].endswith(watching)]


def _literal(value: Any) -> str:
    if not isinstance(value, np.ndarray):
        return repr(value)
    dtype = "" if value.dtype == np.float64 else f", dtype=np.{value.dtype}"
    layout = layout_of(value)
    if layout == "reversed":
        return f"np.array({value[::-1].tolist()!r}{dtype})[::-1]"
    written = f"np.array({value.tolist()!r}{dtype})"
    return {
        None: written,
        "column-major": f"np.asfortranarray({written})",
        "strided": f"np.repeat({written}, 2, axis=-1)[..., ::2]",
    }[layout]
