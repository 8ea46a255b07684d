"""``handgrad check`` as a user meets it: files written here, a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
from support.messages import raises

from handgrad.cli.check_target import library_of, load_target, parse_shape
from handgrad.errors import UsageError

LAYER = """
import numpy as np

class FullyConnected:
    def __init__(self, W, b, factor=1.0):
        self.W, self.b, self.factor = W, b, factor

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.factor * self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T

class Gate:
    def forward(self, x):
        self.kept = x > 0
        return np.where(self.kept, x, 0)

    def backward(self, dout):
        return dout * self.kept

class Raises(Gate):
    def backward(self, dout):
        return dout @ np.ones(99)
"""
RIGHT = ["--with", "W=5x3", "--with", "b=3", "--input", "4x5"]


@pytest.fixture
def check(tmp_path):
    (tmp_path / "layer.py").write_text(LAYER, encoding="utf-8")
    (tmp_path / "broken.py").write_text("x = 1\nx / 0\n", encoding="utf-8")
    (tmp_path / "unread.py").write_text("x = 1\n\ndef f(:\n", encoding="utf-8")

    def run(*arguments, lang="en"):
        return subprocess.run(
            [sys.executable, "-m", "handgrad", "check", *map(str, arguments), "--lang", lang],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
            encoding="utf-8",
            timeout=300,
        )

    return run


def test_right_and_wrong_by_exit_status(check):
    right = check("layer.py:FullyConnected", *RIGHT, "--seed", 3)
    assert (right.returncode, right.stderr) == (0, "")
    assert right.stdout.startswith("✓ FullyConnected: right")
    wrong = check("layer.py:FullyConnected", *RIGHT, "--with", "factor:=2", "--seed", 3)
    assert wrong.returncode == 1
    assert "dW" in wrong.stdout.splitlines()[0]
    chinese = check("layer.py:FullyConnected", *RIGHT, "--with", "factor:=2", lang="zh")
    assert "错误" in chinese.stdout


def test_json_repeats_with_its_seed(check):
    arguments = ["layer.py:Gate", "--input", "x=4x5", "--json", "--seed", 8]
    one, two = (json.loads(check(*arguments).stdout) for _ in range(2))
    assert one == two
    assert (one["subject"], one["verdict"], one["seed"]) == ("Gate", "right", 8)


def test_a_page_is_written(check, tmp_path):
    result = check("layer.py:Gate", "--input", "4x5", "--html", "report.html")
    assert result.returncode == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "handgrad-report" in page


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["layer.py"], "layer.py:FullyConnected"),
        (["none.py:Gate"], "none.py"),
        (["layer.py:Gat", "--input", "4x5"], "FullyConnected, Gate, Raises"),
        (["layer.py:Gate", "--input", "4by5"], "4by5"),
        (["layer.py:FullyConnected", "--input", "4x5"], "--with W=5x3"),
        (["layer.py:FullyConnected", "--with", "5x3", "--input", "4x5"], "W=5x3"),
        (["broken.py:x"], "broken.py:2 raises ZeroDivisionError"),
        (["unread.py:f"], "unread.py:3 raises SyntaxError"),
        (["layer.py:Gate", "--input", "4x5", "--dtype", "bfloat16"], "bfloat16"),
    ],
)
def test_bad_usage_exits_2_and_says_what_to_try(check, arguments, word):
    result = check(*arguments)
    assert result.returncode == 2
    assert word in result.stderr
    assert "Traceback" not in result.stderr


def test_code_that_raises_is_not_our_fault(check):
    result = check("layer.py:Raises", "--input", "4x5")
    assert result.returncode == 1
    assert "np.ones(99)" in result.stderr + result.stdout
    assert "Inputs: array (4, 5) of float64" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(find_spec("torch") is None, reason="torch is an extra")
def test_a_function_of_torch(check, tmp_path):
    (tmp_path / "clamp.py").write_text(
        "import torch\n"
        "class Clamp(torch.autograd.Function):\n"
        "    @staticmethod\n"
        "    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n"
        "        return x.clamp(min=0)\n"
        "    @staticmethod\n"
        "    def backward(ctx, dout):\n"
        "        dout[ctx.saved_tensors[0] <= 0] = 0\n"
        "        return dout\n",
        encoding="utf-8",
    )
    result = check("clamp.py:Clamp", "--input", "4x5")
    assert result.returncode == 1
    assert "clamp.py:9: dout[ctx.saved_tensors[0] <= 0] = 0" in result.stdout
    assert "Warning" not in result.stderr
    module = check("clamp.py:torch", "--input", "4x5")
    assert module.returncode == 2


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_a_plain_function_is_called_with_what_its_file_computes_with(check, tmp_path, library):
    pytest.importorskip(library)
    lines = {"torch": "import torch\n", "jax": "import jax.numpy as jnp\n"}
    (tmp_path / "plain.py").write_text(
        f"{lines[library]}def product(x, W): return x @ W\n", encoding="utf-8"
    )
    result = check("plain.py:product", "--input", "4x5", "--input", "5x3")
    # The library may warn of the machine (JAX does where there are no file locks).
    assert result.returncode == 0 and "Traceback" not in result.stderr, result.stderr
    assert ("W.grad" if library == "torch" else "dW") in result.stdout


def test_messages_in_both_languages(tmp_path):
    with raises(UsageError, "4y5"):
        parse_shape("4y5")
    with raises(UsageError, "nothing.py"):
        load_target(f"{tmp_path}/nothing.py:A")
    assert library_of(3) == "numpy"
