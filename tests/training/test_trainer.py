"""The loop by itself; `test_fitting` and `test_resuming` test it through `fit`."""

from __future__ import annotations

import numpy as np
import pytest
from support.training import classification, classifier

from handgrad.optimizers import SGD, Adam
from handgrad.training.progress import SilentWatcher
from handgrad.training.schedules import Constant, Linear
from handgrad.training.trainer import Trainer, TrainingData, TrainingSettings


def trainer(rng, path=None, schedule=None, count=25):
    data = TrainingData(*classification(rng, count))
    settings = TrainingSettings(2, 10, schedule or Constant(), None, 5)
    return Trainer(classifier(), Adam(0.01), data, None, settings, path, 30.0)


def test_each_sample_is_used_once_in_each_epoch(rng):
    run, seen = trainer(rng), []
    step = run.network.train_step

    def counted(x, t, optimizer):
        seen.append(x.copy())
        return step(x, t, optimizer)

    run.network.train_step = counted
    run.run(SilentWatcher())
    assert [len(x) for x in seen] == [10, 10, 5] * 2
    first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
    for rows in (first, second):
        np.testing.assert_array_equal(np.sort(rows, axis=0), np.sort(run.train.x, axis=0))
    assert (first != second).any()


def test_the_learning_rate_follows_the_schedule_and_is_put_back(rng):
    run = trainer(rng, schedule=Linear())
    history = run.run(SilentWatcher())
    assert [epoch.learning_rate for epoch in history.epochs] == pytest.approx(
        [0.01 * (1 - 2 / 6), 0.01 * (1 - 5 / 6)]
    )
    assert run.optimizer.learning_rate == 0.01


def test_the_description_of_a_run_changes_with_what_decides_it(rng, tmp_path):
    x = trainer(np.random.default_rng(1), tmp_path / "a").description
    assert x == trainer(np.random.default_rng(1), tmp_path / "b").description
    assert x != trainer(np.random.default_rng(2), tmp_path / "a").description
    scheduled = trainer(np.random.default_rng(1), tmp_path / "a", Linear()).description
    assert set(scheduled) - set(x) == {"epochs"}, (
        "a linear schedule depends on the number of epochs"
    )


def test_an_optimizer_without_a_learning_rate_is_used_as_it_is(rng):
    class Own:
        def update(self, parameters, gradient):
            SGD(0.1).update(parameters, gradient)

    run = trainer(rng)
    other = Trainer(classifier(), Own(), run.train, None, run.settings, None, 30.0)
    history = other.run(SilentWatcher())
    assert np.isnan(history.epochs[0].learning_rate)
    assert history.losses[1] < history.losses[0]
