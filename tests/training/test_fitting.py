"""`fit` from outside: what it computes, repeats, and refuses before any work."""

from __future__ import annotations

import io

import numpy as np
import pytest
from support.messages import raises
from support.training import classification, classifier, regression, regressor

from handgrad import FullyConnected, MeanSquaredError, SoftmaxCrossEntropy, network
from handgrad.arrays import seeded
from handgrad.errors import (
    DataError,
    DivergenceError,
    DtypeError,
    LabelError,
    OptimizerError,
    SettingError,
    ShapeError,
)
from handgrad.optimizers import SGD, Adam, AdamW, Clipped, Decayed, Momentum
from handgrad.seeds import seed_of
from handgrad.training import Cosine, EarlyStopping, StepDecay, fit

pytestmark = pytest.mark.usefixtures("engine")


def by_hand(net, x, t, epochs, batch_size, optimizer, seed, schedule=None):
    """The same training as a reader of the docstring would write it."""
    losses, step, rate = [], 0, optimizer.learning_rate
    steps = epochs * -(-len(x) // batch_size)
    for epoch in range(1, epochs + 1):
        order = seeded(seed_of(str(seed), "epoch", str(epoch))).permutation(len(x))
        total = 0.0
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            if schedule is not None:
                optimizer.learning_rate = rate * schedule.factor(step, steps)
            total += net.train_step(x[rows], t[rows], optimizer) * len(rows)
            step += 1
        losses.append(total / len(x))
    return losses


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("schedule", [None, Cosine(), StepDecay(3, 0.5)])
def test_it_is_the_loop_that_its_docstring_tells(rng, dtype, schedule):
    x, t = classification(rng, count=int(rng.integers(40, 90)))
    x = x.astype(dtype)
    a, b = classifier(dtype), classifier(dtype)
    optimizer = Momentum(0.05)
    history = fit(a, x, t, 3, 17, optimizer, schedule=schedule, seed=5)
    assert history.losses == by_hand(b, x, t, 3, 17, Momentum(0.05), 5, schedule)
    np.testing.assert_array_equal(a.parameters, b.parameters)
    assert optimizer.learning_rate == 0.05
    assert [epoch.number for epoch in history.epochs] == [1, 2, 3]


@pytest.mark.parametrize(
    "make",
    [
        lambda: "adam",
        lambda: AdamW(0.01, weight_decay=0.1),
        lambda: Decayed(Clipped(SGD(0.1), max_norm=0.5, max_value=0.3), 1e-3),
    ],
)
def test_it_learns_and_repeats(rng, make):
    x, t = classification(rng)
    a, b, other = classifier(), classifier(), classifier()
    first = a.fit(x, t, 60, 10, make(), validation=0.2, seed=3)
    assert first == b.fit(x, t, 60, 10, make(), validation=0.2, seed=3)
    np.testing.assert_array_equal(a.parameters, b.parameters)
    other.fit(x, t, 30, 10, make(), validation=0.2, seed=4)
    assert (a.parameters != other.parameters).any()
    assert first.losses[-1] < 0.7 * first.losses[0]
    assert a.evaluate(x, t).accuracy > 0.6


def test_a_regression_and_its_validation(rng):
    x, t = regression(rng)
    net = regressor()
    history = net.fit(x[:60], t[:60], 40, 20, Adam(0.01), validation=(x[60:], t[60:]))
    assert history.losses[-1] < 0.5 * history.losses[0]
    assert history.validation_losses[-1] == pytest.approx(
        float(np.mean((net.predict(x[60:]) - t[60:]) ** 2))
    )
    assert history.validation_accuracies == []


def test_the_data_are_left_alone_and_views_work(rng):
    x, t = classification(rng)
    x.setflags(write=False)
    t.setflags(write=False)
    a, b = classifier(np.float32), classifier(np.float32)
    a.fit(x, t, 2, 10)
    b.fit(np.asfortranarray(x.astype(np.float32)), t.astype(np.uint8), 2, 10)
    np.testing.assert_array_equal(a.parameters, b.parameters)


def test_early_stopping_gives_back_the_best(rng):
    x, t = rng.normal(size=(40, 6)), rng.integers(3, size=40)  # nothing to learn: it overfits
    held = rng.normal(size=(60, 6)), rng.integers(3, size=60)
    net = classifier()
    history = net.fit(x, t, 500, 10, Adam(0.02), validation=held, early_stopping=4)
    assert history.stopped_early
    losses = history.validation_losses
    assert len(losses) == history.best + 4 < 500
    assert losses[history.best - 1] == min(losses)
    assert net.evaluate(*held).loss == pytest.approx(min(losses), rel=1e-12)


def test_early_stopping_by_accuracy_without_giving_back(rng):
    x, t = classification(rng)
    net = classifier()
    rule = EarlyStopping(patience=3, monitor="accuracy", min_change=0.01, restore=False)
    history = net.fit(x, t, 300, 10, Adam(0.02), validation=0.3, early_stopping=rule)
    assert history.stopped_early
    assert history.best is None
    last = history.validation_accuracies
    assert max(last[-3:]) <= max(last[:-3]) + 0.01


def test_the_core_network_trains_too_and_so_do_layers_written_by_hand(rng):
    class Twice:
        def forward(self, x):
            return 2 * x

        def backward(self, dout):
            return 2 * dout

    x, t = classification(rng)
    layers = [FullyConnected.create(6, 3, seeded(0)), Twice()]
    net = network.LayerChain(layers, SoftmaxCrossEntropy())
    history = fit(net, x, t, 20, 10, SGD(0.1))
    assert history.losses[-1] < history.losses[0]


def test_divergence_is_told_and_the_last_good_epoch_kept(rng):
    x, t = regression(rng)
    net, twin = regressor(), regressor()
    optimizer, like = Momentum(0.02), Momentum(0.02)
    net.fit(x, t, 2, 30, optimizer)
    twin.fit(x, t, 2, 30, like)
    optimizer.learning_rate = 1e6
    with raises(DivergenceError, "0", "learning_rate"):
        net.fit(x, t, 50, 30, optimizer)
    np.testing.assert_array_equal(net.parameters, twin.parameters)
    np.testing.assert_array_equal(optimizer.state[0], like.state[0])
    assert optimizer.steps == like.steps


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"t": np.full(90, 3)}, LabelError, ["0", "3", "2"]),
        ({"t": np.full(90, -1)}, LabelError, ["-1"]),
        ({"t": np.zeros(89, int)}, ShapeError, ["90", "(89,)"]),
        ({"t": np.zeros((90, 4))}, ShapeError, ["(90, 4)", "(90, 3)"]),
        ({"t": np.array(["a"] * 90)}, DtypeError, ["<U1"]),
        ({"x": np.ones((90, 7))}, ShapeError, ["7", "6", "layers[0]"]),
        ({"x": np.ones((0, 6)), "t": np.zeros(0, int)}, ShapeError, ["(0, 6)"]),
        ({"x": np.ones((90, 6), complex)}, DtypeError, ["complex128"]),
        ({"batch_size": 91}, SettingError, ["91", "90", "batch_size"]),
        ({"batch_size": 73, "validation": 0.2}, SettingError, ["73", "72"]),
        ({"batch_size": 0}, SettingError, ["batch_size", "0"]),
        ({"batch_size": 2.5}, SettingError, ["batch_size", "2.5"]),
        ({"epochs": 0}, SettingError, ["epochs", "0"]),
        ({"epochs": True}, SettingError, ["epochs", "True"]),
        ({"seed": -1}, SettingError, ["seed", "-1"]),
        ({"optimizer": "adma"}, OptimizerError, ["'adma'", "adam", "rmsprop"]),
        ({"optimizer": Adam}, OptimizerError, ["SGD", "Adam"]),
        ({"optimizer": 0.1}, OptimizerError, ["0.1"]),
        ({"schedule": 0.1}, SettingError, ["schedule", "Cosine", "0.1"]),
        ({"validation": 1.5}, SettingError, ["validation", "1.5"]),
        ({"validation": "all"}, SettingError, ["validation", "'all'"]),
        ({"validation": (np.ones((5, 7)), np.zeros(5, int))}, ShapeError, ["validation x", "7"]),
        ({"validation": (np.ones((5, 6)), np.full(5, 9))}, LabelError, ["9"]),
        ({"early_stopping": 3}, SettingError, ["early_stopping", "validation"]),
        ({"early_stopping": 0, "validation": 0.1}, SettingError, ["early_stopping", "0"]),
        ({"resume": True}, SettingError, ["resume", "checkpoint"]),
    ],
)
def test_what_does_not_fit_is_told_before_any_work(rng, changes, error, words):
    x, t = classification(rng)
    net = classifier()
    before = net.parameters.copy()
    with raises(error, *words):
        net.fit(**({"x": x, "t": t, "epochs": 2, "batch_size": 10} | changes))
    np.testing.assert_array_equal(net.parameters, before)
    assert net.gradients is None  # not one step


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 17, 9999])
def test_which_row_holds_nan(rng, bad, row):
    x = rng.normal(size=(10_000, 6)).astype(np.float32)
    x[row, 4] = bad
    x[500] = np.nan
    net = classifier()
    first, count = min(row, 500), len({row, 500})
    with raises(DataError, str(first), str(count), "x"):
        net.fit(x, np.zeros(10_000, int))
    assert net.gradients is None
    net = regressor()
    x, t = regression(rng)
    t[7, 1] = bad
    with raises(DataError, "t", "7"):
        net.fit(x, t)


