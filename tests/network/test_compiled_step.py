from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from support.networks import network_of
from support.tier import repeats

import handgrad
from handgrad import MeanSquaredError, Relu, Sigmoid, SoftmaxCrossEntropy, kernels
from handgrad.arrays import seeded
from handgrad.kernels.native_library import LibraryMissing, native_library
from handgrad.network import compiled_step
from handgrad.network.compiled_step import CompiledStep
from handgrad.optimizers import SGD, Adam

SIZES = [50, 160, 97, 10]
"""Wide enough to be shared out; no size is a multiple of the shares."""
STEPS = repeats(everyday=30, whole=200)
"""Both batch sizes occur within seven steps, and an error of a gradient grows from the first."""

needs_library = pytest.mark.skipif(
    isinstance(native_library(), LibraryMissing),
    reason="no compiled engine: install with a C compiler",
)


@pytest.fixture(autouse=True)
def _engine_afterwards():
    before = kernels.engine().name
    yield
    kernels.use_engine(before)


def curve(
    engine, dtype=np.float32, steps=STEPS, rule=SGD, activation=Relu, loss=SoftmaxCrossEntropy
):
    """The losses of a training run, and the parameters at its end."""
    kernels.use_engine(engine)
    network = network_of(SIZES, activation, dtype, loss)
    optimizer, rng, losses = rule(learning_rate=0.01), seeded(7), []
    for step in range(steps):
        size = 64 if step % 7 else 33
        x, t = rng.normal(size=(size, SIZES[0])).astype(dtype), rng.integers(10, size=size)
        if loss is MeanSquaredError:
            t = rng.normal(size=(size, 10))
        losses.append(network.train_step(x, t, optimizer))
    return np.array(losses), network.parameters


@pytest.fixture(params=[(1, 0), (2, 0), (3, 0), (2, 1), (3, 1)], ids=str)
def shared_out(request, monkeypatch):
    """Among so many threads, by rows or by columns."""
    threads, columns = request.param
    monkeypatch.setenv("HANDGRAD_THREADS", str(threads))
    monkeypatch.setattr(compiled_step, "WORTH_SHARING", 0)
    share_out = CompiledStep._share_out

    def as_asked(self, batch):
        share_out(self, batch)
        assert self.plan.parts == threads
        self.plan.columns = columns

    monkeypatch.setattr(CompiledStep, "_share_out", as_asked)


@needs_library
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 2e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize(
    ("rule", "activation", "loss"),
    [(SGD, Relu, SoftmaxCrossEntropy), (Adam, Sigmoid, MeanSquaredError)],
)
@pytest.mark.usefixtures("shared_out")
def test_both_engines_give_the_same_losses_over_many_steps(
    dtype, tolerance, rule, activation, loss
):
    ours, parameters = curve("native", dtype, rule=rule, activation=activation, loss=loss)
    theirs, expected = curve("numpy", dtype, rule=rule, activation=activation, loss=loss)
    np.testing.assert_allclose(ours, theirs, rtol=tolerance)
    np.testing.assert_allclose(parameters, expected, atol=100 * tolerance)
    assert ours[-10:].mean() < ours[:10].mean()


@needs_library
@pytest.mark.usefixtures("shared_out")
def test_a_run_repeats_bit_for_bit():
    first, second = curve("native", steps=30), curve("native", steps=30)
    assert first[0].tobytes() == second[0].tobytes()
    assert first[1].tobytes() == second[1].tobytes()


@needs_library
@pytest.mark.usefixtures("shared_out")
def test_two_networks_in_two_threads_get_what_each_gets_alone():
    alone = curve("native", steps=60)[1]
    together = [None, None]

    def train(place):
        together[place] = curve("native", steps=60)[1]

    threads = [threading.Thread(target=train, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    for received in together:
        assert received.tobytes() == alone.tobytes()


@needs_library
def test_what_cannot_be_compiled_goes_layer_by_layer():
    x = network_of(SIZES)
    assert compiled_step.can_compile(x.layers, x.loss, x.parameters)
    assert not compiled_step.can_compile(x.layers[1:], x.loss, x.parameters)
    assert not compiled_step.can_compile([*x.layers[:2], Relu()], x.loss, x.parameters)
    assert not compiled_step.can_compile(x.layers, object(), x.parameters)

    class Own(Relu):
        pass

    assert not compiled_step.can_compile([x.layers[0], Own()], x.loss, x.parameters)


@needs_library
@pytest.mark.parametrize(
    ("sizes", "batch", "parts", "columns"),
    [([784, 800, 10], 256, 2, 1), ([784, 256, 10], 256, 2, 0), ([4, 3], 128, 1, 0)],
)
def test_a_wide_layer_with_few_rows_is_shared_out_by_columns(
    monkeypatch, rng, sizes, batch, parts, columns
):
    monkeypatch.setenv("HANDGRAD_THREADS", "2")
    kernels.use_engine("native")
    network = network_of(sizes, dtype=np.float32)
    network.train_step(rng.normal(size=(batch, sizes[0])), np.zeros(batch, int), SGD())
    plan = network._steps["native"].plan
    assert (plan.parts, plan.columns) == (parts, columns)


FORK = """
import os, sys, signal
import numpy as np
from handgrad import FullyConnected, Network, Relu, SoftmaxCrossEntropy, kernels
from handgrad.arrays import seeded
from handgrad.optimizers import SGD

def train(network):
    rng = seeded(2)
    for _ in range(5):
        x = rng.normal(size=(256, 300)).astype(np.float32)
        loss = network.train_step(x, rng.integers(10, size=256), SGD(learning_rate=0.1))
    return loss

def made():
    rng = seeded(1)
    layers = [FullyConnected.create(300, 400, rng, dtype=np.float32), Relu()]
    return Network([*layers, FullyConnected.create(400, 10, rng, dtype=np.float32)],
                   SoftmaxCrossEntropy())

if BEFORE:
    train(made())
for _ in range(3):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os.write(write, repr(train(made())).encode())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    losses = os.read(read, 100).decode()
    assert losses == repr(train(made())), losses
print("done", kernels.engine().name)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("engine", kernels.ENGINES)
@pytest.mark.parametrize("before", [False, True])
def test_import_then_fork_then_train(engine, before):
    if engine == "native" and isinstance(native_library(), LibraryMissing):
        pytest.skip("no compiled engine: install with a C compiler")
    ran = subprocess.run(
        [sys.executable, "-c", FORK.replace("BEFORE", str(before))],
        env=os.environ
        | {
            "PYTHONPATH": str(Path(handgrad.__file__).parents[1]),
            "HANDGRAD_ENGINE": engine,
            "HANDGRAD_THREADS": "3",
            "OMP_NUM_THREADS": "2",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert ran.stdout.split() == ["done", engine], ran.stderr
