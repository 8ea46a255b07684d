"""From a class to what its verdict says: named mistakes, side effects, warnings, and no accusation without proof."""

from __future__ import annotations

import pytest
from support.made_trials import diagnose
from support.trials import trials

from handgrad.course import load_course
from handgrad.diagnosis.text.diagnosis_text import diagnosis_text

LAYER = """
class FullyConnected:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None
    def forward(self, x):
        self.shape = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W + self.b
    def backward(self, dout):
        self.dW = {dW}
        self.db = {db}
        dx = {dx}
        {then}
        return dx
"""
RIGHT = {
    "dW": "self.x.T @ dout",
    "db": "dout.sum(0)",
    "dx": "(dout @ self.W.T).reshape(self.shape)",
    "then": "pass",
}


def examined(rng, **changes):
    level = load_course().level("fully-connected")
    made = trials("fully-connected", "FullyConnected", LAYER.format(**(RIGHT | changes)), rng)
    return diagnose(made, level.mistakes)


def named(diagnosis):
    return {f.array: f.mistakes[0].name for f in diagnosis.matches} | {
        array: mistake.name for mistake, array in diagnosis.side_effects
    }


def test_a_right_layer_passes_without_a_word(rng):
    diagnosis = examined(rng)
    assert (diagnosis.verdict, diagnosis.warnings, diagnosis.matches) == ("pass", (), ())


@pytest.mark.parametrize(
    ("changes", "mistakes"),
    [
        ({"db": "dout"}, {"db": "db-not-summed"}),
        ({"db": "dout.mean(0)"}, {"db": "db-mean"}),
        ({"db": "-dout.sum(0)"}, {"db": "sign-flipped"}),
        ({"db": "3.5 * dout.sum(0)"}, {"db": "times-constant"}),
        ({"db": "dout.sum(0)[None]"}, {"db": "db-keepdims"}),
        ({"db": "list(dout.sum(0))"}, {"db": "not-an-array"}),
        ({"dW": "self.x.T @ dout / len(dout)"}, {"dW": "divided-by-batch"}),
        ({"dW": "(self.x.T @ dout).T"}, {"dW": "dw-transposed"}),
        ({"dW": "(self.x.T @ dout).astype(np.float16)"}, {"dW": "low-precision"}),
        ({"dW": "None"}, {"dW": "dw-forgotten"}),
        (
            {"dW": "self.x.T @ dout + (0 if self.dW is None else self.dW)"},
            {"dW": "accumulates-over-calls"},
        ),
        ({"dW": "self.x @ dout"}, {"dW": "dw-missing-transpose"}),
        ({"dx": "dout @ self.W.T"}, {"dx": "dx-not-reshaped"}),
        ({"dx": "None"}, {"dx": "returns-nothing"}),
        ({"then": "self.W -= 0.1 * self.dW"}, {"W": "parameters-changed"}),
        ({"then": "self.x += 1"}, {"x": "input-changed"}),
        ({"db": "dout", "dW": "dout.T @ self.x"}, {"db": "db-not-summed", "dW": "dw-transposed"}),
        (
            {"db": "dout.sum(0) / len(dout)", "dx": "dout"},
            {"db": "db-mean", "dx": "dx-skips-weights"},
        ),
    ],
    ids=str,
)
def test_known_mistakes_are_named(rng, changes, mistakes):
    diagnosis = examined(rng, **changes)
    assert diagnosis.verdict in ("wrong", "error")
    assert named(diagnosis) == mistakes


@pytest.mark.parametrize(
    "changes",
    [
        {"db": "dout.sum(0) + 0.3"},
        {"db": "dout.sum(0) * (1 + 1e-3 * self.x[0, 0])"},
        {"dW": "self.x.T @ dout + 0.01 * self.W"},
        {"dx": "(dout @ self.W.T).reshape(self.shape) ** 2"},
        {"dW": "self.x.T @ np.tanh(dout)"},
    ],
    ids=str,
)
def test_what_no_entry_explains_is_accused_of_nothing(rng, changes):
    diagnosis = examined(rng, **changes)
    assert diagnosis.verdict == "wrong"
    assert named(diagnosis) == {}
    text = diagnosis_text(diagnosis, "FullyConnected", {})
    is_measured = not diagnosis.computed
    assert ("No known mistake" in text.en) is is_measured
    assert ("与已知错误都对不上" in text.zh) is is_measured
    assert ("is exactly" in text.en) is not is_measured


def test_a_fitted_constant_is_reported(rng):
    [match] = examined(rng, db="0.25 * dout.sum(0)").matches
    assert match.factor == pytest.approx(0.25, abs=1e-9)
    assert match.named()[0].factor == match.factor


def test_warnings_only_on_a_pass(rng):
    assert examined(rng, then="dout *= 0").warnings == ("dout-changed",)
    wrong = examined(rng, then="dout *= 0", db="dout.sum(1)")
    assert wrong.verdict == "wrong"
    assert wrong.warnings == ()


def test_a_second_backward_that_differs_is_a_warning(rng):
    diagnosis = examined(rng, then="self.x = self.x * 2")
    assert (diagnosis.verdict, diagnosis.warnings) == ("pass", ("second-backward-differs",))


def test_right_where_it_is_right_is_said(rng):
    text = diagnosis_text(examined(rng, db="dout[0]"), "FullyConnected", {}).en
    assert "right for B = 1" in text or "first" in text.lower()


def test_predictions_that_overflow_or_raise_break_nothing(rng):
    diagnosis = examined(rng, db="np.full(self.b.shape, 1e308)", dW="np.full(self.W.shape, np.inf)")
    assert named(diagnosis) == {"dW": "not-finite"}


def test_an_array_of_millions_is_told_by_its_shape(rng):
    diagnosis = examined(rng, db="np.broadcast_to(1.0, (2000, 2000))")
    assert named(diagnosis) == {"db": "wrong-shape"}


def test_one_cause_is_told_once(rng):
    level = load_course().level("three-layer-network")
    source = level.solution.replace("self.loss.backward()", "np.ones_like(self.z3)")
    made = trials("three-layer-network", "ThreeLayerNetwork", level.given_source + source, rng)
    diagnosis = diagnose(made, level.mistakes)
    assert len(diagnosis.matches) > 3
    text = diagnosis_text(diagnosis, "ThreeLayerNetwork", {})
    for language in ("zh", "en"):
        explained = diagnosis.matches[0].mistakes[0].explanation.because[language]
        assert text[language].count(explained) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_sentence_says_which_array(rng, language):
    level = load_course().level("fully-connected")
    labels = {name: array.label for name, array in level.classes[0].arrays.items()}
    text = diagnosis_text(examined(rng, db="dout"), "FullyConnected", labels)[language]
    assert "self.db" in text.split("\n")[0]
    assert "{" not in text
