"""All the bugs, in order, as far as what they are rebuilt in is installed."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

from bugs.bug import Bug

PLACES = ("numpy", "torch", "jax")


def bugs() -> dict[str, Bug]:
    """Name -> bug. The name is the file's."""
    found = {}
    for place in PLACES:
        if importlib.util.find_spec(place) is None:
            continue
        for file in sorted((Path(__file__).parent / f"for_{place}").glob("*.py")):
            module = importlib.import_module(f"bugs.for_{place}.{file.stem}")
            if hasattr(module, "BUG"):
                found[file.stem.replace("_", "-")] = module.BUG
    return found
