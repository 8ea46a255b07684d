"""The measuring programs start: two of a name, or a peer's changed interface, would go unseen."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"


def run(*arguments):
    ran = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=BENCH,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("name", ["training", "layers", "results"])
def test_it_says_how_it_is_used(name):
    assert "usage" in run(f"{name}.py", "--help")


MODULES = {
    "naive NumPy": "numpy",
    "PyTorch eager": "torch",
    "JAX jit": "jax",
    "scikit-learn": "sklearn",
}


@pytest.mark.parametrize("peer", MODULES)
def test_every_peer_of_a_training_step_takes_steps(peer):
    program = f"""
import training_peers as peers
module, make = peers.PEERS[{peer!r}]
for row in peers.ROWS[:3]:
    step = make(row)
    step(), step()
"""
    if importlib.util.find_spec(MODULES[peer]) is None:
        pytest.skip(f"{MODULES[peer]} is not installed")
    run("-c", program)


def test_results_of_the_digits_reach_their_target():
    told = run("results.py", "digits", "--peers", "handgrad", "--threads", 1)
    mean = next(line for line in told.splitlines() if "mean of the folds" in line)
    assert float(mean.split("folds ")[1].split("%")[0]) >= 97.0
