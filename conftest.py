"""For tests and doctests: which of them are collected, and how several processes share them."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest

# Doctests of a module that needs an extra are collected where the extra is installed.
EXTRAS = {
    "torch": "gradcheck/adapters/torch_*.py",
    "jax": "gradcheck/adapters/jax_*.py",
    "sklearn": "training/estimators.py",
}

collect_ignore_glob = [
    f"src/handgrad/{files}" for library, files in EXTRAS.items() if find_spec(library) is None
]


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """With `-n`, a file's tests stay in one process, and each process computes on one thread.

    A file's tests share its fixtures. OpenBLAS's threads would wait for a processor that another process
    has; the engine's own threads are tested with the numbers that their tests name.
    """
    if getattr(config.option, "numprocesses", None):
        if config.option.dist == "no":
            config.option.dist = "loadfile"
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
