"""A mistake predicts what the answers planted for it give, and never what is right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from support.running import arrays, classes_of, classes_with_cases, run

from handgrad.course import Level, PlantedAnswer, load_course
from handgrad.diagnosis.array_difference import compare, reproduces
from handgrad.diagnosis.case import Array, Observation, Received, Trial
from handgrad.diagnosis.mistakes import GENERIC, SIDE_EFFECTS, Fit, Mistake

LEVELS = load_course().levels
CLASSES = list(classes_with_cases(LEVELS))
OWN = [(level, name, mistake) for level, name in CLASSES for mistake in level.mistakes]
PREDICTED = [own for own in OWN if own[2].recognise is None]


def label(level: Level, name: str, mistake: Mistake) -> str:
    return f"{name}-{mistake.name}-{level.mistakes.index(mistake)}"


EACH_PREDICTION = pytest.mark.parametrize(
    ("level", "name", "mistake"), PREDICTED, ids=[label(*own) for own in PREDICTED]
)


def trials(level: Level, name: str, rng: np.random.Generator) -> list[Trial]:
    """A trial for each case that can make a verdict wrong, with nothing observed."""
    cases = level.cases(name, np.random.default_rng(rng.integers(2**31)))
    return [
        Trial(case, number, arrays(case, level.reference), Observation({}))
        for number, case in enumerate(cases, start=1)
        if case.warning is None
    ]


def predicted(mistake: Mistake, trial: Trial, array: str) -> Array | Exception | None:
    """What the mistake gives, for a fitted one with a factor of its own choosing: 0.3."""
    try:
        with np.errstate(all="ignore"):
            if mistake.fit is not None:
                fit = mistake.fit(trial, array)
                return None if fit is None else fit.base + 0.3 * fit.direction
            return mistake.predicted(trial, array)
    except Exception as error:
        return error


def differs(what: Array | Exception | None, trial: Trial, array: str) -> bool:
    if what is None or isinstance(what, Exception):
        return isinstance(what, Exception)
    return compare(Received.of(np.asarray(what)), trial.expected[array]) is not None


@EACH_PREDICTION
def test_a_mistake_is_exposed_by_the_cases_of_its_class(
    level: Level, name: str, mistake: Mistake, rng: np.random.Generator
) -> None:
    """Every array that it is about differs from the reference somewhere, or it is of another class."""
    seen = trials(level, name, rng)
    judged = level.judged_class(name)
    assert judged is not None
    said = {
        array: [predicted(mistake, trial, array) for trial in seen]
        for array in judged.arrays
        if mistake.is_about(array)
    }
    if len(level.classes) > 1 and all(what is None for many in said.values() for what in many):
        others = [other for other in level.classes if other.name != name]
        assert any(
            predicted(mistake, trial, array) is not None
            for other in others
            for trial in trials(level, other.name, rng)
            for array in said
        )
        return
    exposed = {
        array: any(differs(what, trial, array) for what, trial in zip(many, seen, strict=True))
        for array, many in said.items()
    }
    assert any(exposed.values()), exposed


@EACH_PREDICTION
def test_what_a_mistake_predicts_is_made_of_finite_numbers(
    level: Level, name: str, mistake: Mistake, rng: np.random.Generator
) -> None:
    for trial in trials(level, name, rng):
        for array in trial.case.compared:
            if mistake.is_about(array):
                what = predicted(mistake, trial, array)
                if what is not None and not isinstance(what, Exception):
                    assert np.asarray(what).dtype.kind in "fiub"
                    assert np.isfinite(np.asarray(what, np.float64)).all()


def planted_for_predictions() -> Iterator[tuple[Level, str, PlantedAnswer]]:
    for level in LEVELS:
        own = {mistake.name for mistake in level.mistakes}
        for answer in level.wrong_answers:
            if own & {name for _, name in answer.mistakes}:
                yield level, answer.class_name or level.classes[0].name, answer


PLANTED = list(planted_for_predictions())


@pytest.mark.parametrize(
    ("level", "name", "answer"),
    PLANTED,
    ids=[f"{level.name}-{answer.path.stem}" for level, _, answer in PLANTED],
)
def test_a_planted_answer_gives_what_its_mistakes_predict(
    level: Level, name: str, answer: PlantedAnswer, rng: np.random.Generator
) -> None:
    """Array by array in every case; where the answer raises, the mistake raises too."""
    classes = classes_of(answer.source, level)
    observed = [observe(trial, run_names(trial, classes)) for trial in trials(level, name, rng)]
    arrays = [array for array, _ in answer.mistakes]
    for array, mistake_name in answer.mistakes:
        if arrays.count(array) > 1:
            continue  # two that met: neither alone predicts the array
        catalogue = (*level.mistakes, *GENERIC)
        entries = [one for one in catalogue if one.name == mistake_name and one.is_about(array)]
        arrived = [trial for trial in observed if array in trial.observed.values]
        if not entries or not arrived:
            continue  # a side effect: no array of the script
        assert any(explains(entry, array, arrived) for entry in entries), (array, mistake_name)


def run_names(trial: Trial, classes: dict[str, object]) -> dict[str, Received]:
    outcome = run(trial.case, classes)
    return {
        name: Received(
            kind=value.kind,  # type: ignore[arg-type]
            type_name=value.type_name,
            array=value.array,
            other_attributes=value.other_attributes or {},
            is_local_variable=value.is_local_variable,
        )
        for name, value in outcome.values.items()
    }


def observe(trial: Trial, values: dict[str, Received]) -> Trial:
    return Trial(trial.case, trial.number, trial.expected, Observation(values))


def explains(entry: Mistake, array: str, arrived: list[Trial]) -> bool:
    wrong = [t for t in arrived if compare(t.observed.values[array], t.expected[array])]
    if entry.recognise is not None:
        return all(entry.recognise(t, array, t.observed.values[array]) for t in wrong)
    if entry.fit is not None:
        return bool(wrong) and fits(entry, array, arrived)
    return bool(wrong) and all(meets(entry, array, trial) for trial in arrived)


def meets(entry: Mistake, array: str, trial: Trial) -> bool:
    what = predicted(entry, trial, array)
    received = trial.observed.values[array]
    if what is None:
        return compare(received, trial.expected[array]) is None
    return not isinstance(what, Exception) and reproduces(received, np.asarray(what))


def fits(entry: Mistake, array: str, arrived: list[Trial]) -> bool:
    assert entry.fit is not None
    pairs: list[tuple[Fit, Array]] = []
    for trial in arrived:
        fit, received = entry.fit(trial, array), trial.observed.values[array].array
        if fit is not None and received is not None:
            pairs.append((fit, received))
    direction = np.concatenate([fit.direction.ravel() for fit, _ in pairs])
    residual = np.concatenate([(received - fit.base).ravel() for fit, received in pairs])
    factor = float(direction @ residual / (direction @ direction))
    return abs(factor) > 1e-3 and float(np.abs(residual - factor * direction).max()) < 1e-9


@pytest.mark.parametrize(
    ("level", "name"), CLASSES, ids=[f"{level.name}-{name}" for level, name in CLASSES]
)
def test_no_two_mistakes_give_the_same_arrays(
    level: Level, name: str, rng: np.random.Generator
) -> None:
    """Any two that share a class and an array are told apart by the cases, or are one mistake."""
    seen = trials(level, name, rng)
    said: dict[str, list[bytes]] = {}
    for mistake in level.mistakes:
        if mistake.recognise is None:
            told = [fingerprint(mistake, trial) for trial in seen]
            if any(told):
                said[label(level, mistake.name, mistake)] = told
    assert len(said) > 5
    names = list(said)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            assert said[first] != said[second], (first, second)


def fingerprint(mistake: Mistake, trial: Trial) -> bytes:
    told = b""
    for array in trial.case.compared:
        if mistake.is_about(array):
            what = predicted(mistake, trial, array)
            if isinstance(what, Exception):
                told += b"raises "
            elif what is not None:
                told += array.encode() + str(np.shape(what)).encode()
                told += np.round(np.asarray(what, np.float64), 6).tobytes()
    return told


@pytest.mark.parametrize("level", LEVELS, ids=[level.name for level in LEVELS])
def test_explanations_are_whole_in_both_languages(level: Level) -> None:
    for mistake in level.mistakes:
        words = mistake.explanation
        for text in (words.shows, words.because, words.look_at):
            told = text.format(array="dW", factor="0.5")
            assert told.zh.endswith(("。", "？")), told.zh
            assert told.en.endswith((".", "?")), told.en
            assert "{" not in told.zh + told.en


@pytest.mark.parametrize("level", LEVELS, ids=[level.name for level in LEVELS])
def test_what_a_level_refines_exists(level: Level) -> None:
    known = {entry.name for entry in (*GENERIC, *SIDE_EFFECTS, *level.mistakes)}
    for mistake in level.mistakes:
        assert set(mistake.refines) <= known, mistake.name
