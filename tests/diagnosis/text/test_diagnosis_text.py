"""Every part of a message is a whole sentence, and each fact is said once."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support.made_trials import an_error, diagnose, made_arrays, made_trial

from handgrad.diagnosis.case import Received
from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.diagnosis.exposed_mistakes import ExposedMistakes
from handgrad.diagnosis.mistake_matching import MatchedMistakes
from handgrad.diagnosis.mistakes import GENERIC, SIDE_EFFECTS
from handgrad.diagnosis.text.diagnosis_text import diagnosis_text
from handgrad.languages import Text

NAMED = {mistake.name: mistake for mistake in (*GENERIC, *SIDE_EFFECTS)}
LABELS = {name: Text(zh=f"self.{name}", en=f"self.{name}") for name in ("dW", "db")}


def text_of(*trials, mistakes=(), **options):
    return diagnosis_text(diagnose(trials, mistakes), "Layer", LABELS, **options)


def wrong(rng, change, arrays=("dW",)):
    right = {name: rng.uniform(1, 2, size=(3, i + 2)) for i, name in enumerate(arrays)}
    return made_trial(1, right, {name: change(value) for name, value in right.items()})


def test_a_pass_says_what_it_is_worth():
    trial = made_trial(1, {"db": 1.0}, {"db": 1.0})
    assert text_of(trial).en == "Layer passes: all 1 cases are right."
    exposed = ExposedMistakes(("a", "b"), ())
    assert text_of(trial, exposed=exposed).en.endswith(
        "right. These cases would have exposed every one of 2 known mistakes."
    )
    exposed = ExposedMistakes(("a", "b"), ("c",))
    assert "2 of 3 known mistakes" in text_of(trial, exposed=exposed).en


def test_one_cause_stands_in_the_first_line_and_the_place_in_the_last(rng):
    first, last = text_of(wrong(rng, np.negative)).en.split("\n")
    assert first.startswith("Layer: self.dW is wrong. Every entry of dW has the opposite sign. ")
    assert last.startswith(
        "First seen in case 1 (some): self.dW is off by more than 1e-5 in 6 of 6"
    )


def test_several_arrays_with_one_mistake_are_said_in_a_sentence(rng):
    text = text_of(wrong(rng, np.negative, ("dW", "db", "dx")))
    assert text.en.startswith("Layer: self.dW, self.db, dx are wrong. ")
    assert "sign. The same is true of db and dx. backward computes" in text.en
    assert "反了号。db、dx 也是这样。" in text.zh


def test_several_causes_have_a_line_each(rng):
    right = {"dW": rng.uniform(1, 2, size=(3, 2)), "db": rng.uniform(1, 2, size=3)}
    received = {"dW": -right["dW"], "db": Received("tuple", "tuple")}
    lines = text_of(made_trial(1, right, received)).en.split("\n")
    assert lines[0] == "Layer: self.dW, self.db are wrong."
    assert len(lines) == 4


def test_two_mistakes_in_one_array_are_numbered(rng):
    parts = (NAMED["sign-flipped"], NAMED["divided-by-batch"])
    trial = wrong(rng, lambda value: -value / 3)
    diagnosis = Diagnosis(
        "wrong",
        (trial,),
        matches=(MatchedMistakes("dW", parts, are_combined=True),),
        wrong=tuple(made_arrays(trial)),
    )
    text = diagnosis_text(diagnosis, "Layer", LABELS)
    assert "Two mistakes are combined in dW. (1) Every entry of dW" in text.en
    assert " (2) dW is the right result divided by" in text.en


def test_alternatives_and_another_attribute_are_remarked(rng):
    trial = wrong(rng, np.negative)
    match = MatchedMistakes("dW", (NAMED["sign-flipped"], NAMED["all-zeros"]))
    diagnosis = Diagnosis("wrong", (trial,), matches=(match,), wrong=tuple(made_arrays(trial)))
    assert "cannot tell it from all-zeros." in diagnosis_text(diagnosis, "Layer", LABELS).en
    right = rng.normal(size=3)
    elsewhere = Received("missing", "", other_attributes={"grad": right})
    assert (
        "The same array is in self.grad."
        in text_of(made_trial(1, {"db": right}, {"db": elsewhere})).en
    )


def test_what_no_mistake_explains_is_measured(rng):
    text = text_of(wrong(rng, lambda value: value + rng.uniform(1, 2, value.shape)))
    assert "No known mistake explains self.dW. The error occurs in all 1 cases." in text.en


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (Received("missing", ""), "should be an array of shape (3,), and there is none."),
        (Received("object", "list"), "should be an array of shape (3,); received: list."),
        (np.ones((1, 3)), "should have shape (3,); received (1, 3)."),
        (np.ones(3, int), "should hold floating-point numbers; received dtype int"),
        (np.array([1.0, np.nan, 1.0]), "is not finite in 1 of 3 entries, first at [1]."),
        (np.array([1.0, 1.0, 1.5]), "1e-5 in 1 of 3 entries; the largest error, 0.5, is at [2]."),
    ],
)
def test_where_it_was_seen_first(received, said):
    last = text_of(made_trial(1, {"db": np.ones(3)}, {"db": received})).en.split("\n")[-1]
    assert last.startswith("First seen in case 1 (some): self.db ")
    assert said in last


def test_a_side_effect_without_a_wrong_array():
    x = np.ones(2)
    trial = made_trial(1, {"y": x}, {"y": x}, inputs={"x": x}, guarded={"x": "input-changed"})
    trial.observed.inputs_after["x"] = x + 1
    first, second = text_of(trial).en.split("\n")
    assert first == "Layer: the numbers are right, but it modifies something that must not change."
    assert second.startswith("The caller's array x was modified.")


def test_an_exception_comes_first_and_remarks_last():
    trial = made_trial(1, {"y": 1.0}, {}, raised=an_error(message="no"))
    remark = Text(zh="另外。", en="Besides.")
    lines = text_of(trial, remarks=[remark]).en.split("\n")
    assert lines[0].startswith("Layer raised an exception (line 1, case 1: some): ValueError: no.")
    assert lines[-1] == "Besides."


@pytest.mark.parametrize("mistake", NAMED.values(), ids=NAMED)
def test_every_explanation_is_made_of_sentences(mistake):
    words = mistake.explanation
    for text in (words.shows, words.because, words.look_at):
        filled = text.format(array="dW", factor="0.5")
        assert filled.zh.endswith(("。", "？"))
        assert re.match(r"[A-Z]|dW |backward |reshape |x ", filled.en), filled.en
        assert filled.en.endswith((".", "?"))
