"""``handgrad train`` as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest
from cli.test_commands import handgrad, no_traceback

from handgrad import Network
from handgrad.cli.training_options import OPTIMIZERS, WEIGHTS
from handgrad.layers.initialization import INITIALIZERS
from handgrad.training.datasets import digits
from handgrad.training.registry import OPTIMIZERS as KNOWN

QUICK = ("digits", "--epochs", 2, "--layers", "64-20-10")


@pytest.fixture
def mine(tmp_path, rng):
    """A data set of one's own, of three classes."""
    x = rng.normal(size=(60, 5))
    np.savez(
        tmp_path / "mine.npz",
        x=x,
        t=x[:, :3].argmax(axis=1),
        x_test=x[:9],
        t_test=x[:9, :3].argmax(axis=1),
    )
    np.savez(tmp_path / "numbers.npz", x=x, t=x[:, 0] * 2)
    return tmp_path


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["epoch 2", "validation accuracy", "Test: accuracy", "Network saved to a.safetensors"],
        ),
        ("zh", ["第 2 轮", "验证准确率", "测试：准确率", "网络已保存到 a.safetensors"]),
    ],
)
def test_a_line_an_epoch_and_a_network_that_is_the_one_trained(tmp_path, language, words):
    result = no_traceback(
        handgrad(
            "train", *QUICK, "--validation", 0.1, "--save", "a.safetensors", "--lang", language,
            cwd=tmp_path,
        )
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    for word in words:
        assert word in result.stdout
    net = Network.load(tmp_path / "a.safetensors")
    data = digits(0)
    found = net.evaluate(data.x_test, data.t_test)
    assert f"{found.accuracy:.2%}" in result.stdout
    assert str(found.wrong) in result.stdout


def test_json_repeats_by_seed(tmp_path):
    runs = [
        handgrad("train", *QUICK, "--json", "--seed", 5, "--schedule", "cosine", "--warm-up", 3,
                 "--optimizer", "nesterov", "--learning-rate", 0.1, "--clip-norm", 1,
                 "--weight-decay", 1e-4, "--label-smoothing", 0.1, cwd=tmp_path)
        for _ in range(2)
    ]  # fmt: skip
    told = [[json.loads(line) for line in run.stdout.splitlines()] for run in runs]
    for lines in told:
        assert len(lines) == 3
        for line in lines[:2]:
            line["epoch"].pop("seconds")
        lines[2]["result"].pop("seconds")
    assert told[0] == told[1]
    assert told[0][2]["result"]["seed"] == 5
    assert runs[0].stderr == ""


def test_numbers_to_predict_and_onnx(mine):
    pytest.importorskip("onnx")
    result = no_traceback(
        handgrad("train", "numbers.npz", "--epochs", 3, "--batch-size", 20, "--onnx", "a.onnx",
                 "--dtype", "float64", "--optimizer", "adamw", "--weight-decay", 0.1, cwd=mine)
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "5-100-1" in result.stdout
    assert (mine / "a.onnx").stat().st_size > 1000


def test_early_stopping_says_so(mine, rng):
    np.savez(mine / "noise.npz", x=rng.normal(size=(80, 5)), t=rng.integers(2, size=80))
    result = handgrad("train", "noise.npz", "--epochs", 500, "--batch-size", 20, "--validation", 0.3,
                      "--patience", 3, "--learning-rate", 0.05, cwd=mine)  # fmt: skip
    assert result.returncode == 0
    assert "Stopped early" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupted_and_resumed_gives_the_same_network(tmp_path):
    command = ["digits", "--epochs", 400, "--layers", "64-40-10", "--batch-size", 40]
    whole = handgrad("train", *command, "--save", "whole", cwd=tmp_path)
    assert whole.returncode == 0
    given = [*map(str, command), "--save", "parts", "--checkpoint", "run"]
    environment = os.environ | {"HANDGRAD_LANG": "en", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "handgrad", "train", *given],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if line.startswith("epoch 3 "):
            break
    process.send_signal(2)
    out, complaint = process.communicate(timeout=60)
    assert process.returncode == 130, (out, complaint)
    assert "--resume" in complaint
    assert "Traceback" not in complaint
    assert not (tmp_path / "parts").exists()
    again = handgrad("train", *given, cwd=tmp_path)
    assert again.returncode == 2
    assert "--resume" in again.stderr
    resumed = no_traceback(handgrad("train", *given, "--resume", cwd=tmp_path))
    assert resumed.returncode == 0, resumed.stderr
    assert "Resuming from the checkpoint" in resumed.stdout
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], ["nothing", "fashion-mnist", ".npz"]),
        (["digits", "--layers", "64-10x"], ["64-10x", "784-800-10"]),
        (["digits", "--layers", "32-10"], ["32", "64", "layers[0]"]),
        (["digits", "--layers", "64-9"], ["9", "8"]),
        (["digits", "--optimizer", "adma"], ["adma", "adamw", "rmsprop"]),
        (["digits", "--learning-rate", "-1"], ["learning_rate", "-1"]),
        (["digits", "--activation", "swish"], ["swish", "sigmoid"]),
        (["digits", "--schedule", "steps"], ["steps", "cosine"]),
        (["digits", "--batch-size", "9999"], ["9999", "1437"]),
        (["digits", "--epochs", "0"], ["epochs", "0"]),
        (["digits", "--validation", "2"], ["validation", "2"]),
        (["digits", "--patience", "3"], ["early_stopping", "validation"]),
        (["digits", "--label-smoothing", "1"], ["1"]),
        (["numbers.npz", "--label-smoothing", "0.1"], ["--label-smoothing", "numbers.npz"]),
        (["digits", "--resume"], ["--checkpoint"]),
        (["digits", "--save", "no/such/a"], ["--save", "no"]),
        (["digits", "--save", "mine.npz"], ["--save", "mine.npz", "--overwrite"]),
        (["mnist", "--data", "empty"], ["empty", "train-images-idx3-ubyte.gz"]),
        (["bad.npz"], ["bad.npz"]),
        (["nan.npz"], ["7"]),
        (["labels.npz", "--layers", "5-3"], ["row 4", "9"]),
        (["digits", "--checkpoint", "other", "--resume"], ["other", "network"]),
    ],
)
def test_what_is_wrong_is_told_before_any_work(mine, arguments, words):
    (mine / "empty").mkdir()
    (mine / "bad.npz").write_bytes((mine / "mine.npz").read_bytes()[:-40])
    x = np.ones((20, 5))
    x[7] = np.nan
    np.savez(mine / "nan.npz", x=x, t=np.zeros(20, int))
    labels = np.zeros(20, int)
    labels[4] = 9
    np.savez(mine / "labels.npz", x=np.ones((20, 5)), t=labels)
    if "other" in arguments:
        handgrad(
            "train", "mine.npz", "--batch-size", 9, "--epochs", 1, "--checkpoint", "other", cwd=mine
        )
    before = {p: p.read_bytes() for p in mine.iterdir() if p.is_file()}
    for language in ("en", "zh"):
        result = no_traceback(
            handgrad("train", *arguments, cwd=mine, env={"HANDGRAD_LANG": language})
        )
        assert result.returncode == 2, result.stderr
        assert result.stdout.count("epoch ") == 0
        for word in words if language == "en" else [w for w in words if "row" not in w]:
            assert word in result.stderr, result.stderr
    assert {p: p.read_bytes() for p in mine.iterdir() if p.is_file()} == before


def test_the_help_names_all_there_is():
    assert list(OPTIMIZERS) == list(KNOWN)
    assert list(WEIGHTS) == list(INITIALIZERS)


def test_divergence_is_told(mine):
    result = no_traceback(
        handgrad("train", "numbers.npz", "--optimizer", "sgd", "--learning-rate", 1e5, "--epochs", 9,
                 "--batch-size", 20, "--save", "a", cwd=mine)
    )  # fmt: skip
    assert result.returncode == 1
    assert "diverges" in result.stderr
    assert "epoch 0" in result.stderr
    assert np.isfinite(Network.load(mine / "a").parameters).all()  # the last good one


def test_offline(tmp_path):
    """No route leads to the mirrors: a proxy that refuses stands for having no network."""
    began = time.monotonic()
    proxy = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    result = no_traceback(
        handgrad("train", "mnist", env={**proxy, "HANDGRAD_DATA": str(tmp_path)}, cwd=tmp_path)
    )
    assert result.returncode == 2
    assert "train-images-idx3-ubyte.gz could not be downloaded" in result.stderr
    assert "--data" in result.stderr
    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - began < 60
