"""scikit-learn's own checks of an estimator, and what they do not look at."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.exceptions import SkipTestWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator
from support.messages import raises

from handgrad.errors import OptimizerError, SettingError
from handgrad.training.datasets import digits
from handgrad.training.estimators import MLPClassifier, MLPRegressor


@pytest.mark.parametrize("make", [MLPClassifier, MLPRegressor])
def test_scikit_learn_s_own_checks_pass(make):
    with warnings.catch_warnings():
        # checks of pandas and of other libraries' arrays are left out where they are missing
        warnings.simplefilter("ignore", SkipTestWarning)
        results = check_estimator(make(), on_fail=None)
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert not failed
    assert sum(r["status"] == "passed" for r in results) > 35


def test_in_a_pipeline_a_grid_and_a_cross_validation():
    data = digits()
    x, t = data.x[:400], np.array([f"digit {k}" for k in data.t[:400]])
    model = MLPClassifier((30,), epochs=50, batch_size=32, random_state=0)
    assert cross_val_score(model, x, t, cv=3).mean() > 0.8
    grid = GridSearchCV(
        make_pipeline(StandardScaler(), model),
        {"mlpclassifier__optimizer": ["adam", "sgd"]},
        cv=2,
    ).fit(x, t)
    assert grid.best_params_ == {"mlpclassifier__optimizer": "adam"}
    assert grid.predict(x)[0].startswith("digit ")


def test_repeatable_and_pickled(rng):
    x, t = rng.normal(size=(60, 4)), rng.normal(size=(60, 2))
    model = MLPRegressor((8,), epochs=5, random_state=3).fit(x, t)
    np.testing.assert_array_equal(clone(model).fit(x, t).predict(x), model.predict(x))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(x), model.predict(x))
    assert model.predict(x).shape == (60, 2)
    assert MLPRegressor((8,), epochs=5).fit(x, t[:, 0]).predict(x).shape == (60,)
    assert MLPClassifier((8,), epochs=2).fit(x, t[:, 0] > 0).network_.parameters.dtype == np.float64
    single = MLPClassifier((8,), epochs=2).fit(x.astype(np.float32), t[:, 0] > 0)
    assert single.predict_proba(x).dtype == np.float32
    assert single.predict_proba(x).sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_early_stopping_and_weight_decay(rng):
    x, t = rng.normal(size=(80, 4)), rng.integers(2, size=80)
    model = MLPClassifier((50,), validation=0.25, patience=3, learning_rate=0.02, random_state=0)
    assert model.fit(x, t).n_iter_ < 200
    small = MLPClassifier(
        (50,), epochs=60, learning_rate=0.01, weight_decay=1.0, random_state=0
    ).fit(x, t)
    large = MLPClassifier((50,), epochs=60, learning_rate=0.01, random_state=0).fit(x, t)
    norms = [np.linalg.norm(m.network_.parameters) for m in (small, large)]
    assert norms[0] < 0.7 * norms[1]


def test_settings_that_are_none(rng):
    x, t = rng.normal(size=(10, 4)), rng.integers(2, size=10)
    with raises(OptimizerError, "'adma'", "adam"):
        MLPClassifier(optimizer="adma").fit(x, t)
    with raises(SettingError, "schedule", "'x'"):
        MLPClassifier(schedule="x").fit(x, t)
    with raises(SettingError, "activation", "'tanh'"):
        MLPRegressor(activation="tanh").fit(x, t)
