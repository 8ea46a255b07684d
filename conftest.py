"""Doctests of a module that needs an extra are collected where the extra is installed."""

from __future__ import annotations

from importlib.util import find_spec

EXTRAS = {
    "torch": "gradcheck/adapters/torch_*.py",
    "jax": "gradcheck/adapters/jax_*.py",
    "sklearn": "training/estimators.py",
}

collect_ignore_glob = [
    f"src/handgrad/{files}" for library, files in EXTRAS.items() if find_spec(library) is None
]
