"""Doctests of an adapter are collected where its library is installed."""

from __future__ import annotations

from importlib.util import find_spec

EXTRAS = {"torch": "torch_*.py", "jax": "jax_*.py"}

collect_ignore_glob = [
    f"src/handgrad/checking/adapters/{files}"
    for library, files in EXTRAS.items()
    if find_spec(library) is None
]
