"""Interrupted and resumed, bit for bit: in this process, by Ctrl-C, and by a kill that nobody sees."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from support.messages import raises
from support.training import classification, classifier, regression, regressor

from handgrad.errors import FileError, OptimizerError
from handgrad.optimizers import SGD, Adam, Clipped, Momentum, Nesterov
from handgrad.training import Cosine, EarlyStopping, TrainingInterrupted, WarmUp

pytestmark = pytest.mark.usefixtures("engine")


class Stop:
    """A watcher that presses Ctrl-C after a certain step."""

    def __init__(self, step):
        self.step = step

    def begin(self, at, epochs):
        pass

    def after_step(self, at):
        if at.step == self.step:
            signal.raise_signal(signal.SIGINT)

    def after_epoch(self, epoch):
        pass

    def end(self):
        pass


def settings():
    return {
        "epochs": 4,
        "batch_size": 16,
        "schedule": WarmUp(5, Cosine()),
        "seed": 11,
        "validation": 0.2,
        "early_stopping": EarlyStopping(patience=2),
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "make", [lambda: Adam(0.02), lambda: Clipped(Nesterov(0.05), max_norm=0.3), lambda: SGD(0.1)]
)
def test_interrupted_at_a_random_step_and_resumed(rng, tmp_path, dtype, make):
    x, t = classification(rng)
    whole, parts = classifier(dtype), classifier(dtype)
    expected = whole.fit(x, t, optimizer=make(), **settings())
    path, step = tmp_path / "run", int(rng.integers(1, 5 * len(expected.epochs) + 1))
    print("interrupted after step", step)
    with pytest.raises(TrainingInterrupted) as caught:
        parts.fit(x, t, optimizer=make(), checkpoint=path, progress=Stop(step), **settings())
    assert caught.value.checkpoint == str(path)
    assert caught.value.history.epochs == expected.epochs[: step // 5]
    fresh = classifier(dtype, seed=99)  # what it begins with does not matter
    optimizer = make()
    history = fresh.fit(x, t, optimizer=optimizer, checkpoint=path, resume=True, **settings())
    assert history == expected
    np.testing.assert_array_equal(fresh.parameters, whole.parameters)
    assert optimizer.learning_rate == make().learning_rate


def test_every_single_step_can_be_the_last(rng, tmp_path):
    x, t = regression(rng, count=30)
    whole = regressor()
    expected = whole.fit(x, t, 2, 10, Momentum(0.05), seed=1)
    for step in range(1, 7):
        path = tmp_path / str(step)
        with pytest.raises(TrainingInterrupted):
            regressor().fit(
                x, t, 2, 10, Momentum(0.05), seed=1, checkpoint=path, progress=Stop(step)
            )
        net = regressor(seed=8)
        history = net.fit(x, t, 2, 10, Momentum(0.05), seed=1, checkpoint=path, resume=True)
        assert history == expected
        np.testing.assert_array_equal(net.parameters, whole.parameters)


def test_a_finished_run_can_go_on_for_more_epochs(rng, tmp_path):
    x, t = classification(rng)
    whole, parts = classifier(), classifier()
    expected = whole.fit(x, t, 5, 10, Adam())
    parts.fit(x, t, 3, 10, Adam(), checkpoint=tmp_path / "run")
    optimizer = Adam()
    parts = classifier()
    assert parts.fit(x, t, 5, 10, optimizer, checkpoint=tmp_path / "run", resume=True) == expected
    np.testing.assert_array_equal(parts.parameters, whole.parameters)
    again = classifier()
    assert again.fit(x, t, 5, 10, Adam(), checkpoint=tmp_path / "run", resume=True) == expected
    np.testing.assert_array_equal(again.parameters, whole.parameters)


def test_without_a_file_resume_begins(rng, tmp_path):
    x, t = classification(rng)
    a, b = classifier(), classifier()
    a.fit(x, t, 2, 10, checkpoint=tmp_path / "none", resume=True)
    b.fit(x, t, 2, 10)
    np.testing.assert_array_equal(a.parameters, b.parameters)


PROGRAM = """
import sys
from handgrad.optimizers import Adam
from handgrad.training import multilayer
from handgrad.training.datasets import digits

class Print:
    def begin(self, at, epochs): print("begin", flush=True)
    def after_step(self, at): print(at.step, flush=True)
    def after_epoch(self, epoch): pass
    def end(self): pass

