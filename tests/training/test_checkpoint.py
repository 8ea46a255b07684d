"""Checkpoints as files: written and read back, and those of earlier versions still resume."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from support.messages import raises

from handgrad import FullyConnected, MeanSquaredError, Network, Relu, Sigmoid
from handgrad.errors import FileError
from handgrad.optimizers import Clipped, Momentum
from handgrad.training import Cosine, EarlyStopping, Epoch
from handgrad.training.checkpoint import Checkpoint, RunProgress, load_checkpoint, save_checkpoint

EARLIER = Path(__file__).with_name("saved_files") / "checkpoint.safetensors"
"""Written by version 0.1.0 in its second epoch, at step 4."""


def held(rng):
    progress = RunProgress(epoch=1, step=7, first_loss=0.5, epochs=(Epoch(1, 0.5, 0.1),), best=1)
    parameters, state, best = rng.normal(size=(3, 9))
    return Checkpoint({"seed": 3}, progress, parameters, (state, state + 1), 7, best)


def test_what_is_written_is_read_back(rng, tmp_path):
    written = held(rng)
    save_checkpoint(tmp_path / "run", written)
    read = load_checkpoint(tmp_path / "run", {"seed": 3})
    assert (read.run, read.progress, read.steps) == (written.run, written.progress, written.steps)
    for received, expected in zip(
        (read.parameters, *read.state, read.best),
        (written.parameters, *written.state, written.best),
        strict=True,
    ):
        np.testing.assert_array_equal(received, expected)


def test_another_run_is_refused_and_the_difference_is_named(rng, tmp_path):
    save_checkpoint(tmp_path / "run", held(rng))
    with raises(FileError, "seed", "3 → 4"):
        load_checkpoint(tmp_path / "run", {"seed": 4})


def test_a_changed_byte_is_seen(rng, tmp_path):
    save_checkpoint(tmp_path / "run", held(rng))
    content = bytearray((tmp_path / "run").read_bytes())
    content[-1] ^= 1
    (tmp_path / "run").write_bytes(content)
    with raises(FileError, "run"):
        load_checkpoint(tmp_path / "run", {"seed": 3})


def test_a_checkpoint_of_an_earlier_version_resumes(tmp_path):
    """To the parameters of the uninterrupted run, as that version computed them."""
    path = tmp_path / "checkpoint"
    shutil.copy(EARLIER, path)
    W1, W2 = np.arange(6.0).reshape(2, 3) / 4 - 0.5, np.arange(6.0).reshape(3, 2) / 8
    first = FullyConnected(W1, np.array([0.5, -0.25, 0.125]))
    last = FullyConnected(W2, np.array([1.0, -1.0]))
    network = Network([first, Relu(), last, Sigmoid()], MeanSquaredError())
    x = np.linspace(-1, 1, 24).reshape(12, 2)
    t = np.stack([np.abs(x[:, 0]), x[:, 1] ** 2], axis=1)
    history = network.fit(
        x,
        t,
        3,
        4,
        Clipped(Momentum(0.1), max_norm=1.0),
        validation=(x[:3], t[:3]),
        schedule=Cosine(),
        early_stopping=EarlyStopping(patience=2),
        seed=7,
        checkpoint=path,
        resume=True,
        progress=False,
    )
    losses = [0.11864362208514816, 0.116498551875191, 0.11470412806893109]
    np.testing.assert_allclose(history.losses, losses, rtol=1e-12)
    np.testing.assert_allclose(
        network.parameters[[0, 8, 16]],
        [-0.499435236643255, 0.1160942764534505, -0.9946747686643452],
        rtol=1e-12,
    )