def test_accuracy_needs_classes(rng):
    x, t = regression(rng)
    with raises(SettingError, "MeanSquaredError", "monitor"):
        regressor().fit(
            x, t, 2, 10, validation=0.1, early_stopping=EarlyStopping(monitor="accuracy")
        )
    with raises(SettingError, "patience"):
        EarlyStopping(patience=0)


def test_a_schedule_needs_a_learning_rate(rng):
    class Rule:
        def update(self, parameters, gradient):
            parameters -= 0.1 * gradient

    x, t = classification(rng)
    with raises(SettingError, "learning_rate", "Rule"):
        classifier().fit(x, t, 2, 10, Rule(), schedule=Cosine())
    assert classifier().fit(x, t, 2, 10, Rule()).losses


def test_quiet_where_nobody_reads(rng, capfd):
    x, t = classification(rng)
    classifier().fit(x, t, 2, 10)
    assert capfd.readouterr() == ("", "")


def test_a_bar_on_a_terminal(rng, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", terminal)
    x, t = classification(rng)
    classifier().fit(x, t, 2, 10, validation=0.2)
    shown = terminal.getvalue()
    assert "epoch 2/2" in shown
    assert "16/16" in shown
    assert "validation" in shown


def test_a_watcher_sees_every_step(rng):
    seen = []

    class Watcher:
        def begin(self, at, epochs):
            seen.append(("begin", at.step, at.steps, len(epochs)))

        def after_step(self, at):
            seen.append((at.epoch, at.step))

        def after_epoch(self, epoch):
            seen.append(epoch.number)

        def end(self):
            seen.append("end")

    x, t = classification(rng, count=25)
    classifier().fit(x, t, 2, 10, progress=Watcher())
    assert seen == [
        ("begin", 0, 6, 0), (1, 1), (1, 2), (1, 3), 1, (2, 4), (2, 5), (2, 6), 2, "end",
    ]  # fmt: skip


def test_a_loss_of_mean_squares_takes_whole_numbers(rng):
    x, t = regression(rng)
    history = regressor().fit(x, np.rint(t).astype(int), 2, 10)
    assert len(history.losses) == 2
    assert isinstance(regressor().loss, MeanSquaredError)