data, path = digits(), sys.argv[1]
network = multilayer("64-40-10", seed=2)
network.fit(data.x, data.t, 6, 50, Adam(), validation=0.1, seed=4, checkpoint=path, resume=True,
            checkpoint_every=0.0, progress=Print())
network.save(path + ".model")
print("done")
"""


def run(engine, path, *, stop=None, number=signal.SIGKILL):
    """The program in a process of its own; sent a signal after a step where one is named."""
    environment = os.environ | {"HANDGRAD_ENGINE": engine, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    for line in process.stdout:
        # A run that goes on may begin behind the step at which it should stop.
        if stop is not None and line.strip().isdecimal() and int(line) >= stop:
            time.sleep(0.0005 * (stop % 7))  # anywhere within a step or a write
            process.send_signal(number)
            break
    _, complaint = process.communicate(timeout=120)
    return process.returncode, complaint


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_again_and_again_the_model_is_the_same_to_the_byte(engine, rng, tmp_path):
    assert run(engine, tmp_path / "whole")[0] == 0
    steps = [int(rng.integers(low, low + 20)) for low in (3, 45, 90)]  # of 156
    print("killed after steps", steps)
    for i, step in enumerate(steps):
        number = signal.SIGINT if i == 1 else signal.SIGKILL
        status, complaint = run(engine, tmp_path / "parts", stop=step, number=number)
        assert status != 0
        assert number == signal.SIGKILL or "TrainingInterrupted" in complaint
    assert run(engine, tmp_path / "parts")[0] == 0
    whole, parts = ((tmp_path / f"{name}.model").read_bytes() for name in ("whole", "parts"))
    assert whole == parts


def test_another_run_s_checkpoint(rng, tmp_path):
    x, t = classification(rng)
    path = tmp_path / "run"
    classifier().fit(x, t, 1, 10, Adam(), checkpoint=path)

    def resume(net, x=x, t=t, optimizer=None, **changes):
        given = {"epochs": 2, "batch_size": 10, "checkpoint": path, "resume": True} | changes
        before = net.parameters.copy()
        try:
            net.fit(x, t, optimizer=optimizer or Adam(), **given)
        finally:
            np.testing.assert_array_equal(net.parameters, before)

    with raises(FileError, str(path), "network", "float32"):
        resume(classifier(np.float32))
    with raises(FileError, "optimizer", "0.5"):
        resume(classifier(), optimizer=Adam(0.5))
    with raises(FileError, "batch_size", "10 → 9"):
        resume(classifier(), batch_size=9)
    with raises(FileError, "seed"):
        resume(classifier(), seed=3)
    with raises(FileError, "x: "):
        resume(classifier(), x=x + 1)
    with raises(FileError, "schedule", "Cosine"):
        resume(classifier(), schedule=Cosine())
    with raises(FileError, "validation x"):
        resume(classifier(), validation=0.1)


def test_damaged_checkpoints(rng, tmp_path):
    x, t = classification(rng)
    path = tmp_path / "run"
    classifier().fit(x, t, 1, 10, Adam(), checkpoint=path)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[-5] ^= 1  # within an array: only our own checksum sees it
    told = whole.replace(rb"steps\": \"9", rb"steps\": \"8")  # JSON within JSON
    assert told != whole
    for held in (whole[:-1], whole[:100], whole[:4], b"", b"text", bytes(flipped), told):
        path.write_bytes(held)
        net = classifier()
        before = net.parameters.copy()
        with raises(FileError, str(path)):
            net.fit(x, t, 2, 10, Adam(), checkpoint=path, resume=True)
        np.testing.assert_array_equal(net.parameters, before)
    net = classifier()
    net.save(path)
    with raises(FileError, str(path)):
        net.fit(x, t, 2, 10, Adam(), checkpoint=path, resume=True)


def test_a_checkpoint_that_cannot_be_written_or_kept(rng, tmp_path):
    x, t = classification(rng)
    with raises(FileError, "nowhere"):
        classifier().fit(x, t, 1, 10, checkpoint=tmp_path / "nowhere" / "run")

    class Rule:
        def update(self, parameters, gradient):
            parameters -= 0.1 * gradient

    with raises(OptimizerError, "Rule", "checkpoint"):
        classifier().fit(x, t, 1, 10, Rule(), checkpoint=tmp_path / "run")


def test_a_history_is_kept_as_json(rng):
    x, t = classification(rng)
    history = classifier().fit(x, t, 2, 10, validation=0.1)
    told = json.loads(json.dumps(history.to_json()))
    assert [epoch["loss"] for epoch in told["epochs"]] == history.losses
